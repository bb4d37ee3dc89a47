#pragma once

#include "oncall/configuration.hpp"

/// What several tests of the rules write short.
namespace given {

using People = std::vector<std::string>;

/// "2026-10-25T02:30" in UTC.
inline oncall::TimePoint utc(std::string_view text) { return oncall::to_instant(*oncall::local_time_in(text), "UTC"); }

inline oncall::TimePoint at(const std::string& local, const std::string& zone = "Europe/Berlin")
{
    return oncall::to_instant(*oncall::local_time_in(local), zone);
}

/// "team:payments".
inline oncall::Target target(const std::string& text) { return *oncall::target_in(text); }

} // namespace given
