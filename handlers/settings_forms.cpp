#include "handlers/settings_forms.hpp"

#include "blocks/settings.hpp"
#include "config/rule_yaml.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/heartbeat_form.hpp"
#include "handlers/hours_field.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/source_form.hpp"
#include "oncall/verbosity.hpp"

#include <algorithm>

namespace handlers {

using namespace fields;
using blocks::Choice;
using blocks::Part;
using blocks::Values;
using oncall::Configuration;
using oncall::Refusal;
namespace action = blocks::action;

namespace {

constexpr std::size_t most_in_field = 3'000;

} // namespace

Naming naming_of(const Configuration& configuration, const std::vector<storage::Person>& people)
{
    Naming naming;
    for (const auto& person : people)
        if (!person.user_id.empty() && person.kind != "gone")
            naming.ids[person.reference] = person.user_id;
    for (const auto& person : people)
        if (!person.user_id.empty())
            naming.names[person.user_id] = person.name;
    for (const auto& [reference, places] : oncall::people_of(configuration))
        if (const auto id = naming.ids.find(reference); id != naming.ids.end())
            naming.references.emplace(id->second, reference);
    return naming;
}

std::vector<Choice> choices_of(std::string_view menu, const Configuration& now)
{
    if (menu == action::options_team)
        return names(now.teams, "(none)");
    if (menu == action::options_service)
        return names(now.services, "(none)");
    if (menu == action::options_policy)
        return names(now.policies, "(none)");
    if (menu == action::options_source)
        return names(now.sources, "");
    if (menu == action::options_schedule)
        return names(now.schedules, "(none)");
    return menu == action::options_target ? target_choices(now) : std::vector<Choice>{};
}

// --- what stands in the fields at first --------------------------------------------------------------------------------------
namespace {

void put(Values& values, const oncall::Team& team, const Naming& naming)
{
    values["channel"] = {team.channel};
    values["user_group"] = {team.user_group};
    put_people(values, "members", team.members, naming);
    put_people(values, "managers", team.managers, naming);
    put_people(values, "observers", team.observers, naming);
    put_people(values, "permanent_members", team.permanent_members, naming);
    values["schedule"] = {option(team.schedule)};
    values["policy"] = {option(team.policy)};
    values["hours"] = {hours_out(team.working_hours.windows)};
    values["hours_zone"] = {team.working_hours.time_zone};
    if (team.topic)
        values["topic"] = {"true"};
    values["verbosity"] = {option(std::string{oncall::name(team.verbosity)})};
}

/// "language = go", a line each.
std::string labels_out(const std::map<std::string, std::string>& labels)
{
    std::string text;
    for (const auto& [name, value] : labels)
        text += (text.empty() ? "" : "\n") + name + " = " + value;
    return text;
}

/// "https://… Dashboard", a line each.
std::string links_out(const std::vector<oncall::Link>& links)
{
    std::string text;
    for (const auto& link : links)
        text += (text.empty() ? "" : "\n") + link.href + (link.text.empty() ? "" : " " + link.text);
    return text;
}

/// Of "user:ana@example.com" and "team:payments" the names of one kind.
Texts pagers(const oncall::Service& service, oncall::TargetKind kind)
{
    Texts names;
    for (const auto& text : service.paged_by)
        if (const auto who = oncall::target_in(text); who && who->kind == kind)
            names.push_back(who->name);
    return names;
}

Texts options(const Texts& names)
{
    Texts chosen;
    for (const auto& name : names)
        chosen.push_back(option(name));
    return chosen;
}

void put(Values& values, const oncall::Service& service, const Naming& naming)
{
    values["description"] = {service.description};
    values["labels"] = {labels_out(service.labels)};
    values["links"] = {links_out(service.links)};
    values["depends_on"] = options(service.depends_on);
    put_people(values, "subscribers", service.subscribers, naming);
    put_people(values, "paged_by", pagers(service, oncall::TargetKind::user), naming);
    values["paged_by_teams"] = options(pagers(service, oncall::TargetKind::team));
    values["team"] = {option(service.team)};
    values["policy"] = {option(service.policy)};
    values["tier"] = {number_out(service.tier)};
    values["runbook"] = {service.runbook};
}

void put(Values& values, const oncall::Rule& rule)
{
    values["when"] = {condition_out(rule.when)};
    values["then.service"] = {option(rule.service)};
    values["then.urgency"] = {option(!rule.urgency ? "" : *rule.urgency == oncall::Urgency::high ? "high" : "low")};
    values["then.page"] = {option(!rule.page ? "" : *rule.page ? "true" : "false")};
    values["further"] = {config::further_yaml(rule)};
}

const oncall::Rule* rule_of(const Configuration& now, const std::string& name)
{
    const auto found =
        std::find_if(now.rules.begin(), now.rules.end(), [&](const oncall::Rule& rule) { return rule.name == name; });
    return found == now.rules.end() ? nullptr : &*found;
}

template <class Things> const auto* find(const Things& things, const std::string& name)
{
    const auto found = things.find(name);
    return found == things.end() ? nullptr : &found->second;
}

[[noreturn]] void gone(const Subject& subject)
{
    throw Refusal{"There is no " + subject.kind + " " + subject.name + " any more. Open `/oncall settings` again."};
}

} // namespace

Values values_of(const Subject& subject, const Configuration& now, const Naming& naming)
{
    Values values;
    if (subject.fresh) {
        if (subject.kind == "policy") {
            oncall::Policy policy;
            policy.levels.resize(1);
            put(values, policy);
        }
        return values;
    }
    const auto put_if = [&](const auto* thing, const auto&... more) {
        if (!thing)
            gone(subject);
        put(values, *thing, more...);
    };
    if (subject.kind == "team")
        put_if(find(now.teams, subject.name), naming);
    else if (subject.kind == "service")
        put_if(find(now.services, subject.name), naming);
    else if (subject.kind == "policy")
        put_if(find(now.policies, subject.name));
    else if (const auto* const source = subject.kind == "source" ? find(now.sources, subject.name) : nullptr)
        put_source(values, *source);
    else if (const auto* const monitor = subject.kind == "heartbeat" ? find(now.heartbeats, subject.name) : nullptr)
        put_monitor(values, *monitor);
    else if (subject.kind == "rule")
        put_if(rule_of(now, subject.name));
    else
        gone(subject);
    for (const auto& [field, texts] : values)
        for (const auto& one : texts)
            if (one.size() > most_in_field)
                throw Refusal{subject.kind + " " + subject.name
                    + " is too long for a form: Slack takes 3,000 characters in a field. Change it in oncall.yaml."};
    return values;
}

// --- the fields --------------------------------------------------------------------------------------------------------------
namespace {

void team_parts(std::vector<Part>& parts, const oncall::Team& before, const Configuration& now, const Naming& naming)
{
    parts.push_back(text("channel", "Channel", "Gets a card for each alert.", "#payments-alerts"));
    add_people(parts, "members", "Members",
        "They are paged where a policy says team, and may change what is the team's if there are no managers.", before.members,
        naming);
    add_people(parts, "managers", "Managers", "They change what is the team's. They are paged if they are members, too.",
        before.managers, naming);
    add_people(parts, "observers", "Observers", "They are told how its services' alerts stand, and never paged.",
        before.observers, naming);
    parts.push_back(one("schedule", "Schedule", "Without a policy whoever is on call by it is paged, and then all members.",
        names(now.schedules, "(none)"), action::options_schedule));
    parts.push_back(
        one("policy", "Policy", "For its services that name no other.", names(now.policies, "(none)"), action::options_policy));
    parts.push_back(text("user_group", "User group", "Follows who is on call.", "@payments-oncall"));
    add_people(parts, "permanent_members", "Always in the user group", "Whoever is on call.", before.permanent_members, naming);
    parts.push_back(lines("hours", "Working hours",
        "Levels of a policy may ask for them, or wait. One stretch a line. Empty: none.", "Mon to Fri, 09:00 to 17:00"));
    parts.push_back(text("hours_zone", "Time zone of the working hours", "", "Europe/Berlin"));
    parts.push_back(tick("topic", "Topic", "The channel's topic says who is on call"));
    parts.push_back(one("verbosity", "What the channel is told", "Nobody answering is said aloud in any case.",
        {{"cards alone", "=cards", ""}, {"cards, and in their threads what happens", "=thread", ""},
            {"a line for each answer as well", "=all", ""}}));
}

/// Several of what there is, and of what is there already.
blocks::Field several(std::string id, std::string label, std::string hint, Texts known, const Texts& before)
{
    auto field = one(std::move(id), std::move(label), std::move(hint), {});
    field.kind = blocks::Field::Kind::some;
    for (const auto& name : before)
        if (!contains(known, name))
            known.push_back(name);
    for (const auto& name : known)
        if (fits_value(option(name)))
            field.choices.push_back({name, option(name), ""});
    return field;
}

template <class Things> Texts names_alone(const Things& things, const std::string& but_not = {})
{
    Texts names;
    for (const auto& [name, thing] : things)
        if (name != but_not)
            names.push_back(name);
    return names;
}

void service_parts(std::vector<Part>& parts, const oncall::Service& before, const Configuration& now, const Naming& naming)
{
    parts.push_back(one("team", "Team", "Its channel gets the cards.", names(now.teams, "(none)"), action::options_team));
    parts.push_back(one("policy", "Policy", "Without one, the team's.", names(now.policies, "(none)"), action::options_policy));
    parts.push_back(number("tier", "Tier", "1 for what must never be down, to 9.", 1, 9));
    parts.push_back(lines("description", "What it is", "A sentence or two."));
    parts.push_back(text("runbook", "Runbook", "Linked on every page.", "https://wiki.example.com/checkout"));
    parts.push_back(
        lines("links", "Links", "An address a line, and what it is.", "https://grafana.example.com/d/checkout Dashboard"));
    parts.push_back(lines("labels", "Labels", "One a line.", "language = go"));
    auto needs =
        several("depends_on", "Depends on", "Services that it needs.", names_alone(now.services, before.name), before.depends_on);
    needs.lookup = action::options_service;
    parts.push_back(std::move(needs));
    add_people(
        parts, "subscribers", "Subscribers", "They are told how its alerts stand, and never paged.", before.subscribers, naming);
    add_people(parts, "paged_by", "Who may page it by hand", "They and the teams below alone; empty both: whoever may page.",
        pagers(before, oncall::TargetKind::user), naming);
    auto teams = several(
        "paged_by_teams", "Teams that may page it by hand", "", names_alone(now.teams), pagers(before, oncall::TargetKind::team));
    teams.lookup = action::options_team;
    parts.push_back(std::move(teams));
}

void rule_parts(std::vector<Part>& parts, const Configuration& now)
{
    auto when = lines("when", "Alerts it is for",
        "One condition a line, and all must hold: labels.team = payments. Or as in oncall.yaml: any: [{field: severity, is: "
        "critical}, …]. Fields: title, description, severity, source, service, labels.NAME. Instead of is: contains, matches, "
        "in, "
        "greater, less, exists.",
        "severity = critical");
    when.required = true;
    parts.push_back(when);
    parts.push_back(one(
        "then.service", "Service", "Whose problem it is.", names(now.services, "(as the alert says)"), action::options_service));
    parts.push_back(one("then.urgency", "Urgency", "",
        {{"by the alert's severity", std::string{blocks::nothing}, ""}, {"high", "=high", ""}, {"low", "=low", ""}}));
    parts.push_back(one("then.page", "Page", "",
        {{"as usual", std::string{blocks::nothing}, ""}, {"yes", "=true", ""}, {"no, a card only", "=false", ""}}));
    parts.push_back(lines("further", "More, as in oncall.yaml",
        "default_service, team, policy, severity, title, delay, group, suppress, continue. Check shows what it would have made "
        "of "
        "last week's alerts.",
        "group: {by: \"{{labels.cluster}}\", within: 5m}"));
}

} // namespace

std::vector<Part> parts_of(const Subject& subject, const Values& values, const Configuration& now, const Naming& naming)
{
    std::vector<Part> parts;
    if (subject.fresh) {
        auto name = text("name", "Name", "Its name cannot be changed later.", "payments");
        name.required = true;
        name.most = 80;
        parts.push_back(name);
    } else {
        parts.push_back(blocks::Heading{
            blocks::kit::escape(subject.kind) + " " + blocks::kit::bold(blocks::kit::one_line(subject.name, 80)), {}, {}});
    }
    if (subject.kind == "team") {
        const auto* const before = find(now.teams, subject.name);
        team_parts(parts, before && !subject.fresh ? *before : oncall::Team{}, now, naming);
    } else if (subject.kind == "service") {
        const auto* const before = find(now.services, subject.name);
        service_parts(parts, before && !subject.fresh ? *before : oncall::Service{}, now, naming);
    } else if (subject.kind == "policy") {
        for (auto& part : policy_parts(values, naming))
            parts.push_back(std::move(part));
    } else if (subject.kind == "source") {
        source_parts(parts, subject, now);
    } else if (subject.kind == "heartbeat") {
        monitor_parts(parts, now);
    } else if (subject.kind == "rule") {
        rule_parts(parts, now);
    }
    if (!subject.fresh)
        parts.push_back(std::vector<blocks::Press>{{"Delete…", action::settings_delete, "", true, {}}});
    return parts;
}

// --- what was filled in ------------------------------------------------------------------------------------------------------
namespace {

void read_hours(oncall::WorkingHours& hours, const Values& values, std::map<std::string, std::string>& errors)
{
    // As it stands in the file, unless it was changed here.
    if (const auto text = text_in(values, "hours"); text != hours_out(hours.windows)) {
        auto windows = hours_in(text);
        if (!windows)
            errors["hours"] = "I can't read that. Write a line each, as Mon to Fri, 09:00 to 17:00.";
        hours.windows = std::move(windows).value_or(std::vector<oncall::Window>{});
    }
    hours.time_zone = hours.windows.empty() ? "" : text_in(values, "hours_zone");
    if (!hours.windows.empty() && hours.time_zone.empty())
        errors["hours_zone"] = "Say where the team works, as Europe/Berlin.";
}

void read(oncall::Team& team, const Values& values, const Naming& naming, std::map<std::string, std::string>& errors)
{
    read_hours(team.working_hours, values, errors);
    team.channel = channel_in(text_in(values, "channel"));
    team.user_group = group_in(text_in(values, "user_group"));
    team.members = people_in(values, "members", team.members, naming);
    team.managers = people_in(values, "managers", team.managers, naming);
    team.observers = people_in(values, "observers", team.observers, naming);
    team.permanent_members = people_in(values, "permanent_members", team.permanent_members, naming);
    team.schedule = option_in(values, "schedule");
    team.policy = option_in(values, "policy");
    team.topic = text_in(values, "topic") == "true";
    team.verbosity = oncall::verbosity_in(option_in(values, "verbosity")).value_or(oncall::Team{}.verbosity);
}

/// What was typed, unless it says what stood there.
std::string typed(const Values& values, const std::string& field, const std::string& before)
{
    const auto text = text_in(values, field);
    return text == text_in({{field, {before}}}, field) ? before : text;
}

void read_labels(oncall::Service& service, const Values& values, std::map<std::string, std::string>& errors)
{
    const auto text = typed(values, "labels", labels_out(service.labels));
    if (text == labels_out(service.labels))
        return;
    service.labels.clear();
    for (const auto& line : fields::split(text, "\n")) {
        const auto equals = line.find('=');
        const auto part = [](const std::string& words) { return text_in({{"", {words}}}, ""); };
        const auto name = part(line.substr(0, equals)), value = equals == line.npos ? "" : part(line.substr(equals + 1));
        if (name.empty() || value.empty() || !service.labels.emplace(name, value).second)
            errors["labels"] = "Write one a line, each name once, as language = go.";
    }
}

void read_links(oncall::Service& service, const Values& values)
{
    const auto text = typed(values, "links", links_out(service.links));
    if (text == links_out(service.links))
        return;
    service.links.clear();
    for (const auto& line : fields::split(text, "\n")) {
        const auto blank = std::min(line.find(' '), line.size());
        service.links.push_back({line.substr(0, blank), text_in({{"", {line.substr(blank)}}}, "")});
    }
}

/// Those of before that were chosen again, or are too long to be an option, in their order; and then the new ones.
Texts chosen_again(const Texts& before, const Texts& chosen)
{
    Texts all;
    std::copy_if(before.begin(), before.end(), std::back_inserter(all),
        [&](const std::string& one) { return contains(chosen, one) || !fits_value(option(one)); });
    std::copy_if(
        chosen.begin(), chosen.end(), std::back_inserter(all), [&](const std::string& one) { return !contains(all, one); });
    return all;
}

Texts options_in(const Values& values, const std::string& field)
{
    Texts names;
    for (const auto& value : texts_in(values, field))
        if (value.starts_with('='))
            names.push_back(value.substr(1));
    return names;
}

void read_pagers(oncall::Service& service, const Values& values, const Naming& naming)
{
    Texts chosen;
    for (const auto& person : people_in(values, "paged_by", pagers(service, oncall::TargetKind::user), naming))
        chosen.push_back(oncall::target_out({oncall::TargetKind::user, person}));
    for (const auto& team : options_in(values, "paged_by_teams"))
        chosen.push_back(oncall::target_out({oncall::TargetKind::team, team}));
    service.paged_by = chosen_again(service.paged_by, chosen);
}

void read(oncall::Service& service, const Values& values, const Naming& naming, std::map<std::string, std::string>& errors)
{
    service.team = option_in(values, "team");
    service.policy = option_in(values, "policy");
    service.tier = number_in(values, "tier");
    service.runbook = text_in(values, "runbook");
    service.description = typed(values, "description", service.description);
    read_labels(service, values, errors);
    read_links(service, values);
    service.depends_on = chosen_again(service.depends_on, options_in(values, "depends_on"));
    service.subscribers = people_in(values, "subscribers", service.subscribers, naming);
    read_pagers(service, values, naming);
}

void read(oncall::Rule& rule, const Values& values, std::map<std::string, std::string>& errors)
{
    auto when = condition_in(text_in(values, "when"));
    // One condition is one condition, whether the file calls it all of one or not.
    const bool was_list = rule.when.kind == oncall::Condition::Kind::all && rule.when.parts.size() == 1;
    if (!when.condition)
        errors["when"] = when.error;
    else if (was_list && rule.when.parts.front() == *when.condition)
        when.condition = rule.when;
    rule.when = when.condition.value_or(oncall::Condition{});
    rule.service = option_in(values, "then.service");
    const auto urgency = option_in(values, "then.urgency"), page = option_in(values, "then.page");
    rule.urgency =
        urgency.empty() ? std::nullopt : std::optional{urgency == "high" ? oncall::Urgency::high : oncall::Urgency::low};
    rule.page = page.empty() ? std::nullopt : std::optional{page == "true"};
    const auto further = text_in(values, "further");
    if (is_as_shown(further, config::further_yaml(rule)))
        return;
    auto parsed = config::parse_further(further, rule);
    if (parsed.problems.empty())
        rule = std::move(parsed.rule);
    else
        errors["further"] = said_of_field(parsed.problems.front());
}

bool exists(const Configuration& now, const std::string& kind, const std::string& name)
{
    return kind == "team"     ? now.teams.contains(name)
        : kind == "service"   ? now.services.contains(name)
        : kind == "policy"    ? now.policies.contains(name)
        : kind == "source"    ? now.sources.contains(name)
        : kind == "heartbeat" ? now.heartbeats.contains(name)
                              : rule_of(now, name) != nullptr;
}

} // namespace

Filled filled(const Subject& subject, const Values& values, const Configuration& now, const Naming& naming)
{
    Filled form;
    form.becomes = now;
    form.name = subject.fresh ? text_in(values, "name") : subject.name;
    if (form.name.empty())
        form.errors["name"] = "Give it a name.";
    else if (subject.fresh && exists(now, subject.kind, form.name))
        form.errors["name"] = "There is a " + subject.kind + " of that name already.";
    else if (!subject.fresh && !exists(now, subject.kind, form.name))
        gone(subject);
    auto& all = form.becomes;
    const auto named = [&](auto& thing) -> auto&
    {
        thing.name = form.name;
        return thing;
    };
    if (subject.kind == "team") {
        read(named(all.teams[form.name]), values, naming, form.errors);
    } else if (subject.kind == "service") {
        read(named(all.services[form.name]), values, naming, form.errors);
    } else if (subject.kind == "policy") {
        read(named(all.policies[form.name]), values, form.errors);
    } else if (subject.kind == "source") {
        read_source(named(all.sources[form.name]), values, form.errors);
    } else if (subject.kind == "heartbeat") {
        read_monitor(named(all.heartbeats[form.name]), values, form.errors);
    } else if (subject.kind == "rule") {
        auto rule =
            std::find_if(all.rules.begin(), all.rules.end(), [&](const oncall::Rule& other) { return other.name == form.name; });
        if (rule == all.rules.end())
            rule = all.rules.insert(all.rules.end(), oncall::Rule{});
        read(named(*rule), values, form.errors);
    } else {
        gone(subject);
    }
    return form;
}

std::string field_of(const Subject& subject, const Configuration& becomes, const std::string& path)
{
    const auto begins = subject.kind + " " + subject.name;
    if (!path.starts_with(begins) || (path.size() > begins.size() && path[begins.size()] != '.'))
        return {};
    if (path.size() <= begins.size() + 1)
        return subject.fresh ? "name" : "";
    const auto rest = path.substr(begins.size() + 1);
    if (subject.kind == "policy") {
        const auto* const policy = find(becomes.policies, subject.name);
        return policy ? policy_field(*policy, rest) : "";
    }
    if (subject.kind == "rule" && rest.starts_with("when"))
        return "when";
    if (subject.kind == "rule" && rest.starts_with("then."))
        return rest == "then.service" || rest == "then.urgency" || rest == "then.page" ? rest : "further";
    if (subject.kind == "team" && rest.starts_with("working_hours"))
        return rest.ends_with("time_zone") ? "hours_zone" : "hours";
    if (subject.kind == "source")
        return source_field(rest);
    const auto end = rest.find_first_of(subject.kind == "service" ? "[." : "[");
    const auto field = rest.substr(0, end);
    const std::map<std::string, Texts> fields{{"team",
                                                  {"channel", "user_group", "members", "managers", "observers",
                                                      "permanent_members", "policy", "schedule", "topic", "verbosity"}},
        {"service",
            {"team", "policy", "tier", "runbook", "description", "labels", "links", "depends_on", "subscribers", "paged_by"}},
        {"heartbeat", {"source", "every", "grace", "service", "severity", "description"}}};
    const auto known = fields.find(subject.kind);
    return known != fields.end() && contains(known->second, field) ? field : "";
}

} // namespace handlers
