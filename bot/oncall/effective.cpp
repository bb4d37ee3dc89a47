#include "oncall/effective.hpp"

#include "oncall/duty.hpp"
#include "oncall/overrides.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

/// What a rotation is from an instant on, until the next one.
struct EffectivePiece {
    TimePoint since{no_beginning};
    std::string zone{}; // its own, else the schedule's
    Rotation it{}; // without versions
};

/// What no version says: a rotation has it in all its time.
void take_holidays(Rotation& rotation, const Rotation& of)
{
    rotation.holidays = of.holidays;
    rotation.on_holidays = of.on_holidays;
    rotation.others = of.others;
    rotation.other_rotation = of.other_rotation;
}

TimePoint instant_on(WallClock* clock, LocalTime local)
{
    return clock ? clock->instant(local) : TimePoint{local.time_since_epoch()};
}

/// The first local time whose instant is not before `t`.
LocalTime first_named(WallClock* clock, TimePoint t)
{
    if (!clock)
        return LocalTime{t.time_since_epoch()};
    const auto reached = clock->reached(t);
    return clock->instant(reached) < t ? reached + 1ms : reached;
}

/// One after another.
std::vector<EffectivePiece> pieces_of(const Rotation& rotation, const std::string& schedule_zone, WallClocks& clocks)
{
    std::vector<EffectivePiece> pieces;
    const auto add = [&](Rotation one, bool from_the_beginning) {
        one.versions.clear();
        one.name = rotation.name;
        take_holidays(one, rotation);
        const auto zone = one.time_zone.empty() ? schedule_zone : one.time_zone;
        const auto since = from_the_beginning ? no_beginning : instant_on(clocks.of(zone), one.from);
        pieces.push_back({since, zone, std::move(one)});
    };
    add(rotation, true);
    for (const auto& version : rotation.versions)
        add(version, false);
    std::stable_sort(pieces.begin() + 1, pieces.end(),
        [](const EffectivePiece& one, const EffectivePiece& other) { return one.since < other.since; });
    return pieces;
}

/// The pieces that hold at some time from `at` on; the first of them since then.
std::vector<EffectivePiece> pieces_from(std::vector<EffectivePiece> pieces, TimePoint at)
{
    const auto after = std::upper_bound(
        pieces.begin() + 1, pieces.end(), at, [](TimePoint t, const EffectivePiece& piece) { return t < piece.since; });
    pieces.erase(pieces.begin(), std::prev(after));
    pieces.front().since = at;
    return pieces;
}

bool is_same(EffectivePiece one, EffectivePiece other)
{
    one.it.from = other.it.from = LocalTime{};
    one.it.time_zone = other.it.time_zone = std::string{};
    return one.zone == other.zone && one.it == other.it;
}

bool is_same(const std::vector<EffectivePiece>& some, const std::vector<EffectivePiece>& others)
{
    return std::equal(some.begin(), some.end(), others.begin(), others.end(),
        [](const EffectivePiece& one, const EffectivePiece& other) { return one.since == other.since && is_same(one, other); });
}

const Rotation* rotation_called(const Schedule& schedule, const std::string& name)
{
    const auto found =
        std::find_if(schedule.rotations.begin(), schedule.rotations.end(), [&](const Rotation& one) { return one.name == name; });
    return found == schedule.rotations.end() ? nullptr : &*found;
}

/// Of a rotation that begins with its first version, the part before that.
bool is_before_versions(const EffectivePiece& piece) { return piece.since == no_beginning && piece.it.turns.empty(); }

/// One edit. What it makes stands in a schedule with the zone of `becomes`.
class EffectiveEdit {
public:
    /// `as_written`: a rotation that shows as it was is none the less what it says.
    EffectiveEdit(const Schedule& was, const Schedule& becomes, TimePoint at, bool as_written)
        : was_{was}
        , becomes_{becomes}
        , at_{at}
        , as_written_{as_written}
    {
    }

    std::vector<EffectivePiece> before(const Rotation& rotation)
    {
        auto pieces = pieces_of(rotation, was_.time_zone, clocks_);
        if (was_.time_zone != becomes_.time_zone)
            for (auto& piece : pieces)
                piece.it.time_zone = piece.zone;
        return pieces;
    }
    std::vector<EffectivePiece> after(const Rotation& rotation) { return pieces_of(rotation, becomes_.time_zone, clocks_); }

