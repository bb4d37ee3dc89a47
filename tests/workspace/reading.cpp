#include "workspace/state.hpp"

#include <cctype>
#include <cstdio>

namespace workspace {
namespace {

struct Civil {
    std::chrono::year_month_day date{};
    std::chrono::hh_mm_ss<seconds> time{};
    std::chrono::weekday day{};
};

Civil civil(std::int64_t unix_seconds)
{
    const std::chrono::sys_seconds at{seconds{unix_seconds}};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<seconds>{at - day}, std::chrono::weekday{day}};
}

constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr const char* weekdays[]{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::string two(long value)
{
    char text[24];
    std::snprintf(text, sizeof text, "%02ld", value);
    return text;
}

std::string date_token(const std::string& token, const Civil& when)
{
    const auto year = std::to_string(static_cast<int>(when.date.year()));
    const auto month = static_cast<unsigned>(when.date.month());
    const auto day = std::to_string(static_cast<unsigned>(when.date.day()));
    if (token == "time")
        return two(when.time.hours().count()) + ":" + two(when.time.minutes().count()) + " UTC";
    if (token == "time_secs")
        return two(when.time.hours().count()) + ":" + two(when.time.minutes().count()) + ":" + two(when.time.seconds().count())
            + " UTC";
    if (token == "date_num")
        return year + "-" + two(month) + "-" + two(std::stol(day));
    if (token == "date_long" || token == "date_long_pretty")
        return std::string{weekdays[when.day.c_encoding()]} + ", " + months[month - 1] + " " + day + ", " + year;
    return std::string{months[month - 1]} + " " + day + ", " + year;
}

/// <!date^1392734382^{date} at {time}^link|fallback>, without the brackets.
std::string read_date(std::string_view token)
{
    const auto bar = token.find('|');
    const std::string fallback{bar == std::string_view::npos ? std::string_view{} : token.substr(bar + 1)};
    const auto head = token.substr(0, bar);
    const auto first = head.find('^'), second = head.find('^', first + 1), third = head.find('^', second + 1);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return fallback;
    std::int64_t stamp = 0;
    for (const char c : head.substr(first + 1, second - first - 1)) {
        if (!std::isdigit(static_cast<unsigned char>(c)) || stamp > 1'000'000'000'000)
            return fallback;
        stamp = stamp * 10 + (c - '0');
    }
    const auto format = head.substr(second + 1, third == std::string_view::npos ? third : third - second - 1);
    const auto when = civil(stamp);
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        const auto close = format[i] == '{' ? format.find('}', i) : std::string_view::npos;
        if (close == std::string_view::npos) {
            out += format[i];
            continue;
        }
        const std::string name{format.substr(i + 1, close - i - 1)};
        out += name == "ago" ? "at " + date_token("date", when) + " " + date_token("time", when) : date_token(name, when);
        i = close;
    }
    return out;
}

std::string unescape(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 5, "&amp;") == 0) {
            out += '&';
            i += 4;
        } else if (text.compare(i, 4, "&lt;") == 0) {
            out += '<';
            i += 3;
        } else if (text.compare(i, 4, "&gt;") == 0) {
            out += '>';
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string read_token(const State& state, std::string_view token)
{
    const auto bar = token.find('|');
    const std::string head{token.substr(0, bar)};
    const std::string label{bar == std::string_view::npos ? std::string_view{} : token.substr(bar + 1)};
    if (head.rfind('@', 0) == 0)
        return "@" + state.who(head.substr(1));
    if (head.rfind('#', 0) == 0) {
        const auto found = state.places.find(head.substr(1));
        return "#" + (found == state.places.end() ? label.empty() ? head.substr(1) : label : found->second.name);
    }
    if (head.rfind("!date^", 0) == 0)
        return read_date(token);
    if (head.rfind("!subteam^", 0) == 0) {
        const auto found = state.groups.find(head.substr(9));
        return "@" + (found == state.groups.end() ? head.substr(9) : found->second.handle);
    }
    if (head.rfind('!', 0) == 0)
        return "@" + head.substr(1);
    return unescape(label.empty() ? head.rfind("mailto:", 0) == 0 ? head.substr(7) : head : label);
}

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80; }

/// Takes away the signs of bold, italic and struck text where Slack would have read them as such.
std::string without_marks(std::string text)
{
    for (const char mark : {'*', '_', '~'}) {
        std::size_t from = 0;
        while (true) {
            const auto open = text.find(mark, from);
            if (open == std::string::npos)
                break;
            from = open + 1;
            const bool opens = (open == 0 || (!word(text[open - 1]) && text[open - 1] != mark)) && open + 1 < text.size()
                && text[open + 1] != ' ' && text[open + 1] != mark && text[open + 1] != '\n';
            if (!opens)
                continue;
            const auto line = text.find('\n', open);
            for (auto close = text.find(mark, open + 2); close != std::string::npos && close < line;
                 close = text.find(mark, close + 1)) {
                if (text[close - 1] == ' ' || (close + 1 < text.size() && (word(text[close + 1]) || text[close + 1] == mark)))
                    continue;
                text.erase(close, 1);
                text.erase(open, 1);
                from = close - 1;
                break;
            }
        }
    }
    return text;
}

