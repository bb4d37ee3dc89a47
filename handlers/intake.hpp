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

/// What came, as it is kept. What was read of it is many times as large, and is not held while the database is waited for.
struct Arrival {
    storage::Payload payload{};
    std::string delivery{}; // what its sender numbers it by; empty: nothing
};
std::shared_ptr<const Arrival> arrival_of(const oncall::Source& source, const sources::Sent& sent);

/// What is to be kept with the reports, in the transaction of the last of them.
using Also = std::function<void(storage::Transaction& tx, const Taken& taken)>;

/// Takes in what a source's format has read: reports become alerts, changes are kept, and the payload beside them, in one
/// transaction for each hundred of them. A delivery that its sender numbers (GitHub's, SNS's) is taken in once. Throws
/// storage::Busy.
asio::awaitable<Taken> take_in(Context& app, std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival,
    sources::Read read, Also also = {});

/// Keeps what no format could read as a dead letter and as an unmapped alert (one for each source and reason), of which the owner
/// is told.
asio::awaitable<Taken> keep_unread(
    Context& app, std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival, std::string why);

/// Tells the source's owner in her channel (else in the fallback) that what it sends is refused, and why; `arrival` is kept as a
/// dead letter, if there is one. `aloud`: else it is only kept.
asio::awaitable<void> tell_refused(Context& app, std::shared_ptr<const oncall::Source> source, std::string why,
    std::shared_ptr<const Arrival> arrival, bool aloud);

/// Reads a dead letter once more, with what is configured now. The words are for whoever asked, and may: that is the caller's.
asio::awaitable<std::string> replay(Context& app, std::int64_t payload, Asked asked);

/// The alert about what could not be read goes with its last dead letter: `payload` is one no more.
void clear_unread(storage::Transaction& tx, const Context& app, const storage::Payload& payload, TimePoint now);

/// A severity in our words, as the source's table has it; the source's own word stays as a label.
void understand_severity(Report& report, const oncall::Source& source);

/// What is kept of it, and back again: the same body (but for what confirms or ends a subscription of SNS), and of headers and
/// query what formats read.
storage::Payload payload_of(const oncall::Source& source, const sources::Sent& sent);
sources::Sent sent_again(const storage::Payload& payload, TimePoint now);

/// A reason without what the sender can vary in it, so that one mistake is told once: no numbers, nothing in quotes.
std::string shape_of_reason(std::string_view why);

} // namespace handlers
