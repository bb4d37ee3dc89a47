#include "oncall/schedule.hpp"

#include "oncall/stretches.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace oncall {

namespace {

/// How far is looked for a change, and how far a shift is followed.
constexpr milliseconds horizon = std::chrono::hours{24 * 400};
/// Overrides farther away are looked at when they are needed.
constexpr milliseconds nearby = 12h;

std::vector<std::string> as_list(const Names& people) { return {people.begin(), people.end()}; }

Shift made(const Schedule& schedule, const Entry& entry, TimePoint start, TimePoint end)
{
    Shift shift{start, end, as_list(entry.people), {}, entry.overridden};
    if (entry.cause.rotation != Cause::whole_schedule)
        shift.rotation = schedule.rotations[entry.cause.rotation].name;
    return shift;
}

/// By start, then rotation; the rest makes the order the same for a part as for the whole.
void sort(std::vector<Shift>& shifts)
{
    const auto key = [](const Shift& one) { return std::tie(one.start, one.rotation, one.people, one.end, one.overridden); };
    std::sort(shifts.begin(), shifts.end(), [&](const Shift& one, const Shift& other) { return key(one) < key(other); });
}

/// The entries of one stretch.
std::vector<Shift> made(const Schedule& schedule, const std::vector<Entry>& entries, TimePoint start, TimePoint end)
{
    std::vector<Shift> shifts;
    for (const auto& entry : entries)
        shifts.push_back(made(schedule, entry, start, end));
    sort(shifts);
    return shifts;
}

const Entry* find(const std::vector<Entry>& entries, const Entry& wanted)
{
    const auto found = std::lower_bound(
        entries.begin(), entries.end(), wanted.cause, [](const Entry& entry, const Cause& cause) { return entry.cause < cause; });
    return found != entries.end() && *found == wanted ? &*found : nullptr;
}

bool is_nobody(const std::vector<Entry>& entries) { return entries.front().people.empty(); }

/// By identity, in no order that means anything.
std::vector<std::string_view> people_of_entries(const Schedule& schedule, const std::vector<Entry>& entries)
{
    std::vector<std::string_view> people;
    for (const auto& entry : entries)
        for (const auto& person : entry.people)
            people.push_back(schedule.identity(person));
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    return people;
}

/// In the order of the shifts, each once.
std::vector<std::string> people_of_entries(const Schedule& schedule, const std::vector<Shift>& shifts)
{
    std::vector<std::string> people;
    std::set<std::string_view> seen;
    for (const auto& shift : shifts)
        for (const auto& person : shift.people)
            if (seen.insert(schedule.identity(person)).second)
                people.push_back(person);
    return people;
}

/// An entry with the time it was seen to go on, from stretch to neighbouring stretch.
struct OpenShift {
    Entry entry{};
    TimePoint since{};
    TimePoint until{};
};

/// Entries become shifts, while one goes forward.
class Sweep {
public:
    explicit Sweep(const Schedule& schedule)
        : schedule_{schedule}
    {
    }
    /// The next stretch begins where the one before ended. `entries` are in the order of their causes.
    void go_on(const std::vector<Entry>& entries, TimePoint since, TimePoint until)
    {
        next_.clear();
        auto before = open.begin();
        for (const auto& entry : entries) {
            for (; before != open.end() && before->entry.cause < entry.cause; ++before)
                end(*before);
            if (before != open.end() && before->entry == entry)
                next_.push_back(std::move(*before++));
            else
                next_.push_back({entry, since, until});
            next_.back().until = until;
        }
        std::for_each(before, open.end(), [this](const OpenShift& run) { end(run); });
        std::swap(open, next_);
    }
    std::vector<Shift> shifts()
    {
        go_on({}, {}, {});
        sort(shifts_);
        return std::move(shifts_);
    }

    std::vector<OpenShift> open{}; // what the last stretch had

private:
    void end(const OpenShift& run) { shifts_.push_back(made(schedule_, run.entry, run.since, run.until)); }

