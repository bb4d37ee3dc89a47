#include "handlers/web/call.hpp"

#include "handlers/bundles.hpp"
#include "handlers/climb.hpp"
#include "handlers/confirm.hpp"
#include "handlers/routes.hpp"
#include "handlers/web/words.hpp"
#include "notify/answer_token.hpp"
#include "notify/spoken.hpp"
#include "notify/text.hpp"
#include "notify/twilio_outcome.hpp"
#include "notify/twiml.hpp"
#include "oncall/bundling.hpp"
#include "storage/bundles.hpp"

#include <algorithm>

namespace handlers {

using notify::Key;
using oncall::AlertState;

namespace {

/// An alert as a call tells it, to whom it calls.
struct Told {
    oncall::Alert alert{};
    std::vector<oncall::Alert> several{}; // all that a bundle told of and nobody has answered; of none that is `is_bundle`
    bool is_bundle{};
    std::string person{}; // her Slack id
    std::string time_zone{};
    blocks::Names names{};
};

Told look_at_call(storage::Transaction& tx, const notify::Answer& answer)
{
    Told told;
    told.alert = storage::Alerts{tx}.find(answer.alert).value_or(oncall::Alert{});
    told.person = known_as(tx, answer.person);
    if (const auto person = storage::People{tx}.find(answer.person))
        told.time_zone = person->time_zone;
    told.names = storage::People{tx}.names();
    if (const auto bundle = answer.bundle ? bundle_of(tx, answer.notification) : std::nullopt) {
        told.is_bundle = true;
        for (const auto id : storage::Bundles{tx}.told(*bundle))
            if (auto alert = storage::Alerts{tx}.find(id); alert && alert->state == AlertState::triggered)
                told.several.push_back(std::move(*alert));
        oncall::order_by_importance(told.several);
    }
    return told;
}

/// Who has it; empty: nobody yet.
std::string holder_words(const Told& told)
{
    const auto& alert = told.alert;
    if (alert.state == AlertState::triggered)
        return {};
    const auto found = told.names.find(alert.answered_by);
    const bool mine = alert.answered_by == told.person;
    const auto who = alert.answered_by.empty() ? std::string{"Its source"}
        : mine                                 ? std::string{"You"}
        : found == told.names.end()            ? std::string{"Somebody"}
                                               : notify::one_line(found->second, 60);
    const std::string has = mine ? " have" : " has";
    switch (alert.state) {
    case AlertState::resolved: return who + has + " resolved it.";
    case AlertState::snoozed: return who + has + " snoozed it.";
    default: return who + has + " it already.";
    }
}

std::optional<oncall::Verb> verb_of_key(Key key)
{
    switch (key.what) {
    case Key::acknowledge: return oncall::Verb::acknowledge;
    case Key::resolve: return oncall::Verb::resolve;
    case Key::escalate: return oncall::Verb::escalate;
    case Key::again:
    case Key::nothing: break;
    }
    return std::nullopt;
}

/// What came of a key: words, or what stands in its way.
struct KeyPress {
    std::string said{};
    std::string refusal{};
    bool again{}; // it was told of before
};

asio::awaitable<KeyPress> press_key(const PickedUp call, const notify::Answer answer, oncall::Verb verb, Context& app)
{
    const auto now = app.clock.now();
    KeyPress pressed;
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first("call:" + call.id + ":" + std::string{oncall::name(verb)}, now)) {
            pressed.again = true;
            return;
        }
        Asked asked;
        asked.actor = known_as(tx, answer.person);
        asked.via = "a phone call";
        asked.now = now;
        if (const auto bundle = answer.bundle ? bundle_of(tx, answer.notification) : std::nullopt) {
            pressed.said = acknowledge_all(tx, app, *bundle, asked);
            return;
        }
        Wish wish;
        wish.verb = verb;
        wish.alert = answer.alert;
        // Thrown through, a refusal takes the key back.
        const auto changed = change(tx, app, wish, asked);
        show(tx, app, changed, now, true);
        pressed.said = deed(tx, wish, changed);
    };
    try {
        co_await app.database.transaction(work);
    } catch (const oncall::Refusal& refusal) {
        pressed.refusal = refusal.what();
    }
    co_return pressed;
}

asio::awaitable<std::string> said_to(const PickedUp call, const notify::Answer answer, Context& app)
{
    auto outcome = notify::call_became(call.status, call.answered_by);
    if (verb_of_key(notify::key_in(call.keys))) // who presses a key has heard it
        outcome.how = notify::Outcome::confirmed;
    const auto now = app.clock.now();
    if (outcome.how != notify::Outcome::accepted) {
        auto note = [&](storage::Transaction& tx) { return confirm(tx, app, call.id, outcome, outcome.why, now); };
        co_await app.database.transaction(note);
    }
    if (outcome.how == notify::Outcome::refused)
        co_return notify::hang_up_twiml();

    const auto key = notify::key_in(call.keys);
    auto verb = verb_of_key(key);
    if (answer.bundle && verb != oncall::Verb::acknowledge)
        verb.reset();
    KeyPress pressed;
    if (verb)
        pressed = co_await press_key(call, answer, *verb, app);
    auto load = [&](storage::Transaction& tx) { return look_at_call(tx, answer); };
    const auto told = co_await app.database.read(load);
    if (told.alert.id.value == 0)
        co_return notify::farewell_twiml("This alert is no longer kept. Goodbye.");
    if (!pressed.refusal.empty())
        co_return notify::farewell_twiml(plain_words(pressed.refusal, told.names, told.time_zone) + " Goodbye.");
    if (!pressed.said.empty())
        co_return notify::farewell_twiml(pressed.said + " Goodbye.");
    const bool unknown_key = !call.keys.empty() && key.what != Key::again && !verb;
    const auto action = app.address + std::string{notify::voice_path} + call.token;
    if (told.is_bundle) {
        if (told.several.empty() || pressed.again)
            co_return notify::farewell_twiml("All of them have been answered. Nothing is asked of you. Goodbye.");
        const auto words = "This is on-call. " + std::to_string(told.several.size())
            + (told.several.size() == 1 ? " alert waits" : " alerts wait") + ". The most important is a "
            + notify::spoken(told.several.front()) + ".";
        co_return notify::bundle_twiml((unknown_key ? "That key does nothing. " : "") + words, action);
    }
    const auto holder = holder_words(told);
    const auto words = "This is on-call. " + notify::spoken(told.alert) + ".";
    if (pressed.again)
        co_return notify::farewell_twiml(holder.empty() ? "That is done. Goodbye." : holder + " Goodbye.");
    if (!holder.empty())
        co_return notify::farewell_twiml(words + " " + holder + " Nothing is asked of you. Goodbye.");
    co_return notify::page_twiml((unknown_key ? "That key does nothing. " : "") + words, action);
}

} // namespace

asio::awaitable<std::string> take_call(PickedUp call, Context& app)
{
    const auto read = notify::read(app.answer_secret, call.token, app.clock.now());
    const auto* const answer = std::get_if<notify::Answer>(&read);
    if (!answer)
        co_return notify::farewell_twiml("This call comes too late. Look in Slack, please. Goodbye.");
    std::string trouble;
    try {
        auto answering = said_to(call, *answer, app);
        co_return co_await std::move(answering);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    app.log.error("a call could not be answered", {{"error", trouble}});
    co_return notify::farewell_twiml("That did not work, and it was not you. Answer in Slack, please. Goodbye.");
}

} // namespace handlers
