#pragma once

#include "notify/outcome.hpp"
#include "notify/smtp_server.hpp"

#include <memory>

namespace notify {

namespace asio = boost::asio;
using doors::TimePoint;

/// One mail to one person. Foreign text may stand in any of it: what is in one line stays in one line.
struct Email {
    std::string to{}; // an address
    std::string subject{};
    std::string text{};
    std::string html{};
    std::string id{}; // of the message, before its @: the same for a repeat, which mail programs then show once
    std::string thread{}; // likewise; mails with the same one are shown together
    bool urgent{};
    TimePoint date{};
};

/// The head of a mail as lines "Name: value", folded, ASCII (RFC 5322, 2047); without what MIME adds. The thread's first message
/// was never sent: who gets a later mail than others sees a thread all the same. Throws std::invalid_argument when `to` is no
/// address.
std::vector<std::string> head(const Email& email, const Mailbox& from);

class Mailer {
public:
    virtual ~Mailer() = default;
    /// The server's host: for the timeline.
    virtual std::string name() const = 0;
    /// Ends within `send_within` and a moment. Cancellation breaks it off.
    virtual asio::awaitable<Outcome> send(Email email) = 0;
    /// Connects, checks the certificate, logs in and leaves, without sending anything: `accepted` when mail can be sent.
    virtual asio::awaitable<Outcome> verify() = 0;
};

/// By libcurl, on two threads: more than two mails wait their turn. Whoever waits for an outcome must be gone before this is, and
/// `loop` after; the end breaks off what is under way, within a second or so.
std::unique_ptr<Mailer> smtp(SmtpServer server, asio::any_io_executor loop);

} // namespace notify
