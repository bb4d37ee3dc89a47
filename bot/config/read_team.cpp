#include "config/addresses.hpp"
#include "config/read.hpp"
#include "oncall/verbosity.hpp"

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

} // namespace

oncall::Team read_team(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "team " + name,
        {"channel", "topic", "verbosity", "user_group", "members", "permanent_members", "policy", "working_hours"});
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
    if (in.has("members") && in.at("members").node->kind != Node::Kind::null)
        team.members = reader.people(in.at("members"), "members");
    if (in.has("permanent_members") && in.at("permanent_members").node->kind != Node::Kind::null)
        team.permanent_members = reader.people(in.at("permanent_members"), "permanent_members");
    if (!team.permanent_members.empty() && !in.has("user_group"))
        reader.problem(in.at("permanent_members"), "team " + name + " has no user group to have permanent members",
            "add `user_group`, or name them under `members`");
    team.policy = reader.reference(in, "policy", "policy");
    if (in.has("working_hours"))
        team.working_hours = read_working_hours(reader, in.at("working_hours"));
    return team;
}

oncall::Service read_service(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "service " + name, {"team", "policy", "tier", "runbook"});
    oncall::Service service;
    service.name = name;
    service.team = reader.reference(in, "team", "team");
    service.policy = reader.reference(in, "policy", "policy");
    service.tier = reader.number(in, "tier", 0, 1, 9);
    service.runbook = reader.text(in, "runbook");
    if (!service.runbook.empty() && !is_web_address(service.runbook))
        reader.problem(in.at("runbook"), "`runbook` must be a web address", "start it with https://, without blanks");
    return service;
}

} // namespace config
