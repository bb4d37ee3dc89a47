#include "handlers/sources/report_fields.hpp"

#include "notify/text.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers::sources {

using slack::Json;

namespace {

constexpr std::size_t longest_key = 255, longest_label_of_object = 255, longest_href = 2'000, longest_link_text = 100;

/// "+0200", "+02:00", "+02", "Z" or nothing, which is UTC.
std::optional<oncall::milliseconds> offset_said(std::string_view text)
{
    if (text.empty() || text == "Z" || text == "z")
        return oncall::milliseconds{0};
    if (text.front() != '+' && text.front() != '-')
        return std::nullopt;
    std::string digits{text.substr(1)};
    if (digits.size() == 5 && digits[2] == ':')
        digits.erase(2, 1);
    int number{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || (digits.size() != 4 && digits.size() != 2))
        return std::nullopt;
    const auto hours = digits.size() == 4 ? number / 100 : number, minutes = digits.size() == 4 ? number % 100 : 0;
    if (hours > 14 || minutes > 59)
        return std::nullopt;
    const auto offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return text.front() == '-' ? -offset : offset;
}

} // namespace

std::string said_at(const Json& json, std::initializer_list<std::string_view> keys)
{
    const auto& found = slack::at(json, keys);
    if (found.is_string())
        return found.get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos ? std::string{}
                                                                                                     : found.get<std::string>();
    return found.is_number() || found.is_boolean() ? found.dump() : std::string{};
}

std::string first_said(const Json& json, std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (auto text = said_at(json, {name}); !text.empty())
            return text;
    return {};
}

void put_title(Report& report, const std::string& text, const std::string& otherwise)
{
    report.title = clipped(oncall::trimmed(text), most_title);
    if (report.title.empty())
        report.title = otherwise;
}

void put_label(Report& report, const std::string& name, const std::string& value)
{
    if (!name.empty() && !value.empty() && report.labels.size() < most_labels)
        report.labels.emplace(clipped(name, most_label), clipped(value, most_label));
}

void put_labels(Report& report, const Json& object)
{
    if (!object.is_object())
        return;
    for (const auto& [name, value] : object.items()) {
        const auto text = said_at(value, {});
        if (text.size() <= longest_label_of_object && text.find_first_of("\r\n") == text.npos)
            put_label(report, name, text);
    }
}

void put_link(Report& report, const std::string& href, const std::string& text)
{
    const bool is_web = href.starts_with("https://") || href.starts_with("http://");
    const auto same = [&](const oncall::Link& link) { return link.href == href; };
    // A link that is cut leads elsewhere.
    if (is_web && href.size() <= longest_href && report.links.size() < most_links
        && std::none_of(report.links.begin(), report.links.end(), same))
        report.links.push_back({href, clipped(text, longest_link_text)});
}

void put_paragraph(Report& report, const std::string& text)
{
    // What was cut between characters may be a little shorter, and is full all the same: thousands may follow.
    if (text.empty() || report.description.size() + 4 >= most_description)
        return;
    report.description = clipped(report.description + (report.description.empty() ? "" : "\n") + text, most_description);
}

std::string whole_key(const std::string& prefix, const std::string& key)
{
    auto whole = prefix + key;
    return whole.size() <= longest_key ? whole : prefix + "sha256:" + storage::sha256(key);
}

std::optional<TimePoint> instant_said(std::string_view text)
{
    const auto time = text.find_first_of("Tt ");
    if (time == text.npos)
        return std::nullopt;
    const auto end = std::min(text.find_first_not_of("0123456789:", time + 1), text.size());
    auto rest = text.substr(end);
    if (!rest.empty() && (rest.front() == '.' || rest.front() == ','))
        rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    std::string head{text.substr(0, end)};
    head[time] = 'T';
    const auto local = oncall::local_time_in(head);
    const auto offset = offset_said(rest);
    if (!local || !offset)
        return std::nullopt;
    return TimePoint{local->time_since_epoch()} - *offset;
}

std::optional<std::string> base64_said(std::string text)
{
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return notify::base64url_in(text);
}

} // namespace handlers::sources
