#include "delivery/groups.hpp"

#include "delivery/passing.hpp"
#include "oncall/policy.hpp"
#include "storage/repositories.hpp"

#include <algorithm>

namespace delivery {

using namespace std::chrono_literals;
using oncall::TimePoint;
using slack::Json;
using storage::ReadGroup;

namespace {

constexpr auto read_every = 5min;
constexpr auto rest_of_trouble = 30s;
constexpr auto looks_apart = 30s; // pages begin all the time, and few by a group

std::set<std::string> groups_of(const oncall::Configuration& configuration)
{
    std::set<std::string> names;
    for (const auto& [name, policy] : configuration.policies)
        names.merge(oncall::user_groups_of(policy));
    return names;
}

std::string small(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c); });
    return text;
}

/// What to do about what Slack says.
std::string fix_of(const std::string& code)
{
    if (code == "no_such_subteam")
        return "Slack knows no such user group, or it is disabled. Name one that is there, or enable it.";
    if (code == "plan_upgrade_required" || code == "paid_teams_only")
        return "Slack has user groups in paid plans only. Name a team or people instead.";
    if (code == "missing_scope")
        return "The app needs the scope usergroups:read. Add it at api.slack.com/apps and install the app again.";
    return "Slack says " + code + ".";
}

} // namespace

Groups::Groups(Doors doors, const oncall::InForce& in_force, std::string fallback_channel)
    : doors_{doors}
    , in_force_{in_force}
    , fallback_channel_{std::move(fallback_channel)}
    , wake_{doors.tasks.loop()}
{
}

void Groups::look_again()
{
    hurry_ = true;
    wake_.ring();
}

void Groups::ring()
{
    rung_ = true;
    wake_.ring();
}

asio::awaitable<void> Groups::run()
{
    while (true) {
        rung_ = false;
        const auto when = co_await pass();
        const auto rested = std::min(when, doors_.clock.now() + looks_apart);
        while (!hurry_ && doors_.clock.now() < (rung_ ? rested : when)) {
            const auto until = rung_ ? rested : when;
            co_await wake_.sleep(doors_.clock, until);
        }
    }
}

/// Reads those whose time has come; returns when the next one's comes.
asio::awaitable<TimePoint> Groups::pass()
{
    const bool all = std::exchange(hurry_, false);
    auto groups = co_await wanted();
    listed_ = false;
    auto next = TimePoint::max();
    for (auto& group : groups) {
        const auto now = doors_.clock.now();
        const auto rested = rests_.find(group.name);
        const auto due = rested != rests_.end() ? rested->second : group.trouble.empty() ? group.read_at + read_every : now;
        if (!all && now < due) {
            next = std::min(next, due);
            continue;
        }
        auto before = group.trouble;
        const auto rest = co_await read(group);
        oncall::milliseconds pause{read_every};
        if (rest || !group.trouble.empty())
            pause = rest.value_or(rest_of_trouble);
        rests_[group.name] = now + pause;
        next = std::min(next, now + pause);
        if (!rest || group.trouble != before)
            co_await keep(group, std::move(before));
    }
    co_return next;
}

/// Those that the policies name, and those of pages that run by a policy that was, or by hand. Of others it stays known who was
/// in them: what is over may come back.
asio::awaitable<std::vector<ReadGroup>> Groups::wanted()
{
    const auto configuration = in_force_.get();
    auto names = groups_of(*configuration);
    auto load = [&names](storage::Transaction& tx) {
        auto all = storage::ReadGroups{tx}.all();
        // Without any nobody has paged by one.
        if (!all.empty())
            for (const auto& policy : storage::ReadGroups{tx}.running_policies())
                names.merge(oncall::user_groups_of(policy));
        return all;
    };
    auto known = co_await doors_.database.read(load);
    std::vector<ReadGroup> wanted;
    for (auto& group : known)
        if (names.erase(group.name) > 0)
            wanted.push_back(std::move(group));
    for (const auto& name : names) {
        ReadGroup fresh;
        fresh.name = name;
        wanted.push_back(std::move(fresh));
    }
    co_return wanted;
}

/// Asks Slack. Returns how long to rest when it could not be asked: what was read before holds then.
asio::awaitable<std::optional<std::chrono::seconds>> Groups::read(ReadGroup& group)
{
    std::optional<slack::Error> failure;
    try {
        auto seeking = id_of(group.name);
        group.slack_id = co_await std::move(seeking);
        Json arguments;
        arguments["usergroup"] = group.slack_id;
        const auto answer = co_await doors_.slack.call("usergroups.users.list", std::move(arguments));
        group.members.clear();
        for (const auto& user : slack::at(answer, {"users"}))
            if (user.is_string())
                group.members.push_back(user.get<std::string>());
        group.read_at = doors_.clock.now();
        group.trouble.clear();
        for (const auto& user : group.members)
            doors_.meet(user);
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (!failure)
        co_return std::nullopt;
    if (is_passing(failure->error_class())) {
        const auto rest = failure->retry_after().value_or(std::chrono::seconds{rest_of_trouble});
        co_return rest;
    }
    group.trouble = failure->code();
    // One that is no more has nobody in it; who was in it is not known from what the app may not read.
    if (failure->code() == "no_such_subteam") {
        group.members.clear();
        group.read_at = doors_.clock.now();
    }
    co_return std::nullopt;
}

/// By its handle, from the list of all; an id is one. Throws slack::Error.
asio::awaitable<std::string> Groups::id_of(std::string name)
{
    if (!name.starts_with('@'))
        co_return name;
    if (!listed_) {
        ids_.clear();
        Json arguments;
        arguments["include_disabled"] = false;
        const auto all = co_await doors_.slack.call("usergroups.list", std::move(arguments));
        for (const auto& group : slack::at(all, {"usergroups"}))
            ids_[small("@" + slack::text_at(group, {"handle"}))] = slack::text_at(group, {"id"});
        listed_ = true;
    }
    const auto found = ids_.find(small(name));
    if (found == ids_.end())
        throw slack::Error{slack::ErrorClass::refused, "usergroups.list", "no_such_subteam", "", false};
    co_return found->second;
}

asio::awaitable<void> Groups::keep(ReadGroup group, std::string trouble_before)
{
    const bool news = group.trouble != trouble_before;
    const auto now = doors_.clock.now();
    std::string words = "Policies page the Slack user group " + group.name + ", and I "
        + (group.trouble.empty() ? "can read who is in it again." : "cannot read who is in it. " + fix_of(group.trouble));
    const auto channel = fallback_channel_;
    auto save = [&](storage::Transaction& tx) {
        storage::ReadGroups{tx}.save(group);
        if (news && !channel.empty())
            storage::Outbox{tx}.add(
                "user_group:" + group.name, "channel_words", storage::Priority::answer, channel, 0, channel + "\n" + words, now);
        return true;
    };
    if (news && !group.trouble.empty())
        doors_.log.warning("Slack does not say who is in a user group", {{"group", group.name}, {"error", group.trouble}});
    co_await doors_.database.transaction(save);
}

} // namespace delivery
