#pragma once

#include "notify/email.hpp"
#include "notify/provider.hpp"
#include "oncall/configuration.hpp"
#include "slack/message.hpp"
#include "storage/repositories.hpp"
#include "storage/troubles.hpp"

namespace delivery {

/// A file that goes with a message, or by itself.
struct Attached {
    std::string svg{}; // a picture to be drawn; empty: `bytes` are the file
    std::string bytes{};
    std::string name{}; // "payments.png"
    std::string title{};
    std::string alt{}; // what the picture shows, in words
    std::size_t at{}; // the picture's place among the message's blocks
    std::string words{}; // beside a file that is posted by itself
};

/// A row of the outbox with all it needs to be sent.
struct Job {
    storage::OutboxRow row{};
    std::string method{}; // "chat.postMessage", "chat.update", "response_url", "email", "sms" …; empty: nothing to say any more
    std::string to{}; // channel, person, response_url or address
    std::string ts{}; // of the message edited, or of the thread
    slack::Message message{};
    notify::Email email{};
    std::optional<oncall::ContactKind> by{}; // providers of this kind send `page`, or are asked what became of `reference`
    notify::PageMessage page{};
    std::optional<notify::PageMessage> page_of_all{}; // as an attempt whose fate is unknown may have told it, `unwanted` included
    std::string reference{};
    std::string provider{}; // that is asked
    oncall::TimePoint since{}; // it left after this, if at all
    oncall::ContactId contact{}; // the person's own method that it goes by; zero: none
    bool to_person{}; // `to` is a person, as the configuration names them or by id
    bool ephemeral{}; // by response_url: words of their own instead of what was clicked
    std::optional<Attached> attached{}; // by "files.completeUploadExternal" by itself, else in the message
    std::string kind{}; // of the message to remember, as in storage::ShownMessage; empty: none
    std::string place{};
    oncall::AlertId alert{};
    std::vector<oncall::Notification> notifications{}; // that it delivers: one, those of a bundle, or none
    std::vector<oncall::Notification> unwanted{}; // of its message too; out all the same if it is ambiguous and was posted
    std::vector<oncall::AlertId> alerts{}; // that a bundle tells of; empty: `alert` alone
    std::int64_t shown_message{}; // row of the message edited
    std::int64_t told_from{}; // of a thread: the entries after this one …
    std::int64_t told_up_to{}; // … up to this one
    std::int64_t version{}; // of the alert, as rendered; of several, all together
    bool ask_if_quiet{}; // Slack is asked whether the person is in Do Not Disturb, for the sake of what comes next
    bool only_look{}; // no longer wanted: recorded if it is out already, else dropped
};

/// Whether its page still waits for an answer of the person whom it tells: nobody has ended it, and she has neither acknowledged
/// it nor said "not me".
bool awaits_answer(storage::Transaction& tx, const oncall::Notification& notification);

/// Whether a notification is still to be sent. Answered meanwhile, nobody is paged for nothing; after an outage the newest page
/// of several is enough.
bool is_wanted(storage::Transaction& tx, const oncall::Notification& notification);

/// Words by somebody's own method are over after this time: a code is not valid any more, and what was asked is forgotten.
inline constexpr std::chrono::minutes words_wanted{10};

/// What rendering needs besides the database.
struct Desk {
    const oncall::Configuration& configuration;
    bool has_mail{}; // else alarms are not mailed after all
    std::string public_url{}; // empty: mails carry no answer links
    std::string answer_secret{};
    bool slack_is_down{};
    oncall::TimePoint now{};
    std::string fallback_channel{};
};

/// What `Job::version` would be now.
std::int64_t version_now(storage::Transaction& tx, const Job& job);

/// Renders a row from the newest state.
Job job_of(storage::Transaction& tx, const Desk& desk, storage::OutboxRow row);

/// What came of a job.
struct Came {
    enum { said, later, refused, dropped } how{said};
    std::string channel{}; // of what was posted
    std::string ts{};
    std::int64_t told_up_to{};
    oncall::TimePoint when{}; // of the next attempt
    bool ambiguous{}; // it may have been posted all the same
    int unknown{}; // of how many that it was sent to nobody knows whether they took it
    bool found{}; // an earlier attempt had posted it
    std::string why{};
    std::string fix{}; // what to do about it, in whole sentences; empty: nothing, or nobody knows
    std::string code{}; // Slack's, of what it refused
    std::string refused_method{}; // with that code
    std::optional<storage::TroubleKey> trouble{}; // that a person must mend, so that it would get through
    std::string provider{}; // that took it
    std::string passed_over{}; // those that were tried before that one, and why they did not
    std::string reference{}; // what that calls it; empty: it reports nothing later
    bool quiet{}; // she is in Do Not Disturb, and was not notified by Slack
    bool confirmed{}; // it has arrived already
    bool gone{}; // refused: the address will never work again
    bool for_good{}; // refused: a further attempt would go no better
    std::optional<notify::Outcome> report{}; // of a provider that was asked what became of something
    bool others{}; // there are more providers than that one
};

/// Why it did not get through and what to do, in whole sentences.
std::string because(const Came& came);
/// Refused, since the message that was to be edited is no more, or no longer ours to edit.
bool stands_no_more(const Came& came);

/// Writes down what came of it, and what follows from that. True when something began or ended that a person must mend.
bool record(
    storage::Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, oncall::TimePoint now);

} // namespace delivery
