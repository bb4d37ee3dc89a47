#pragma once

#include "doors/clock.hpp"
#include "net/message.hpp"
#include "slack/payloads.hpp"

#include <map>

namespace slack {

/// Whether Slack signed this request: `signature` is "v0=" and the HMAC-SHA256 of "v0:<timestamp>:<body>" in hex, compared in
/// constant time, and `timestamp` (unix seconds) is at most five minutes from `now`, in either direction.
/// https://docs.slack.dev/authentication/verifying-requests-from-slack
bool is_signed(
    std::string_view secret, std::string_view timestamp, std::string_view body, std::string_view signature, doors::TimePoint now);

/// The other door of Slack: its requests to POST /slack/events, /slack/commands and /slack/interactions, verified and read.
/// What Slack sends once is taken once: the same signature a second time is a replay. An event is told from its repeats by its
/// own id, since Slack may repeat one within the same second.
class HttpDoor {
public:
    explicit HttpDoor(std::string signing_secret)
        : secret_{std::move(signing_secret)}
    {
    }
    HttpDoor(const HttpDoor&) = delete;

    struct Received {
        Payload payload{};
        std::string delivery{}; // its unique id
    };
    /// Whether there is a secret to verify by.
    bool is_open() const { return !secret_.empty(); }
    /// What to handle, or the answer to give at once: the challenge, 200 to a probe of the certificate, 401, 400, 404.
    std::variant<Received, net::Response> receive(const net::Request& request, doors::TimePoint now);

    /// What the handler said, in the body; null is an empty 200.
    static net::Response answer(const Json& said);

private:
    std::string secret_;
    std::map<std::string, doors::TimePoint, std::less<>> seen_{}; // signatures of commands and interactions
};

} // namespace slack
