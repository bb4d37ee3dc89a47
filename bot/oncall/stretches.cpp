#include "oncall/stretches.hpp"

#include <algorithm>

namespace oncall {

Stretches::Stretches(const Schedule& schedule, TimePoint from, TimePoint to)
    : schedule_{schedule}
    , reach_{std::max<milliseconds>(to - from, 24h)}
{
    duties_.reserve(schedule.rotations.size());
    for (const auto& rotation : schedule.rotations)
        duties_.emplace_back(rotation, schedule.time_zone, clocks_);
    load(from, to);
}

/// Only what touches [from, to) is kept and sorted, so that a long history costs one look at each. That is all there is as far as
/// the next change before and after.
void Stretches::load(TimePoint from, TimePoint to)
{
    from_ = no_beginning;
    to_ = no_end;
    changes_.clear();
    edges_.clear();
    passed_ = 0;
    of_rotation_.assign(schedule_.rotations.size(), {});
    of_schedule_ = {};
    temporaries_.clear();
    temporary_shifts_.clear();

    const auto add = [&](const Change& change) {
        if (change.from >= change.to)
            return;
        if (change.to <= from)
            from_ = std::max(from_, change.to);
        if (change.from >= to)
            to_ = std::min(to_, change.from);
        if (change.to <= from || change.from >= to)
            return;
        edges_.push_back({change.from, changes_.size(), true});
        edges_.push_back({change.to, changes_.size(), false});
        changes_.push_back(change);
    };
    for (std::size_t i = 0; i < schedule_.overrides.size(); ++i)
        add({schedule_.overrides[i].from, schedule_.overrides[i].to, &schedule_.overrides[i], i, {}});
    for (std::size_t i = 0; i < schedule_.temporary.size(); ++i) {
        const auto& one = schedule_.temporary[i];
        add({one.from, one.to, nullptr, i, {}});
        for (std::size_t shift = 0; shift < one.shifts.size(); ++shift)
            add({std::max(one.from, one.shifts[shift].from), std::min(one.to, one.shifts[shift].to), nullptr, i, shift});
    }
    std::sort(edges_.begin(), edges_.end(), [](const Edge& one, const Edge& other) { return one.at < other.at; });
}

ActiveOverrides* Stretches::scope_of(const Override& one)
{
    if (one.rotation.empty())
        return &of_schedule_;
    for (std::size_t r = 0; r < schedule_.rotations.size(); ++r)
        if (schedule_.rotations[r].name == one.rotation)
            return &of_rotation_[r];
    return nullptr;
}

void Stretches::cross(const Edge& edge, bool begins)
{
    const auto& change = changes_[edge.change];
    const auto mark = [&](auto& set, const auto& one) {
        if (begins)
            set.insert(one);
        else
            set.erase(one);
    };
    if (change.shift)
        mark(temporary_shifts_, std::pair{change.number, *change.shift});
    else if (!change.override_)
        mark(temporaries_, change.number);
    else if (auto* const scope = scope_of(*change.override_); scope && begins)
        scope->begins(change.number, *change.override_);
    else if (scope)
        scope->ends(change.number, *change.override_);
}

void Stretches::move_to(TimePoint t)
{
    if (t < from_ || t >= to_) {
        reach_ *= 2; // so that a long way is not gone in many small steps
        load(t - reach_, t + reach_);
    }
    for (; passed_ < edges_.size() && edges_[passed_].at <= t; ++passed_)
        cross(edges_[passed_], edges_[passed_].begins);
    for (; passed_ > 0 && edges_[passed_ - 1].at > t; --passed_)
        cross(edges_[passed_ - 1], !edges_[passed_ - 1].begins);
}

/// The people of the highest priority, each rotation with the overrides that name it. `anybody`: whether somebody would be on
/// call without these.
std::vector<Entry> Stretches::of_rotations(TimePoint t, bool& anybody)
{
    std::vector<Entry> entries;
    int highest{};
    for (std::size_t r = 0; r < duties_.size(); ++r) {
        const auto& duty = duties_[r].at(t);
        last_.since = std::max(last_.since, duty.since);
        last_.until = std::min(last_.until, duty.until);
        std::vector<Entry> own;
        if (duty.people && !duty.people->empty()) {
            anybody = true;
            auto& entry = own.emplace_back(Entry{{r, Cause::Kind::turn, duty.version, duty.turn}, {}, false});
            for (const auto& person : *duty.people)
                if (std::find(entry.people.begin(), entry.people.end(), person) == entry.people.end())
                    entry.people.push_back(person);
        }
        of_rotation_[r].apply(own, schedule_.overrides, r);
        if (own.empty() || (!entries.empty() && duty.priority < highest))
            continue;
        if (!entries.empty() && duty.priority > highest)
            entries.clear();
        highest = duty.priority;
        std::move(own.begin(), own.end(), std::back_inserter(entries));
    }
    return entries;
}

std::vector<Entry> Stretches::of_temporary(std::size_t number) const
{
    std::vector<Entry> entries;
    for (auto one = temporary_shifts_.lower_bound({number, 0}); one != temporary_shifts_.end() && one->first == number; ++one) {
        Entry entry{{Cause::whole_schedule, Cause::Kind::temporary, number, static_cast<std::int64_t>(one->second)}, {}, true};
        for (const auto& person : schedule_.temporary[number].shifts[one->second].people)
            if (std::find(entry.people.begin(), entry.people.end(), person) == entry.people.end())
                entry.people.push_back(person);
        if (!entry.people.empty())
            entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<Entry> Stretches::entries_at(TimePoint t)
{
    bool anybody = false;
    auto entries = of_rotations(t, anybody);
    if (temporaries_.empty())
        of_schedule_.apply(entries, schedule_.overrides, Cause::whole_schedule);
    else
        entries = of_temporary(*temporaries_.rbegin());
    if (entries.empty())
        entries.push_back({{}, {}, anybody});
    return entries;
}

const Stretches::Stretch& Stretches::at(TimePoint t)
{
    move_to(t);
    last_.since = passed_ == 0 ? from_ : std::max(from_, edges_[passed_ - 1].at);
    last_.until = passed_ == edges_.size() ? to_ : std::min(to_, edges_[passed_].at);
    last_.entries = entries_at(t);
    return last_;
}

} // namespace oncall
