#include "handlers/opening.hpp"

#include "blocks/home.hpp"
#include "blocks/loading.hpp"
#include "delivery/spoken.hpp"
#include "doors/counted.hpp"
#include "doors/wake.hpp"
#include "handlers/routes.hpp"
#include "handlers/settings.hpp"
#include "slack/client.hpp"

#include <algorithm>

namespace handlers {

using namespace std::chrono_literals;
using slack::Json;
using storage::Transaction;

namespace {

constexpr auto until_loading = 1s;
constexpr auto most_loading = 60s;

/// Shared by whoever makes the form and whoever waits for it.
struct FormInMaking {
    explicit FormInMaking(asio::any_io_executor loop)
        : made{std::move(loop)}
    {
    }
    doors::Wake made;
    bool over{};
    slack::View form{};
    std::exception_ptr broke{};
    blocks::Names names{}; // when it was refused
};

asio::awaitable<void> make_form(std::shared_ptr<FormInMaking> making, MakeForm make, Opening opening, Context& app)
{
    auto work = [making, make = std::move(make)](Transaction& tx) {
        try {
            return make(tx);
        } catch (const oncall::Refusal&) {
            making->names = storage::People{tx}.names();
            throw;
        }
    };
    try {
        if (opening.writes)
            making->form = co_await app.database.transaction(work);
        else
            making->form = co_await app.database.read(work);
        if (opening.made)
            opening.made();
    } catch (...) {
        making->broke = std::current_exception();
    }
    making->over = true;
    making->made.ring();
}

/// A trigger that stands for "Loading…": what is opened by it takes its place.
constexpr std::string_view loading_mark{"loading:"};

std::string trigger_of(const Json& opened)
{
    return std::string{loading_mark} + slack::text_at(opened, {"view", "id"}) + ":" + slack::text_at(opened, {"view", "hash"});
}

/// By which trigger, or in the place of what.
void place_view(Json& arguments, const std::string& trigger)
{
    if (!trigger.starts_with(loading_mark)) {
        arguments["trigger_id"] = trigger;
        return;
    }
    const auto colon = trigger.find(':', loading_mark.size());
    arguments["view_id"] = trigger.substr(loading_mark.size(), colon - loading_mark.size());
    arguments["hash"] = trigger.substr(colon + 1);
}

/// Why there is nothing of it. `retry`: "Try again".
std::string why_not_made(const FormInMaking& making, const std::string& retry, const std::string& instead, Context& app)
{
    const auto again = " " + retry + ", or write " + instead + ".";
    if (!making.over)
        return "This takes longer than it should, and I have stopped waiting." + again;
    try {
        std::rethrow_exception(making.broke);
    } catch (const oncall::Refusal& refusal) {
        return refusal.what();
    } catch (const storage::Busy&) {
        return "I have too much to do right now." + again;
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        const auto reference = app.random.token(4);
        app.log.error("a form could not be made", {{"reference", reference}, {"error", error.what()}});
        return "Something broke on our side; it was not you. " + retry
            + ", and if it stays, tell whoever runs me this reference: " + reference;
    }
}

/// What "Loading…" becomes.
slack::View what_was_made(FormInMaking& making, const std::string& instead, Context& app)
{
    if (making.over && !making.broke)
        return std::move(making.form);
    return blocks::not_loaded(why_not_made(making, "Close this and try again", instead, app), making.names);
}

/// Puts the form in the place of "Loading…": that is a view of its own, so it is replaced as it was opened or not at all.
asio::awaitable<void> replace_loading(Json opened, slack::View form, std::string instead, Context& app)
{
    Json arguments;
    arguments["view_id"] = slack::text_at(opened, {"view", "id"});
    arguments["hash"] = slack::text_at(opened, {"view", "hash"});
    arguments["view"] = std::move(form);
    for (const bool last : {false, true}) {
        std::string trouble;
        bool refused = false;
        try {
            co_await app.slack.call("views.update", arguments);
        } catch (const slack::Error& error) {
            trouble = error.code();
            refused = error.error_class() == slack::ErrorClass::our_bug;
        }
        // Closed meanwhile; or the update whose answer was lost has come.
        if (trouble.empty() || trouble == "not_found" || trouble == "hash_conflict")
            co_return;
        app.log.warning("a form could not be shown", {{"error", trouble}});
        if (last)
            co_return;
        if (refused)
            arguments["view"] =
                blocks::not_loaded("Slack does not take this form as it is. Close this, and write " + instead + ".", {});
        else
            co_await app.clock.pause(1s);
    }
}

asio::awaitable<void> load_before_eyes(std::shared_ptr<FormInMaking> making, Opening opening, Context& app)
{
    auto loading = blocks::loading(opening.instead);
    auto opens = open_view(std::move(loading), opening, app);
    auto opened = co_await std::move(opens);
    if (opened.is_null())
        co_return;
    const auto end = app.clock.now() + most_loading;
    while (!making->over && app.clock.now() < end)
        co_await making->made.sleep(app.clock, end);
    auto form = what_was_made(*making, opening.instead, app);
    auto replacing = replace_loading(std::move(opened), std::move(form), opening.instead, app);
    co_await std::move(replacing);
}

/// Words for whoever asked for the form.
void tell_opener(Transaction& tx, const Opening& opening, const std::string& key, const std::string& words, TimePoint now)
{
    if (opening.response_url.empty() && !opening.person.empty())
        storage::Outbox{tx}.add(
            "said:" + key, "person_words", storage::Priority::answer, opening.person, 0, opening.person + "\n" + words, now);
    else
        respond(tx, key, opening.response_url, words, now);
}

asio::awaitable<void> hear_first(std::shared_ptr<FormInMaking> hearing, Hear hear)
{
    try {
        auto work = hear();
        co_await std::move(work);
    } catch (...) {
        hearing->broke = std::current_exception();
    }
    hearing->over = true;
    hearing->made.ring();
}

/// What came of showing a view.
struct TriedView {
    Json opened{}; // what Slack answered; null: it is not shown
    bool missed{}; // and whoever asked for it does not know why
};

asio::awaitable<TriedView> try_view(slack::View form, Opening opening, Context& app)
{
    TriedView tried;
    const bool in_place = opening.trigger_id.starts_with(loading_mark);
    Json arguments;
    place_view(arguments, opening.trigger_id);
    arguments["view"] = std::move(form);
    const std::string method = in_place ? "views.update" : opening.push ? "views.push" : "views.open";
    std::string trouble;
    try {
        tried.opened = co_await app.slack.call(method, std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    tried.missed = !trouble.empty() && trouble != "exchanged_trigger_id" && trouble != "hash_conflict"
        && !((opening.push || in_place) && trouble == "not_found");
    if (tried.missed)
        app.log.warning("a form could not be opened", {{"method", method}, {"error", trouble}});
    co_return tried;
}

/// False when it could not be written down.
asio::awaitable<bool> say_late(Json said, Opening opening, std::string delivery, Context& app)
{
    const auto now = app.clock.now();
    auto say = [&](Transaction& tx) {
        delivery::say_to(tx, "answer:" + delivery, response_lane(opening.response_url), opening.response_url, said, now);
    };
    try {
        co_await app.database.transaction(say);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app.log.error("an answer could not be kept", {{"error", error.what()}});
        co_return false;
    }
    co_return true;
}

/// What everybody is called, for a refusal; without them it is said all the same.
asio::awaitable<blocks::Names> names_if_known(Context& app)
{
    auto load = [](Transaction& tx) { return storage::People{tx}.names(); };
    try {
        co_return co_await app.database.read(load);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app.log.warning("names could not be read", {{"error", error.what()}});
    }
    co_return blocks::Names{};
}

/// It is understood late: "Loading…" is to stand meanwhile. Where that does not open, all is said where it was asked.
asio::awaitable<void> answer_before_eyes(
    std::shared_ptr<FormInMaking> hearing, AnswerBy answer, Opening opening, std::string delivery, Context& app)
{
    const doors::Counted counted{app.answering}; // Slack holds it for done
    auto stands = blocks::loading(opening.instead);
    auto opens = try_view(std::move(stands), opening, app);
    auto loading = co_await std::move(opens);
    const bool is_seen = !loading.opened.is_null();
    const auto end = app.clock.now() + most_loading;
    while (!hearing->over && app.clock.now() < end)
        co_await hearing->made.sleep(app.clock, end);
    const bool is_heard = hearing->over; // what is heard later is not done
    Json said;
    bool is_refused = false;
    try {
        if (hearing->broke)
            std::rethrow_exception(hearing->broke);
        if (is_heard) {
            auto work = answer(is_seen ? trigger_of(loading.opened) : opening.trigger_id);
            said = co_await std::move(work);
        }
    } catch (const oncall::Refusal&) {
        hearing->broke = std::current_exception();
        is_refused = true;
    } catch (...) {
        hearing->broke = std::current_exception();
    }
    if (is_refused) {
        auto naming = names_if_known(app);
        hearing->names = co_await std::move(naming);
    }
    if (app.look_at_homes)
        app.look_at_homes(false); // whatever it was may be shown there
    const bool done = is_heard && !hearing->broke;
    if (done && said.empty())
        co_return; // its form takes the place by itself
    slack::View view;
    if (!done) {
        const auto why = why_not_made(*hearing, is_seen ? "Close this and try again" : "Try again", opening.instead, app);
        view = blocks::not_loaded(why, hearing->names);
        if (!is_seen)
            said = slack::body(blocks::words(why, hearing->names));
    } else {
        view = blocks::answered_here(said);
    }
    if (!said.empty() && !opening.response_url.empty()) {
        auto saying = say_late(std::move(said), opening, std::move(delivery), app);
        const bool is_said = co_await std::move(saying);
        if (is_said)
            view = blocks::answered_elsewhere();
    }
    if (!is_seen)
        co_return;
    auto replacing = replace_loading(std::move(loading.opened), std::move(view), opening.instead, app);
    co_await std::move(replacing);
}

asio::awaitable<void> open_and_forget(slack::View form, Opening opening, Context& app)
{
    auto opening_it = open_view(std::move(form), std::move(opening), app);
    co_await std::move(opening_it);
}

} // namespace

bool is_in_form(const slack::Action& pressed) { return !pressed.view_id.empty() && pressed.callback_id != blocks::view::home; }

Opening opening_by(const slack::Command& command, std::string instead)
{
    Opening opening{command.trigger_id, command.response_url, std::move(instead), command.actor.user};
    opening.came = command.came;
    return opening;
}

asio::awaitable<Json> open_view(slack::View form, Opening opening, Context& app)
{
    if (opening.trigger_id.empty())
        co_return Json{};
    auto trying = try_view(std::move(form), opening, app);
    auto tried = co_await std::move(trying);
    if (!tried.missed)
        co_return std::move(tried.opened);
    const auto now = app.clock.now();
    const auto words = "Slack did not let me open the form. Try again, or write " + opening.instead + ".";
    auto work = [&](Transaction& tx) { tell_opener(tx, opening, opening.trigger_id, words, now); };
    co_await app.database.transaction(work);
    co_return Json{};
}

asio::awaitable<void> open_made_form(MakeForm make, Opening opening, Context& app)
{
    if (opening.trigger_id.empty()) { // a refusal is said all the same
        if (opening.writes)
            co_await app.database.transaction(make);
        else
            co_await app.database.read(make);
        co_return;
    }
    const auto making = std::make_shared<FormInMaking>(app.tasks.loop());
    const auto loading_at = (opening.came == TimePoint{} ? app.clock.now() : opening.came) + until_loading;
    app.tasks.spawn("make a form", make_form(making, std::move(make), opening, app));
    co_await making->made.sleep(app.clock, loading_at);
    if (!making->over)
        app.tasks.spawn("open a form that takes its time", load_before_eyes(making, std::move(opening), app));
    else if (making->broke && !opening.alone)
        std::rethrow_exception(making->broke);
    else {
        auto form = what_was_made(*making, opening.instead, app);
        app.tasks.spawn("open a form", open_and_forget(std::move(form), std::move(opening), app));
    }
}

asio::awaitable<Json> answer_when_heard(Hear hear, AnswerBy answer, Opening opening, std::string delivery, Context& app)
{
    const auto hearing = std::make_shared<FormInMaking>(app.tasks.loop());
    app.tasks.spawn("hear what may open a form", hear_first(hearing, std::move(hear)));
    co_await hearing->made.sleep(app.clock, opening.came + until_loading);
    if (!hearing->over) {
        // Slack waits for three seconds, for views.open and the answer together.
        app.tasks.spawn("answer what was heard late",
            answer_before_eyes(hearing, std::move(answer), std::move(opening), std::move(delivery), app));
        co_return Json{};
    }
    if (hearing->broke)
        std::rethrow_exception(hearing->broke);
    auto work = answer(opening.trigger_id);
    co_return co_await std::move(work);
}

asio::awaitable<void> open_or_refuse(MakeForm make, Opening opening, std::string delivery, Context& app)
{
    std::string no;
    try {
        auto opened = open_made_form(std::move(make), opening, app);
        co_await std::move(opened);
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what();
    }
    if (no.empty())
        co_return;
    const auto now = app.clock.now();
    auto say = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, now))
            tell_opener(tx, opening, delivery, no, now);
    };
    co_await app.database.transaction(say);
}

