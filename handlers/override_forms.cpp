#include "blocks/form.hpp"
#include "blocks/overrides.hpp"
#include "config/nearest.hpp"
#include "handlers/changed_form.hpp"
#include "handlers/climb.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/open_override.hpp"
#include "handlers/opening.hpp"
#include "handlers/overrides.hpp"
#include "handlers/routes.hpp"
#include "handlers/said.hpp"
#include "oncall/policy.hpp"
#include "oncall/time_words.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <sstream>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;
namespace view = blocks::view;

namespace {

/// "<id>:<version>" and what follows.
struct OverrideMetadata {
    std::int64_t id{};
    std::int64_t version{};
    std::string rest{};
};

OverrideMetadata override_metadata_in(const std::string& text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const auto next = std::min(text.find(':', std::min(colon + 1, text.size())), text.size());
    return {number_in(std::string_view{text}.substr(0, colon)),
        number_in(std::string_view{text}.substr(std::min(colon + 1, text.size()))), text.substr(std::min(next + 1, text.size()))};
}

/// --- reading the form -----------------------------------------------------------------------------------------------------

const Json& value_at(const Json& state, std::string_view field, std::initializer_list<std::string_view> keys)
{
    return slack::at(slack::at(state, {field, field}), keys);
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string{}; }

std::optional<TimePoint> moment_in(const Json& state, std::string_view field)
{
    const auto& seconds = value_at(state, field, {"selected_date_time"});
    if (!seconds.is_number_integer())
        return std::nullopt;
    // Ten digits are all a picker gives.
    return TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(seconds.get<std::int64_t>(), 0, 9'999'999'999)}};
}

OverrideWish override_wish_in(const Json& state, const std::string& metadata)
{
    OverrideWish wish;
    const auto about = override_metadata_in(metadata);
    wish.id = about.id;
    wish.version = about.version;
    wish.seen = about.rest;
    auto& draft = wish.draft;
    draft.times_only = wish.id != 0 && !state.contains(view::override_people);
    draft.schedule = text_of(value_at(state, view::override_schedule, {"selected_option", "value"}));
    for (const auto& person : value_at(state, view::override_people, {"selected_users"}))
        draft.people.push_back(text_of(person));
    draft.from = moment_in(state, view::override_from);
    draft.to = moment_in(state, view::override_to);
    const auto stead = text_of(value_at(state, view::override_stead, {"selected_option", "value"}));
    draft.stead = stead == view::stead_as_well ? Stead::as_well
        : stead == view::stead_one_person      ? Stead::one_person
                                               : Stead::everybody;
    draft.instead_of = text_of(value_at(state, view::override_instead_of, {"selected_option", "value"}));
    wish.reason = text_of(value_at(state, view::override_reason, {"value"}));
    const auto end = wish.reason.find_last_not_of(" \n\t");
    wish.reason.resize(end == wish.reason.npos ? 0 : end + 1);
    return wish;
}

/// Whether a form can show no more of it than its times: what it does, or whom it names, has no fields.
bool has_times_only(const Override& one, const Known& known)
{
    const auto draft = draft_of(one, "", known);
    const auto is_unknown = [](const std::string& person) { return person.find('@') != person.npos; };
    return !draft || std::any_of(draft->people.begin(), draft->people.end(), is_unknown);
}

/// What the form of one that is edited does not ask for.
void complete(Transaction& tx, OverrideWish& wish, const Known& known, TimePoint now)
{
    const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id);
    if (!edited)
        return;
    wish.draft.schedule = edited->schedule;
    const bool begun = has_begun(edited->what, now);
    if (!begun && !wish.draft.times_only)
        return;
    auto draft = draft_of(edited->what, edited->schedule, known).value_or(OverrideDraft{});
    draft.schedule = edited->schedule;
    draft.times_only = !begun || has_times_only(edited->what, known);
    draft.from = begun ? edited->what.from : wish.draft.from;
    draft.to = wish.draft.to;
    wish.draft = std::move(draft);
}

/// The wish to leave an override as it is, which a form begins with.
OverrideWish wish_of(const storage::StoredOverride& edited, const Known& known)
{
    OverrideWish wish;
    wish.id = edited.what.id;
    wish.version = edited.version;
    wish.reason = edited.reason;
    wish.draft = draft_of(edited.what, edited.schedule, known).value_or(OverrideDraft{});
    wish.draft.schedule = edited.schedule;
    wish.draft.from = edited.what.from;
    wish.draft.to = edited.what.to;
    wish.draft.times_only = has_times_only(edited.what, known);
    return wish;
}

/// --- showing it -----------------------------------------------------------------------------------------------------------

blocks::OverrideForm override_form_of(
    Transaction& tx, const Context& app, OverrideWish wish, const std::string& note, const Asked& asked)
{
    blocks::OverrideForm form;
    form.names = storage::People{tx}.names();
    form.note = note;
    form.id = wish.id;
    form.version = wish.version;
    form.reason = wish.reason;
    complete(tx, wish, known_people(tx), asked.now);
    const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id);
    if (edited)
        form.edited = edited->what;
    form.begun = edited && has_begun(edited->what, asked.now);
    try {
        const auto desk = override_desk(tx, app, wish.draft.schedule, asked);
        form.looked_at = look_at(wish.draft, desk.schedule, desk.known, asked.now, edited ? &edited->what : nullptr);
        if (wish.draft.from && wish.draft.to) {
            const auto from = std::max(*wish.draft.from, asked.now);
            const auto base = edited ? without(desk.schedule, edited->what.id) : desk.schedule;
            if (*wish.draft.to - from <= longest_override && from - asked.now <= furthest_override)
                form.on_call = on_call_between(base, desk.known, from, *wish.draft.to);
        }
        if (form.looked_at.problems.empty())
            form.seen = seen_of(wish.draft, form.looked_at.changes);
    } catch (const Refusal& refusal) {
        form.looked_at.problems[OverrideField::schedule] = refusal.what();
    }
    if (form.id == 0)
        form.schedules = schedules_to_override(tx, app, asked);
    form.draft = std::move(wish.draft);
    return form;
}

