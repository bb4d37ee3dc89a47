#pragma once

#include "oncall/time.hpp"

/// 2026-11-03 12:00 UTC, a Tuesday; 13:00 in Berlin.
inline constexpr oncall::TimePoint noon{oncall::milliseconds{1'793'707'200'000}};
