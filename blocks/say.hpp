#pragma once

#include "blocks/blocks.hpp"

/// What is asked back when words may mean several things, and buttons that say something as if it had been typed.
namespace blocks {

namespace action {
inline constexpr std::string_view say{"say"}; // value: as say_value() writes it
} // namespace action

/// When a command was put on a button, and for whom.
struct SayAsked {
    oncall::TimePoint at{};
    std::string zone{}; // on whose wall clock its times are
    bool shared{}; // the message is one that others see as well, and that is there after the press
};
/// A button's value, and what it was made of. Of a value that is none the time is 1970, and the command the value.
std::string say_value(const SayAsked& asked, const std::string& command);
std::pair<SayAsked, std::string> say_value_in(const std::string& value);

/// Whether a command names a time of the wall clock, which is another one in another zone.
bool names_wall_time(std::string_view command);

struct SayChoice {
    std::string label{}; // foreign names may be in it
    std::string command{}; // without "/oncall "
};
/// The question, and a button for each answer, with the command that it stands for.
Message which(const std::string& question, const std::vector<SayChoice>& choices, const SayAsked& asked, const Names& names = {});

/// A command that only a button can do: a form, or what its presser alone sees.
Message press_to_say(const std::string& words, const std::string& label, const std::string& command, const SayAsked& asked);

} // namespace blocks
