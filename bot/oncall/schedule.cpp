#include "oncall/schedule.hpp"

#include <date/date.h>

#include <algorithm>
#include <map>

namespace oncall {

namespace {

/// Where turn `k` begins, on the wall clock: counted from the anchor, so that nothing drifts. Months clamp to their last day.
LocalTime boundary(const Rotation& rotation, std::int64_t k)
{
    const auto count = k * rotation.lengths.front();
    switch (rotation.unit) {
    case Unit::hour: return rotation.start + std::chrono::hours{count};
    case Unit::day: return rotation.start + std::chrono::hours{24 * count};
    case Unit::week: return rotation.start + std::chrono::hours{24 * 7 * count};
    case Unit::month: break;
    }
    const auto since = rotation.start.time_since_epoch();
    const auto day = date::floor<date::days>(date::sys_time<milliseconds>{since});
    const date::year_month_day anchor{day};
    const auto month = anchor.year() / anchor.month() + date::months{count};
    const date::year_month_day_last last{month.year(), date::month_day_last{month.month()}};
    const auto clamped = month / std::min(anchor.day(), last.day());
    return LocalTime{milliseconds{date::sys_days{clamped}.time_since_epoch()} + (since - milliseconds{day.time_since_epoch()})};
}

/// Roughly how long a turn is; only a first guess is made with it.
milliseconds about(const Rotation& rotation)
{
    const std::chrono::hours unit{rotation.unit == Unit::hour ? 1
            : rotation.unit == Unit::day                      ? 24
            : rotation.unit == Unit::week                     ? 168
                                                              : 731};
    return unit * rotation.lengths.front();
}

/// A rotation as instants: which turn holds at a time, and when it ends.
class Turns {
public:
    Turns(const Rotation& rotation, const std::string& schedule_zone)
        : rotation_{rotation}
        , zone_{rotation.time_zone.empty() ? schedule_zone : rotation.time_zone}
    {
    }
    TimePoint begin(std::int64_t k) const { return to_instant(boundary(rotation_, k), zone_); }
    /// The turn at `t`: begin(k) ≤ t < begin(k + 1).
    std::int64_t at(TimePoint t) const
    {
        auto k = static_cast<std::int64_t>((to_local(t, zone_) - rotation_.start) / about(rotation_));
        while (begin(k + 1) <= t)
            ++k;
        while (begin(k) > t)
            --k;
        return k;
    }
    const Turn& people(std::int64_t k) const
    {
        const auto count = static_cast<std::int64_t>(rotation_.turns.size());
        return rotation_.turns[static_cast<std::size_t>(((k % count) + count) % count)];
    }
    const Rotation& rotation() const { return rotation_; }

private:
    const Rotation& rotation_;
    std::string zone_;
};

/// One entry of the schedule at an instant. `origin` tells turns and overrides apart that look alike.
struct Entry {
    std::string rotation{};
    std::vector<std::string> people{};
    bool overridden{};
    std::pair<int, std::int64_t> origin{};
    bool operator==(const Entry&) const = default;
};

bool names(const std::vector<std::string>& people, const std::string& person)
{
    return std::find(people.begin(), people.end(), person) != people.end();
}

void put_once(std::vector<std::string>& people, const std::string& person)
{
    if (!names(people, person))
        people.push_back(person);
}

/// The overrides on top of what the rotations say, by the rules of precedence in the header.
std::vector<Entry> overridden(
    std::vector<Entry> entries, const std::vector<Override>& overrides, const std::vector<std::size_t>& active)
{
    std::size_t from = 0; // in `active`
    for (std::size_t i = 0; i < active.size(); ++i) {
        const auto& one = overrides[active[i]];
        if (one.kind == Override::Kind::put && one.instead_of.empty()) {
            entries = {Entry{"", one.people, true, {-2, static_cast<std::int64_t>(active[i])}}};
            from = i + 1;
        }
    }
    const auto removed_after = [&](std::size_t i, const std::string& person) {
        for (auto later = i + 1; later < active.size(); ++later)
            if (overrides[active[later]].kind == Override::Kind::remove && names(overrides[active[later]].people, person))
                return true;
        return false;
    };
    for (auto& entry : entries) {
        std::vector<std::string> now;
        for (const auto& person : entry.people) {
            std::optional<std::size_t> latest;
            for (auto i = from; i < active.size(); ++i) {
                const auto& one = overrides[active[i]];
                if ((one.kind == Override::Kind::put && one.instead_of == person)
                    || (one.kind == Override::Kind::remove && names(one.people, person)))
                    latest = i;
            }
            if (!latest) {
                put_once(now, person);
                continue;
            }
            if (const auto& one = overrides[active[*latest]]; one.kind == Override::Kind::put)
                for (const auto& standing_in : one.people)
                    if (!removed_after(*latest, standing_in))
                        put_once(now, standing_in);
        }
        entry.overridden = entry.overridden || now != entry.people;
        entry.people = std::move(now);
    }
    for (auto i = from; i < active.size(); ++i) {
        const auto& one = overrides[active[i]];
        if (one.kind != Override::Kind::add)
            continue;
        Entry added{"", {}, true, {-1, static_cast<std::int64_t>(active[i])}};
        for (const auto& person : one.people)
            if (!removed_after(i, person))
                put_once(added.people, person);
        if (!added.people.empty())
            entries.push_back(std::move(added));
    }
    const auto is_empty = [](const Entry& entry) { return entry.people.empty(); };
    if (std::all_of(entries.begin(), entries.end(), is_empty)) {
        // Nobody is left: one gap, which says that it was made.
        Entry gap{"", {}, false, {-3, 0}};
        for (const auto& entry : entries)
            if (entry.overridden && !gap.overridden)
                gap = entry;
        return {gap};
    }
    std::erase_if(entries, is_empty);
    return entries;
}

} // namespace

std::vector<Shift> final_shifts(const Schedule& schedule, TimePoint from, TimePoint to)
{
    if (from >= to)
        return {};
    std::vector<Turns> rotations;
    for (const auto& rotation : schedule.rotations)
        if (!rotation.turns.empty() && !rotation.lengths.empty() && rotation.lengths.front() > 0)
            rotations.emplace_back(rotation, schedule.time_zone);

    // Between two neighbouring cuts nothing changes.
    std::vector<TimePoint> cuts{from, to};
    for (const auto& turns : rotations)
        for (auto k = turns.at(from) + 1; turns.begin(k) < to; ++k)
            cuts.push_back(turns.begin(k));
    for (const auto& one : schedule.overrides)
        for (const auto edge : {one.from, one.to})
            if (edge > from && edge < to)
                cuts.push_back(edge);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

    std::vector<std::int64_t> turn(rotations.size());
    for (std::size_t r = 0; r < rotations.size(); ++r)
        turn[r] = rotations[r].at(from);

    std::vector<Shift> shifts;
    std::vector<std::pair<Entry, std::size_t>> open; // entries of the stretch before, and their shifts
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const auto begin = cuts[i];
        std::vector<Entry> entries;
        int highest{};
        for (std::size_t r = 0; r < rotations.size(); ++r) {
            while (rotations[r].begin(turn[r] + 1) <= begin)
                ++turn[r];
            const auto& people = rotations[r].people(turn[r]);
            const auto priority = rotations[r].rotation().priority;
            if (people.empty() || (!entries.empty() && priority < highest))
                continue;
            if (!entries.empty() && priority > highest)
                entries.clear();
            highest = priority;
            entries.push_back({rotations[r].rotation().name, people, false, {static_cast<int>(r), turn[r]}});
        }
        std::vector<std::size_t> active;
        for (std::size_t o = 0; o < schedule.overrides.size(); ++o)
            if (schedule.overrides[o].from <= begin && begin < schedule.overrides[o].to)
                active.push_back(o);
        entries = overridden(std::move(entries), schedule.overrides, active);

        std::vector<std::pair<Entry, std::size_t>> now;
        for (auto& entry : entries) {
            const auto same = std::find_if(open.begin(), open.end(), [&](const auto& before) { return before.first == entry; });
            if (same != open.end()) {
                shifts[same->second].end = cuts[i + 1];
                now.emplace_back(std::move(entry), same->second);
            } else {
                shifts.push_back({begin, cuts[i + 1], entry.people, entry.rotation, entry.overridden});
                now.emplace_back(std::move(entry), shifts.size() - 1);
            }
        }
        open = std::move(now);
    }
    std::stable_sort(shifts.begin(), shifts.end(),
        [](const Shift& a, const Shift& b) { return std::tie(a.start, a.rotation) < std::tie(b.start, b.rotation); });
    return shifts;
}

