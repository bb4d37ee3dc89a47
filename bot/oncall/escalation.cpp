#include "oncall/escalation.hpp"

#include "oncall/words.hpp"
#include "oncall/working_hours.hpp"

#include <algorithm>

namespace oncall {

namespace {

using One = Reached::One;

bool past_the_end(const Policy& policy, const Position& at)
{
    return policy.levels.empty() || (!policy.until_answered && at.round > policy.repeat);
}

Position level_after(const Policy& policy, const Position& at)
{
    if (at.level + 1 < static_cast<int>(policy.levels.size()))
        return {at.round, at.level + 1, 0};
    return {at.round + 1, 0, 0};
}

/// Who is left of a level one after the other is seen when the time comes.
Position after(const Policy& policy, const Position& at)
{
    const auto& level = policy.levels.at(static_cast<std::size_t>(at.level));
    if (level.order != Order::at_once || at.attempt < level.retries)
        return {at.round, at.level, at.attempt + 1};
    return level_after(policy, at);
}

bool same_level(const Position& one, const Position& other) { return one.round == other.round && one.level == other.level; }

bool contains(const std::vector<One>& all, const std::string& name)
{
    return std::any_of(all.begin(), all.end(), [&](const One& one) { return one.name == name; });
}

const WorkingHours& hours_of(const Configuration& configuration, const std::string& team)
{
    static const WorkingHours never;
    const auto found = configuration.teams.find(team);
    return found == configuration.teams.end() ? never : found->second.working_hours;
}

/// Why a level is not run now; empty: it is.
std::string why_not(const LevelCondition& when, Urgency urgency, const Surroundings& around, TimePoint now)
{
    if (when.urgency && *when.urgency != urgency)
        return "it is for " + std::string{name(*when.urgency)} + " urgency";
    const auto& severity = around.alert.severity;
    if (!when.severities.empty() && std::find(when.severities.begin(), when.severities.end(), severity) == when.severities.end())
        return "it is for severity " + listed(when.severities, " or ");
    if (!when.working_hours)
        return {};
    const auto& team = around.alert.team;
    const auto& team_hours = hours_of(around.configuration, team);
    if (!is_said(team_hours))
        return team.empty() ? "it asks for working hours, and the alert belongs to no team"
                            : "it asks for working hours, and team " + team + " has none";
    if (works_at(team_hours, now) == *when.working_hours)
        return {};
    return std::string{"it is for "} + (*when.working_hours ? "" : "times outside ") + "the working hours of team " + team;
}

/// Who is tried no more.
bool is_out(const Surroundings& around, const std::string& name)
{
    return around.declined.contains(name) || around.acknowledged.contains(name) || around.unable.contains(name);
}

/// In a round robin the list begins with whoever is next. `begins` becomes that turn, where it is taken by this page.
std::vector<One> in_turn(
    std::vector<One> all, const Position& at, const Policy& policy, const Surroundings& around, std::optional<Beginning>& begins)
{
    const auto& level = policy.levels.at(static_cast<std::size_t>(at.level));
    if (level.order != Order::round_robin || all.empty())
        return all;
    const auto place_of = [&](const std::string& who) {
        return std::find_if(all.begin(), all.end(), [&](const One& one) { return one.name == who; }) - all.begin();
    };
    const auto size = static_cast<std::ptrdiff_t>(all.size());
    const auto first =
        std::find_if(around.tried.begin(), around.tried.end(), [&](const Tried& tried) { return tried.at.level == at.level; });
    std::ptrdiff_t place{};
    if (first != around.tried.end()) {
        place = place_of(first->name) % size;
    } else {
        const auto before = around.beginning ? around.beginning(level, levels_left(policy, at.level)) : std::nullopt;
        if (before) {
            place = place_of(before->name);
            // Whoever took the place of somebody who is gone.
            place = (place < size ? place + 1 : before->place) % size;
        }
        // Who said "not me" does not use up a turn.
        for (std::ptrdiff_t looked = 0; looked < size; ++looked, place = (place + 1) % size)
            if (!is_out(around, all[static_cast<std::size_t>(place)].name))
                break;
        begins = Beginning{all[static_cast<std::size_t>(place)].name, static_cast<int>(place)};
    }
    std::rotate(all.begin(), all.begin() + place, all.end());
    return all;
}

/// Who is tried now out of a list in order: whoever was tried last, while tries are left, else the first who was not yet.
std::vector<One> one_of(const std::vector<One>& all, const Position& at, int retries, const std::vector<Tried>& tried)
{
    std::vector<std::string> before; // in this round of the level
    for (const auto& one : tried)
        if (same_level(one.at, at) && one.at.attempt < at.attempt)
            before.push_back(one.name);
    const auto times = before.empty() ? 0 : std::count(before.begin(), before.end(), before.back());
    for (const auto& one : all)
        if (times > 0 && times <= retries && one.name == before.back())
            return {one};
    for (const auto& one : all)
        if (std::find(before.begin(), before.end(), one.name) == before.end())
            return {one};
    return {};
}

/// The people by the one name they have, each once.
Reached reached_by(const Level& level, const Surroundings& around, TimePoint now)
{
    auto reached = reach(level.targets, around.configuration, now, around.groups);
    std::vector<One> all;
    for (auto& one : reached.all) {
        if (one.kind == Reached::Kind::person && around.known_as)
            one.name = around.known_as(one.name);
        if (!contains(all, one.name))
            all.push_back(std::move(one));
    }
    reached.all = std::move(all);
    return reached;
}

void skip_empty(const Page& page, const Position& at, const Reached& reached, bool told, std::vector<Skip>& skipped)
{
    for (const auto& target : reached.empty)
        skipped.push_back({at, Skip::Why::empty, target,
            "nobody stands behind " + target_out(target) + " (" + level_name(page, at) + ")"
                + (told ? "" : ", so it was skipped")});
}

/// The step at `at`; nullopt when nobody is there to be tried.
std::optional<Step> step_at(
    const Page& page, const Position& at, const Surroundings& around, TimePoint now, std::vector<Skip>& skipped)
{
    const auto& level = page.policy.levels.at(static_cast<std::size_t>(at.level));
    const auto reached = reached_by(level, around, now);
    Step step{at, {}, after(page.policy, at), now + level.patience, std::nullopt};
    const auto all = in_turn(reached.all, at, page.policy, around, step.beginning);
    std::copy_if(all.begin(), all.end(), std::back_inserter(step.now), [&](const One& one) { return !is_out(around, one.name); });
    bool anybody_declined = false, anybody_acknowledged = false, anybody_unable = false;
    // Of people one after the other it is said once, and that all have had their turn is no news.
    const bool first = level.order == Order::at_once || at.attempt == 0;
    for (const auto& one : all) {
        if (!is_out(around, one.name))
            continue;
        if (const auto unable = around.unable.find(one.name); unable != around.unable.end()) {
            anybody_unable = true;
            if (at.attempt == 0)
                skipped.push_back({at, Skip::Why::unable, std::nullopt,
                    mention(one.name) + " " + unable->second + ", so " + level_name(page, at) + " goes on without them",
                    one.name});
            continue;
        }
        const bool declined = around.declined.contains(one.name);
        (declined ? anybody_declined : anybody_acknowledged) = true;
        skipped.push_back({at, declined ? Skip::Why::declined : Skip::Why::acknowledged, std::nullopt, "", one.name});
    }
    if (level.order != Order::at_once)
        step.now = one_of(step.now, at, level.retries, around.tried);
    if (first)
        skip_empty(page, at, reached, !step.now.empty(), skipped);
    if (first && step.now.empty() && anybody_declined)
        skipped.push_back({at, Skip::Why::declined, std::nullopt,
            "everybody behind " + level_name(page, at) + " has said \"not me\", so it was skipped"});
    if (first && step.now.empty() && anybody_unable && !anybody_declined)
        skipped.push_back({at, Skip::Why::unable, std::nullopt,
            "nobody behind " + level_name(page, at) + " can answer a page, so it was skipped"});
    if (first && step.now.empty() && anybody_acknowledged && !anybody_declined && !anybody_unable)
        skipped.push_back({at, Skip::Why::acknowledged, std::nullopt,
            "everybody behind " + level_name(page, at) + " has acknowledged, so it was skipped"});
    if (step.now.empty())
        return std::nullopt;
    return step;
}

/// When the first try of a level comes, if that is later.
std::optional<Wait> waits(const Level& level, const Position& at, const Surroundings& around, TimePoint now)
{
    if (!level.wait_for_working_hours || at.attempt > 0)
        return std::nullopt;
    const auto& team = around.alert.team;
    const auto from = works_from(hours_of(around.configuration, team), now);
    if (!from || *from <= now)
        return std::nullopt;
    return Wait{*from, "the working hours of team " + team, at};
}

} // namespace

std::string_view name(Skip::Why why)
{
    switch (why) {
    case Skip::Why::condition: return "condition";
    case Skip::Why::empty: return "nobody";
    case Skip::Why::declined: return "declined";
    case Skip::Why::unable: return "unable";
    case Skip::Why::acknowledged: break;
    }
    return "acknowledged";
}

bool is_running(const Page& page) { return page.state == PageState::paging || page.state == PageState::exhausted; }

bool reaches(const Notification& notification)
{
    using enum NotificationState;
    return notification.state == planned || notification.state == sent || notification.state == confirmed;
}

Decision decide(const Page& page, const Surroundings& around, TimePoint now, bool hurry)
{
    Decision decision{{}, Done{}};
    if (page.state != PageState::paging)
        return decision;
    decision.then = Wait{page.due, {}, page.next};
    if (now < page.due)
        return decision;
    auto at = page.next;
    for (std::size_t nobody = 0; nobody < page.policy.levels.size() && !past_the_end(page.policy, at);) {
        const auto& level = page.policy.levels.at(static_cast<std::size_t>(at.level));
        const bool begun = at.attempt > 0;
        // What has begun goes on, also when its hours are over.
        if (auto why = begun ? std::string{} : why_not(level.when, page.urgency, around, now); !why.empty()) {
            decision.skipped.push_back(
                {at, Skip::Why::condition, std::nullopt, level_name(page, at) + " was passed over: " + why});
        } else if (auto wait = hurry ? std::nullopt : waits(level, at, around, now)) {
            decision.then = std::move(*wait);
            return decision;
        } else if (auto step = step_at(page, at, around, now, decision.skipped)) {
            decision.then = std::move(*step);
            return decision;
        }
        at = level_after(page.policy, at);
        nobody += begun ? 0 : 1;
    }
    decision.then = Exhausted{};
    return decision;
}

std::optional<Position> last_step(const Page& page) { return page.last; }

Position next_level(const Page& page)
{
    return page.last && same_level(*page.last, page.next) ? level_after(page.policy, *page.last) : page.next;
}

int levels_left(const Policy& policy, int level) { return static_cast<int>(policy.levels.size()) - level; }

std::string level_name(const Page& page, const Position& at)
{
    auto text = "level " + std::to_string(at.level + 1) + " of " + std::to_string(page.policy.levels.size());
    if (at.attempt > 0)
        text += ", try " + std::to_string(at.attempt + 1);
    if (at.round > 0)
        text += ", round " + std::to_string(at.round + 1);
    return text;
}

std::vector<Tried> tried_of(const std::vector<Notification>& of_page)
{
    std::vector<Tried> tried;
    for (const auto& one : of_page) {
        // Who said "not me" before being reached was never tried.
        const bool never = one.state == NotificationState::declined && one.run.value == 0;
        const auto same = [&](const Tried& other) { return other.at == one.at && other.name == one.person; };
        if (one.method != "fallback" && !never && std::none_of(tried.begin(), tried.end(), same))
            tried.push_back({one.at, one.person});
    }
    std::stable_sort(tried.begin(), tried.end(), [](const Tried& one, const Tried& other) { return one.at < other.at; });
    return tried;
}

} // namespace oncall
