#include "oncall/handoff.hpp"

#include "oncall/policy.hpp"
#include "oncall/quiet_hours.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr milliseconds begins_still = 15min; // that a shift begins is said so long after
constexpr milliseconds a_month = 30 * 24h;

std::vector<std::string> ids_of(const std::vector<std::string>& people, const Known& known)
{
    std::vector<std::string> ids;
    for (const auto& person : people)
        if (auto id = known_as(person, known); std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(std::move(id));
    return ids;
}

std::vector<std::string> without(std::vector<std::string> people, const std::vector<std::string>& those)
{
    std::erase_if(people, [&](const std::string& one) { return std::find(those.begin(), those.end(), one) != those.end(); });
    return people;
}

/// Calls `see` with each handoff in (from, to], until it says false. While the schedule knows less of who people are than `known`
/// does, turns change and nobody goes: `to` ends the walk also then.
template <class See> void each(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to, See&& see)
{
    auto before = who_is_on_call(schedule, from);
    auto were = ids_of(before.people, known);
    while (before.until && *before.until <= to) {
        Handoff one;
        one.at = *before.until;
        auto after = who_is_on_call(schedule, one.at);
        auto are = ids_of(after.people, known);
        one.outgoing = without(were, are);
        one.incoming = without(are, were);
        one.stays = without(are, one.incoming);
        one.until = after.until;
        before = std::move(after);
        were = std::move(are);
        // A person under two names goes on.
        if (one.outgoing.empty() && one.incoming.empty())
            continue;
        if (!see(std::move(one)))
            return;
    }
}

/// The same, and when each person went off call last, as far as that was after `from`.
using WentOff = std::map<std::string, TimePoint>;
template <class See> void each_with_past(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to, See&& see)
{
    WentOff went;
    each(schedule, known, from, to, [&](const Handoff& one) {
        const bool go_on = see(one, went);
        for (const auto& person : one.outgoing)
            went[person] = one.at;
        return go_on;
    });
}

/// Whether a reminder is so late that another, which is to come, says it better.
bool is_overtaken(TimePoint at, milliseconds before, const std::vector<milliseconds>& all, TimePoint now)
{
    const bool another = std::any_of(
        all.begin(), all.end(), [&](milliseconds other) { return other > 0ms && other < before && at - other > now; });
    return another && now - (at - before) > before / 2;
}

/// Whether somebody is off call from the reminder until the shift.
bool comes_new(const WentOff& went, const std::string& person, TimePoint due)
{
    const auto off = went.find(person);
    return off == went.end() || off->second <= due;
}

} // namespace

std::vector<Handoff> handoffs(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to, std::size_t most)
{
    std::vector<Handoff> found;
    each(schedule, known, from, to, [&](Handoff one) {
        if (found.size() == most)
            return false;
        found.push_back(std::move(one));
        return true;
    });
    return found;
}

std::optional<Handoff> last_handoff(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to)
{
    // What is so old that others came and went for months tells no more than the newest of it.
    auto found = handoffs(schedule, known, std::max(from, to - a_month), to);
    return found.empty() ? std::nullopt : std::optional{std::move(found.back())};
}

