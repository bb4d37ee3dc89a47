#include "config/read.hpp"
#include "config/times.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::Rotation;
using oncall::Window;
using namespace std::chrono_literals;

constexpr int longest_turn = 1'000;

/// The names of a rotation's keys, in the order of the file. A version has no name and no versions, but a `from`.
std::vector<std::string> known_keys(bool version)
{
    std::vector<std::string> keys{version ? "from" : "name"};
    for (const auto* key :
        {"priority", "unit", "length", "start", "begin", "end", "time_zone", "handoff_day", "days", "windows", "users"})
        keys.emplace_back(key);
    if (!version)
        for (const auto* key : {"versions", "holidays", "on_holidays", "ics"})
            keys.emplace_back(key);
    return keys;
}

std::optional<oncall::Weekday> read_weekday(Reader& reader, const Place& at, const std::string& word)
{
    auto day = weekday_in(word);
    if (!day)
        reader.problem(at, "`" + word + "` is no day of the week",
            word.size() > 3 ? reader.suggestion(word.substr(0, 3), weekdays(), "write one of " + joined(weekdays()))
                            : "write one of " + joined(weekdays()));
    return day;
}

std::vector<oncall::Weekday> read_days(Reader& reader, const Fields& in)
{
    std::vector<oncall::Weekday> days;
    const auto items = reader.list(in, "days");
    for (const auto& item : items) {
        const auto day = read_weekday(reader, item, item.node->text);
        if (day && std::find(days.begin(), days.end(), *day) != days.end())
            reader.problem(item, "`" + weekday_out(*day) + "` is there twice", "name each day once");
        else if (day)
            days.push_back(*day);
    }
    if (in.has("days") && items.empty() && in.at("days").node->kind != Node::Kind::mapping && !in.at("days").node->is_scalar())
        reader.problem(in.at("days"), "`days` names no day", "name at least one, or leave `days` out for all");
    // In the order of the week: which was named first means nothing.
    std::sort(days.begin(), days.end());
    return days;
}

/// One end of a window: "20:00", or "fri 20:00".
struct End {
    std::optional<oncall::Weekday> day{};
    std::chrono::minutes time{};
};

std::optional<End> read_end(Reader& reader, const Fields& in, const std::string& key)
{
    const std::string fix = "write it as \"20:00\", or with a weekday as \"fri 20:00\"";
    if (!in.has(key)) {
        reader.problem(in.of(), "a window has no `" + key + "`", fix);
        return std::nullopt;
    }
    std::string_view word = in.at(key).node->text;
    End end;
    if (const auto blank = word.find(' '); blank != word.npos) {
        end.day = read_weekday(reader, in.at(key), std::string{word.substr(0, blank)});
        if (!end.day)
            return std::nullopt;
        word.remove_prefix(blank + 1);
    }
    const auto time = clock_in(word);
    if (!time) {
        reader.problem(in.at(key), "`" + key + "` is no time of day", fix);
        return std::nullopt;
    }
    if (*time == 24h && key == "from") {
        reader.problem(in.at(key), "a window cannot begin at 24:00", "write 00:00, of the next day");
        return std::nullopt;
    }
    end.time = *time;
    return end;
}

std::optional<Window> read_window(Reader& reader, const Place& at)
{
    const auto in = reader.fields(at, "a window", {"days", "from", "to"});
    Window window;
    window.days = read_days(reader, in);
    const auto from = read_end(reader, in, "from");
    const auto to = read_end(reader, in, "to");
    if (!from || !to)
        return std::nullopt;
    if (from->day.has_value() != to->day.has_value())
        reader.problem(in.at(from->day ? "to" : "from"), "a weekday stands at one end of the window only",
            "write one at both ends, as from: \"fri 20:00\", to: \"mon 08:00\", or at neither");
    else if (from->day && in.has("days"))
        reader.problem(in.at("days"), "`days` stands in a window whose ends have weekdays", "keep one of the two");
    else if (from->day == to->day && from->time == to->time)
        reader.problem(in.at("to"), "the window ends when it begins",
            from->day ? "leave `windows` out for the whole week" : "for the whole day, write from: \"00:00\", to: \"24:00\"");
    window.from_day = from->day;
    window.to_day = to->day;
    window.from = from->time;
    window.to = to->time;
    return window;
}