/// From now until the handoff, if that is today; else for a shift's length.
void suggest_times(OverrideDraft& draft, const std::optional<TimePoint>& until, TimePoint now)
{
    draft.from = std::chrono::floor<std::chrono::minutes>(now);
    draft.to = until && *until - now <= std::chrono::hours{24} ? *until : *draft.from + std::chrono::hours{8};
}

/// What was said of a new override.
struct Said {
    std::string schedule{};
    bool has_schedule{}; // else it is the first she may change
    std::vector<std::string> people{};
    std::optional<Span> when{};
    std::string instead_of{}; // a person
    bool instead_of_now{}; // of whoever is on call now
    std::string reason{};
};

void take_times(OverrideDraft& draft, const Span& when, TimePoint now)
{
    using std::chrono::minutes;
    draft.from = std::chrono::floor<minutes>(std::max(when.from, now));
    draft.to = std::max<TimePoint>(std::chrono::floor<minutes>(when.to), *draft.from + minutes{1});
}

/// A form filled in as far as was said or can be guessed. Throws Refusal.
blocks::OverrideForm new_override_form(Transaction& tx, const Context& app, const Said& said, const Asked& asked)
{
    OverrideWish wish;
    wish.draft.schedule = said.schedule;
    wish.draft.people = said.people;
    wish.reason = said.reason;
    const auto desk = override_desk(tx, app, said.schedule, asked);
    const auto now_on = who_is_on_call(desk.schedule, asked.now);
    suggest_times(wish.draft, now_on.until, asked.now);
    if (said.when)
        take_times(wish.draft, *said.when, asked.now);
    if (!said.instead_of.empty()) {
        wish.draft.stead = Stead::one_person;
        wish.draft.instead_of = said.instead_of;
    }
    if (said.instead_of_now && now_on.people.size() == 1) {
        wish.draft.stead = Stead::one_person;
        const auto known = desk.known.find(now_on.people.front());
        wish.draft.instead_of = known == desk.known.end() ? now_on.people.front() : known->second;
    }
    return override_form_of(tx, app, std::move(wish), "", asked);
}

