#include "handlers/unable.hpp"

#include "blocks/unable.hpp"
#include "delivery/spoken.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/opening.hpp"
#include "handlers/pass_over.hpp"
#include "handlers/schedule_check.hpp"
#include "handlers/schedule_edits.hpp"
#include "handlers/settings.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/unable.hpp"
#include "oncall/words.hpp"
#include "slack/user.hpp"
#include "storage/levels.hpp"
#include "storage/people_sync.hpp"

#include <algorithm>

namespace handlers {

using oncall::NamedPlace;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::chrono::minutes until_edits_hold{2}; // they do from the next minute on

std::string told_key(const storage::UnablePerson& one, const std::string& what, const std::string& channel)
{
    return "unable:" + one.person + ":" + std::to_string(one.told_at.time_since_epoch().count()) + ":" + what + ":" + channel;
}

/// Whom the configuration names though they can answer no page, and where.
std::map<std::string, std::vector<NamedPlace>> unable_and_named(
    Transaction& tx, const oncall::Configuration& configuration, const std::map<std::string, std::string>& unable, TimePoint now)
{
    std::map<std::string, std::vector<NamedPlace>> found;
    const auto known = storage::known_people(tx);
    now += until_edits_hold;
    for (const auto& [person, where] : oncall::people_of(configuration, now)) {
        const auto& user = oncall::known_as(person, known);
        if (!unable.contains(user) || found.contains(user))
            continue;
        // What is over is no matter any more.
        if (auto places = oncall::places_of(configuration, storage::names_of(tx, user), now); !places.empty())
            found.emplace(user, std::move(places));
    }
    return found;
}

/// Before the Slack id of somebody who was told in a direct message, where it stands among channels.
constexpr char to_person_mark = '@';

/// Where it is told: in the channels of the teams and the fallback; where there are none the admins are told.
std::set<std::string> unable_channels(
    Transaction& tx, const Context& app, const oncall::Configuration& configuration, const std::vector<NamedPlace>& places)
{
    std::set<std::string> channels{app.fallback_channel};
    for (const auto& place : places)
        for (const auto& team : oncall::teams_of_place(configuration, place))
            if (const auto found = configuration.teams.find(team); found != configuration.teams.end())
                channels.insert(oncall::channel_told(found->second, app.fallback_channel));
    channels.erase("");
    if (channels.empty())
        for (const auto& admin : app.admins)
            if (const auto user = storage::known_as(tx, admin); user.find('@') == user.npos)
                channels.insert(to_person_mark + user);
    return channels;
}

void say_of_unable(Transaction& tx, const storage::UnablePerson& one, const std::string& what, const std::string& place,
    slack::Json body, TimePoint now)
{
    const auto key = told_key(one, what, place);
    if (place.front() == to_person_mark)
        delivery::say_to_person(tx, key, place.substr(1), std::move(body), now);
    else
        delivery::say_in(tx, key, place, "", "", std::move(body), now);
}

std::vector<std::string> words_of_places(const std::vector<NamedPlace>& places)
{
    std::vector<std::string> words;
    for (const auto& place : places)
        words.push_back(oncall::describe(place)
            + (place.kind == NamedPlace::Kind::override ? ": `/oncall overrides " + place.name + "` ends it" : ""));
    return words;
}

/// The pages that try them now go on; how many, by person.
std::map<std::string, std::size_t> pass_over_unable(
    Transaction& tx, const Context& app, const std::map<std::string, std::string>& unable, TimePoint now)
{
    std::map<std::string, std::size_t> passed;
    std::set<std::pair<std::int64_t, std::string>> done;
    for (const auto& one : storage::tried_now(tx)) {
        const auto user = storage::known_as(tx, one.person);
        const auto kind = unable.find(user);
        if (kind == unable.end() || !done.emplace(one.alert.value, user).second)
            continue;
        if (pass_over(tx, app, one.alert, user, std::string{oncall::why_unable(kind->second)}, now))
            ++passed[user];
    }
    return passed;
}

} // namespace

