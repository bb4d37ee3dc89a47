#include "handlers/settings.hpp"

#include "config/items.hpp"
#include "handlers/forecast.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/policy_draft.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/routes.hpp"
#include "handlers/rule_trial.hpp"
#include "handlers/source_views.hpp"
#include "storage/drafts.hpp"

#include <algorithm>
#include <set>

namespace handlers {

using oncall::Refusal;
using slack::Json;

namespace {

/// The people that a form chooses, field by field, who were not there before.
std::map<std::string, std::vector<std::string>> newly_chosen(const blocks::Values& values, const blocks::Values& before)
{
    const auto is_people = [](const std::string& field) {
        return field == "members" || field == "permanent_members"
            || (field.starts_with("levels[") && field.ends_with("].add_people"));
    };
    std::set<std::string> there;
    for (const auto& [field, people] : before)
        if (is_people(field))
            there.insert(people.begin(), people.end());
    std::map<std::string, std::vector<std::string>> chosen;
    for (const auto& [field, people] : values)
        if (is_people(field))
            std::copy_if(people.begin(), people.end(), std::back_inserter(chosen[field]),
                [&](const std::string& one) { return !there.contains(one); });
    return chosen;
}

bool text_is_true(const blocks::Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found != values.end() && !found->second.empty() && found->second.front() == "true";
}

/// What is said of a field that the form has not, as those of a policy's levels: which one is meant, too.
std::string said_on_top(const std::string& field, const std::string& words)
{
    const auto level = level_of(field);
    return level && !words.starts_with("Level ") ? "Level " + std::to_string(*level + 1) + ": " + words : words;
}

/// What a policy would do from now on, to be looked at before it is saved.
void look_ahead(storage::Transaction& tx, const Context& app, blocks::PlanView& plan, const oncall::Configuration& becomes,
    const std::string& name, TimePoint now)
{
    const auto policy = becomes.policies.find(name);
    if (policy == becomes.policies.end() || plan.draft.empty())
        return;
    oncall::Alert alert;
    alert.team = team_of(becomes, name);
    const auto forecast = forecast_of(tx, app, becomes, alert, policy->second, now);
    plan.forecast = words_of(forecast, cries_of(app, becomes, alert.team));
    plan.drawing = oncall::drawing_of(forecast);
    plan.forecast.insert(plan.forecast.begin(), "Who would be paged by it now, if nobody answered:");
    plan.warnings = warnings_of(tx, app, becomes, name, now);
}

/// The plan of a rule, which is shown once the rule has been tried on the alerts that came.
struct UntriedRule {
    blocks::PlanView plan{};
    blocks::Names names{};
    std::shared_ptr<const oncall::Configuration> now{};
    oncall::Configuration becomes{};
    std::string rule{};
};

Answer try_and_show(UntriedRule untried, TimePoint at, Context& app)
{
    auto look_back = [&](storage::Transaction& tx) { return came_lately(tx, at); };
    auto came = co_await app.database.read(look_back);
    auto trying = tried(std::move(came), untried.now, std::move(untried.becomes), untried.rule, app);
    auto& lines = untried.plan.forecast;
    lines = co_await std::move(trying);
    lines.insert(lines.begin(), "What it would have made of the alerts that came:");
    co_return view_answer("push", blocks::settings_plan(untried.plan, untried.names));
}

/// What a filled form comes to: errors at its fields, the form with words on top, or the plan on top of it, which of a rule is
/// `untried` instead.
Json check_form(storage::Transaction& tx, Context& app, FormState state, const slack::Submission& filled_in,
    std::optional<UntriedRule>& untried, const Asked& asked)
{
    auto subject = state.subject;
    const auto around = surroundings(tx, app, subject, asked);
    auto values = blocks::form_values(filled_in.state);
    if (subject.kind == "policy") {
        auto draft = draft_of(tx, state, values, asked);
        state.generation = draft.generation;
        values = std::move(draft.values);
        keep_draft(tx, app, state, values, asked);
    }
    auto form = filled(subject, values, *around.now, around.naming);
    const auto parts = parts_of(state.subject, values, *around.now, around.naming);
    std::vector<std::string> on_top;
    const auto place = [&](const std::string& field, const std::string& words) {
        if (has_field(parts, field))
            form.errors.emplace(field, words);
        else
            on_top.push_back(said_on_top(field, words));
    };
    for (const auto& [field, words] : std::exchange(form.errors, {}))
        place(field, words);
    const auto before = subject.fresh ? blocks::Values{} : values_of(subject, *around.now, around.naming);
    for (const auto& [field, people] : newly_chosen(values, before))
        for (const auto& person : people)
            if (const auto why = cannot_answer(tx, person); !why.empty())
                form.errors.emplace(field, blocks::plain(why, around.names));
    const auto made = form.becomes.sources.find(form.name);
    const bool is_source = subject.kind == "source" && made != form.becomes.sources.end();
    if (is_source && made->second.is_signed && made->second.signing_secret.empty() && !around.has_secret
        && !text_is_true(before, "signed"))
        form.errors.emplace("signing_secret", "Without a secret nothing that comes could be told to be signed. Give one.");
    if (!form.errors.empty())
        return errors_answer(form.errors, state.generation);
    if (!on_top.empty())
        return view_answer("update", form_view(state, values, around, on_top));
    subject.name = form.name;
    auto edit = edit_to(subject, form.becomes, around);
    if (is_source)
        edit.signing_secret = made->second.signing_secret;
    auto planned = plan_edits(tx, app, {edit}, around, asked);
    for (const auto& problem : planned.problems)
        place(field_of(subject, form.becomes, problem.path), words_of(problem));
    if (!form.errors.empty())
        return errors_answer(form.errors, state.generation);
    if (on_top.empty() && !planned.changes)
        on_top.push_back("Nothing is changed yet. Change something, or go back.");
    if (!on_top.empty())
        return view_answer("update", form_view(state, values, around, on_top));
    if (subject.kind == "policy")
        look_ahead(tx, app, planned.view, form.becomes, subject.name, asked.now);
    if (state.seen != fingerprint(around.holds))
        planned.view.note = who_changed(around.changed_by, around.changed_at)
            + ", after you opened this form. Below is what your form would change of that.";
    if (subject.kind == "rule") {
        untried = UntriedRule{std::move(planned.view), around.names, around.now, std::move(form.becomes), subject.name};
        return {};
    }
    return view_answer("push", blocks::settings_plan(planned.view, around.names));
}

/// A level's form was filled in: errors at its fields, or the policy's form in its place.
Json check_level(storage::Transaction& tx, Context& app, FormState state, const slack::Submission& filled_in, const Asked& asked)
{
    const auto around = surroundings(tx, app, state.subject, asked);
    auto values = blocks::form_values(filled_in.state);
    const auto generation = state.generation;
    if (const auto wrong = take_level(tx, app, state, values, around, asked); !wrong.empty())
        return errors_answer(wrong, generation);
    return view_answer("update", form_view(state, values, around));
}

std::vector<config::Edit> edits_in(const std::string& text)
{
    std::vector<config::Edit> edits;
    for (const auto& one : slack::parse(text)) {
        config::Edit edit;
        edit.kind = slack::text_at(one, {"kind"});
        edit.name = slack::text_at(one, {"name"});
        edit.json = slack::text_at(one, {"json"});
        edit.opened_with = slack::text_at(one, {"opened_with"});
        edit.signing_secret = slack::text_at(one, {"signing_secret"});
        if (const auto& place = slack::at(one, {"place"}); place.is_number_unsigned())
            edit.place = place.get<std::size_t>();
        for (const auto& rule : slack::at(one, {"order_seen"}))
            edit.order_seen.push_back(rule.get<std::string>());
        edits.push_back(std::move(edit));
    }
    return edits;
}

struct Saved {
    std::map<std::string, std::string> keys{};
    std::vector<std::string> lines{};
    slack::View view{};
};

/// The people that an edit puts into a team, a policy or a schedule and who cannot answer a page. Who was chosen a moment ago,
/// when the form was checked, is known by now.
std::string unable(storage::Transaction& tx, const config::Edit& edit)
{
    const auto people_in = [&](const std::string& json) {
        std::set<std::string> people;
        if (json.empty() || (edit.kind != "team" && edit.kind != "policy" && edit.kind != "schedule"))
            return people;
        for (const auto& [person, places] :
            oncall::people_of(config::configuration_of({{edit.kind, edit.name, json}}).configuration))
            people.insert(person);
        return people;
    };
    const auto before = people_in(edit.opened_with);
    std::string words;
    for (const auto& person : people_in(edit.json))
        if (const auto known = storage::People{tx}.find(person); known && !before.contains(person))
            if (const auto why = cannot_answer(tx, known->user_id); !why.empty())
                words += (words.empty() ? "" : " ") + why;
    return words;
}

/// Before which rule it was to stand is what somebody wished, whatever else was moved meanwhile.
void place_again(config::Edit& edit, std::vector<std::string> order)
{
    auto seen = std::exchange(edit.order_seen, order);
    std::erase(seen, edit.name);
    std::erase(order, edit.name);
    const auto next = *edit.place < seen.size() ? std::find(order.begin(), order.end(), seen[*edit.place]) : order.end();
    edit.place = static_cast<std::size_t>(next - order.begin());
}

/// Somebody was faster: what the same wish would change now.
slack::View plan_again(storage::Transaction& tx, Context& app, std::vector<config::Edit> edits, const Asked& asked)
{
    std::string note;
    Surroundings around;
    for (auto& edit : edits) {
        around = surroundings(tx, app, {edit.kind, edit.name, false}, asked);
        if (edit.opened_with != around.holds)
            note = who_changed(around.changed_by, around.changed_at) + ", while you looked at the plan. Nothing was saved.";
        edit.opened_with = around.holds;
        if (auto order = rules_in_order(tx); edit.place && !edit.order_seen.empty() && edit.order_seen != order) {
            note =
                note.empty() ? "Somebody changed the order of the rules while you looked at the plan. Nothing was saved." : note;
            place_again(edit, std::move(order));
        }
    }
    auto planned = plan_edits(tx, app, edits, around, asked);
    planned.view.note = note;
    if (planned.problems.empty() && !planned.changes)
        planned.view.lines = {"It is as you want it already."};
    return blocks::settings_plan(planned.view, around.names);
}

Saved save_plan(storage::Transaction& tx, Context& app, const std::string& id, const Asked& asked)
{
    const auto draft = storage::Drafts{tx}.find(id);
    if (!draft || draft->actor != asked.actor)
        throw Refusal{"This was saved already, or is older than a day. `/oncall settings` shows what holds. Have you not seen "
                      "the key of a new source? Edit the source, and Make a new key…"};
    const auto edits = edits_in(draft->edits);
    const auto around = surroundings(tx, app, {edits.front().kind, edits.front().name, false}, asked);
    permit_edits(tx, edits, around.editor);
    for (const auto& one : edits)
        if (const auto users = one.json.empty() ? in_use(tx, one.kind, one.name) : ""; !users.empty())
            throw Refusal{users};
    for (const auto& one : edits)
        if (const auto words = unable(tx, one); !words.empty())
            throw Refusal{words + " Nothing was saved: choose somebody else."};
    storage::Drafts{tx}.forget(id);
    auto configured = edit(tx, app, edits, asked);
    Saved saved;
    if (!configured.plan.problems.empty()) {
        saved.view = plan_again(tx, app, edits, asked);
        return saved;
    }
    saved.keys = std::move(configured.keys);
    saved.lines = lines_of(configured.plan);
    saved.view = blocks::settings_saved(saved.lines, around.names);
    return saved;
}

} // namespace

Answer submit_settings(slack::Submission filled_in, std::string, Context& app)
{
    const auto asked = asked_by(filled_in.actor, "/oncall settings", app);
    // Whoever is chosen is asked of Slack while the plan is looked at.
    for (const auto& [field, people] : newly_chosen(blocks::form_values(filled_in.state), {}))
        for (const auto& person : people)
            app.meet(person);
    std::optional<UntriedRule> untried;
    auto work = [&](storage::Transaction& tx) {
        try {
            const auto state = form_state_in(filled_in.private_metadata);
            if (!state)
                throw Refusal{"This form is from another version of me. Open `/oncall settings` again."};
            return state->level >= 0 ? check_level(tx, app, *state, filled_in, asked)
                                     : check_form(tx, app, *state, filled_in, untried, asked);
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    auto result = co_await app.database.transaction(work);
    if (!untried)
        co_return result;
    auto showing = try_and_show(std::move(*untried), asked.now, app);
    co_return co_await std::move(showing);
}

Answer save_settings(slack::Submission pressed, std::string, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall settings", app);
    auto work = [&](storage::Transaction& tx) {
        try {
            return save_plan(tx, app, pressed.private_metadata, asked);
        } catch (const Refusal& refusal) {
            Saved no;
            no.view = refusal_view(refusal.what(), storage::People{tx}.names());
            return no;
        }
    };
    auto saved = co_await app.database.transaction(work);
    // Also where nothing was written: should it be the same delivery once more, the first answer, which has the key, comes first.
    auto in_force = put_in_force(app);
    co_await std::move(in_force);
    for (const auto& line : saved.lines)
        app.log.info("the configuration was changed in Slack", {{"by", asked.actor}, {"what", line}});
    if (!saved.keys.empty()) {
        const auto& [source, key] = *saved.keys.begin();
        saved.view = blocks::settings_key(key_view(app, source, key));
    }
    co_return view_answer("update", std::move(saved.view));
}

Answer rotate_settings(slack::Submission pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall settings", app);
    const auto& source = pressed.private_metadata;
    const auto values = blocks::form_values(pressed.state);
    const auto chosen = values.find("overlap");
    const auto overlap = chosen == values.end() || chosen->second.empty() ? std::nullopt
        : chosen->second.front() == "0s"                                  ? std::optional{oncall::milliseconds{}}
                                                                          : oncall::duration_in(chosen->second.front());
    bool written = false;
    auto work = [&](storage::Transaction& tx) {
        const auto around = surroundings(tx, app, {"source", source, false}, asked);
        try {
            oncall::permit_edit(around.editor, "source", source, *around.now, *around.now);
            if (!overlap)
                throw Refusal{"For how long should the old key work? Choose a time."};
            if (!storage::Inbox{tx}.first(delivery, asked.now))
                throw Refusal{"The key was made already. If you have not seen it, make another one."};
            const auto rotated = rotate_key(tx, app, source, *overlap, asked);
            written = true;
            auto shown = key_view(app, source, rotated.key);
            if (rotated.old_until > asked.now)
                shown.old_until = rotated.old_until;
            return blocks::settings_key(shown);
        } catch (const Refusal& refusal) {
            return refusal_view(refusal.what(), around.names);
        }
    };
    auto view = co_await app.database.transaction(work);
    auto in_force = put_in_force(app); // of a repeat, too: the answer with the key comes first
    co_await std::move(in_force);
    if (written)
        app.log.info("a source has a new key", {{"by", asked.actor}, {"source", source}});
    co_return view_answer("update", std::move(view));
}

} // namespace handlers
