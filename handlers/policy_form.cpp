#include "handlers/policy_form.hpp"

#include "blocks/settings.hpp"
#include "config/addresses.hpp"
#include "handlers/form_fields.hpp"
#include "oncall/alert.hpp"
#include "oncall/policy_words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace fields;
using blocks::Choice;
using blocks::Field;
using blocks::Heading;
using blocks::Part;
using blocks::Press;
using blocks::Values;
using oncall::Level;
using oncall::Policy;
using oncall::Refusal;
using oncall::Target;
using oncall::TargetKind;
namespace action = blocks::action;
namespace kit = blocks::kit;

namespace {

constexpr std::size_t most_named_targets = 6; // targets of a level in short
constexpr std::size_t most_word = 80;
const std::string no_time{"This is no time. Write it as 30s, 5m, 2h or 1d."};

std::string number_of(std::size_t index) { return "Level " + std::to_string(index + 1); }

std::string truth(bool yes) { return yes ? "true" : ""; }
bool is_ticked(const Values& values, const std::string& field) { return text_in(values, field) == "true"; }

void put_level(Values& values, std::size_t index, const Level& level)
{
    const auto at = [&](const char* what) { return level_field(index, what); };
    auto& targets = values[at("targets")];
    for (const auto& target : level.targets)
        targets.push_back(oncall::target_out(target));
    values[at("patience")] = {oncall::duration_out(level.patience)};
    values[at("retries")] = {number_out(level.retries)};
    values[at("order")] = {option(order_out(level.order))};
    values[at("acknowledgements")] = {number_out(level.acknowledgements)};
    values[at("urgency")] = {option(!level.when.urgency ? "" : *level.when.urgency == oncall::Urgency::high ? "high" : "low")};
    std::string severities;
    for (const auto& severity : level.when.severities)
        severities += (severities.empty() ? "" : ", ") + severity;
    values[at("severities")] = {severities};
    values[at("working_hours")] = {option(!level.when.working_hours ? "" : *level.when.working_hours ? "true" : "false")};
    values[at("wait")] = {truth(level.wait_for_working_hours)};
}

Level level_in(const Values& values, std::size_t index, std::map<std::string, std::string>& errors)
{
    const auto at = [&](const char* what) { return level_field(index, what); };
    Level level;
    for (const auto& text : texts_in(values, at("targets")))
        if (const auto target = oncall::target_in(text))
            level.targets.push_back(*target);
    if (level.targets.empty())
        errors[at("add_people")] = number_of(index) + " pages nobody: choose somebody, or remove it.";
    else if (level.targets.size() > most_targets)
        errors[at("add_people")] = number_of(index) + " has " + std::to_string(level.targets.size())
            + " targets, and a form takes " + std::to_string(most_targets) + ". Take some out, or put them into a team.";
    if (const auto patience = oncall::duration_in(text_in(values, at("patience"))))
        level.patience = *patience;
    else
        errors[at("patience")] = no_time;
    level.retries = number_in(values, at("retries"));
    level.order = oncall::order_in(option_in(values, at("order"))).value_or(oncall::Order::at_once);
    level.acknowledgements = std::max(1, number_in(values, at("acknowledgements")));
    if (const auto urgency = option_in(values, at("urgency")); !urgency.empty())
        level.when.urgency = urgency == "high" ? oncall::Urgency::high : oncall::Urgency::low;
    for (auto& severity : split(text_in(values, at("severities")), ",\n")) {
        std::transform(severity.begin(), severity.end(), severity.begin(),
            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (!contains(level.when.severities, severity))
            level.when.severities.push_back(std::move(severity));
    }
    if (const auto hours = option_in(values, at("working_hours")); !hours.empty())
        level.when.working_hours = hours == "true";
    level.wait_for_working_hours = is_ticked(values, at("wait"));
    return level;
}

/// What one writes for channels, user groups and webhooks.
std::string target_of(const std::string& word)
{
    if (word.starts_with("http://") || word.starts_with("https://"))
        return oncall::target_out({TargetKind::webhook, word});
    const auto group = group_in(word);
    if (word.starts_with("@") || config::is_user_group(word))
        return oncall::target_out({TargetKind::user_group, group});
    return oncall::target_out({TargetKind::channel, channel_in(word)});
}

kit::Mrkdwn target_words(const Target& target, const Naming& naming)
{
    if (target.kind != TargetKind::user)
        return kit::one_line(oncall::words_of(target), most_word);
    if (const auto known = naming.ids.find(target.name); known != naming.ids.end())
        return kit::name(known->second, naming.names);
    if (target.name.find('@') == target.name.npos)
        return kit::name(target.name, naming.names);
    return kit::one_line(target.name, most_word) + " (not found in Slack)";
}

kit::Mrkdwn in_short(const Values& values, std::size_t index, const Naming& naming)
{
    std::map<std::string, std::string> errors;
    const auto level = level_in(values, index, errors);
    std::vector<kit::Mrkdwn> targets;
    for (const auto& target : level.targets) {
        if (targets.size() == most_named_targets && level.targets.size() > most_named_targets + 1) {
            targets.push_back(kit::number(static_cast<std::int64_t>(level.targets.size() - most_named_targets)) + " more");
            break;
        }
        targets.push_back(target_words(target, naming));
    }
    auto text = kit::bold("Level " + kit::number(static_cast<std::int64_t>(index + 1))) + "\n"
        + (targets.empty() ? kit::Mrkdwn{"⚠️ pages nobody yet"} : kit::joined(targets, ", "));
    if (errors.contains(level_field(index, "patience")))
        return text + "\n⚠️ its patience is no time";
    return text + "\n" + kit::one_line(oncall::words_of(level), 300);
}

std::vector<kit::Option> menu_of(const std::string& at, std::size_t place, std::size_t count, bool edit, bool remove)
{
    std::vector<kit::Option> menu;
    if (edit)
        menu.push_back({"Edit", "edit:" + at});
    if (place > 0)
        menu.push_back({"Move up", "up:" + at});
    if (place + 1 < count)
        menu.push_back({"Move down", "down:" + at});
    if (remove)
        menu.push_back({"Remove", "remove:" + at});
    return menu;
}

} // namespace

std::string level_field(std::size_t index, const std::string& what) { return "levels[" + std::to_string(index) + "]." + what; }

std::optional<std::size_t> level_of(const std::string& field)
{
    const std::string begins{"levels["};
    std::size_t index{};
    if (!field.starts_with(begins))
        return std::nullopt;
    const auto [end, error] = std::from_chars(field.data() + begins.size(), field.data() + field.size(), index);
    const bool whole = error == std::errc{} && end != field.data() + field.size() && *end == ']';
    return whole ? std::optional{index} : std::nullopt;
}

void put(Values& values, const Policy& policy)
{
    if (policy.levels.size() > most_levels)
        throw Refusal{"policy " + policy.name + " has more levels than fit into a form of Slack (" + std::to_string(most_levels)
            + "). Change it in oncall.yaml."};
    values["repeat"] = {number_out(policy.repeat)};
    values["until_answered"] = {truth(policy.until_answered)};
    values["low_urgency"] = {truth(policy.low_urgency_in_channel)};
    values["still_on_it"] = {policy.still_on_it.count() == 0 ? "" : oncall::duration_out(policy.still_on_it)};
    values["refire"] = {truth(policy.refire_pages)};
    values["rise"] = {truth(policy.rise_pages)};
    for (std::size_t i = 0; i < policy.levels.size(); ++i) {
        if (policy.levels[i].targets.size() > most_targets)
            throw Refusal{number_of(i) + " of policy " + policy.name + " has more targets than fit into a form of Slack ("
                + std::to_string(most_targets) + "). Change it in oncall.yaml."};
        for (const auto& severity : policy.levels[i].when.severities)
            if (split(severity, ",\n") != Texts{severity})
                throw Refusal{number_of(i) + " of policy " + policy.name + " is for severity \"" + severity
                    + "\", and a form knows none with a comma in it or blanks around it. Change it in oncall.yaml."};
        put_level(values, i, policy.levels[i]);
    }
}

void read(Policy& policy, const Values& values, std::map<std::string, std::string>& errors)
{
    policy.until_answered = is_ticked(values, "until_answered");
    policy.repeat = policy.until_answered ? 0 : number_in(values, "repeat");
    policy.low_urgency_in_channel = is_ticked(values, "low_urgency");
    policy.refire_pages = is_ticked(values, "refire");
    policy.rise_pages = is_ticked(values, "rise");
    policy.still_on_it = {};
    if (const auto text = text_in(values, "still_on_it"); !text.empty()) {
        if (const auto time = oncall::duration_in(text))
            policy.still_on_it = *time;
        else
            errors["still_on_it"] = no_time;
    }
    policy.levels.clear();
    for (std::size_t i = 0; i < levels_in(values); ++i)
        policy.levels.push_back(level_in(values, i, errors));
}

std::vector<Part> policy_parts(const Values& values, const Naming& naming)
{
    std::vector<Part> parts;
    const auto count = levels_in(values);
    for (std::size_t i = 0; i < count; ++i)
        parts.push_back(
            Heading{in_short(values, i, naming), action::settings_level, menu_of(std::to_string(i), i, count, true, count > 1)});
    if (count < most_levels)
        parts.push_back(std::vector<Press>{{"Add a level", action::settings_add_level, "", false, {}}});
    else
        parts.push_back(Heading{"These are as many levels as fit into a form of Slack. More go into oncall.yaml.", {}, {}});
    parts.push_back(number("repeat", "Repeat", "Further rounds of all levels, when nobody answers.", 0, 20));
    parts.push_back(tick("until_answered", "Until somebody answers", "Rounds without end, whatever “Repeat” says"));
    parts.push_back(text("still_on_it", "Still on it?",
        "So long after an acknowledgement whoever gave it is asked, and paged again without an answer. Empty: never asked.",
        "30m"));
    parts.push_back(tick("refire", "When it fires again", "Page again for an acknowledged alert that its source reports anew"));
    parts.push_back(tick("rise", "When it gets worse", "Page again for an acknowledged alert whose urgency rises to high"));
    parts.push_back(
        tick("low_urgency", "Low urgency", "An alert of low urgency is shown in the team's channel and pages nobody"));
    return parts;
}

std::vector<Choice> target_choices(const oncall::Configuration& now)
{
    std::vector<Choice> choices;
    const auto add = [&](TargetKind kind, const std::string& name, const std::string& label, const char* group) {
        const auto value = oncall::target_out({kind, name});
        if (fits_value(value))
            choices.push_back({label, value, group});
    };
    for (const auto& [name, schedule] : now.schedules)
        add(TargetKind::schedule, name, name, "Whoever is on call by schedule");
    for (const auto& [name, team] : now.teams)
        add(TargetKind::team, name, name, "Everybody of team");
    for (const auto& [name, schedule] : now.schedules)
        for (const auto& rotation : schedule.rotations)
            if (!rotation.name.empty())
                add(TargetKind::rotation, name + "/" + rotation.name, rotation.name + " of " + name, "One rotation");
    for (const auto& [name, schedule] : now.schedules)
        add(TargetKind::next, name, name, "Whoever is on call next by schedule");
    for (const auto& [name, policy] : now.policies)
        add(TargetKind::policy, name, name, "The levels of policy, alone on this one");
    return choices;
}

std::vector<Part> level_parts(
    const std::string& policy, const Values& values, std::size_t index, const oncall::Configuration& now, const Naming& naming)
{
    const auto at = [&](const char* what) { return level_field(index, what); };
    std::vector<Part> parts;
    const auto count = static_cast<std::int64_t>(levels_in(values));
    parts.push_back(Heading{kit::bold("Level " + kit::number(static_cast<std::int64_t>(index + 1))) + " of " + kit::number(count)
            + (policy.empty() ? kit::Mrkdwn{} : ", policy " + kit::one_line(policy, most_word)),
        {}, {}});
    const auto targets = texts_in(values, at("targets"));
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (const auto target = oncall::target_in(targets[i]))
            parts.push_back(Heading{kit::number(static_cast<std::int64_t>(i + 1)) + ". " + target_words(*target, naming),
                action::settings_target, menu_of(std::to_string(i), i, targets.size(), false, true)});
    if (targets.empty())
        parts.push_back(Heading{"It pages nobody yet.", {}, {}});
    auto people = text(at("add_people"), "Add people");
    people.kind = Field::Kind::people;
    parts.push_back(people);
    auto others = text(at("add_targets"), "Add schedules, teams, policies");
    others.kind = Field::Kind::some;
    others.choices = target_choices(now);
    others.lookup = action::options_target;
    parts.push_back(others);
    parts.push_back(lines(at("add_others"), "Add channels, user groups, webhooks",
        "In a channel anybody may acknowledge. One a line: #war-room, @payments-oncall, https://…", "#war-room"));
    parts.push_back(one(at("order"), "Whom each try pages", "",
        {{"everybody at once", "=at_once", ""}, {"one after the other", "=one_by_one", ""},
            {"one after the other, each page beginning with the next", "=round_robin", ""}}));
    auto patience = text(at("patience"), "Patience", "How long each try is waited for: 30s, 5m, 2h, 1d.", "5m");
    patience.required = true;
    parts.push_back(patience);
    parts.push_back(number(at("retries"), "Retries", "How often it is paged again before the next one.", 0, 20));
    parts.push_back(number(
        at("acknowledgements"), "Acknowledgements", "How many people must acknowledge before nobody else is paged.", 1, 20));
    parts.push_back(one(at("urgency"), "Only for alerts of", "",
        {{"any urgency", std::string{blocks::nothing}, ""}, {"high urgency", "=high", ""}, {"low urgency", "=low", ""}}));
    parts.push_back(
        text(at("severities"), "Only for severities", "As the sources say them: critical, error. Empty: all.", "critical"));
    parts.push_back(one(at("working_hours"), "Only when the team", "By the team's working hours.",
        {{"works or not", std::string{blocks::nothing}, ""}, {"works", "=true", ""}, {"does not work", "=false", ""}}));
    parts.push_back(tick(at("wait"), "Wait", "Its first try comes when the team works"));
    parts.push_back(std::vector<Press>{{"Back without these changes", action::settings_level_back, "", false, {}}});
    return parts;
}

std::string policy_field(const Policy& policy, const std::string& rest)
{
    if (const auto index = level_of(rest)) {
        const auto dot = rest.find("].");
        const auto what = dot == rest.npos ? std::string{} : rest.substr(dot + 2);
        const auto head = what.substr(0, what.find_first_of(".["));
        for (const char* field : {"patience", "retries", "order", "acknowledgements"})
            if (head == field)
                return level_field(*index, field);
        if (head == "wait_for_working_hours")
            return level_field(*index, "wait");
        if (head == "when") {
            for (const char* field : {"urgency", "working_hours"})
                if (what.starts_with(std::string{"when."} + field))
                    return level_field(*index, field);
            return level_field(*index, "severities");
        }
        std::size_t target{};
        if (what.starts_with("targets["))
            std::from_chars(what.data() + 8, what.data() + what.size(), target);
        if (what.starts_with("targets[") && *index < policy.levels.size() && target < policy.levels[*index].targets.size()) {
            const auto kind = policy.levels[*index].targets[target].kind;
            const bool written = kind == TargetKind::channel || kind == TargetKind::user_group || kind == TargetKind::webhook;
            return level_field(*index, written ? "add_others" : kind == TargetKind::user ? "add_people" : "add_targets");
        }
        return level_field(*index, "add_people");
    }
    const auto field = rest.substr(0, rest.find_first_of("[."));
    if (rest.starts_with("again."))
        return rest.substr(6);
    return field == "repeat" || field == "still_on_it" || field == "low_urgency" ? field : "";
}

// --- levels and targets ------------------------------------------------------------------------------------------------------
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
        // What belongs to no level, as a state of another version may have it, is let go.
        const auto index = level_of(it->first);
        if (const auto dot = it->first.find("]."); index && *index < levels.size() && dot != std::string::npos)
            levels[*index][it->first.substr(dot + 2)] = std::move(it->second);
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
    if (const auto index = levels_in(values); index < most_levels)
        put_level(values, index, Level{});
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

void take_added(Values& values, std::size_t index, const Naming& naming)
{
    auto targets = texts_in(values, level_field(index, "targets"));
    const auto add = [&](const std::string& target) {
        if (!contains(targets, target))
            targets.push_back(target);
    };
    for (const auto& id : texts_in(values, level_field(index, "add_people"))) {
        const auto named = naming.references.find(id);
        add(oncall::target_out({TargetKind::user, named == naming.references.end() ? id : named->second}));
    }
    for (const auto& target : texts_in(values, level_field(index, "add_targets")))
        if (oncall::target_in(target))
            add(target);
    for (const auto& word : split(text_in(values, level_field(index, "add_others"))))
        add(target_of(word));
    for (const char* field : {"add_people", "add_targets", "add_others"})
        values.erase(level_field(index, field));
    if (index < levels_in(values))
        values[level_field(index, "targets")] = std::move(targets);
}

void move_target(Values& values, std::size_t index, std::size_t from, std::size_t to)
{
    const auto targets = values.find(level_field(index, "targets"));
    if (targets != values.end() && from < targets->second.size() && to < targets->second.size())
        std::swap(targets->second[from], targets->second[to]);
}

void remove_target(Values& values, std::size_t index, std::size_t target)
{
    const auto targets = values.find(level_field(index, "targets"));
    if (targets != values.end() && target < targets->second.size())
        targets->second.erase(targets->second.begin() + static_cast<std::ptrdiff_t>(target));
}

} // namespace handlers
