#pragma once

#include "handlers/context.hpp"
#include "slack/payloads.hpp"

namespace handlers {

using Answer = asio::awaitable<slack::Json>;

/// `/oncall <verb> <rest>`. An alias stands in its own row.
struct CommandRoute {
    std::string_view verb{};
    Answer (*handle)(slack::Command command, std::string rest, std::string delivery, Context& app){};
};
struct ActionRoute {
    std::string_view action_id{};
    Answer (*handle)(slack::Action action, std::string delivery, Context& app){};
};
struct ViewRoute {
    std::string_view callback_id{};
    Answer (*handle)(slack::Submission submission, std::string delivery, Context& app){};
};

// commands.cpp
Answer who(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer help(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer status(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer acknowledge(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer escalate(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer resolve(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer snooze(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer page(slack::Command command, std::string rest, std::string delivery, Context& app);

/// Opens the form behind a bare `page`; the trigger lives for 3 seconds, so it is not queued. Whoever asked is told when it
/// fails.
asio::awaitable<void> open_page_modal(std::string trigger_id, std::string response_url, Context& app);

Asked asked_by(const slack::Actor& actor, std::string via, const Context& app);

/// What is said by response_url goes in a few lanes, in order for each.
std::string response_lane(const std::string& response_url);
/// Words for whoever did something, and for nobody else. `key` makes them said once.
void respond(
    storage::Transaction& tx, const std::string& key, const std::string& response_url, const std::string& words, TimePoint now);

// clicks.cpp
Answer click_verb(slack::Action action, std::string delivery, Context& app);
Answer click_unknown(slack::Action action, std::string delivery, Context& app);
Answer click_page(slack::Action action, std::string delivery, Context& app);
Answer submit_page(slack::Submission submission, std::string delivery, Context& app);

} // namespace handlers