/// The schedule that somebody named, or the first she may change. Throws Refusal.
std::string schedule_for(Transaction& tx, const Context& app, const std::string& named, const Asked& asked)
{
    const auto configuration = app.configuration();
    if (configuration->schedules.empty())
        throw Refusal{"There are no schedules yet. The configuration says who is on call."};
    if (!named.empty()) {
        if (configuration->schedules.contains(named))
            return named;
        std::vector<std::string> known;
        for (const auto& [name, schedule] : configuration->schedules)
            known.push_back(name);
        const auto meant = config::nearest(named, known);
        throw Refusal{"There is no schedule " + named + (meant ? ". Did you mean " + *meant + "?" : ".")
            + " `/oncall` lists those there are."};
    }
    const auto hers = schedules_to_override(tx, app, asked);
    return hers.empty() ? configuration->schedules.begin()->first : hers.front();
}

/// The longest run of words that is a schedule's name; they go.
std::string schedule_among(const Configuration& configuration, std::vector<std::string>& words)
{
    for (auto count = words.size(); count > 0; --count)
        for (std::size_t from = 0; from + count <= words.size(); ++from) {
            std::string name;
            for (auto at = from; at < from + count; ++at)
                name += (at == from ? "" : " ") + words[at];
            if (!configuration.schedules.contains(name))
                continue;
            words.erase(
                words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(from + count));
            return name;
        }
    return {};
}

std::string known_or_refused(Transaction& tx, const std::string& person)
{
    auto id = known_as(tx, person);
    if (id.find('@') != id.npos)
        throw Refusal{"I don't know " + person + ". Choose the person from the list Slack shows while you type."};
    return id;
}

/// "payments @bo @chi instead of @ana friday 18:00-22:00 because …", each of it optional, in any order. Throws Refusal.
Said said_in(Transaction& tx, const Context& app, const std::string& text, const Asked& asked)
{
    constexpr std::size_t most_said = 60; // words
    Said said;
    std::istringstream stream{text};
    std::vector<std::string> words, others;
    for (std::string word; words.size() < most_said && stream >> word;)
        words.push_back(word);
    said.reason = cut_reason(words);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const bool instead = words[at] == "instead" && at + 2 < words.size() && words[at + 1] == "of";
        if (const auto person = person_in(words[instead ? at + 2 : at]); person.empty()) {
            others.push_back(words[at]);
        } else if (instead) {
            said.instead_of = known_or_refused(tx, person);
            at += 2;
        } else {
            said.people.push_back(known_or_refused(tx, person));
        }
    }
    said.schedule = schedule_among(*app.configuration(), others);
    const auto time = time_said(others, zone_of(tx, asked.actor), asked.now);
    if (!time.trouble.empty())
        throw Refusal{time.trouble};
    said.when = time.span;
    std::string named;
    for (const auto& word : time.rest)
        if (word != "for")
            named += (named.empty() ? "" : " ") + word;
    said.has_schedule = !named.empty() || !said.schedule.empty();
    said.schedule = schedule_for(tx, app, named.empty() ? said.schedule : named, asked);
    return said;
}

/// What was said, where that is all there is to say: the schedule, one person, and until when, who takes nobody's place or that
/// of one at a time. Throws Refusal.
std::optional<OverrideWish> whole_wish(Transaction& tx, const Context& app, const std::string& rest, const Asked& asked)
{
    const auto said = said_in(tx, app, rest, asked);
    if (!said.has_schedule || !said.when)
        return std::nullopt;
    OverrideWish wish;
    wish.draft.schedule = said.schedule;
    wish.draft.people = said.people;
    wish.reason = said.reason;
    take_times(wish.draft, *said.when, asked.now);
    const auto desk = override_desk(tx, app, said.schedule, asked);
    const auto looked_at = look_at(wish.draft, desk.schedule, desk.known, asked.now);
    const auto of_several = [](const ShiftChange& one) { return one.before.size() > 1; };
    if (!looked_at.problems.empty() || std::any_of(looked_at.changes.begin(), looked_at.changes.end(), of_several))
        return std::nullopt;
    wish.seen = seen_of(wish.draft, looked_at.changes);
    return wish;
}

