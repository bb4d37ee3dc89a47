#include "handlers/changed_form.hpp"

#include "handlers/by_hand.hpp"
#include "slack/client.hpp"

namespace handlers {

using slack::Json;
using Load = std::function<slack::View(storage::Transaction&)>;

namespace {

constexpr std::size_t most_under_way = 1'000;

bool is_newest(const Context& app, const slack::Action& pressed, const std::string& delivery)
{
    const auto newest = app.previews.find(pressed.view_id);
    return newest != app.previews.end() && newest->second == delivery;
}

asio::awaitable<void> look_and_show(
    slack::Action pressed, std::string delivery, Context& app, Load load, std::vector<oncall::Recipient> whom)
{
    auto knowing = get_to_know(std::move(whom), app);
    co_await std::move(knowing);
    auto shown = co_await app.database.read(load);
    Json arguments;
    arguments["view_id"] = pressed.view_id;
    arguments["view"] = std::move(shown);
    // The hash is of what she saw when she changed it. A conflict means that an earlier change was shown meanwhile.
    for (const bool by_hash : {true, false}) {
        if (!is_newest(app, pressed, delivery))
            break;
        arguments.erase("hash");
        if (by_hash)
            arguments["hash"] = pressed.view_hash;
        std::string trouble;
        try {
            co_await app.slack.call("views.update", arguments);
        } catch (const slack::Error& error) {
            trouble = error.code();
        }
        if (trouble != "hash_conflict") {
            if (!trouble.empty())
                app.log.info("what a form would change could not be shown", {{"error", trouble}});
            break;
        }
    }
}

asio::awaitable<void> show(
    slack::Action pressed, std::string delivery, Context& app, Load load, std::vector<oncall::Recipient> whom)
{
    std::exception_ptr broke;
    try {
        auto showing = look_and_show(pressed, delivery, app, std::move(load), std::move(whom));
        co_await std::move(showing);
    } catch (...) {
        broke = std::current_exception();
    }
    if (is_newest(app, pressed, delivery))
        app.previews.erase(pressed.view_id);
    if (broke)
        std::rethrow_exception(broke);
}

} // namespace

void show_changed_form(slack::Action pressed, std::string delivery, Context& app, Load load, std::vector<oncall::Recipient> whom)
{
    if (pressed.view_id.empty())
        return;
    if (app.previews.size() >= most_under_way)
        app.previews.clear(); // whoever still waits changes another field
    app.previews[pressed.view_id] = delivery;
    auto showing = show(std::move(pressed), std::move(delivery), app, std::move(load), std::move(whom));
    app.tasks.spawn("show what a form would change", std::move(showing));
}

void forget_changed_form(const std::string& view_id, Context& app) { app.previews.erase(view_id); }

} // namespace handlers
