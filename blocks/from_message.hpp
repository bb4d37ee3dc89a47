#pragma once

#include "blocks/choose_alert.hpp"

/// What is begun in the menu of a message, or of Slack itself.
namespace blocks {

namespace shortcut { // as in the manifest
inline constexpr std::string_view page_global{"page_global"};
inline constexpr std::string_view note_from_message{"note_from_message"};
} // namespace shortcut
namespace view {
inline constexpr std::string_view note_from_message{"timeline.submit"};
} // namespace view

/// A message that is to stand in an alert's timeline.
struct TimelineForm {
    std::optional<oncall::Alert> alert{}; // that it is about, as far as can be told
    std::string author{}; // as in Mrkdwn's mention(), or what the app that wrote it is called; empty: nobody knows
    std::string text{};
    std::string metadata{};
    Names names{};
};
View timeline_form(const TimelineForm& form);
/// It was sent before: what came of it, as in words().
View timeline_done(const std::string& words, const Names& names);

} // namespace blocks
