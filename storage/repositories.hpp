#pragma once

#include "oncall/bundling.hpp"
#include "oncall/contact.hpp"
#include "storage/database.hpp"

#include <functional>
#include <set>

/// One repository per noun; each method is one statement or two. All of it runs inside a transaction, on the database's thread.
/// A save is conditional on the version that was read and throws Conflict when somebody was faster.
namespace storage {

struct Conflict : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// --- alerts ---------------------------------------------------------------------------------------------------------------
struct Alerts {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(oncall::Alert& alert) const;
    std::optional<oncall::Alert> find(oncall::AlertId id) const;
    /// The open alert of a source with that key.
    std::optional<oncall::Alert> open(const std::string& source, const std::string& dedup_key) const;
    /// Writes everything that may change; `alert.version` becomes one more.
    void save(oncall::Alert& alert) const;
    /// The source reported it again: what it says now, and one more. Not a change that a button would be stale by.
    void refired(oncall::Alert& alert) const;
    /// Not resolved, newest first; of a group the one that stands for it.
    std::vector<oncall::Alert> all_open(int most) const;
    /// Resolved since then, newest first.
    std::vector<oncall::Alert> resolved_since(TimePoint when, int most) const;
    /// The newest that a source sent since then, newest first: no more than so many, nor than fits into some memory. `all`: there
    /// were no more.
    struct Recent {
        std::vector<oncall::Alert> alerts{};
        bool all{true};
    };
    Recent since(TimePoint when, int most) const;
    /// The same, counted.
    std::int64_t count_open() const;
    /// Not resolved, and the person was told of it in that time, whatever came of that; newest first. `person`: a Slack user id.
    std::vector<oncall::Alert> told(const std::string& person, TimePoint from, TimePoint to) const;
    /// When somebody was last told of an open one by that kind of contact method; nullopt: not since `from`.
    std::optional<TimePoint> last_told_by(oncall::ContactKind kind, TimePoint from) const;
};

/// What an answer changed, for as long as its giver may take it back.
struct Undo {
    std::int64_t version{}; // of the alert after the answer
    std::string actor{};
    TimePoint at{};
    oncall::AlertState state{}; // these were before
    std::string answered_by{};
    TimePoint answered_at{};
    std::string answered_via{};
    TimePoint snoozed_until{};
    std::string page_state{}; // empty: no page
};
struct Undos {
    Transaction& tx;

    std::optional<Undo> find(oncall::AlertId alert) const;
    void save(oncall::AlertId alert, const Undo& undo) const;
    void forget(oncall::AlertId alert) const;
};

/// --- pages ----------------------------------------------------------------------------------------------------------------
struct Pages {
    Transaction& tx;

    void add(oncall::Page& page) const;
    std::optional<oncall::Page> find(oncall::PageId id) const;
    /// The newest page of an alert, those of responders aside.
    std::optional<oncall::Page> latest(oncall::AlertId alert) const;
    /// Its responders' pages, oldest first.
    std::vector<oncall::Page> of_responders(oncall::AlertId alert) const;
    void save(oncall::Page& page) const;
};

/// --- notifications --------------------------------------------------------------------------------------------------------
struct Notifications {
    Transaction& tx;