    const Schedule& schedule_;
    std::vector<OpenShift> next_{};
    std::vector<Shift> shifts_{};
};

/// Follows the runs of a stretch back to where each began, as far as the horizon.
void follow_back(Stretches& stretches, std::vector<OpenShift>& runs, TimePoint since)
{
    std::vector<OpenShift*> going_on;
    for (auto& run : runs)
        going_on.push_back(&run);
    const auto farthest = since - horizon;
    while (!going_on.empty() && since > farthest) {
        const auto& before = stretches.at(since - 1ms);
        std::erase_if(going_on, [&](const OpenShift* run) { return !find(before.entries, run->entry); });
        since = std::max(before.since, farthest);
        for (auto* const run : going_on)
            run->since = before.since > no_beginning ? before.since : farthest;
    }
}

/// Calls `see(stretch, from, until)` for each stretch of [from, to), cut to it.
template <class See> void walk(const Schedule& schedule, TimePoint from, TimePoint to, See&& see)
{
    Stretches stretches{schedule, from, to};
    for (auto t = from; t < to;) {
        const auto& stretch = stretches.at(t);
        const auto until = std::min(stretch.until, to);
        see(stretch.entries, t, until);
        t = until;
    }
}

/// Joins what goes on in the same way.
void join_shift(std::vector<Shift>& shifts, Shift shift)
{
    if (!shifts.empty() && shifts.back().end == shift.start && shifts.back().people == shift.people) {
        shifts.back().end = shift.end;
        shifts.back().overridden = shifts.back().overridden || shift.overridden;
    } else {
        shifts.push_back(std::move(shift));
    }
}

/// Whether people are together by accident: nobody put them there in one breath, and none of them came as an addition.
bool is_double(const Schedule& schedule, const std::vector<Entry>& entries)
{
    std::vector<Entry> accidental;
    for (const auto& entry : entries)
        if (entry.cause.kind != Cause::Kind::add)
            accidental.push_back(entry);
    const auto all = people_of_entries(schedule, accidental).size();
    return all > 1
        && std::none_of(accidental.begin(), accidental.end(), [&](const Entry& entry) { return entry.people.size() == all; });
}

} // namespace

std::vector<Shift> final_shifts(const Schedule& schedule, TimePoint from, TimePoint to)
{
    Sweep sweep{schedule};
    walk(schedule, from, to,
        [&](const std::vector<Entry>& entries, TimePoint since, TimePoint until) { sweep.go_on(entries, since, until); });
    return sweep.shifts();
}

OnCall who_is_on_call(const Schedule& schedule, TimePoint at)
{
    Stretches stretches{schedule, at - nearby, at + nearby};
    const auto now = stretches.at(at);
    std::vector<OpenShift> runs;
    for (const auto& entry : now.entries)
        runs.push_back({entry, now.since, now.until});
    follow_back(stretches, runs, at);

    OnCall answer;
    const auto people = people_of_entries(schedule, now.entries);
    const auto farthest = at + horizon;
    auto going_on = runs.size();
    for (auto t = now.until; t < farthest && (going_on > 0 || !answer.until);) {
        const auto& stretch = stretches.at(t);
        if (!answer.until && stretch.entries != now.entries && people_of_entries(schedule, stretch.entries) != people) {
            answer.until = t;
            answer.next = people_of_entries(schedule, made(schedule, stretch.entries, t, stretch.until));
        }
        for (auto& run : runs) {
            if (run.until != t)
                continue;
            if (find(stretch.entries, run.entry))
                run.until = stretch.until;
            else
                --going_on;
        }
        t = stretch.until;
    }
    for (const auto& run : runs)
        answer.because.push_back(made(schedule, run.entry, run.since, run.until < no_end ? run.until : farthest));
    sort(answer.because);
    answer.people = people_of_entries(schedule, answer.because);
    return answer;
}