std::vector<int> read_lengths(Reader& reader, const Fields& in)
{
    if (!in.has("length"))
        return {1};
    const auto& at = in.at("length");
    std::vector<int> lengths;
    if (at.node->kind != Node::Kind::list)
        lengths.push_back(reader.number(at, "length", 1, longest_turn).value_or(1));
    else if (at.node->items.empty())
        reader.problem(at, "`length` is an empty list", "write a number, or several that are used in turn, as [5, 2]");
    else
        for (std::size_t i = 0; i < at.node->items.size(); ++i)
            lengths.push_back(reader.number(at.item(i), "length", 1, longest_turn).value_or(1));
    return lengths.empty() ? std::vector{1} : lengths;
}

std::vector<oncall::Turn> read_turns(Reader& reader, const Fields& in)
{
    std::vector<oncall::Turn> turns;
    for (const auto& item : reader.list(in, "users")) {
        if (item.node->kind == Node::Kind::list && item.node->items.empty())
            reader.problem(item, "a turn is an empty list", "write null for a turn with nobody");
        turns.push_back(item.node->kind == Node::Kind::null ? oncall::Turn{} : reader.people(item, "users"));
    }
    return turns;
}

/// Whether it means to name somebody, in its own turns or in those of a version; be the names right or not.
bool names_somebody(const Node& rotation)
{
    const auto is_somebody = [](const Node& turn) { return turn.kind != Node::Kind::null; };
    const auto* const users = find(rotation, "users");
    if (users && (users->is_scalar() || std::any_of(users->items.begin(), users->items.end(), is_somebody)))
        return true;
    const auto* const versions = find(rotation, "versions");
    return versions && std::any_of(versions->items.begin(), versions->items.end(), names_somebody);
}

/// `zone` is the rotation's own, else the schedule's.
void read_bounds(Reader& reader, const Fields& in, const std::string& zone, Rotation& rotation)
{
    rotation.begin = reader.local_time(in, "begin", true);
    rotation.end = reader.local_time(in, "end", true);
    if (!rotation.begin || !rotation.end || oncall::to_instant(*rotation.begin, zone) < oncall::to_instant(*rotation.end, zone))
        return;
    if (*rotation.end <= *rotation.begin)
        reader.problem(in.at("end"), "the rotation ends before it begins", "let `end` be after `begin`");
    else
        reader.skipped(in.at("end"), "the rotation", oncall::to_instant(*rotation.end, zone), zone);
}

const std::string& zone_of(const Rotation& rotation, const std::string& schedule_zone)
{
    return rotation.time_zone.empty() ? schedule_zone : rotation.time_zone;
}

/// What a rotation and its versions share: how turns follow each other.
void read_pattern(Reader& reader, const Fields& in, const std::string& schedule_zone, Rotation& rotation)
{
    rotation.priority = reader.number(in, "priority", 0, -1'000, 1'000);
    if (in.has("unit")) {
        const auto word = reader.text(in, "unit");
        if (const auto unit = unit_in(word))
            rotation.unit = *unit;
        else if (!word.empty())
            reader.problem(in.at("unit"), "there is no unit `" + word + "`",
                reader.suggestion(word, units(), "use hour, day, week or month"));
    }
    rotation.lengths = read_lengths(reader, in);
    rotation.start = reader.local_time(in, "start").value_or(oncall::LocalTime{});
    rotation.time_zone = reader.zone(in, "time_zone");
    read_bounds(reader, in, zone_of(rotation, schedule_zone), rotation);
    if (in.has("handoff_day")) {
        const auto word = reader.text(in, "handoff_day");
        rotation.handoff_day = word.empty() ? std::nullopt : read_weekday(reader, in.at("handoff_day"), word);
        if (rotation.unit != oncall::Unit::week)
            reader.problem(
                in.at("handoff_day"), "`handoff_day` is for weekly rotations only", "leave it out, or write `unit: week`");
    }
    rotation.days = read_days(reader, in);
    rotation.windows = read_windows(reader, in);
    rotation.turns = read_turns(reader, in);
}

Rotation read_version(Reader& reader, const Place& at, const std::string& schedule_zone)
{
    const auto in = reader.fields(at, "a version", known_keys(true));
    Rotation version;
    version.from = reader.local_time(in, "from").value_or(oncall::LocalTime{});
    read_pattern(reader, in, schedule_zone, version);
    if (version.turns.empty())
        reader.problem(
            in.near("users"), "a version has no `users`", "list the people in turn; write null for a turn with nobody");
    return version;
}

