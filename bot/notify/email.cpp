#include "notify/email.hpp"

#include "notify/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace notify {

namespace {

constexpr std::size_t line_length = 76; // RFC 5322 §2.1.1 wants at most 78

std::string_view domain(std::string_view address) { return address.substr(address.rfind('@') + 1); }

bool is_plain(std::string_view text)
{
    return text.find("=?") == text.npos
        && std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

/// Encoded words, one a line, no character of the text cut in two (RFC 2047 §2, §5). `used`: what stands before on the first
/// line.
std::string encoded(std::string_view text, std::size_t used)
{
    std::string words;
    while (!text.empty()) {
        const auto room = line_length - 12 - (words.empty() ? used : 1); // of base64: 4 letters for 3 bytes
        auto cut = std::min(text.size(), room / 4 * 3);
        while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
            --cut;
        words += (words.empty() ? "" : "\r\n ") + ("=?utf-8?B?" + base64(text.substr(0, cut)) + "?=");
        text.remove_prefix(cut);
    }
    return words;
}

/// Broken at blanks where it gets long. `used`: what stands before it on its line.
std::string folded(std::string_view text, std::size_t used)
{
    std::string lines;
    while (!text.empty()) {
        const auto room = line_length - std::min(used, line_length - 1);
        auto end = text.size();
        if (end > room) {
            const auto blank = text.rfind(' ', room);
            end = blank == text.npos || blank == 0 ? text.find(' ', 1) : blank;
            end = std::min(end, text.size());
        }
        lines += (lines.empty() ? "" : "\r\n") + std::string{text.substr(0, end)};
        text.remove_prefix(end);
        used = 0;
    }
    return lines;
}

bool has_long_word(std::string_view text)
{
    std::size_t length = 0;
    return std::any_of(text.begin(), text.end(), [&](char c) { return (length = c == ' ' ? 0 : length + 1) > line_length - 10; });
}

std::string unstructured(const std::string& name, const std::string& text)
{
    const bool as_it_is = is_plain(text) && !has_long_word(text);
    return name + ": " + (as_it_is ? folded(text, name.size() + 2) : encoded(text, name.size() + 2));
}

std::string shown(const Mailbox& mailbox)
{
    const auto name = one_line(mailbox.name, 60);
    if (name.empty())
        return mailbox.address;
    std::string phrase;
    if (is_plain(name)) {
        for (const char c : name)
            phrase += (c == '"' || c == '\\' ? "\\" : "") + std::string{c};
        phrase = "\"" + phrase + "\"";
    } else {
        phrase = encoded(name, 6); // "From: "
    }
    return phrase + (phrase.size() + mailbox.address.size() > 60 ? "\r\n <" : " <") + mailbox.address + ">";
}

/// "Tue, 03 Nov 2026 12:00:00 +0000"
std::string date_out(TimePoint at)
{
    constexpr const char* days[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    const auto two = [](auto number) {
        const auto text = std::to_string(number);
        return text.size() < 2 ? "0" + text : text;
    };
    return std::string{days[std::chrono::weekday{day}.c_encoding()]} + ", " + two(static_cast<unsigned>(date.day())) + " "
        + months[static_cast<unsigned>(date.month()) - 1] + " " + std::to_string(static_cast<int>(date.year())) + " "
        + two(time.hours().count()) + ":" + two(time.minutes().count()) + ":" + two(time.seconds().count()) + " +0000";
}

/// "<id@domain>" of what may stand in one.
std::string message_id(std::string_view id, std::string_view address)
{
    std::string safe;
    for (const char c : id.substr(0, 100))
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || (c == '.' && !safe.empty()))
            safe += c;
    return "<" + safe + "@" + std::string{domain(address)} + ">";
}

} // namespace

std::vector<std::string> head(const Email& email, const Mailbox& from)
{
    if (!is_address(email.to))
        throw std::invalid_argument{one_line(email.to, 100) + " is no e-mail address"};
    std::vector<std::string> lines{
        "Date: " + date_out(email.date),
        "From: " + shown(from),
        "To: " + email.to,
        unstructured("Subject", one_line(email.subject, 200)),
    };
    if (!email.id.empty())
        lines.push_back("Message-ID: " + message_id(email.id, from.address));
    if (!email.thread.empty()) {
        const auto first = message_id(email.thread, from.address);
        lines.push_back("In-Reply-To: " + first);
        lines.push_back("References: " + first);
    }
    // Holiday notices and the like stay away (RFC 3834; the second is what Exchange reads).
    lines.emplace_back("Auto-Submitted: auto-generated");
    lines.emplace_back("X-Auto-Response-Suppress: All");
    if (email.urgent) {
        lines.emplace_back("Importance: high");
        lines.emplace_back("X-Priority: 1");
    }
    return lines;
}

} // namespace notify
