#pragma once

#include "blocks/say.hpp"
#include "handlers/routes.hpp"
#include "oncall/grammar.hpp"

/// What people say to the bot in words: commands, mentions, direct messages, and the buttons that say something for them.
namespace handlers {

struct HeardCommand {
    oncall::Sentence sentence{};
    std::map<std::string, std::string> names{};
    blocks::SayAsked asked{}; // for its buttons
};
/// Understood as of `when`, in the speaker's zone, with the names that there are. Changes nothing.
asio::awaitable<HeardCommand> hear_command(slack::Command command, TimePoint when, Context& app);

/// What is asked back; `sentence` has readings, or a question alone.
slack::Json asked_back(const HeardCommand& heard);

/// `@oncall …` in a channel is answered in its thread, a direct message where it was written; once, however often it comes. What
/// bots write, edits and the like are passed over. What names us in passing is answered or asked back, and never done.
Answer hear_event(slack::Event event, Context& app);

/// A button says something, as if whoever presses it had typed it. One of a message that stays does it once, and then the message
/// says who did; an old one, or one with times of another wall clock, asks again.
Answer click_say(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
