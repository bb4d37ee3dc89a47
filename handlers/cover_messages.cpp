#include "handlers/cover_messages.hpp"

#include "handlers/climb.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// To the newest state, also of one that is under way.
void say_request(Transaction& tx, const storage::CoverMessage& message, storage::Priority priority, TimePoint now)
{
    storage::Outbox{tx}.add(message.key, "cover", priority, message.place, message.request,
        std::string{name(message.audience)} + "\n" + message.place, now);
}

/// `when` tells reminders apart.
void post(Transaction& tx, const CoverRequest& request, CoverAudience audience, const std::string& place, const std::string& when,
    TimePoint now)
{
    const storage::CoverMessage message{"cover:" + std::to_string(request.id) + ":" + std::string{name(audience)} + ":"
            + (when.empty() ? "" : when + ":") + place,
        request.id, audience, place, "", ""};
    const auto priority = audience == CoverAudience::channel ? storage::Priority::card : storage::Priority::answer;
    if (storage::CoverMessages{tx}.add(message))
        say_request(tx, message, priority, now);
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

/// Those who may take it, as far as Slack has told.
void keep_takers(Transaction& tx, std::vector<std::string>& people)
{
    std::erase_if(people, [&](const std::string& id) {
        const auto known = storage::People{tx}.find(id);
        return known && !known->kind.empty() && known->kind != "member";
    });
    if (people.size() > most_asked)
        people.resize(most_asked);
}

/// Those of the schedule who can take some of it: who is on call in all of it cannot.
std::vector<std::string> members(Transaction& tx, const CoverRequest& request, const OverrideDesk& desk)
{
    auto all = others_of(desk.schedule, desk.known, request.requester);
    std::set<std::string> on_call;
    for (const auto& span : request.left)
        for (auto& person : on_call_between(desk.schedule, desk.known, span.from, span.to))
            on_call.insert(std::move(person));
    std::erase_if(all, [&](const std::string& id) {
        return on_call.contains(id) && std::all_of(request.left.begin(), request.left.end(), [&](const Span& span) {
            return on_call_spans(desk.schedule, desk.known, id, span) == std::vector{span};
        });
    });
    keep_takers(tx, all);
    return all;
}

bool is_of_many(CoverAudience audience)
{
    return audience == CoverAudience::member || audience == CoverAudience::reminder || audience == CoverAudience::last_call;
}

constexpr std::size_t most_last_calls = 6 * most_asked;

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
    const auto all = storage::CoverMessages{tx}.of(request.id);
    for (const auto& id : members(tx, request, desk)) {
        const auto times =
            std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.audience == audience && one.place == id; });
        if (static_cast<std::size_t>(times) < most_reminders)
            post(tx, request, audience, id, moment(now), now);
    }
}

void last_call(Transaction& tx, const Context& app, const CoverRequest& request, const OverrideDesk& desk, TimePoint now)
{
    auto asked = members(tx, request, desk);
    asked.push_back(request.requester);
    auto whom = next_levels(*app.configuration(), request.schedule, desk.known,
        request.left.empty() ? now : std::max(now, request.left.front().from), asked);
    keep_takers(tx, whom); // of a level whose people have left the admins are called
    if (whom.empty())
        for (const auto& admin : app.admins)
            if (const auto id = known_as(tx, admin);
                id.find('@') == id.npos && std::find(asked.begin(), asked.end(), id) == asked.end())
                whom.push_back(id);
    keep_takers(tx, whom);
    const auto all = storage::CoverMessages{tx}.of(request.id);
    const auto calls =
        std::count_if(all.begin(), all.end(), [](const auto& one) { return one.audience == CoverAudience::last_call; });
    if (static_cast<std::size_t>(calls) < most_last_calls)
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
    // What is older asks for the same, and its buttons say how it stands.
    const auto all = storage::CoverMessages{tx}.of(request.id);
    std::map<std::string, std::string> newest;
    for (const auto& message : all)
        newest[message.place] = message.key;
    for (const auto& message : all)
        if (!is_open(request) || newest[message.place] == message.key)
            say_request(tx, message, is_of_many(message.audience) ? storage::Priority::furniture : storage::Priority::card, now);
}

void tell_channels(Transaction& tx, const Context& app, const CoverRequest& request, const std::string& what,
    const std::string& words, TimePoint now)
{
    for (const auto& channel : channels_asked(app, request.schedule))
        storage::Outbox{tx}.add("cover_line:" + std::to_string(request.id) + ":" + what + ":" + channel, "override_line",
            storage::Priority::furniture, channel, 0, channel + "\n" + words, now);
}

} // namespace handlers