Answer hear_of_person(slack::Event event, Context& app)
{
    const auto told = slack::profile_in(slack::at(event.event, {"user"}), app.home_team);
    if (app.hear_of) {
        auto hearing = app.hear_of(told);
        co_await std::move(hearing);
    }
    co_return Json{};
}

void tell_of_unable(Transaction& tx, const Context& app, TimePoint now)
{
    const auto unable = storage::who_answers_nothing(tx);
    const storage::UnablePeople people{tx};
    const auto told = people.told();
    if (unable.empty() && told.empty())
        return;
    const auto configuration = app.configuration();
    const auto passed = pass_over_unable(tx, app, unable, now);
    const auto named = unable_and_named(tx, *configuration, unable, now);
    const auto names = storage::People{tx}.names();
    std::map<std::string, storage::UnablePerson> before;
    for (const auto& one : told) {
        if (named.contains(one.person)) {
            if (unable.at(one.person) == one.kind) // else it is said anew, why
                before.emplace(one.person, one);
            continue;
        }
        people.over(one.person);
        blocks::UnableOver over;
        over.person = one.person;
        over.is_back = !unable.contains(one.person);
        over.names = names;
        for (const auto& place : one.channels)
            say_of_unable(tx, one, "over", place, slack::body(blocks::unable_over(over)), now);
    }
    for (const auto& [user, places] : named) {
        storage::UnablePerson one;
        one.person = user;
        one.kind = unable.at(user);
        one.told_at = now;
        if (const auto found = before.find(user); found != before.end())
            one = found->second;
        std::vector<std::string> newly; // whoever has heard it is not told again
        for (const auto& place : unable_channels(tx, app, *configuration, places))
            if (std::find(one.channels.begin(), one.channels.end(), place) == one.channels.end())
                newly.push_back(place);
        if (newly.empty())
            continue; // or there is nowhere to say it yet
        one.channels.insert(one.channels.end(), newly.begin(), newly.end());
        people.tell(one);
        blocks::UnableShown shown;
        shown.person = user;
        shown.why = oncall::why_unable(one.kind);
        shown.places = words_of_places(places);
        shown.can_be_fixed = std::any_of(
            places.begin(), places.end(), [](const NamedPlace& place) { return place.kind != NamedPlace::Kind::override; });
        if (const auto count = passed.find(user); count != passed.end())
            shown.pages = count->second;
        shown.names = names;
        for (const auto& place : newly)
            say_of_unable(tx, one, "told", place, slack::body(blocks::unable_told(shown)), now);
    }
}

