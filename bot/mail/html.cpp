#include "mail/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mail {

namespace {

constexpr std::size_t most_made = 64 << 10;

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_small(std::string_view text, std::string_view word)
{
    return text.size() >= word.size()
        && std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) { return w == small(t); });
}

template <std::size_t size> bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}
constexpr std::array<std::string_view, 5> unseen{"script", "style", "head", "title", "template"};
constexpr std::array<std::string_view, 17> lines{
    "br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "hr", "pre", "blockquote", "section"};

void put_character(std::string& text, unsigned code)
{
    if (code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        code = ' ';
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xC0 | (code >> 6));
        text += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        text += static_cast<char>(0xE0 | (code >> 12));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | (code >> 18));
        text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code & 0x3F));
    }
}

/// How long what stands for a character is; 0: it stands for itself.
std::size_t put_entity(std::string& text, std::string_view html)
{
    constexpr std::array<std::pair<std::string_view, char>, 6> named{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}}};
    for (const auto& [name, c] : named)
        if (html.starts_with(name)) {
            text += c;
            return name.size();
        }
    const auto end = html.substr(0, 12).find(';');
    if (!html.starts_with("&#") || end == html.npos)
        return 0;
    const bool is_hex = end > 2 && small(html[2]) == 'x';
    const auto* const last = html.data() + end;
    unsigned code{};
    const auto [at, error] = std::from_chars(html.data() + (is_hex ? 3 : 2), last, code, is_hex ? 16 : 10);
    if (error != std::errc{} || at != last)
        return 0;
    put_character(text, code);
    return end + 1;
}

void begin_line(std::string& text)
{
    while (text.ends_with(' '))
        text.pop_back();
    if (!text.empty() && !text.ends_with('\n'))
        text += '\n';
}

/// Where it goes on behind what people do not see.
std::size_t behind(std::string_view html, std::size_t at, std::string_view name)
{
    const auto close = "</" + std::string{name};
    for (auto end = html.find("</", at); end != html.npos; end = html.find("</", end + 2))
        if (begins_small(html.substr(end), close))
            return end;
    return html.size();
}

} // namespace

std::string text_of_html(std::string_view html)
{
    std::string text;
    for (std::size_t at = 0; at < html.size() && text.size() < most_made;) {
        const char c = html[at];
        if (html.substr(at).starts_with("<!--")) {
            const auto end = html.find("-->", at + 4);
            at = end == html.npos ? html.size() : end + 3;
        } else if (c == '<') {
            const auto end = html.find('>', at);
            if (end == html.npos)
                break; // it breaks off within a tag
            std::string name;
            for (auto from = at + (html[at + 1] == '/' ? 2U : 1U); from < end && name.size() < 12; ++from) {
                const char letter = small(html[from]);
                if ((letter < 'a' || letter > 'z') && (letter < '0' || letter > '9'))
                    break;
                name += letter;
            }
            if (is_one_of(name, lines))
                begin_line(text);
            else if (name == "td" || name == "th")
                text += text.empty() || text.ends_with('\n') || text.ends_with(' ') ? "" : " ";
            at = html[at + 1] != '/' && is_one_of(name, unseen) ? behind(html, end, name) : end + 1;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (!text.empty() && !text.ends_with(' ') && !text.ends_with('\n'))
                text += ' ';
            ++at;
        } else if (const auto length = c == '&' ? put_entity(text, html.substr(at)) : 0; length > 0) {
            at += length;
        } else {
            text += c;
            ++at;
        }
    }
    begin_line(text);
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace mail
