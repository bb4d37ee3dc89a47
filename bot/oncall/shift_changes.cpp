#include "oncall/shift_changes.hpp"

#include <algorithm>
#include <tuple>

namespace oncall {

namespace {

struct OnDuty {
    TimePoint from{};
    TimePoint to{};
};
using DutyByPerson = std::map<std::string, std::vector<OnDuty>>;

/// Each person's time on call, neighbours joined, by the beginning.
DutyByPerson duty_by_person(const Schedule& schedule, const Schedule& identities, TimePoint from, TimePoint to)
{
    DutyByPerson all;
    for (const auto& shift : final_shifts(schedule, from, to))
        for (const auto& person : shift.people) {
            auto& theirs = all[identities.identity(schedule.identity(person))];
            if (!theirs.empty() && shift.start <= theirs.back().to)
                theirs.back().to = std::max(theirs.back().to, shift.end);
            else
                theirs.push_back({shift.start, shift.end});
        }
    return all;
}

/// What of `some` is in none of `others`.
std::vector<OnDuty> duty_without(const std::vector<OnDuty>& some, const std::vector<OnDuty>& others)
{
    std::vector<OnDuty> left;
    auto other = others.begin();
    for (auto [from, to] : some) {
        while (other != others.end() && other->to <= from)
            ++other;
        for (auto next = other; next != others.end() && next->from < to && from < to; ++next) {
            if (from < next->from)
                left.push_back({from, next->from});
            from = next->to;
        }
        if (from < to)
            left.push_back({from, to});
    }
    return left;
}

} // namespace

std::vector<ShiftChange> shift_changes(const Schedule& was, const Schedule& becomes, TimePoint from, TimePoint to)
{
    to = std::min<TimePoint>(to, from + longest_comparison);
    if (from >= to)
        return {};
    auto before = duty_by_person(was, becomes, from, to);
    auto after = duty_by_person(becomes, becomes, from, to);
    std::vector<ShiftChange> changes;
    const auto compare = [&](DutyByPerson& these, DutyByPerson& those, bool added) {
        for (const auto& [person, duty] : these)
            for (const auto& one : duty_without(duty, those[person]))
                changes.push_back({person, one.from, one.to, added});
    };
    compare(before, after, false);
    compare(after, before, true);
    const auto key = [](const ShiftChange& change) { return std::tie(change.from, change.person, change.added); };
    std::sort(
        changes.begin(), changes.end(), [&](const ShiftChange& one, const ShiftChange& other) { return key(one) < key(other); });
    changes.resize(std::min(changes.size(), most_shift_changes));
    return changes;
}

void tell_apart_together(Schedule& was, Schedule& becomes, const Known& known)
{
    auto both = becomes;
    both.rotations.insert(both.rotations.end(), was.rotations.begin(), was.rotations.end());
    both.overrides.insert(both.overrides.end(), was.overrides.begin(), was.overrides.end());
    both.temporary.insert(both.temporary.end(), was.temporary.begin(), was.temporary.end());
    tell_apart(both, known);
    was.identities = becomes.identities = std::move(both.identities);
}

} // namespace oncall
