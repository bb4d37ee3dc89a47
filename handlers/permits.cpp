#include "handlers/permits.hpp"

#include "oncall/words.hpp"
#include "storage/repositories.hpp"

namespace handlers {

oncall::Asker asker_of(storage::Transaction& tx, const Asked& asked)
{
    oncall::Asker asker;
    asker.id = asked.actor;
    if (const auto person = storage::People{tx}.find(asked.actor)) {
        asker.email = person->email;
        asker.kind = person->kind;
    }
    asker.stranger = oncall::is_elsewhere(asker.kind, asked.actor_team, asked.home_team);
    return asker;
}

void permit_deed(storage::Transaction& tx, oncall::Deed deed, const Asked& asked)
{
    const auto asker = asker_of(tx, asked);
    oncall::permit(deed, asker.kind, asker.stranger);
}

void permit_to_come_in(oncall::Deed deed, const slack::Actor& actor, const Context& app)
{
    const auto kind = app.kind_of ? app.kind_of(actor.user) : std::string{};
    const bool elsewhere = oncall::is_elsewhere(kind, actor.team, app.home_team);
    if (elsewhere || kind == "bot" || kind == "gone")
        oncall::permit(deed, kind, elsewhere);
}

std::string cannot_answer(storage::Transaction& tx, const std::string& user)
{
    const auto known = storage::People{tx}.find(user);
    const std::string kind{known ? known->kind : ""};
    const auto who = oncall::mention(known && !known->user_id.empty() ? known->user_id : user);
    return kind == "bot"     ? who + " is an app and cannot answer a page."
        : kind == "gone"     ? who + " is deactivated in Slack and cannot answer a page."
        : kind == "stranger" ? who + " is of another workspace and cannot answer a page."
                             : "";
}

} // namespace handlers