/// For whoever put herself on call.
std::string put_words(const ChangedOverride& done)
{
    std::vector<std::string> before;
    for (const auto& change : done.changes)
        for (const auto& person : change.before)
            if (const auto called = mention(person); std::find(before.begin(), before.end(), called) == before.end())
                before.push_back(called);
    return "Done: you are on call by schedule " + done.one.schedule + ", " + written({done.one.what.from, done.one.what.to})
        + (before.empty() ? ". Nobody else was." : ", instead of " + listed(before) + ".");
}

/// The first schedule of the policy that an alert is paged by. Throws Refusal.
std::string schedule_of_alert(Transaction& tx, const Context& app, AlertId alert)
{
    const auto configuration = app.configuration();
    if (const auto page = storage::Pages{tx}.latest(alert))
        for (const auto& level : page->policy.levels)
            for (const auto& target : level.targets)
                if (const auto* const schedule = oncall::schedule_of(*configuration, target))
                    return schedule->name;
    throw Refusal{"No schedule stands behind this alert's policy any more. `/oncall override` opens a form for any."};
}

constexpr std::string_view instead_of_override_form{"`/oncall override`"};

/// Puts whoever says so on call, at once, as far as the words leave nothing open. nullopt: they do, and nothing was done.
asio::awaitable<std::optional<Json>> put_oneself_on_call(std::string rest, std::string delivery, Asked asked, Context& app)
{
    std::optional<ChangedOverride> made;
    blocks::Names names;
    std::vector<blocks::OverrideLine> lines;
    bool whole = false;
    auto work = [&](Transaction& tx) {
        const auto wish = whole_wish(tx, app, rest, asked);
        whole = wish.has_value();
        if (!whole || !storage::Inbox{tx}.first(delivery, asked.now))
            return;
        made = make_override(tx, app, *wish, asked);
        names = storage::People{tx}.names();
        for (auto& one : storage::Overrides{tx}.all())
            if (one.schedule == made->one.schedule)
                lines.push_back({std::move(one.what), one.schedule, one.made_by, one.reason, one.version});
    };
    try {
        co_await app.database.transaction(work);
    } catch (const InvalidOverride&) {
        whole = false; // the form says at which field
    }
    if (!whole)
        co_return std::nullopt;
    if (!made)
        co_return Json{}; // it came twice
    auto effect = take_effect(made->one.schedule, app);
    co_await std::move(effect);
    co_return said(blocks::overrides(lines, asked.now, names, put_words(*made), made->undo));
}

Opening override_opening(const std::string& trigger_id, const std::string& response_url, const slack::Actor& actor)
{
    return {trigger_id, response_url, std::string{instead_of_override_form}, actor.user, false, {}, false};
}

