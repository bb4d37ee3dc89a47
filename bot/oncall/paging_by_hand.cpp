#include "oncall/paging_by_hand.hpp"

#include "oncall/service_directory.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

constexpr std::array<std::pair<std::string_view, RecipientKind>, 7> prefixes{{{"service", RecipientKind::service},
    {"team", RecipientKind::team}, {"schedule", RecipientKind::schedule}, {"policy", RecipientKind::policy},
    {"group", RecipientKind::user_group}, {"person", RecipientKind::person}, {"user", RecipientKind::person}}};

/// The entry of that name; failing that, one that differs in case alone.
template <class Map> std::string spelt(const Map& map, std::string_view name)
{
    if (map.contains(std::string{name}))
        return std::string{name};
    const auto wanted = lower(name);
    for (const auto& [known, what] : map)
        if (lower(known) == wanted)
            return known;
    return {};
}

Policy three_times(TargetKind kind, const std::string& name)
{
    Level level;
    level.targets = {{kind, name}};
    level.retries = 2;
    Policy policy;
    policy.name = by_hand;
    policy.levels = {std::move(level)};
    return policy;
}

std::optional<Policy> policy_named(const std::string& name, const Configuration& configuration)
{
    return policy_in(configuration, name);
}

milliseconds length(const Level& level) { return level.patience * (1 + level.retries); }

void add_targets(Level& level, const Level& more)
{
    for (const auto& target : more.targets)
        if (std::find(level.targets.begin(), level.targets.end(), target) == level.targets.end())
            level.targets.push_back(target);
}

} // namespace

std::string_view name(RecipientKind kind)
{
    switch (kind) {
    case RecipientKind::service: return "service";
    case RecipientKind::team: return "team";
    case RecipientKind::schedule: return "schedule";
    case RecipientKind::policy: return "policy";
    case RecipientKind::user_group: return "user group";
    case RecipientKind::person: return "person";
    }
    return "";
}

std::string recipient_out(const Recipient& recipient)
{
    const auto* const prefix =
        std::find_if(prefixes.begin(), prefixes.end(), [&](const auto& one) { return one.second == recipient.kind; });
    return std::string{prefix->first} + ":" + recipient.name;
}

std::optional<Recipient> recipient_in(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == text.npos || colon + 1 == text.size())
        return std::nullopt;
    const auto said = lower(text.substr(0, colon));
    for (const auto& [prefix, kind] : prefixes)
        if (said == prefix)
            return Recipient{kind, std::string{text.substr(colon + 1)}};
    return std::nullopt;
}

std::vector<Recipient> recipients_named(std::string_view name, const Configuration& configuration)
{
    std::vector<Recipient> found;
    const auto add = [&](RecipientKind kind, const std::string& known) {
        const Recipient one{kind, known};
        if (!known.empty() && std::find(found.begin(), found.end(), one) == found.end())
            found.push_back(one);
    };
    add(RecipientKind::service, spelt(configuration.services, name));
    add(RecipientKind::team, spelt(configuration.teams, name));
    if (name.starts_with('@') && name.size() > 1)
        for (const auto& [team, what] : configuration.teams)
            if (lower(what.user_group) == lower(name))
                add(RecipientKind::team, team);
    add(RecipientKind::schedule, spelt(configuration.schedules, name));
    add(RecipientKind::policy, spelt(configuration.policies, name));
    return found;
}

std::vector<std::string> recipient_names(const Configuration& configuration)
{
    std::vector<std::string> names;
    const auto add = [&](const auto& map) {
        for (const auto& [name, what] : map)
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
    };
    add(configuration.services);
    add(configuration.teams);
    add(configuration.schedules);
    add(configuration.policies);
    return names;
}

std::optional<Policy> ladder_of(const Recipient& recipient, const Configuration& configuration)
{
    const auto& name = recipient.name;
    switch (recipient.kind) {
    case RecipientKind::person: return three_times(TargetKind::user, name);
    case RecipientKind::user_group: return three_times(TargetKind::user_group, name);
    case RecipientKind::policy: return policy_named(name, configuration);
    case RecipientKind::schedule:
        if (!configuration.schedules.contains(name))
            return std::nullopt;
        return three_times(TargetKind::schedule, name);
    case RecipientKind::team:
        if (!configuration.teams.contains(name))
            return std::nullopt;
        if (auto own = policy_named(policy_of_team(configuration, name), configuration))
            return own;
        return three_times(TargetKind::team, name);
    case RecipientKind::service: break;
    }
    return policy_named(policy_of_service(configuration, name), configuration);
}

Policy climbed_together(std::vector<Policy> ladders)
{
    std::erase_if(ladders, [](const Policy& ladder) { return ladder.levels.empty(); });
    Policy all;
    all.name = by_hand;
    if (ladders.size() == 1)
        all = std::move(ladders.front());
    all.low_urgency_in_channel = false;
    for (auto& level : all.levels)
        level.wait_for_working_hours = false;
    if (ladders.size() < 2)
        return all;
    std::size_t count = 0;
    for (const auto& ladder : ladders)
        count = std::max(count, ladder.levels.size());
    for (std::size_t i = 0; i < count; ++i) {
        Level level;
        level.targets.clear();
        const Level* lasts{}; // as long as this one of theirs
        bool goes_on{};
        for (const auto& ladder : ladders) {
            const bool stays = ladder.levels.size() == 1;
            if (i >= ladder.levels.size() && !stays)
                continue;
            const auto& theirs = stays ? ladder.levels.front() : ladder.levels[i];
            add_targets(level, theirs);
            level.acknowledgements = std::max(level.acknowledgements, theirs.acknowledgements);
            // Nobody waits longer for the next level than by the policy that has one.
            const bool has_next = i + 1 < ladder.levels.size();
            if (!lasts || (has_next && !goes_on) || (has_next == goes_on && (length(theirs) < length(*lasts)) == has_next)) {
                lasts = &theirs;
                goes_on = has_next;
            }
        }
        level.patience = lasts->patience;
        level.retries = lasts->retries;
        all.levels.push_back(std::move(level));
    }
    for (const auto& ladder : ladders) {
        all.repeat = std::max(all.repeat, ladder.repeat);
        all.until_answered = all.until_answered || ladder.until_answered;
        all.refire_pages = all.refire_pages || ladder.refire_pages;
        if (ladder.still_on_it.count() > 0)
            all.still_on_it = all.still_on_it.count() == 0 ? ladder.still_on_it : std::min(all.still_on_it, ladder.still_on_it);
    }
    if (all.until_answered)
        all.repeat = 0;
    return all;
}

std::optional<LocalHour> local_hour(TimePoint now, std::string_view time_zone)
{
    if (time_zone.empty() || !is_time_zone(time_zone))
        return std::nullopt;
    const auto local = to_local(now, time_zone);
    const auto of_day = local - std::chrono::floor<std::chrono::days>(local);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(of_day).count();
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return LocalHour{two(minutes / 60) + ":" + two(minutes % 60), minutes < 8 * 60 || minutes >= 22 * 60};
}

void permit_paging(const Asker& asker, MayPage who, bool is_configured)
{
    permit(Deed::page, asker.kind, asker.stranger);
    if (who == MayPage::configured && !is_configured)
        throw Refusal{"Here only those page by hand whom the teams, schedules and policies name, and the administrators "
                      "(ONCALL_MAY_PAGE). Ask one of them; `/oncall` says who is on call."};
}

} // namespace oncall
