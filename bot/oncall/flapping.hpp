#pragma once

#include "oncall/arrival.hpp"

/// Alerts that come and go: what comes back as the alert that it was, and what does so too often to page each time.
namespace oncall {

struct Recurrence {
    milliseconds reopen_within{5 * 60'000}; // of its end; zero: what fires again is a new alert
    int flapping_from{4}; // times that it fired within `within`; zero: no alert flaps
    milliseconds within{30 * 60'000};
    milliseconds stays{5 * 60'000}; // one that flaps pages once it has been open for so long
    bool operator==(const Recurrence&) const = default;
};

/// No setting makes of two alerts one that are farther apart.
inline constexpr milliseconds longest_reopen{60 * 60'000};

/// Whether an alert that is over and fires again at `now` is that one still: its source had said that it is over, a moment ago.
/// What a person resolved, and what only was not heard of, is over.
bool comes_back(const Alert& last, TimePoint now, const Recurrence& rule);

/// That an alert fired: as a new one, or again.
struct Firing {
    AlertId alert{};
    TimePoint at{};
    std::string severity{};
    Urgency urgency{Urgency::high};
};

struct Flapping {
    int times{}; // it fired
    milliseconds over{}; // within so long
    bool operator==(const Flapping&) const = default;
};
/// From the firing on that makes it too many within a while, until it has not fired for such a while. `times`: when it fired, up
/// to `now`, in any order.
std::optional<Flapping> flapping(std::vector<TimePoint> times, TimePoint now, const Recurrence& rule);
/// "5 times in 30 minutes"
std::string in_words(const Flapping& found);

/// What holds the alert, as it flaps ("flapping: 5 times in 30 minutes"), until it has stayed open for a while. None, if it is
/// worse than each that fired before. `firings`: of its source and key; its own first one may be missing.
std::optional<Hold> hold_of(const Alert& alert, const std::vector<Firing>& firings, TimePoint now, const Recurrence& rule);

/// "2m", "45s": how long it was over, as exact as anybody wants to know it.
std::string over_for(milliseconds time);

} // namespace oncall
