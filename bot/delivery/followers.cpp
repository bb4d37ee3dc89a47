#include "delivery/followers.hpp"

#include "delivery/follower_words.hpp"
#include "delivery/passing.hpp"
#include "delivery/topic.hpp"
#include "slack/errors.hpp"
#include "slack/user.hpp"

#include <algorithm>
#include <array>

namespace delivery {

using namespace std::chrono_literals;
using slack::Json;

namespace {

constexpr auto look_every = 10min; // for what was changed by hand
constexpr auto search = 10s; // until it is looked again for somebody Slack is asked about
constexpr auto patience = 10min; // while it cannot be asked
constexpr milliseconds first_rest = 30s, longest_rest = 5min;
constexpr std::size_t most_said = 10; // at a time; the rest are counted
constexpr std::string_view no_room_now{"no room in the budget"};

/// The same set gives the same text.
std::string set_out(std::vector<std::string> ids)
{
    std::sort(ids.begin(), ids.end());
    std::string text;
    for (const auto& id : ids)
        text += (text.empty() ? "" : ",") + id;
    return text;
}

std::vector<std::string> texts_in(const Json& list)
{
    std::vector<std::string> found;
    if (list.is_array())
        for (const auto& one : list)
            if (one.is_string())
                found.push_back(one.get<std::string>());
    return found;
}

bool same_handle(std::string_view one, std::string_view other)
{
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool is_disabled(const Json& group)
{
    const auto& deleted = slack::at(group, {"date_delete"});
    return deleted.is_number() && deleted != 0;
}

/// Slack's words differ by page: one of the list cannot be in a group.
bool is_about_people(const std::string& code)
{
    constexpr std::array<std::string_view, 8> codes{"invalid_users", "invalid_user", "failed_for_some_users", "user_not_found",
        "users_not_found", "user_is_restricted", "single_channel_guests_cannot_be_added", "user_is_bot"};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool follows_anything(const oncall::Configuration& configuration)
{
    return std::any_of(configuration.teams.begin(), configuration.teams.end(), [](const auto& entry) {
        const auto& team = entry.second;
        return !team.user_group.empty() || (team.topic && !team.channel.empty());
    });
}

/// What the search for a follower rests by.
std::pair<std::string, std::string> search_for(const storage::Follower& row) { return {"find " + row.kind, row.name}; }

std::string lane_of(const storage::Follower& row) { return row.kind + ":" + row.name; }

oncall::SlackIds ids_of(const std::map<std::pair<std::string, std::string>, storage::Follower>& rows, std::string_view kind)
{
    oncall::SlackIds ids;
    for (const auto& [key, row] : rows)
        if (row.kind == kind)
            ids.emplace(row.name, row.slack_id);
    return ids;
}

std::string sentence(const std::string& one, const std::string& other)
{
    return one + (one.empty() || other.empty() ? "" : " ") + other;
}

} // namespace

Followers::Followers(Doors doors, const oncall::InForce& in_force, std::string fallback_channel)
    : doors_{doors}
    , in_force_{in_force}
    , fallback_channel_{std::move(fallback_channel)}
    , wake_{doors.tasks.loop()}
{
}

void Followers::look_again()
{
    rests_.clear();
    wake_.ring();
}

asio::awaitable<void> Followers::run()
{
    while (true) {
        const auto when = co_await pass();
        co_await wake_.sleep(doors_.clock, when);
    }
}

/// Looks at all that follows; returns when to look again.
asio::awaitable<TimePoint> Followers::pass()
{
    if (idle_ && !follows_anything(*in_force_.get()))
        co_return TimePoint::max();
    budget_.tidy(doors_.clock.now());
    auto round = co_await begin();
    co_await find_groups(round);
    co_await find_channels(round);
    co_await follow_groups(round);
    co_await follow_topics(round);
    for (const auto& [key, row] : round.stored)
        if (!round.teams.contains(key))
            co_await let_go(round, row);
    co_await conclude(round);
    co_return round.again;
}

asio::awaitable<Followers::Round> Followers::begin()
{
    Round round;
    round.configuration = in_force_.get();
    auto load = [](storage::Transaction& tx) { return std::pair{storage::People{tx}.all(), storage::Followers{tx}.all()}; };
    const auto loaded = co_await doors_.database.read(load);
    for (const auto& person : loaded.first) {
        round.people[person.reference] = {person.user_id, person.name, person.kind};
        round.names.emplace(person.user_id, person.name);
    }
    std::erase_if(unknown_since_, [&](const auto& entry) {
        const auto known = round.people.find(entry.first);
        return doors_.is_nobody(entry.first) || (known != round.people.end() && !known->second.user_id.empty());
    });
    for (const auto& row : loaded.second)
        if (row.kind == "group" && row.name.starts_with('@') && !row.slack_id.empty())
            round.names.emplace("subteam^" + row.slack_id, row.name.substr(1));
    for (const auto& row : loaded.second)
        round.stored[{row.kind, row.name}] = row;
    round.rows = round.stored;
    for (const auto& [name, team] : round.configuration->teams) {
        if (!team.user_group.empty())
            round.teams[{"group", team.user_group}].push_back(name);
        if (team.topic && !team.channel.empty())
            round.teams[{"topic", team.channel}].push_back(name);
    }
    for (const auto& [key, teams] : round.teams) {
        storage::Follower fresh;
        fresh.kind = key.first;
        fresh.name = key.second;
        round.rows.try_emplace(key, std::move(fresh));
    }
    idle_ = round.rows.empty();
    co_return round;
}

/// Handles are sought again with each look: one may have been given to another group.
asio::awaitable<void> Followers::find_groups(Round& round)
{
    const auto now = doors_.clock.now();
    bool look = false;
    std::vector<storage::Follower*> sought, found;
    for (auto& [key, row] : round.rows) {
        if (row.kind != "group" || !round.teams.contains(key))
            continue;
        if (!row.slack_id.empty()) {
            found.push_back(&row);
            look = look || (row.name.starts_with('@') && now >= groups_listed_at_ + look_every);
        } else if (may_try(round, search_for(row), ""))
            sought.push_back(&row);
    }
    if (sought.empty() && !look)
        co_return;
    groups_listed_at_ = now;
    std::optional<slack::Error> failure;
    Json listed;
    try {
        Json arguments;
        arguments["include_disabled"] = true;
        listed = co_await call("groups", "usergroups.list", std::move(arguments));
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (failure && failure->error_class() == slack::ErrorClass::slow_down)
        slow_down(round, *failure);
    for (auto* row : sought)
        if (failure)
            failed(round, search_for(*row), *row, *failure);
        else
            find_group(round, *row, slack::at(listed, {"usergroups"}));
    if (!failure)
        for (auto* row : found)
            find_group(round, *row, slack::at(listed, {"usergroups"}));
}

/// Finds one in the list. What had a group keeps it until another one has its handle.
void Followers::find_group(Round& round, storage::Follower& row, const Json& groups)
{
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const Json& group) {
        return row.name.starts_with('@') ? same_handle(slack::text_at(group, {"handle"}), row.name.substr(1))
                                         : slack::text_at(group, {"id"}) == row.name;
    });
    if (found != groups.end() && !is_disabled(*found)) {
        const auto id = slack::text_at(*found, {"id"});
        if (row.slack_id != id)
            row.holds.clear();
        row.slack_id = id;
        rests_.erase(search_for(row));
        return;
    }
    if (!row.slack_id.empty())
        return;
    const Key key{row.kind, row.name};
    round.verdicts[key].trouble =
        found == groups.end() ? words::not_there(row, round.teams[key], doors_.called()) : words::disabled(row);
    rest(round, search_for(row));
}

asio::awaitable<void> Followers::find_channels(Round& round)
{
    for (auto& [key, row] : round.rows) {
        if (row.kind != "topic" || !row.slack_id.empty() || !round.teams.contains(key))
            continue;
        if (!row.name.starts_with('#')) {
            row.slack_id = row.name;
            continue;
        }
        if (!may_try(round, search_for(row), ""))
            continue;
        std::optional<slack::Error> failure;
        try {
            row.slack_id = co_await doors_.channels.id_of(row.name);
        } catch (const slack::Error& error) {
            failure.emplace(error);
        }
        if (failure) {
            failed(round, search_for(row), row, *failure);
            if (failure->error_class() == slack::ErrorClass::slow_down)
                rest(round, search_for(row));
        } else if (row.slack_id.empty()) {
            round.verdicts[key].trouble = words::not_there(row, round.teams[key], doors_.called());
            rest(round, search_for(row));
        }
    }
}

asio::awaitable<void> Followers::follow_groups(Round& round)
{
    const auto ids = ids_of(round.rows, "group");
    const auto wishes = oncall::group_wishes(*round.configuration, round.people, ids, doors_.clock.now());
    for (const auto& wish : wishes) {
        round.due(wish.until.value_or(TimePoint::max()));
        auto& row = round.rows.at({"group", wish.group});
        if (!row.slack_id.empty())
            co_await follow_group(round, wish, row);
    }
}

asio::awaitable<void> Followers::follow_topics(Round& round)
{
    const auto ids = ids_of(round.rows, "topic");
    const auto wishes = oncall::topic_wishes(*round.configuration, round.people, ids, doors_.clock.now());
    for (const auto& wish : wishes) {
        round.due(wish.until.value_or(TimePoint::max()));
        auto& row = round.rows.at({"topic", wish.channel});
        if (!row.slack_id.empty())
            co_await follow_topic(round, wish, row);
    }
}

asio::awaitable<void> Followers::follow_group(Round& round, oncall::GroupWish wish, storage::Follower& row)
{
    const Key key{row.kind, row.name};
    const auto vain = looked_for_in_vain(round, wish.unknown);
    if (!vain)
        co_return;
    if (!vain->not_told.empty()) {
        round.verdicts[key].trouble = words::not_told(wish, vain->not_told);
        co_return;
    }
    auto missing = words::left_out(wish);
    std::vector<std::string> left_out;
    for (const auto& one : wish.left_out)
        left_out.push_back(round.people[one.person].user_id);
    const auto wanted = set_out(wish.members);
    const auto now = doors_.clock.now();
    const bool look = now >= looked_at_[key] + look_every;
    // Whoever was left out may have become a member meanwhile.
    auto& asked_at = looked_at_[search_for(row)];
    if (now >= asked_at + look_every && !left_out.empty()) {
        asked_at = now;
        const bool news = co_await know_better(round, left_out);
        if (news)
            round.due(now);
    }
    if (wish.members.empty()) {
        round.verdicts[key].trouble = sentence(missing, words::nobody(wish));
        round.due(now + look_every);
        co_return;
    }
    std::string names;
    for (const auto& id : wish.members)
        names += (names.empty() ? "" : ", ") + round.names[id];
    if (row.holds == wanted && !look) {
        round.verdicts[key] = {std::move(missing), names + "."};
        round.due(looked_at_[key] + look_every);
        co_return;
    }
    if (!may_try(round, key, wanted))
        co_return;
    std::optional<slack::Error> failure;
    try {
        bool right = row.holds == wanted;
        if (right)
            right = co_await holds(row, wanted);
        if (!right)
            co_await set_group(row, wanted);
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (!failure) {
        looked_at_[key] = now;
        rests_.erase(key);
        round.verdicts[key] = {std::move(missing), names + "."};
        round.due(now + look_every);
        co_return;
    }
    bool better = false;
    if (is_about_people(failure->code()))
        better = co_await know_better(round, wish.members);
    if (better) {
        round.due(now);
        co_return;
    }
    // Deleted, or disabled: the list tells.
    if (failure->code() == "no_such_subteam") {
        row.slack_id.clear();
        round.due(now);
        if (rests_[key].failures == 0) {
            rest(round, key);
            co_return;
        }
    }
    failed(round, key, row, *failure);
}

/// Whether the group has these members still.
asio::awaitable<bool> Followers::holds(storage::Follower row, std::string wanted)
{
    Json arguments;
    arguments["usergroup"] = row.slack_id;
    const auto listed = co_await call(lane_of(row), "usergroups.users.list", std::move(arguments));
    const auto found = set_out(texts_in(slack::at(listed, {"users"})));
    if (found != wanted)
        doors_.log.info("a user group was changed by hand", {{"group", row.name}, {"to", found}});
    co_return found == wanted;
}

asio::awaitable<void> Followers::set_group(storage::Follower& row, std::string wanted)
{
    const std::string method = "usergroups.users.update";
    need_room(lane_of(row), method);
    // Until Slack has answered, nobody knows: if this process dies now, the next one sets it once more.
    row.holds.clear();
    co_await save(row);
    Json arguments;
    arguments["usergroup"] = row.slack_id;
    arguments["users"] = wanted;
    co_await call(lane_of(row), method, std::move(arguments));
    row.holds = wanted;
    row.set_at = doors_.clock.now();
    co_await save(row);
    doors_.log.info("a user group follows who is on call", {{"group", row.name}, {"people", wanted}});
}

asio::awaitable<void> Followers::follow_topic(Round& round, oncall::TopicWish wish, storage::Follower& row)
{
    const Key key{row.kind, row.name};
    if (!looked_for_in_vain(round, wish.unknown))
        co_return;
    const auto wanted = wish.texts.front();
    const auto now = doors_.clock.now();
    const auto look_at = looked_at_[key] + look_every;
    if (row.holds == wanted && now < look_at) {
        round.verdicts[key] = {"", wanted};
        round.due(look_at);
        co_return;
    }
    if (!may_try(round, key, wanted))
        co_return;
    std::optional<slack::Error> failure;
    std::string trouble;
    try {
        trouble = co_await set_topic(round, row, wish.texts);
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (failure) {
        // Deleted, or shared under another id: the name is sought again.
        if (failure->code() == "channel_not_found" && row.name.starts_with('#')) {
            doors_.channels.forget(row.name);
            row.slack_id.clear();
            row.holds.clear();
            if (rests_[key].failures == 0) {
                rest(round, key);
                round.due(now);
                co_return;
            }
        }
        failed(round, key, row, *failure);
        co_return;
    }
    round.verdicts[key] = {trouble, wanted};
    if (!trouble.empty()) {
        rest(round, key);
        co_return;
    }
    looked_at_[key] = now;
    rests_.erase(key);
    round.due(now + look_every);
}

/// Returns why it cannot be done; empty: it is done.
asio::awaitable<std::string> Followers::set_topic(Round& round, storage::Follower& row, std::vector<std::string> texts)
{
    const auto typed = co_await read_topic(round, row);
    if (!typed)
        co_return words::unreadable(row);
    const auto whole = topic_with(*typed, texts);
    if (!whole)
        co_return words::no_room(row);
    if (*whole != *typed) {
        need_room(lane_of(row), "conversations.setTopic");
        row.holds.clear();
        row.set_at = doors_.clock.now();
        co_await save(row);
        co_await write_topic(row, *whole);
        doors_.log.info("a topic follows who is on call", {{"channel", row.name}, {"topic", texts.front()}});
    }
    if (row.holds != texts.front()) {
        row.holds = texts.front();
        co_await save(row);
    }
    co_return std::string{};
}

asio::awaitable<std::optional<std::string>> Followers::read_topic(Round& round, storage::Follower row)
{
    Json arguments;
    arguments["channel"] = row.slack_id;
    const auto answer = co_await call(lane_of(row), "conversations.info", std::move(arguments));
    const auto shown = slack::text_at(answer, {"channel", "topic", "value"});
    for (const auto& user : mentioned_in(shown)) {
        if (round.names.contains(user))
            continue;
        try {
            Json who;
            who["user"] = user;
            const auto told = co_await call(lane_of(row), "users.info", std::move(who));
            round.names[user] = slack::name_in(slack::at(told, {"user"}));
        } catch (const slack::Error& error) {
            if (error.error_class() != slack::ErrorClass::refused)
                throw;
        }
    }
    co_return topic_as_typed(shown, round.names);
}

asio::awaitable<void> Followers::write_topic(storage::Follower row, std::string topic)
{
    Json arguments;
    arguments["channel"] = row.slack_id;
    arguments["topic"] = topic;
    co_await call(lane_of(row), "conversations.setTopic", std::move(arguments));
}

/// Asks Slack what these users are. True when that is not what was known.
asio::awaitable<bool> Followers::know_better(Round& round, std::vector<std::string> users)
{
    bool better = false;
    if (doors_.home_team().empty())
        co_return better;
    for (const auto& user : users) {
        std::optional<slack::Error> failure;
        std::string kind{"gone"};
        auto lane = "user:" + user;
        try {
            Json arguments;
            arguments["user"] = user;
            const auto answer = co_await call(std::move(lane), "users.info", std::move(arguments));
            kind = slack::kind_in(slack::at(answer, {"user"}), doors_.home_team());
        } catch (const slack::Error& error) {
            failure.emplace(error);
        }
        if (failure && failure->error_class() == slack::ErrorClass::slow_down)
            slow_down(round, *failure);
        if (failure && failure->code() != "user_not_found")
            continue;
        const bool news = std::any_of(round.people.begin(), round.people.end(),
            [&](const auto& entry) { return entry.second.user_id == user && entry.second.kind != kind; });
        if (!news)
            continue;
        auto work = [&](storage::Transaction& tx) { storage::People{tx}.became(user, kind); };
        co_await doors_.database.transaction(work);
        better = true;
    }
    co_return better;
}

/// Nothing follows here any more. A group keeps its members; a topic must not go on saying who was on call.
asio::awaitable<void> Followers::let_go(Round& round, storage::Follower row)
{
    const Key key{row.kind, row.name};
    const bool other = std::any_of(round.teams.begin(), round.teams.end(),
        [&](const auto& entry) { return entry.first.first == row.kind && round.rows[entry.first].slack_id == row.slack_id; });
    if (row.kind == "topic" && row.set_at != TimePoint{} && !other) {
        if (!may_try(round, key, ""))
            co_return;
        std::optional<slack::Error> failure;
        try {
            const auto typed = co_await read_topic(round, row);
            auto without = topic_without(typed.value_or(""));
            if (typed && without != *typed)
                co_await write_topic(row, std::move(without));
        } catch (const slack::Error& error) {
            failure.emplace(error);
        }
        if (failure && is_passing(failure->error_class())) {
            failed(round, key, row, *failure);
            co_return;
        }
    }
    auto work = [&](storage::Transaction& tx) { storage::Followers{tx}.remove(row.kind, row.name); };
    co_await doors_.database.transaction(work);
    round.rows.erase(key);
    looked_at_.erase(key);
    doors_.log.info("nothing follows here any more", {{"kind", row.kind}, {"name", row.name}});
}

/// Writes down what changed, and says what is new.
asio::awaitable<void> Followers::conclude(Round& round)
{
    const auto now = doors_.clock.now();
    std::vector<std::string> news;
    std::vector<storage::Follower> changed;
    for (auto& [key, row] : round.rows) {
        if (!round.teams.contains(key))
            continue;
        if (const auto verdict = round.verdicts.find(key);
            verdict != round.verdicts.end() && verdict->second.trouble != row.trouble) {
            row.trouble = verdict->second.trouble;
            row.said_at = now;
            news.push_back(row.trouble.empty() ? words::again(row, verdict->second.now) : row.trouble);
        }
        if (const auto stored = round.stored.find(key); stored == round.stored.end() || stored->second != row)
            changed.push_back(row);
    }
    if (changed.empty())
        co_return;
    std::string text;
    for (std::size_t i = 0; i < std::min(news.size(), most_said); ++i)
        text += (text.empty() ? "" : "\n") + news[i];
    if (news.size() > most_said)
        text += "\n… and " + std::to_string(news.size() - most_said) + " more like these; the log has them.";
    const auto row_key = "followers:" + std::to_string(now.time_since_epoch().count()) + ":" + std::to_string(++told_);
    auto work = [&](storage::Transaction& tx) {
        for (const auto& row : changed)
            storage::Followers{tx}.save(row);
        if (!text.empty() && !fallback_channel_.empty())
            storage::Outbox{tx}.add(
                row_key, "alarm", storage::Priority::furniture, fallback_channel_, 0, fallback_channel_ + "\n" + text, now);
    };
    co_await doors_.database.transaction(work);
    for (const auto& one : news)
        doors_.log.warning(one);
}

asio::awaitable<void> Followers::save(storage::Follower row)
{
    auto work = [&](storage::Transaction& tx) { storage::Followers{tx}.save(row); };
    co_await doors_.database.transaction(work);
}

asio::awaitable<Json> Followers::call(std::string lane, std::string method, Json arguments)
{
    need_room(lane, method);
    budget_.spend(lane, method, doors_.clock.now());
    co_return co_await doors_.slack.call(std::move(method), std::move(arguments));
}

/// Throws when it must wait.
void Followers::need_room(const std::string& lane, const std::string& method) const
{
    if (!budget_.allows(lane, method, doors_.clock.now()))
        throw slack::Error{slack::ErrorClass::slow_down, method, std::string{no_room_now}, "", false};
}

void Followers::slow_down(Round& round, const slack::Error& error)
{
    const auto now = doors_.clock.now();
    if (error.code() != no_room_now)
        budget_.rest(error.method(), now + error.retry_after().value_or(30s));
    round.due(budget_.next(now));
}

void Followers::failed(Round& round, const Key& resting, const storage::Follower& row, const slack::Error& error)
{
    if (error.error_class() == slack::ErrorClass::slow_down) {
        slow_down(round, error);
        return;
    }
    if (!is_passing(error.error_class())) {
        const Key key{row.kind, row.name};
        // What was said by our name is not said anew by another before we know it.
        round.verdicts[key].trouble = doors_.home_team().empty() && !row.trouble.empty()
            ? row.trouble
            : words::refused(row, round.teams[key], error.method(), error.code(), slack::needed_scope(error), doors_.called());
    }
    doors_.log.info("what follows who is on call could not be set; it is tried again",
        {{"kind", row.kind}, {"name", row.name}, {"error", error.what()}});
    rest(round, resting);
}

/// Longer with each failure, up to some minutes.
void Followers::rest(Round& round, const Key& key)
{
    auto& resting = rests_[key];
    resting.until = doors_.clock.now() + std::min(longest_rest, first_rest * (1 << std::min(resting.failures, 8)));
    ++resting.failures;
    round.due(resting.until);
}

/// Whether the last failure lies back long enough, or something else is wanted now.
bool Followers::may_try(Round& round, const Key& key, const std::string& wanted)
{
    auto& resting = rests_[key];
    if (resting.wanted != wanted) {
        resting = {};
        resting.wanted = wanted;
    }
    round.due(resting.until > doors_.clock.now() ? resting.until : TimePoint::max());
    return resting.until <= doors_.clock.now();
}

/// Those who are not waited for any longer; nullopt: Slack is still being asked about somebody.
std::optional<Followers::Vain> Followers::looked_for_in_vain(Round& round, const std::vector<std::string>& unknown)
{
    const auto now = doors_.clock.now();
    Vain found;
    bool waits = false;
    for (const auto& person : unknown) {
        if (doors_.is_nobody(person)) {
            found.nobody.push_back(person);
            continue;
        }
        const auto since = unknown_since_.try_emplace(person, now).first->second;
        waits = waits || now < since + patience;
        found.not_told.push_back(person);
    }
    if (!found.not_told.empty())
        round.due(now + search);
    return waits ? std::nullopt : std::optional{std::move(found)};
}

} // namespace delivery
