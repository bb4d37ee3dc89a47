#pragma once

#include "oncall/calendar_event.hpp"
#include "storage/database.hpp"

#include <set>

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
/// What the column `events` holds.
std::vector<oncall::CalendarEvent> calendar_events_in(const std::string& text);

struct Feeds {
    Transaction& tx;

    std::optional<Feed> find(const std::string& address) const;
    /// The same without what is large: body and events.
    std::optional<Feed> state(const std::string& address) const;
    /// When each is read next, by address.
    std::map<std::string, TimePoint> due() const;
    /// Adds it, or replaces the one of that address.
    void save(const Feed& feed) const;
    /// Counts a failure for now, and rests until `due`; adds it when it is not there.
    void put_off(const std::string& address, TimePoint due, const std::string& trouble) const;
    void remove(const std::string& address) const;
    /// Of the events that name nobody known, each by its digest, those of `due` that were not told yet. They are from here on,
    /// and what is not `there` any more is forgotten.
    std::set<std::string> untold(const std::set<std::string>& there, const std::set<std::string>& due, TimePoint now) const;
    /// Of those of them that came, by address. What people read for themselves alone may be much.
    std::map<std::string, std::vector<oncall::CalendarEvent>> events(const std::set<std::string>& addresses) const;
};

} // namespace storage