namespace {

/// What the form and the plan on top of it carry with them.
struct UnableState {
    std::string person{};
    std::string instead{}; // a Slack user id; empty: nobody
    std::string seen{}; // the fingerprint of what the plan was made of
};

std::string unable_metadata(const UnableState& state)
{
    Json json;
    json["person"] = state.person;
    json["instead"] = state.instead;
    json["seen"] = state.seen;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

UnableState unable_state_in(const std::string& metadata)
{
    UnableState state;
    try {
        const auto json = slack::parse(metadata);
        state.person = slack::text_at(json, {"person"});
        state.instead = slack::text_at(json, {"instead"});
        state.seen = slack::text_at(json, {"seen"});
    } catch (const slack::BadJson&) {
        state = {};
    }
    if (state.person.empty())
        throw Refusal{"This form is from another version of me. Press the button of the message again."};
    return state;
}

/// Somebody taken out of all that the asker may change.
struct TakenOut {
    std::string why{}; // "is deactivated in Slack"
    std::vector<NamedPlace> places{};
    std::vector<NamedPlace> empty{}; // nobody else would be left there
    std::vector<config::Edit> edits{};
    std::vector<std::string> refused{}; // why the others are not
    std::string seen{};
};

bool is_part_of(const NamedPlace& place, const config::Edit& edit)
{
    return oncall::item_kind(place) == edit.kind && place.name == edit.name;
}

/// Throws Refusal where there is nothing to do, or nothing that the asker may.
TakenOut take_out(
    Transaction& tx, const std::string& person, const std::string& instead, const Surroundings& around, TimePoint now)
{
    TakenOut out;
    const auto held = schedules_held(tx).items;
    const auto is = config::configuration_of(held).configuration;
    const auto names = storage::names_of(tx, person);
    out.places = oncall::places_of(is, names, now + until_edits_hold);
    const auto unable = storage::who_answers_nothing(tx);
    const auto kind = unable.find(person);
    if (kind == unable.end())
        throw Refusal{oncall::mention(person) + " can answer pages again, so nobody is to be taken out."};
    out.why = oncall::why_unable(kind->second);
    if (out.places.empty())
        throw Refusal{oncall::mention(person) + " is named nowhere any more. Nothing is left to mend."};
    const auto found = around.naming.references.find(instead);
    const auto becomes = oncall::without(is, names, found == around.naming.references.end() ? instead : found->second, now);
    const auto after = config::items_of(becomes);
    for (const auto& item : config::items_of(is)) {
        const auto same = [&](const config::Item& other) { return other.kind == item.kind && other.name == item.name; };
        const auto next = std::find_if(after.begin(), after.end(), same);
        const auto stored = std::find_if(held.begin(), held.end(), same);
        if (next == after.end() || stored == held.end() || next->json == item.json)
            continue;
        config::Edit edit;
        edit.kind = item.kind;
        edit.name = item.name;
        edit.json = next->json;
        edit.opened_with = stored->json;
        if (item.kind == "schedule") {
            ScheduleWish wish;
            wish.name = item.name;
            wish.json = next->json;
            wish.opened_with = stored->json;
            edit.json = item_of(wish, now);
        }
        try {
            permit_edits(tx, {edit}, around.editor);
            out.edits.push_back(std::move(edit));
        } catch (const Refusal& refusal) {
            out.refused.emplace_back(refusal.what());
        }
    }
    if (out.edits.empty())
        throw Refusal{out.refused.empty() ? "There is nothing of it that I can change." : out.refused.front()};
    std::string seen;
    for (const auto& edit : out.edits)
        seen += edit.kind + edit.name + edit.opened_with;
    out.seen = fingerprint(seen);
    for (const auto& place : out.places)
        if (place.alone
            && std::any_of(out.edits.begin(), out.edits.end(), [&](const auto& edit) { return is_part_of(place, edit); }))
            out.empty.push_back(place);
    return out;
}

slack::View unable_view(Transaction& tx, const Context& app, const std::string& person, const Asked& asked)
{
    const auto around = surroundings(tx, app, {}, asked);
    oncall::permit_settings(around.editor, *around.now);
    const auto out = take_out(tx, person, "", around, asked.now);
    blocks::UnableForm form;
    form.person = person;
    form.why = out.why;
    form.places = words_of_places(out.places);
    form.empty = words_of_places(out.empty);
    form.refused = out.refused;
    form.metadata = unable_metadata({person, "", ""});
    form.names = around.names;
    return blocks::unable_form(form);
}

slack::View unable_plan_view(Transaction& tx, const Context& app, UnableState state, const TakenOut& out, const std::string& note,
    const Surroundings& around, const Asked& asked)
{
    const auto plan = edit(tx, app, out.edits, asked, true).plan;
    blocks::PlanView shown;
    for (const auto& problem : plan.problems)
        shown.lines.push_back(words_of(problem));
    if (!plan.problems.empty())
        return blocks::settings_plan(shown, around.names);
    shown.note = note;
    shown.lines = lines_of(plan);
    shown.warnings = out.refused;
    if (auto shifts = shifts_moved_by(tx, plan, asked.now); !shifts.empty()) {
        shown.forecast = std::move(shifts);
        shown.forecast.insert(shown.forecast.begin(), "Who is on call instead of whom:");
    }
    state.seen = out.seen;
    return blocks::unable_plan(shown, unable_metadata(state), around.names);
}

/// Whoever was chosen; throws Refusal with what to do.
std::string chosen_instead(const slack::Submission& sent)
{
    const auto values = blocks::form_values(sent.state);
    const auto found = values.find(std::string{blocks::view::unable_instead});
    if (found == values.end() || found->second.empty())
        return {};
    if (found->second.size() > 1)
        throw Refusal{"Choose one person: the shifts go on as they are, with that person in them."};
    return found->second.front();
}

std::string problem_of_instead(Transaction& tx, const TakenOut& out, const UnableState& state)
{
    if (state.instead.empty())
        return out.empty.empty() ? ""
                                 : "Choose somebody: nobody else would be left in " + oncall::describe(out.empty.front()) + ".";
    if (state.instead == state.person)
        return "Choose somebody else: that is whom you take out.";
    const auto known = storage::People{tx}.find(state.instead);
    if (!known || known->kind.empty())
        return "I am asking Slack who that is. Press again in a moment.";
    return cannot_answer(tx, state.instead);
}

} // namespace

Answer click_unable_fix(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto person = pressed.value;
    auto make = [&app, person, asked](Transaction& tx) { return unable_view(tx, app, person, asked); };
    Opening opening;
    opening.trigger_id = pressed.trigger_id;
    opening.response_url = pressed.response_url;
    opening.instead = "`/oncall settings`";
    opening.person = asked.actor;
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer submit_unable(slack::Submission sent, std::string, Context& app)
{
    const auto asked = asked_by(sent.actor, "a form in Slack", app);
    const auto work = [&](Transaction& tx) {
        std::string wrong;
        try {
            auto state = unable_state_in(sent.private_metadata);
            const auto around = surroundings(tx, app, {}, asked);
            oncall::permit_settings(around.editor, *around.now);
            try {
                state.instead = chosen_instead(sent);
                const auto out = take_out(tx, state.person, "", around, asked.now);
                wrong = problem_of_instead(tx, out, state);
            } catch (const Refusal& refusal) {
                wrong = refusal.what();
            }
            if (!wrong.empty())
                return error_answer(blocks::view::unable_instead, blocks::plain(wrong, around.names));
            const auto out = take_out(tx, state.person, state.instead, around, asked.now);
            return view_answer("push", unable_plan_view(tx, app, state, out, "", around, asked));
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    const auto values = blocks::form_values(sent.state);
    if (const auto found = values.find(std::string{blocks::view::unable_instead}); found != values.end())
        for (const auto& person : found->second)
            app.meet(person);
    auto result = co_await app.database.transaction(work);
    co_return result;
}

Answer save_unable(slack::Submission pressed, std::string, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a form in Slack", app);
    std::vector<std::string> lines;
    auto work = [&](Transaction& tx) {
        lines.clear();
        try {
            const auto state = unable_state_in(pressed.private_metadata);
            const auto around = surroundings(tx, app, {}, asked);
            oncall::permit_settings(around.editor, *around.now);
            const auto out = take_out(tx, state.person, state.instead, around, asked.now);
            if (const auto wrong = problem_of_instead(tx, out, state); !wrong.empty())
                throw Refusal{wrong};
            if (out.seen != state.seen)
                return unable_plan_view(tx, app, state, out,
                    "Something of it was changed while you looked at the plan. Nothing was saved; this is what it comes to now.",
                    around, asked);
            const auto configured = edit(tx, app, out.edits, asked);
            if (!configured.plan.problems.empty())
                throw Refusal{words_of(configured.plan.problems.front())};
            lines = lines_of(configured.plan);
            return blocks::settings_saved(lines, around.names);
        } catch (const Refusal& refusal) {
            return refusal_view(refusal.what(), storage::People{tx}.names());
        }
    };
    auto view = co_await app.database.transaction(work);
    if (!lines.empty()) {
        auto in_force = put_in_force(app);
        co_await std::move(in_force);
    }
    for (const auto& line : lines)
        app.log.info("the configuration was changed in Slack", {{"by", asked.actor}, {"what", line}});
    co_return view_answer("update", std::move(view));
}

} // namespace handlers
