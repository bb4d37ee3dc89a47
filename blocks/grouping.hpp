#pragma once

#include "blocks/blocks.hpp"

/// Alerts that are put together, and taken apart, by hand.
namespace blocks {

namespace action {
inline constexpr std::string_view merge{"alert.merge"}; // opens a form; value: the alert
inline constexpr std::string_view split{"alert.split"}; // value: the alert
} // namespace action
namespace view {
inline constexpr std::string_view merge{"merge.submit"}; // private_metadata: the alert; empty: chosen in the form
inline constexpr std::string_view split{"split.submit"};
inline constexpr std::string_view merge_into{"into"};
} // namespace view

/// Which is put into whose group; without `child` both are chosen.
View merge_form(const std::optional<oncall::Alert>& child);
/// Which is taken out of its group.
View split_form();
/// Words for whoever merged `child`, with a button that splits it again.
Message merge_done(const std::string& plain, oncall::AlertId child, const Names& names = {});

} // namespace blocks
