#include "handlers/contact.hpp"
#include "handlers/digest.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/opening.hpp"
#include "handlers/reach.hpp"
#include "handlers/routes.hpp"
#include "handlers/rule_form.hpp"
#include "handlers/settings.hpp"
#include "oncall/reach_words.hpp"
#include "storage/contacts.hpp"
#include "storage/people_sync.hpp"
#include "storage/rules_json.hpp"

#include <algorithm>

namespace handlers {

using oncall::NotificationRule;
using oncall::Refusal;
using oncall::Urgency;
using slack::Json;
using storage::Transaction;
namespace action = blocks::action;
namespace view = blocks::view;

namespace {

constexpr std::string_view via_rules{"/oncall rules"};
constexpr std::size_t most_metadata = 2'900; // of Slack's 3,000
constexpr std::string_view old_form{"This form is from another version of me. Open `/oncall rules` again."};
constexpr std::string_view changed_meanwhile{"These rules have changed meanwhile. Here they are as they stand."};

/// What a rule's form and its preview carry with them.
struct RuleState {
    std::string list{}; // the view below
    std::string team{}; // whose rule it is; empty: her own
    Urgency urgency{};
    int index{-1}; // in the list, when the form was opened; -1: a new one
    std::string was{}; // the mark of the rule as it was then
    int generation{};
    blocks::Values values{}; // of a preview: what it was filled in with
};

std::string metadata_of(const RuleState& state)
{
    Json json;
    json["list"] = state.list;
    if (!state.team.empty())
        json["team"] = state.team;
    json["urgency"] = oncall::name(state.urgency);
    json["index"] = state.index;
    if (!state.was.empty())
        json["was"] = state.was;
    json["generation"] = state.generation;
    if (!state.values.empty())
        json["values"] = carried(state.values);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

RuleState state_in(const std::string& metadata)
{
    RuleState state;
    try {
        const auto json = slack::parse(metadata);
        state.list = slack::text_at(json, {"list"});
        state.team = slack::text_at(json, {"team"});
        state.urgency = slack::text_at(json, {"urgency"}) == "low" ? Urgency::low : Urgency::high;
        state.index = json.at("index").get<int>();
        state.was = slack::text_at(json, {"was"});
        state.generation = json.at("generation").get<int>();
        state.values = carried_in(slack::text_at(json, {"values"})).value_or(blocks::Values{});
    } catch (const std::exception&) {
        throw Refusal{std::string{old_form}};
    }
    return state;
}

/// Their own rules people change alone; a team's its members and admins. Throws Refusal.
void permit_rules(Transaction& tx, const Context& app, const std::string& team, const Asked& asked)
{
    if (team.empty()) {
        permit_contact(asker_of(tx, asked), asked.actor);
        return;
    }
    const auto around = surroundings(tx, app, {"team", team, false}, asked);
    if (!around.now->teams.contains(team))
        throw Refusal{"There is no team " + team + ". `/oncall settings` lists those there are."};
    permit_edit(around.editor, "team", team, *around.now, *around.now);
}

storage::PersonsRules rules_of(Transaction& tx, const std::string& team, const Asked& asked)
{
    return storage::NotificationRules{tx}.of(team.empty() ? asked.actor : "team:" + team);
}

/// What steps may name: what she has, or for a team every kind that there is.
std::vector<oncall::ContactMethod> methods_for(Transaction& tx, const Context& app, const std::string& team, const Asked& asked)
{
    if (team.empty())
        return contacts_of(tx, app, asked.actor);
    std::vector<oncall::ContactMethod> all;
    for (const auto kind : app.ways)
        all.emplace_back().kind = kind;
    return all;
}

std::string rules_zone(Transaction& tx, const std::string& team, const Asked& asked)
{
    const auto known = team.empty() ? storage::People{tx}.find(asked.actor) : std::nullopt;
    return known ? known->time_zone : "";
}

oncall::TimeStyle rules_style(Transaction& tx, const std::string& team, const Asked& asked)
{
    return team.empty() ? oncall::time_style(storage::PeopleSync{tx}.locale_of(asked.actor)) : oncall::TimeStyle{};
}

/// Tells a rule from others, and from what it may become.
std::string mark_of(const NotificationRule& rule) { return storage::sha256(storage::rules_out({rule})).substr(0, 16); }

std::string mark_of(const oncall::Window& window)
{
    NotificationRule rule;
    rule.windows = {window};
    return mark_of(rule);
}

/// Where the rule that was opened stands by now; nullopt when it was changed or removed meanwhile.
std::optional<std::size_t> place_of(const RuleState& state, const std::vector<NotificationRule>& rules)
{
    const auto same = [&](const NotificationRule& rule) { return mark_of(rule) == state.was; };
    const auto index = static_cast<std::size_t>(state.index);
    if (index < rules.size() && same(rules[index]))
        return index;
    const auto moved = std::find_if(rules.begin(), rules.end(), same);
    return moved == rules.end() ? std::nullopt : std::optional{static_cast<std::size_t>(moved - rules.begin())};
}

/// `words` are said on top.
slack::View rule_form_of(Transaction& tx, const Context& app, const RuleState& state, const blocks::Values& values,
    const Asked& asked, const std::string& words = {})
{
    auto form = rule_form(rule_parts(values, methods_for(tx, app, state.team, asked), rules_zone(tx, state.team, asked),
                              rules_style(tx, state.team, asked)),
        state.index < 0, state.urgency, words);
    form.generation = state.generation;
    auto carried_state = state;
    carried_state.values.clear();
    form.metadata = metadata_of(carried_state);
    return blocks::form(form, values);
}

NotificationRule fresh_rule(Urgency urgency)
{
    auto rule = oncall::default_rule(urgency);
    rule.name.clear();
    return rule;
}

/// "edit:3:7" and the like.
struct RulePress {
    std::string what{};
    std::string which{};
    std::int64_t version{};
    std::size_t index() const { return number_in<std::size_t>(which); }
};

RulePress rule_press_in(const std::string& value)
{
    const auto [what, rest] = value_in_two(value);
    const auto [which, version] = value_in_two(rest);
    return {what, which, number_in(version)};
}

void save_rules(
    Transaction& tx, storage::PersonsRules& rules, const std::string& verb, const std::string& name, const Asked& asked)
{
    storage::NotificationRules{tx}.save(rules);
    const bool of_team = rules.person != asked.actor;
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, verb, (of_team ? rules.person + " " : "") + name, "", "");
}

/// The neighbour of the same urgency, above or below; the rule itself when there is none.
std::size_t neighbour(const std::vector<NotificationRule>& rules, std::size_t index, bool up)
{
    for (auto at = index; up ? at-- > 0 : ++at < rules.size();)
        if (rules[at].urgency == rules[index].urgency)
            return at;
    return index;
}

ShownView change_list(Transaction& tx, const Context& app, const slack::Action& clicked, const Asked& asked)
{
    const auto pressed = rule_press_in(clicked.value);
    const auto& team = clicked.private_metadata;
    auto rules = rules_of(tx, team, asked);
    const bool by_urgency = clicked.action_id == action::rules_default || clicked.action_id == action::rules_default_low;
    const auto version = by_urgency ? number_in(pressed.which) : pressed.version;
    const auto index = pressed.index();
    if (version != rules.version || (!by_urgency && index >= rules.rules.size()))
        return {false, rules_view(tx, app, team, asked, {std::string{changed_meanwhile}})};
    if (by_urgency) {
        const auto urgency = pressed.what == "low" ? Urgency::low : Urgency::high;
        std::erase_if(rules.rules, [&](const auto& rule) { return rule.urgency == urgency; });
        save_rules(tx, rules, "use the default rules", std::string{oncall::name(urgency)}, asked);
        return {false, rules_view(tx, app, team, asked, {"The default holds again, from the next page on."})};
    }
    const auto name = rules.rules[index].name;
    if (pressed.what == "edit") {
        RuleState state;
        state.list = clicked.view_id;
        state.team = team;
        state.urgency = rules.rules[index].urgency;
        state.index = static_cast<int>(index);
        state.was = mark_of(rules.rules[index]);
        return {true, rule_form_of(tx, app, state, rule_values(rules.rules[index]), asked)};
    }
    if (pressed.what == "remove") {
        rules.rules.erase(rules.rules.begin() + static_cast<std::ptrdiff_t>(index));
        save_rules(tx, rules, "remove a notification rule", name, asked);
        return {false, rules_view(tx, app, team, asked, {"The rule is removed, from the next page on."})};
    }
    std::swap(rules.rules[index], rules.rules[neighbour(rules.rules, index, pressed.what == "up")]);
    save_rules(tx, rules, "move a notification rule", name, asked);
    return {false, rules_view(tx, app, team, asked)};
}

ShownView new_rule(Transaction& tx, const Context& app, const slack::Action& clicked, const Asked& asked)
{
    RuleState state;
    state.list = clicked.view_id;
    state.team = clicked.private_metadata;
    state.urgency = clicked.value == "low" ? Urgency::low : Urgency::high;
    return {true, rule_form_of(tx, app, state, rule_values(fresh_rule(state.urgency)), asked)};
}

slack::View quiet_form_of(Transaction& tx, const RuleState& state, const blocks::Values& values, const Asked& asked)
{
    auto form = quiet_form(quiet_parts(rules_zone(tx, state.team, asked), rules_style(tx, state.team, asked)));
    form.metadata = metadata_of(state);
    return blocks::form(form, values);
}

/// What waits for a person follows her quiet hours at once; a team's hold from the next page on.
void save_quiet(Transaction& tx, const Context& app, storage::PersonsRules& rules, const std::string& verb, const Asked& asked)
{
    save_rules(tx, rules, verb, {}, asked);
    if (rules.person == asked.actor)
        hold_anew(tx, app, rules.person, asked.now);
}

ShownView change_quiet(Transaction& tx, const Context& app, const slack::Action& clicked, const Asked& asked)
{
    RuleState state;
    state.list = clicked.view_id;
    state.team = clicked.private_metadata;
    auto rules = rules_of(tx, state.team, asked);
    if (clicked.action_id == action::rules_quiet_new)
        return {true, quiet_form_of(tx, state, {}, asked)};
    const auto pressed = rule_press_in(clicked.value);
    const bool by_menu = clicked.action_id == action::rules_quiet;
    const auto version = by_menu ? pressed.version : number_in(pressed.which);
    const auto index = pressed.index();
    if (version != rules.version || (by_menu && (!rules.quiet || index >= rules.quiet->size())))
        return {false, rules_view(tx, app, state.team, asked, {std::string{changed_meanwhile}})};
    if (clicked.action_id == action::rules_quiet_none) {
        rules.quiet.emplace();
        save_quiet(tx, app, rules, "have no quiet hours", asked);
        return {false, rules_view(tx, app, state.team, asked, {"You have no quiet hours now. What was held comes at once."})};
    }
    if (clicked.action_id == action::rules_quiet_team) {
        rules.quiet.reset();
        save_quiet(tx, app, rules, "use the team's quiet hours", asked);
        return {false, rules_view(tx, app, state.team, asked, {"Your team's quiet hours hold again."})};
    }
    if (pressed.what == "edit") {
        state.index = static_cast<int>(index);
        state.was = mark_of(rules.quiet->at(index));
        return {true, quiet_form_of(tx, state, quiet_values(rules.quiet->at(index)), asked)};
    }
    rules.quiet->erase(rules.quiet->begin() + static_cast<std::ptrdiff_t>(index));
    // Where nothing is left, nothing is said: a team's hold. To have none there is a button of its own.
    if (rules.quiet->empty())
        rules.quiet.reset();
    save_quiet(tx, app, rules, "take away quiet hours", asked);
    return {false, rules_view(tx, app, state.team, asked, {"These quiet hours are taken away."})};
}

ShownView change_form(Transaction& tx, const Context& app, const slack::Action& clicked, const Asked& asked)
{
    auto state = state_in(clicked.private_metadata);
    auto values = clicked.action_id == action::rules_change ? state.values : blocks::form_values(clicked.state);
    const auto pressed = rule_press_in(clicked.value);
    if (clicked.action_id == action::rules_add_step)
        add_step(values);
    else if (clicked.action_id == action::rules_step && pressed.what == "remove")
        remove_step(values, pressed.index());
    else if (clicked.action_id == action::rules_step && (pressed.what == "down" || pressed.index() > 0))
        move_step(values, pressed.index(), pressed.what == "up" ? pressed.index() - 1 : pressed.index() + 1);
    ++state.generation;
    return {false, rule_form_of(tx, app, state, values, asked)};
}

ShownView react_to_rules(Transaction& tx, const Context& app, const slack::Action& clicked, const Asked& asked)
{
    const bool in_form = clicked.action_id == action::rules_add_step || clicked.action_id == action::rules_step
        || clicked.action_id == action::rules_change;
    permit_rules(tx, app, in_form ? state_in(clicked.private_metadata).team : clicked.private_metadata, asked);
    if (in_form)
        return change_form(tx, app, clicked, asked);
    if (clicked.action_id == action::rules_new || clicked.action_id == action::rules_new_low)
        return new_rule(tx, app, clicked, asked);
    if (clicked.action_id == action::rules_quiet || clicked.action_id == action::rules_quiet_new
        || clicked.action_id == action::rules_quiet_none || clicked.action_id == action::rules_quiet_team)
        return change_quiet(tx, app, clicked, asked);
    return change_list(tx, app, clicked, asked);
}

constexpr std::string_view wakes_nobody{
    "This rule wakes nobody: no SMS, phone call or push in it is set up, and Slack and e-mail are silent at night."};

blocks::RulePreview preview_of(Transaction& tx, const Context& app, RuleState state, NotificationRule rule, const Asked& asked)
{
    blocks::RulePreview shown;
    shown.methods = methods_for(tx, app, state.team, asked);
    shown.time_zone = rules_zone(tx, state.team, asked);
    if (state.urgency == Urgency::high && !can_wake(rule, shown.methods)) {
        shown.refused = app.require_waking;
        shown.warning = std::string{wakes_nobody}
            + (shown.refused ? " Whoever runs me wants every rule of high urgency to (ONCALL_REQUIRE_WAKING)." : "");
    }
    shown.rule = std::move(rule);
    state.values = rule_values(shown.rule);
    shown.metadata = metadata_of(state);
    return shown;
}

/// What the rule comes to, or the errors at its fields.
Json check_rule(Transaction& tx, const Context& app, const RuleState& state, const blocks::Values& values, const Asked& asked)
{
    permit_rules(tx, app, state.team, asked);
    auto read = rule_in(values, state.urgency, methods_for(tx, app, state.team, asked));
    if (!read.errors.empty())
        return errors_answer(read.errors, state.generation);
    const auto shown = preview_of(tx, app, state, std::move(read.rule), asked);
    if (shown.metadata.size() > most_metadata)
        return error_answer("steps[0].methods",
            "There are more single ways in this rule than a form can carry. Choose kinds instead.", state.generation);
    return view_answer("update", blocks::rule_preview(shown));
}

/// The rule that was opened is no more what it was.
struct Overtaken : Refusal {
    using Refusal::Refusal;
};

/// Returns what to say in the list. Throws Refusal.
std::string save_rule(Transaction& tx, const Context& app, const RuleState& state, const Asked& asked)
{
    permit_rules(tx, app, state.team, asked);
    const auto hers = methods_for(tx, app, state.team, asked);
    auto read = rule_in(state.values, state.urgency, hers);
    if (!read.errors.empty())
        throw Refusal{"A way to be reached that is in this rule was removed meanwhile. " + read.errors.begin()->second};
    if (app.require_waking && state.urgency == Urgency::high && !can_wake(read.rule, hers))
        throw Refusal{std::string{wakes_nobody}};
    auto rules = rules_of(tx, state.team, asked);
    const auto name = read.rule.name;
    const bool fresh = state.index < 0; // it depends on none of those that were there
    if (fresh) {
        const auto many = std::count_if(
            rules.rules.begin(), rules.rules.end(), [&](const auto& rule) { return rule.urgency == state.urgency; });
        if (static_cast<std::size_t>(many) >= blocks::most_rules)
            throw Refusal{"There are " + std::to_string(blocks::most_rules) + " rules of this urgency. Remove one first."};
        // One that always holds would hide all below it: new ones with a time go above it.
        auto at = rules.rules.end();
        if (!read.rule.windows.empty())
            at = std::find_if(rules.rules.begin(), rules.rules.end(),
                [&](const auto& rule) { return rule.urgency == state.urgency && rule.windows.empty(); });
        rules.rules.insert(at, std::move(read.rule));
    } else if (const auto place = place_of(state, rules.rules)) {
        rules.rules[*place] = std::move(read.rule);
    } else {
        throw Overtaken{
            "This rule was changed or removed meanwhile, so yours is not saved yet. Save adds it as a rule of its own, "
            "and leaves the other as it is."};
    }
    save_rules(tx, rules, fresh ? "add a notification rule" : "change a notification rule", name, asked);
    return "✅ It holds from the next page on. Pages that climb now go on as they began.";
}

/// Saves what was filled in, and says so in `words`; or the errors at its fields.
std::map<std::string, std::string> save_quiet_form(Transaction& tx, const Context& app, const RuleState& state,
    const blocks::Values& values, std::string& words, const Asked& asked)
{
    permit_rules(tx, app, state.team, asked);
    auto read = quiet_in(values);
    if (!read.errors.empty())
        return read.errors;
    auto rules = rules_of(tx, state.team, asked);
    auto quiet = rules.quiet.value_or(std::vector<oncall::Window>{});
    const bool fresh = state.index < 0; // it depends on none of those that were there
    const auto opened =
        std::find_if(quiet.begin(), quiet.end(), [&](const oncall::Window& one) { return mark_of(one) == state.was; });
    if (!fresh && opened == quiet.end())
        throw Refusal{
            "These quiet hours have changed since you opened this form, so nothing was saved. `/oncall rules` shows them."};
    if (fresh && quiet.size() >= blocks::most_quiet_hours)
        throw Refusal{"There are " + std::to_string(blocks::most_quiet_hours) + " quiet hours. Take one away first."};
    if (fresh)
        quiet.push_back(std::move(read.window));
    else
        *opened = std::move(read.window);
    if (!oncall::come_to_an_end(quiet))
        return {
            {"to", "With these it would be quiet for ever, and nothing held would ever be told. Leave some time of the week."}};
    rules.quiet = std::move(quiet);
    save_quiet(tx, app, rules, fresh ? "add quiet hours" : "change quiet hours", asked);
    words = "✅ The quiet hours hold from now on.";
    return {};
}

Json refused(const std::string& words) { return view_answer("update", blocks::contact_refusal(words, {})); }

/// What could not be saved stays in front of her, with why.
Json not_saved(Transaction& tx, const Context& app, RuleState state, const std::string& words, const Asked& asked)
{
    permit_rules(tx, app, state.team, asked);
    auto read = rule_in(state.values, state.urgency, methods_for(tx, app, state.team, asked));
    if (!read.errors.empty()) {
        ++state.generation;
        return view_answer("update", rule_form_of(tx, app, state, state.values, asked, words));
    }
    auto shown = preview_of(tx, app, state, std::move(read.rule), asked);
    shown.warning = words;
    return view_answer("update", blocks::rule_preview(shown));
}

} // namespace

slack::View rules_view(
    Transaction& tx, const Context& app, const std::string& team, const Asked& asked, std::vector<std::string> notes)
{
    permit_rules(tx, app, team, asked);
    blocks::RuleList list;
    auto rules = rules_of(tx, team, asked);
    list.team = team;
    list.hers = std::move(rules.rules);
    list.version = rules.version;
    list.quiet = std::move(rules.quiet);
    if (team.empty()) {
        list.team_rules = team_rules_of(tx, app, asked.actor, "");
        list.team_quiet = team_quiet_of(tx, app, asked.actor, "");
    }
    list.methods = methods_for(tx, app, team, asked);
    list.time_zone = rules_zone(tx, team, asked);
    list.notes = std::move(notes);
    return blocks::rule_list(list);
}

Answer rules(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, std::string{via_rules}, app);
    auto make = [&app, rest, asked](Transaction& tx) { return rules_view(tx, app, rest, asked, {}); };
    auto opened = open_made_form(make, opening_by(command, "`/oncall rules` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_rules(slack::Action pressed, std::string, Context& app)
{
    const auto asked = asked_by(pressed.actor, std::string{via_rules}, app);
    auto work = [=, &app](Transaction& tx) { return react_to_rules(tx, app, pressed, asked); };
    app.tasks.spawn("notification rules", show_what_comes(pressed, std::move(work), app));
    co_return Json{};
}

Answer submit_rule(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_rules}, app);
    const auto values = blocks::form_values(filled.state);
    auto work = [&](Transaction& tx) {
        try {
            return check_rule(tx, app, state_in(filled.private_metadata), values, asked);
        } catch (const Refusal& refusal) {
            return refused(refusal.what());
        }
    };
    co_return co_await app.database.read(work);
}

Answer submit_rule_preview(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_rules}, app);
    std::string words, no;
    RuleState state;
    try {
        state = state_in(filled.private_metadata);
    } catch (const Refusal& refusal) {
        co_return refused(refusal.what());
    }
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, asked.now))
            words = save_rule(tx, app, state, asked);
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Overtaken& overtaken) {
        no = overtaken.what();
        state.index = -1;
        state.was.clear();
    } catch (const Refusal& refusal) {
        no = refusal.what();
    } catch (const storage::Conflict&) {
        no = "These rules were changed at the same time, so this one is not saved yet. Press Save once more.";
    }
    if (!no.empty()) {
        auto show = [&](Transaction& tx) {
            try {
                return not_saved(tx, app, state, no, asked);
            } catch (const Refusal& refusal) {
                return refused(refusal.what());
            }
        };
        co_return co_await app.database.read(show);
    }
    auto list = [=, &app](Transaction& tx) { return rules_view(tx, app, state.team, asked, {words}); };
    if (!words.empty())
        app.tasks.spawn("show the rules", show_again(state.list, std::move(list), app));
    co_return Json{};
}

Answer submit_quiet_hours(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_rules}, app);
    const auto values = blocks::form_values(filled.state);
    std::string words;
    RuleState state;
    std::map<std::string, std::string> errors;
    auto work = [&](Transaction& tx) {
        state = state_in(filled.private_metadata);
        if (storage::Inbox{tx}.seen(delivery))
            return;
        errors = save_quiet_form(tx, app, state, values, words, asked);
        if (errors.empty())
            storage::Inbox{tx}.first(delivery, asked.now);
    };
    std::string no;
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    } catch (const storage::Conflict&) {
        no = "These rules were changed at the same time, so nothing was saved. `/oncall rules` shows them.";
    }
    if (!no.empty())
        co_return refused(no);
    if (!errors.empty())
        co_return errors_answer(errors, state.generation);
    auto list = [=, &app](Transaction& tx) { return rules_view(tx, app, state.team, asked, {words}); };
    if (!words.empty())
        app.tasks.spawn("show the quiet hours", show_again(state.list, std::move(list), app));
    co_return Json{};
}

} // namespace handlers