    /// False when its key exists: it was planned before, nothing changes.
    bool add(oncall::Notification& notification) const;
    std::optional<oncall::Notification> find(oncall::NotificationId id) const;
    std::vector<oncall::Notification> of_page(oncall::PageId page) const;
    /// Of all its pages, oldest first.
    std::vector<oncall::Notification> of_alert(oncall::AlertId alert) const;
    /// The bundle of its run; zero: none.
    oncall::BundleId bundle_of(const oncall::Notification& notification) const;
    /// All that its message tells of, by id, whatever came of them; it alone when it is in no bundle.
    std::vector<oncall::Notification> of_message(const oncall::Notification& notification) const;
    std::optional<oncall::Notification> find(const std::string& key) const;
    /// The one whose last attempt a provider knows by this.
    std::optional<oncall::Notification> by_reference(const std::string& reference) const;
    /// Taken by whoever delivers it; `reference`: what that calls it, if it reports later.
    void sent(oncall::NotificationId id, TimePoint at, const std::string& provider = {}, const std::string& reference = {}) const;
    /// It has arrived, whatever was believed before. One that was declined stays so.
    void confirmed(oncall::NotificationId id, TimePoint at) const;
    /// For good. One that has arrived, or is over otherwise, stays what it is: false.
    bool failed(oncall::NotificationId id, const std::string& error) const;
    /// An attempt failed, and another follows: it is planned again. Its outbox row is the caller's.
    void again(oncall::NotificationId id, const std::string& error) const;
    /// It will not be sent.
    void cancel(oncall::NotificationId id) const;
    /// A newer one of the same page reaches the same person by the same method.
    bool is_overtaken(const oncall::Notification& notification) const;
    /// Planned ones that have not begun to be sent are withdrawn, with their outbox rows.
    void withdraw(oncall::PageId page) const;
    /// The person said no to this page: what she was sent or was to be sent of it counts no more.
    void decline(oncall::PageId page, const std::string& person) const;
    /// The same for somebody whom it has not reached.
    void add_declined(const oncall::Page& page, const std::string& person) const;
    /// Who said no to this page.
    std::set<std::string> declined(oncall::PageId page) const;
    /// Withdrawn ones that `which` names are planned again. They have no outbox rows.
    std::vector<oncall::Notification> replan(
        oncall::PageId page, const std::function<bool(const oncall::Notification&)>& which) const;
};

/// --- timers ---------------------------------------------------------------------------------------------------------------
/// page: a page; run: a run; snooze, promise, lapse: an alert (a promise is due; its reminder was not answered).
/// readiness: nothing (0), the weekly report.
/// handoff: a schedule whose handoffs are told; accept: a handoff that has not been accepted.
/// cover: a request for cover (a reminder, the last call, its end) or for a swap (its end).
/// coverage: a schedule whose gaps and the like are told ahead.
/// quiet: an alert that resolves unless it is reported again, see auto_resolves.hpp.
/// first_event: somebody has waited long enough for a source.
/// heartbeat: one that is to be heard of until then.
/// arrival: an alert that is held back from paging, see arrivals.hpp.
/// silence: a silence, or a maintenance window, that begins or ends.
/// digest: nothing (0), the daily list of what is silent.
enum class TimerKind {
    page,
    run,
    snooze,
    promise,
    lapse,
    readiness,
    handoff,
    accept,
    cover,
    coverage,
    quiet,
    first_event,
    heartbeat,
    arrival,
    silence,
    digest
};
struct Timer {
    TimerKind kind{};
    std::int64_t subject{};
    TimePoint due{};
};
struct Timers {
    Transaction& tx;

