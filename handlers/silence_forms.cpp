#include "blocks/silences.hpp"
#include "delivery/spoken.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/opening.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "handlers/silences.hpp"
#include "notify/text.hpp"
#include "oncall/alert_fields.hpp"
#include "oncall/words.hpp"
#include "storage/heartbeats.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Silences;
using storage::StoredSilence;
using storage::Transaction;
namespace form_field = blocks::field;

namespace {

constexpr int most_looked_back_at = 5'000, most_open_of_silence = 500;
constexpr std::size_t most_of_draft = 2'900;
constexpr auto week_looked_back = std::chrono::days{7};
constexpr std::string_view of_silenced_alert{"alert:"}, of_silenced_service{"service:"};

/// What an element's value, or a form's metadata, says.
struct SilenceValue {
    Hold::Kind kind{Hold::Kind::silence};
    std::int64_t id{};
    std::int64_t version{};
};

std::int64_t number_in_value(std::string_view text)
{
    std::int64_t number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && number > 0 ? number : 0;
}

/// "<id>:<version>", with "<kind>:" before it in a form.
SilenceValue silence_value_in(std::string_view text)
{
    SilenceValue value;
    const auto last = text.rfind(':');
    if (last == text.npos)
        return value;
    value.version = number_in_value(text.substr(last + 1));
    const auto before = text.substr(0, last);
    const auto first = before.rfind(':');
    value.id = number_in_value(first == before.npos ? before : before.substr(first + 1));
    if (first != before.npos)
        value.kind = hold_kind_in(before.substr(0, first));
    if (value.kind != Hold::Kind::maintenance)
        value.kind = Hold::Kind::silence;
    return value;
}

std::string silence_metadata(const SilenceWish& wish)
{
    return std::string{name(wish.what.kind)} + ":" + std::to_string(wish.what.id) + ":" + std::to_string(wish.version);
}

std::string silence_draft(const SilenceWish& wish, bool is_grave)
{
    Json draft;
    draft["what"] = storage::silence_out(wish.what);
    draft["id"] = wish.what.id;
    draft["version"] = wish.version;
    draft["open"] = wish.open_too;
    draft["grave"] = is_grave;
    return draft.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct SilenceDraft {
    SilenceWish wish{};
    bool is_grave{};
};
std::optional<SilenceDraft> silence_draft_in(const std::string& text)
{
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("what") || !json["what"].is_string())
        return std::nullopt;
    SilenceDraft draft;
    draft.wish.what = storage::silence_in(json["what"].get<std::string>());
    draft.wish.what.id = json.value("id", std::int64_t{});
    draft.wish.version = json.value("version", std::int64_t{});
    draft.wish.open_too = json.value("open", false);
    draft.is_grave = json.value("grave", false);
    return draft;
}

std::string picked_seconds(TimePoint at)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

TimePoint moment_picked(const blocks::Values& values, std::string_view field)
{
    const auto text = fields::text_in(values, std::string{field});
    const auto seconds = number_in_value(text);
    return seconds > 0 && seconds < 10'000'000'000 ? TimePoint{std::chrono::seconds{seconds}} : TimePoint{};
}

std::vector<std::string> names_picked(const blocks::Values& values, std::string_view field)
{
    std::vector<std::string> names;
    for (const auto& value : fields::texts_in(values, std::string{field}))
        if (value.starts_with('='))
            names.push_back(value.substr(1));
    return names;
}

/// With the names that it has though they are no more, so that they can be seen and taken out.
template <class Things> std::vector<blocks::Choice> choices_and_gone(const Things& things, const std::vector<std::string>& chosen)
{
    auto choices = fields::names(things, "");
    for (const auto& one : chosen)
        if (!things.contains(one))
            choices.push_back({one + " (gone)", fields::option(one), ""});
    std::erase_if(choices, [](const blocks::Choice& one) { return !fields::fits_value(one.value); });
    return choices;
}

blocks::Values silence_values(const SilenceWish& wish, const std::string& zone)
{
    blocks::Values values;
    const auto& what = wish.what;
    const auto put = [&](std::string_view field, std::vector<std::string> texts) {
        values[std::string{field}] = std::move(texts);
    };
    const auto put_names = [&](std::string_view field, const std::vector<std::string>& names) {
        std::vector<std::string> options;
        for (const auto& one : names)
            options.push_back(fields::option(one));
        put(field, std::move(options));
    };
    put_names(form_field::silence_services, what.services);
    put_names(form_field::silence_teams, what.teams);
    std::string terms;
    bool has_title = false;
    for (const auto& term : what.when.parts) {
        if (term.field == "severity") {
            put(form_field::silence_severities,
                term.kind == Condition::Kind::in ? term.values : std::vector<std::string>{term.value});
        } else if (term.field == "title" && term.kind == Condition::Kind::contains && !has_title) {
            put(form_field::silence_title, {term.value});
            has_title = true;
        } else {
            terms += (terms.empty() ? "" : "\n") + term_out(term);
        }
    }
    if (!terms.empty())
        put(form_field::silence_terms, {terms});
    if (what.from != TimePoint{})
        put(form_field::silence_from, {picked_seconds(what.from)});
    const auto first = comes_back(what) ? holds_until(what, what.from) : std::nullopt;
    if (what.to != TimePoint{})
        put(form_field::silence_to, {picked_seconds(first.value_or(what.to))});
    if (comes_back(what))
        put(form_field::silence_until, {picked_seconds(what.to)});
    const auto how = recurrence_in(what);
    put(form_field::silence_repeat, {how.empty() ? std::string{blocks::nothing} : how});
    put(form_field::silence_zone, {comes_back(what) ? what.repeats.time_zone : zone});
    if (!what.reason.empty())
        put(form_field::silence_reason, {what.reason});
    if (wish.open_too)
        put(form_field::silence_open_too, {"true"});
    return values;
}

blocks::SilenceForm silence_form_of(
    Transaction& tx, const Context& app, const SilenceWish& wish, const std::string& note, const Asked& asked)
{
    const auto configuration = app.configuration();
    blocks::SilenceForm shown;
    shown.kind = wish.what.kind;
    shown.metadata = silence_metadata(wish);
    shown.edits = wish.what.id != 0;
    shown.services = choices_and_gone(configuration->services, wish.what.services);
    shown.teams = choices_and_gone(configuration->teams, wish.what.teams);
    shown.note = note;
    shown.values = silence_values(wish, zone_of(tx, asked.actor));
    return shown;
}

/// What was filled in, and what is wrong with it, by field.
struct FilledSilence {
    SilenceWish wish{};
    std::map<std::string, std::string> errors{};
};

FilledSilence silence_filled(const slack::Submission& filled, TimePoint now)
{
    const auto values = blocks::form_values(filled.state);
    const auto value = silence_value_in(filled.private_metadata);
    FilledSilence made;
    auto& what = made.wish.what;
    what.kind = value.kind;
    what.id = value.id;
    made.wish.version = value.version;
    made.wish.open_too = fields::text_in(values, std::string{form_field::silence_open_too}) == "true";
    what.services = names_picked(values, form_field::silence_services);
    what.teams = names_picked(values, form_field::silence_teams);
    if (const auto severities = fields::texts_in(values, std::string{form_field::silence_severities}); !severities.empty()) {
        Condition term;
        term.field = "severity";
        term.kind = severities.size() > 1 ? Condition::Kind::in : Condition::Kind::is;
        if (severities.size() > 1)
            term.values = severities;
        else
            term.value = severities.front();
        what.when.parts.push_back(std::move(term));
    }
    if (auto title = fields::text_in(values, std::string{form_field::silence_title}); !title.empty()) {
        Condition term;
        term.kind = Condition::Kind::contains;
        term.field = "title";
        term.value = std::move(title);
        what.when.parts.push_back(std::move(term));
    }
    std::istringstream lines{fields::text_in(values, std::string{form_field::silence_terms})};
    for (std::string line; std::getline(lines, line);) {
        if (trimmed(line).empty())
            continue;
        if (auto term = term_in(trimmed(line)))
            what.when.parts.push_back(std::move(*term));
        else
            made.errors[std::string{form_field::silence_terms}] = "“" + notify::fitting(notify::clean(line), 60)
                + "” is no condition. Write one a line, as `labels.cluster=eu-1`, `source=alertmanager` or `title~disk`.";
    }
    what.from = moment_picked(values, form_field::silence_from);
    if (what.from == TimePoint{})
        what.from = std::chrono::floor<std::chrono::seconds>(now);
    what.to = moment_picked(values, form_field::silence_to);
    what.reason = fields::text_in(values, std::string{form_field::silence_reason});
    const auto how = fields::text_in(values, std::string{form_field::silence_repeat});
    if (what.kind != Hold::Kind::maintenance || how.empty() || how == blocks::nothing)
        return made;
    if (what.to <= what.from) {
        made.errors[std::string{form_field::silence_to}] = "Choose an end after the beginning.";
        return made;
    }
    auto again = recurrence_of(how, what.from, what.to, fields::text_in(values, std::string{form_field::silence_zone}));
    if (!again.trouble.empty())
        made.errors[std::string{
            again.trouble.find("time zone") == again.trouble.npos ? form_field::silence_repeat : form_field::silence_zone}] =
            again.trouble;
    what.repeats = std::move(again.hours);
    what.to = moment_picked(values, form_field::silence_until);
    if (what.to == TimePoint{})
        made.errors[std::string{form_field::silence_until}] = "Until when does it come back? At most for a year.";
    return made;
}

std::string_view field_of_part(const SilenceProblem& problem, const Silence& what)
{
    switch (problem.part) {
    case SilencePart::match: return form_field::silence_services;
    case SilencePart::from: return form_field::silence_from;
    case SilencePart::to: return comes_back(what) ? form_field::silence_until : form_field::silence_to;
    case SilencePart::repeats: return form_field::silence_until;
    case SilencePart::reason: return form_field::silence_reason;
    }
    return form_field::silence_to;
}

/// What it would hold, and would have held. Changes nothing.
blocks::SilencePlan silence_plan_of(Transaction& tx, const Context& app, const SilenceWish& wish, TimePoint now)
{
    blocks::SilencePlan plan;
    plan.what = wish.what;
    plan.open_too = wish.open_too && holds_until(wish.what, now); // what is planned stops no page
    std::set<std::string> met;
    int looked = 0;
    Silences{tx}.each_since(now - week_looked_back, most_looked_back_at, [&](const AlertFields& fields, const std::string& team) {
        ++looked;
        if (!meets(wish.what, fields, team))
            return;
        ++plan.last_week;
        met.insert(fields.service);
    });
    plan.counted_all = looked < most_looked_back_at;
    for (const auto& alert : storage::Alerts{tx}.all_open(most_open_of_silence))
        if (meets(wish.what, fields_of(alert), alert.team)) {
            ++plan.open_count;
            met.insert(alert.service);
            plan.open.push_back(number(alert.id) + " " + alert.title);
        }
    if (comes_back(wish.what))
        plan.times = occurrences(wish.what, now, wish.what.to, 3);
    plan.grave = grave(wish.what, *app.configuration(), met);
    plan.draft = silence_draft(wish, !plan.grave.empty());
    if (plan.draft.size() > most_of_draft) {
        plan.draft.clear();
        plan.note = "That is too much for one. Name fewer services or conditions.";
    }
    return plan;
}

blocks::SilenceLine silence_line_of(Transaction& tx, const StoredSilence& one, const Configuration& configuration, TimePoint now)
{
    blocks::SilenceLine line;
    line.what = one.what;
    line.version = one.version;
    line.until = holds_until(one.what, now);
    line.next = holds_from(one.what, now);
    const auto held = Silences{tx}.count(one, one.round, 0);
    line.held = held.all;
    line.open = held.open;
    line.gone = gone_from(one.what, configuration);
    return line;
}

slack::Message silence_list(Transaction& tx, const Context& app, std::optional<Hold::Kind> kind, const std::string& note,
    const std::string& undo, TimePoint now)
{
    const auto configuration = app.configuration();
    std::vector<blocks::SilenceLine> lines;
    for (const auto& one : Silences{tx}.coming())
        if (!kind || one.what.kind == *kind)
            lines.push_back(silence_line_of(tx, one, *configuration, now));
    std::vector<Heartbeat> paused;
    if (!kind)
        paused = storage::Heartbeats{tx}.paused();
    return blocks::silences(lines, note, undo, storage::People{tx}.names(), paused);
}

Opening silence_opening(const slack::Action& pressed)
{
    Opening opening{pressed.trigger_id, pressed.response_url, "`/oncall silence checkout 2h because …`", pressed.actor.user};
    opening.push = is_in_form(pressed);
    opening.alone = opening.push; // what is refused there is said there
    return opening;
}

/// What is understood of words typed.
struct HeardSilence {
    SilenceWish wish{};
    bool is_whole{}; // nothing is missing
    bool is_grave{};
};

HeardSilence hear_silence(Transaction& tx, const Context& app, const std::string& rest, Hold::Kind kind, const Asked& asked)
{
    const auto configuration = app.configuration();
    auto said = silence_said(rest, *configuration, zone_of(tx, asked.actor), asked.now);
    if (!said.trouble.empty())
        throw Refusal{said.trouble};
    HeardSilence heard;
    heard.wish.what = std::move(said.silence);
    auto& what = heard.wish.what;
    what.kind = kind;
    permit_silencing(tx, app, what, asked);
    const auto problem = problem_of(what, *configuration, asked.now);
    const bool may_be_asked = !rest.empty() && problem
        && ((problem->part == SilencePart::to && what.to == TimePoint{}) || problem->part == SilencePart::reason
            || (problem->part == SilencePart::match && meets_everything(what)));
    if (problem && !may_be_asked && !rest.empty())
        throw Refusal{problem->words};
    heard.is_whole = !problem;
    if (heard.is_whole)
        heard.is_grave = !silence_plan_of(tx, app, heard.wish, asked.now).grave.empty();
    return heard;
}

} // namespace

