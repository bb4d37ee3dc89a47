#pragma once

#include "net/network.hpp"
#include "notify/provider.hpp"
#include "notify/twilio_outcome.hpp"

/// Twilio's REST API of 2010-04-01: text messages and calls. What is asked and what the answers mean are functions of values.
namespace notify {

/// What is needed to send by it.
struct TwilioAccount {
    std::string sid{}; // AC…
    std::string auth_token{};
    std::string from{}; // a number of this account, E.164
    std::string api_url{"https://api.twilio.com"}; // without a slash at its end
    std::string public_url{}; // ONCALL_PUBLIC_URL; empty: Twilio cannot call us
    std::vector<std::string> countries{}; // ONCALL_COUNTRIES
    std::string name{"Twilio"}; // for the timeline; of several accounts each has its own
};

struct TwilioRequest {
    std::string url{};
    net::Request request{};
};

/// --- what is asked --------------------------------------------------------------------------------------------------------
TwilioRequest sms_request(const TwilioAccount& account, const std::string& to, const std::string& text);
/// Rings for 40 s, lasts at most three minutes. A machine that answers is recognized.
TwilioRequest call_request(const TwilioAccount& account, const std::string& to, const PageMessage& message);
/// What became of a message or a call. nullopt when `sid` is none.
std::optional<TwilioRequest> look_request(const TwilioAccount& account, const std::string& sid);
/// The text messages to our number since then, newest first, at most a hundred.
TwilioRequest replies_request(const TwilioAccount& account, TimePoint since);
/// The newest text messages or calls from our number to that one, at most fifty.
TwilioRequest sent_request(const TwilioAccount& account, bool calls, const std::string& to);
TwilioRequest account_request(const TwilioAccount& account);
/// Our number, as this account has it.
TwilioRequest number_request(const TwilioAccount& account);

/// --- what the answers mean ------------------------------------------------------------------------------------------------
/// Of a POST: `accepted` with the sid as reference, or why not.
Outcome taken_in(const net::Response& response);
/// Of `look_request`.
Outcome became_in(const net::Response& response);
/// Of `sent_request`, newest first: those made since then, of messages only those that have the first line of `text`.
/// `trouble`: Twilio does not say for now.
Listed sent_in(const net::Response& response, const std::string& text, TimePoint since);
/// A text message somebody sent us.
struct TextMessage {
    std::string sid{};
    std::string from{}; // E.164
    std::string text{};
    TimePoint at{}; // when it was sent; TimePoint{}: unknown
};
/// Of `replies_request`; nothing when it is no answer.
std::vector<TextMessage> texts_in(const net::Response& response);

/// Empty where it is not said.
struct TwilioStatus {
    std::string status{}; // "active", "suspended", "closed"
    std::string type{}; // "Full", "Trial"
};
/// Of `account_request`; nullopt when it is no answer.
std::optional<TwilioStatus> account_in(const net::Response& response);

struct TwilioNumber {
    bool ours{}; // else this account has no such number
    bool sms{};
    bool voice{};
    std::string sms_url{}; // where text messages to it are told
};
/// Of `number_request`; nullopt when it is no answer.
std::optional<TwilioNumber> number_in(const net::Response& response);

/// --- the ways out ---------------------------------------------------------------------------------------------------------
std::unique_ptr<Provider> twilio_sms(TwilioAccount account, net::Network& network);
std::unique_ptr<Provider> twilio_voice(TwilioAccount account, net::Network& network);

/// One exchange, within some seconds. Throws net::Failure.
asio::awaitable<net::Response> ask_twilio(TwilioRequest asked, net::Network& network);

} // namespace notify