    void set(TimerKind kind, std::int64_t subject, TimePoint due) const;
    void clear(TimerKind kind, std::int64_t subject) const;
    /// When it is due; nullopt when there is none.
    std::optional<TimePoint> find(TimerKind kind, std::int64_t subject) const;
    /// Again at `when`, if it has not been moved since it was read.
    void delay(const Timer& timer, TimePoint when) const;
    std::vector<Timer> due(TimePoint now, int most) const;
    std::optional<TimePoint> next() const;
};

/// --- outbox ---------------------------------------------------------------------------------------------------------------
/// What is to be said, least number first.
enum class Priority { page = 0, answer = 1, low_page = 2, card = 3, furniture = 4 };

/// kind          subject          what
/// dm            notification     a page to a person
/// email         notification     the same by e-mail
/// contact       notification     the same by another contact method; lane "contact:sms:U…"
///               (one in a bundle stands for all that its message tells of; they share the row)
/// bundle_rest   message          those that a bundle's message has no room for, in its thread; `body` is the first's place
/// look          notification     what became of it is asked of the provider that took it; lane "look:sms:…"
/// words         contact method   words for its owner by it, a code or a try; `body` is the words; lane as for "contact"
/// look_words    contact method   as "look", of words; `body` is "provider\nwhat it calls them\nkey of the test they were"
/// hush          notification     somebody has answered: what its provider took sounds no more; `body` is what that calls it
/// reminder      alert            a promise is due; `body` is the person
/// dm_update     message          a DM follows its alert
/// card          alert            the card in the team's channel, posted once and then edited
/// thread        alert            new lines of the card's thread
/// channel_bundle bundle          the card that alerts of a storm share, posted once and then edited
/// channel_line  alert            what became of it, as a line in its channel; `body` is "channel\nstate"
/// channel_page  notification     the page to a channel
/// skipped       notification     nobody stands behind a target: to the fallback channel
/// exhausted     alert            nobody answered: to the fallback and the team's channel, `body` names the channel
/// dead_end      alert            nobody to page: to the fallback channel; `body` is "channel\nsentence"
/// replace       alert            the clicked message, by response_url; `body` is "response_url\nmessage id"
/// respond       –                words for a person by response_url; `body` is "response_url\nwords"
/// respond_over  –                the same instead of the ephemeral message that was clicked
/// done          alert            the same with a button that takes it back; `body` is "response_url\nvalue\nwords"
/// override_dm   override         what an override changes for a person, to them; `body` is "person\nwords"
/// override_line override         the same for everybody, in a channel; `body` is "channel\nwords"
/// overrides     override         the list that was clicked, by response_url; `body` is "response_url\nundo value\nwords"
/// cover         request          a message of a request for cover or a swap, posted once and then edited; `body` is
///               (its id)         "audience\nwhere it goes"
/// schedule_edit edit             what an edit of a schedule changes, for everybody, posted once and then edited; `body` is the
///                                channel
/// schedule_edit_dm –             what edits move of a person's shifts, to them; `body` is "person\nlast edit\nwords"
/// subscriber    –                how a service stands, to a subscriber, posted once and then edited; `body` is "person\nservice"
/// coverage      message          findings of a schedule's coverage, posted once and then edited
/// person_words  –                other words of ours for a person; `body` is "person\nwords"
/// channel_words –                the same for everybody in a channel; `body` is "channel\nwords"
/// picture       –                a schedule's picture with words and buttons; `body` is delivery's (schedule_picture), as JSON
/// picture_answer –               the same by response_url
/// preview       –                a picture for a form that stands; `body` is delivery's, as JSON
/// report_file   –                a report as a file; `body` is "person\nwhat it is of"
/// text_file     –                a text as a file for a person; `body` is delivery's, as JSON
/// alarm         –                words of the auditor's or of delivery's for the operators; `body` is "channel\nwords"
/// alarm_email   –                the same by e-mail; `body` is "address\nwords"
struct OutboxRow {
    std::int64_t id{};
    std::string key{};
    std::string kind{};
    Priority priority{};
    std::string lane{}; // what shares a rate limit and an order: a person or a channel
    std::int64_t subject{};
    std::string body{};
    std::int64_t revision{};
    int attempts{};
    TimePoint created_at{};
    TimePoint next_attempt{};
    bool ambiguous{}; // an earlier attempt may have been posted: read back first
};
struct Outbox {
    Transaction& tx;

    /// Asks for a row. One with that key already there is asked for once more: it is said (again) after what is under way.
    void add(const std::string& key, const std::string& kind, Priority priority, const std::string& lane, std::int64_t subject,
        const std::string& body, TimePoint now) const;
    /// Asks for the row that says a notification, by its method: "notify:" and what its message is known by.
    void add(const oncall::Notification& notification, oncall::Urgency urgency, TimePoint now) const;
    /// A message that stands is brought up to date.
    void follow(const struct ShownMessage& message, TimePoint now) const;
    /// If that row is there, it is said (again) after what is under way.
    void again(const std::string& key) const;
    /// If that row is there, it is not said before `when`.
    void wait(const std::string& key, TimePoint when) const;
    /// Ready rows whose time has come, by priority and age, of lanes not in `busy`, one a lane. Not leased yet.
    std::vector<OutboxRow> ready(TimePoint now, const std::set<std::string>& busy, int most) const;
    /// From here on bytes may leave.
    void lease(std::int64_t id) const;
    /// Said: the row goes, unless it was asked for again meanwhile.
    void done(const OutboxRow& row) const;
    /// Not said: again at `when`.
    void later(const OutboxRow& row, TimePoint when, bool ambiguous, const std::string& error) const;
    /// Never to be said.
    void drop(std::int64_t id) const;
    /// Those whose key begins so, and of which nothing can have left.
    void withdraw(const std::string& key_begins) const;
    /// What a crash left under way becomes ready and ambiguous. How many there were.
    int recover() const;
    /// When the earliest row becomes due that is not due at `after`.
    std::optional<TimePoint> next(TimePoint after) const;
    std::int64_t count() const;
};

/// --- messages -------------------------------------------------------------------------------------------------------------
/// Where an alert is shown: kind "card" (place: the channel as configured), "dm" (place: the notification's id) or "bundle" (the
/// same; each alert that the message tells of has a row, with the same channel and ts).
struct ShownMessage {
    std::int64_t id{};
    oncall::AlertId alert{};
    std::string kind{};
    std::string place{};
    std::string channel{};
    std::string ts{};
    std::int64_t told_up_to{}; // the last timeline entry in its thread
};
/// The key of the outbox row that brings it up to date.
std::string update_key(const ShownMessage& message);
struct Messages {
    Transaction& tx;

