#include "blocks/details.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/choose_alert.hpp"
#include "handlers/home.hpp"
#include "handlers/opening.hpp"
#include "handlers/paging.hpp"
#include "handlers/routes.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Refusal;
using oncall::Verb;
using slack::Json;
using namespace std::chrono_literals;
namespace action = blocks::action;

namespace {

constexpr std::pair<std::string_view, Verb> verb_of_action[]{{action::acknowledge, Verb::acknowledge},
    {action::escalate, Verb::escalate}, {action::resolve, Verb::resolve}, {action::snooze, Verb::snooze},
    {action::reopen, Verb::reopen}, {action::join, Verb::join}, {action::promise, Verb::promise},
    {action::decline, Verb::decline}, {action::note, Verb::note}, {action::undo, Verb::undo},
    {action::still_on_it, Verb::still_on_it}, {action::home_unacknowledge, Verb::unacknowledge}};

/// A value as the blocks write it: "<alert>:<version>[:<minutes>]", of the menu with "<verb>:" before. Zeros when it is not ours.
Wish click_wish_in(std::string_view action_id, std::string_view value)
{
    Wish wish;
    for (const auto& [id, verb] : verb_of_action)
        if (id == action_id)
            wish.verb = verb;
    if (action_id == action::more) {
        const auto colon = value.find(':');
        const auto word = value.substr(0, colon);
        const auto* const verb =
            std::find_if(oncall::all_verbs.begin(), oncall::all_verbs.end(), [&](Verb one) { return oncall::name(one) == word; });
        if (colon == value.npos || verb == oncall::all_verbs.end())
            return wish;
        wish.verb = *verb;
        value.remove_prefix(colon + 1);
    }
    std::int64_t numbers[3]{};
    const auto* at = value.data();
    const auto* const end = at + value.size();
    for (auto& number : numbers) {
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || stop == end || *stop != ':')
            break;
        at = stop + 1;
    }
    wish.alert = {numbers[0]};
    wish.shown_version = numbers[1];
    wish.duration = std::chrono::minutes{std::clamp<std::int64_t>(numbers[2], 0, 100'000)};
    return wish;
}

constexpr std::string_view old_button{"This button is from another version of me. Use `/oncall status` to find the alert."};

/// What a person may ask for with a button; the rest is the sources' and the timers'.
bool is_for_people(Verb verb) { return verb < Verb::refire; }

bool wants_form(const Wish& wish)
{
    const bool until = wish.verb == Verb::snooze && wish.duration == oncall::milliseconds{};
    return wish.verb == Verb::decline || needs_person(wish.verb) || needs_text(wish.verb) || until;
}

/// "Or until" of the form, as seconds since 1970; nullopt: it was left open.
std::optional<TimePoint> until_in(const Json& state)
{
    const std::string field{blocks::view::verb_until};
    const auto& at = slack::at(state, {field, field, "selected_date_time"});
    return at.is_number_integer() ? std::optional{TimePoint{std::chrono::seconds{at.get<std::int64_t>()}}} : std::nullopt;
}

} // namespace

Answer click_verb(slack::Action pressed, std::string delivery, Context& app)
{
    const auto wish = click_wish_in(pressed.action_id, pressed.value);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    if (wish.alert.value != 0 && wants_form(wish)) {
        Opening opening;
        opening.trigger_id = pressed.trigger_id;
        opening.response_url = pressed.response_url;
        app.tasks.spawn(
            "open a verb's form", open_verb_modal(wish.verb, wish.alert, std::move(opening), std::move(delivery), app));
        co_return Json{};
    }
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const storage::Outbox outbox{tx};
        const auto message = storage::Messages{tx}.at(pressed.channel, pressed.message_ts);
        // Home shows what became of it by itself.
        const bool can_answer = !pressed.response_url.empty() && !home_press_in(pressed.response_url);
        const auto lane = response_lane(pressed.response_url);
        try {
            if (wish.alert.value == 0 || !is_for_people(wish.verb))
                throw Refusal{std::string{old_button}};
            const auto changed = change(tx, app, wish, asked);
            show(tx, app, changed, asked.now, true, message && can_answer ? message->id : 0);
            const auto undo = undo_value(tx, changed.id, asked);
            if (wish.verb == Verb::undo && can_answer)
                outbox.add("respond:" + delivery, "respond_over", storage::Priority::answer, lane, 0,
                    pressed.response_url + "\n" + deed(tx, wish, changed), asked.now);
            else if (undo && can_answer)
                outbox.add("done:" + delivery, "done", storage::Priority::answer, lane, changed.id.value,
                    pressed.response_url + "\n" + *undo + "\n" + deed(tx, wish, changed), asked.now);
        } catch (const Refusal& refusal) {
            // Lost politely: the words go to whoever clicked, and what they clicked is brought up to date.
            respond(tx, delivery, pressed.response_url, refusal.what(), asked.now);
        }
        // Only whoever asked sees it, so that it is in no list of what shows the alert.
        if (!message && can_answer && pressed.block_id == action::in_details && storage::Alerts{tx}.find(wish.alert))
            follow_details(tx, app, delivery, wish.alert, pressed.response_url, asked.now);
        if (message && can_answer)
            outbox.add("replace:" + delivery, "replace", storage::Priority::answer, lane, message->alert.value,
                pressed.response_url + "\n" + std::to_string(message->id), asked.now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer click_unknown(slack::Action pressed, std::string delivery, Context& app)
{
    app.log.info("a button nobody knows was pressed", {{"action", pressed.action_id.substr(0, 100)}});
    const auto now = app.clock.now();
    auto work = [&](storage::Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, now))
            respond(tx, delivery, pressed.response_url,
                "This button is from another version of me. Use `/oncall status` to see what is open.", now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer submit_verb(slack::Submission filled, std::string delivery, Context& app)
{
    auto wish = click_wish_in(action::more, filled.private_metadata);
    // Without an alert the metadata is the verb alone.
    for (const auto verb : oncall::all_verbs)
        if (filled.private_metadata == oncall::name(verb))
            wish.verb = verb;
    const auto value = [&](std::string_view field, std::initializer_list<std::string_view> rest) {
        return slack::text_at(slack::at(filled.state, {field, field}), rest);
    };
    const auto number = [](const std::string& text) {
        std::int64_t read{};
        std::from_chars(text.data(), text.data() + text.size(), read);
        return read;
    };
    const bool chosen = wish.alert.value == 0;
    if (chosen)
        wish.alert = alert_chosen(filled.state);
    wish.person = value(blocks::view::verb_person, {"selected_user"});
    wish.text = value(blocks::view::verb_text, {"value"});
    wish.duration = std::chrono::minutes{number(value(blocks::view::verb_minutes, {"selected_option", "value"}))};

    const auto until = wish.verb == Verb::snooze ? until_in(filled.state) : std::nullopt;
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    if (until)
        wish.duration = *until - asked.now;

    const std::string field{chosen      ? blocks::view::verb_alert
            : needs_person(wish.verb)   ? blocks::view::verb_person
            : needs_duration(wish.verb) ? blocks::view::verb_minutes
                                        : blocks::view::verb_text};
    Json errors = Json::object();
    if (needs_person(wish.verb) && wish.person.empty())
        errors[std::string{blocks::view::verb_person}] = "Choose a person.";
    if (needs_text(wish.verb) && wish.text.find_first_not_of(" \n\t") == wish.text.npos)
        errors[std::string{blocks::view::verb_text}] = "Write something.";
    if (!is_for_people(wish.verb))
        errors[field] = "This form is from another version of me. Open it again.";
    if (until && (wish.duration < 1min || wish.duration > std::chrono::days{7}))
        errors[std::string{blocks::view::verb_until}] = "Choose a time that is yet to come, within seven days.";
    app.meet(wish.person);
    std::string no;
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const auto changed = change(tx, app, wish, asked);
        show(tx, app, changed, asked.now, true);
    };
    try {
        if (errors.empty())
            co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    // Nothing of it was kept: delivered twice, it is refused twice, and no answer closes the form as if it had been done.
    if (!no.empty()) {
        auto load = [](storage::Transaction& tx) { return storage::People{tx}.names(); };
        const auto names = co_await app.database.read(load);
        errors[field] = blocks::plain(no, names);
    }
    Json answer;
    if (!errors.empty()) {
        answer["response_action"] = "errors";
        answer["errors"] = errors;
    }
    co_return answer;
}

} // namespace handlers