/// Opens the form that `load` builds, or says why not.
Answer open_by_click(
    slack::Action pressed, std::string delivery, Context& app, std::function<blocks::OverrideForm(Transaction&)> load)
{
    auto make = [load](Transaction& tx) { return blocks::override_form(load(tx)); };
    auto opening = override_opening(pressed.trigger_id, pressed.response_url, pressed.actor);
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

asio::awaitable<std::map<std::string, std::string>> names_of(Context& app)
{
    auto load = [](Transaction& tx) { return storage::People{tx}.names(); };
    co_return co_await app.database.read(load);
}

/// The block of the form where a problem is shown: errors stand at inputs that are there.
std::string block_of_field(OverrideField field, const Json& state)
{
    constexpr std::pair<OverrideField, std::string_view> blocks[]{{OverrideField::schedule, view::override_schedule},
        {OverrideField::people, view::override_people}, {OverrideField::from, view::override_from},
        {OverrideField::to, view::override_to}, {OverrideField::stead, view::override_stead},
        {OverrideField::instead_of, view::override_instead_of}};
    for (const auto& [one, block] : blocks)
        if (one == field && state.contains(block))
            return std::string{block};
    return std::string{state.contains(view::override_stead) ? view::override_stead : view::override_to};
}

Json override_errors(const OverrideProblems& problems, const Json& state, const blocks::Names& names)
{
    std::map<std::string, std::string> errors;
    for (const auto& [field, words] : problems)
        errors[block_of_field(field, state)] = blocks::plain(words, names);
    return errors_answer(errors);
}

slack::View done_view(const ChangedOverride& done, const blocks::Names& names)
{
    return blocks::override_done({done.words, done.changes, done.told, done.undo, names});
}

/// What an earlier delivery of the same form did: Slack or the person repeats what was not answered.
ChangedOverride done_before(Transaction& tx, const OverrideWish& wish, const Asked& asked)
{
    ChangedOverride done;
    done.words = "That is done already. `/oncall overrides` shows it.";
    const auto undoable = [&](const storage::StoredOverride& one) {
        const auto undo = storage::OverrideUndos{tx}.find(one.what.id);
        return undo && undo->actor == asked.actor && undo->version == one.version;
    };
    for (const auto& one : storage::Overrides{tx}.ever(wish.draft.schedule))
        if (one.what.id == wish.id || (wish.id == 0 && one.made_by == asked.actor && wish.draft.to == one.what.to)) {
            done.one = one;
            done.undo = undoable(one) ? std::to_string(one.what.id) + ":" + std::to_string(one.version) : "";
        }
    return done;
}

/// What came of sending the form.
struct Sent {
    ChangedOverride done{};
    OverrideProblems problems{};
    std::string unseen{}; // the form is shown again with this
    std::string no{};
};

asio::awaitable<Sent> send_form(slack::Submission filled, OverrideWish wish, Asked asked, Context& app)
{
    Sent sent;
    auto work = [&](Transaction& tx) {
        if (const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id))
            wish.draft.schedule = edited->schedule;
        // One form makes one override, however often it arrives.
        if (!storage::Inbox{tx}.first("override form:" + filled.view_id, asked.now))
            return done_before(tx, wish, asked);
        const auto desk = override_desk(tx, app, wish.draft.schedule, asked);
        complete(tx, wish, desk.known, asked.now);
        return make_override(tx, app, wish, asked);
    };
    try {
        sent.done = co_await app.database.transaction(work);
    } catch (const InvalidOverride& invalid) {
        sent.problems = invalid.problems;
    } catch (const OverrideUnseen& changed) {
        sent.unseen = changed.what();
    } catch (const Refusal& refusal) {
        sent.no = refusal.what();
    }
    co_return sent;
}

/// The form again, as things stand; for one that somebody else has changed meanwhile, with what it is now.
blocks::OverrideForm form_again(
    Transaction& tx, const Context& app, OverrideWish wish, const std::string& note, const Asked& asked)
{
    if (const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id)) {
        wish.draft.schedule = edited->schedule;
        if (edited->version != wish.version)
            wish = wish_of(*edited, known_people(tx));
    }
    return override_form_of(tx, app, std::move(wish), note, asked);
}

bool was_changed_meanwhile(Transaction& tx, const OverrideWish& wish, TimePoint now)
{
    const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id);
    return edited && edited->cancelled_at == TimePoint{} && !is_over(edited->what, now) && edited->version != wish.version;
}

} // namespace

bool puts_oneself_on_call(const std::string& rest, const std::string& person)
{
    std::istringstream stream{rest};
    std::vector<std::string> people;
    for (std::string word; stream >> word && word != "because";) {
        if (word == "instead")
            return false;
        if (auto named = person_in(word); !named.empty())
            people.push_back(std::move(named));
    }
    return people.size() == 1 && people.front() == person;
}

