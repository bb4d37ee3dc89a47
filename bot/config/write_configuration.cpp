#include "config/times.hpp"
#include "config/write.hpp"
#include "oncall/directory.hpp"
#include "oncall/verbosity.hpp"

namespace config {

namespace {

template <typename Map, typename Write> void put_section(Node& root, std::string key, const Map& map, Write write)
{
    if (map.empty())
        return;
    auto section = a_mapping();
    section.block = true;
    for (const auto& [name, value] : map)
        put(section, name, write(value));
    put(root, std::move(key), std::move(section));
}

Node write_when(const oncall::LevelCondition& when)
{
    auto node = a_mapping();
    if (when.urgency)
        put(node, "urgency", a_text(*when.urgency == oncall::Urgency::high ? "high" : "low"));
    if (!when.severities.empty()) {
        auto severities = a_list();
        for (const auto& severity : when.severities)
            severities.items.push_back(a_text(severity));
        put(node, "severity", std::move(severities));
    }
    if (when.working_hours)
        put(node, "working_hours", a_truth(*when.working_hours));
    return node;
}

Node write_again(const oncall::Policy& policy)
{
    auto node = a_mapping();
    if (policy.refire_pages)
        put(node, "refire", a_truth(true));
    if (!policy.rise_pages)
        put(node, "rise", a_truth(false));
    return node;
}

Node write_level(const oncall::Level& level)
{
    auto node = a_mapping();
    auto targets = a_list();
    for (const auto& target : level.targets)
        targets.items.push_back(a_text(oncall::target_out(target)));
    put(node, "targets", std::move(targets));
    if (level.patience != oncall::Level{}.patience)
        put(node, "patience", a_text(oncall::duration_out(level.patience)));
    if (level.retries != 0)
        put(node, "retries", a_number(level.retries));
    if (level.order != oncall::Order::at_once)
        put(node, "order", a_text(order_out(level.order)));
    if (level.acknowledgements != 1)
        put(node, "acknowledgements", a_number(level.acknowledgements));
    if (level.when != oncall::LevelCondition{})
        put(node, "when", write_when(level.when));
    if (level.wait_for_working_hours)
        put(node, "wait_for_working_hours", a_truth(true));
    return node;
}

} // namespace

void put_text(Node& mapping, std::string key, const std::string& text)
{
    if (!text.empty())
        put(mapping, std::move(key), a_text(text));
}

namespace {

Node write_list_of(const std::vector<std::string>& texts)
{
    auto node = a_list();
    for (const auto& text : texts)
        node.items.push_back(a_text(text));
    return node;
}

} // namespace

Node write_team(const oncall::Team& team)
{
    auto node = a_mapping();
    node.block = true;
    put_text(node, "channel", team.channel);
    if (team.topic)
        put(node, "topic", a_truth(true));
    if (team.verbosity != oncall::Team{}.verbosity)
        put(node, "verbosity", a_text(std::string{oncall::name(team.verbosity)}));
    put_text(node, "user_group", team.user_group);
    if (!team.members.empty())
        put(node, "members", write_people(team.members));
    if (!team.managers.empty())
        put(node, "managers", write_people(team.managers));
    if (!team.observers.empty())
        put(node, "observers", write_people(team.observers));
    if (!team.permanent_members.empty())
        put(node, "permanent_members", write_people(team.permanent_members));
    put_text(node, "policy", team.policy);
    put_text(node, "schedule", team.schedule);
    if (!team.working_hours.windows.empty()) {
        auto hours = a_mapping();
        put(hours, "time_zone", a_text(team.working_hours.time_zone));
        put(hours, "windows", write_windows(team.working_hours.windows));
        put(node, "working_hours", std::move(hours));
    }
    return node;
}

Node write_service(const oncall::Service& service)
{
    auto node = a_mapping();
    put_text(node, "team", service.team);
    put_text(node, "policy", service.policy);
    if (service.tier != 0)
        put(node, "tier", a_number(service.tier));
    put_text(node, "runbook", service.runbook);
    put_text(node, "description", service.description);
    if (!service.labels.empty()) {
        auto labels = a_mapping();
        for (const auto& [name, value] : service.labels)
            put(labels, name, a_text(value));
        put(node, "labels", std::move(labels));
    }
    auto links = a_list();
    for (const auto& link : service.links) {
        auto one = a_mapping();
        put(one, "url", a_text(link.href));
        put_text(one, "text", link.text);
        links.items.push_back(std::move(one));
    }
    if (!service.links.empty())
        put(node, "links", std::move(links));
    if (!service.depends_on.empty())
        put(node, "depends_on", write_list_of(service.depends_on));
    if (!service.subscribers.empty())
        put(node, "subscribers", write_people(service.subscribers));
    if (!service.paged_by.empty())
        put(node, "paged_by", write_list_of(service.paged_by));
    put_text(node, "directory", service.directory);
    return node;
}

Node write_policy(const oncall::Policy& policy)
{
    auto node = a_mapping();
    node.block = true;
    if (policy.until_answered)
        put(node, "repeat", a_text(std::string{until_answered}));
    else if (policy.repeat != 0)
        put(node, "repeat", a_number(policy.repeat));
    if (policy.low_urgency_in_channel)
        put(node, "low_urgency", a_text("channel"));
    if (policy.still_on_it != oncall::milliseconds{})
        put(node, "still_on_it", a_text(oncall::duration_out(policy.still_on_it)));
    if (policy.refire_pages || !policy.rise_pages)
        put(node, "again", write_again(policy));
    auto levels = a_list();
    levels.block = true;
    for (const auto& level : policy.levels)
        levels.items.push_back(write_level(level));
    put(node, "levels", std::move(levels));
    return node;
}

Node write_heartbeat(const oncall::Monitor& monitor)
{
    auto node = a_mapping();
    put_text(node, "source", monitor.source);
    put(node, "every", a_text(oncall::duration_out(monitor.every)));
    if (monitor.grace != oncall::milliseconds{})
        put(node, "grace", a_text(oncall::duration_out(monitor.grace)));
    put_text(node, "service", monitor.service);
    put_text(node, "severity", monitor.severity);
    put_text(node, "description", monitor.description);
    return node;
}

Node write_holidays(const oncall::HolidayCalendar& calendar)
{
    auto node = a_mapping();
    node.block = true;
    put_text(node, "url", calendar.url);
    put_text(node, "file", calendar.file);
    if (!calendar.url.empty() || !calendar.file.empty())
        return node;
    auto dates = a_mapping();
    dates.block = !calendar.dates.empty();
    for (const auto& [date, words] : calendar.dates)
        put(dates, time_out(oncall::LocalTime{date}).substr(0, 10), words.empty() ? Node{} : a_text(words));
    put(node, "dates", std::move(dates));
    return node;
}

Node write_directory(const oncall::Directory& directory)
{
    auto node = a_mapping();
    node.block = true;
    put(node, "format", a_text(std::string{name_of(directory.format)}));
    put_text(node, "url", directory.url);
    put_text(node, "file", directory.file);
    put_text(node, "token_env", directory.token_env);
    put_text(node, "account", directory.account);
    put_text(node, "organization", directory.organization);
    put_text(node, "project", directory.project);
    put_text(node, "team", directory.team);
    if (!directory.teams.empty()) {
        auto teams = a_mapping();
        for (const auto& [owner, team] : directory.teams)
            put(teams, owner, a_text(team));
        put(node, "teams", std::move(teams));
    }
    if (directory.every != oncall::Directory{}.every)
        put(node, "every", a_text(oncall::duration_out(directory.every)));
    return node;
}

Node write_configuration(const oncall::Configuration& configuration)
{
    auto root = a_mapping();
    root.block = true;
    put_section(root, "teams", configuration.teams, write_team);
    put_section(root, "services", configuration.services, write_service);
    put_section(root, "holidays", configuration.holidays, write_holidays);
    put_section(root, "schedules", configuration.schedules,
        [](const oncall::Schedule& schedule) { return write_schedule(schedule, true); });
    put_section(root, "policies", configuration.policies, write_policy);
    put_section(root, "sources", configuration.sources, write_source);
    put_section(root, "heartbeats", configuration.heartbeats, write_heartbeat);
    put_section(root, "directories", configuration.directories, write_directory);
    if (configuration.rules.empty())
        return root;
    auto rules = a_list();
    rules.block = true;
    for (const auto& rule : configuration.rules)
        rules.items.push_back(write_rule(rule, true));
    put(root, "rules", std::move(rules));
    return root;
}

} // namespace config
