#pragma once

#include "notify/outcome.hpp"
#include "storage/repositories.hpp"

/// What follows from what came of a notification.
namespace delivery {

/// It has arrived, by whatever was heard before. `words`: "delivered", "answered by a person"; empty: the former.
void arrived(storage::Transaction& tx, const oncall::Notification& notification, const std::string& words, oncall::TimePoint now);

/// An attempt failed, and `why` says so in words. Another follows if its method has some left (`for_good`: no other would go
/// better); else the notification failed, its run takes the next step now instead of after its wait, and when nobody of its try
/// can be reached any more, the page goes on now.
void attempt_failed(storage::Transaction& tx, const oncall::Notification& notification, const std::string& why, bool for_good,
    oncall::TimePoint now);

/// When nobody of the try last made can be reached any more, the page goes on now instead of after its patience.
void pass_on(storage::Transaction& tx, oncall::PageId page, oncall::TimePoint now);

/// `provider` took it after others of its kind had failed: `failures` says which, and why.
void taken_instead(storage::Transaction& tx, const oncall::Notification& notification, const std::string& provider,
    const std::string& failures, oncall::TimePoint now);

/// It is in Slack, and its person in Do Not Disturb: the next step comes now instead of after its wait.
void not_heard(storage::Transaction& tx, const oncall::Notification& notification, oncall::TimePoint now);

/// How long what calls for attention by itself does so: Pushover's `expire`.
inline constexpr std::chrono::minutes longest_siren{3};
/// It left, and its page has been answered: it is to call nobody any more, where its provider goes on by itself. Of several that
/// were said in one message, only once none of them waits for an answer.
void hush(storage::Transaction& tx, const oncall::Notification& notification, oncall::TimePoint now);
/// The same of all that left of a page; of `person` alone, unless that is empty.
void hush(storage::Transaction& tx, oncall::PageId page, const std::string& person, oncall::TimePoint now);

/// Nothing has been heard of what a provider took.
bool is_on_its_way(storage::Transaction& tx, const std::string& reference);

/// As handlers::confirm. `others`: there are more providers of its kind, and what this one cannot do another may.
bool confirm(storage::Transaction& tx, const std::string& reference, const notify::Outcome& outcome, const std::string& words,
    bool others, oncall::TimePoint now);

} // namespace delivery
