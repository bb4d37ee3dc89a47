#pragma once

#include "storage/database.hpp"

/// When people are away.
namespace storage {

struct Absence {
    std::int64_t id{}; // 0: of the person's calendar
    std::string person{}; // a Slack user id
    TimePoint from{};
    TimePoint to{};
    std::string why{};
    std::string made_by{};
    TimePoint made_at{};
};
struct Absences {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(Absence& absence) const;
    std::optional<Absence> find(std::int64_t id) const;
    /// False when it is there no more.
    bool remove(std::int64_t id) const;
    /// Those of everybody that are not over at `now`, by person and beginning.
    std::vector<Absence> coming(TimePoint now) const;
    std::vector<Absence> coming(const std::string& person, TimePoint now) const;

    /// The person's own calendar of absences; empty: none.
    std::string calendar_of(const std::string& person) const;
    void set_calendar(const std::string& person, const std::string& address, TimePoint now) const;
    /// By person.
    std::map<std::string, std::string> calendars() const;

    /// False when she was told before that she is away then, or in a part of it, while on call by that schedule.
    bool first_clash(const std::string& person, const std::string& schedule, TimePoint from, TimePoint to) const;
    void forget_clashes_before(TimePoint end) const;
    /// Absences that were over then.
    void forget_before(TimePoint end) const;
};

} // namespace storage
