#include "handlers/home.hpp"

#include "handlers/by_hand.hpp"
#include "handlers/cover_forms.hpp"
#include "slack/client.hpp"
#include "storage/home_views.hpp"

#include <algorithm>

namespace handlers {

using slack::Json;
using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view home_mark{"home:"};
constexpr auto modal_takes = 5s; // until words that no modal has shown go by direct message

std::string home_words_key(const HomePress& press) { return "home_words:" + press.trigger_id + ":"; }

slack::Command as_command(const slack::Action& pressed)
{
    slack::Command command;
    command.actor = pressed.actor;
    command.response_url = pressed.response_url;
    command.trigger_id = pressed.trigger_id;
    command.said = slack::Command::Said::pressed;
    return command;
}

} // namespace

Answer home_opened(slack::Event event, Context& app)
{
    const auto person = slack::text_at(event.event, {"user"});
    if (person.empty() || slack::text_at(event.event, {"tab"}) != "home")
        co_return Json{};
    // What she is shown depends on who she is.
    std::vector<oncall::Recipient> who;
    who.push_back({oncall::RecipientKind::person, person});
    auto knowing = get_to_know(std::move(who), app);
    co_await std::move(knowing);
    // What Slack shows her says itself what it stands for. Without a view it has forgotten, or was never told.
    const auto shows = slack::text_at(event.event, {"view", "private_metadata"});
    const auto now = app.clock.now();
    auto work = [&](Transaction& tx) { storage::HomeViews{tx}.opened(person, shows, now); };
    co_await app.database.transaction(work);
    app.meet(person);
    if (app.look_at_homes)
        app.look_at_homes(true);
    co_return Json{};
}

Answer click_home_cover(slack::Action pressed, std::string delivery, Context& app)
{
    auto opening = cover(as_command(pressed), "", std::move(delivery), app);
    co_return co_await std::move(opening);
}

Answer click_home_settings(slack::Action pressed, std::string delivery, Context& app)
{
    auto opening = settings(as_command(pressed), pressed.value, std::move(delivery), app);
    co_return co_await std::move(opening);
}

bool is_in_home(const slack::Action& pressed)
{
    return pressed.callback_id == blocks::view::home && pressed.response_url.empty() && !pressed.actor.user.empty();
}

std::string home_reply(const HomePress& press) { return std::string{home_mark} + press.person + ":" + press.trigger_id; }

std::optional<HomePress> home_press_in(const std::string& response_url)
{
    const auto colon = response_url.find(':', home_mark.size());
    if (!response_url.starts_with(home_mark) || colon == response_url.npos)
        return std::nullopt;
    return HomePress{response_url.substr(home_mark.size(), colon - home_mark.size()), response_url.substr(colon + 1)};
}

void say_at_home(Transaction& tx, const HomePress& press, const std::string& key, const std::string& words, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto row = home_words_key(press) + key;
    outbox.add(row, "person_words", storage::Priority::answer, press.person, 0, press.person + "\n" + words, now);
    outbox.wait(row, now + modal_takes);
}

asio::awaitable<void> show_words_at_home(HomePress press, Context& app)
{
    blocks::Names names;
    auto load = [&](Transaction& tx) {
        auto bodies = storage::bodies_waiting(tx, home_words_key(press));
        if (!bodies.empty())
            names = storage::People{tx}.names();
        return bodies;
    };
    const auto bodies = co_await app.database.read(load);
    if (bodies.empty())
        co_return;
    const auto& first = bodies.front();
    Json arguments;
    arguments["trigger_id"] = press.trigger_id;
    arguments["view"] = blocks::home_words(first.substr(std::min(first.find('\n') + 1, first.size())), names);
    std::string trouble;
    try {
        co_await app.slack.call("views.open", std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    if (!trouble.empty()) {
        app.log.info("words for somebody's Home go by direct message", {{"error", trouble}});
        co_return;
    }
    auto work = [&](Transaction& tx) { storage::Outbox{tx}.withdraw(home_words_key(press)); };
    co_await app.database.transaction(work);
}

} // namespace handlers
