#pragma once

#include "handlers/routes.hpp"
#include "oncall/grammar.hpp"

/// What people say to the bot in words: commands, mentions, direct messages, and the buttons that say something for them.
namespace handlers {

struct HeardCommand {
    oncall::Sentence sentence{};
    std::map<std::string, std::string> names{};
};
/// Understood in the speaker's zone, with the names that there are. Changes nothing.
asio::awaitable<HeardCommand> hear_command(slack::Command command, Context& app);

/// What is asked back; `sentence` has readings.
slack::Json asked_back(const HeardCommand& heard);

/// `@oncall …` in a channel is answered in its thread, a direct message where it was written; once, however often it comes. What
/// bots write, edits and the like are passed over.
Answer hear_event(slack::Event event, Context& app);

/// A button says something, as if whoever presses it had typed it.
Answer click_say(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
