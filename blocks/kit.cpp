#include "blocks/kit.hpp"

#include "blocks/typed.hpp"

#include <algorithm>
#include <cstdio>

namespace blocks::kit {

namespace {

// Where Slack's numbers are undocumented or conflict, the smaller one.
constexpr std::size_t most_blocks = 50;
constexpr std::size_t most_attached_blocks = 20; // behind a bar of colour
constexpr std::size_t most_elements = 10; // of a context
constexpr std::size_t most_buttons = 25;
constexpr std::size_t most_message_text = 3'900; // chat.update takes 4,000
/// How Slack counts is not said, so nine tenths of each limit is all we use.
constexpr std::size_t nine_tenths(std::size_t limit) { return limit * 9 / 10; }
constexpr std::size_t most_text = nine_tenths(3'000);
constexpr std::size_t most_block_text = nine_tenths(10'000); // of a message, all together
constexpr std::size_t most_header = nine_tenths(150);
constexpr std::size_t most_label = nine_tenths(75); // of a button or an option
constexpr std::size_t most_placeholder = nine_tenths(150);
constexpr std::size_t most_option_value = nine_tenths(150);
constexpr std::size_t most_button_value = nine_tenths(2'000);
constexpr std::size_t most_input_label = nine_tenths(2'000);
constexpr std::size_t most_view_title = 24;
constexpr std::size_t most_href = nine_tenths(2'000);
constexpr std::size_t most_name = 80;

constexpr std::string_view ellipsis{"…"};
constexpr char32_t broken = 0xFFFD;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }

struct CodePoint {
    char32_t value{};
    std::size_t size{}; // bytes read
};

/// The code point at the front of a text that is not empty; a byte that begins none is a broken one by itself.
CodePoint first_of(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size)
        return {broken, 1};
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {broken, 1};
        value = value << 6 | (byte(i) & 0x3FU);
    }
    constexpr char32_t smallest[]{0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {broken, 1};
    return {value, size};
}

/// Turns the direction of the text after it, so that ours would read backwards.
bool is_bidi_control(char32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF || is_bidi_control(c); }

bool is_blank(char32_t c)
{
    return c <= 0x20 || c == 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 || c == 0x2029
        || c == 0x202F || (c >= 0x205F && c <= 0x2064) || c == 0x3000 || c == 0x2800 || c == 0x3164 || c == 0x115F || c == 0x1160
        || c == 0xFFA0 || c == 0x180E;
}

bool is_blank(std::string_view text)
{
    while (!text.empty()) {
        const auto [c, size] = first_of(text);
        if (!is_blank(c))
            return false;
        text.remove_prefix(size);
    }
    return true;
}

/// Of the two ways Slack may count the one that finds more: beyond the basic plane a code point is two.
std::size_t length(std::string_view text)
{
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return units;
}

/// The piece at the front that must not be cut: a token, an entity or a code point.
std::size_t piece(std::string_view text)
{
    auto end = text.npos;
    if (text[0] == '<')
        end = text.find('>');
    else if (text[0] == '&')
        end = text.find(';');
    return end == text.npos ? first_of(text).size : end + 1;
}

std::string cut(std::string_view text, std::size_t most)
{
    if (length(text) <= most)
        return std::string{text};
    std::size_t kept = 0, units = 0;
    while (kept < text.size()) {
        const auto size = piece(text.substr(kept));
        units += length(text.substr(kept, size));
        if (units + 1 > most)
            break;
        kept += size;
    }
    while (kept > 0 && (text[kept - 1] == ' ' || text[kept - 1] == '\n'))
        --kept;
    return std::string{text.substr(0, kept)}.append(ellipsis);
}

bool is_user_id(std::string_view text)
{
    return text.size() > 1 && (text[0] == 'U' || text[0] == 'W')
        && std::all_of(text.begin(), text.end(), [](char c) { return is_upper(c) || is_digit(c); });
}

Json plain_text(std::string_view text, std::size_t most)
{
    Json json;
    json["type"] = "plain_text";
    json["text"] = cut(text, most);
    json["emoji"] = true;
    return json;
}

/// `verbatim`: Slack looks for no addresses, channels and @names of its own in it.
Json mrkdwn(const Mrkdwn& text)
{
    Json json;
    json["type"] = "mrkdwn";
    json["text"] = cut(text.text(), most_text);
    json["verbatim"] = true;
    return json;
}

std::size_t text_of(const Json& json)
{
    std::size_t total = 0;
    for (const auto& [key, value] : json.items())
        total += value.is_structured() ? text_of(value) : key == "text" ? length(value.get_ref<const std::string&>()) : 0;
    return total;
}

/// A text object within what is left; false when it is not worth showing any more.
bool fit(Json& text, std::size_t& left)
{
    auto& words = text["text"].get_ref<std::string&>();
    constexpr std::size_t worth_it = 20;
    if (length(words) > left) {
        if (left < worth_it)
            return false;
        words = cut(words, left);
        if (words == ellipsis)
            return false;
    }
    left -= length(words);
    return true;
}

bool fit_block(Json& block, std::size_t& left)
{
    if (block.contains("text"))
        return fit(block["text"], left);
    if (block["type"] != "context")
        return true;
    Json kept = Json::array();
    for (auto& element : block["elements"])
        if (fit(element, left))
            kept.push_back(std::move(element));
    block["elements"] = std::move(kept);
    return !block["elements"].empty();
}

/// Percent-encodes what would end a token, or is no character of an address.
std::string encoded(std::string_view rest)
{
    std::string out;
    for (const char c : rest) {
        if (is_alphanumeric(c) || std::string_view{"-._~:/?#[]@!$&'()*+,;=%"}.find(c) != std::string_view::npos) {
            out += c;
        } else {
            char code[4];
            std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
            out += code;
        }
    }
    return out;
}

/// Takes the code point at the front, and puts down what Slack is to show of it.
void take(std::string_view& foreign, std::string& out)
{
    const auto [c, size] = first_of(foreign);
    if (c == '&')
        out += "&amp;";
    else if (c == '<')
        out += "&lt;";
    else if (c == '>')
        out += "&gt;";
    else if (c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029 || (c == '\r' && !foreign.substr(1).starts_with('\n')))
        out += '\n';
    else if (c == '\t')
        out += ' ';
    else if (c == broken)
        out += "\xEF\xBF\xBD";
    else if (!is_control(c))
        out += foreign.substr(0, size);
    foreign.remove_prefix(size);
}

} // namespace

bool Mrkdwn::empty() const { return is_blank(text_); }

Mrkdwn& Mrkdwn::operator+=(const Mrkdwn& more)
{
    text_ += more.text_;
    return *this;
}

Mrkdwn escape(std::string_view foreign)
{
    std::string out;
    while (!foreign.empty())
        take(foreign, out);
    return {Mrkdwn::Safe{}, std::move(out)};
}

Mrkdwn one_line(std::string_view foreign, std::size_t most)
{
    std::string line;
    bool gap = false;
    // What is beyond the limit is not read: some titles are books.
    for (std::size_t units = 0; !foreign.empty() && units <= most;) {
        std::string piece;
        take(foreign, piece);
        if (piece == " " || piece == "\n") {
            gap = !line.empty();
            continue;
        }
        if (piece.empty())
            continue;
        if (gap)
            piece.insert(0, 1, ' ');
        gap = false;
        units += length(piece);
        line += piece;
    }
    return is_blank(line) ? Mrkdwn{} : Mrkdwn{Mrkdwn::Safe{}, cut(line, most)};
}

Mrkdwn bold(const Mrkdwn& text)
{
    if (text.empty())
        return text;
    return {Mrkdwn::Safe{}, "*" + text.text() + "*"};
}

Mrkdwn mention(const std::string& person)
{
    if (is_user_id(person) && person.size() < most_name)
        return {Mrkdwn::Safe{}, "<@" + person + ">"};
    return one_line(person, most_name);
}

Mrkdwn name(const std::string& person, const Names& names)
{
    if (const auto known = names.find(person); known != names.end())
        if (auto called = one_line(known->second, most_name); !called.empty())
            return called;
    auto id = one_line(person, most_name);
    return id.empty() ? Mrkdwn{"somebody"} : id;
}

Mrkdwn date(oncall::TimePoint at)
{
    using namespace std::chrono;
    constexpr oncall::TimePoint first{}, last{sys_days{9999y / December / 31}};
    const auto seconds_since = floor<seconds>(std::clamp(at, first, last));
    const auto day = floor<days>(seconds_since);
    const year_month_day ymd{day};
    const hh_mm_ss time{seconds_since - day};
    char out[120];
    std::snprintf(out, sizeof out, "<!date^%lld^{date_short_pretty} at {time}|%04d-%02u-%02u %02d:%02d UTC>",
        static_cast<long long>(seconds_since.time_since_epoch().count()), int{ymd.year()}, unsigned{ymd.month()},
        unsigned{ymd.day()}, static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()));
    return {Mrkdwn::Safe{}, out};
}

Mrkdwn number(std::int64_t value) { return {Mrkdwn::Safe{}, std::to_string(value)}; }

Mrkdwn prose(std::string_view words, const Names& names)
{
    Mrkdwn out;
    std::size_t shown = 0; // up to here
    const auto instead = [&](std::size_t from, std::size_t to, const Mrkdwn& text) {
        out += escape(words.substr(shown, from - shown)) + text;
        shown = to;
    };
    for (std::size_t i = 0; i < words.size();) {
        const auto rest = words.substr(i);
        const auto end = rest.find('>');
        if (rest.starts_with("<@") && end != rest.npos) {
            const auto id = rest.substr(2, std::min(end, rest.find('|')) - 2);
            if (is_user_id(id)) {
                instead(i, i + end + 1, name(std::string{id}, names));
                i += end + 1;
                continue;
            }
        } else if (rest.starts_with("<!date^") && end != rest.npos) {
            const auto digits = rest.substr(7, std::min(end, rest.find('^', 7)) - 7);
            if (!digits.empty() && digits.size() <= 12 && std::all_of(digits.begin(), digits.end(), is_digit)) {
                instead(i, i + end + 1, date(oncall::TimePoint{std::chrono::seconds{std::stoll(std::string{digits})}}));
                i += end + 1;
                continue;
            }
        } else if (is_alphanumeric(rest[0])) {
            const auto size =
                static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_alphanumeric) - rest.begin());
            const std::string word{rest.substr(0, size)};
            if (is_user_id(word) && names.contains(word))
                instead(i, i + size, name(word, names));
            i += size;
            continue;
        }
        ++i;
    }
    return out + escape(words.substr(shown));
}

Mrkdwn joined(const std::vector<Mrkdwn>& parts, const Mrkdwn& between)
{
    Mrkdwn all;
    for (const auto& part : parts)
        if (!part.empty())
            all += all.text().empty() ? part : between + part;
    return all;
}

Mrkdwn shortened(const Mrkdwn& text, std::size_t most) { return {Mrkdwn::Safe{}, cut(text.text(), most)}; }

std::optional<Url> url_in(std::string_view text)
{
    const auto colon = text.find("://");
    if (colon == text.npos || text.size() > most_href)
        return std::nullopt;
    std::string scheme{text.substr(0, colon)};
    std::transform(
        scheme.begin(), scheme.end(), scheme.begin(), [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    if (scheme != "http" && scheme != "https")
        return std::nullopt;
    const auto rest = text.substr(colon + 3);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, end);
    // A user name in front of the host is how an address pretends to lead elsewhere; so is a host of look-alike letters.
    const bool v6 = authority.starts_with('[');
    const auto host = v6 ? authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1)
                         : authority.substr(0, authority.find(':'));
    const auto port = authority.substr(host.size());
    const auto in_host = [&](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; };
    const auto in_v6 = [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    };
    const bool good_host = v6 ? host.size() > 2 && host.back() == ']' && std::all_of(host.begin() + 1, host.end() - 1, in_v6)
                              : !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), in_host);
    const bool good_port =
        port.empty() || (port[0] == ':' && port.size() <= 6 && std::all_of(port.begin() + 1, port.end(), is_digit));
    if (!good_host || !good_port)
        return std::nullopt;
    const auto path = encoded(rest.substr(end));
    if (path.size() > most_href)
        return std::nullopt;
    return Url{scheme + "://" + std::string{authority} + path, std::string{host}, scheme == "https"};
}

