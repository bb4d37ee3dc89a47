#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

std::vector<Follower> Followers::all() const
{
    std::vector<Follower> found;
    for (Query row{tx, "SELECT kind, name, slack_id, holds, set_at, trouble, said_at FROM followers ORDER BY kind, name"};
         row.step();) {
        Follower one;
        one.kind = row.text();
        one.name = row.text();
        one.slack_id = row.text();
        one.holds = row.text();
        one.set_at = row.time();
        one.trouble = row.text();
        one.said_at = row.time();
        found.push_back(std::move(one));
    }
    return found;
}

void Followers::save(const Follower& one) const
{
    run(tx,
        "INSERT INTO followers (kind, name, slack_id, holds, set_at, trouble, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON "
        "CONFLICT (kind, name) DO UPDATE SET slack_id = excluded.slack_id, holds = excluded.holds, set_at = excluded.set_at, "
        "trouble = excluded.trouble, said_at = excluded.said_at",
        one.kind, one.name, one.slack_id, one.holds, one.set_at, one.trouble, one.said_at);
}

void Followers::remove(const std::string& kind, const std::string& name) const
{
    run(tx, "DELETE FROM followers WHERE kind = $1 AND name = $2", kind, name);
}

} // namespace storage
