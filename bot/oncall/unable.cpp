#include "oncall/unable.hpp"

#include "oncall/override_permission.hpp"
#include "oncall/policy.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

using Kind = NamedPlace::Kind;
using Names = std::set<std::string>;

/// How far the order of turns is compared: rotas of months, too.
constexpr milliseconds compared{std::chrono::hours{24 * 200}};

bool names_any(const std::vector<std::string>& people, const Names& names)
{
    return std::any_of(people.begin(), people.end(), [&](const std::string& one) { return names.contains(one); });
}

bool names_others(const std::vector<std::string>& people, const Names& names)
{
    return std::any_of(people.begin(), people.end(), [&](const std::string& one) { return !names.contains(one); });
}

bool is_over(const Rotation& rotation, const std::string& zone, TimePoint now)
{
    return rotation.end && to_instant(*rotation.end, rotation.time_zone.empty() ? zone : rotation.time_zone) <= now;
}

/// Since when each version holds that does so now or later; the rotation itself is the index -1, since ever.
std::vector<std::pair<TimePoint, int>> pieces_ahead(const Rotation& rotation, const std::string& schedule_zone, TimePoint now)
{
    std::vector<std::pair<TimePoint, int>> pieces{{TimePoint::min(), -1}};
    for (std::size_t i = 0; i < rotation.versions.size(); ++i) {
        const auto& version = rotation.versions[i];
        pieces.emplace_back(
            to_instant(version.from, version.time_zone.empty() ? schedule_zone : version.time_zone), static_cast<int>(i));
    }
    std::stable_sort(
        pieces.begin() + 1, pieces.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
    auto first = pieces.begin();
    for (auto piece = pieces.begin(); piece != pieces.end(); ++piece)
        if (piece->first <= now)
            first = piece;
    pieces.erase(pieces.begin(), first);
    return pieces;
}

const Rotation& piece_of(const Rotation& rotation, int index)
{
    return index < 0 ? rotation : rotation.versions[static_cast<std::size_t>(index)];
}

Rotation& piece_of(Rotation& rotation, int index)
{
    return index < 0 ? rotation : rotation.versions[static_cast<std::size_t>(index)];
}

void places_in_rotation(
    std::vector<NamedPlace>& found, const Schedule& schedule, const Rotation& rotation, const Names& names, TimePoint now)
{
    NamedPlace place;
    place.name = schedule.name;
    place.part = rotation.name;
    if (!rotation.ics.empty())
        return; // her calendar says so, and it is mended there
    bool named = false;
    for (const auto& [since, index] : pieces_ahead(rotation, schedule.time_zone, now)) {
        const auto& turns = piece_of(rotation, index).turns;
        const bool here = std::any_of(turns.begin(), turns.end(), [&](const Turn& turn) { return names_any(turn, names); });
        const bool others = std::any_of(turns.begin(), turns.end(), [&](const Turn& turn) { return names_others(turn, names); });
        named = named || here;
        place.alone = place.alone || (here && !others);
    }
    if (named)
        found.push_back(place);
}

void places_in_schedule(std::vector<NamedPlace>& found, const Schedule& schedule, const Names& names, TimePoint now)
{
    for (const auto& rotation : schedule.rotations) {
        if (is_over(rotation, schedule.time_zone, now))
            continue;
        places_in_rotation(found, schedule, rotation, names, now);
        if (names_any(rotation.others, names))
            found.push_back({Kind::holidays, schedule.name, rotation.name, {}, {}, !names_others(rotation.others, names)});
    }
    for (const auto& temporary : schedule.temporary) {
        if (temporary.to <= now)
            continue;
        const bool here = std::any_of(temporary.shifts.begin(), temporary.shifts.end(),
            [&](const Temporary::Shift& shift) { return shift.to > now && names_any(shift.people, names); });
        const bool alone = std::any_of(temporary.shifts.begin(), temporary.shifts.end(), [&](const Temporary::Shift& shift) {
            return shift.to > now && names_any(shift.people, names) && !names_others(shift.people, names);
        });
        if (here)
            found.push_back({Kind::temporary, schedule.name, {}, temporary.from, temporary.to, alone});
    }
    for (const auto& change : schedule.overrides)
        if (change.to > now && change.kind != Override::Kind::remove && names_any(change.people, names))
            found.push_back({Kind::override, schedule.name, {}, change.from, change.to, false});
}

/// Turns without her: hers alone fall away, and those that nobody was to have stay.
std::vector<Turn> turns_without(const std::vector<Turn>& turns, const Names& names)
{
    std::vector<Turn> left;
    for (auto turn : turns) {
        const bool was_empty = turn.empty();
        std::erase_if(turn, [&](const std::string& one) { return names.contains(one); });
        if (was_empty || !turn.empty())
            left.push_back(std::move(turn));
    }
    return left;
}

void replace(std::vector<std::string>& people, const Names& names, const std::string& instead)
{
    std::vector<std::string> left;
    for (auto& one : people) {
        auto name = names.contains(one) ? instead : std::move(one);
        if (!name.empty() && std::find(left.begin(), left.end(), name) == left.end())
            left.push_back(std::move(name));
    }
    people = std::move(left);
}

/// Who has a turn after whom, from `at` on, without her.
std::vector<Turn> order_from(Rotation piece, const std::string& zone, const Names& names, TimePoint at)
{
    piece.versions.clear();
    Schedule alone;
    alone.time_zone = zone;
    const auto name = piece.name;
    alone.rotations.push_back(std::move(piece));
    std::vector<Turn> order;
    for (auto& shift : rotation_shifts(alone, name, at, at + compared)) {
        std::erase_if(shift.people, [&](const std::string& one) { return names.contains(one); });
        if (!shift.people.empty() && (order.empty() || order.back() != shift.people))
            order.push_back(std::move(shift.people));
    }
    return order;
}

std::size_t same_at_first(const std::vector<Turn>& one, const std::vector<Turn>& other)
{
    const auto end =
        std::mismatch(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(std::min(one.size(), other.size())), other.begin());
    return static_cast<std::size_t>(end.first - one.begin());
}

/// One turn less moves whose turn each period is: of all ways to begin the list the one that goes on as it would have.
void take_out(Rotation& piece, const std::string& zone, const Names& names, TimePoint at)
{
    const auto order = order_from(piece, zone, names, at);
    auto turns = turns_without(piece.turns, names);
    const auto size = turns.size();
    std::size_t best{};
    auto chosen = turns;
    for (std::size_t shift = 0; shift < size; ++shift) {
        piece.turns = turns;
        if (const auto same = same_at_first(order, order_from(piece, zone, {}, at)); same > best) {
            best = same;
            chosen = turns;
        }
        std::rotate(turns.begin(), turns.begin() + 1, turns.end());
    }
    piece.turns = std::move(chosen);
}

void change_rotation(Rotation& rotation, const std::string& zone, const Names& names, const std::string& instead, TimePoint now)
{
    if (names_any(rotation.others, names))
        replace(rotation.others, names, instead);
    if (!rotation.ics.empty())
        return;
    for (const auto& [since, index] : pieces_ahead(rotation, zone, now)) {
        auto& piece = piece_of(rotation, index);
        if (std::none_of(piece.turns.begin(), piece.turns.end(), [&](const Turn& turn) { return names_any(turn, names); }))
            continue;
        if (instead.empty()) {
            take_out(piece, zone, names, std::max(since, now));
            continue;
        }
        for (auto& turn : piece.turns)
            if (names_any(turn, names))
                replace(turn, names, instead);
    }
}

void change_policy(Policy& policy, const Names& names, const std::string& instead)
{
    const auto is_her = [&](const Target& one) { return one.kind == TargetKind::user && names.contains(one.name); };
    for (auto& level : policy.levels) {
        if (std::none_of(level.targets.begin(), level.targets.end(), is_her))
            continue;
        std::vector<Target> left;
        for (auto& target : level.targets) {
            if (is_her(target))
                target.name = instead;
            if (!target.name.empty() && std::find(left.begin(), left.end(), target) == left.end())
                left.push_back(std::move(target));
        }
        level.targets = std::move(left);
    }
}

bool pages_through(const Configuration& configuration, const std::string& team, const std::string& policy)
{
    const auto found = configuration.teams.find(team);
    if (found != configuration.teams.end() && found->second.policy == policy)
        return true;
    return std::any_of(configuration.services.begin(), configuration.services.end(),
        [&](const auto& service) { return service.second.team == team && service.second.policy == policy; });
}

} // namespace

