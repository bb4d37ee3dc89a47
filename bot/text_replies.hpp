#pragma once

#include "handlers/context.hpp"
#include "notify/twilio.hpp"

namespace asio = boost::asio;

/// Asks Twilio for the text messages that answer pages: for those it cannot reach, and for what it could not deliver while this
/// process was away. Only while an alert is open of which somebody was told by text message within a day.
class TextReplies {
public:
    TextReplies(handlers::Context& app, net::Network& network, notify::TwilioAccount account);

    /// Until its task is cancelled: every 15 s in the hour after such a message, else every minute; where Twilio itself calls us,
    /// every minute.
    asio::awaitable<void> run();

private:
    asio::awaitable<void> ask(doors::TimePoint since);

    handlers::Context& app_;
    net::Network& network_;
    notify::TwilioAccount account_;
    std::set<std::string> taken_{}; // so as not to look each up again; what this forgets, the database knows
    doors::TimePoint trouble_said_{}; // in the log
};
