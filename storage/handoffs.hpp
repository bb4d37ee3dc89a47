#pragma once

#include "oncall/handoff.hpp"
#include "storage/repositories.hpp"

/// Handoffs of schedules: what was told, accepted and noted, and what people want to be reminded of.
namespace storage {

/// A schedule whose handoffs are told.
struct WatchedSchedule {
    std::int64_t id{};
    std::string name{};
    TimePoint next{}; // nothing of it is to do before
    TimePoint seen{}; // when that was last looked for
};
struct WatchedSchedules {
    Transaction& tx;

    std::vector<WatchedSchedule> all() const;
    std::optional<WatchedSchedule> find(std::int64_t id) const;
    /// Adds it, or writes its `next` and `seen`; sets its id.
    void save(WatchedSchedule& one) const;
    void remove(std::int64_t id) const;
};

/// Somebody in a handoff that was told.
struct HandoffPart {
    std::string person{}; // a Slack id, or as configured
    enum Kind { outgoing, incoming, stays } kind{};
    TimePoint accepted_at{}; // of whoever comes; TimePoint{}: not
    TimePoint reminded_at{}; // to accept
    TimePoint passed_on_at{}; // others were told that it is not accepted
    std::string passed_on_to{}; // people with commas, or a channel
    bool is_nobody{}; // Slack has said that it knows none of that name
};
struct ToldHandoff {
    std::int64_t id{};
    std::string schedule{};
    TimePoint at{};
    TimePoint until{}; // TimePoint{}: not in sight
    TimePoint told_at{};
    std::vector<HandoffPart> parts{};
    const HandoffPart* part(const std::string& person, HandoffPart::Kind kind) const;
};
/// Where handoffs of an instant are shown.
struct HandoffMessage {
    std::int64_t id{};
    std::string channel{}; // of a team, as configured
    TimePoint at{};
    std::string place{}; // where it goes: `channel`, or another when Slack refused that
    std::string trouble{}; // why; empty: it did not
    std::string posted_in{}; // Slack's id; empty: it does not stand yet
    std::string ts{};
};
/// The key of the outbox row that posts it and brings it up to date.
std::string handoff_key(std::int64_t message);

struct Handoffs {
    Transaction& tx;

    /// Stores it with its people; sets its id. False when it was told before: nothing changes.
    bool add(ToldHandoff& one) const;
    std::optional<ToldHandoff> find(std::int64_t id) const;
    std::optional<ToldHandoff> find(const std::string& schedule, TimePoint at) const;
    /// The newest of a schedule.
    std::optional<ToldHandoff> last(const std::string& schedule) const;
    /// Those since then, of all schedules, newest first.
    std::vector<ToldHandoff> since(TimePoint when) const;
    void accepted(std::int64_t id, const std::string& person, TimePoint at) const;
    void reminded(std::int64_t id, const std::string& person, TimePoint at) const;
    void passed_on(std::int64_t id, const std::string& person, TimePoint at, const std::string& to) const;
    /// Slack has said who that is: `user`; empty: nobody.
    void recognized(std::int64_t id, const std::string& person, const std::string& user) const;
    /// Those of before then go, with their people, messages and notes.
    void forget_before(TimePoint when) const;

    /// The message of that instant in that channel, made if need be, shows it too.
    HandoffMessage show(const ToldHandoff& one, const std::string& channel) const;
    std::optional<HandoffMessage> message(std::int64_t id) const;
    /// Those that show it.
    std::vector<HandoffMessage> showing(std::int64_t handoff) const;
    /// What it shows, by schedule.
    std::vector<ToldHandoff> shown_in(std::int64_t message) const;
    void posted(std::int64_t message, const std::string& channel, const std::string& ts) const;
    void moved(std::int64_t message, const std::string& place, const std::string& trouble) const;
};

struct HandoffNote {
    std::string schedule{};
    std::string person{}; // a Slack id
    std::int64_t handoff{}; // 0: she is still on call
    std::string text{};
    TimePoint written_at{};
};
struct HandoffNotes {
    Transaction& tx;

    std::vector<HandoffNote> of(std::int64_t handoff) const;
    /// Those of a schedule that wait for a handoff.
    std::vector<HandoffNote> waiting(const std::string& schedule) const;
    std::optional<HandoffNote> find(const std::string& schedule, const std::string& person, std::int64_t handoff) const;
    /// Replaces the one there is; without text it goes.
    void save(const HandoffNote& note) const;
    /// One that waited is of that handoff from now on.
    void hand_over(HandoffNote note, std::int64_t handoff) const;
};

struct ReminderChoices {
    Transaction& tx;
    oncall::ChosenReminders all() const;
    void save(const std::string& person, const oncall::Reminders& chosen) const;
};
struct SentReminders {
    Transaction& tx;
    /// True the first time. `before`: nullopt of a request for a note.
    bool first(const std::string& person, const std::string& schedule, TimePoint at, std::optional<oncall::milliseconds> before,
        TimePoint now) const;
    void forget_before(TimePoint when) const;
};

} // namespace storage
