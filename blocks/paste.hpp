#pragma once

#include "blocks/form.hpp"

namespace blocks {

/// Words that say where something goes, and what is put there, to be copied as it is. Either may be empty. The words are ours and
/// may have Slack's markup in them; what is foreign in them has been made harmless.
struct Paste {
    std::string words{};
    std::string code{};
};
std::vector<Part> paste_parts(const std::vector<Paste>& lines);

} // namespace blocks
