#pragma once

#include "handlers/sources/sources.hpp"
#include "storage/payloads.hpp"

namespace handlers {

/// What became of something that was sent.
struct Taken {
    std::vector<std::string> keys{}; // one for each report
    std::vector<std::int64_t> alerts{}; // the same; zero: it found nothing open
    std::string note{}; // nothing was to be kept: why
    std::string unread{}; // kept as a dead letter: why
};

/// Takes in what a source's format has read: reports become alerts, changes are kept, and the payload beside them, in one
/// transaction for each hundred reports. Throws storage::Busy.
asio::awaitable<Taken> take_in(
    Context& app, std::shared_ptr<const oncall::Source> source, sources::Sent sent, sources::Read read);

/// Keeps what no format could read as a dead letter and as an unmapped alert (one for each source and reason), of which the owner
/// is told.
asio::awaitable<Taken> keep_unread(
    Context& app, std::shared_ptr<const oncall::Source> source, sources::Sent sent, std::string why);

/// Reads a dead letter once more, with what is configured now. The words are for whoever asked.
asio::awaitable<std::string> replay(Context& app, std::int64_t payload, Asked asked);

} // namespace handlers
