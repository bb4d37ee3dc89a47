#include "handlers/invited.hpp"

#include "storage/troubles.hpp"

namespace handlers {

using slack::Json;

bool is_invitation(const slack::Event& event, const Context& app)
{
    if (event.type != "member_joined_channel")
        return false;
    const auto who = slack::text_at(event.event, {"user"});
    // Until Slack has said who we are it may be us; to try again in vain does no harm.
    return who == app.bot_user || app.bot_user.empty();
}

Answer invited(slack::Event, Context& app)
{
    // Slack tells the channel's id, and the configuration names it: all that wait are tried, and they are few.
    const auto now = app.clock.now();
    auto work = [&](storage::Transaction& tx) { storage::Troubles{tx}.look_again("channel", now); };
    co_await app.database.transaction(work);
    // Topics too.
    if (app.configured)
        app.configured();
    co_return Json{};
}

} // namespace handlers
