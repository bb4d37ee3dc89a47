#include "notify/text.hpp"

#include <algorithm>

namespace notify {

namespace {

constexpr std::string_view replacement{"\xEF\xBF\xBD"};

struct Read {
    char32_t character{};
    std::size_t length{}; // bytes; 0: broken
};

/// The character at the start of `text`, which is not empty (RFC 3629: no surrogates, nothing longer than needed).
Read character_in(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
        return {};
    char32_t character = lead & (0x7Fu >> length);
    for (std::size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xC0) != 0x80)
            return {};
        character = (character << 6) | (byte(at) & 0x3Fu);
    }
    constexpr char32_t least[]{0, 0, 0x80, 0x800, 0x10000};
    if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
        return {};
    return {character, length};
}

bool is_unwanted(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

} // namespace

std::string clean(std::string_view text)
{
    std::string cleaned;
    while (!text.empty()) {
        const auto [character, length] = character_in(text);
        if (length == 0)
            cleaned += replacement;
        else if (text.starts_with("\r\n"))
            ; // its \n comes next
        else if (character == '\r' || character == '\n' || character == 0x2028 || character == 0x2029)
            cleaned += '\n';
        else if (character == '\t')
            cleaned += ' ';
        else if (!is_unwanted(character))
            cleaned += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return cleaned;
}

std::string shortened(std::string text, std::size_t most)
{
    std::size_t count = 0, cut = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            continue;
        if (count + 1 == most)
            cut = at;
        if (++count > most) {
            text.resize(cut);
            return text + "…";
        }
    }
    return text;
}

std::string one_line(std::string_view text, std::size_t most)
{
    std::string line;
    for (const char c : clean(text)) {
        const bool blank = c == ' ' || c == '\n';
        if (!blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.ends_with(' '))
        line.pop_back();
    return shortened(std::move(line), most);
}

bool is_web_address(std::string_view href)
{
    std::string scheme{href.substr(0, href.find(':'))};
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
        [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    const auto rest = href.substr(std::min(href.size(), scheme.size()));
    return (scheme == "http" || scheme == "https") && rest.starts_with("://") && rest.size() > 3 && href.size() <= 2'000
        && std::all_of(href.begin(), href.end(), [](char c) { return c != ' ' && c != '"' && c != '<' && c != '>' && c != '\\'; })
        && clean(href) == href && href.find('\n') == href.npos;
}

std::string date_and_time(oncall::TimePoint at, const std::string& zone)
{
    const auto known = !zone.empty() && oncall::is_time_zone(zone) ? zone : std::string{"UTC"};
    auto text = oncall::iso(at, known).substr(0, 16);
    if (const auto letter = text.find('T'); letter != text.npos)
        text[letter] = ' ';
    return text + (known == "UTC" ? " UTC" : " (" + known + ")");
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view letters{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto byte = [&](std::size_t more) {
            return at + more < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[at + more])) : 0u;
        };
        const auto three = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for (unsigned part = 0; part < 4; ++part)
            text += at + part <= bytes.size() ? letters[(three >> (18 - 6 * part)) & 63] : '=';
    }
    return text;
}

std::string base64url(std::string_view bytes)
{
    auto text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.resize(text.find_last_not_of('=') + 1);
    return text;
}

std::optional<std::string> base64url_in(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string bytes;
    unsigned held = 0;
    int bits = 0;
    for (const char c : text) {
        const int six = c >= 'A' && c <= 'Z' ? c - 'A'
            : c >= 'a' && c <= 'z'           ? c - 'a' + 26
            : c >= '0' && c <= '9'           ? c - '0' + 52
            : c == '-'                       ? 62
            : c == '_'                       ? 63
                                             : -1;
        if (six < 0)
            return std::nullopt;
        held = (held << 6 | static_cast<unsigned>(six)) & 0xFFFFu;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> bits & 0xFFu);
        }
    }
    return text.size() % 4 == 1 ? std::nullopt : std::optional{bytes};
}

std::string fitting(std::string text, std::size_t most)
{
    constexpr std::string_view more{"…"};
    std::size_t cost = 0, cut = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (cost + more.size() <= most && (static_cast<unsigned char>(c) & 0xC0) != 0x80)
            cut = at;
        cost += c == '"' || c == '\\' || c == '\n' ? 2 : 1;
        if (cost > most) {
            text.resize(cut);
            return most < more.size() ? "" : text + std::string{more};
        }
    }
    return text;
}

} // namespace notify