Answer silence(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    if (rest == "list") {
        auto listing = silences(std::move(command), "", std::move(delivery), app);
        co_return co_await std::move(listing);
    }
    HeardSilence heard;
    if (!rest.empty()) {
        auto hear = [&](Transaction& tx) { return hear_silence(tx, app, rest, Hold::Kind::silence, asked); };
        heard = co_await app.database.read(hear);
    }
    if (!heard.is_whole || heard.is_grave) {
        auto make = [&app, heard, asked](Transaction& tx) {
            permit_silencing(tx, app, heard.wish.what, asked);
            if (heard.is_grave)
                return blocks::silence_plan(silence_plan_of(tx, app, heard.wish, asked.now), storage::People{tx}.names());
            return blocks::silence_form(silence_form_of(tx, app, heard.wish, "", asked));
        };
        auto opened = open_made_form(make, opening_by(command, "`/oncall silence checkout 2h because …`"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    auto work = [&](Transaction& tx) -> Json {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return {};
        const auto done = make_silence(tx, app, heard.wish, asked);
        std::vector<blocks::SilenceLine> lines;
        lines.push_back(silence_line_of(tx, done.one, *app.configuration(), asked.now));
        return said(blocks::silences(lines, done.words, done.undo, storage::People{tx}.names()));
    };
    co_return co_await app.database.transaction(work);
}

Answer silences(slack::Command, std::string, std::string, Context& app)
{
    const auto now = app.clock.now();
    auto load = [&](Transaction& tx) { return silence_list(tx, app, std::nullopt, "", "", now); };
    const auto shown = co_await app.database.read(load);
    co_return said(shown);
}

Answer maintenance(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    if (rest == "list") {
        auto load = [&](Transaction& tx) { return silence_list(tx, app, Hold::Kind::maintenance, "", "", asked.now); };
        const auto shown = co_await app.database.read(load);
        co_return said(shown);
    }
    auto make = [&app, rest, asked](Transaction& tx) {
        permit_deed(tx, Deed::silence, asked);
        SilenceWish wish;
        wish.what.kind = Hold::Kind::maintenance;
        if (!rest.empty()) {
            auto heard = silence_said(rest, *app.configuration(), zone_of(tx, asked.actor), asked.now);
            if (!heard.trouble.empty())
                throw Refusal{heard.trouble};
            wish.what = std::move(heard.silence);
            wish.what.kind = Hold::Kind::maintenance;
            if (!wish.what.when.parts.empty()) // without it the window would be of more than was said
                throw Refusal{
                    "A window is of services and teams alone. With a condition it is a silence: write `/oncall silence` "
                    "and the same words."};
        }
        return blocks::silence_form(silence_form_of(tx, app, wish, "", asked));
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall maintenance`"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_silence_open(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto value = pressed.value;
    const bool edits = pressed.action_id == blocks::action::silence_edit;
    auto make = [&app, asked, value, edits](Transaction& tx) {
        permit_deed(tx, Deed::silence, asked);
        SilenceWish wish;
        if (edits) {
            const auto one = Silences{tx}.find(silence_value_in(value).id);
            if (!one || one->over)
                throw Refusal{"This is over. `/oncall silences` lists what is silent."};
            permit_silencing(tx, app, one->what, asked);
            wish.what = one->what;
            wish.version = one->version;
        } else if (value == "maintenance") {
            wish.what.kind = Hold::Kind::maintenance;
        } else if (value.starts_with(of_silenced_service)) {
            wish.what.services = {value.substr(of_silenced_service.size())};
            if (!app.configuration()->services.contains(wish.what.services.front()))
                throw Refusal{"There is no service " + wish.what.services.front() + " any more. `/oncall service` lists them."};
        } else if (value.starts_with(of_silenced_alert)) {
            const auto alert =
                storage::Alerts{tx}.find({number_in_value(std::string_view{value}.substr(of_silenced_alert.size()))});
            if (!alert)
                throw Refusal{"This alert is there no more."};
            // What is as it: of its service, else of its source, with its title.
            if (app.configuration()->services.contains(alert->service)) {
                wish.what.services = {alert->service};
            } else if (!alert->source.empty()) {
                Condition source;
                source.kind = Condition::Kind::is;
                source.field = "source";
                source.value = alert->source;
                wish.what.when.parts.push_back(std::move(source));
            }
            Condition title;
            title.kind = Condition::Kind::contains;
            title.field = "title";
            title.value = cut_between_characters(alert->title, 200); // with half of one it would meet nothing
            wish.what.when.parts.push_back(std::move(title));
        }
        return blocks::silence_form(silence_form_of(tx, app, wish, "", asked));
    };
    auto opened = open_or_refuse(make, silence_opening(pressed), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_silence(slack::Action pressed, std::string delivery, Context& app)
{
    const bool in_form = !pressed.view_id.empty();
    const auto asked = asked_by(pressed.actor, in_form ? "a form in Slack" : "a button in Slack", app);
    const auto about = silence_value_in(pressed.value);
    const bool undo = pressed.action_id == blocks::action::silence_undo;
    const auto deed = pressed.action_id + " by " + asked.actor + " of " + pressed.value;
    blocks::SilencePlan shown;
    std::map<std::string, std::string> names;
    bool answered = false;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        std::string undoes;
        try {
            const auto done = undo ? undo_silence(tx, app, about.id, about.version, asked)
                                   : end_silence(tx, app, about.id, about.version, asked);
            storage::Inbox{tx}.first(deed, asked.now);
            shown.done = true;
            shown.note = done.words;
            undoes = done.undo;
        } catch (const Refusal& refusal) {
            // Clicked twice: what the first click came to stays on the screen.
            if (!storage::Inbox{tx}.first(deed, asked.now))
                return;
            shown.note = refusal.what();
        }
        answered = true;
        shown.undo = undoes;
        names = storage::People{tx}.names();
        if (!pressed.response_url.empty())
            delivery::say_to(tx, "silences:" + delivery, response_lane(pressed.response_url), pressed.response_url,
                slack::body(silence_list(tx, app, std::nullopt, shown.note, undoes, asked.now)), asked.now, true);
    };
    co_await app.database.transaction(work);
    if (in_form && answered) {
        auto view = blocks::silence_plan(shown, names);
        app.tasks.spawn("show what was undone", show_after_press(std::move(view), false, pressed, app));
    }
    co_return Json{};
}

Answer submit_silence(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    auto made = silence_filled(filled, asked.now);
    auto look = [&](Transaction& tx) -> Json {
        permit_deed(tx, Deed::silence, asked);
        auto& what = made.wish.what;
        auto ahead = what;
        ahead.from = std::max<TimePoint>(ahead.from, std::chrono::floor<std::chrono::seconds>(asked.now));
        if (made.errors.empty())
            if (const auto problem = problem_of(ahead, *app.configuration(), asked.now))
                made.errors[std::string{field_of_part(*problem, what)}] = problem->words;
        if (made.errors.empty()) {
            try {
                permit_silencing(tx, app, what, asked);
            } catch (const Refusal& refusal) {
                blocks::SilencePlan no;
                no.note = refusal.what();
                return view_answer("push", blocks::silence_plan(no, storage::People{tx}.names()));
            }
        }
        if (!made.errors.empty()) {
            // An error stands at a field that is there.
            const auto parts = blocks::silence_parts(silence_form_of(tx, app, made.wish, "", asked));
            std::map<std::string, std::string> shown;
            for (auto& [field, words] : made.errors)
                shown[has_field(parts, field) ? field : std::string{form_field::silence_to}] = words;
            return errors_answer(shown);
        }
        return view_answer(
            "push", blocks::silence_plan(silence_plan_of(tx, app, made.wish, asked.now), storage::People{tx}.names()));
    };
    co_return co_await app.database.read(look);
}

Answer save_silence(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto draft = silence_draft_in(filled.private_metadata);
    if (!draft)
        throw Refusal{"I can't read that form any more. `/oncall silence` opens a new one."};
    const auto values = blocks::form_values(filled.state);
    if (draft->is_grave && fields::text_in(values, std::string{form_field::silence_sure}) != "true")
        co_return error_answer(form_field::silence_sure, "Tick it if nobody is to be paged for these.");
    auto work = [&](Transaction& tx) -> Json {
        blocks::SilencePlan shown;
        // One form makes one, however often it arrives.
        if (!storage::Inbox{tx}.first("silence form:" + filled.view_id, asked.now)) {
            shown.done = true;
            shown.note = "That is done already. `/oncall silences` shows it.";
        } else {
            try {
                const auto done = make_silence(tx, app, draft->wish, asked);
                shown.done = true;
                shown.note = done.words;
                shown.undo = done.undo;
            } catch (const Refusal& refusal) {
                shown.note = refusal.what();
            }
        }
        return view_answer("update", blocks::silence_plan(shown, storage::People{tx}.names()));
    };
    co_return co_await app.database.transaction(work);
}

Answer look_up_silence(slack::Lookup typing, Context& app)
{
    const auto configuration = app.configuration();
    const auto choices = typing.action_id == blocks::action::silence_teams ? fields::names(configuration->teams, "")
                                                                           : fields::names(configuration->services, "");
    co_return blocks::suggestions(choices, typing.typed);
}

} // namespace handlers
