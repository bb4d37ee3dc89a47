#pragma once

#include "oncall/alert.hpp"

namespace oncall {

using BundleId = Id<struct BundleTag>;

/// When a person's pages of one urgency are joined into one message: from the one after `at_once` within `within` on, for up to
/// `hold`. A hold of nothing: never.
struct Bundling {
    int at_once{3};
    milliseconds within{60'000};
    milliseconds hold{30'000};
    bool operator==(const Bundling&) const = default;
};

/// No setting holds a page for longer.
inline constexpr milliseconds longest_hold{30'000};

/// nullopt: a page that reaches the person at `now` is sent at once. Else it waits for the bundle that closes then, `open` if
/// that can still be joined. `recent`: when her pages of that urgency came before this one, in any order; of those longer ago
/// none is needed. `open`: when the bundle closes that is open for her.
std::optional<TimePoint> held_until(
    const std::vector<TimePoint>& recent, std::optional<TimePoint> open, TimePoint now, const Bundling& bundling);

/// What a notification's message is known by: its key, or what all have in common that one message tells of, "bundle.7.sms:3.1".
/// `bundle`: its run's; zero: none.
std::string message_of(const Notification& notification, BundleId bundle);

/// In the order in which several are told: the most severe first, and of these the oldest. Their states do not matter, so the
/// order stays while they are answered.
void order_by_importance(std::vector<Alert>& alerts);
/// From 0, the most severe.
int severity_rank(const Alert& alert);
bool is_more_important(const Alert& one, const Alert& other);

} // namespace oncall
