#pragma once

#include "storage/database.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace storage {

/// Somebody waits for what a source sends first.
struct FirstEvent {
    std::int64_t id{};
    std::string source{};
    std::string person{}; // a Slack user id
    TimePoint since{};
    TimePoint until{};
    bool told{}; // of something that came and was no alert
};
struct FirstEvents {
    Transaction& tx;

    /// Sets its id. False, and nothing is changed, when that person waits for that source already.
    bool add(FirstEvent& wait) const;
    std::optional<FirstEvent> find(std::int64_t id) const;
    std::optional<FirstEvent> find(const std::string& source, const std::string& person) const;
    std::vector<FirstEvent> of(const std::string& source) const;
    void told(std::int64_t id) const;
    void forget(std::int64_t id) const;

    /// The source has sent something.
    void heard(const std::string& source, TimePoint now) const;
    /// When each source that ever sent something did so last.
    std::map<std::string, TimePoint> heard() const;
};

} // namespace storage
