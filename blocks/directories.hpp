#pragma once

#include "blocks/blocks.hpp"

/// Directories that services are synced from.
namespace blocks {

namespace action {
inline constexpr std::string_view directory_read{"directory.read"}; // value: its name
inline constexpr std::string_view directory_try{"directory.try"}; // likewise: says what would change
} // namespace action

struct DirectoryView {
    std::string name{};
    std::string format{}; // "backstage"
    std::string origin{}; // its host, or a file
    std::string every{}; // "1h"
    oncall::TimePoint read_at{}; // zero: never
    oncall::TimePoint next_at{}; // zero: at once
    std::string trouble{}; // why it was not read since; empty: nothing
    std::string report{}; // of the last reading: a line for each thing
};
/// Each with its buttons, for whoever asked; of many the first ones.
Message directories(const std::vector<DirectoryView>& all);

} // namespace blocks
