#pragma once

#include "oncall/alert.hpp"

namespace oncall {

/// How bad a severity is, from 0 (debug) to 4 (critical); nullopt: a word that says nothing about that.
std::optional<int> severity_rank(std::string_view severity);

/// What an open alert becomes when its source reports it again: the severity and urgency never fall while it is open, so that one
/// that goes up and down is not a rise each time.
struct Reported {
    std::string severity{};
    Urgency urgency{};
    bool rose{}; // its urgency to high, or its severity while that is high
};
Reported reported_again(const Alert& alert, const std::string& severity, Urgency urgency);

/// Why a report of an open alert pages again, as a sentence without an end; empty: it does not. A snooze holds against one that
/// only fires anew, and so does an acknowledgement for the first minute: that report was under way, or was sent twice.
std::string pages_again(const Alert& alert, const Policy& policy, const Reported& now_is, TimePoint now);

/// The same of an alert that has never paged anybody, and whose report now would if it were a new one. Nobody has answered it and
/// nobody is told of it: it always does.
std::string pages_after_all(const Alert& alert, const Policy& policy, const Reported& now_is, TimePoint now);

inline constexpr milliseconds refire_grace{60'000};

} // namespace oncall