std::vector<NamedPlace> places_of(const Configuration& configuration, const std::set<std::string>& names, TimePoint now)
{
    std::vector<NamedPlace> found;
    for (const auto& [name, schedule] : configuration.schedules) {
        std::vector<NamedPlace> in;
        places_in_schedule(in, schedule, names, now);
        for (auto& place : in) {
            place.name = name;
            found.push_back(std::move(place));
        }
    }
    for (const auto& [name, policy] : configuration.policies)
        for (std::size_t i = 0; i < policy.levels.size(); ++i) {
            const auto& targets = policy.levels[i].targets;
            const auto is_her = [&](const Target& one) { return one.kind == TargetKind::user && names.contains(one.name); };
            if (std::any_of(targets.begin(), targets.end(), is_her))
                found.push_back({Kind::policy, name, "level " + std::to_string(i + 1), {}, {},
                    std::all_of(targets.begin(), targets.end(), is_her)});
        }
    for (const auto& [name, team] : configuration.teams) {
        if (names_any(team.members, names))
            found.push_back({Kind::team, name, {}, {}, {}, !names_others(team.members, names)});
        if (names_any(team.permanent_members, names))
            found.push_back({Kind::user_group, name, {}, {}, {}, false});
    }
    std::stable_sort(found.begin(), found.end(), [](const NamedPlace& one, const NamedPlace& other) {
        return std::tie(one.kind, one.name) < std::tie(other.kind, other.name);
    });
    return found;
}

