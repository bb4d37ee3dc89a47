#include "oncall/overrides.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

using People = std::vector<std::string>;

bool contains_person(const People& people, const std::string& person)
{
    return std::find(people.begin(), people.end(), person) != people.end();
}

void put_once(People& people, const std::string& person)
{
    if (!contains_person(people, person))
        people.push_back(person);
}

bool same_people(People a, People b)
{
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}

/// Who is on call from each cut to the next.
std::vector<People> between_cuts(const std::vector<Shift>& shifts, const std::vector<TimePoint>& cuts, const Known& known)
{
    std::vector<People> all(cuts.size());
    for (const auto& shift : shifts) {
        auto at = static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), shift.start) - cuts.begin());
        for (; at < cuts.size() && cuts[at] < shift.end; ++at)
            for (const auto& person : shift.people)
                put_once(all[at], known_as(person, known));
    }
    return all;
}

/// What the schedule calls somebody: as its rotations and overrides do, else as they were chosen.
std::string named_in(const Schedule& schedule, const std::string& person, const Known& known)
{
    const auto id = known_as(person, known);
    const auto among = [&](const People& people) -> const std::string* {
        for (const auto& one : people)
            if (known_as(one, known) == id)
                return &one;
        return nullptr;
    };
    for (const auto& rotation : schedule.rotations) {
        for (const auto& turn : rotation.turns)
            if (const auto* found = among(turn))
                return *found;
        for (const auto& version : rotation.versions)
            for (const auto& turn : version.turns)
                if (const auto* found = among(turn))
                    return *found;
    }
    for (const auto& temporary : schedule.temporary)
        for (const auto& shift : temporary.shifts)
            if (const auto* found = among(shift.people))
                return *found;
    for (const auto& one : schedule.overrides)
        if (const auto* found = among(one.people))
            return *found;
    return id;
}

/// Times that make no override.
void check_times(const OverrideDraft& draft, bool begun, TimePoint now, OverrideProblems& problems)
{
    if (!draft.from)
        problems[OverrideField::from] = "Choose when it begins.";
    if (!draft.to)
        problems[OverrideField::to] = "Choose when it ends.";
    if (!draft.from || !draft.to)
        return;
    if (!begun && *draft.from - now > furthest_override)
        problems[OverrideField::from] = "That is more than a year ahead. Choose an earlier beginning.";
    else if (*draft.to <= *draft.from)
        problems[OverrideField::to] = "It must end after it begins.";
    else if (*draft.to <= now)
        problems[OverrideField::to] = "That is over already. Choose an end that is still to come.";
    else if (*draft.to - std::max(*draft.from, begun ? *draft.from : now) > longest_override)
        problems[OverrideField::to] = "An override lasts 90 days at most. For longer, the schedule's rotation should change.";
}

void check_people(const OverrideDraft& draft, const Known& known, OverrideProblems& problems)
{
    if (draft.people.empty())
        problems[OverrideField::people] = "Choose who is on call then.";
    else if (draft.people.size() > most_put_on_call)
        problems[OverrideField::people] = "Choose " + std::to_string(most_put_on_call) + " people at most.";
    if (draft.stead != Stead::one_person)
        return;
    if (draft.instead_of.empty())
        problems[OverrideField::instead_of] = "Choose whose time they take.";
    else if (!draft.agreed && std::any_of(draft.people.begin(), draft.people.end(), [&](const auto& one) {
                 return known_as(one, known) == known_as(draft.instead_of, known);
             }))
        problems[OverrideField::people] = mention(known_as(draft.instead_of, known)) + " cannot stand in for themselves.";
}

std::string nothing_changes(const OverrideDraft& draft)
{
    if (draft.stead == Stead::one_person)
        return "This changes nothing, since an override holds in that time. Choose \"Everybody on call\" to stand in for whoever "
               "is on by it.";
    if (draft.times_only)
        return "This changes nothing: in that time who is on call stays the same.";
    return "This changes nothing: they are on call in that time anyway.";
}

/// Whether an override has that person stand in for somebody.
bool stands_in_by(const Override& one, const std::string& person, const Known& known)
{
    return one.kind == Override::Kind::put && !one.instead_of.empty() && one.rotation.empty()
        && std::any_of(one.people.begin(), one.people.end(), [&](const auto& it) { return known_as(it, known) == person; });
}

/// Nobody but `whose` goes, and nobody but `taker` comes.
bool only_passes(const std::vector<ShiftChange>& changes, const std::string& whose, const std::string& taker)
{
    const auto all_but = [](const People& those, const People& others, const std::string& one) {
        return std::all_of(those.begin(), those.end(), [&](const auto& it) { return it == one || contains_person(others, it); });
    };
    return std::all_of(changes.begin(), changes.end(),
        [&](const ShiftChange& one) { return all_but(one.before, one.after, whose) && all_but(one.after, one.before, taker); });
}