std::optional<Handoff> handoff_at(const Schedule& schedule, const Known& known, TimePoint at)
{
    auto found = handoffs(schedule, known, at - 1ms, at);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<TimePoint> goes_off(
    const Schedule& schedule, const Known& known, const std::string& person, TimePoint at, TimePoint to)
{
    const auto are = ids_of(who_is_on_call(schedule, at).people, known);
    if (std::find(are.begin(), are.end(), person) == are.end())
        return at;
    std::optional<TimePoint> off;
    each(schedule, known, at, to, [&](const Handoff& one) {
        if (std::find(one.outgoing.begin(), one.outgoing.end(), person) != one.outgoing.end())
            off = one.at;
        return !off;
    });
    return off;
}

bool is_planned_gap(const Schedule& schedule, TimePoint at)
{
    const auto now = who_is_on_call(schedule, at);
    return now.people.empty() && now.until
        && std::none_of(now.because.begin(), now.because.end(), [](const Shift& gap) { return gap.overridden; });
}

const Reminders& ChosenReminders::operator()(const std::string& person) const
{
    static const Reminders usual;
    const auto found = of.find(person);
    return found == of.end() ? usual : found->second;
}

milliseconds ChosenReminders::longest() const
{
    auto longest = milliseconds{24h};
    for (const auto& [person, one] : of)
        for (const auto before : one.before)
            longest = std::max(longest, before);
    return longest;
}

std::vector<ShiftReminder> reminders_due(
    const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint last, TimePoint now)
{
    std::vector<ShiftReminder> due;
    const auto farthest = now + chosen.longest();
    each_with_past(schedule, known, last, farthest, [&](const Handoff& one, const WentOff& went) {
        for (const auto& person : one.incoming) {
            std::optional<milliseconds> latest;
            const auto& all = chosen(person).before;
            for (const auto before : all) {
                const auto when = one.at - before;
                const bool helps =
                    before == 0ms ? now - one.at <= begins_still : now < one.at && !is_overtaken(one.at, before, all, now);
                if (last < when && when <= now && helps && before < latest.value_or(milliseconds::max())
                    && comes_new(went, person, when))
                    latest = before;
            }
            if (latest)
                due.push_back({person, one.at, *latest});
        }
        return true;
    });
    return due;
}

std::vector<NoteRequest> note_requests_due(
    const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint last, TimePoint now)
{
    std::vector<NoteRequest> due;
    const auto farthest = now + note_choices.back();
    const auto are = ids_of(who_is_on_call(schedule, now).people, known);
    each(schedule, known, last, farthest, [&](const Handoff& one) {
        for (const auto& person : one.outgoing) {
            const auto before = chosen(person).note;
            if (!before || one.at <= now || one.at - *before <= last || one.at - *before > now)
                continue;
            // Whoever goes off call sooner is asked then.
            const bool is_on = std::find(are.begin(), are.end(), person) != are.end();
            const bool asked = std::any_of(due.begin(), due.end(), [&](const NoteRequest& it) { return it.person == person; });
            if (is_on && !asked)
                due.push_back({person, one.at});
        }
        return true;
    });
    return due;
}

TimePoint next_due(const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint after)
{
    auto next = after + a_month;
    const auto longest = chosen.longest();
    each_with_past(schedule, known, after, next + longest, [&](const Handoff& one, const WentOff& went) {
        if (one.at - longest >= next)
            return false;
        const auto may_be = [&](TimePoint when) {
            if (when > after)
                next = std::min(next, when);
        };
        may_be(one.at);
        for (const auto& person : one.incoming)
            for (const auto before : chosen(person).before)
                if (comes_new(went, person, one.at - before))
                    may_be(one.at - before);
        for (const auto& person : one.outgoing)
            if (const auto before = chosen(person).note)
                may_be(one.at - *before);
        return true;
    });
    return next;
}

TimePoint after_the_night(TimePoint at, const std::string& time_zone, const std::vector<Window>& quiet)
{
    const Window night{.from = 22h, .to = 8h};
    auto all = quiet;
    all.push_back(night);
    if (const auto over = quiet_until(all, at, time_zone))
        return *over;
    return quiet_until({night}, at, time_zone).value_or(at);
}

std::vector<std::string> who_stands_behind(const Configuration& configuration, const Team& team, const std::string& schedule)
{
    std::vector<std::string> people;
    const auto policy = configuration.policies.find(team.policy);
    if (policy == configuration.policies.end())
        return people;
    bool seen = false;
    for (const auto& level : expanded(policy->second, configuration).levels) {
        if (seen)
            for (const auto& target : level.targets)
                if (target.kind == TargetKind::user)
                    people.push_back(target.name);
        if (!people.empty())
            return people;
        for (const auto& target : level.targets)
            if (const auto* const its = schedule_of(configuration, target); its && its->name == schedule)
                seen = true;
    }
    return people;
}

} // namespace oncall