    /// Nothing when it is not there at any time before.
    std::optional<Rotation> gone(const Rotation& rotation)
    {
        auto pieces = past_of(before(rotation));
        end(pieces);
        if (pieces.empty() || (pieces.size() == 1 && is_before_versions(pieces.front())))
            return std::nullopt;
        return put_together(rotation.name, std::move(pieces));
    }

    std::optional<Rotation> changed(const Rotation& rotation, const Rotation& wanted)
    {
        auto was = before(rotation);
        for (auto& piece : was)
            take_holidays(piece.it, wanted);
        const auto wants = after(wanted);
        const bool shows_the_same = !as_written_ && wants.size() == 1 && is_same(was.back(), wants[0]);
        if (shows_the_same || is_same(pieces_from(was, at_), pieces_from(wants, at_)))
            return put_together(rotation.name, was);
        auto pieces = past_of(was);
        auto& last = pieces.back();
        if (pieces.size() == 1 && (is_before_versions(last) || !has_begun(last)))
            return begun(wanted);
        auto coming = pieces_from(wants, at_);
        auto& first = coming.front();
        if (first.it.turns.empty()) {
            end(pieces);
            coming.erase(coming.begin());
        } else if (goes_on_as(last, first)) {
            last.it.end = first.it.end;
            coming.erase(coming.begin());
        } else {
            first.it.from = first_named(clocks_.of(first.zone), at_);
        }
        std::move(coming.begin(), coming.end(), std::back_inserter(pieces));
        return put_together(rotation.name, std::move(pieces));
    }

    /// Nothing when it is over by then.
    std::optional<Rotation> begun(const Rotation& wanted)
    {
        auto pieces = pieces_from(after(wanted), at_);
        auto& first = pieces.front();
        if (first.it.turns.empty() || end_of(first) <= at_)
            first = {}; // it begins with what comes later
        else if (!first.it.begin || has_begun(first))
            first.it.begin = first_named(clocks_.of(first.zone), at_);
        if (first.it.turns.empty() && pieces.size() == 1)
            return std::nullopt;
        return put_together(wanted.name, std::move(pieces));
    }

private:
    std::vector<EffectivePiece> past_of(std::vector<EffectivePiece> pieces) const
    {
        std::erase_if(pieces, [&](const EffectivePiece& piece) { return piece.since >= at_; });
        return pieces;
    }

    bool has_begun(const EffectivePiece& piece)
    {
        return !piece.it.begin || instant_on(clocks_.of(piece.zone), *piece.it.begin) < at_;
    }
    TimePoint end_of(const EffectivePiece& piece)
    {
        return piece.it.end ? instant_on(clocks_.of(piece.zone), *piece.it.end) : no_end;
    }

    /// Whether they are the same but for when they end, and neither ends before: then no version is needed.
    bool goes_on_as(EffectivePiece last, const EffectivePiece& first)
    {
        if (is_same(last, first))
            return true;
        if (end_of(last) < at_ || end_of(first) < at_)
            return false;
        last.it.end = first.it.end;
        return is_same(last, first);
    }

    void end(std::vector<EffectivePiece>& pieces)
    {
        auto& last = pieces.back();
        if (is_before_versions(last) || (has_begun(last) && end_of(last) <= at_))
            return;
        if (has_begun(last)) {
            last.it.end = first_named(clocks_.of(last.zone), at_);
        } else if (last.since == no_beginning) {
            pieces.pop_back();
        } else { // it is to end before it begins, and the version before it does not come back
            last.it.begin.reset();
            last.it.end = last.it.from;
        }
    }

    static Rotation put_together(const std::string& name, std::vector<EffectivePiece> pieces)
    {
        take_holidays(pieces.front().it, pieces.back().it);
        auto rotation = std::move(pieces.front().it);
        rotation.from = LocalTime{};
        rotation.name = name;
        for (std::size_t i = 1; i < pieces.size(); ++i) {
            take_holidays(pieces[i].it, {});
            rotation.versions.push_back(std::move(pieces[i].it));
        }
        return rotation;
    }