std::string read_text(const State& state, const Json& text)
{
    if (!text.is_object() || !text.contains("text") || !text["text"].is_string())
        return {};
    const auto& raw = text["text"].get_ref<const std::string&>();
    return text.value("type", std::string{}) == "mrkdwn" ? read_mrkdwn(state, raw) : raw;
}

std::string read_rich_text(const State& state, const Json& node)
{
    const auto type = node.value("type", std::string{});
    if (type == "text" || type == "link")
        return node.contains("text") ? node["text"].get<std::string>() : node.value("url", std::string{});
    if (type == "user")
        return "@" + state.who(node.value("user_id", std::string{}));
    if (type == "channel")
        return read_token(state, "#" + node.value("channel_id", std::string{}));
    if (type == "usergroup")
        return read_token(state, "!subteam^" + node.value("usergroup_id", std::string{}));
    if (type == "broadcast")
        return "@" + node.value("range", std::string{});
    if (type == "emoji")
        return ":" + node.value("name", std::string{}) + ":";
    if (type == "date")
        return read_date(
            "!date^" + std::to_string(node.value("timestamp", std::int64_t{})) + "^" + node.value("format", std::string{}));
    std::string out;
    if (node.contains("elements"))
        for (const auto& part : node["elements"]) {
            if (type == "rich_text_list")
                out += (out.empty() ? "• " : "\n• ");
            else if (type == "rich_text" && !out.empty())
                out += '\n';
            out += read_rich_text(state, part);
        }
    return out;
}

std::string read_value(const State& state, const Json& value)
{
    if (!value.is_object())
        return {};
    for (const auto& [key, chosen] : value.items()) {
        if (key == "type" || chosen.is_null())
            continue;
        if (chosen.is_object())
            return read_text(state, chosen.value("text", Json{}));
        if (chosen.is_array()) {
            std::string all;
            for (const auto& one : chosen)
                all += (all.empty() ? "" : ", ")
                    + (one.is_object() ? read_text(state, one.value("text", Json{})) : state.who(one.get<std::string>()));
            return all;
        }
        if (key == "selected_user")
            return "@" + state.who(chosen.get<std::string>());
        if (key == "selected_conversation" || key == "selected_channel")
            return read_token(state, "#" + chosen.get<std::string>());
        return chosen.is_string() ? chosen.get<std::string>() : chosen.dump();
    }
    return {};
}

std::string read_element(const State& state, const Json& element)
{
    const auto type = element.value("type", std::string{});
    if (type == "plain_text" || type == "mrkdwn")
        return read_text(state, element);
    if (type == "image")
        return "(" + element.value("alt_text", std::string{}) + ")";
    if (type == "button" || type == "icon_button" || type == "workflow_button")
        return "[" + read_text(state, element.value("text", Json{})) + "]";
    if (type == "feedback_buttons")
        return "[" + read_text(state, element["positive_button"]["text"]) + "] ["
            + read_text(state, element["negative_button"]["text"]) + "]";
    if (type == "overflow") {
        std::string all;
        for (const auto& option : options_of(element))
            all += (all.empty() ? "" : " | ") + read_text(state, option.value("text", Json{}));
        return "[… " + all + "]";
    }
    auto shown = read_value(state, initial_value(element));
    if (type == "radio_buttons" || type == "checkboxes") {
        std::string all;
        for (const auto& option : options_of(element))
            all += (all.empty() ? "" : " | ") + read_text(state, option.value("text", Json{}));
        return "[" + all + (shown.empty() ? "]" : "]: " + shown);
    }
    if (shown.empty())
        shown = read_text(state, element.value("placeholder", Json{}));
    return "[" + shown + (shown.empty() ? "▾]" : " ▾]");
}

void add_line(std::string& out, const std::string& line)
{
    if (line.empty())
        return;
    if (!out.empty())
        out += '\n';
    out += line;
}

} // namespace

std::string iso(TimePoint time)
{
    const auto total = std::chrono::floor<seconds>(time).time_since_epoch().count();
    const auto when = civil(total);
    return date_token("date_num", when) + " " + two(when.time.hours().count()) + ":" + two(when.time.minutes().count()) + ":"
        + two(when.time.seconds().count());
}

std::string read_mrkdwn(const State& state, std::string_view text)
{
    // Marks are looked for outside <…>, since what stands in there is no running text.
    std::string out, plain;
    const auto flush = [&] {
        out += plain;
        plain.clear();
    };
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto close = text[i] == '<' ? text.find('>', i) : std::string_view::npos;
        if (close == std::string_view::npos) {
            plain += text[i];
            continue;
        }
        tokens.push_back(read_token(state, text.substr(i + 1, close - i - 1)));
        plain += '\x01';
        i = close;
    }
    flush();
    out = unescape(without_marks(out));
    std::string whole;
    std::size_t next = 0;
    for (const char c : out)
        if (c == '\x01' && next < tokens.size())
            whole += tokens[next++];
        else
            whole += c;
    return whole;
}