std::vector<Shift> rotation_shifts(const Schedule& schedule, const std::string& rotation, TimePoint from, TimePoint to)
{
    std::vector<Shift> shifts;
    const auto found = std::find_if(
        schedule.rotations.begin(), schedule.rotations.end(), [&](const Rotation& one) { return one.name == rotation; });
    if (found == schedule.rotations.end())
        return shifts;
    WallClocks clocks;
    Duty duty{*found, schedule.time_zone, clocks};
    std::pair<std::size_t, std::int64_t> last;
    for (auto t = from; t < to;) {
        const auto& stretch = duty.at(t);
        const auto until = std::min(stretch.until, to);
        const std::pair turn{stretch.version, stretch.turn};
        if (stretch.people && !stretch.people->empty()) {
            if (!shifts.empty() && shifts.back().end == t && last == turn)
                shifts.back().end = until;
            else
                shifts.push_back({t, until, as_list(Names{*stretch.people}), rotation, false});
            last = turn;
        }
        t = until;
    }
    return shifts;
}

std::optional<TimePoint> next_handoff(const Schedule& schedule, TimePoint at)
{
    Stretches stretches{schedule, at, at + nearby};
    const auto now = stretches.at(at);
    for (auto t = now.until; t < at + horizon;) {
        const auto& stretch = stretches.at(t);
        if (stretch.entries != now.entries)
            return t;
        t = stretch.until;
    }
    return std::nullopt;
}

std::vector<Shift> shifts_of(const Schedule& schedule, const std::string& person, TimePoint from, TimePoint to, std::size_t most)
{
    if (from >= to)
        return {};
    const auto& identity = schedule.identity(person);
    const auto is_theirs = [&](const std::string& name) { return schedule.identity(name) == identity; };
    Stretches stretches{schedule, from, to};
    Sweep sweep{schedule};
    std::size_t begun = 0;
    for (auto t = from; t < to + horizon && ((t < to && begun < most) || !sweep.open.empty());) {
        const auto& stretch = stretches.at(t);
        auto entries = stretch.entries;
        // Of those that begin at one time none is left out yet: which comes first is known once all are followed back.
        const bool may_begin = t < to && begun < most;
        std::erase_if(entries, [&](const Entry& entry) {
            if (std::none_of(entry.people.begin(), entry.people.end(), is_theirs))
                return true;
            const bool goes_on =
                std::any_of(sweep.open.begin(), sweep.open.end(), [&](const OpenShift& run) { return run.entry == entry; });
            begun += !goes_on && may_begin ? 1 : 0;
            return !goes_on && !may_begin;
        });
        const auto until = stretch.until < no_end ? stretch.until : to + horizon;
        sweep.go_on(entries, t, until);
        if (t == from)
            follow_back(stretches, sweep.open, from);
        t = until;
    }
    auto shifts = sweep.shifts();
    shifts.resize(std::min(shifts.size(), most));
    return shifts;
}

std::vector<Shift> gaps(const Schedule& schedule, TimePoint from, TimePoint to)
{
    std::vector<Shift> found;
    walk(schedule, from, to, [&](const std::vector<Entry>& entries, TimePoint since, TimePoint until) {
        if (is_nobody(entries))
            join_shift(found, made(schedule, entries.front(), since, until));
    });
    return found;
}

std::vector<Shift> doubles(const Schedule& schedule, TimePoint from, TimePoint to)
{
    std::vector<Shift> found;
    walk(schedule, from, to, [&](const std::vector<Entry>& entries, TimePoint since, TimePoint until) {
        if (!is_double(schedule, entries))
            return;
        Shift shift{since, until, people_of_entries(schedule, made(schedule, entries, since, until)), {}, false};
        for (const auto& entry : entries)
            shift.overridden = shift.overridden || entry.overridden;
        join_shift(found, std::move(shift));
    });
    return found;
}

} // namespace oncall
