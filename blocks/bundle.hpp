#pragma once

#include "blocks/blocks.hpp"

/// Several alerts told in one message, with one acknowledge for all of them.
namespace blocks {

namespace action {
/// The button's value is BundleView::value.
inline constexpr std::string_view acknowledge_all{"bundle.acknowledge"};
} // namespace action

struct BundleView {
    std::string heading{}; // ours; empty: "7 pages in one"
    std::vector<AlertView> alerts{}; // each once, in the order in which they are told
    std::size_t pages{}; // how many pages they stand for: an alert may have several
    std::string value{}; // of the button
};

/// How many a message itself names; the others are named in its thread, so many a message.
inline constexpr std::size_t most_in_bundle = 20;
inline constexpr std::size_t most_in_rest = 30;

/// The page as a person gets it: what is broken in `text` as well. Follows its alerts: what has been answered says so, and the
/// button is there while one has not.
Message bundle(const BundleView& shown);
/// Those from the `from`-th on, for its thread.
Message bundle_rest(const BundleView& shown, std::size_t from);

} // namespace blocks
