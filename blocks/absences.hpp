#pragma once

#include "blocks/blocks.hpp"

namespace blocks {

namespace action {
inline constexpr std::string_view away_remove{"away.remove"}; // value: its id
inline constexpr std::string_view cover_ask{"cover.ask"}; // value: "<schedule>|<from ms>|<to ms>"
} // namespace action
namespace view {
inline constexpr std::string_view away_form{"away.submit"};
inline constexpr std::string_view away_from{"away.from"}; // block and action ids of its inputs
inline constexpr std::string_view away_to{"away.to"};
inline constexpr std::string_view away_why{"away.why"};
inline constexpr std::string_view away_calendar{"away.calendar"};
} // namespace view

/// To whoever is away in a shift; `words` as in words().
Message clash(const std::string& words, const std::string& value, const Names& names);

struct AbsenceLine {
    std::int64_t id{}; // 0: of her calendar, and not to be removed here
    oncall::TimePoint from{};
    oncall::TimePoint to{};
    std::string why{};
};
/// A person's own; `calendar`: the host of her calendar, with how it is read; empty: none. `note` stands above them.
Message absences(const std::vector<AbsenceLine>& lines, const std::string& calendar, const std::string& note);

View away_form();

} // namespace blocks
