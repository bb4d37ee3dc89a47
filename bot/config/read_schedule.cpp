#include "config/read.hpp"
#include "config/times.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::Override;
using oncall::Temporary;

struct Stretch {
    oncall::TimePoint from{};
    oncall::TimePoint to{};
};

/// `from` and `to` of `what`; nullopt, after a problem, when they are no stretch of time.
std::optional<Stretch> read_stretch(Reader& reader, const Fields& in, const std::string& zone, const std::string& what)
{
    const auto from = reader.instant(in, "from", zone);
    const auto to = reader.instant(in, "to", zone);
    if (!from || !to)
        return std::nullopt;
    if (*to > *from)
        return Stretch{*from, *to};
    const auto is_skipped = [&](const std::string& key, oncall::TimePoint at) {
        const auto written = time_in(in.at(key).node->text);
        return !written->offset && oncall::to_local(at, zone) != written->local;
    };
    if (*to == *from && in.at("from").node->text != in.at("to").node->text
        && (is_skipped("from", *from) || is_skipped("to", *to)))
        reader.skipped(in.at("to"), what, *to, zone);
    else
        reader.problem(
            in.at("to"), what + (*to == *from ? " ends when it begins" : " ends before it begins"), "let `to` be after `from`");
    return std::nullopt;
}

std::optional<Override> read_override(
    Reader& reader, const Place& at, const oncall::Schedule& schedule, const std::vector<std::string>& rotations)
{
    const std::vector<std::pair<std::string, Override::Kind>> kinds{
        {"put", Override::Kind::put}, {"add", Override::Kind::add}, {"remove", Override::Kind::remove}};
    const auto in = reader.fields(at, "an override", {"from", "to", "put", "add", "remove", "instead_of", "rotation"});
    Override change;
    const auto stretch = read_stretch(reader, in, schedule.time_zone, "the override");
    if (in.has("put") + in.has("add") + in.has("remove") != 1)
        reader.problem(at, "an override does one thing", "write one of put, add and remove");
    for (const auto& [key, kind] : kinds)
        if (in.has(key)) {
            change.kind = kind;
            change.people = reader.people(in.at(key), key);
            if (in.at(key).node->kind == Node::Kind::list && in.at(key).node->items.empty())
                reader.problem(in.at(key), "`" + key + "` names nobody",
                    key == "put" ? "name somebody; to leave a gap, use `remove`" : "name somebody");
        }
    change.instead_of = reader.text(in, "instead_of");
    if (!change.instead_of.empty() && !in.has("put"))
        reader.problem(in.at("instead_of"), "`instead_of` stands without `put`", "say with `put` who takes the part");
    if (!change.instead_of.empty() && !reader.is_person_here(change.instead_of))
        reader.problem(in.at("instead_of"), "`" + change.instead_of + "` is no person",
            "name one person by e-mail, @handle or Slack id (U…)");
    change.rotation = reader.text(in, "rotation");
    if (!change.rotation.empty() && !std::binary_search(rotations.begin(), rotations.end(), change.rotation))
        reader.problem(in.at("rotation"), "schedule " + schedule.name + " has no rotation `" + change.rotation + "`",
            reader.suggestion(
                change.rotation, rotations, "name one that it has, or leave `rotation` out for the whole schedule"));
    if (!stretch)
        return std::nullopt;
    change.from = stretch->from;
    change.to = stretch->to;
    return change;
}

std::optional<Temporary> read_temporary(Reader& reader, const Place& at, const std::string& zone)
{
    const auto in = reader.fields(at, "a temporary schedule", {"from", "to", "shifts"});
    const auto whole = read_stretch(reader, in, zone, "the temporary schedule");
    Temporary temporary;
    for (const auto& item : reader.list(in, "shifts")) {
        const auto shift = reader.fields(item, "a shift", {"from", "to", "users"});
        const auto stretch = read_stretch(reader, shift, zone, "the shift");
        if (stretch && whole && (stretch->to <= whole->from || stretch->from >= whole->to))
            reader.problem(shift.at("from"), "the shift is outside of its temporary schedule",
                "move it, or let the temporary schedule last longer");
        std::vector<std::string> people;
        if (shift.has("users"))
            people = reader.people(shift.at("users"), "users");
        if (!shift.has("users") || (shift.at("users").node->kind == Node::Kind::list && shift.at("users").node->items.empty()))
            reader.problem(shift.near("users"), "nobody is in the shift",
                "list them under `users`, or leave the shift out: nobody is on call then");
        if (stretch)
            temporary.shifts.push_back({stretch->from, stretch->to, std::move(people)});
    }
    if (!whole)
        return std::nullopt;
    temporary.from = whole->from;
    temporary.to = whole->to;
    return temporary;
}

/// What a rotation does on holidays needs a calendar of them, and the rotation that has its duty then is one beside it.
void check_on_holidays(Reader& reader, const Place& at, const oncall::Rotation& rotation, const oncall::Schedule& schedule,
    const std::vector<std::string>& rotations)
{
    const auto& other = rotation.other_rotation;
    const auto* const written = find(*at.node, "on_holidays");
    if (rotation.on_holidays == oncall::OnHolidays::as_usual || !written)
        return;
    const Place place{written, at.path + ".on_holidays"};
    if (rotation.holidays.empty() && schedule.holidays.empty())
        reader.problem(place, "`on_holidays` stands without a calendar of holidays",
            "name one under `holidays`, of the rotation or of the schedule");
    if (other.empty())
        return;
    if (other == rotation.name)
        reader.problem(place, "rotation " + other + " hands its holidays to itself", "name another one, or leave it out");
    else if (!std::binary_search(rotations.begin(), rotations.end(), other))
        reader.problem(place, "the schedule has no rotation `" + other + "`",
            reader.suggestion(other, rotations, "name one that it has, off, or people"));
}

/// The names of the schedule's rotations, in order of the alphabet.
std::vector<std::string> read_rotations(Reader& reader, const Fields& in, oncall::Schedule& schedule)
{
    std::set<std::string> names;
    std::vector<Place> places;
    for (const auto& item : reader.list(in, "rotations")) {
        auto rotation = read_rotation(reader, item, schedule.rotations.size(), schedule.time_zone);
        if (!rotation.name.empty() && !names.insert(rotation.name).second) {
            const auto* const name = find(*item.node, "name");
            reader.problem({name ? name : item.node, item.path + ".name"}, "two rotations are called `" + rotation.name + "`",
                "rename one of them");
        }
        schedule.rotations.push_back(std::move(rotation));
        places.push_back(item);
    }
    const std::vector<std::string> all{names.begin(), names.end()};
    for (std::size_t i = 0; i < places.size(); ++i)
        check_on_holidays(reader, places[i], schedule.rotations[i], schedule, all);
    return all;
}

} // namespace

oncall::Schedule read_schedule(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "schedule " + name, {"time_zone", "holidays", "rotations", "overrides", "temporary"});
    oncall::Schedule schedule;
    schedule.name = name;
    if (auto zone = reader.zone(in, "time_zone"); !zone.empty())
        schedule.time_zone = std::move(zone);
    schedule.holidays = reader.reference(in, "holidays", "holidays");
    const auto rotations = read_rotations(reader, in, schedule);
    for (const auto& item : reader.list(in, "overrides"))
        if (auto change = read_override(reader, item, schedule, rotations))
            schedule.overrides.push_back(std::move(*change));
    for (const auto& item : reader.list(in, "temporary"))
        if (auto temporary = read_temporary(reader, item, schedule.time_zone))
            schedule.temporary.push_back(std::move(*temporary));
    return schedule;
}

} // namespace config