Mrkdwn link(const Url& url, const Mrkdwn& label)
{
    auto shown = label.empty() ? escape(url.host).text() : label.text();
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    return {Mrkdwn::Safe{}, "<" + escape(url.href).text() + "|" + shown + ">"};
}

Json section(const Mrkdwn& text)
{
    if (text.empty())
        return {};
    auto json = typed("section");
    json["text"] = mrkdwn(text);
    return json;
}

Json section(const Mrkdwn& text, Json accessory)
{
    auto json = section(text);
    if (!json.is_null() && !accessory.is_null())
        json["accessory"] = std::move(accessory);
    return json;
}

Json context(const std::vector<Mrkdwn>& parts)
{
    Json elements = Json::array();
    for (const auto& part : parts)
        if (!part.empty() && elements.size() < most_elements)
            elements.push_back(mrkdwn(part));
    if (elements.empty())
        return {};
    auto json = typed("context");
    json["elements"] = std::move(elements);
    return json;
}

Json actions(std::initializer_list<Json> elements)
{
    Json kept = Json::array();
    for (const auto& element : elements)
        if (!element.is_null() && kept.size() < most_buttons)
            kept.push_back(element);
    if (kept.empty())
        return {};
    auto json = typed("actions");
    json["elements"] = std::move(kept);
    return json;
}

