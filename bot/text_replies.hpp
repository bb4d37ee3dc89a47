#pragma once

#include "handlers/context.hpp"
#include "notify/twilio.hpp"

namespace asio = boost::asio;

/// Asks Twilio for the text messages that answer pages: for those it cannot reach, and for what it could not deliver while this
/// process was away; and for START and STOP.
class TextReplies {
public:
    TextReplies(handlers::Context& app, net::Network& network, notify::TwilioAccount account);

    /// Until its task is cancelled. While an alert is open of which somebody was told by text message within a day, every minute;
    /// where Twilio cannot call us, every 15 s in the hour after such a message. Else every 10 minutes.
    asio::awaitable<void> run();
    /// Text messages from numbers that nobody here has, found so.
    std::int64_t strangers() const { return strangers_; }

private:
    asio::awaitable<void> ask(doors::TimePoint since);

    handlers::Context& app_;
    net::Network& network_;
    notify::TwilioAccount account_;
    std::set<std::string> taken_{}; // so as not to look each up again; what this forgets, the database knows
    doors::TimePoint trouble_said_{}; // in the log
    std::int64_t strangers_{};
};