    const Schedule& was_;
    const Schedule& becomes_;
    TimePoint at_;
    bool as_written_;
    WallClocks clocks_{};
};

Schedule edited_from(const Schedule& was, const Schedule& becomes, TimePoint from, bool as_written)
{
    auto result = was;
    result.name = becomes.name;
    result.time_zone = becomes.time_zone;
    result.holidays = becomes.holidays;
    result.identities.insert(becomes.identities.begin(), becomes.identities.end());
    result.rotations.clear();
    EffectiveEdit edit{was, becomes, effective_at(was, becomes, from), as_written};
    for (const auto& rotation : was.rotations) {
        const auto* const wanted = rotation_called(becomes, rotation.name);
        if (!rotation.ics.empty() || (wanted && !wanted->ics.empty())) {
            if (wanted)
                result.rotations.push_back(*wanted);
            continue;
        }
        auto becoming = wanted ? edit.changed(rotation, *wanted) : edit.gone(rotation);
        if (becoming)
            result.rotations.push_back(std::move(*becoming));
    }
    for (const auto& rotation : becomes.rotations) {
        if (rotation_called(was, rotation.name))
            continue;
        if (!rotation.ics.empty()) {
            result.rotations.push_back(rotation);
            continue;
        }
        if (auto begun = edit.begun(rotation))
            result.rotations.push_back(std::move(*begun));
    }
    return result;
}

/// The parts of temporary schedules that lie in [from, to).
void add_cut(std::vector<Temporary>& all, const std::vector<Temporary>& some, TimePoint from, TimePoint to)
{
    for (auto one : some) {
        if (one.to <= from || one.from >= to)
            continue;
        one.from = std::max(one.from, from);
        one.to = std::min(one.to, to);
        for (auto& shift : one.shifts) {
            shift.from = std::max(shift.from, from);
            shift.to = std::min(shift.to, to);
        }
        std::erase_if(one.shifts, [](const Temporary::Shift& shift) { return shift.to <= shift.from; });
        all.push_back(std::move(one));
    }
}

} // namespace

TimePoint effective_at(const Schedule& was, const Schedule& becomes, TimePoint from)
{
    std::set<std::string> zones{was.time_zone, becomes.time_zone};
    for (const auto* schedule : {&was, &becomes})
        for (const auto& rotation : schedule->rotations) {
            zones.insert(rotation.time_zone);
            for (const auto& version : rotation.versions)
                zones.insert(version.time_zone);
        }
    zones.erase("");
    WallClocks clocks;
    for (bool moved = true; moved;) {
        moved = false;
        for (const auto& zone : zones) {
            auto* const clock = clocks.of(zone);
            const auto named = clock ? clock->instant(first_named(clock, from)) : from;
            moved = moved || named > from;
            from = std::max(from, named);
        }
    }
    return from;
}

Schedule effective_from(const Schedule& was, const Schedule& becomes, TimePoint from)
{
    return edited_from(was, becomes, from, false);
}

Schedule put_back(const Schedule& before, const Schedule& after, TimePoint at, TimePoint now)
{
    // What is written has whole seconds.
    at = effective_at(before, after, std::chrono::ceil<std::chrono::seconds>(at));
    now = effective_at(before, after, std::chrono::ceil<std::chrono::seconds>(now));
    if (at >= now || changes_between(before, after, {}, at, now).empty())
        return before;
    auto again = edited_from(edited_from(before, after, at, true), before, now, true);
    if (before.temporary != after.temporary) {
        again.temporary.clear();
        add_cut(again.temporary, before.temporary, TimePoint::min(), at);
        add_cut(again.temporary, after.temporary, at, now);
        add_cut(again.temporary, before.temporary, now, TimePoint::max());
    }
    return again;
}

Schedule newest(const Schedule& schedule)
{
    auto result = schedule;
    WallClocks clocks;
    for (auto& rotation : result.rotations) {
        auto last = std::move(pieces_of(rotation, schedule.time_zone, clocks).back().it);
        last.from = LocalTime{};
        rotation = std::move(last);
    }
    return result;
}

} // namespace oncall