Json button(std::string_view label, std::string_view action, const std::string& value, Style style)
{
    auto json = typed("button");
    json["text"] = plain_label(label);
    json["action_id"] = action;
    if (!value.empty())
        json["value"] = cut(value, most_button_value);
    if (style == Style::primary)
        json["style"] = "primary";
    return json;
}

Json typed(std::string_view type)
{
    Json json;
    json["type"] = type;
    return json;
}

namespace {

Json options_json(const std::vector<Option>& options, std::size_t most)
{
    auto list = Json::array();
    for (const auto& option : options) {
        if (list.size() == most)
            break;
        Json one;
        one["text"] = plain_label(option.label);
        one["value"] = cut(option.value, most_option_value);
        list.push_back(std::move(one));
    }
    return list;
}

constexpr std::size_t most_options = 100, most_overflow = 5, most_radio = 10;

} // namespace

Json select(std::string_view placeholder, std::string_view action, const std::vector<Option>& options)
{
    auto json = typed("static_select");
    json["action_id"] = action;
    json["placeholder"] = plain_text(placeholder, most_placeholder);
    json["options"] = options_json(options, most_options);
    return json;
}

Json overflow(std::string_view action, const std::vector<Option>& options)
{
    auto json = typed("overflow");
    json["action_id"] = action;
    json["options"] = options_json(options, most_overflow);
    return json;
}

