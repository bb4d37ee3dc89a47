#include "config/times.hpp"
#include "config/write.hpp"

namespace config {

namespace {

Node write_stretch(oncall::TimePoint from, oncall::TimePoint to, const std::string& zone)
{
    auto node = a_mapping();
    put(node, "from", a_text(time_out(from, zone)));
    put(node, "to", a_text(time_out(to, zone)));
    return node;
}

Node write_temporary(const oncall::Temporary& temporary, const std::string& zone)
{
    auto node = write_stretch(temporary.from, temporary.to, zone);
    auto shifts = a_list();
    for (const auto& shift : temporary.shifts) {
        auto one = write_stretch(shift.from, shift.to, zone);
        put(one, "users", write_people(shift.people));
        shifts.items.push_back(std::move(one));
    }
    node.block = shifts.block = shifts.items.size() > 1;
    if (!shifts.items.empty())
        put(node, "shifts", std::move(shifts));
    return node;
}

/// A list over several lines, unless there is nothing in it.
void put_block(Node& mapping, std::string key, std::vector<Node> items)
{
    if (items.empty())
        return;
    auto list = a_list(std::move(items));
    list.block = true;
    put(mapping, std::move(key), std::move(list));
}

} // namespace

Node write_people(const std::vector<std::string>& people)
{
    auto list = a_list();
    for (const auto& person : people)
        list.items.push_back(a_text(person));
    return list;
}

Node write_override(const oncall::Override& change, const std::string& schedule_zone)
{
    auto node = write_stretch(change.from, change.to, schedule_zone);
    const auto* const key = change.kind == oncall::Override::Kind::put ? "put"
        : change.kind == oncall::Override::Kind::add                   ? "add"
                                                                       : "remove";
    put(node, key, write_people(change.people));
    put_text(node, "instead_of", change.instead_of);
    put_text(node, "rotation", change.rotation);
    return node;
}

Node write_schedule(const oncall::Schedule& schedule, bool overrides)
{
    auto node = a_mapping();
    node.block = true;
    if (schedule.time_zone != "UTC")
        put(node, "time_zone", a_text(schedule.time_zone));
    put_text(node, "holidays", schedule.holidays);
    std::vector<Node> rotations;
    for (const auto& rotation : schedule.rotations)
        rotations.push_back(write_rotation(rotation));
    put_block(node, "rotations", std::move(rotations));
    std::vector<Node> changes;
    if (overrides)
        for (const auto& change : schedule.overrides)
            changes.push_back(write_override(change, schedule.time_zone));
    put_block(node, "overrides", std::move(changes));
    std::vector<Node> temporary;
    for (const auto& one : schedule.temporary)
        temporary.push_back(write_temporary(one, schedule.time_zone));
    put_block(node, "temporary", std::move(temporary));
    return node;
}

} // namespace config