Answer override_form(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    if (puts_oneself_on_call(rest, asked.actor)) {
        auto putting = put_oneself_on_call(rest, std::move(delivery), asked, app);
        auto answer = co_await std::move(putting);
        if (answer)
            co_return std::move(*answer);
    }
    const auto put_on_call = std::make_shared<std::vector<std::string>>();
    auto make = [&app, rest, asked, put_on_call](Transaction& tx) {
        const auto form = new_override_form(tx, app, said_in(tx, app, rest, asked), asked);
        *put_on_call = form.draft.people;
        return blocks::override_form(form);
    };
    auto opening = override_opening(command.trigger_id, command.response_url, command.actor);
    opening.came = command.came;
    opening.made = [&app, put_on_call] {
        for (const auto& person : *put_on_call)
            app.meet(person);
    };
    auto opened = open_made_form(make, std::move(opening), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer look_up_override(slack::Lookup typing, Context& app)
{
    const auto asked = asked_by(typing.actor, "a form in Slack", app);
    auto load = [&](Transaction& tx) {
        std::vector<blocks::Choice> hers;
        for (const auto& name : schedules_to_override(tx, app, asked))
            hers.push_back({name, name, {}});
        return hers;
    };
    const auto choices = co_await app.database.read(load);
    co_return blocks::suggestions(choices, typing.typed);
}

Answer overrides(slack::Command, std::string rest, std::string, Context& app)
{
    const auto now = app.clock.now();
    auto load = [&](Transaction& tx) {
        std::vector<blocks::OverrideLine> lines;
        for (auto& one : storage::Overrides{tx}.all())
            if (rest.empty() || one.schedule == rest)
                lines.push_back({std::move(one.what), one.schedule, one.made_by, one.reason, one.version});
        return blocks::overrides(lines, now, storage::People{tx}.names());
    };
    const auto shown = co_await app.database.read(load);
    co_return said(shown);
}

Answer click_override_open(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const std::string value = pressed.value;
    auto load = [&app, asked, value](Transaction& tx) {
        const std::string_view of_alert{"alert:"}, of_schedule{"schedule:"};
        const bool named = value.starts_with(of_schedule);
        Said said;
        said.instead_of_now = named;
        said.schedule = value.starts_with(of_alert)
            ? schedule_of_alert(tx, app, {number_in(std::string_view{value}.substr(of_alert.size()))})
            : schedule_for(tx, app, named ? value.substr(of_schedule.size()) : "", asked);
        return new_override_form(tx, app, said, asked);
    };
    auto opened = open_by_click(std::move(pressed), std::move(delivery), app, load);
    co_return co_await std::move(opened);
}

Answer open_override(slack::Action pressed, std::string delivery, Context& app, std::function<OpenedOverride(Transaction&)> what)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto load = [&app, asked, what](Transaction& tx) {
        const auto begins = what(tx);
        OverrideWish wish;
        wish.draft.schedule = begins.schedule;
        wish.draft.from = begins.from;
        wish.draft.to = begins.to;
        wish.draft.stead = begins.instead_of.empty() ? Stead::everybody : Stead::one_person;
        wish.draft.instead_of = begins.instead_of;
        return override_form_of(tx, app, std::move(wish), "", asked);
    };
    auto opened = open_by_click(std::move(pressed), std::move(delivery), app, load);
    co_return co_await std::move(opened);
}

Answer click_override_edit(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto id = override_metadata_in(pressed.value).id;
    auto load = [&app, asked, id](Transaction& tx) {
        const auto edited = storage::Overrides{tx}.find(id);
        if (!edited || edited->cancelled_at != TimePoint{} || is_over(edited->what, asked.now))
            throw Refusal{"This override is over or was taken back. `/oncall overrides` lists those that hold."};
        const auto desk = override_desk(tx, app, edited->schedule, asked);
        return override_form_of(tx, app, wish_of(*edited, desk.known), "", asked);
    };
    auto opened = open_by_click(std::move(pressed), std::move(delivery), app, load);
    co_return co_await std::move(opened);
}

Answer click_override_verb(slack::Action pressed, std::string delivery, Context& app)
{
    const bool in_form = !pressed.view_id.empty();
    const auto asked = asked_by(pressed.actor, in_form ? "a form in Slack" : "a button in Slack", app);
    const auto about = override_metadata_in(pressed.value);
    const bool undo = pressed.action_id == blocks::action::override_undo;
    const auto deed = pressed.action_id + " by " + asked.actor + " of " + pressed.value;
    std::optional<ChangedOverride> done;
    std::string no;
    const auto answer = [&](Transaction& tx, const std::string& words, const std::string& undo_value) {
        if (!pressed.response_url.empty())
            storage::Outbox{tx}.add("overrides:" + delivery, "overrides", storage::Priority::answer,
                response_lane(pressed.response_url), about.id, pressed.response_url + "\n" + undo_value + "\n" + words,
                asked.now);
    };
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        try {
            done = undo ? undo_override(tx, app, about.id, about.version, asked)
                        : take_back_override(tx, app, about.id, about.version, asked);
            storage::Inbox{tx}.first(deed, asked.now);
            answer(tx, done->words, done->undo);
        } catch (const Refusal& refusal) {
            // Clicked twice: what the first click came to stays on the screen.
            if (!storage::Inbox{tx}.first(deed, asked.now))
                return;
            no = refusal.what();
            answer(tx, no, "");
        }
    };
    co_await app.database.transaction(work);
    if (done) {
        auto effect = take_effect(done->one.schedule, app);
        co_await std::move(effect);
    }
    if (in_form && (done || !no.empty())) {
        auto asking = names_of(app);
        const auto names = co_await std::move(asking);
        auto shown = done ? done_view(*done, names) : blocks::override_done({no, {}, {}, "", names});
        app.tasks.spawn("show what was undone", show_after_press(std::move(shown), false, pressed, app));
    }
    co_return Json{};
}