Json header(std::string_view plain)
{
    auto json = typed("header");
    json["text"] = plain_text(plain, most_header);
    return json;
}

Json divider() { return typed("divider"); }

namespace {

Json input(std::string_view label, std::string_view id, Json element, std::string_view hint)
{
    element["action_id"] = id;
    auto json = typed("input");
    json["block_id"] = id;
    json["label"] = plain_text(label, most_input_label);
    json["element"] = std::move(element);
    if (!hint.empty())
        json["hint"] = plain_text(hint, most_input_label);
    return json;
}

void drop_nulls(std::vector<Json>& blocks)
{
    std::erase_if(blocks, [](const Json& block) { return block.is_null(); });
}

} // namespace

Json user_input(std::string_view label, std::string_view id, std::string_view placeholder)
{
    auto element = typed("users_select");
    element["placeholder"] = plain_text(placeholder, most_placeholder);
    return input(label, id, std::move(element), {});
}

Json text_input(
    std::string_view label, std::string_view id, std::string_view placeholder, std::string_view hint, int max_length, Need need)
{
    auto element = typed("plain_text_input");
    element["max_length"] = max_length;
    element["placeholder"] = plain_text(placeholder, most_placeholder);
    auto json = input(label, id, std::move(element), hint);
    if (need == Need::optional)
        json["optional"] = true;
    return json;
}

Json choice_input(
    std::string_view label, std::string_view id, std::string_view placeholder, const std::vector<Option>& options, bool chosen)
{
    auto element = typed("static_select");
    element["placeholder"] = plain_text(placeholder, most_placeholder);
    element["options"] = options_json(options, most_options);
    if (chosen && !options.empty())
        element["initial_option"] = element["options"].front();
    return input(label, id, std::move(element), {});
}

Json choice_of(std::string_view label, std::string_view id, std::string_view placeholder, const std::vector<Option>& options,
    const std::string& chosen)
{
    auto element = typed("static_select");
    element["placeholder"] = plain_text(placeholder, most_placeholder);
    if (options.size() <= most_options) {
        element["options"] = options_json(options, most_options);
    } else {
        auto groups = Json::array();
        for (std::size_t from = 0; from < options.size() && groups.size() < most_options; from += most_options) {
            const std::vector<Option> part(options.begin() + static_cast<std::ptrdiff_t>(from),
                options.begin() + static_cast<std::ptrdiff_t>(std::min(from + most_options, options.size())));
            Json group;
            group["label"] = plain_text(
                cut(part.front().label, most_label / 2 - 2) + " – " + cut(part.back().label, most_label / 2 - 2), most_label);
            group["options"] = options_json(part, most_options);
            groups.push_back(std::move(group));
        }
        element["option_groups"] = std::move(groups);
    }
    for (const auto& option : options)
        if (option.value == chosen)
            element["initial_option"] = options_json({option}, 1).front();
    return input(label, id, std::move(element), {});
}