    void add(const ShownMessage& message) const;
    std::vector<ShownMessage> of_alert(oncall::AlertId alert) const;
    std::optional<ShownMessage> find(std::int64_t id) const;
    std::optional<ShownMessage> at(const std::string& channel, const std::string& ts) const;
    /// All that a message shows.
    std::vector<ShownMessage> all_at(const std::string& channel, const std::string& ts) const;
    void told(std::int64_t id, std::int64_t up_to) const;
    void forget(std::int64_t id) const;
};

/// --- timeline and audit ---------------------------------------------------------------------------------------------------
struct Timeline {
    Transaction& tx;
    void add(
        oncall::AlertId alert, TimePoint at, const std::string& actor, const std::string& via, const std::string& text) const;
    std::vector<oncall::TimelineEntry> of_alert(oncall::AlertId alert, std::int64_t after = 0) const;
};
struct Audit {
    Transaction& tx;
    void add(TimePoint at, const std::string& actor, const std::string& via, const std::string& verb, const std::string& subject,
        const std::string& before, const std::string& after) const;
};

/// --- inbox ----------------------------------------------------------------------------------------------------------------
struct Inbox {
    Transaction& tx;
    /// True the first time; false when this delivery was seen before.
    bool first(const std::string& key, TimePoint now) const;
    bool seen(const std::string& key) const;
    void forget_before(TimePoint when) const;
};

/// --- people ---------------------------------------------------------------------------------------------------------------
struct Person {
    std::string reference{}; // as configured, or the Slack id itself
    std::string user_id{}; // empty: unknown to Slack
    std::string name{};
    std::string time_zone{};
    TimePoint asked_at{};
    std::string email{}; // empty: unknown
    std::string kind{}; // "member", "guest", "bot", "gone" (deactivated), "stranger"; empty: unknown
};
struct People {
    Transaction& tx;
    void save(const Person& person) const;
    /// What a Slack user is from here on, however the configuration names that person.
    void became(const std::string& user_id, const std::string& kind) const;
    std::vector<Person> all() const;
    /// What everybody is called, by reference and by Slack id.
    std::map<std::string, std::string> names() const;
    /// By reference, else by Slack id.
    std::optional<Person> find(const std::string& reference) const;
    /// Whom Slack knows by that address.
    std::optional<Person> by_email(const std::string& address) const;
};

/// --- configuration ----------------------------------------------------------------------------------------------------------
/// A team, service, schedule, policy, source or rule, as JSON text; a schedule without its overrides, a source without its keys.
/// One of kind "order" and named "rules" keeps in `said` the order that the file gave the rules, as a list of names.
struct Item {
    std::string kind{}; // "team", "service", "schedule", "policy", "source", "rule"; "order"
    std::string name{};
    std::int64_t position{}; // of rules: their order
    std::string holds{}; // empty: deleted in Slack
    std::string said{}; // by the file, when it was last applied; empty: the file never named it
    std::string changed_by{}; // a Slack user id, or "the file"
    TimePoint changed_at{};
};
struct Items {
    Transaction& tx;

    /// By kind, position and name.
    std::vector<Item> all() const;
    std::optional<Item> find(const std::string& kind, const std::string& name) const;
    /// Adds it, or replaces the one of that kind and name; counts as a change.
    void save(const Item& item) const;
    void remove(const std::string& kind, const std::string& name) const;
    /// Grows with each change of an item or an override.
    std::int64_t revision() const;
};

/// --- overrides ------------------------------------------------------------------------------------------------------------
struct StoredOverride {
    oncall::Override what{}; // with its id
    std::string schedule{};
    std::string origin{"slack"}; // or "file"
    std::string said{}; // of one from the file: as the file says it, to know it again after it was edited
    std::string made_by{};
    TimePoint made_at{}; // of two that overlap the later made holds; of two made then, the one stored later
    std::string reason{};
    std::int64_t version{1};
    std::string cancelled_by{};
    TimePoint cancelled_at{}; // TimePoint{}: it holds
};
struct Overrides {
    Transaction& tx;