Answer change_override_form(slack::Action pressed, std::string delivery, Context& app)
{
    // Whoever is chosen is asked of Slack while the form is still open.
    for (const auto& person : value_at(pressed.state, view::override_people, {"selected_users"}))
        app.meet(text_of(person));
    const auto asked = asked_by(pressed.actor, "a form in Slack", app);
    const auto wish = override_wish_in(pressed.state, pressed.private_metadata);
    auto load = [&app, asked, wish](Transaction& tx) {
        auto complete_wish = wish;
        if (const auto edited = wish.id == 0 ? std::nullopt : storage::Overrides{tx}.find(wish.id))
            complete_wish.draft.schedule = edited->schedule;
        return blocks::override_form(override_form_of(tx, app, std::move(complete_wish), "", asked));
    };
    show_changed_form(std::move(pressed), std::move(delivery), app, load);
    co_return Json{};
}

Answer submit_override(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto wish = override_wish_in(filled.state, filled.private_metadata);
    for (const auto& person : wish.draft.people)
        app.meet(person);
    forget_changed_form(filled.view_id, app);
    auto sending = send_form(filled, wish, asked, app);
    const auto sent = co_await std::move(sending);
    if (sent.problems.empty() && sent.unseen.empty() && sent.no.empty()) {
        auto effect = take_effect(sent.done.one.schedule, app);
        co_await std::move(effect);
        auto asking = names_of(app);
        const auto names = co_await std::move(asking);
        co_return view_answer("update", done_view(sent.done, names));
    }
    auto load = [&](Transaction& tx) {
        const auto names = storage::People{tx}.names();
        if (!sent.problems.empty())
            return override_errors(sent.problems, filled.state, names);
        if (!sent.unseen.empty())
            return view_answer("update", blocks::override_form(form_again(tx, app, wish, sent.unseen, asked)));
        if (was_changed_meanwhile(tx, wish, asked.now))
            return view_answer("update",
                blocks::override_form(form_again(tx, app, wish,
                    "Somebody else changed this override meanwhile. Here it is as it stands; press again for what you want.",
                    asked)));
        return override_errors({{OverrideField::schedule, sent.no}}, filled.state, names);
    };
    co_return co_await app.database.read(load);
}

} // namespace handlers
