#include "handlers/schedule_edit.hpp"

#include "blocks/schedule_form.hpp"
#include "config/nearest.hpp"
#include "config/schedule_yaml.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/opening.hpp"
#include "handlers/policy_draft.hpp"
#include "handlers/schedule_check.hpp"
#include "handlers/schedule_draft.hpp"
#include "slack/client.hpp"

#include <algorithm>

namespace handlers {

using blocks::Values;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;
namespace action = blocks::action;

namespace {

constexpr std::size_t largest_yaml = 256 << 10;
constexpr std::chrono::milliseconds yaml_patience{1'200}; // Slack waits 3 s for our answer, and it is to be checked then
constexpr std::chrono::hours furthest_effect{24 * 731};
constexpr std::size_t most_yaml_problems = 10;
constexpr std::size_t most_error_words = 1'500;
const std::string other_version{"This form is from another version of me. Open `/oncall schedule` again."};

Asked asked_of_schedule(const slack::Actor& actor, const Context& app) { return asked_by(actor, "/oncall schedule", app); }

bool opens_schedule(const slack::Action& pressed)
{
    return pressed.action_id == action::schedule_edit || pressed.action_id == action::schedule_new;
}

asio::awaitable<void> open_schedule_clicked(slack::Action pressed, Context& app)
{
    const auto asked = asked_of_schedule(pressed.actor, app);
    auto make = [&app, pressed, asked](Transaction& tx) {
        try {
            return open_schedule(tx, app, pressed.value, pressed.action_id == action::schedule_new, asked);
        } catch (const Refusal& refusal) {
            return refusal_view(refusal.what(), storage::People{tx}.names());
        }
    };
    Opening opening{pressed.trigger_id, pressed.response_url, "`/oncall schedule` once more", asked.actor, true, {},
        !pressed.view_id.empty(), true};
    auto opened = open_made_form(make, std::move(opening), app);
    co_await std::move(opened);
}

/// What a press in the form comes to.
struct NextSchedule {
    bool push{};
    slack::View view{};
    std::optional<slack::View> plainer{};
};

NextSchedule react_to_schedule(Transaction& tx, Context& app, const slack::Action& pressed, const Asked& asked)
{
    const auto state = form_state_in(pressed.private_metadata);
    if (!state || state->subject.kind != "schedule")
        throw Refusal{other_version};
    const auto around = surroundings(tx, app, state->subject, asked);
    auto next = press_schedule(tx, app, pressed, *state, around, asked);
    return {false, std::move(next.view), std::move(next.plainer)};
}

/// The code of what went wrong; empty: it is shown.
asio::awaitable<std::string> show_next(slack::Action pressed, bool push, slack::View view, Context& app)
{
    Json arguments;
    if (push) {
        arguments["trigger_id"] = pressed.trigger_id;
    } else {
        arguments["view_id"] = pressed.view_id;
        arguments["hash"] = pressed.view_hash;
    }
    arguments["view"] = std::move(view);
    const std::string method = push ? "views.push" : "views.update";
    std::string trouble;
    try {
        co_await app.slack.call(method, std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    co_return trouble;
}

asio::awaitable<void> schedule_clicked(slack::Action pressed, Context& app)
{
    const auto asked = asked_of_schedule(pressed.actor, app);
    auto work = [&](Transaction& tx) -> NextSchedule {
        try {
            return react_to_schedule(tx, app, pressed, asked);
        } catch (const Refusal& refusal) {
            return {true, refusal_view(refusal.what(), storage::People{tx}.names()), {}};
        }
    };
    auto next = co_await app.database.transaction(work);
    auto showing = show_next(pressed, next.push, std::move(next.view), app);
    auto trouble = co_await std::move(showing);
    // Closed meanwhile, clicked again, or the same click twice: whoever clicked sees what came of the other.
    const auto passes = [](const std::string& code) {
        return code.empty() || code == "hash_conflict" || code == "not_found" || code == "exchanged_trigger_id";
    };
    if (!passes(trouble) && next.plainer) {
        app.log.warning("Slack does not take a form with a file in it; is files:read missing?", {{"error", trouble}});
        auto again = show_next(pressed, false, std::move(*next.plainer), app);
        trouble = co_await std::move(again);
    }
    if (!passes(trouble))
        app.log.warning("a form of a schedule could not be shown", {{"error", trouble}});
}

/// --- what was filled in ---------------------------------------------------------------------------------------------------

Values filled_values(const Json& state)
{
    auto values = blocks::form_values(state);
    values.erase("schedule"); // stands beside the fields and is ours
    values.erase("file");
    return values;
}

/// What the form and the YAML's have in common: a name, and from when on.
std::map<std::string, std::string> read_wish(
    ScheduleWish& wish, const FormState& state, const Values& values, const Surroundings& around, TimePoint now)
{
    std::map<std::string, std::string> errors;
    wish.fresh = state.subject.fresh;
    wish.name = wish.fresh ? fields::text_in(values, "name") : state.subject.name;
    wish.opened_with = around.holds;
    if (wish.name.empty())
        errors["name"] = "Give it a name.";
    else if (wish.fresh && around.now->schedules.contains(wish.name))
        errors["name"] = "There is a schedule of that name already.";
    if (!wish.fresh && around.holds.empty())
        throw Refusal{"There is no schedule " + wish.name + " any more. `/oncall schedule` lists those there are."};
    if (wish.fresh || !has_been_used(schedule_in(around.holds, wish.name).schedule, now))
        return errors;
    wish.from = takes_effect(values);
    if (wish.from && *wish.from <= now)
        errors["effective"] = "That has passed. Choose a time to come, or empty it: then it holds from when you save it.";
    else if (wish.from && *wish.from - now > furthest_effect)
        errors["effective"] = "That is more than two years ahead.";
    return errors;
}

/// Why it cannot hold from a chosen time on; empty: it can.
std::string cannot_wait(const ScheduleWish& wish)
{
    if (!wish.from)
        return {};
    const auto what = undated(schedule_in(wish.opened_with, wish.name).schedule, schedule_in(wish.json, wish.name).schedule);
    return what.empty() ? std::string{}
                        : "A date can't be kept for " + what.front()
            + ": it holds at once. Empty this field, or save that first and the rest with its date.";
}

std::string meanwhile(const FormState& state, const Surroundings& around)
{
    return state.seen == fingerprint(around.holds) ? ""
                                                   : who_changed(around.changed_by, around.changed_at)
            + ", after you opened this form. Below is what your form would change of that.";
}

/// The schedule's form: errors at its fields, itself with words on top, or what it would come to on top of it.
Json check_schedule_form(Transaction& tx, Context& app, FormState state, const slack::Submission& sent, const Asked& asked)
{
    const auto around = surroundings(tx, app, state.subject, asked);
    auto draft = draft_of(tx, state, filled_values(sent.state), asked);
    state.generation = draft.generation;
    const auto values = std::move(draft.values);
    keep_draft(tx, app, state, values, asked);
    ScheduleWish wish;
    auto errors = read_wish(wish, state, values, around, asked.now);
    if (!oncall::is_time_zone(fields::text_in(values, "time_zone")))
        errors["time_zone"] = "There is no time zone of that name. Write it as Europe/Berlin or UTC.";
    const auto parts = parts_of_schedule(state, values, around, asked.now);
    std::vector<std::string> on_top;
    auto schedule = drafted(values, wish.name);
    if (wish.fresh && schedule.rotations.empty())
        on_top.push_back("It has no rotation yet. Add one, and put people into it.");
    if (!errors.empty())
        return errors_answer(errors, state.generation);
    if (!on_top.empty())
        return view_answer("update", schedule_view(state, values, around, asked.now, on_top));
    // Nothing but the time is another: what is planned comes sooner.
    if (!wish.fresh && state.seen == fingerprint(around.holds))
        if (const auto was = schedule_in(around.holds, wish.name).schedule; was == schedule && has_been_used(was, asked.now))
            schedule =
                planned_sooner(std::move(schedule), wish.from.value_or(std::chrono::floor<std::chrono::minutes>(asked.now)));
    wish.json = schedule_out(schedule);
    if (auto words = cannot_wait(wish); !words.empty())
        return errors_answer({{"effective", std::move(words)}}, state.generation);
    auto checked = check_schedule(tx, app, wish, meanwhile(state, around), around, asked);
    for (const auto& problem : checked.problems) {
        const bool of_name = problem.path == "schedule " + wish.name && has_field(parts, "name");
        if (of_name)
            errors.emplace("name", words_of(problem));
        else
            on_top.push_back(words_of(problem));
    }
    if (!errors.empty())
        return errors_answer(errors, state.generation);
    if (on_top.empty() && checked.view.is_null())
        on_top.push_back("Nothing is changed yet. Change something, or close the form.");
    if (!on_top.empty())
        return view_answer("update", schedule_view(state, values, around, asked.now, on_top));
    return view_answer("push", std::move(checked.view));
}

/// A rotation's form was filled in: errors at its fields, or the schedule's form in its place.
Json check_rotation_form(Transaction& tx, Context& app, FormState state, const slack::Submission& sent, const Asked& asked)
{
    const auto around = surroundings(tx, app, state.subject, asked);
    auto values = filled_values(sent.state);
    const auto generation = state.generation;
    const auto parts = parts_of_schedule(state, draft_of(tx, state, values, asked).values, around, asked.now);
    auto wrong = take_rotation(tx, app, state, values, around, asked);
    // What stands at no field of this form stands at its first.
    std::map<std::string, std::string> errors;
    for (auto& [field, words] : wrong)
        errors.emplace(has_field(parts, field) ? field : "rotation.name", std::move(words));
    if (!errors.empty())
        return errors_answer(errors, generation);
    return view_answer("update", schedule_view(state, values, around, asked.now));
}

/// --- YAML -----------------------------------------------------------------------------------------------------------------

/// What was typed or given.
struct GivenYaml {
    std::string text{};
    std::string field{"yaml"}; // where it came from
    std::string error{};
};

std::string why_no_file(slack::ErrorClass why)
{
    if (why == slack::ErrorClass::setup)
        return "Slack does not let me read files: the scope files:read is missing. Whoever installed me adds it and installs me "
               "again.";
    if (why == slack::ErrorClass::refused || why == slack::ErrorClass::our_bug)
        return "Slack does not let me read that file. Take one from your own computer.";
    return "Slack did not give me the file in time. Press Check once more.";
}

asio::awaitable<GivenYaml> given_yaml(Json state, Context& app)
{
    GivenYaml given;
    const auto values = blocks::form_values(state);
    const auto typed = fields::texts_in(values, "yaml");
    given.text = typed.empty() ? std::string{} : typed.front();
    const auto file = blocks::form_file(state, "file");
    if (file.is_null()) {
        if (given.text.empty())
            given.error = "There is nothing here.";
        if (!values.contains("yaml"))
            given.field = "file";
        co_return given;
    }
    given.field = "file";
    given.text.clear();
    auto url = slack::text_at(file, {"url_private_download"});
    if (url.empty())
        url = slack::text_at(file, {"url_private"});
    const auto& size = slack::at(file, {"size"});
    if (size.is_number_integer() && size.get<std::int64_t>() > static_cast<std::int64_t>(largest_yaml))
        given.error = "The file is larger than 256 KB. A schedule hardly is: is it the right one?";
    else if (url.empty())
        given.error = why_no_file(slack::ErrorClass::refused);
    if (!given.error.empty())
        co_return given;
    std::string code;
    try {
        auto reading = app.slack.download(std::move(url), largest_yaml, yaml_patience);
        given.text = co_await std::move(reading);
    } catch (const slack::Error& error) {
        code = error.code();
        given.error = why_no_file(error.error_class());
    }
    if (!code.empty())
        app.log.warning("a file could not be read from Slack", {{"error", code}});
    co_return given;
}

/// Line, column, what is wrong and what to do, of all.
std::string words_of_problems(const std::vector<config::Problem>& problems)
{
    std::string words;
    std::size_t said{};
    for (const auto& problem : problems) {
        const auto place = problem.line > 0
            ? "Line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) + ": "
            : std::string{};
        const auto one = place + words_of(problem);
        if (said == most_yaml_problems || (said > 0 && words.size() + one.size() > most_error_words))
            break;
        words += (words.empty() ? "" : "\n") + one;
        ++said;
    }
    if (said < problems.size())
        words += "\nAnd " + std::to_string(problems.size() - said) + " more.";
    return words;
}

Json check_yaml(
    Transaction& tx, Context& app, FormState state, const slack::Submission& sent, const GivenYaml& given, const Asked& asked)
{
    const auto around = surroundings(tx, app, state.subject, asked);
    const auto draft = draft_of(tx, state, filled_values(sent.state), asked);
    if (draft.generation != state.generation) {
        state.generation = draft.generation;
        return view_answer("update", schedule_yaml_again(state, draft.values, sent.state, around, asked.now));
    }
    keep_draft(tx, app, state, draft.values, asked);
    ScheduleWish wish;
    auto errors = read_wish(wish, state, draft.values, around, asked.now);
    if (!given.error.empty())
        errors[given.field] = given.error;
    if (!errors.empty())
        return errors_answer(errors, state.generation);
    const auto parsed = config::parse_schedule(given.text, wish.name);
    if (!parsed.problems.empty())
        return errors_answer({{given.field, words_of_problems(parsed.problems)}}, state.generation);
    wish.json = schedule_out(parsed.schedule);
    if (auto words = cannot_wait(wish); !words.empty())
        return errors_answer({{"effective", std::move(words)}}, state.generation);
    auto checked = check_schedule(tx, app, wish, meanwhile(state, around), around, asked);
    if (!checked.problems.empty())
        return errors_answer({{given.field, words_of_problems(checked.problems)}}, state.generation);
    if (checked.view.is_null())
        return errors_answer({{given.field, "Nothing is changed yet: it says what holds."}}, state.generation);
    return view_answer("push", std::move(checked.view));
}

/// The schedule that is meant: one that is named, or the only one. Throws Refusal.
std::string schedule_to_edit(const oncall::Configuration& now, const std::string& name)
{
    if (now.schedules.contains(name))
        return name;
    std::vector<std::string> all;
    for (const auto& [one, schedule] : now.schedules)
        all.push_back(one);
    if (all.empty())
        throw Refusal{"There are no schedules yet. `/oncall schedule new` makes one."};
    if (name.empty() && all.size() == 1)
        return all.front();
    const auto meant = name.empty() ? std::optional{all.front()} : config::nearest(name, all);
    throw Refusal{(name.empty() ? std::string{"Which schedule? "} : "There is no schedule " + name + ". ")
        + (meant ? "Write it as `/oncall schedule edit " + *meant + "`. " : std::string{})
        + "`/oncall schedule` lists those there are."};
}

} // namespace

Answer schedule_form_by_words(slack::Command command, std::string name, bool fresh, Context& app)
{
    const auto asked = asked_of_schedule(command.actor, app);
    auto make = [&app, name, fresh, asked](Transaction& tx) {
        return open_schedule(tx, app, fresh ? name : schedule_to_edit(*app.configuration(), name), fresh, asked);
    };
    auto opening = opening_by(command, "`/oncall schedule edit` once more");
    opening.writes = true;
    auto opened = open_made_form(make, std::move(opening), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_schedule_form(slack::Action pressed, std::string, Context& app)
{
    if (opens_schedule(pressed))
        app.tasks.spawn("open the form of a schedule", open_schedule_clicked(std::move(pressed), app));
    else
        app.tasks.spawn("the form of a schedule", schedule_clicked(std::move(pressed), app));
    co_return Json{};
}

Answer submit_schedule(slack::Submission sent, std::string, Context& app)
{
    const auto asked = asked_of_schedule(sent.actor, app);
    // Whoever is chosen is asked of Slack while the form is still open.
    for (const auto& person : fields::texts_in(blocks::form_values(sent.state), std::string{rotation_people}))
        app.meet(person);
    auto work = [&](Transaction& tx) {
        try {
            const auto state = form_state_in(sent.private_metadata);
            if (!state || state->subject.kind != "schedule")
                throw Refusal{other_version};
            return state->level >= 0 ? check_rotation_form(tx, app, *state, sent, asked)
                                     : check_schedule_form(tx, app, *state, sent, asked);
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    auto result = co_await app.database.transaction(work);
    co_return result;
}

Answer submit_schedule_yaml(slack::Submission sent, std::string, Context& app)
{
    auto taking = given_yaml(sent.state, app);
    const auto given = co_await std::move(taking);
    const auto asked = asked_of_schedule(sent.actor, app); // the file took its time
    auto work = [&](Transaction& tx) {
        try {
            const auto state = form_state_in(sent.private_metadata);
            if (!state || state->subject.kind != "schedule")
                throw Refusal{other_version};
            return check_yaml(tx, app, *state, sent, given, asked);
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    auto result = co_await app.database.transaction(work);
    co_return result;
}

Answer save_schedule(slack::Submission pressed, std::string, Context& app)
{
    const auto asked = asked_of_schedule(pressed.actor, app);
    auto work = [&](Transaction& tx) {
        try {
            return save_schedule_draft(tx, app, pressed.private_metadata, asked);
        } catch (const Refusal& refusal) {
            SavedSchedule no;
            no.view = refusal_view(refusal.what(), storage::People{tx}.names());
            return no;
        }
    };
    auto saved = co_await app.database.transaction(work);
    if (!saved.lines.empty()) {
        auto in_force = put_in_force(app);
        co_await std::move(in_force);
    }
    for (const auto& line : saved.lines)
        app.log.info("the configuration was changed in Slack", {{"by", asked.actor}, {"what", line}});
    co_return view_answer("update", std::move(saved.view));
}

} // namespace handlers
