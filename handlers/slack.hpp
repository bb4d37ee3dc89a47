#pragma once

#include "handlers/context.hpp"
#include "oncall/who_may.hpp"
#include "slack/payloads.hpp"

namespace handlers {

/// One delivery of Slack, by whichever door. `delivery` is its unique id: what changes something by it happens once.
/// Returns what goes back in the answer (null: nothing), after the commit.
asio::awaitable<slack::Json> from_slack(slack::Payload payload, std::string delivery, Context& app);

/// The verbs that have a handler.
std::vector<std::string_view> routed_words();
/// Those of them that open a form when nothing follows.
std::vector<std::string_view> words_that_open_alone();
/// Everything that Slack's people can come by, and the least they want who do.
struct WayIn {
    enum class By { command, action, shortcut, view, lookup } by{};
    std::string_view what{};
    oncall::Deed deed{};
};
std::vector<WayIn> all_routes();
/// The callback ids of shortcuts that have a handler.
std::vector<std::string_view> routed_shortcuts();

} // namespace handlers
