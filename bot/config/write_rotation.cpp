#include "config/times.hpp"
#include "config/write.hpp"

namespace config {

namespace {

using oncall::Rotation;

Node write_lengths(const std::vector<int>& lengths)
{
    if (lengths.size() == 1)
        return a_number(lengths.front());
    auto list = a_list();
    for (const int length : lengths)
        list.items.push_back(a_number(length));
    return list;
}

Node write_days(const std::vector<oncall::Weekday>& days)
{
    auto list = a_list();
    for (const auto day : days)
        list.items.push_back(a_text(weekday_out(day)));
    return list;
}

Node write_window(const oncall::Window& window)
{
    const auto end = [](const std::optional<oncall::Weekday>& day, std::chrono::minutes time) {
        return a_text((day ? weekday_out(*day) + " " : "") + clock_out(time));
    };
    auto node = a_mapping();
    if (!window.days.empty())
        put(node, "days", write_days(window.days));
    put(node, "from", end(window.from_day, window.from));
    put(node, "to", end(window.to_day, window.to));
    return node;
}

Node write_turns(const std::vector<oncall::Turn>& turns)
{
    auto list = a_list();
    for (const auto& turn : turns)
        list.items.push_back(turn.empty() ? Node{} : turn.size() == 1 ? a_text(turn.front()) : write_people(turn));
    return list;
}

void put_pattern(Node& node, const Rotation& rotation)
{
    if (rotation.priority != 0)
        put(node, "priority", a_number(rotation.priority));
    if (rotation.unit != oncall::Unit::week)
        put(node, "unit", a_text(unit_out(rotation.unit)));
    if (rotation.lengths != std::vector{1})
        put(node, "length", write_lengths(rotation.lengths));
    put(node, "start", a_text(time_out(rotation.start)));
    if (rotation.begin)
        put(node, "begin", a_text(time_out(*rotation.begin)));
    if (rotation.end)
        put(node, "end", a_text(time_out(*rotation.end)));
    put_text(node, "time_zone", rotation.time_zone);
    if (rotation.handoff_day)
        put(node, "handoff_day", a_text(weekday_out(*rotation.handoff_day)));
    if (!rotation.days.empty())
        put(node, "days", write_days(rotation.days));
    if (!rotation.windows.empty())
        put(node, "windows", write_windows(rotation.windows));
    put(node, "users", write_turns(rotation.turns));
}

} // namespace

Node write_windows(const std::vector<oncall::Window>& windows)
{
    auto list = a_list();
    for (const auto& window : windows)
        list.items.push_back(write_window(window));
    list.block = windows.size() > 1;
    return list;
}

Node write_rotation(const Rotation& rotation)
{
    auto node = a_mapping();
    node.block = true;
    put(node, "name", a_text(rotation.name));
    put_text(node, "holidays", rotation.holidays);
    if (rotation.on_holidays == oncall::OnHolidays::off)
        put(node, "on_holidays", a_text("off"));
    if (rotation.on_holidays == oncall::OnHolidays::others)
        put(node, "on_holidays", write_people(rotation.others));
    if (rotation.on_holidays == oncall::OnHolidays::rotation) {
        auto other = a_mapping();
        put(other, "rotation", a_text(rotation.other_rotation));
        put(node, "on_holidays", std::move(other));
    }
    if (!rotation.ics.empty()) {
        if (rotation.priority != 0)
            put(node, "priority", a_number(rotation.priority));
        put_text(node, "time_zone", rotation.time_zone);
        put(node, "ics", a_text(rotation.ics));
        return node;
    }
    // Without turns of its own it begins with its first version, and nothing else about it counts.
    if (!rotation.turns.empty() || rotation.versions.empty())
        put_pattern(node, rotation);
    if (rotation.versions.empty())
        return node;
    auto versions = a_list();
    versions.block = true;
    for (const auto& one : rotation.versions) {
        auto version = a_mapping();
        version.block = true;
        put(version, "from", a_text(time_out(one.from)));
        put_pattern(version, one);
        versions.items.push_back(std::move(version));
    }
    put(node, "versions", std::move(versions));
    return node;
}

} // namespace config