OnCall who_is_on_call(const Schedule& schedule, TimePoint at)
{
    const auto people_at = [](const std::vector<Shift>& shifts, TimePoint t) {
        std::vector<std::string> people;
        for (const auto& shift : shifts)
            if (shift.start <= t && t < shift.end)
                for (const auto& person : shift.people)
                    put_once(people, person);
        return people;
    };
    OnCall answer;
    for (const auto days : {8, 40, 400}) {
        const std::chrono::hours reach{24 * days};
        const auto shifts = final_shifts(schedule, at - reach, at + reach);
        answer = {};
        answer.people = people_at(shifts, at);
        bool whole = true;
        for (const auto& shift : shifts)
            if (shift.start <= at && at < shift.end) {
                whole = whole && shift.start > at - reach;
                answer.because.push_back(shift);
            }
        auto sorted = answer.people;
        std::sort(sorted.begin(), sorted.end());
        for (const auto& shift : shifts) {
            if (shift.start <= at)
                continue;
            auto then = people_at(shifts, shift.start);
            auto compared = then;
            std::sort(compared.begin(), compared.end());
            if (compared != sorted) {
                answer.until = shift.start;
                answer.next = std::move(then);
                break;
            }
        }
        if (whole && answer.until)
            break;
    }
    return answer;
}

} // namespace oncall
