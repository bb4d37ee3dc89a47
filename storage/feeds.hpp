#pragma once

#include "oncall/calendar_event.hpp"
#include "storage/database.hpp"

/// Calendars that are read, and what they said last.
namespace storage {

struct Feed {
    std::string address{}; // a URL, which may be a secret; or "file:" and a path
    std::string body{}; // the last good copy; empty: never read
    std::string etag{};
    std::string modified{}; // Last-Modified, as it came
    std::vector<oncall::CalendarEvent> events{}; // of the copy, around `spread_at`
    std::string notes{}; // what was left out of them, and why
    TimePoint spread_at{};
    TimePoint read_at{}; // when it last came, or was said to be unchanged; TimePoint{}: never
    TimePoint due{}; // when it is read next
    int failures{}; // since it last came
    std::string trouble{}; // why it did not come; empty: it did
    bool told{}; // that was said
};
struct Feeds {
    Transaction& tx;

    std::optional<Feed> find(const std::string& address) const;
    /// When each is read next, by address.
    std::map<std::string, TimePoint> due() const;
    /// Adds it, or replaces the one of that address.
    void save(const Feed& feed) const;
    /// Counts a failure for now, and rests until `due`; adds it when it is not there.
    void put_off(const std::string& address, TimePoint due, const std::string& trouble) const;
    void remove(const std::string& address) const;
    /// Of those that came, by address.
    std::map<std::string, std::vector<oncall::CalendarEvent>> events() const;
};

} // namespace storage
