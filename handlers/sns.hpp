#pragma once

#include "handlers/sources/sources.hpp"

/// What Amazon SNS asks of those it sends to: to look whether a message is its own, and to confirm a subscription.
namespace handlers {

/// Certificates that were fetched or are being, who was told of what, and how often we asked for whom. Context's.
struct SnsMemory;

/// Why a message for a source of format sns is not taken, in words for its owner, who is told (once an hour for each reason);
/// empty: it is taken. One in SNS's envelope must be signed by SNS, of the source's topics where it names some, and no older than
/// the hour for which SNS tries. One that is delivered raw has no signature: the key in the address vouches for it, unless the
/// source names topics. Throws storage::Busy when the certificate cannot be had right now: SNS sends it again. What many
/// ask for at once is fetched once, and each source has us fetch few in a minute.
asio::awaitable<std::string> why_not_sns(Context& app, const sources::Sent& sent, const oncall::Source& source);

/// Fetches the address by which SNS is told that this source wants a topic's messages; the source's owner hears what came of it.
/// Once, before SNS has its answer: throws storage::Busy when there is none of SNS's, and SNS sends it again. False: SNS said no,
/// or the address is none of SNS's, and nothing was fetched.
asio::awaitable<bool> confirm_at_once(Context& app, std::string url, std::string source);
/// The same as a task, which tries several times: of what nobody sends again.
asio::awaitable<void> confirm_subscription(Context& app, std::string url, std::string source);

} // namespace handlers
