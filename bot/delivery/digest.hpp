#pragma once

#include "delivery/job.hpp"

/// What waited for the end of a person's quiet hours, told in one message by each of her ways.
namespace delivery {

using oncall::TimePoint;

/// Renders the row of a digest: to Slack, as a mail, for a provider.
void digest_message(storage::Transaction& tx, const Desk& desk, Job& job);
void digest_email(storage::Transaction& tx, const Desk& desk, Job& job);
void digest_contact(storage::Transaction& tx, const Desk& desk, Job& job);

/// What one message has no room for, in its thread. `body`: "channel\nts\nfrom", the first that is missing.
void digest_rest(storage::Transaction& tx, const Desk& desk, Job& job);
/// Asks for those rows, once the message stands.
void tell_rest(storage::Transaction& tx, const Job& job, const std::string& channel, const std::string& ts, TimePoint now);

/// What a digest in Slack (`place`, as in storage::ShownMessage) says now.
void digest_edited(storage::Transaction& tx, const Desk& desk, const std::string& place, Job& job);

/// Grows with each change of its alerts.
std::int64_t digest_version(storage::Transaction& tx, const std::vector<oncall::NotificationId>& together);

/// Those of its notifications that the message did not tell any more go with it.
void digest_done(storage::Transaction& tx, const Job& job);

} // namespace delivery
