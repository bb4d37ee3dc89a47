#include "blocks/sound.hpp"

#include "workspace/block_kit.hpp"

#include <algorithm>

using blocks::Json;

namespace {

bool all_in(std::string_view text, std::string_view set) { return !text.empty() && text.find_first_not_of(set) == text.npos; }

bool is_mention(std::string_view token, const std::set<std::string>& people)
{
    return token.size() > 1 && token[0] == '@' && people.contains(std::string{token.substr(1)});
}

bool is_date(std::string_view token)
{
    constexpr std::string_view begin{"!date^"}, exact{"^{date_short_pretty} at {time}|"}, ago{"^{ago}|"};
    if (!token.starts_with(begin))
        return false;
    const auto middle = token.find(ago) == token.npos ? exact : ago;
    const auto at = token.find(middle);
    const auto fallback = at == token.npos ? "" : token.substr(at + middle.size());
    return all_in(token.substr(begin.size(), at - begin.size()), "0123456789") && fallback.size() == 20
        && fallback.ends_with(" UTC") && all_in(fallback.substr(0, 16), "0123456789-: ");
}

bool is_link(std::string_view token, const std::set<std::string>* links)
{
    const auto bar = token.find('|');
    if (bar == token.npos || (!token.starts_with("https://") && !token.starts_with("http://"))
        || token.substr(bar).find('\n') != token.npos)
        return false;
    const auto href = token.substr(0, bar);
    const bool plain = std::all_of(href.begin(), href.end(), [](char c) { return c > ' ' && c < 0x7F && c != '"'; });
    return plain && token.size() > bar + 1 && (!links || links->contains(std::string{href}));
}

/// A text that hides or turns others: U+202A-E, U+2066-9, LRM, RLM, ALM.
bool turns(std::string_view text)
{
    for (const std::string_view mark :
        {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\u200E", "\u200F", "\u061C"})
        if (text.find(mark) != text.npos)
            return true;
    return false;
}

/// Words that Slack shows as they are, written as markup.
std::string as_markup(const std::string& plain)
{
    std::string text;
    for (const char c : plain)
        text += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return text;
}

void collect(const Json& json, std::vector<std::string>& out)
{
    if (json.is_object() && json.contains("type") && json["type"] == "raw_text")
        return; // of a table's cell, which is no markup
    if (json.is_object() && json.contains("type") && (json["type"] == "plain_text" || json["type"] == "text")) {
        out.push_back(as_markup(json.value("text", std::string{})));
        return;
    }
    for (const auto& [key, value] : json.items())
        if (value.is_structured())
            collect(value, out);
        else if (key == "text" && value.is_string())
            out.push_back(value.get<std::string>());
}

void look_for_empty(const Json& json, const std::string& at, std::vector<std::string>& problems)
{
    for (const auto& [key, value] : json.items())
        if (value.is_structured())
            look_for_empty(value, at + "/" + key, problems);
        else if (value.is_null()
            || (value.is_string() && value.get_ref<const std::string&>().find_first_not_of(" \n") == std::string::npos))
            problems.push_back("nothing at " + at + "/" + key);
}

} // namespace

std::vector<std::string> texts(const Json& json)
{
    std::vector<std::string> out;
    collect(json, out);
    return out;
}

std::vector<std::string> unsound_text(
    const std::string& text, const std::set<std::string>& people, const std::set<std::string>* links)
{
    std::vector<std::string> problems;
    try {
        (void)Json(text).dump();
    } catch (const Json::exception&) {
        problems.push_back("not UTF-8");
        return problems;
    }
    if (turns(text))
        problems.push_back("turns direction: " + text);
    for (const char c : text)
        if ((c >= 0 && c < ' ' && c != '\n') || c == 0x7F)
            problems.push_back("control character " + std::to_string(c));
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto rest = std::string_view{text}.substr(i);
        if (rest[0] == '<') {
            const auto end = rest.find('>');
            const auto token = rest.substr(1, end == rest.npos ? rest.npos : end - 1);
            if (end == rest.npos || token.find('<') != token.npos
                || (!is_mention(token, people) && !is_date(token) && !is_link(token, links))) {
                problems.push_back("foreign token: " + std::string{rest.substr(0, 80)});
                continue;
            }
            for (std::size_t amp = token.find('&'); amp != token.npos; amp = token.find('&', amp + 1))
                if (const auto entity = token.substr(amp);
                    !entity.starts_with("&amp;") && !entity.starts_with("&lt;") && !entity.starts_with("&gt;"))
                    problems.push_back("broken entity: " + std::string{token});
            i += end;
        } else if (rest[0] == '>') {
            problems.push_back("bare >: " + text.substr(0, 80));
        } else if (rest[0] == '&' && !rest.starts_with("&amp;") && !rest.starts_with("&lt;") && !rest.starts_with("&gt;")) {
            problems.push_back("broken entity: " + std::string{rest.substr(0, 20)});
        }
    }
    return problems;
}

std::vector<std::string> unsound(
    const blocks::Message& message, const std::set<std::string>& people, const std::set<std::string>* links)
{
    std::vector<std::string> problems;
    const auto add = [&](const std::vector<std::string>& more) { problems.insert(problems.end(), more.begin(), more.end()); };
    Json all;
    all["text"] = message.text;
    all["blocks"] = message.blocks;
    add(unsound_text(message.text, {}, links));
    for (const auto& text : texts(all["blocks"]))
        add(unsound_text(text, people, links));
    if (!problems.empty())
        return problems; // what is no UTF-8 cannot be looked at further

    look_for_empty(all, "", problems);
    if (workspace::length(message.text) > 3'900)
        problems.push_back("text is too long");
    if (workspace::total_text(all["blocks"]) > 10'000)
        problems.push_back("the blocks hold too much text");
    if (message.colour.empty()) {
        add(workspace::problems_in_blocks(all["blocks"], workspace::Surface::message));
    } else {
        Json attachment;
        attachment["color"] = message.colour;
        attachment["blocks"] = message.blocks;
        add(workspace::problems_in_attachments(Json::array({attachment})));
    }
    return problems;
}

std::vector<std::string> buttons(const blocks::Message& message)
{
    std::vector<std::string> out;
    for (const auto& block : message.blocks)
        if (block["type"] == "actions")
            for (const auto& element : block["elements"])
                out.push_back(element["type"] == "overflow"
                        ? "…"
                        : (element.contains("text") ? element["text"] : element["placeholder"])["text"].get<std::string>());
    return out;
}

std::string shown(const blocks::Message& message)
{
    std::string out;
    for (const auto& block : message.blocks)
        if (block["type"] != "actions")
            for (const auto& text : texts(block))
                out += text + "\n";
    return out;
}