std::string read_blocks(const State& state, const Json& blocks)
{
    std::string out;
    for (const auto& block : blocks) {
        const auto type = block.value("type", std::string{});
        if (type == "divider") {
            add_line(out, "———");
        } else if (type == "rich_text") {
            add_line(out, read_rich_text(state, block));
        } else if (type == "markdown") {
            add_line(out, block.value("text", std::string{}));
        } else if (type == "image") {
            add_line(out, "(" + block.value("alt_text", std::string{}) + ")");
        } else if (type == "input") {
            add_line(out,
                read_text(state, block.value("label", Json{})) + ": "
                    + read_element(state, block.value("element", Json::object())));
            add_line(out, read_text(state, block.value("hint", Json{})));
        } else if (type == "table") {
            for (const auto& row : block["rows"]) {
                std::string line;
                for (const auto& cell : row)
                    line += (line.empty() ? "" : " | ")
                        + (cell.value("type", std::string{}) == "rich_text"         ? read_rich_text(state, cell)
                                : cell.contains("text") && cell["text"].is_string() ? cell["text"].get<std::string>()
                                                                                    : std::string{});
                add_line(out, line);
            }
        } else if (type == "container" || type == "carousel") {
            add_line(out, read_text(state, block.value("title", Json{})));
            add_line(out, read_blocks(state, block.value(type == "container" ? "child_blocks" : "elements", Json::array())));
        } else {
            auto line =
                type == "card" ? read_text(state, block.value("title", Json{})) : read_text(state, block.value("text", Json{}));
            if (type == "card") {
                add_line(line, read_text(state, block.value("subtitle", Json{})));
                add_line(line, read_text(state, block.value("body", Json{})));
            }
            for (const auto& field : block.value("fields", Json::array()))
                add_line(line, read_text(state, field));
            std::string row;
            for (const auto* key : {"elements", "actions"})
                for (const auto& element : block.value(key, Json::array()))
                    row += (row.empty() ? "" : " ") + read_element(state, element);
            add_line(line, row);
            if (block.contains("accessory"))
                line += (line.empty() ? "" : " ") + read_element(state, block["accessory"]);
            add_line(out, line);
        }
    }
    return out;
}

std::string read_message(const State& state, const Message& message)
{
    std::string out = message.blocks.empty() ? std::string{} : read_blocks(state, message.blocks);
    // With blocks beside it, the text is for notifications; above attachments alone it is shown.
    if (message.blocks.empty())
        out = read_mrkdwn(state, message.text);
    for (const auto& attachment : message.attachments) {
        for (const auto* key : {"pretext", "title", "text"})
            if (attachment.contains(key) && attachment[key].is_string())
                add_line(out, read_mrkdwn(state, attachment[key].get<std::string>()));
        if (attachment.contains("blocks"))
            add_line(out, read_blocks(state, attachment["blocks"]));
    }
    for (const auto& id : message.files)
        add_line(out, "(file " + state.files.at(id).name + ")");
    return out;
}

std::string Workspace::plain(const View& view) const
{
    auto out = view.title;
    // Fields are shown with what stands in them now.
    auto blocks = view.json.value("blocks", Json::array());
    const auto values = view.json.contains("state") ? view.json["state"].value("values", Json::object()) : Json::object();
    for (auto& block : blocks) {
        const auto id = block.value("block_id", std::string{});
        if (block.value("type", std::string{}) == "input" && values.contains(id)) {
            const auto action = block["element"].value("action_id", std::string{});
            add_line(out,
                read_text(*state_, block["label"]) + ": "
                    + (values[id].contains(action) ? read_value(*state_, values[id][action]) : ""));
        } else {
            add_line(out, read_blocks(*state_, Json::array({block})));
        }
        if (const auto error = view.errors.find(id); error != view.errors.end())
            add_line(out, "! " + error->second);
    }
    std::string buttons;
    for (const auto* key : {"close", "submit"})
        if (view.json.contains(key) && view.json[key].is_object())
            buttons += (buttons.empty() ? "[" : " [") + read_text(*state_, view.json[key]) + "]";
    add_line(out, buttons);
    return out;
}

std::string Workspace::story() const
{
    std::string out;
    for (const auto& line : state_->lines) {
        auto text = iso(line.at) + "  " + line.who + " ";
        const auto indent = "\n" + std::string(21, ' ') + "  ";
        for (const char c : line.text)
            if (c == '\n')
                text += indent;
            else
                text += c;
        out += text + "\n";
    }
    return out;
}

} // namespace workspace
