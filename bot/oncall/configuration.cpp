#include "oncall/configuration.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::pair<TargetKind, std::string_view> kinds[]{{TargetKind::user, "user:"}, {TargetKind::schedule, "schedule:"},
    {TargetKind::team, "team:"}, {TargetKind::channel, "channel:"}, {TargetKind::rotation, "rotation:"},
    {TargetKind::next, "next:"}, {TargetKind::user_group, "user_group:"}, {TargetKind::webhook, "webhook:"},
    {TargetKind::policy, "policy:"}};

} // namespace

std::optional<Target> target_in(std::string_view text)
{
    for (const auto& [kind, prefix] : kinds)
        if (text.starts_with(prefix) && text.size() > prefix.size())
            return Target{kind, std::string{text.substr(prefix.size())}};
    return std::nullopt;
}

std::string target_out(const Target& target)
{
    for (const auto& [kind, prefix] : kinds)
        if (kind == target.kind)
            return std::string{prefix} + target.name;
    return target.name;
}

namespace {

constexpr std::pair<Order, std::string_view> orders[]{
    {Order::at_once, "at_once"}, {Order::one_by_one, "one_by_one"}, {Order::round_robin, "round_robin"}};

} // namespace

std::optional<Order> order_in(std::string_view text)
{
    for (const auto& [order, name] : orders)
        if (name == text)
            return order;
    return std::nullopt;
}

std::string order_out(Order order)
{
    for (const auto& [one, name] : orders)
        if (one == order)
            return std::string{name};
    return {};
}

namespace {

constexpr std::string_view of_subscribers{"subscribers of service "};

} // namespace

bool only_looks_on(const std::vector<std::string>& places)
{
    return std::all_of(places.begin(), places.end(), [](const std::string& place) { return place.starts_with(of_subscribers); });
}

std::map<std::string, std::vector<std::string>> people_of(const Configuration& configuration, TimePoint since)
{
    std::map<std::string, std::vector<std::string>> found;
    const auto add = [&](const std::string& person, const std::string& place) {
        auto& places = found[person];
        if (places.empty() || places.back() != place)
            places.push_back(place);
    };
    for (const auto& [name, team] : configuration.teams)
        for (const auto* people : {&team.members, &team.managers, &team.observers, &team.permanent_members})
            for (const auto& member : *people)
                add(member, "team " + name);
    for (const auto& [name, service] : configuration.services) {
        for (const auto& person : service.subscribers)
            add(person, std::string{of_subscribers} + name);
        for (const auto& text : service.paged_by)
            if (const auto who = target_in(text); who && who->kind == TargetKind::user)
                add(who->name, "service " + name);
    }
    for (const auto& [name, schedule] : configuration.schedules) {
        const auto add_turns = [&](const Rotation& rotation) {
            for (const auto& turn : rotation.turns)
                for (const auto& person : turn)
                    add(person, "schedule " + name);
        };
        for (const auto& rotation : schedule.rotations) {
            for (const auto& person : rotation.others)
                add(person, "schedule " + name);
            add_turns(rotation);
            for (const auto& version : rotation.versions)
                add_turns(version);
        }
        for (const auto& change : schedule.overrides) {
            if (change.to <= since)
                continue;
            for (const auto& person : change.people)
                add(person, "schedule " + name);
            if (!change.instead_of.empty())
                add(change.instead_of, "schedule " + name);
        }
        for (const auto& temporary : schedule.temporary)
            for (const auto& shift : temporary.shifts)
                for (const auto& person : shift.people)
                    if (temporary.to > since)
                        add(person, "schedule " + name);
    }
    for (const auto& [name, policy] : configuration.policies)
        for (const auto& level : policy.levels)
            for (const auto& target : level.targets)
                if (target.kind == TargetKind::user)
                    add(target.name, "policy " + name);
    return found;
}

} // namespace oncall
