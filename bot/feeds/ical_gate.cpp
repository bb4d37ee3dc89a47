#include "feeds/ical_gate.hpp"

#include <algorithm>

namespace feeds {

namespace {

constexpr std::size_t most_zones = 200;
constexpr std::size_t largest_component = 64 << 10;
constexpr int most_attendees = 100; // of an event

constexpr std::string_view of_events[]{"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE",
    "RECURRENCE-ID", "STATUS", "TRANSP", "ATTENDEE", "ORGANIZER", "X-MICROSOFT-CDO-BUSYSTATUS"};
constexpr std::string_view of_zones[]{"TZID", "TZOFFSETFROM", "TZOFFSETTO", "DTSTART", "RRULE", "RDATE", "X-LIC-LOCATION"};
constexpr std::string_view parameters[]{"TZID", "VALUE", "PARTSTAT"};

std::string upper(std::string_view text)
{
    std::string all{text};
    std::transform(
        all.begin(), all.end(), all.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return all;
}

template <std::size_t N> bool is_one_of(const std::string_view (&names)[N], std::string_view name)
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// The next line without its end, unfolded; false at the end of the text. What is beyond `most` is dropped, and `length` says how
/// long the line was.
bool next_line(std::string_view text, std::size_t& at, std::string& line, std::size_t most, std::size_t& length)
{
    if (at >= text.size())
        return false;
    line.clear();
    length = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto part = text.substr(at, end - at);
        at = std::min(end + 1, text.size());
        if (!part.empty() && part.back() == '\r')
            part.remove_suffix(1);
        length += part.size();
        line.append(part.substr(0, most - std::min(most, line.size())));
        if (at >= text.size() || (text[at] != ' ' && text[at] != '\t'))
            break;
        ++at; // it goes on
    }
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return true;
}

std::string value_of(const std::string& line)
{
    const auto colon = line.find(':');
    return colon == line.npos ? std::string{} : line.substr(colon + 1);
}

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(' ');
    return first == text.npos ? std::string{} : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The property with the parameters that are used alone; empty: it has no value.
std::string property_of(const std::string& line, const std::string& name)
{
    auto all = name;
    auto at = line.find_first_of(";:");
    while (at != line.npos && line[at] == ';') {
        auto end = at + 1; // at the next ; or : that is not in quotes
        for (bool quoted = false; end < line.size() && (quoted || (line[end] != ';' && line[end] != ':')); ++end)
            quoted = quoted != (line[end] == '"');
        const auto parameter = line.substr(at + 1, end - at - 1);
        const auto equals = parameter.find('=');
        const auto what = upper(trimmed(parameter.substr(0, equals)));
        if (equals != parameter.npos && name != "RRULE" && is_one_of(parameters, what))
            all += ";" + what + parameter.substr(equals);
        at = end < line.size() ? end : line.npos;
    }
    return at == line.npos ? std::string{} : all + line.substr(at);
}

} // namespace

GatedCalendar gate(std::string_view text, std::size_t most_events, std::size_t longest_property)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    GatedCalendar all;
    std::vector<std::string> open; // components that have begun
    std::string line, component;
    std::size_t at = 0, length = 0;
    int rules = 0, attendees = 0; // of the component
    const auto is_event = [&] { return open.size() == 2 && open[1] == "VEVENT"; };
    const auto is_zone = [&] {
        return (open.size() == 2 && open[1] == "VTIMEZONE")
            || (open.size() == 3 && open[1] == "VTIMEZONE" && (open[2] == "STANDARD" || open[2] == "DAYLIGHT"));
    };
    while (next_line(text, at, line, longest_property, length)) {
        const auto name = upper(trimmed(line.substr(0, line.find_first_of(";:"))));
        if (name == "BEGIN") {
            const auto what = upper(trimmed(value_of(line)));
            if (open.empty() && what != "VCALENDAR") {
                if (!all.is_calendar)
                    return all; // an HTML page, for one
                continue;
            }
            all.is_calendar = true;
            if (open.size() > 50)
                return all; // nobody means that
            open.push_back(what);
            if (open.size() == 2) {
                component.clear();
                rules = attendees = 0;
            }
            if (is_event() || is_zone())
                component += "BEGIN:" + what + "\r\n";
            continue;
        }
        if (name.empty() && trimmed(line).empty())
            continue;
        if (!all.is_calendar)
            return all;
        if (name == "END") {
            const auto what = upper(trimmed(value_of(line)));
            // A component that ends without having begun is nobody's; one that lacks its end ends with what is around it.
            if (std::find(open.begin(), open.end(), what) == open.end())
                continue;
            while (!open.empty()) {
                if (is_event() || is_zone())
                    component += "END:" + open.back() + "\r\n";
                const bool whole_event = is_event();
                const bool whole_zone = is_zone() && open.size() == 2;
                if (whole_event && all.events.size() < most_events)
                    all.events.push_back(component);
                else if (whole_event)
                    all.too_many = true;
                if (whole_zone && all.zones.size() < most_zones)
                    all.zones.push_back(component);
                const bool was_it = open.back() == what;
                open.pop_back();
                if (was_it)
                    break;
            }
            continue;
        }
        if (open.size() == 1 && name == "X-WR-TIMEZONE")
            all.time_zone = trimmed(value_of(line)).substr(0, 100);
        if (open.size() == 1 && name == "X-WR-CALNAME")
            all.name = trimmed(value_of(line)).substr(0, 200);
        const bool used = (is_event() && is_one_of(of_events, name)) || (is_zone() && is_one_of(of_zones, name));
        if (!used || (name == "ATTENDEE" && ++attendees > most_attendees))
            continue;
        if (is_event() && name == "RRULE" && ++rules > 1) {
            ++all.more_rules;
            continue;
        }
        if (length > longest_property || component.size() + line.size() > largest_component)
            ++all.too_long;
        else if (const auto property = property_of(line, name); !property.empty())
            component += property + "\r\n";
    }
    all.is_whole = open.empty();
    return all;
}

} // namespace feeds
