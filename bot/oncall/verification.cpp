#include "oncall/verification.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t digits = 6;
constexpr std::uint64_t possible_codes = 1'000'000;
constexpr std::size_t most_email = 254; // RFC 5321
constexpr std::size_t most_url = 500;

bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; }

bool is_printable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// "example.com": labels of letters, digits and hyphens, `least` of them.
bool is_host(std::string_view host, int least)
{
    for (int labels = 1;; ++labels) {
        const auto dot = std::min(host.find('.'), host.size());
        const auto part = host.substr(0, dot);
        if (part.empty() || part.size() > 63 || part.front() == '-' || part.back() == '-'
            || !std::all_of(part.begin(), part.end(), [](char c) { return is_word(c) && c != '_'; }))
            return false;
        if (dot == host.size())
            return labels >= least;
        host.remove_prefix(dot + 1);
    }
}

TypedAddress email_in(std::string_view text)
{
    constexpr std::string_view odd{"<>()[]\\,;:\"@"};
    const auto at = text.rfind('@');
    const auto local = text.substr(0, at);
    if (at == text.npos || local.empty() || local.size() > 64 || text.size() > most_email || !is_printable(text)
        || local.find_first_of(odd) != local.npos || local.front() == '.' || local.back() == '.'
        || !is_host(text.substr(at + 1), 2))
        return {{}, "This is no e-mail address I can write to. Write it as ana@example.com."};
    return {std::string{text}, {}};
}

/// "[fd00::1]"
bool is_bracketed(std::string_view host)
{
    return host.size() > 4 && host.front() == '[' && host.back() == ']'
        && host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
}

/// The scheme in front of a URL in small letters, as "https://", when it is one of ours.
std::string_view scheme_of(std::string_view text, bool private_too)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if ((private_too || scheme == "https://") && text.size() >= scheme.size()
            && std::equal(scheme.begin(), scheme.end(), text.begin(),
                [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); }))
            return scheme;
    return {};
}

TypedAddress url_in(std::string_view text, bool private_too)
{
    const auto scheme = scheme_of(text, private_too);
    if (scheme.empty() || text.size() > most_url || !is_printable(text) || text.find_first_of("<>\"\\`") != text.npos)
        return {{}, "Write an address that begins with https://."};
    const auto rest = text.substr(scheme.size());
    auto host = rest.substr(0, rest.find_first_of("/?#"));
    if (host.find('@') != host.npos)
        return {{}, "Leave out the name and password before the @: addresses with them are not taken."};
    if (const auto colon = host.rfind(':'); colon != host.npos && !host.ends_with(']')) {
        const auto port = host.substr(colon + 1);
        if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit))
            return {{}, "The port behind the colon is no number."};
        host = host.substr(0, colon);
    }
    if (private_too ? !is_host(host, 1) && !is_bracketed(host) : !is_host(host, 2))
        return {{}, "This address has no host name that I can find. Write it as https://example.com/…."};
    return {std::string{scheme} + std::string{rest}, {}};
}

TypedAddress topic_in(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !std::all_of(text.begin(), text.end(), is_word))
        return {{}, "A topic has up to 64 letters, digits, - and _. Choose one nobody guesses: whoever knows it reads along."};
    return {std::string{text}, {}};
}

TypedAddress gotify_token_in(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.'; }))
        return {{}, "This is no token. Make an application in Gotify and copy its token, as AbCd.1234_xyz."};
    return {std::string{text}, {}};
}

TypedAddress pushover_key_in(std::string_view text)
{
    if (text.size() != 30 || !std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) && c != '_' && c != '-'; }))
        return {{}, "A user key of Pushover has 30 letters and digits; its app and pushover.net show yours."};
    return {std::string{text}, {}};
}

} // namespace

std::string code_of(std::string_view random)
{
    std::uint64_t number{};
    for (const auto byte : random.substr(0, 8))
        number = number << 8 | static_cast<unsigned char>(byte);
    auto code = std::to_string(number % possible_codes);
    return std::string(digits - code.size(), '0') + code;
}

std::string code_in(std::string_view typed)
{
    std::string code;
    for (const auto c : typed) {
        if (is_digit(c))
            code += c;
        else if (c != ' ' && c != '-' && c != '\t')
            return {};
    }
    return code.size() == digits ? code : std::string{};
}

CodeAnswer answer_of(const PendingCode& pending, std::string_view hash, TimePoint now)
{
    if (pending.hash.empty() || pending.until <= now)
        return CodeAnswer::too_late;
    if (pending.tries >= most_code_tries)
        return CodeAnswer::too_often;
    return pending.hash == hash ? CodeAnswer::right : CodeAnswer::wrong;
}

TypedAddress address_in(ContactKind kind, std::string_view typed, bool private_too)
{
    const auto text = trimmed(typed);
    switch (kind) {
    case ContactKind::email: return email_in(text);
    case ContactKind::ntfy: return topic_in(text);
    case ContactKind::pushover: return pushover_key_in(text);
    case ContactKind::gotify: return gotify_token_in(text);
    case ContactKind::webhook: return url_in(text, private_too);
    case ContactKind::slack:
    case ContactKind::sms:
    case ContactKind::voice:
    case ContactKind::web_push: break;
    }
    return {{}, "This cannot be typed in."};
}

} // namespace oncall
