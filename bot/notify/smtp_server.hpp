#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

using std::chrono::milliseconds;

/// Who a mail is from: "Oncall <oncall@example.com>" or the address alone.
struct Mailbox {
    std::string name{}; // may be empty
    std::string address{};
};
/// nullopt when it is no mailbox.
std::optional<Mailbox> mailbox_in(std::string_view text);

/// An address as it may stand in a mail's head and in an SMTP command: ASCII, name@host, without quotes and comments. Nothing
/// that is one can bring a line or a second address along.
bool is_address(std::string_view text);

/// The server that takes our mail.
struct SmtpServer {
    std::string host{}; // without brackets
    std::uint16_t port{};
    enum class Tls { at_once, starttls, none } tls{Tls::starttls}; // none: loopback alone
    std::string user{}; // may be empty
    std::string password{};
    std::string our_name{}; // said in EHLO; empty: the machine's
    Mailbox from{};
    milliseconds connect_within{10'000}; // TCP, TLS and login
    milliseconds send_within{30'000}; // in all
    std::string authorities{}; // a PEM file of trusted roots; empty: the system's
};

struct ReadSmtpServer {
    SmtpServer server{};
    std::vector<std::string> problems{}; // each one line, with its fix; none of them repeats the password
};

/// Reads SMTP_URL, "smtp://user:password@host:587" or "smtps://…:465", and SMTP_FROM. The port is 587 or 465 when it is left out;
/// a path, "/mail.example.com", is our name in EHLO. TLS is required for every host but loopback. `number` stands behind the
/// names of the settings where problems are told: "", "_2" …
ReadSmtpServer smtp_server_in(std::string_view url, std::string_view from, std::string_view number = {});

} // namespace notify
