#include "config/utf8.hpp"
#include "config/yaml.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace config {

namespace {

/// A value that fits on a line of this length stands on one.
constexpr std::size_t line_length = 140;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Characters that no reader of YAML takes for anything but themselves, in the middle of a word. (To yaml-cpp, ? ends one.)
bool is_harmless(std::uint32_t code)
{
    if (code < 0x80) {
        const auto c = static_cast<char>(code);
        return is_letter(c) || oncall::is_digit(c) || std::string_view{"_./@+-()=&%~;"}.find(c) != std::string_view::npos;
    }
    return code >= 0xa1 && code < 0xfffe && (code < 0x2000 || code >= 0x3000) && code != 0xfeff
        && (code < 0xd800 || code >= 0xf900);
}

/// Words that YAML 1.1 or 1.2 reads as something else than a text.
bool is_reserved(std::string_view text)
{
    std::string lower;
    for (const char c : text)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::string_view words[]{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    return std::find(std::begin(words), std::end(words), lower) != std::end(words);
}

/// What begins with a digit may be a number, a time of day or a date to one reader or another: only these are surely none.
bool is_plain_with_digit(std::string_view text)
{
    // "5m", "1h30m"
    bool duration = !text.empty();
    for (std::size_t i = 0; i < text.size() && duration; ++i)
        duration = oncall::is_digit(text[i])
            || (i > 0 && oncall::is_digit(text[i - 1]) && std::string_view{"smhd"}.find(text[i]) != std::string_view::npos);
    if (duration && !oncall::is_digit(text.back()))
        return true;
    // "2026-11-02T09:00"; with seconds YAML 1.1 has a type of its own for it.
    constexpr std::string_view shape = "0000-00-00T00:00";
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char wanted) {
        return wanted == '0' ? oncall::is_digit(c) : c == wanted;
    });
}

bool is_plain(const std::string& text)
{
    if (text.empty() || is_reserved(text))
        return false;
    if (oncall::is_digit(text.front()))
        return is_plain_with_digit(text);
    const char first = text.front();
    if (!is_letter(first) && first != '/' && static_cast<unsigned char>(first) < 0x80)
        return false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool inside = at > 0 && at + 1 < text.size();
        const auto code = next_character(text, at);
        // A colon ends a key where a blank follows; a blank is lost at the ends.
        const bool joint = (c == ':' && inside && text[at] != ' ') || (c == ' ' && inside && text[at] != ' ');
        if (!joint && (!code || !is_harmless(*code)))
            return false;
    }
    return true;
}

std::string yaml_quoted(const std::string& text)
{
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        const auto code = next_character(text, at).value_or(0xfffd);
        char escape[16]{};
        if (code == '"' || code == '\\')
            out += std::string{'\\'} + static_cast<char>(code);
        else if (code == '\n' || code == '\t' || code == '\r')
            out += code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r";
        else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
            std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(code));
        else if ((code >= 0x2028 && code <= 0x202e) || code == 0xfeff || (code >= 0xfff0 && code < 0x10000))
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
        else
            out.append(text, begin, at - begin);
        out += escape;
    }
    return out + '"';
}

std::string scalar(const Node& node)
{
    switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::number:
    case Node::Kind::truth: return node.text;
    default: return is_plain(node.text) ? node.text : yaml_quoted(node.text);
    }
}

/// On one line.
std::string flow(const Node& node)
{
    const bool mapping = node.kind == Node::Kind::mapping;
    if (!mapping && node.kind != Node::Kind::list)
        return scalar(node);
    std::string out{mapping ? "{" : "["};
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        out += i > 0 ? ", " : "";
        if (mapping)
            out += scalar(node.keys[i]) + ": ";
        out += flow(node.items[i]);
    }
    return out + (mapping ? '}' : ']');
}

/// `node` behind "key:" or "-", at the end of `out`, whose last line has `used` characters. `depth` is how far its own lines
/// would be indented.
void write_yaml(const Node& node, std::string& out, std::size_t used, std::size_t depth, bool in_list);

void write_lines(const Node& node, std::string& out, std::size_t depth, bool begun)
{
    const std::string indent(depth, ' ');
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0 && depth == 0)
            out += "\n"; // between the sections of a file
        if (i > 0 || !begun)
            out += indent;
        const auto key = node.kind == Node::Kind::mapping ? scalar(node.keys[i]) + ":" : std::string{"-"};
        out += key;
        write_yaml(node.items[i], out, depth + length_of(key), depth + 2, node.kind == Node::Kind::list);
    }
}

void write_yaml(const Node& node, std::string& out, std::size_t used, std::size_t depth, bool in_list)
{
    const bool inner = (node.kind == Node::Kind::mapping || node.kind == Node::Kind::list) && !node.items.empty();
    if (!inner || !node.block) {
        const auto line = flow(node);
        if (!inner || used + 1 + length_of(line) <= line_length) {
            out += " " + line + "\n";
            return;
        }
    }
    // The first entry of a mapping stands behind the dash.
    const bool begun = in_list && node.kind == Node::Kind::mapping;
    out += begun ? " " : "\n";
    write_lines(node, out, depth, begun);
}

} // namespace

std::string yaml_of(const Node& node)
{
    if (node.items.empty())
        return flow(node) + "\n";
    std::string out;
    write_lines(node, out, 0, false);
    return out;
}

} // namespace config
