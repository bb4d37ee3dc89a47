#include "handlers/settings.hpp"

#include "blocks/heartbeats.hpp"
#include "handlers/opening.hpp"
#include "handlers/policy_draft.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/routes.hpp"
#include "storage/heartbeats.hpp"
#include "storage/source_secrets.hpp"

#include <algorithm>

namespace handlers {

using blocks::Values;
using oncall::Refusal;
using slack::Json;
namespace action = blocks::action;

std::string metadata_of(const FormState& state)
{
    Json json;
    json["kind"] = state.subject.kind;
    json["name"] = state.subject.name;
    json["new"] = state.subject.fresh;
    json["generation"] = state.generation;
    json["seen"] = state.seen;
    if (!state.draft.empty())
        json["draft"] = state.draft;
    if (state.level >= 0)
        json["level"] = state.level;
    return json.dump();
}

std::optional<FormState> form_state_in(const std::string& metadata)
{
    FormState state;
    try {
        const auto json = slack::parse(metadata);
        state.subject.kind = slack::text_at(json, {"kind"});
        state.subject.name = slack::text_at(json, {"name"});
        const auto& fresh = slack::at(json, {"new"});
        state.subject.fresh = fresh.is_boolean() && fresh.get<bool>();
        const auto& generation = slack::at(json, {"generation"});
        state.generation = generation.is_number_integer() ? generation.get<int>() : 0;
        state.seen = slack::text_at(json, {"seen"});
        state.draft = slack::text_at(json, {"draft"});
        const auto& level = slack::at(json, {"level"});
        state.level = level.is_number_integer() ? level.get<int>() : -1;
    } catch (const slack::BadJson&) {
        return std::nullopt;
    }
    return state.subject.kind.empty() ? std::nullopt : std::optional{state};
}

std::string fingerprint(const std::string& holds) { return holds.empty() ? "" : storage::sha256(holds).substr(0, 12); }

Surroundings surroundings(storage::Transaction& tx, const Context& app, const Subject& subject, const Asked& asked)
{
    Surroundings around;
    around.now = app.configuration();
    const auto people = storage::People{tx}.all();
    around.naming = naming_of(*around.now, people);
    around.names = storage::People{tx}.names();
    around.editor.user = asked.actor;
    const auto asker = asker_of(tx, asked);
    around.editor.stranger = asker.stranger;
    around.editor.admins = app.admins;
    around.editor.ids = around.naming.ids;
    for (const auto& person : people)
        if (person.user_id == asked.actor && !person.kind.empty()) {
            around.editor.kind = person.kind;
            around.editor.email = person.email;
        }
    if (const auto item = storage::Items{tx}.find(subject.kind, subject.name); item && !subject.fresh) {
        around.holds = item->holds;
        around.changed_by = item->changed_by;
        around.changed_at = item->changed_at;
    }
    if (subject.kind == "source" && !subject.fresh)
        for (const auto& [hash, key] : storage::SourceKeys{tx}.all())
            if (key.source == subject.name && key.until > asked.now)
                around.old_key_until = std::max(key.until, around.old_key_until.value_or(TimePoint{}));
    if (subject.kind == "source" && !subject.fresh) {
        const storage::SourceSecrets secrets{tx};
        around.has_secret = secrets.hashes().contains(subject.name);
        if (const auto until = secrets.older_until(subject.name, asked.now); until != TimePoint{})
            around.old_secret_until = until;
    }
    const auto monitor = around.now->heartbeats.find(subject.name);
    if (subject.kind == "heartbeat" && !subject.fresh && monitor != around.now->heartbeats.end())
        if (auto one = storage::Heartbeats{tx}.find(monitor->second.source, subject.name); one && !one->enabled)
            around.paused = std::move(one);
    return around;
}

slack::View form_view(
    const FormState& state, const Values& values, const Surroundings& around, const std::vector<std::string>& words)
{
    const auto& subject = state.subject;
    const bool is_level = state.level >= 0;
    const auto title = is_level ? "Level " + std::to_string(state.level + 1) : (subject.fresh ? "New " : "Edit ") + subject.kind;
    blocks::Form form;
    form.title = title;
    form.submit = is_level ? "Done" : "Check";
    form.close = is_level ? "Close" : "Back";
    form.callback = blocks::view::settings_form;
    form.metadata = metadata_of(state);
    form.generation = state.generation;
    for (const auto& one : words)
        form.parts.push_back(blocks::Heading{"⚠️ " + blocks::kit::prose(one, around.names), {}, {}});
    auto parts = is_level ? level_parts(subject.name, values, static_cast<std::size_t>(state.level), *around.now, around.naming)
                          : parts_of(subject, values, *around.now, around.naming);
    for (auto& part : parts)
        form.parts.push_back(std::move(part));
    if (around.paused)
        form.parts.push_back(blocks::Heading{
            "It is " + blocks::pause_words(*around.paused, around.names) + ". `/oncall heartbeats` resumes it.", {}, {}});
    if (around.old_key_until)
        form.parts.push_back(
            blocks::Heading{"Its old key still works until " + blocks::kit::date(*around.old_key_until) + ".", {}, {}});
    if (around.old_secret_until)
        form.parts.push_back(blocks::Heading{
            "Its old signing secret still works until " + blocks::kit::date(*around.old_secret_until) + ".", {}, {}});
    if (around.old_key_until || around.old_secret_until)
        form.parts.push_back(std::vector<blocks::Press>{
            {around.old_key_until ? (around.old_secret_until ? "Stop the old ones now" : "Stop the old key now")
                                  : "Stop the old signing secret now",
                action::settings_end_overlap, "", true, "Whatever still sends with the old one is turned away from now on."}});
    auto shown = values;
    shown.erase("signing_secret"); // what was typed is in the form still; it is never sent back
    return blocks::form(form, shown);
}

slack::View refusal_view(const std::string& words, const blocks::Names& names)
{
    blocks::PlanView no;
    no.lines = {words};
    return blocks::settings_plan(no, names);
}

namespace {

bool is_kind(const std::string& word)
{
    const auto& kinds = blocks::settings_kinds();
    return std::any_of(kinds.begin(), kinds.end(), [&](const blocks::SettingsKind& one) { return one.kind == word; });
}

/// "Policies", "policy" → "policy"; what is none: teams.
std::string kind_in(std::string word)
{
    std::transform(
        word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const auto& one : blocks::settings_kinds()) {
        std::string many{one.many};
        many[0] = static_cast<char>(many[0] + 32);
        if (word == one.kind || word == many)
            return std::string{one.kind};
    }
    return "team";
}

/// What a press comes to: a view on top of the one that was clicked, or instead of it.
struct NextView {
    bool push{};
    slack::View view{};
};

NextView kind_list(const std::string& kind, std::size_t page, const Context& app)
{
    if (!is_kind(kind))
        throw Refusal{"This list is from another version of me. Open `/oncall settings` again."};
    return {false, blocks::settings_list(*app.configuration(), kind, page)};
}

NextView open(storage::Transaction& tx, Context& app, const Subject& subject, const Surroundings& around, const Asked& asked)
{
    if (!is_kind(subject.kind) || subject.kind == "schedule")
        throw Refusal{"This button is from another version of me. Open `/oncall settings` again."};
    if (subject.fresh)
        oncall::permit_settings(around.editor, *around.now);
    else
        oncall::permit_edit(around.editor, subject.kind, subject.name, *around.now, *around.now);
    FormState state;
    state.subject = subject;
    state.seen = fingerprint(around.holds);
    const auto values = values_of(subject, *around.now, around.naming);
    if (subject.kind == "policy")
        keep_draft(tx, app, state, values, asked);
    return {true, form_view(state, values, around)};
}

config::Edit edit_of(const Subject& subject, const Surroundings& around)
{
    if (around.holds.empty())
        throw Refusal{"There is no " + subject.kind + " " + subject.name + " any more. Open `/oncall settings` again."};
    config::Edit edit;
    edit.kind = subject.kind;
    edit.name = subject.name;
    edit.json = around.holds;
    edit.opened_with = around.holds;
    return edit;
}

NextView plan_one(
    storage::Transaction& tx, Context& app, const config::Edit& edit, const Surroundings& around, const Asked& asked)
{
    const auto planned = plan_edits(tx, app, {edit}, around, asked);
    return {true, blocks::settings_plan(planned.view, around.names)};
}

NextView move_rule(
    storage::Transaction& tx, Context& app, const Subject& subject, bool up, const Surroundings& around, const Asked& asked)
{
    auto edit = edit_of(subject, around);
    edit.order_seen = rules_in_order(tx);
    const auto& rules = edit.order_seen;
    const auto place = static_cast<std::size_t>(std::find(rules.begin(), rules.end(), subject.name) - rules.begin());
    edit.place = up ? place - std::min<std::size_t>(place, 1) : place + 1;
    return plan_one(tx, app, edit, around, asked);
}

NextView remove(storage::Transaction& tx, Context& app, const Subject& subject, const Surroundings& around, const Asked& asked)
{
    auto edit = edit_of(subject, around);
    edit.json.clear();
    permit_edits(tx, {edit}, around.editor);
    if (const auto users = in_use(tx, subject.kind, subject.name); !users.empty())
        throw Refusal{users};
    return plan_one(tx, app, edit, around, asked);
}

/// The thing that a press is about: of its own, or of the form it is in.
Subject subject_pressed(const slack::Action& pressed, const std::optional<FormState>& state)
{
    const auto [kind, name] = value_in_two(pressed.value);
    if (pressed.action_id == action::settings_edit)
        return {kind, name, false};
    if (pressed.action_id == action::settings_new)
        return {kind, "", true};
    if (pressed.action_id == action::settings_rule)
        return {"rule", name, false};
    return state ? state->subject : Subject{};
}

/// nullopt: nothing to show. `changed`: put_in_force is due.
std::optional<NextView> react_to_settings(storage::Transaction& tx, Context& app, const slack::Action& pressed,
    const std::string& delivery, const Asked& asked, bool& changed)
{
    const auto state = form_state_in(pressed.private_metadata);
    const auto subject = subject_pressed(pressed, state);
    auto around = surroundings(tx, app, subject, asked);
    const auto [what, rest] = value_in_two(pressed.value);
    if (pressed.action_id == action::settings_kind)
        return kind_list(pressed.value, 0, app);
    if (pressed.action_id == action::settings_page || pressed.action_id == action::settings_page_back)
        return kind_list(what, number_in<std::size_t>(rest), app);
    if (pressed.action_id == action::settings_rule && what != "edit")
        return move_rule(tx, app, subject, what == "up", around, asked);
    if (pressed.action_id == action::settings_edit || pressed.action_id == action::settings_new
        || pressed.action_id == action::settings_rule)
        return open(tx, app, subject, around, asked);
    if (!state)
        throw Refusal{"This form is from another version of me. Open `/oncall settings` again."};
    if (pressed.action_id == action::settings_add_level || pressed.action_id == action::settings_level
        || pressed.action_id == action::settings_target || pressed.action_id == action::settings_level_back)
        return NextView{false, press_policy(tx, app, pressed, *state, around, asked)};
    if (pressed.action_id == action::settings_delete)
        return remove(tx, app, subject, around, asked);
    oncall::permit_edit(around.editor, subject.kind, subject.name, *around.now, *around.now);
    if (pressed.action_id == action::settings_rotate)
        return NextView{true, blocks::settings_rotate(subject.name)};
    if (storage::Inbox{tx}.first(delivery, asked.now))
        changed = end_overlap(tx, app, subject.name, asked);
    around.old_key_until.reset();
    around.old_secret_until.reset();
    return NextView{false, form_view(*state, blocks::form_values(pressed.state), around)};
}

/// Whether a press opens a form on top, whatever comes of it.
bool opens_form(const slack::Action& pressed)
{
    return pressed.action_id == action::settings_edit || pressed.action_id == action::settings_new
        || (pressed.action_id == action::settings_rule && value_in_two(pressed.value).first == "edit");
}

asio::awaitable<void> open_clicked(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall settings", app);
    auto make = [&app, pressed, delivery, asked](storage::Transaction& tx) {
        try {
            bool changed = false; // by no press that opens a form
            auto next = react_to_settings(tx, app, pressed, delivery, asked, changed);
            return next ? std::move(next->view) : slack::View{};
        } catch (const Refusal& refusal) {
            return refusal_view(refusal.what(), storage::People{tx}.names());
        }
    };
    Opening opening{pressed.trigger_id, "", "`/oncall settings` once more", pressed.actor.user, true, {}, true, true};
    auto opened = open_made_form(make, std::move(opening), app);
    co_await std::move(opened);
}

asio::awaitable<void> clicked(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall settings", app);
    bool changed = false;
    auto work = [&](storage::Transaction& tx) -> std::optional<NextView> {
        try {
            return react_to_settings(tx, app, pressed, delivery, asked, changed);
        } catch (const Refusal& refusal) {
            return NextView{true, refusal_view(refusal.what(), storage::People{tx}.names())};
        }
    };
    auto shown = co_await app.database.transaction(work);
    if (changed) {
        auto in_force = put_in_force(app);
        co_await std::move(in_force);
    }
    if (!shown)
        co_return;
    auto showing = show_after_press(std::move(shown->view), shown->push, pressed, app);
    co_await std::move(showing);
}

} // namespace

Answer settings(slack::Command command, std::string rest, std::string, Context& app)
{
    auto view = blocks::settings_list(*app.configuration(), kind_in(std::move(rest)), 0);
    app.tasks.spawn("open the settings",
        open_form(std::move(view), command.trigger_id, command.response_url, "`/oncall settings` once more", app));
    co_return Json{};
}

Answer click_settings(slack::Action pressed, std::string delivery, Context& app)
{
    if (opens_form(pressed))
        app.tasks.spawn("open a form of the settings", open_clicked(std::move(pressed), std::move(delivery), app));
    else
        app.tasks.spawn("settings", clicked(std::move(pressed), std::move(delivery), app));
    co_return Json{};
}

Answer look_up_settings(slack::Lookup lookup, Context& app)
{
    const auto configuration = app.configuration();
    co_return blocks::suggestions(choices_of(lookup.action_id, *configuration), lookup.typed);
}

} // namespace handlers