    /// Stores a new one as the latest made; sets its id. Counts as a change of the configuration, as `save` does.
    void add(StoredOverride& one) const;
    std::optional<StoredOverride> find(std::int64_t id) const;
    /// Writes everything that may change, if the version is still the one that was read, else throws Conflict; it becomes one
    /// more.
    void save(StoredOverride& one) const;
    /// Those that hold, of all schedules, in the order they were made.
    std::vector<StoredOverride> all() const;
    /// The same with those that were taken back: what the file has said before.
    std::vector<StoredOverride> ever(const std::string& schedule) const;
    /// Those that hold, and those that were taken back while the file says them; of all schedules.
    std::vector<StoredOverride> held_or_said() const;
};

/// What an override was before it was last changed, for as long as whoever changed it may undo that.
struct OverrideUndo {
    std::int64_t id{}; // of the override
    std::int64_t version{}; // of it after the change
    std::string actor{};
    TimePoint at{};
    TimePoint from{}; // these were before
    TimePoint to{};
    oncall::Override::Kind kind{};
    std::vector<std::string> people{};
    std::string instead_of{};
    std::string reason{};
    std::string cancelled_by{};
    TimePoint cancelled_at{}; // of one that was made by the change: then
};
struct OverrideUndos {
    Transaction& tx;

    std::optional<OverrideUndo> find(std::int64_t id) const;
    void save(const OverrideUndo& undo) const;
    void forget(std::int64_t id) const;
};

/// --- followers ------------------------------------------------------------------------------------------------------------
/// A user group (kind "group") or a channel's topic ("topic") that follows who is on call; `name` is as configured.
struct Follower {
    std::string kind{};
    std::string name{};
    std::string slack_id{}; // empty: not looked up yet
    std::string holds{}; // what was last set: Slack ids with commas, or our part of the topic; empty: not known
    TimePoint set_at{};
    std::string trouble{}; // why it does not follow, as it was said; empty: it does
    TimePoint said_at{};
    bool operator==(const Follower&) const = default;
};
struct Followers {
    Transaction& tx;
    std::vector<Follower> all() const;
    /// Adds it, or replaces the one of that kind and name.
    void save(const Follower& one) const;
    void remove(const std::string& kind, const std::string& name) const;
};

/// --- sources --------------------------------------------------------------------------------------------------------------
struct SourceKey {
    std::string source{};
    TimePoint made{}; // TimePoint{}: unknown
    TimePoint until{}; // TimePoint{}: it stays
    bool holds(TimePoint now) const { return until == TimePoint{} || now < until; }
};
struct SourceKeys {
    Transaction& tx;
    /// By SHA-256 of the key; also those whose time is over.
    std::map<std::string, SourceKey> all() const;
    /// It has a key, or had one that was revoked.
    bool has(const std::string& source) const;
    /// Replaces the source's keys by this one.
    void save(const std::string& source, const std::string& key_hash, TimePoint now) const;
    /// The source has this key as well; those it had hold until `until` and no longer.
    void rotate(const std::string& source, const std::string& key_hash, TimePoint now, TimePoint until) const;
    /// None of the source's keys holds from now on. False when none did.
    bool revoke(const std::string& source, TimePoint now) const;
    /// Those that were replaced and still hold, hold no longer. False when there are none.
    bool end_overlap(const std::string& source, TimePoint now) const;
    void keep_only(const std::vector<std::string>& sources) const;
    /// Those whose time is over.
    void forget_before(TimePoint now) const;
};

/// --- what the service knows of itself ---------------------------------------------------------------------------------------
struct Journal {
    Transaction& tx;
    /// A sender is about to be told that its alert is kept.
    void accepted(const std::string& source, const std::string& dedup_key, oncall::AlertId alert, TimePoint now) const;
    void forget_accepted_before(TimePoint when) const;
    void started(TimePoint now) const;
    /// Writes, for nothing but to see whether that can be done.
    void pulse(TimePoint now) const;
    /// True the first time.
    bool use_token(const std::string& id, TimePoint now) const;
    bool token_used(const std::string& id) const;
    void forget_tokens_before(TimePoint when) const;
    /// The secret of that name; `fresh` is kept when there is none yet.
    std::string secret(const std::string& name, const std::string& fresh) const;
    /// What oncall.yaml said when it was last taken up, as a digest; empty: never.
    std::string file_taken_up() const;
    void take_up_file(const std::string& digest) const;
};

/// SHA-256 in lower-case hex.
std::string sha256(std::string_view text);

} // namespace storage
