#pragma once

#include "storage/repositories.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace storage {

/// Somebody's Home, as it was published last.
struct HomeView {
    std::string person{}; // a Slack user id
    TimePoint opened_at{};
    std::string shows{}; // a digest; empty: not known
    std::string trouble{}; // Slack's code why it takes none; empty: it does
};
struct HomeViews {
    Transaction& tx;

    /// She opened it, and saw what `shows` stands for. Whatever Slack refused is tried again.
    void opened(const std::string& person, const std::string& shows, TimePoint now) const;
    /// She pressed something in it. What it shows is known as it was before, else by `shows`.
    void pressed(const std::string& person, const std::string& shows, TimePoint now) const;
    /// Those that were opened after `since` and can be published, the last opened first.
    std::vector<HomeView> lately(TimePoint since, int most) const;
    /// From here on nobody knows what it shows, until `shows` says so.
    void begin(const std::string& person) const;
    /// It was published: Home is switched on, too.
    void shows(const std::string& person, const std::string& digest) const;
    /// Slack takes none of hers.
    void refuse(const std::string& person, const std::string& trouble) const;
    /// Home is switched off for the whole app.
    void switched_off() const;
    bool any_before(TimePoint when) const;
    void forget_before(TimePoint when) const;
};

/// Why nothing could be shown, once Home is switched off for the app.
inline constexpr const char* home_switched_off{"not_enabled"};

/// What says whose an open alert is.
struct OpenAlert {
    oncall::AlertId id{};
    std::string team{};
    std::string answered_by{};
};
/// All that are not resolved: what pages at high urgency first, then what waits for an answer, each newest first.
std::vector<OpenAlert> open_alerts(Transaction& tx);
/// Who was told of those in that time, as in Alerts::told. People as they were told: Slack ids, or as configured.
std::map<oncall::AlertId, std::set<std::string>> told_of_open(Transaction& tx, TimePoint from, TimePoint to);

/// An answer that somebody gave, and that holds.
struct GivenAnswer {
    oncall::AlertId alert{};
    std::string by{};
    TimePoint at{};
    bool untouched{}; // nothing has happened to the alert since
};
/// Those given since then, the newest first.
std::vector<GivenAnswer> answers_given(Transaction& tx, TimePoint since);

/// What waits to be said, of all rows of the outbox whose keys begin so.
std::vector<std::string> bodies_waiting(Transaction& tx, const std::string& key_begins);

} // namespace storage