/// One more stretch, joined with the one before where it goes on alike.
void join_stretch(std::vector<Concern::Stretch>& stretches, Concern::Stretch one)
{
    if (!stretches.empty() && stretches.back().end == one.start && same_people(stretches.back().others, one.others))
        stretches.back().end = one.end;
    else
        stretches.push_back(std::move(one));
}

} // namespace

std::vector<ShiftChange> changes_between(
    const Schedule& before, const Schedule& after, const Known& known, TimePoint from, TimePoint to)
{
    const auto was = final_shifts(before, from, to), is = final_shifts(after, from, to);
    std::vector<TimePoint> cuts;
    for (const auto* shifts : {&was, &is})
        for (const auto& shift : *shifts)
            cuts.insert(cuts.end(), {shift.start, shift.end});
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    auto people_before = between_cuts(was, cuts, known), people_after = between_cuts(is, cuts, known);

    std::vector<ShiftChange> changes;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        if (same_people(people_before[i], people_after[i]))
            continue;
        if (!changes.empty() && changes.back().end == cuts[i] && same_people(changes.back().before, people_before[i])
            && same_people(changes.back().after, people_after[i]))
            changes.back().end = cuts[i + 1];
        else
            changes.push_back({cuts[i], cuts[i + 1], std::move(people_before[i]), std::move(people_after[i])});
    }
    return changes;
}

std::vector<std::string> on_call_between(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to)
{
    People all;
    for (const auto& shift : final_shifts(schedule, from, to))
        for (const auto& person : shift.people)
            put_once(all, known_as(person, known));
    return all;
}

Drafted look_at(const OverrideDraft& draft, const Schedule& schedule, const Known& known, TimePoint now, const Override* edited)
{
    Drafted found;
    auto& one = found.one;
    const bool begun = edited && has_begun(*edited, now);
    check_times(draft, begun, now, found.problems);
    const bool times_only = edited && draft.times_only;
    if (begun || times_only) {
        one = *edited;
        one.from = begun ? edited->from : std::max(draft.from.value_or(now), now);
        one.to = draft.to.value_or(begun ? edited->to : now);
    } else {
        check_people(draft, known, found.problems);
        if (edited)
            one = *edited;
        one.kind = draft.stead == Stead::as_well ? Override::Kind::add : Override::Kind::put;
        one.people.clear();
        for (const auto& person : draft.people)
            put_once(one.people, named_in(schedule, person, known));
        one.instead_of = draft.stead == Stead::one_person ? named_in(schedule, draft.instead_of, known) : "";
        one.from = std::max(draft.from.value_or(now), now);
        one.to = draft.to.value_or(now);
    }
    if (!found.problems.empty())
        return found;

    const auto base = edited ? without(schedule, edited->id) : schedule;
    if (!begun && !times_only && !draft.agreed && draft.stead == Stead::one_person
        && !contains_person(on_call_between(base, known, one.from, one.to), known_as(draft.instead_of, known))) {
        found.problems[OverrideField::instead_of] =
            mention(known_as(draft.instead_of, known)) + " is not on call in that time. Choose somebody who is, or another time.";
        return found;
    }
    if (!begun && changes_between(base, with(base, one), known, one.from, one.to).empty()) {
        found.problems[times_only ? OverrideField::to : OverrideField::people] = nothing_changes(draft);
        return found;
    }
    const auto first = begun ? now : std::max(now, edited ? std::min(edited->from, one.from) : one.from);
    const auto last = std::min(edited ? std::max(edited->to, one.to) : one.to, looked_at_until(now));
    if (first < last)
        found.changes = changes_between(schedule, with(schedule, one), known, first, last);
    return found;
}