Json radio_input(std::string_view label, std::string_view id, const std::vector<Option>& options, const std::string& chosen)
{
    auto element = typed("radio_buttons");
    element["options"] = options_json(options, most_radio);
    for (std::size_t i = 0; i < element["options"].size(); ++i)
        if (options[i].value == chosen)
            element["initial_option"] = element["options"][i];
    return input(label, id, std::move(element), {});
}

Json people_input(std::string_view label, std::string_view id, std::string_view placeholder,
    const std::vector<std::string>& chosen, std::size_t most)
{
    auto element = typed("multi_users_select");
    element["placeholder"] = plain_text(placeholder, most_placeholder);
    auto people = Json::array();
    for (const auto& person : chosen)
        if (is_user_id(person) && people.size() < most)
            people.push_back(person);
    if (!people.empty())
        element["initial_users"] = std::move(people);
    element["max_selected_items"] = most;
    return input(label, id, std::move(element), {});
}

Json moment_input(std::string_view label, std::string_view id, std::optional<oncall::TimePoint> chosen)
{
    auto element = typed("datetimepicker");
    // Slack takes ten digits: from 2001 to 2286.
    const auto seconds = chosen ? std::chrono::floor<std::chrono::seconds>(*chosen).time_since_epoch().count() : 0;
    if (seconds >= 1'000'000'000 && seconds <= 9'999'999'999)
        element["initial_date_time"] = seconds;
    return input(label, id, std::move(element), {});
}

Json told_at_once(Json input)
{
    input["dispatch_action"] = true;
    return input;
}

std::string clean(std::string_view foreign, std::size_t most)
{
    std::string out;
    while (!foreign.empty()) {
        const auto [c, size] = first_of(foreign);
        if (c == broken)
            out += "\xEF\xBF\xBD";
        else if (c == '\n' || c == '\t' || !is_control(c))
            out += foreign.substr(0, size);
        foreign.remove_prefix(size);
    }
    return length(out) <= most ? out : cut(out, most);
}

Json plain_title(std::string_view plain) { return plain_text(clean(plain, most_view_title), most_view_title); }

Json plain_label(std::string_view plain)
{
    const auto words = clean(plain, most_label);
    return plain_text(is_blank(words) ? "(no name)" : words, most_label);
}

Json plain_words(std::string_view plain) { return plain_text(clean(plain, most_input_label), most_input_label); }

Json mrkdwn_text(const Mrkdwn& text, std::size_t most) { return mrkdwn(shortened(text, most)); }

Message message(const Mrkdwn& text, std::vector<Json> blocks, std::string_view colour)
{
    drop_nulls(blocks);
    const auto most = colour.empty() ? most_blocks : most_attached_blocks;
    const auto is_actions = [](const Json& block) { return block["type"] == "actions"; };
    std::size_t left = most_block_text;
    for (const auto& block : blocks)
        if (is_actions(block))
            left -= std::min(left, text_of(block));
    std::size_t others = most - std::min<std::size_t>(most, std::count_if(blocks.begin(), blocks.end(), is_actions));

    Message made;
    made.text = text.empty() ? "(nothing to say)" : cut(text.text(), most_message_text);
    made.colour = colour;
    for (auto& block : blocks) {
        if (!is_actions(block)) {
            if (others == 0 || !fit_block(block, left))
                continue;
            --others;
        }
        made.blocks.push_back(std::move(block));
    }
    return made;
}

View modal(std::string_view title, std::string_view submit, std::string_view callback_id, std::vector<Json> blocks)
{
    drop_nulls(blocks);
    auto json = typed("modal");
    json["callback_id"] = callback_id;
    json["title"] = plain_text(title, most_view_title);
    json["submit"] = plain_text(submit, most_view_title);
    json["close"] = plain_text("Cancel", most_view_title);
    json["blocks"] = std::move(blocks);
    return json;
}

} // namespace blocks::kit
