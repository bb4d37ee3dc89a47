#include "blocks/blocks.hpp"
#include "handlers/paging.hpp"
#include "handlers/routes.hpp"

#include <charconv>

namespace handlers {

using oncall::Refusal;
using oncall::Verb;
using slack::Json;
namespace action = blocks::action;

namespace {

/// A button's value: "<alert>:<version>", a snooze option's with ":<minutes>". Zeros when it is not ours.
Wish wish_in(const slack::Action& pressed)
{
    Wish wish;
    wish.verb = pressed.action_id == action::acknowledge ? Verb::acknowledge
        : pressed.action_id == action::escalate          ? Verb::escalate
        : pressed.action_id == action::resolve           ? Verb::resolve
                                                         : Verb::snooze;
    std::int64_t numbers[3]{};
    const auto* at = pressed.value.data();
    const auto* const end = at + pressed.value.size();
    for (auto& number : numbers) {
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || stop == end || *stop != ':')
            break;
        at = stop + 1;
    }
    wish.alert = {numbers[0]};
    wish.shown_version = numbers[1];
    wish.snooze_for = std::chrono::minutes{numbers[2]};
    return wish;
}

} // namespace

Answer click_verb(slack::Action pressed, std::string delivery, Context& app)
{
    const auto wish = wish_in(pressed);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const bool in_range =
        wish.verb != Verb::snooze || (wish.snooze_for >= std::chrono::minutes{1} && wish.snooze_for <= std::chrono::days{7});
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const storage::Outbox outbox{tx};
        const auto message = storage::Messages{tx}.at(pressed.channel, pressed.message_ts);
        const bool can_answer = !pressed.response_url.empty();
        try {
            if (wish.alert.value == 0 || !in_range)
                throw Refusal{"This button is from another version of me. Use `/oncall status` to find the alert."};
            const auto changed = change(tx, app, wish, asked);
            show(tx, app, changed, asked.now, true, message && can_answer ? message->id : 0);
        } catch (const Refusal& refusal) {
            // Lost politely: the words go to whoever clicked, and what they clicked is brought up to date.
            respond(tx, delivery, pressed.response_url, refusal.what(), asked.now);
        }
        if (message && can_answer)
            outbox.add("replace:" + delivery, "replace", storage::Priority::answer, response_lane(pressed.response_url),
                message->alert.value, pressed.response_url + "\n" + std::to_string(message->id), asked.now);
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

Answer click_page(slack::Action pressed, std::string, Context& app)
{
    app.tasks.spawn("open the page modal", open_page_modal(pressed.trigger_id, pressed.response_url, app));
    co_return Json{};
}

Answer submit_page(slack::Submission filled, std::string delivery, Context& app)
{
    const std::string person_field{blocks::view::page_person}, why_field{blocks::view::page_why};
    const auto person = slack::text_at(filled.state, {person_field, person_field, "selected_user"});
    const auto why = slack::text_at(filled.state, {why_field, why_field, "value"});
    Json errors = Json::object();
    if (person.empty())
        errors[person_field] = "Choose whom to page.";
    if (why.find_first_not_of(" \n\t") == why.npos)
        errors[why_field] = "Say what is wrong: it is what they read first.";
    if (!errors.empty()) {
        Json answer;
        answer["response_action"] = "errors";
        answer["errors"] = errors;
        co_return answer;
    }
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    auto work = [&](storage::Transaction& tx) {
        try {
            if (storage::Inbox{tx}.first(delivery, asked.now))
                page_by_hand(tx, app, person, why, asked);
        } catch (const Refusal& refusal) {
            errors[why_field] = refusal.what();
        }
    };
    co_await app.database.transaction(work);
    Json answer;
    if (!errors.empty()) {
        answer["response_action"] = "errors";
        answer["errors"] = errors;
    }
    co_return answer;
}

} // namespace handlers
