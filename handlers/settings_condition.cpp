#include "config/items.hpp"
#include "handlers/settings_forms.hpp"
#include "oncall/words.hpp"
#include "slack/message.hpp"

#include <algorithm>
#include <cstdio>

namespace handlers {

using oncall::Condition;

namespace {

std::vector<std::string> text_lines(const std::string& text)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// "labels.team = payments"
std::optional<Condition> comparison(const std::string& line)
{
    const auto sign = line.find('=');
    if (sign == line.npos)
        return std::nullopt;
    Condition condition;
    condition.kind = Condition::Kind::is;
    condition.field = oncall::trimmed(line.substr(0, sign));
    condition.value = oncall::trimmed(line.substr(sign + 1));
    // What the file has looks otherwise.
    if (condition.field.empty() || condition.field.find_first_of("{}[]:\"',#") != condition.field.npos)
        return std::nullopt;
    return condition;
}

/// Nothing in it that a form would not show.
bool in_sight(const std::string& text)
{
    return blocks::kit::clean(text, text.size()) == text && text.find_first_of("\t\n") == text.npos;
}

bool is_plain(const Condition& one)
{
    return one.kind == Condition::Kind::is && oncall::trimmed(one.value) == one.value && in_sight(one.field + one.value)
        && comparison(one.field + " = " + one.value) == one;
}

std::string condition_line(const Condition& one) { return one.field + " = " + one.value; }

/// JSON in which what a form would not show is written as an escape.
std::string escaped(const std::string& json)
{
    std::string out;
    for (std::size_t at = 0; at < json.size();) {
        const auto lead = static_cast<unsigned char>(json[at]);
        const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        const auto piece = json.substr(at, size);
        at += size;
        if (blocks::kit::clean(piece, 4) == piece) {
            out += piece;
            continue;
        }
        // All of these are of one UTF-16 unit.
        unsigned code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t i = 1; i < piece.size(); ++i)
            code = code << 6 | (static_cast<unsigned char>(piece[i]) & 0x3FU);
        char unit[8];
        std::snprintf(unit, sizeof unit, "\\u%04x", code & 0xFFFFU);
        out += unit;
    }
    return out;
}

std::string quoted_value(const std::string& text)
{
    return escaped(slack::Json(text).dump(-1, ' ', false, slack::Json::error_handler_t::replace));
}

/// The file around a condition, so that what reads the file reads it: the condition begins at a line and a column of ours.
constexpr std::string_view rule_head{"rules:\n- name: rule\n  then: {page: true}\n  when:\n"}, indent{"    "};
constexpr int lines_before = 4, columns_before = 4;

} // namespace

std::string condition_out(const Condition& condition)
{
    if (is_plain(condition))
        return condition_line(condition);
    if (condition.kind == Condition::Kind::all && !condition.parts.empty()
        && std::all_of(condition.parts.begin(), condition.parts.end(), is_plain)) {
        std::string text;
        for (const auto& part : condition.parts)
            text += (text.empty() ? "" : "\n") + condition_line(part);
        return text;
    }
    oncall::Configuration file;
    file.rules.push_back({});
    file.rules.back().name = "rule";
    file.rules.back().when = condition;
    for (const auto& item : config::items_of(file)) {
        const auto when = slack::at(slack::parse(item.json), {"when"});
        const auto readable = escaped(when.dump(1));
        return readable.size() < 2'500 ? readable : escaped(when.dump());
    }
    return {};
}

ReadCondition condition_in(const std::string& text)
{
    auto lines = text_lines(text);
    std::erase_if(lines, [](const std::string& line) { return oncall::trimmed(line).empty(); });
    std::vector<Condition> all;
    for (const auto& line : lines)
        if (auto one = comparison(line))
            all.push_back(std::move(*one));
    ReadCondition read;
    const bool by_line = !lines.empty() && all.size() == lines.size();
    if (lines.empty()) {
        read.error = "Say which alerts it is for, as severity = critical.";
        return read;
    }
    Condition whole;
    if (by_line && all.size() == 1) {
        whole = all.front();
    } else if (by_line) {
        whole.kind = Condition::Kind::all;
        whole.parts = all;
    }
    // By lines or not: the reader of the file judges it.
    std::string file{rule_head};
    const auto shown = by_line ? std::vector<std::string>{} : text_lines(text);
    for (const auto& line : shown)
        file += std::string{indent} + line + "\n";
    if (by_line) {
        file += std::string{indent} + "all:\n";
        for (const auto& one : all)
            file += std::string{indent} + "- {field: " + quoted_value(one.field) + ", is: " + quoted_value(one.value) + "}\n";
    }
    const auto parsed = config::parse(file, [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : parsed.problems) {
        const auto line = problem.line - lines_before - (by_line ? 1 : 0);
        if (problem.line != 0 && line < 1)
            continue;
        read.error = "Line " + std::to_string(std::clamp(line, 1, static_cast<int>(by_line ? lines.size() : shown.size())));
        if (!by_line)
            read.error += ", column " + std::to_string(std::max(problem.column - columns_before, 1));
        read.error += ": " + problem.what + ". "
            + (problem.fix.empty() ? "" : "To do: " + problem.fix + (problem.fix.ends_with('?') ? "" : "."));
        return read;
    }
    if (parsed.configuration.rules.empty()) {
        read.error = "This is no condition. Write severity = critical, or as in oncall.yaml.";
        return read;
    }
    read.condition = by_line ? whole : parsed.configuration.rules.front().when;
    return read;
}

} // namespace handlers
