#pragma once

#include "blocks/blocks.hpp"

/// What is asked back when words may mean several things, and buttons that say something as if it had been typed.
namespace blocks {

namespace action {
inline constexpr std::string_view say{"say"}; // value: what stands behind /oncall
} // namespace action

struct SayChoice {
    std::string label{}; // foreign names may be in it
    std::string command{}; // without "/oncall "
};
/// The question, and a button for each answer, with the command that it stands for.
Message which(const std::string& question, const std::vector<SayChoice>& choices, const Names& names = {});

/// A command that only a button can do: a form, or what its presser alone sees.
Message press_to_say(const std::string& words, const std::string& label, const std::string& command);

} // namespace blocks