void open_on_top(MakeForm make, const slack::Action& pressed, std::string instead, Context& app)
{
    Opening opening;
    opening.trigger_id = pressed.trigger_id;
    opening.instead = std::move(instead);
    opening.person = pressed.actor.user;
    opening.push = true;
    opening.alone = true;
    app.tasks.spawn("open a form on top", open_made_form(std::move(make), std::move(opening), app));
}

asio::awaitable<void> show_after_press(slack::View made, bool push, slack::Action pressed, Context& app)
{
    Json arguments;
    if (push) {
        arguments["trigger_id"] = pressed.trigger_id;
    } else {
        arguments["view_id"] = pressed.view_id;
        arguments["hash"] = pressed.view_hash;
    }
    arguments["view"] = std::move(made);
    const std::string method = push ? "views.push" : "views.update";
    std::string trouble;
    try {
        co_await app.slack.call(method, std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    // Closed meanwhile, clicked again, or the same click twice: whoever clicked sees what came of the other.
    if (!trouble.empty() && trouble != "hash_conflict" && trouble != "not_found" && trouble != "exchanged_trigger_id")
        app.log.warning(
            "a view could not be shown after a press", {{"pressed", pressed.action_id}, {"method", method}, {"error", trouble}});
}

asio::awaitable<void> change_view(MakeForm make, slack::Action pressed, Context& app)
{
    bool refused = false;
    auto work = [&](Transaction& tx) {
        try {
            return make(tx);
        } catch (const oncall::Refusal& refusal) {
            refused = true;
            return refusal_view(refusal.what(), storage::People{tx}.names());
        }
    };
    auto view = co_await app.database.transaction(work);
    if (view.is_null())
        co_return;
    auto showing = show_after_press(std::move(view), refused, std::move(pressed), app);
    co_await std::move(showing);
}

std::pair<std::string, std::string> value_in_two(const std::string& value)
{
    const auto colon = std::min(value.find(':'), value.size());
    return {value.substr(0, colon), value.substr(std::min(colon + 1, value.size()))};
}

} // namespace handlers
