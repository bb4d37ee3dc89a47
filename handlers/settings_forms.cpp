#include "handlers/settings_forms.hpp"

#include "blocks/settings.hpp"
#include "config/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using blocks::Choice;
using blocks::Field;
using blocks::Part;
using blocks::Values;
using oncall::Configuration;
using oncall::Refusal;
namespace action = blocks::action;

namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t most_in_field = 3'000;
constexpr std::size_t most_value = 150; // characters of an option
constexpr std::string_view not_in_slack{".unknown"}; // beside a field of people: those whom Slack does not know

bool fits_value(const std::string& text) { return config::length_of(text) <= most_value; }

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string text_in(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found == values.end() || found->second.empty() ? "" : trimmed(found->second.front());
}

Texts texts_in(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found == values.end() ? Texts{} : found->second;
}

bool contains(const Texts& list, const std::string& one) { return std::find(list.begin(), list.end(), one) != list.end(); }

int number_in(const Values& values, const std::string& field)
{
    const auto text = text_in(values, field);
    int number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string number_out(int number) { return number == 0 ? "" : std::to_string(number); }

// --- options: a name, or nothing -------------------------------------------------------------------------------------------
std::string option(const std::string& name) { return name.empty() ? std::string{blocks::nothing} : "=" + name; }

std::string option_in(const Values& values, const std::string& field)
{
    const auto value = texts_in(values, field);
    return !value.empty() && value.front().starts_with('=') ? value.front().substr(1) : "";
}

template <class Things> std::vector<Choice> names(const Things& things, const std::string& none)
{
    std::vector<Choice> choices;
    if (!none.empty())
        choices.push_back({none, std::string{blocks::nothing}, ""});
    for (const auto& [name, thing] : things)
        choices.push_back({name, option(name), ""});
    return choices;
}

// --- people ------------------------------------------------------------------------------------------------------------------
std::string id_of(const std::string& reference, const Naming& naming)
{
    const auto found = naming.ids.find(reference);
    return found == naming.ids.end() ? "" : found->second;
}

void put_people(Values& values, const std::string& field, const Texts& people, const Naming& naming)
{
    auto &ids = values[field], &unknown = values[field + std::string{not_in_slack}];
    for (const auto& person : people) {
        const auto id = id_of(person, naming);
        auto& list = id.empty() ? unknown : ids;
        const auto& chosen = id.empty() ? person : id;
        if (!contains(list, chosen))
            list.push_back(chosen);
    }
}

/// Those chosen, in the words and the order the configuration had for them; new ones last.
Texts people_in(const Values& values, const std::string& field, const Texts& before, const Naming& naming)
{
    const auto ids = texts_in(values, field), unknown = texts_in(values, field + std::string{not_in_slack});
    Texts people, seen;
    for (const auto& person : before) {
        const auto id = id_of(person, naming);
        if (id.empty() ? contains(unknown, person) || !fits_value(person) : contains(ids, id)) {
            people.push_back(person);
            seen.push_back(id);
        }
    }
    for (const auto& id : ids)
        if (!contains(seen, id)) {
            const auto named = naming.references.find(id);
            people.push_back(named == naming.references.end() ? id : named->second);
        }
    return people;
}

std::vector<Choice> not_found(const Texts& people, const Naming& naming)
{
    std::vector<Choice> choices;
    for (const auto& person : people)
        if (id_of(person, naming).empty() && fits_value(person))
            choices.push_back({person, person, ""});
    return choices;
}

void add_people(std::vector<Part>& parts, const std::string& field, const std::string& label, const std::string& hint,
    const Texts& before, const Naming& naming)
{
    Field people;
    people.kind = Field::Kind::people;
    people.id = field;
    people.label = label;
    people.hint = hint;
    people.placeholder = "Choose people";
    parts.push_back(people);
    Field unknown;
    unknown.kind = Field::Kind::some;
    unknown.id = field + std::string{not_in_slack};
    unknown.label = label + ": not found in Slack";
    unknown.hint = "The configuration names them, but Slack knows nobody of that name. Take them out, or correct the name.";
    unknown.choices = not_found(before, naming);
    if (!unknown.choices.empty())
        parts.push_back(unknown);
}

// --- fields ------------------------------------------------------------------------------------------------------------------
Field text(std::string id, std::string label, std::string hint = {}, std::string placeholder = {})
{
    Field field;
    field.kind = Field::Kind::text;
    field.id = std::move(id);
    field.label = std::move(label);
    field.hint = std::move(hint);
    field.placeholder = std::move(placeholder);
    return field;
}

Field number(std::string id, std::string label, std::string hint, int least, int most)
{
    auto field = text(std::move(id), std::move(label), std::move(hint));
    field.kind = Field::Kind::number;
    field.least = least;
    field.most = most;
    return field;
}

Field one(std::string id, std::string label, std::string hint, std::vector<Choice> choices, std::string_view lookup = {})
{
    auto field = text(std::move(id), std::move(label), std::move(hint));
    field.kind = Field::Kind::one;
    field.choices = std::move(choices);
    field.lookup = lookup;
    return field;
}

std::string level_field(std::size_t index, const std::string& what) { return "levels[" + std::to_string(index) + "]." + what; }

/// What a level may page besides people and channels.
std::vector<Choice> targets(const Configuration& now)
{
    std::vector<Choice> choices;
    for (const auto& [name, schedule] : now.schedules)
        choices.push_back({name, "schedule:" + name, "Whoever is on call in schedule"});
    for (const auto& [name, team] : now.teams)
        choices.push_back({name, "team:" + name, "Everybody of team"});
    return choices;
}

} // namespace

