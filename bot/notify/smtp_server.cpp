#include "notify/smtp_server.hpp"

#include "net/message.hpp"

#include <algorithm>
#include <charconv>

namespace notify {

namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool all_of(std::string_view text, std::string_view besides)
{
    return std::all_of(text.begin(), text.end(), [&](char c) { return is_alphanumeric(c) || besides.find(c) != besides.npos; });
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Words with a dot between each two.
bool is_dotted(std::string_view text, std::string_view besides)
{
    return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == text.npos
        && all_of(text, std::string{besides} + ".");
}

bool is_host_name(std::string_view text) { return text.size() <= 253 && is_dotted(text, "-_"); }

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host == "::1"
        || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

class Url {
public:
    Url(std::string_view text, std::string_view number, SmtpServer& server)
        : rest_{text}
        , number_{number}
        , server_{server}
    {
        if (!scheme())
            return;
        name();
        login();
        address();
    }
    std::vector<std::string> problems{};

private:
    void problem(const std::string& text) { problems.push_back("SMTP_URL" + std::string{number_} + text); }

    bool scheme()
    {
        if (rest_.starts_with("smtps://")) {
            server_.tls = SmtpServer::Tls::at_once;
            rest_.remove_prefix(8);
        } else if (rest_.starts_with("smtp://")) {
            rest_.remove_prefix(7);
        } else {
            problem(
                " is no address of a mail server. Fix: write smtp://user:password@host:587, or smtps://user:password@host:465.");
            return false;
        }
        return true;
    }

    // The last @ ends the login, so that a password may contain one, or a slash.
    void name()
    {
        const auto sign = rest_.rfind('@');
        const auto slash = rest_.find('/', sign == rest_.npos ? 0 : sign);
        if (slash == rest_.npos)
            return;
        const auto name = rest_.substr(slash + 1);
        if (!name.empty() && !is_host_name(name))
            problem(": what follows the / is no host name. Fix: leave it out, or write the name this machine has for the mail "
                    "server.");
        server_.our_name = name;
        rest_ = rest_.substr(0, slash);
    }

    void login()
    {
        const auto sign = rest_.rfind('@');
        if (sign == rest_.npos)
            return;
        const auto text = rest_.substr(0, sign);
        rest_.remove_prefix(sign + 1);
        const auto colon = text.find(':');
        const auto user = net::percent_decode(text.substr(0, colon), false);
        const auto password = net::percent_decode(colon == text.npos ? std::string_view{} : text.substr(colon + 1), false);
        if (!user || !password)
            problem(": a % in the user or the password does not begin two hexadecimal digits. Fix: write % itself as %25.");
        else if (user->empty() || password->empty())
            problem(
                " has a user without a password, or the other way round. Fix: write user:password@ before the host, or neither.");
        else if (const auto both = *user + *password;
                 std::any_of(both.begin(), both.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
            problem(": the user or the password has a control character in it. Fix: copy it again.");
        else {
            server_.user = *user;
            server_.password = *password;
        }
    }

    void address()
    {
        std::string_view port;
        auto host = rest_;
        if (host.starts_with('[') && host.find(']') != host.npos) {
            port = host.substr(host.find(']') + 1);
            host = host.substr(1, host.find(']') - 1);
        } else if (const auto colon = host.rfind(':'); colon != host.npos) {
            port = host.substr(colon);
            host = host.substr(0, colon);
        }
        const bool is_v6 = host.find(':') != host.npos && host.find_first_not_of("0123456789abcdefABCDEF:.") == host.npos;
        if (!is_v6 && !is_host_name(host))
            problem(
                " has no host, or one with characters no host has. Fix: write smtp://user:password@host:587; in the user and the "
                "password, # ? and blanks are written as %23 %3F %20.");
        const bool at_once = server_.tls == SmtpServer::Tls::at_once;
        server_.port = at_once ? 465 : 587;
        if (!port.empty()) {
            unsigned number{};
            const auto* const end = port.data() + port.size();
            const auto [stop, error] = std::from_chars(port.data() + 1, end, number);
            if (port.front() != ':' || error != std::errc{} || stop != end || number == 0 || number > 65'535)
                problem(": the port is no number from 1 to 65535. Fix: write :587, or :465 with smtps://.");
            server_.port = static_cast<std::uint16_t>(number);
        }
        if (!at_once && server_.port == 465)
            problem(": port 465 speaks TLS from the first byte. Fix: write smtps://, or use port 587.");
        if (at_once && (server_.port == 587 || server_.port == 25))
            problem(": port " + std::to_string(server_.port)
                + " begins without TLS. Fix: write smtp:// (TLS is required all the same), or "
                  "use port 465.");
        server_.host = host;
        if (!at_once && is_loopback(host))
            server_.tls = SmtpServer::Tls::none;
    }

    std::string_view rest_;
    std::string_view number_;
    SmtpServer& server_;
};

} // namespace

bool is_address(std::string_view text)
{
    const auto sign = text.rfind('@');
    return sign != text.npos && sign <= 64 && text.size() <= 254 && is_dotted(text.substr(0, sign), "!#$%&'*+-/=?^_`{|}~")
        && is_host_name(text.substr(sign + 1));
}

std::optional<Mailbox> mailbox_in(std::string_view text)
{
    text = trimmed(text);
    if (is_address(text))
        return Mailbox{"", std::string{text}};
    const auto open = text.rfind('<');
    if (open == text.npos || !text.ends_with('>') || !is_address(text.substr(open + 1, text.size() - open - 2)))
        return std::nullopt;
    auto name = trimmed(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
    if (name.find_first_of("<>\"\\\r\n") != name.npos)
        return std::nullopt;
    return Mailbox{std::string{name}, std::string{text.substr(open + 1, text.size() - open - 2)}};
}

ReadSmtpServer smtp_server_in(std::string_view url, std::string_view from, std::string_view number)
{
    ReadSmtpServer read;
    read.problems = Url{url, number, read.server}.problems;
    const auto mailbox = mailbox_in(from);
    const auto setting = "SMTP_FROM" + std::string{number};
    if (from.empty())
        read.problems.push_back(
            setting + " is not set. Fix: set it to the address our mail comes from, as Oncall <oncall@example.com>.");
    else if (!mailbox)
        read.problems.push_back(setting + " is no address. Fix: write oncall@example.com, or Oncall <oncall@example.com>.");
    read.server.from = mailbox.value_or(Mailbox{});
    return read;
}

} // namespace notify
