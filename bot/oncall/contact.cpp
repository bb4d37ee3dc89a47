#include "oncall/contact.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace oncall {

namespace {

struct WayNames {
    ContactKind kind{};
    std::string_view name{};
    std::string_view title{};
};
constexpr std::array all_kinds{WayNames{ContactKind::slack, "slack", "Slack"}, WayNames{ContactKind::email, "email", "E-mail"},
    WayNames{ContactKind::sms, "sms", "SMS"}, WayNames{ContactKind::voice, "voice", "Call"},
    WayNames{ContactKind::web_push, "web_push", "Web push"}, WayNames{ContactKind::ntfy, "ntfy", "ntfy"},
    WayNames{ContactKind::pushover, "pushover", "Pushover"}, WayNames{ContactKind::gotify, "gotify", "Gotify"},
    WayNames{ContactKind::webhook, "webhook", "Webhook"}};

const WayNames& names_of_kind(ContactKind kind)
{
    const auto found = std::find_if(all_kinds.begin(), all_kinds.end(), [&](const WayNames& one) { return one.kind == kind; });
    return found == all_kinds.end() ? all_kinds.front() : *found;
}

/// "+49 … 12": a country code has one digit, two, or three.
std::string masked_number(const std::string& number)
{
    if (number.size() < 8 || number.front() != '+' || !std::all_of(number.begin() + 1, number.end(), is_digit))
        return "a number";
    constexpr std::string_view two[]{"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82",
        "84", "86", "90", "91", "92", "93", "94", "95", "98"};
    const auto begins = std::string_view{number}.substr(1, 2);
    const std::size_t digits = begins[0] == '1' || begins[0] == '7'          ? 1
        : std::find(std::begin(two), std::end(two), begins) != std::end(two) ? 2
                                                                             : 3;
    return number.substr(0, 1 + digits) + " … " + number.substr(number.size() - 2);
}

/// The host of the first web address in a text, without a port and a password; empty: there is none.
std::string host_in(const std::string& text)
{
    const auto scheme = text.find("://");
    if (scheme == text.npos)
        return {};
    auto host = text.substr(scheme + 3);
    host.resize(std::min(host.find_first_of("/?#\\\" "), host.size()));
    if (const auto at = host.rfind('@'); at != host.npos)
        host.erase(0, at + 1);
    host.resize(std::min(host.find(':'), host.size()));
    return host;
}

} // namespace

std::string_view name(ContactKind kind) { return names_of_kind(kind).name; }
std::string_view title(ContactKind kind) { return names_of_kind(kind).title; }

std::optional<ContactKind> contact_kind_in(std::string_view text)
{
    for (const auto& one : all_kinds)
        if (one.name == text)
            return one.kind;
    return std::nullopt;
}

bool is_push(ContactKind kind)
{
    using enum ContactKind;
    return kind == web_push || kind == ntfy || kind == pushover || kind == gotify;
}

bool is_usable(const ContactMethod& method)
{
    const bool needs_consent = method.kind == ContactKind::sms || method.kind == ContactKind::voice;
    return method.verified_at != TimePoint{} && method.stopped_at == TimePoint{}
    && (!needs_consent || method.consented_at != TimePoint{});
}

std::string method_out(const ContactMethod& method)
{
    const std::string kind{name(method.kind)};
    return method.id.value == 0 ? kind : kind + ":" + std::to_string(method.id.value);
}

std::optional<MethodName> method_in(std::string_view text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const auto kind = contact_kind_in(text.substr(0, colon));
    if (!kind)
        return std::nullopt;
    if (colon == text.size()) {
        if (*kind == ContactKind::slack || *kind == ContactKind::email || *kind == ContactKind::webhook)
            return MethodName{*kind, {}};
        return std::nullopt;
    }
    const auto number = text.substr(colon + 1);
    MethodName found{*kind, {}};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), found.id.value);
    if (error != std::errc{} || end != number.data() + number.size() || found.id.value <= 0 || *kind == ContactKind::slack)
        return std::nullopt;
    return found;
}

std::string masked(const ContactMethod& method)
{
    const auto& address = method.address;
    switch (method.kind) {
    case ContactKind::slack: return "Slack";
    case ContactKind::sms:
    case ContactKind::voice: return masked_number(address);
    case ContactKind::email: {
        const auto at = address.rfind('@');
        return at == address.npos || at == 0 ? "an address" : address.substr(0, 1) + "…" + address.substr(at);
    }
    case ContactKind::web_push:
    case ContactKind::ntfy:
    case ContactKind::pushover:
    case ContactKind::gotify:
    case ContactKind::webhook: break;
    }
    const std::string what = method.kind == ContactKind::web_push ? "a browser"
        : method.kind == ContactKind::ntfy                        ? "a topic"
        : method.kind == ContactKind::webhook                     ? "a URL"
                                                                  : "a key";
    const auto host = host_in(address);
    return host.empty() ? what : what + " at " + host;
}

} // namespace oncall
