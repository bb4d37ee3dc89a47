#pragma once

#include "net/network.hpp"
#include "notify/outcome.hpp"

#include <nlohmann/json_fwd.hpp>

/// What the answers of web services mean for a message.
namespace notify {

namespace asio = boost::asio;

/// By its status, as RFC 9110 has it: 2xx took it; 429 and 503 ask for a pause; 408, 425 and 5xx did not take it this time; a
/// redirect is not followed; all else is a refusal for good. `said`: what the body says of it, if anything.
Outcome outcome_of(const net::Response& response, const std::string& said, TimePoint now);

/// Of an exchange without an answer.
Outcome outcome_of(const net::Failure& failure);

/// How long the answer asks to wait (RFC 9110 §10.2.3: seconds, or a date), at most an hour.
std::optional<std::chrono::milliseconds> retry_after(const net::Response& response, TimePoint now);

/// The body as JSON, of moderate size and depth; an empty object for anything else.
nlohmann::json body_of(const net::Response& response);
/// A text in it, on one line; empty when it is none.
std::string text_in(const nlohmann::json& body, const std::string& name);

/// JSON as bytes, whatever is in it.
std::string bytes_of(const nlohmann::json& body);

/// What came back, or why nothing did.
struct Heard {
    std::optional<net::Response> response{};
    Outcome outcome{}; // without a response
};
/// One exchange within 20 s. Redirects are not followed.
asio::awaitable<Heard> ask(net::Network& network, std::string url, net::Request request, bool public_only);

/// A POST of JSON.
net::Request post(const nlohmann::json& body);

} // namespace notify