std::string describe(const NamedPlace& place)
{
    const auto time = [&] { return date_token(place.from) + " – " + date_token(place.to); };
    switch (place.kind) {
    case Kind::rotation: return "schedule " + place.name + ", rotation " + place.part;
    case Kind::holidays: return "schedule " + place.name + ", on holidays of rotation " + place.part;
    case Kind::temporary: return "schedule " + place.name + ", temporary shifts " + time();
    case Kind::override: return "schedule " + place.name + ", an override " + time();
    case Kind::policy: return "policy " + place.name + ", " + place.part;
    case Kind::team: return "team " + place.name;
    case Kind::user_group: break;
    }
    return "the user group of team " + place.name;
}

std::string_view item_kind(const NamedPlace& place)
{
    return place.kind == Kind::policy                                ? "policy"
        : place.kind == Kind::team || place.kind == Kind::user_group ? "team"
                                                                     : "schedule";
}

std::set<std::string> teams_of_place(const Configuration& configuration, const NamedPlace& place)
{
    if (item_kind(place) == "team")
        return {place.name};
    std::set<std::string> teams;
    if (item_kind(place) == "schedule") {
        for (auto& team : teams_of(configuration, place.name))
            teams.insert(std::move(team));
        return teams;
    }
    for (const auto& [name, team] : configuration.teams)
        for (const auto& [policy, its] : configuration.policies)
            if (pages_through(configuration, name, policy)
                && (policy == place.name || !way_to_policy(configuration, policy, place.name).empty()))
                teams.insert(name);
    return teams;
}

Configuration without(
    const Configuration& configuration, const std::set<std::string>& names, const std::string& instead, TimePoint now)
{
    auto becomes = configuration;
    for (auto& [name, schedule] : becomes.schedules) {
        for (auto& rotation : schedule.rotations)
            if (!is_over(rotation, schedule.time_zone, now))
                change_rotation(rotation, schedule.time_zone, names, instead, now);
        for (auto& temporary : schedule.temporary)
            for (auto& shift : temporary.shifts)
                if (shift.to > now && names_any(shift.people, names))
                    replace(shift.people, names, instead);
    }
    for (auto& [name, policy] : becomes.policies)
        change_policy(policy, names, instead);
    for (auto& [name, team] : becomes.teams) {
        for (auto* const people : {&team.members, &team.permanent_members})
            if (names_any(*people, names))
                replace(*people, names, instead);
    }
    return becomes;
}

std::string_view why_unable(std::string_view kind)
{
    return kind == "bot" ? "is an app" : kind == "stranger" ? "is of another workspace" : "is deactivated in Slack";
}

} // namespace oncall
