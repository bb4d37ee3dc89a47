#pragma once

#include "oncall/alert.hpp"

namespace oncall {

/// Something was changed on purpose: a deploy, a flag. It never pages; the cards of its service's alerts show it.
struct ChangeEvent {
    std::int64_t id{};
    std::string source{};
    std::string dedup_key{}; // told twice it is one; empty: it has none
    std::string title{};
    std::string service{}; // as named by the payload; may be empty or unknown
    TimePoint at{}; // when it happened, by the source; TimePoint{} while it is read: when it came
    std::map<std::string, std::string> labels{};
    std::vector<Link> links{};
};

/// How long before an alert a change may have been its cause.
inline constexpr milliseconds change_looks_back{60 * 60'000};
/// As many are shown beside an alert.
inline constexpr int changes_beside_alert = 2;

} // namespace oncall
