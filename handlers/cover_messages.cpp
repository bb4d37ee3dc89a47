#include "handlers/cover_messages.hpp"

#include "handlers/climb.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// To the newest state, also of one that is under way.
void say_request(Transaction& tx, const storage::CoverMessage& message, TimePoint now)
{
    const bool to_all = message.audience == CoverAudience::channel;
    storage::Outbox{tx}.add(message.key, "cover", to_all ? storage::Priority::card : storage::Priority::answer, message.place,
        message.request, std::string{name(message.audience)} + "\n" + message.place, now);
}

/// `when` tells reminders apart.
void post(Transaction& tx, const CoverRequest& request, CoverAudience audience, const std::string& place, const std::string& when,
    TimePoint now)
{
    const storage::CoverMessage message{"cover:" + std::to_string(request.id) + ":" + std::string{name(audience)} + ":"
            + (when.empty() ? "" : when + ":") + place,
        request.id, audience, place, "", ""};
    if (storage::CoverMessages{tx}.add(message))
        say_request(tx, message, now);
}

std::set<std::string> channels_asked(const Context& app, const std::string& schedule)
{
    const auto configuration = app.configuration();
    std::set<std::string> channels;
    for (const auto& team : teams_of(*configuration, schedule))
        if (const auto& channel = configuration->teams.at(team).channel; !channel.empty())
            channels.insert(channel);
    if (channels.empty() && !app.fallback_channel.empty())
        channels.insert(app.fallback_channel);
    return channels;
}

/// Those who can take it, as far as Slack has told.
std::vector<std::string> members(Transaction& tx, const CoverRequest& request, const OverrideDesk& desk)
{
    auto all = others_of(desk.schedule, desk.known, request.requester);
    std::erase_if(all, [&](const std::string& id) {
        const auto known = storage::People{tx}.find(id);
        return known && !known->kind.empty() && known->kind != "member";
    });
    if (all.size() > most_asked)
        all.resize(most_asked);
    return all;
}

std::string moment(TimePoint now) { return std::to_string(now.time_since_epoch().count() / 60'000); }

} // namespace

void announce(Transaction& tx, const Context& app, const CoverRequest& request, const OverrideDesk& desk, TimePoint now)
{
    if (request.kind == RequestKind::cover) {
        for (const auto& channel : channels_asked(app, request.schedule))
            post(tx, request, CoverAudience::channel, channel, "", now);
        for (const auto& id : members(tx, request, desk))
            post(tx, request, CoverAudience::member, id, "", now);
    } else {
        post(tx, request, CoverAudience::asked, request.other, "", now);
    }
    post(tx, request, CoverAudience::requester, request.requester, "", now);
}

void ask_again(
    Transaction& tx, const Context&, const CoverRequest& request, const OverrideDesk& desk, CoverAudience audience, TimePoint now)
{
    for (const auto& id : members(tx, request, desk))
        post(tx, request, audience, id, moment(now), now);
}

void last_call(Transaction& tx, const Context& app, const CoverRequest& request, const OverrideDesk& desk, TimePoint now)
{
    auto asked = members(tx, request, desk);
    asked.push_back(request.requester);
    auto whom = next_levels(*app.configuration(), request.schedule, desk.known,
        request.left.empty() ? now : std::max(now, request.left.front().from), asked);
    if (whom.empty())
        for (const auto& admin : app.admins)
            if (const auto id = known_as(tx, admin);
                id.find('@') == id.npos && std::find(asked.begin(), asked.end(), id) == asked.end())
                whom.push_back(id);
    for (const auto& id : whom)
        post(tx, request, CoverAudience::last_call, id, moment(now), now);
    if (whom.empty() && !app.fallback_channel.empty())
        storage::Outbox{tx}.add("cover_line:" + std::to_string(request.id) + ":last call", "override_line",
            storage::Priority::answer, app.fallback_channel, 0,
            app.fallback_channel + "\nLast call: nobody has taken a time on call that <@" + request.requester + "> cannot do, "
                + (request.left.empty() ? std::string{} : written(request.left.front())) + ", schedule " + request.schedule
                + ". `/oncall override` puts somebody on call.",
            now);
}

void follow(Transaction& tx, const CoverRequest& request, TimePoint now)
{
    for (const auto& message : storage::CoverMessages{tx}.of(request.id))
        say_request(tx, message, now);
}

void tell_channels(Transaction& tx, const Context& app, const CoverRequest& request, const std::string& what,
    const std::string& words, TimePoint now)
{
    for (const auto& channel : channels_asked(app, request.schedule))
        storage::Outbox{tx}.add("cover_line:" + std::to_string(request.id) + ":" + what + ":" + channel, "override_line",
            storage::Priority::furniture, channel, 0, channel + "\n" + words, now);
}

} // namespace handlers
