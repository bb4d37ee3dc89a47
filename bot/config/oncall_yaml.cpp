#include "config/oncall_yaml.hpp"

#include "config/nearest.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace config {

namespace {

using oncall::Condition;

constexpr std::size_t most_text = 4 << 20;
constexpr int deepest_condition = 16;

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

bool is_id(std::string_view text, std::string_view first)
{
    return text.size() >= 6 && first.find(text.front()) != first.npos
        && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool is_person(std::string_view text)
{
    if (text.size() < 2 || text.size() > 254 || text.find_first_of(" \t\r\n<>,") != text.npos)
        return false;
    const auto sign = text.rfind('@');
    return sign == 0 || (sign != text.npos && sign + 1 < text.size()) || is_id(text, "UW");
}

bool is_channel(std::string_view text)
{
    return (text.size() > 1 && text.front() == '#' && text.find(' ') == text.npos) || is_id(text, "CG");
}

/// What may be said about a key of a mapping.
struct Entry {
    YAML::Node key{};
    YAML::Node value{};
};
using Entries = std::map<std::string, Entry>;

/// A name used somewhere, checked once everything has been read.
struct Reference {
    YAML::Mark at{};
    std::string kind{};
    std::string name{};
};

class Reader {
public:
    explicit Reader(const Environment& environment)
        : environment_{environment}
    {
    }

    Parsed read(std::string_view text);

private:
    void problem(const YAML::Mark& at, std::string what, std::string fix)
    {
        parsed_.problems.push_back({at.line + 1, at.column + 1, std::move(what), std::move(fix)});
    }

    /// The entries of a mapping, those with unknown keys reported and left out. An empty `known` allows all.
    Entries entries(const YAML::Node& node, const std::string& of, const std::vector<std::string>& known);
    std::string text(const Entries& in, const std::string& key);
    std::string text(const YAML::Node& node, const std::string& of);
    int number(const Entries& in, const std::string& key, int otherwise, int least, int most);
    std::optional<bool> truth(const Entries& in, const std::string& key);
    std::string reference(const Entries& in, const std::string& key, const std::string& kind);
    std::string zone(const Entries& in, const std::string& key);
    std::optional<oncall::LocalTime> local_time(const Entries& in, const std::string& key, const YAML::Mark& of);
    std::vector<std::string> people(const YAML::Node& node, const std::string& of);
    std::vector<YAML::Node> list(const Entries& in, const std::string& key);

    void team(const std::string& name, const YAML::Node& node);
    void service(const std::string& name, const YAML::Node& node);
    void schedule(const std::string& name, const YAML::Node& node);
    void policy(const std::string& name, const YAML::Node& node);
    void source(const std::string& name, const YAML::Node& node);
    void rule(const YAML::Node& node);
    oncall::Rotation rotation(const YAML::Node& node);
    std::optional<oncall::Override> temporary(const YAML::Node& node, const std::string& zone);
    oncall::Level level(const YAML::Node& node);
    std::optional<oncall::Target> target(const YAML::Node& node);
    Condition condition(const YAML::Node& node, int depth);
    void check_references();
    void check_services();

    const Environment& environment_;
    Parsed parsed_{};
    std::vector<Reference> references_{};
    std::map<std::string, YAML::Mark> service_marks_{};
    std::map<std::string, std::string> keys_{}; // of sources, to find two that are the same
    std::set<std::string> rule_names_{};
};

Entries Reader::entries(const YAML::Node& node, const std::string& of, const std::vector<std::string>& known)
{
    Entries found;
    if (node.IsNull())
        return found;
    if (!node.IsMap()) {
        problem(node.Mark(), of + " must be a mapping",
            "write `key: value` pairs" + (known.empty() ? "" : "; the keys are " + joined(known)));
        return found;
    }
    for (const auto& pair : node) {
        if (!pair.first.IsScalar()) {
            problem(pair.first.Mark(), "a key of " + of + " is not a text", "use a plain word as the key");
            continue;
        }
        const auto name = pair.first.Scalar();
        if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
            const auto meant = nearest(name, known);
            problem(pair.first.Mark(), of + " has no key `" + name + "`",
                meant ? "did you mean `" + *meant + "`?" : "the keys are " + joined(known));
            continue;
        }
        Entry entry;
        entry.key.reset(pair.first);
        entry.value.reset(pair.second);
        if (!found.emplace(name, entry).second)
            problem(pair.first.Mark(), "`" + name + "` is there twice in " + of, "keep one of the two");
    }
    return found;
}

std::string Reader::text(const YAML::Node& node, const std::string& of)
{
    if (node.IsScalar())
        return node.Scalar();
    problem(node.Mark(), "`" + of + "` must be a text", "write one value, in quotes if it has special characters");
    return {};
}

std::string Reader::text(const Entries& in, const std::string& key)
{
    const auto found = in.find(key);
    return found == in.end() ? std::string{} : text(found->second.value, key);
}

int Reader::number(const Entries& in, const std::string& key, int otherwise, int least, int most)
{
    const auto found = in.find(key);
    if (found == in.end())
        return otherwise;
    const auto& node = found->second.value;
    const std::string word = node.IsScalar() ? node.Scalar() : "";
    int value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc{} && end == word.data() + word.size() && value >= least && value <= most)
        return value;
    problem(node.Mark(), "`" + key + "` must be a whole number",
        "write a number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
}

std::optional<bool> Reader::truth(const Entries& in, const std::string& key)
{
    const auto found = in.find(key);
    if (found == in.end())
        return std::nullopt;
    bool value{};
    if (YAML::convert<bool>::decode(found->second.value, value))
        return value;
    problem(found->second.value.Mark(), "`" + key + "` must be true or false", "write true or false");
    return std::nullopt;
}

std::string Reader::reference(const Entries& in, const std::string& key, const std::string& kind)
{
    auto name = text(in, key);
    if (!name.empty())
        references_.push_back({in.at(key).value.Mark(), kind, name});
    return name;
}

std::string Reader::zone(const Entries& in, const std::string& key)
{
    auto name = text(in, key);
    if (!name.empty() && !oncall::is_time_zone(name)) {
        problem(in.at(key).value.Mark(), "there is no time zone `" + name + "`",
            "use a name of the IANA database, as Europe/Berlin or UTC");
        return {};
    }
    return name;
}

std::optional<oncall::LocalTime> Reader::local_time(const Entries& in, const std::string& key, const YAML::Mark& of)
{
    const std::string fix = "write a local time as 2026-11-02T09:00";
    const auto found = in.find(key);
    if (found == in.end()) {
        problem(of, "`" + key + "` is missing", fix);
        return std::nullopt;
    }
    const auto& node = found->second.value;
    const auto time = oncall::local_time_in(node.IsScalar() ? node.Scalar() : "");
    if (!time)
        problem(node.Mark(), "`" + key + "` is no time", fix);
    return time;
}

std::vector<YAML::Node> Reader::list(const Entries& in, const std::string& key)
{
    std::vector<YAML::Node> items;
    const auto found = in.find(key);
    if (found == in.end() || found->second.value.IsNull())
        return items;
    if (!found->second.value.IsSequence()) {
        problem(found->second.value.Mark(), "`" + key + "` must be a list", "write [a, b] or one `- …` a line");
        return items;
    }
    for (const auto& item : found->second.value)
        items.push_back(item);
    return items;
}

std::vector<std::string> Reader::people(const YAML::Node& node, const std::string& of)
{
    std::vector<std::string> names;
    std::vector<YAML::Node> items;
    if (node.IsSequence()) {
        for (const auto& item : node)
            items.push_back(item);
    } else {
        items.push_back(node);
    }
    for (const auto& item : items) {
        const auto name = text(item, of);
        if (name.empty())
            continue;
        if (!is_person(name))
            problem(item.Mark(), "`" + name + "` is no person", "name people by e-mail, @handle or Slack id (U…)");
        else if (std::find(names.begin(), names.end(), name) != names.end())
            problem(item.Mark(), "`" + name + "` is there twice", "name each person once");
        else
            names.push_back(name);
    }
    return names;
}

void Reader::team(const std::string& name, const YAML::Node& node)
{
    const auto in = entries(node, "team " + name, {"channel", "user_group", "members", "policy"});
    oncall::Team team;
    team.name = name;
    team.channel = text(in, "channel");
    if (!team.channel.empty() && !is_channel(team.channel))
        problem(in.at("channel").value.Mark(), "`" + team.channel + "` is no channel",
            "write \"#name\" in quotes, or the channel's id (C…)");
    team.user_group = text(in, "user_group");
    if (in.contains("members"))
        team.members = people(in.at("members").value, "members");
    team.policy = reference(in, "policy", "policy");
    parsed_.configuration.teams[name] = std::move(team);
}

void Reader::service(const std::string& name, const YAML::Node& node)
{
    const auto in = entries(node, "service " + name, {"team", "policy", "tier", "runbook"});
    oncall::Service service;
    service.name = name;
    service.team = reference(in, "team", "team");
    service.policy = reference(in, "policy", "policy");
    service.tier = number(in, "tier", 0, 1, 9);
    service.runbook = text(in, "runbook");
    if (!service.runbook.empty() && !service.runbook.starts_with("https://") && !service.runbook.starts_with("http://"))
        problem(in.at("runbook").value.Mark(), "`runbook` must be a web address", "start it with https://");
    service_marks_[name] = node.Mark();
    parsed_.configuration.services[name] = std::move(service);
}

oncall::Rotation Reader::rotation(const YAML::Node& node)
{
    const auto in = entries(node, "a rotation", {"name", "priority", "unit", "length", "start", "time_zone", "users"});
    oncall::Rotation rotation;
    rotation.name = text(in, "name");
    rotation.priority = number(in, "priority", 0, -1'000, 1'000);
    rotation.lengths = {number(in, "length", 1, 1, 1'000)};
    const auto unit = in.contains("unit") ? text(in, "unit") : "week";
    const std::map<std::string, oncall::Unit> units{
        {"hour", oncall::Unit::hour}, {"day", oncall::Unit::day}, {"week", oncall::Unit::week}, {"month", oncall::Unit::month}};
    if (const auto known = units.find(unit); known != units.end())
        rotation.unit = known->second;
    else
        problem(in.at("unit").value.Mark(), "there is no unit `" + unit + "`", "use hour, day, week or month");
    rotation.time_zone = zone(in, "time_zone");
    rotation.start = local_time(in, "start", node.Mark()).value_or(oncall::LocalTime{});
    for (const auto& item : list(in, "users"))
        rotation.turns.push_back(item.IsNull() ? oncall::Turn{} : people(item, "users"));
    if (rotation.turns.empty())
        problem(node.Mark(), "a rotation has nobody in it", "list its people under `users`");
    return rotation;
}

std::optional<oncall::Override> Reader::temporary(const YAML::Node& node, const std::string& zone)
{
    const auto in = entries(node, "an override", {"from", "to", "put", "add", "remove", "instead_of"});
    const auto from = local_time(in, "from", node.Mark());
    const auto to = local_time(in, "to", node.Mark());
    if (!from || !to)
        return std::nullopt;
    oncall::Override change;
    change.from = oncall::to_instant(*from, zone);
    change.to = oncall::to_instant(*to, zone);
    if (change.to <= change.from)
        problem(node.Mark(), "an override ends before it begins", "make `to` later than `from`");
    const std::pair<std::string, oncall::Override::Kind> kinds[]{
        {"put", oncall::Override::Kind::put}, {"add", oncall::Override::Kind::add}, {"remove", oncall::Override::Kind::remove}};
    int given = 0;
    for (const auto& [key, kind] : kinds)
        if (in.contains(key)) {
            ++given;
            change.kind = kind;
            change.people = people(in.at(key).value, key);
        }
    if (given != 1)
        problem(node.Mark(), "an override does one thing", "give it one of put, add and remove");
    change.instead_of = text(in, "instead_of");
    if (!change.instead_of.empty() && (!is_person(change.instead_of) || change.kind != oncall::Override::Kind::put))
        problem(in.at("instead_of").value.Mark(), "`instead_of` makes no sense here", "name one person, together with `put`");
    return change;
}

void Reader::schedule(const std::string& name, const YAML::Node& node)
{
    const auto in = entries(node, "schedule " + name, {"time_zone", "rotations", "overrides"});
    oncall::Schedule schedule;
    schedule.name = name;
    if (auto given = zone(in, "time_zone"); !given.empty())
        schedule.time_zone = std::move(given);
    for (const auto& item : list(in, "rotations")) {
        auto one = rotation(item);
        for (const auto& other : schedule.rotations)
            if (!one.name.empty() && other.name == one.name)
                problem(item.Mark(), "two rotations are called `" + one.name + "`", "rename one of them");
        schedule.rotations.push_back(std::move(one));
    }
    for (const auto& item : list(in, "overrides"))
        if (auto change = temporary(item, schedule.time_zone))
            schedule.overrides.push_back(std::move(*change));
    parsed_.configuration.schedules[name] = std::move(schedule);
}

std::optional<oncall::Target> Reader::target(const YAML::Node& node)
{
    const auto word = text(node, "targets");
    if (word.empty())
        return std::nullopt;
    auto target = oncall::target_in(word);
    if (!target) {
        problem(node.Mark(), "`" + word + "` is no target", "write user:…, schedule:…, team:… or \"channel:#…\"");
        return std::nullopt;
    }
    if (target->kind == oncall::TargetKind::schedule)
        references_.push_back({node.Mark(), "schedule", target->name});
    if (target->kind == oncall::TargetKind::team)
        references_.push_back({node.Mark(), "team", target->name});
    if (target->kind == oncall::TargetKind::user && !is_person(target->name))
        problem(node.Mark(), "`" + target->name + "` is no person", "name people by e-mail, @handle or Slack id (U…)");
    if (target->kind == oncall::TargetKind::channel && !is_channel(target->name))
        problem(
            node.Mark(), "`" + target->name + "` is no channel", "write \"channel:#name\" in quotes, or the channel's id (C…)");
    return target;
}

oncall::Level Reader::level(const YAML::Node& node)
{
    const auto in = entries(node, "a level", {"targets", "patience", "retries"});
    oncall::Level level;
    for (const auto& item : list(in, "targets"))
        if (auto one = target(item))
            level.targets.push_back(std::move(*one));
    if (level.targets.empty())
        problem(node.Mark(), "a level has no targets", "list them as `targets: [schedule:…]`");
    if (in.contains("patience")) {
        const auto patience = oncall::duration_in(text(in, "patience"));
        if (patience && *patience >= std::chrono::seconds{10} && *patience <= std::chrono::hours{24 * 7})
            level.patience = *patience;
        else
            problem(in.at("patience").value.Mark(), "`patience` is no time from 10s to 7d", "write it as 30s, 5m, 2h or 1d");
    }
    level.retries = number(in, "retries", 0, 0, 20);
    return level;
}

void Reader::policy(const std::string& name, const YAML::Node& node)
{
    const auto in = entries(node, "policy " + name, {"repeat", "levels"});
    oncall::Policy policy;
    policy.name = name;
    policy.repeat = number(in, "repeat", 0, 0, 20);
    for (const auto& item : list(in, "levels"))
        policy.levels.push_back(level(item));
    if (policy.levels.empty())
        problem(node.Mark(), "policy " + name + " has no levels", "list them under `levels`");
    parsed_.configuration.policies[name] = std::move(policy);
}

void Reader::source(const std::string& name, const YAML::Node& node)
{
    const auto in = entries(node, "source " + name, {"format", "key", "key_env", "key_hash", "service", "team"});
    oncall::Source source;
    source.name = name;
    source.format = text(in, "format");
    const std::vector<std::string> formats{"alertmanager", "generic", "pagerduty"};
    if (std::find(formats.begin(), formats.end(), source.format) == formats.end()) {
        const auto meant = source.format.empty() ? std::nullopt : nearest(source.format, formats);
        problem(in.contains("format") ? in.at("format").value.Mark() : node.Mark(),
            "source " + name + " has no format that is known",
            meant ? "did you mean `" + *meant + "`?" : "write `format:` and one of " + joined(formats));
    }
    if (in.contains("key") + in.contains("key_env") + in.contains("key_hash") > 1)
        problem(node.Mark(), "source " + name + " has more than one key", "keep one of key, key_env and key_hash");
    source.key = text(in, "key");
    if (in.contains("key") && source.key.empty())
        problem(in.at("key").value.Mark(), "the key of source " + name + " is empty",
            "write any text, or leave `key` out: one is made then");
    if (const auto variable = text(in, "key_env"); !variable.empty()) {
        source.key = environment_(variable).value_or("");
        if (source.key.empty())
            problem(
                in.at("key_env").value.Mark(), "the environment variable " + variable + " is not set", "set it, or use `key`");
    }
    source.key_hash = text(in, "key_hash");
    if (!source.key_hash.empty()
        && (source.key_hash.size() != 64 || source.key_hash.find_first_not_of("0123456789abcdef") != std::string::npos))
        problem(in.at("key_hash").value.Mark(), "`key_hash` is no SHA-256", "write 64 hexadecimal digits in lower case");
    const auto same = source.key.empty() ? source.key_hash : source.key;
    if (!same.empty() && !keys_.emplace(same, name).second)
        problem(node.Mark(), "sources " + keys_[same] + " and " + name + " have the same key", "give each source its own key");
    source.service = reference(in, "service", "service");
    source.team = reference(in, "team", "team");
    parsed_.configuration.sources[name] = std::move(source);
}

Condition Reader::condition(const YAML::Node& node, int depth)
{
    Condition condition;
    if (depth > deepest_condition) {
        problem(node.Mark(), "conditions are nested too deeply", "use at most " + std::to_string(deepest_condition) + " levels");
        return condition;
    }
    const auto in = entries(node, "a condition", {"all", "any", "not", "field", "is"});
    const bool plain = in.contains("field") && in.contains("is") && in.size() == 2;
    const bool composed = in.size() == 1 && !in.contains("field") && !in.contains("is");
    if (!plain && !composed) {
        problem(node.Mark(), "a condition is one thing", "write {field: …, is: …}, {all: […]}, {any: […]} or {not: …}");
        return condition;
    }
    if (plain) {
        condition.kind = Condition::Kind::is;
        condition.field = text(in, "field");
        condition.value = text(in, "is");
        const std::vector<std::string> fields{"title", "description", "severity", "source", "service"};
        const bool label = condition.field.starts_with("labels.") && condition.field.size() > 7;
        if (!label && std::find(fields.begin(), fields.end(), condition.field) == fields.end())
            problem(in.at("field").value.Mark(), "alerts have no field `" + condition.field + "`",
                "use " + joined(fields) + " or labels.NAME");
        return condition;
    }
    if (in.contains("not")) {
        condition.kind = Condition::Kind::no;
        condition.parts.push_back(this->condition(in.at("not").value, depth + 1));
        return condition;
    }
    const std::string key = in.contains("all") ? "all" : "any";
    condition.kind = key == "all" ? Condition::Kind::all : Condition::Kind::any;
    for (const auto& part : list(in, key))
        condition.parts.push_back(this->condition(part, depth + 1));
    if (condition.parts.empty())
        problem(node.Mark(), "`" + key + "` has no conditions", "list at least one");
    return condition;
}

void Reader::rule(const YAML::Node& node)
{
    const auto in = entries(node, "a rule", {"name", "when", "then"});
    oncall::Rule rule;
    rule.name = text(in, "name");
    if (rule.name.empty())
        problem(node.Mark(), "a rule has no name", "add `name: …`: people see it as the reason of a page");
    else if (!rule_names_.insert(rule.name).second)
        problem(node.Mark(), "two rules are called `" + rule.name + "`", "rename one of them");
    if (in.contains("when"))
        rule.when = condition(in.at("when").value, 0);
    else
        problem(node.Mark(), "rule " + rule.name + " has no `when`",
            "say which alerts it is for, as `when: {field: severity, is: critical}`");
    if (!in.contains("then"))
        problem(node.Mark(), "rule " + rule.name + " does nothing", "add `then: {service: …}`");
    else {
        const auto then = entries(in.at("then").value, "`then`", {"service", "urgency", "page"});
        rule.service = reference(then, "service", "service");
        rule.page = truth(then, "page");
        const auto urgency = text(then, "urgency");
        if (urgency == "high" || urgency == "low")
            rule.urgency = urgency == "high" ? oncall::Urgency::high : oncall::Urgency::low;
        else if (!urgency.empty())
            problem(then.at("urgency").value.Mark(), "there is no urgency `" + urgency + "`", "write high or low");
    }
    parsed_.configuration.rules.push_back(std::move(rule));
}

void Reader::check_references()
{
    const auto& all = parsed_.configuration;
    const auto names = [](const auto& map) {
        std::vector<std::string> found;
        for (const auto& [name, value] : map)
            found.push_back(name);
        return found;
    };
    const std::map<std::string, std::vector<std::string>> known{{"team", names(all.teams)}, {"service", names(all.services)},
        {"schedule", names(all.schedules)}, {"policy", names(all.policies)}};
    for (const auto& reference : references_) {
        const auto& candidates = known.at(reference.kind);
        if (std::find(candidates.begin(), candidates.end(), reference.name) != candidates.end())
            continue;
        const auto meant = nearest(reference.name, candidates);
        problem(reference.at, "there is no " + reference.kind + " `" + reference.name + "`",
            meant ? "did you mean `" + *meant + "`?" : "define it, or name one that exists");
    }
}

void Reader::check_services()
{
    const auto& all = parsed_.configuration;
    for (const auto& [name, service] : all.services) {
        const auto team = all.teams.find(service.team);
        if (service.policy.empty() && (service.team.empty() || (team != all.teams.end() && team->second.policy.empty())))
            problem(service_marks_.at(name), "nobody would be paged for service " + name,
                "give it a `policy`, or a `team` that has one");
    }
}

Parsed Reader::read(std::string_view text)
{
    if (text.size() > most_text) {
        parsed_.problems.push_back({0, 0, "the file is larger than 4 MiB", "this is hardly a configuration; check the path"});
        return std::move(parsed_);
    }
    YAML::Node root;
    try {
        root = YAML::Load(std::string{text});
    } catch (const YAML::Exception& error) {
        problem(
            error.mark, "this is no YAML: " + error.msg, "check indentation, quotes and brackets here and in the line before");
        return std::move(parsed_);
    }
    const auto in = entries(root, "the file", {"teams", "services", "schedules", "policies", "sources", "rules"});
    const auto each = [&](const std::string& section, auto&& read_one) {
        if (!in.contains(section))
            return;
        for (const auto& [name, entry] : entries(in.at(section).value, "`" + section + "`", {})) {
            if (name.empty() || name.size() > 80)
                problem(entry.key.Mark(), "a name under `" + section + "` is empty or too long", "use 1 to 80 characters");
            read_one(name, entry.value);
        }
    };
    each("teams", [&](const auto& name, const auto& node) { team(name, node); });
    each("services", [&](const auto& name, const auto& node) { service(name, node); });
    each("schedules", [&](const auto& name, const auto& node) { schedule(name, node); });
    each("policies", [&](const auto& name, const auto& node) { policy(name, node); });
    each("sources", [&](const auto& name, const auto& node) { source(name, node); });
    for (const auto& item : list(in, "rules"))
        rule(item);
    check_references();
    check_services();
    std::stable_sort(parsed_.problems.begin(), parsed_.problems.end(), [](const Problem& a, const Problem& b) {
        return std::pair{a.line, a.column} < std::pair{b.line, b.column};
    });
    return std::move(parsed_);
}

} // namespace

Parsed parse(std::string_view text, const Environment& environment) { return Reader{environment}.read(text); }

std::string describe(std::string_view file, const Problem& problem)
{
    std::string text{file};
    if (problem.line > 0)
        text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return text + ": " + problem.what + ". Fix: " + problem.fix + (problem.fix.ends_with('?') ? "" : ".");
}

} // namespace config