Naming naming_of(const Configuration& configuration, const std::vector<storage::Person>& people)
{
    Naming naming;
    for (const auto& person : people)
        if (!person.user_id.empty() && person.kind != "gone")
            naming.ids[person.reference] = person.user_id;
    for (const auto& [reference, places] : oncall::people_of(configuration))
        if (const auto id = id_of(reference, naming); !id.empty())
            naming.references.emplace(id, reference);
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
    return menu == action::options_target ? targets(now) : std::vector<Choice>{};
}

// --- what stands in the fields at first --------------------------------------------------------------------------------------
namespace {

void put(Values& values, const oncall::Team& team, const Naming& naming)
{
    values["channel"] = {team.channel};
    values["user_group"] = {team.user_group};
    put_people(values, "members", team.members, naming);
    put_people(values, "permanent_members", team.permanent_members, naming);
    values["policy"] = {option(team.policy)};
    if (team.topic)
        values["topic"] = {"true"};
}

void put(Values& values, const oncall::Service& service)
{
    values["team"] = {option(service.team)};
    values["policy"] = {option(service.policy)};
    values["tier"] = {number_out(service.tier)};
    values["runbook"] = {service.runbook};
}

void put_level(Values& values, std::size_t index, const oncall::Level& level, const Naming& naming)
{
    std::string channels;
    Texts people, others;
    for (const auto& target : level.targets) {
        if (target.kind == oncall::TargetKind::channel)
            channels += (channels.empty() ? "" : ", ") + target.name;
        else if (target.kind == oncall::TargetKind::user)
            people.push_back(target.name);
        else
            others.push_back(oncall::target_out(target));
    }
    put_people(values, level_field(index, "people"), people, naming);
    values[level_field(index, "targets")] = others;
    values[level_field(index, "channels")] = {channels};
    values[level_field(index, "patience")] = {oncall::duration_out(level.patience)};
    values[level_field(index, "retries")] = {number_out(level.retries)};
}

void put(Values& values, const oncall::Policy& policy, const Naming& naming)
{
    values["repeat"] = {number_out(policy.repeat)};
    for (std::size_t i = 0; i < policy.levels.size(); ++i)
        put_level(values, i, policy.levels[i], naming);
}

void put(Values& values, const oncall::Source& source)
{
    values["format"] = {option(source.format)};
    values["service"] = {option(source.service)};
    values["team"] = {option(source.team)};
}

void put(Values& values, const oncall::Rule& rule)
{
    values["when"] = {condition_out(rule.when)};
    values["then.service"] = {option(rule.service)};
    values["then.urgency"] = {option(!rule.urgency ? "" : *rule.urgency == oncall::Urgency::high ? "high" : "low")};
    values["then.page"] = {option(!rule.page ? "" : *rule.page ? "true" : "false")};
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

constexpr std::size_t most_levels = 12; // of Slack's hundred blocks a level takes up to eight

} // namespace

Values values_of(const Subject& subject, const Configuration& now, const Naming& naming)
{
    Values values;
    if (subject.fresh) {
        if (subject.kind == "policy")
            add_level(values);
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
        put_if(find(now.services, subject.name));
    else if (subject.kind == "policy")
        put_if(find(now.policies, subject.name), naming);
    else if (subject.kind == "source")
        put_if(find(now.sources, subject.name));
    else if (subject.kind == "rule")
        put_if(rule_of(now, subject.name));
    else
        gone(subject);
    for (const auto& [field, texts] : values)
        for (const auto& one : texts)
            if (one.size() > most_in_field)
                throw Refusal{subject.kind + " " + subject.name
                    + " is too long for a form: Slack takes 3,000 characters in a field. Change it in oncall.yaml."};
    if (levels_in(values) > most_levels)
        throw Refusal{"policy " + subject.name + " has more levels than fit into a form of Slack (" + std::to_string(most_levels)
            + "). Change it in oncall.yaml."};
    return values;
}

// --- the fields --------------------------------------------------------------------------------------------------------------
namespace {

void team_parts(std::vector<Part>& parts, const oncall::Team& before, const Configuration& now, const Naming& naming)
{
    parts.push_back(text("channel", "Channel", "Gets a card for each alert.", "#payments-alerts"));
    add_people(parts, "members", "Members", "They are paged where a policy says team, and may change what is the team's.",
        before.members, naming);
    parts.push_back(
        one("policy", "Policy", "For its services that name no other.", names(now.policies, "(none)"), action::options_policy));
    parts.push_back(text("user_group", "User group", "Follows who is on call.", "@payments-oncall"));
    add_people(parts, "permanent_members", "Always in the user group", "Whoever is on call.", before.permanent_members, naming);
    Field topic;
    topic.kind = Field::Kind::tick;
    topic.id = "topic";
    topic.label = "Topic";
    topic.choices = {{"The channel's topic says who is on call", "true", ""}};
    parts.push_back(topic);
}

void service_parts(std::vector<Part>& parts, const Configuration& now)
{
    parts.push_back(one("team", "Team", "Its channel gets the cards.", names(now.teams, "(none)"), action::options_team));
    parts.push_back(one("policy", "Policy", "Without one, the team's.", names(now.policies, "(none)"), action::options_policy));
    parts.push_back(number("tier", "Tier", "1 for what must never be down, to 9.", 1, 9));
    parts.push_back(text("runbook", "Runbook", "Linked on every page.", "https://wiki.example.com/checkout"));
}

void level_parts(
    std::vector<Part>& parts, std::size_t index, std::size_t count, const Values& values, const Configuration& now, const Naming&)
{
    const auto at = std::to_string(index);
    std::vector<blocks::kit::Option> menu;
    if (index > 0)
        menu.push_back({"Move up", "up:" + at});
    if (index + 1 < count)
        menu.push_back({"Move down", "down:" + at});
    if (count > 1)
        menu.push_back({"Remove", "remove:" + at});
    const auto title = "*Level " + blocks::kit::number(static_cast<std::int64_t>(index + 1)) + "*";
    parts.push_back(blocks::Heading{title, action::settings_level, menu});
    Field people;
    people.kind = Field::Kind::people;
    people.id = level_field(index, "people");
    people.label = "People";
    parts.push_back(people);
    Field unknown;
    unknown.kind = Field::Kind::some;
    unknown.id = level_field(index, "people") + std::string{not_in_slack};
    unknown.label = "People not found in Slack";
    for (const auto& person : texts_in(values, unknown.id))
        if (fits_value(person))
            unknown.choices.push_back({person, person, ""});
    if (!unknown.choices.empty())
        parts.push_back(unknown);
    Field others;
    others.kind = Field::Kind::some;
    others.id = level_field(index, "targets");
    others.label = "Schedules and teams";
    others.choices = targets(now);
    others.lookup = action::options_target;
    parts.push_back(others);
    parts.push_back(text(level_field(index, "channels"), "Channels", "", "#war-room"));
    auto patience = text(level_field(index, "patience"), "Patience", "How long each try is waited for: 30s, 5m, 2h, 1d.", "5m");
    patience.required = true;
    parts.push_back(patience);
    parts.push_back(
        number(level_field(index, "retries"), "Retries", "How often the level is paged again before the next one.", 0, 20));
}

void policy_parts(std::vector<Part>& parts, const Values& values, const Configuration& now, const Naming& naming)
{
    const auto count = levels_in(values);
    for (std::size_t i = 0; i < count; ++i)
        level_parts(parts, i, count, values, now, naming);
    if (count < most_levels)
        parts.push_back(std::vector<blocks::Press>{{"Add a level", action::settings_add_level, "", false, {}}});
    parts.push_back(number("repeat", "Repeat", "Further rounds of all levels, when nobody answers.", 0, 20));
}

void source_parts(std::vector<Part>& parts, const Subject& subject, const Configuration& now)
{
    auto format = one("format", "Format", "What sends the alerts.",
        {{"Alertmanager", "=alertmanager", ""}, {"generic JSON", "=generic", ""}, {"PagerDuty Events v2", "=pagerduty", ""},
            {"PagerDuty Events v2 that names whom to page", "=paging", ""}});
    format.required = true;
    parts.push_back(format);
    parts.push_back(
        one("service", "Service", "For alerts that name none.", names(now.services, "(none)"), action::options_service));
    parts.push_back(
        one("team", "Team", "Is told of alerts that belong to no service.", names(now.teams, "(none)"), action::options_team));
    if (!subject.fresh)
        parts.push_back(std::vector<blocks::Press>{{"Make a new key…", action::settings_rotate, "", false, {}}});
}

void rule_parts(std::vector<Part>& parts, const Configuration& now)
{
    auto when = text("when", "Alerts it is for",
        "One condition a line, and all must hold: labels.team = payments. Or as in oncall.yaml: any: [{field: severity, is: "
        "critical}, …]. Fields: title, description, severity, source, service, labels.NAME.",
        "severity = critical");
    when.kind = Field::Kind::lines;
    when.required = true;
    parts.push_back(when);
    parts.push_back(one(
        "then.service", "Service", "Whose problem it is.", names(now.services, "(as the alert says)"), action::options_service));
    parts.push_back(one("then.urgency", "Urgency", "",
        {{"by the alert's severity", std::string{blocks::nothing}, ""}, {"high", "=high", ""}, {"low", "=low", ""}}));
    parts.push_back(one("then.page", "Page", "",
        {{"as usual", std::string{blocks::nothing}, ""}, {"yes", "=true", ""}, {"no, a card only", "=false", ""}}));
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
        service_parts(parts, now);
    } else if (subject.kind == "policy") {
        policy_parts(parts, values, now, naming);
    } else if (subject.kind == "source") {
        source_parts(parts, subject, now);
    } else if (subject.kind == "rule") {
        rule_parts(parts, now);
    }
    if (!subject.fresh)
        parts.push_back(std::vector<blocks::Press>{{"Delete…", action::settings_delete, "", true, {}}});
    return parts;
}

// --- what was filled in ------------------------------------------------------------------------------------------------------
namespace {

/// "#ops", as people write channels: with or without the sign, or as Slack writes them, "<#C123|ops>".
std::string channel_in(std::string text)
{
    if (text.starts_with("<#") && text.ends_with('>'))
        return text.substr(2, std::min(text.find('|'), text.size() - 1) - 2);
    const bool id = text.size() >= 6 && (text.front() == 'C' || text.front() == 'G')
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == text.npos;
    return text.empty() || text.front() == '#' || id ? text : "#" + text;
}

std::string group_in(const std::string& text)
{
    const bool id =
        text.size() >= 6 && text.front() == 'S' && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == text.npos;
    return text.empty() || text.front() == '@' || id ? text : "@" + text;
}

Texts split(const std::string& text)
{
    Texts parts;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of(", \n\t", at), text.size());
        if (end > at)
            parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// In the order that they had, new ones last: nobody sees a change where there is none.
std::vector<oncall::Target> in_order(std::vector<oncall::Target> wanted, const std::vector<oncall::Target>& before)
{
    const auto place = [&](const oncall::Target& one) { return std::find(before.begin(), before.end(), one) - before.begin(); };
    std::stable_sort(
        wanted.begin(), wanted.end(), [&](const oncall::Target& a, const oncall::Target& b) { return place(a) < place(b); });
    return wanted;
}

/// Whatever their order, and however often the file names one.
bool same_targets(const std::vector<oncall::Target>& some, const std::vector<oncall::Target>& others)
{
    const auto within = [](const std::vector<oncall::Target>& all, const std::vector<oncall::Target>& list) {
        return std::all_of(all.begin(), all.end(),
            [&](const oncall::Target& one) { return std::find(list.begin(), list.end(), one) != list.end(); });
    };
    return within(some, others) && within(others, some);
}

std::vector<oncall::Target> targets_in(
    const Values& values, std::size_t index, const oncall::Policy& before, const Naming& naming)
{
    using oncall::Target;
    using oncall::TargetKind;
    Texts people;
    for (const auto& level : before.levels)
        for (const auto& target : level.targets)
            if (target.kind == TargetKind::user && !contains(people, target.name))
                people.push_back(target.name);
    std::vector<Target> wanted;
    const auto add = [&](Target target) {
        if (std::find(wanted.begin(), wanted.end(), target) == wanted.end())
            wanted.push_back(std::move(target));
    };
    for (const auto& person : people_in(values, level_field(index, "people"), people, naming))
        add({TargetKind::user, person});
    for (const auto& other : texts_in(values, level_field(index, "targets")))
        if (const auto target = oncall::target_in(other))
            add(*target);
    for (const auto& channel : split(text_in(values, level_field(index, "channels"))))
        add({TargetKind::channel, channel_in(channel)});
    if (index < before.levels.size() && same_targets(before.levels[index].targets, wanted))
        return before.levels[index].targets;
    for (const auto& level : before.levels)
        if (same_targets(level.targets, wanted))
            return level.targets;
    return index < before.levels.size() ? in_order(std::move(wanted), before.levels[index].targets) : wanted;
}

void read(oncall::Team& team, const Values& values, const Naming& naming)
{
    team.channel = channel_in(text_in(values, "channel"));
    team.user_group = group_in(text_in(values, "user_group"));
    team.members = people_in(values, "members", team.members, naming);
    team.permanent_members = people_in(values, "permanent_members", team.permanent_members, naming);
    team.policy = option_in(values, "policy");
    team.topic = text_in(values, "topic") == "true";
}

void read(oncall::Service& service, const Values& values)
{
    service.team = option_in(values, "team");
    service.policy = option_in(values, "policy");
    service.tier = number_in(values, "tier");
    service.runbook = text_in(values, "runbook");
}

void read(oncall::Policy& policy, const Values& values, const Naming& naming, std::map<std::string, std::string>& errors)
{
    const auto before = std::exchange(policy.levels, {});
    oncall::Policy old;
    old.levels = before;
    policy.repeat = number_in(values, "repeat");
    for (std::size_t i = 0; i < levels_in(values); ++i) {
        oncall::Level level;
        level.targets = targets_in(values, i, old, naming);
        level.retries = number_in(values, level_field(i, "retries"));
        if (level.targets.empty())
            errors[level_field(i, "people")] = "Level " + std::to_string(i + 1) + " pages nobody: choose somebody, or remove it.";
        if (const auto patience = oncall::duration_in(text_in(values, level_field(i, "patience"))))
            level.patience = *patience;
        else
            errors[level_field(i, "patience")] = "This is no time. Write it as 30s, 5m, 2h or 1d.";
        policy.levels.push_back(std::move(level));
    }
}

void read(oncall::Source& source, const Values& values)
{
    source.format = option_in(values, "format");
    source.service = option_in(values, "service");
    source.team = option_in(values, "team");
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
}

bool exists(const Configuration& now, const std::string& kind, const std::string& name)
{
    return kind == "team"   ? now.teams.contains(name)
        : kind == "service" ? now.services.contains(name)
        : kind == "policy"  ? now.policies.contains(name)
        : kind == "source"  ? now.sources.contains(name)
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
        read(named(all.teams[form.name]), values, naming);
    } else if (subject.kind == "service") {
        read(named(all.services[form.name]), values);
    } else if (subject.kind == "policy") {
        read(named(all.policies[form.name]), values, naming, form.errors);
    } else if (subject.kind == "source") {
        read(named(all.sources[form.name]), values);
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
    if (subject.kind == "policy" && rest.starts_with("levels[")) {
        std::size_t index{};
        std::from_chars(rest.data() + 7, rest.data() + rest.size(), index);
        const auto dot = rest.find("].");
        const auto what = dot == rest.npos ? "" : rest.substr(dot + 2);
        if (!what.starts_with("targets["))
            return level_field(index, what.starts_with("patience") || what.starts_with("retries") ? what : "people");
        std::size_t target{};
        std::from_chars(what.data() + 8, what.data() + what.size(), target);
        const auto* const policy = find(becomes.policies, subject.name);
        if (policy && index < policy->levels.size() && target < policy->levels[index].targets.size()) {
            const auto kind = policy->levels[index].targets[target].kind;
            return level_field(index,
                kind == oncall::TargetKind::channel    ? "channels"
                    : kind == oncall::TargetKind::user ? "people"
                                                       : "targets");
        }
        return level_field(index, "people");
    }
    if (subject.kind == "rule" && rest.starts_with("when"))
        return "when";
    const auto end = rest.find_first_of("[");
    const auto field = rest.substr(0, end);
    const std::map<std::string, Texts> fields{
        {"team", {"channel", "user_group", "members", "permanent_members", "policy", "topic"}},
        {"service", {"team", "policy", "tier", "runbook"}}, {"policy", {"repeat"}}, {"source", {"format", "service", "team"}},
        {"rule", {"then.service", "then.urgency", "then.page"}}};
    const auto known = fields.find(subject.kind);
    return known != fields.end() && contains(known->second, field) ? field : "";
}

// --- levels ------------------------------------------------------------------------------------------------------------------
namespace {

/// The fields of each level, by what follows "levels[0].".
std::vector<Values> take_levels(Values& values)
{
    std::vector<Values> levels(levels_in(values));
    for (auto it = values.begin(); it != values.end();) {
        if (!it->first.starts_with("levels[")) {
            ++it;
            continue;
        }
        std::size_t index{};
        std::from_chars(it->first.data() + 7, it->first.data() + it->first.size(), index);
        // What belongs to no level, as a state of another version may have it, is let go.
        if (const auto dot = it->first.find("]."); index < levels.size() && dot != std::string::npos)
            levels[index][it->first.substr(dot + 2)] = std::move(it->second);
        it = values.erase(it);
    }
    return levels;
}

void put_levels(Values& values, std::vector<Values> levels)
{
    for (std::size_t i = 0; i < levels.size(); ++i)
        for (auto& [what, texts] : levels[i])
            values[level_field(i, what)] = std::move(texts);
}

} // namespace

std::size_t levels_in(const Values& values)
{
    std::size_t count{};
    while (values.contains(level_field(count, "patience")))
        ++count;
    return count;
}

void add_level(Values& values)
{
    const auto index = levels_in(values);
    if (index >= most_levels)
        return;
    oncall::Level level;
    put_level(values, index, level, {});
}

void move_level(Values& values, std::size_t from, std::size_t to)
{
    auto levels = take_levels(values);
    if (from < levels.size() && to < levels.size())
        std::swap(levels[from], levels[to]);
    put_levels(values, std::move(levels));
}

void remove_level(Values& values, std::size_t index)
{
    auto levels = take_levels(values);
    if (index < levels.size() && levels.size() > 1)
        levels.erase(levels.begin() + static_cast<std::ptrdiff_t>(index));
    put_levels(values, std::move(levels));
}

} // namespace handlers