std::vector<OverrideDraft> agreed_drafts(const OverrideDraft& wish, const Schedule& schedule, const Known& known, TimePoint now)
{
    const auto whose = known_as(wish.instead_of, known), taker = known_as(wish.people.front(), known);
    // Where an override that brings her in begins or ends, somebody else may have to be named.
    std::vector<TimePoint> cuts{std::max(*wish.from, now), *wish.to};
    for (const auto& one : schedule.overrides)
        if (stands_in_by(one, whose, known))
            for (const auto at : {one.from, one.to})
                if (cuts[0] < at && at < cuts[1])
                    cuts.push_back(at);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<OverrideDraft> drafts;
    auto after = schedule;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        auto plain = wish;
        plain.agreed = true;
        plain.stead = Stead::one_person;
        plain.from = cuts[i];
        plain.to = cuts[i + 1];
        std::vector<OverrideDraft> ways{plain};
        for (auto one = schedule.overrides.rbegin(); one != schedule.overrides.rend(); ++one) {
            if (!stands_in_by(*one, whose, known) || cuts[i] < one->from || one->to < cuts[i + 1])
                continue;
            auto& way = ways.emplace_back(plain);
            way.instead_of = known_as(one->instead_of, known);
            way.people.clear();
            for (const auto& person : one->people)
                put_once(way.people, known_as(person, known) == whose ? taker : known_as(person, known));
        }
        const auto is_on = [&] { return contains_person(on_call_between(after, known, cuts[i], cuts[i + 1]), whose); };
        for (const auto& way : ways) {
            if (!is_on())
                break;
            auto looked_at = look_at(way, after, known, now);
            if (!looked_at.problems.empty() || !only_passes(looked_at.changes, whose, taker))
                continue;
            after = with(std::move(after), std::move(looked_at.one));
            const bool goes_on = !drafts.empty() && drafts.back().to == way.from && drafts.back().people == way.people
                && drafts.back().instead_of == way.instead_of;
            if (goes_on)
                drafts.back().to = way.to;
            else
                drafts.push_back(way);
        }
        if (is_on())
            return {};
    }
    return drafts;
}

std::string seen(const OverrideDraft& draft, const std::vector<ShiftChange>& changes)
{
    std::string text;
    const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ":" + part; };
    const auto add_time = [&](std::optional<TimePoint> at) { add(at ? std::to_string(at->time_since_epoch().count()) : ""); };
    const auto add_people = [&](People people) {
        std::sort(people.begin(), people.end());
        add(std::to_string(people.size()));
        for (const auto& person : people)
            add(person);
    };
    add(draft.schedule);
    add_people(draft.people);
    add_time(draft.from);
    add_time(draft.to);
    add(std::to_string(static_cast<int>(draft.stead)));
    add(draft.stead == Stead::one_person ? draft.instead_of : "");
    for (const auto& change : changes) {
        if (&change != &changes.front())
            add_time(change.start);
        add_time(change.end);
        add_people(change.before);
        add_people(change.after);
    }
    return text;
}

std::optional<OverrideDraft> draft_of(const Override& one, const std::string& schedule, const Known& known)
{
    if (one.kind == Override::Kind::remove || !one.rotation.empty())
        return std::nullopt;
    OverrideDraft draft;
    draft.schedule = schedule;
    for (const auto& person : one.people)
        draft.people.push_back(known_as(person, known));
    draft.from = one.from;
    draft.to = one.to;
    draft.stead = one.kind == Override::Kind::add ? Stead::as_well
        : one.instead_of.empty()                  ? Stead::everybody
                                                  : Stead::one_person;
    draft.instead_of = one.instead_of.empty() ? "" : known_as(one.instead_of, known);
    return draft;
}

Schedule with(Schedule schedule, Override one)
{
    for (auto& other : schedule.overrides)
        if (one.id != 0 && other.id == one.id) {
            other = std::move(one);
            return schedule;
        }
    schedule.overrides.push_back(std::move(one));
    return schedule;
}

Schedule without(Schedule schedule, std::int64_t id)
{
    std::erase_if(schedule.overrides, [&](const Override& one) { return one.id == id; });
    return schedule;
}

bool has_begun(const Override& one, TimePoint now) { return one.from <= now; }
bool is_over(const Override& one, TimePoint now) { return one.to <= now; }

std::optional<Override> taken_back(Override one, TimePoint now)
{
    if (is_over(one, now))
        throw Refusal{"This override is over, and what has been cannot be changed. `/oncall overrides` lists the others."};
    if (one.from >= now)
        return std::nullopt;
    one.to = now;
    return one;
}

std::vector<Concern> concerned(const std::vector<ShiftChange>& changes, const std::string& maker)
{
    std::vector<Concern> all;
    const auto of = [&](const std::string& person) -> Concern& {
        for (auto& one : all)
            if (one.person == person)
                return one;
        return all.emplace_back(Concern{person, {}, {}});
    };
    for (const auto& change : changes) {
        for (const auto& person : change.after)
            if (person != maker && !contains_person(change.before, person)) {
                // Whom they stand in for: those who went.
                Concern::Stretch gain{change.start, change.end, change.before};
                std::erase_if(gain.others, [&](const auto& one) { return contains_person(change.after, one); });
                join_stretch(of(person).gains, std::move(gain));
            }
        for (const auto& person : change.before)
            if (person != maker && !contains_person(change.after, person)) {
                Concern::Stretch loss{change.start, change.end, change.after};
                std::erase_if(loss.others, [&](const auto& one) { return contains_person(change.before, one); });
                join_stretch(of(person).losses, std::move(loss));
            }
    }
    return all;
}

} // namespace oncall
