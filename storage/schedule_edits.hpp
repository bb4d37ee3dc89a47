#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>
#include <vector>

/// Edits of schedules: what they made of what, where that is shown, and who has not been told.
namespace storage {

struct ScheduleEdit {
    std::int64_t id{};
    std::string schedule{};
    std::string before{}; // as Item::holds; empty: it was not there
    std::string after{}; // empty: it is not there any more
    std::string by{}; // a Slack id; empty: a file
    std::string via{};
    TimePoint at{};
    std::string words{}; // what it changes, as in blocks::words()
    std::int64_t undoes{}; // the edit it took back
    std::string undone_by{};
    TimePoint undone_at{}; // TimePoint{}: it was not undone
};
/// An override that ended with its schedule's deletion.
struct EndedOverride {
    std::int64_t override_id{};
    std::string said{}; // as StoredOverride's was
};
struct ScheduleEdits {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(ScheduleEdit& edit) const;
    std::optional<ScheduleEdit> find(std::int64_t id) const;
    /// The last one of a schedule.
    std::optional<ScheduleEdit> newest(const std::string& schedule) const;
    /// `id` was taken back by the edit `by_edit`, whose maker and time it is.
    void undone(std::int64_t id, const ScheduleEdit& by_edit) const;
    /// With the deletion `id` that override ended.
    void ended(std::int64_t id, const EndedOverride& one) const;
    std::vector<EndedOverride> ended_by(std::int64_t id) const;
    /// Those of before then go, with their messages and what ended by them.
    void forget_before(TimePoint when) const;
};

struct ScheduleEditMessage {
    std::string key{}; // of the outbox row that posts and edits it
    std::int64_t edit{};
    std::string place{}; // the channel it goes to
    std::string channel{}; // where it stands; empty: not yet
    std::string ts{};
};
struct ScheduleEditMessages {
    Transaction& tx;

    /// False when its key exists: nothing changes.
    bool add(const ScheduleEditMessage& message) const;
    std::optional<ScheduleEditMessage> find(const std::string& key) const;
    std::vector<ScheduleEditMessage> of(std::int64_t edit) const;
    /// It stands there from here on.
    void stands(const std::string& key, const std::string& channel, const std::string& ts) const;
    void forget(const std::string& key) const;
};

/// Somebody's shifts were moved, and they have not been told.
struct UntoldMove {
    std::string person{}; // a Slack id, or as configured
    std::string schedule{};
    std::string before{}; // the schedule as they know it, as Item::holds
    std::int64_t edit{}; // the last one that moved them
};
struct UntoldMoves {
    Transaction& tx;

    std::vector<UntoldMove> of_person(const std::string& person) const;
    /// Those of a schedule.
    std::vector<UntoldMove> of_schedule(const std::string& schedule) const;
    void save(const UntoldMove& move) const;
    void forget(const UntoldMove& move) const;
    /// They were told of all up to that edit.
    void told(const std::string& person, std::int64_t up_to) const;
    /// Whether a message to them is there to be sent, may be under way, or has come and nobody knows.
    bool is_leaving(const std::string& person) const;
};
/// With what the keys of the outbox rows that tell a person begin; the edit follows.
std::string untold_key(const std::string& person);

} // namespace storage
