#pragma once

#include "blocks/blocks.hpp"

namespace blocks {

namespace action {
inline constexpr std::string_view schedule_edit_undo{"schedule_edit.undo"}; // value: the edit
} // namespace action

/// An edit of a schedule as its teams' channels show it. Words are as in words(), in paragraphs.
struct ScheduleEditView {
    std::int64_t id{};
    std::string schedule{};
    std::string by{}; // a Slack id; empty: a file
    std::string via{}; // of a file: which, and by whom
    bool made{}; // it was not there before
    bool deleted{};
    bool is_undo{}; // it takes back another
    std::string words{};
    std::string undone_by{};
    oncall::TimePoint undone_at{}; // TimePoint{}: it was not undone
    Names names{};
};
Message schedule_edit(const ScheduleEditView& shown);

/// What edits move of a person's shifts, to them. Words are as in words(), a paragraph for each schedule.
Message moved_shifts(const std::string& words, const Names& names);

} // namespace blocks
