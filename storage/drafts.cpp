#include "storage/drafts.hpp"

#include "storage/sql.hpp"

namespace storage {

void Drafts::add(const Draft& draft) const
{
    run(tx, "INSERT INTO drafts (id, actor, edits, at) VALUES ($1, $2, $3, $4)", draft.id, draft.actor, draft.edits, draft.at);
}

std::optional<Draft> Drafts::find(const std::string& id) const
{
    Query row{tx, "SELECT id, actor, edits, at FROM drafts WHERE id = $1", id};
    if (!row.step())
        return std::nullopt;
    Draft draft;
    draft.id = row.text();
    draft.actor = row.text();
    draft.edits = row.text();
    draft.at = row.time();
    return draft;
}

void Drafts::forget(const std::string& id) const { run(tx, "DELETE FROM drafts WHERE id = $1", id); }

void Drafts::forget_before(TimePoint when) const { run(tx, "DELETE FROM drafts WHERE at < $1", when); }

} // namespace storage
