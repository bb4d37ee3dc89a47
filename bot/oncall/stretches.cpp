#include "oncall/stretches.hpp"

#include <algorithm>

namespace oncall {

Stretches::Stretches(const Schedule& schedule, TimePoint from, TimePoint to)
    : schedule_{schedule}
    , reach_{std::max<milliseconds>(to - from, 24h)}
    , of_schedule_{schedule}
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
    of_schedule_ = ActiveOverrides{schedule_};
    of_rotation_.assign(schedule_.rotations.size(), of_schedule_);
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

/// The people of the highest priority, each rotation with the overrides that name it. Whether somebody would be on call without
/// these.
bool Stretches::see_rotations(TimePoint t)
{
    auto& entries = last_.entries;
    bool anybody = false;
    int highest{};
    for (std::size_t r = 0; r < duties_.size(); ++r) {
        const auto& duty = duties_[r].at(t);
        last_.since = std::max(last_.since, duty.since);
        last_.until = std::min(last_.until, duty.until);
        const bool somebody = duty.people && !duty.people->empty();
        anybody = anybody || somebody;
        if ((!somebody && of_rotation_[r].empty()) || (!entries.empty() && duty.priority < highest))
            continue;
        own_.clear();
        if (somebody)
            own_.push_back({{r, Cause::Kind::turn, duty.version, duty.turn}, Names{*duty.people}, false});
        of_rotation_[r].apply(own_, r);
        if (own_.empty())
            continue;
        if (duty.priority > highest)
            entries.clear();
        highest = duty.priority;
        entries.insert(entries.end(), own_.begin(), own_.end());
    }
    return anybody;
}

void Stretches::see_temporary(std::size_t number)
{
    last_.entries.clear();
    for (auto one = temporary_shifts_.lower_bound({number, 0}); one != temporary_shifts_.end() && one->first == number; ++one)
        if (const auto& people = schedule_.temporary[number].shifts[one->second].people; !people.empty())
            last_.entries.push_back(
                {{Cause::whole_schedule, Cause::Kind::temporary, number, static_cast<std::int64_t>(one->second)}, Names{people},
                    true});
}

const Stretches::Stretch& Stretches::at(TimePoint t)
{
    move_to(t);
    last_.since = passed_ == 0 ? from_ : std::max(from_, edges_[passed_ - 1].at);
    last_.until = passed_ == edges_.size() ? to_ : std::min(to_, edges_[passed_].at);
    last_.entries.clear();
    const bool anybody = see_rotations(t);
    if (temporaries_.empty())
        of_schedule_.apply(last_.entries, Cause::whole_schedule);
    else
        see_temporary(*temporaries_.rbegin());
    if (last_.entries.empty())
        last_.entries.push_back({{}, {}, anybody});
    return last_;
}

} // namespace oncall
