#include "config/addresses.hpp"
#include "config/read.hpp"
#include "oncall/verbosity.hpp"

#include <algorithm>

namespace config {

namespace {

oncall::WorkingHours read_working_hours(Reader& reader, const Place& at)
{
    const auto in = reader.fields(at, "working_hours", {"time_zone", "windows"});
    oncall::WorkingHours hours;
    if (!in.has("time_zone"))
        reader.problem(in.of(), "`working_hours` has no `time_zone`", "say where the team works, as time_zone: Europe/Berlin");
    hours.time_zone = reader.zone(in, "time_zone");
    if (!in.has("windows"))
        reader.problem(in.of(), "`working_hours` has no `windows`",
            "list when the team works, as windows: [{days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\"}]");
    hours.windows = read_windows(reader, in);
    return hours;
}

oncall::Verbosity read_verbosity(Reader& reader, const Fields& in)
{
    const auto word = reader.text(in, "verbosity");
    const auto verbosity = oncall::verbosity_in(word);
    if (!verbosity && !word.empty())
        reader.problem(in.at("verbosity"), "there is no verbosity `" + word + "`",
            reader.suggestion(word, {"cards", "thread", "all"}, "use cards, thread or all"));
    return verbosity.value_or(oncall::Verbosity::thread);
}

bool has_list(const Fields& in, const std::string& key) { return in.has(key) && in.at(key).node->kind != Node::Kind::null; }

std::vector<std::string> read_people(Reader& reader, const Fields& in, const std::string& key)
{
    return has_list(in, key) ? reader.people(in.at(key), key) : std::vector<std::string>{};
}

/// Whoever only watches is paged by nothing of the team's: in both lists, one of them is a slip.
void check_observers(Reader& reader, const Fields& in, const oncall::Team& team)
{
    for (const auto& person : team.observers)
        if (std::find(team.members.begin(), team.members.end(), person) != team.members.end())
            reader.problem(in.at("observers"), person + " is a member of team " + team.name + " and an observer",
                "keep one: members are paged, observers never");
}

/// Texts, each once.
std::vector<Place> read_names(Reader& reader, const Fields& in, const std::string& key, std::vector<std::string>& into)
{
    std::vector<Place> places;
    for (const auto& at : reader.list(in, key)) {
        auto name = reader.text(at, key);
        if (!name.empty() && std::find(into.begin(), into.end(), name) != into.end())
            reader.problem(at, "`" + name + "` is there twice", "name each once");
        into.push_back(std::move(name));
        places.push_back(at);
    }
    return places;
}

std::map<std::string, std::string> read_labels(Reader& reader, const Fields& in)
{
    std::map<std::string, std::string> labels;
    if (!has_list(in, "labels"))
        return labels;
    const auto& at = in.at("labels");
    reader.names_of(at, "`labels`", [&](const std::string& name, const Place& key, const Node& value) {
        if (name.empty())
            reader.problem(key, "a label has no name", "give it one, as language: go");
        labels[name] = reader.text(Place{&value, at.path + "." + name}, name);
    });
    return labels;
}

void check_address(Reader& reader, const Fields& in, const std::string& key, const std::string& address)
{
    if (!address.empty() && !is_web_address(address))
        reader.problem(in.at(key), "`" + key + "` must be a web address", "start it with https://, without blanks");
}

std::vector<oncall::Link> read_links(Reader& reader, const Fields& in)
{
    std::vector<oncall::Link> links;
    for (const auto& at : reader.list(in, "links")) {
        const auto fields = reader.fields(at, "a link", {"url", "text"});
        oncall::Link link;
        link.href = reader.text(fields, "url");
        link.text = reader.text(fields, "text");
        if (!fields.has("url"))
            reader.problem(at, "the link leads nowhere", "write it as {url: \"https://…\", text: Dashboard}");
        check_address(reader, fields, "url", link.href);
        links.push_back(std::move(link));
    }
    return links;
}

void read_paged_by(Reader& reader, const Fields& in, oncall::Service& service)
{
    const auto places = read_names(reader, in, "paged_by", service.paged_by);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& text = service.paged_by[i];
        const auto who = oncall::target_in(text);
        if (text.empty())
            continue;
        if (who && who->kind == oncall::TargetKind::team)
            reader.refer(places[i], "team", who->name);
        else if (!who || who->kind != oncall::TargetKind::user || !reader.is_person_here(who->name))
            reader.problem(places[i], "`" + text + "` is nobody who could page", "write user:ana@example.com or team:payments");
    }
}

} // namespace

oncall::Team read_team(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "team " + name,
        {"channel", "topic", "verbosity", "user_group", "members", "managers", "observers", "permanent_members", "policy",
            "schedule", "working_hours"});
    oncall::Team team;
    team.name = name;
    team.channel = reader.text(in, "channel");
    if (!team.channel.empty() && !is_channel(team.channel))
        reader.problem(in.at("channel"), "`" + team.channel + "` is no channel",
            "write \"#name\" in quotes and small letters, or the channel's id (C…)");
    team.topic = reader.truth(in, "topic").value_or(false);
    if (team.topic && !in.has("channel"))
        reader.problem(in.at("topic"), "team " + name + " has no channel whose topic could be set", "add `channel`");
    team.verbosity = read_verbosity(reader, in);
    if (in.has("verbosity") && !in.has("channel"))
        reader.problem(in.at("verbosity"), "team " + name + " has no channel that could be told more or less", "add `channel`");
    team.user_group = reader.text(in, "user_group");
    if (!team.user_group.empty() && !is_user_group(team.user_group))
        reader.problem(in.at("user_group"), "`" + team.user_group + "` is no user group",
            "write \"@handle\" in quotes and small letters, or the group's id (S…)");
    team.members = read_people(reader, in, "members");
    team.managers = read_people(reader, in, "managers");
    team.observers = read_people(reader, in, "observers");
    check_observers(reader, in, team);
    team.permanent_members = read_people(reader, in, "permanent_members");
    if (!team.permanent_members.empty() && !in.has("user_group"))
        reader.problem(in.at("permanent_members"), "team " + name + " has no user group to have permanent members",
            "add `user_group`, or name them under `members`");
    team.policy = reader.reference(in, "policy", "policy");
    team.schedule = reader.reference(in, "schedule", "schedule");
    if (in.has("working_hours"))
        team.working_hours = read_working_hours(reader, in.at("working_hours"));
    return team;
}

oncall::Service read_service(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "service " + name,
        {"team", "policy", "tier", "runbook", "description", "labels", "links", "depends_on", "subscribers", "paged_by",
            "directory"});
    oncall::Service service;
    service.name = name;
    service.team = reader.reference(in, "team", "team");
    service.policy = reader.reference(in, "policy", "policy");
    service.tier = reader.number(in, "tier", 0, 1, 9);
    service.runbook = reader.text(in, "runbook");
    check_address(reader, in, "runbook", service.runbook);
    service.description = reader.text(in, "description");
    service.labels = read_labels(reader, in);
    service.links = read_links(reader, in);
    read_names(reader, in, "depends_on", service.depends_on);
    service.subscribers = read_people(reader, in, "subscribers");
    read_paged_by(reader, in, service);
    service.directory = reader.text(in, "directory");
    return service;
}

} // namespace config