void read_versions(Reader& reader, const Fields& in, const std::string& schedule_zone, Rotation& rotation)
{
    // Each `from` is in its version's own zone.
    const auto begins = [&](const Rotation& version) {
        return oncall::to_instant(version.from, zone_of(version, schedule_zone));
    };
    for (const auto& item : reader.list(in, "versions")) {
        auto version = read_version(reader, item, schedule_zone);
        const auto* const from = find(*item.node, "from");
        const bool has_time = from && version.from != oncall::LocalTime{};
        if (has_time && !rotation.versions.empty() && begins(version) <= begins(rotation.versions.back()))
            reader.problem({from, item.path + ".from"}, "the versions are not in the order of their `from`",
                "let each version's `from` be after the one before");
        version.name = rotation.name;
        rotation.versions.push_back(std::move(version));
    }
}

/// What it does on holidays.
void read_on_holidays(Reader& reader, const Fields& in, Rotation& rotation)
{
    rotation.holidays = reader.reference(in, "holidays", "holidays");
    if (!in.has("on_holidays"))
        return;
    const auto& at = in.at("on_holidays");
    if (at.node->is_scalar() && at.node->text == "off") {
        rotation.on_holidays = oncall::OnHolidays::off;
        return;
    }
    if (at.node->kind == Node::Kind::mapping) {
        const auto other = reader.fields(at, "`on_holidays`", {"rotation"});
        rotation.on_holidays = oncall::OnHolidays::rotation;
        rotation.other_rotation = reader.text(other, "rotation");
        if (rotation.other_rotation.empty())
            reader.problem(at, "`on_holidays` names no rotation", "write off, who is on duty then, or {rotation: NAME}");
        return;
    }
    rotation.on_holidays = oncall::OnHolidays::others;
    rotation.others = reader.people(at, "on_holidays");
    if (at.node->kind == Node::Kind::list && at.node->items.empty())
        reader.problem(at, "`on_holidays` names nobody", "write off, or who is on duty then");
}

/// Its shifts are those of a calendar: nothing else says when who is on.
void read_given(Reader& reader, const Fields& in, Rotation& rotation)
{
    for (const auto& [key, place] : in.all())
        if (key != "name" && key != "priority" && key != "time_zone" && key != "ics")
            reader.problem(place, "`" + key + "` means nothing in a rotation that is read from a calendar",
                "leave it out, or take `ics` out");
    rotation.priority = reader.number(in, "priority", 0, -1'000, 1'000);
    rotation.time_zone = reader.zone(in, "time_zone");
    rotation.ics = read_calendar_address(reader, in, "ics");
}

} // namespace

std::vector<Window> read_windows(Reader& reader, const Fields& in)
{
    std::vector<Window> found;
    for (const auto& item : reader.list(in, "windows"))
        if (auto window = read_window(reader, item))
            found.push_back(std::move(*window));
    // Nothing under `windows`, as when all were taken out, must not come to mean always.
    const auto* const windows = in.has("windows") ? in.at("windows").node : nullptr;
    if (windows && (windows->kind == Node::Kind::null || (windows->kind == Node::Kind::list && windows->items.empty())))
        reader.problem(in.at("windows"), "`windows` names no window", "list at least one, or leave `windows` out for always");
    return found;
}

Rotation read_rotation(Reader& reader, const Place& at, std::size_t index, const std::string& schedule_zone)
{
    const auto in = reader.fields(at, "a rotation", known_keys(false));
    Rotation rotation;
    rotation.name = in.has("name") ? reader.text(in, "name") : "rotation " + std::to_string(index + 1);
    if (!rotation.name.empty())
        reader.check_name(in.near("name"), rotation.name, "a rotation");
    if (in.has("ics")) {
        read_given(reader, in, rotation);
        return rotation;
    }
    read_on_holidays(reader, in, rotation);
    const bool begins_with_version = in.has("versions") && !in.has("users");
    if (!begins_with_version)
        read_pattern(reader, in, schedule_zone, rotation);
    else
        for (const auto& [key, place] : in.all())
            if (key != "name" && key != "versions" && key != "holidays" && key != "on_holidays")
                reader.problem(place, "`" + key + "` means nothing in a rotation without `users`",
                    "add `users`, or write it in the versions: they inherit nothing");
    read_versions(reader, in, schedule_zone, rotation);
    if (!names_somebody(*at.node))
        reader.problem(in.near("users"), std::string{"nobody is in "} + (in.has("name") ? "rotation " : "") + rotation.name,
            "list the people in turn under `users`");
    return rotation;
}

} // namespace config
