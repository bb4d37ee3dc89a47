#include "handlers/sources/report_fields.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::at;
using slack::Json;
using slack::text_at;

namespace {

// In characters, as PagerDuty counts them.
constexpr std::size_t most_summary = 1'024, most_key = 255;
// A detail that is longer, or has several lines, is read in the description and not among the labels.
constexpr std::size_t most_short_detail = 255;

using Problems = std::vector<std::string>;

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

std::string in_quotes(std::string_view name) { return "'" + std::string{name} + "'"; }

/// A text that may be missing. A number is taken as its digits: some senders number their alerts.
std::string optional_text(const Json& value, std::string_view name, Problems& problems)
{
    if (value.is_string())
        return is_blank(value.get_ref<const std::string&>()) ? std::string{} : value.get<std::string>();
    if (value.is_number())
        return value.dump();
    if (!value.is_null())
        problems.push_back(in_quotes(name) + " is not a string");
    return {};
}

std::string needed_text(const Json& value, std::string_view name, Problems& problems)
{
    const auto before = problems.size();
    auto text = optional_text(value, name, problems);
    if (text.empty() && problems.size() == before)
        problems.push_back(in_quotes(name) + " is missing or blank");
    return text;
}

bool is_web(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

void add_link(Report& report, const std::string& href, const std::string& text)
{
    if (report.links.size() < most_links && is_web(href))
        report.links.push_back({clipped(href, 2'000), clipped(text, 100)});
}

const Json& list_at(const Json& event, std::string_view key)
{
    static const Json nothing{};
    const auto& found = at(event, {key});
    return found.is_array() ? found : nothing;
}

/// Decoration: what is no link is left out, and nobody misses a page for it.
void add_links(Report& report, const Json& event)
{
    for (const auto& link : list_at(event, "links"))
        add_link(report, link.is_string() ? link.get<std::string>() : text_at(link, {"href"}), text_at(link, {"text"}));
    for (const auto& image : list_at(event, "images")) {
        const auto alt = text_at(image, {"alt"});
        const auto href = text_at(image, {"href"});
        add_link(report, href.empty() ? text_at(image, {"src"}) : href, alt.empty() ? "Image" : alt);
    }
    add_link(report, text_at(event, {"client_url"}), text_at(event, {"client"}));
}

void add_label(Report& report, const std::string& name, const std::string& value)
{
    if (!value.empty() && report.labels.size() < most_labels)
        report.labels.emplace(clipped(name, most_label), clipped(value, most_label));
}

void add_paragraph(Report& report, const std::string& text)
{
    if (text.empty() || report.description.size() >= most_description)
        return;
    report.description = clipped(report.description + (report.description.empty() ? "" : "\n") + text, most_description);
}

std::string as_text(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Short ones become labels, so that rules can tell by them whose alert it is; all others are read in the description.
void add_details(Report& report, const Json& details)
{
    if (details.is_null())
        return;
    if (!details.is_object())
        return add_paragraph(report, as_text(details));
    for (const auto& [name, value] : details.items()) {
        const auto text = value.is_null() ? std::string{} : as_text(value);
        if (is_blank(text))
            continue;
        const bool several_lines = text.find('\n') != text.npos;
        const bool fits =
            !several_lines && text.size() <= most_short_detail && !value.is_structured() && report.labels.size() < most_labels;
        if (fits && !report.labels.contains(name))
            add_label(report, name, text);
        else
            add_paragraph(report, name + (several_lines ? ":\n" : ": ") + text);
    }
}

void read_payload(Report& report, const Json& event, Problems& problems)
{
    const auto& payload = at(event, {"payload"});
    if (!payload.is_object() && !payload.is_null())
        problems.push_back("'payload' is not an object");
    const auto summary = needed_text(at(payload, {"summary"}), "payload.summary", problems);
    // PagerDuty refuses it too: senders have learnt to cut it themselves.
    if (characters(summary) > most_summary)
        problems.push_back("'payload.summary' is too long (maximum is 1024 characters)");
    report.title = clipped(summary, most_title);
    if (report.title.size() < summary.size())
        report.description = summary;
    add_label(report, "source", needed_text(at(payload, {"source"}), "payload.source", problems));

    report.severity = needed_text(at(payload, {"severity"}), "payload.severity", problems);
    constexpr std::array<std::string_view, 4> severities{"critical", "warning", "error", "info"};
    if (!report.severity.empty() && std::find(severities.begin(), severities.end(), report.severity) == severities.end())
        problems.push_back(
            "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')");

    for (const auto* name : {"component", "group", "class"})
        add_label(report, name, optional_text(at(payload, {name}), std::string{"payload."} + name, problems));
    if (const auto said = text_at(payload, {"timestamp"}); !said.empty()) {
        const auto when = instant_said(said);
        add_label(report, "timestamp", when ? oncall::iso(*when, "UTC") : said);
    }
    add_details(report, at(payload, {"custom_details"}));
    add_links(report, event);
    if (!is_web(text_at(event, {"client_url"})))
        add_label(report, "client", text_at(event, {"client"}));
}

} // namespace

Event pagerduty(const Json& body)
{
    Event event;
    auto& problems = event.problems;
    if (!body.is_object()) {
        problems.push_back("the event is not a JSON object");
        return event;
    }
    event.routing_key = optional_text(at(body, {"routing_key"}), "routing_key", problems);

    auto& report = event.report;
    report.dedup_key = optional_text(at(body, {"dedup_key"}), "dedup_key", problems);
    if (characters(report.dedup_key) > most_key)
        problems.push_back("'dedup_key' is too long (maximum is 255 characters)");

    const auto action = needed_text(at(body, {"event_action"}), "event_action", problems);
    if (action == "trigger") {
        report.signal = Report::Signal::fire;
        read_payload(report, body, problems);
        return event;
    }
    if (action != "acknowledge" && action != "resolve") {
        if (!action.empty())
            problems.push_back("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')");
        return event;
    }
    report.signal = action == "acknowledge" ? Report::Signal::acknowledge : Report::Signal::clear;
    if (report.dedup_key.empty())
        problems.push_back("'dedup_key' is missing or blank");
    return event;
}

Event pagerduty_v1(const Json& body)
{
    Event event;
    auto& problems = event.problems;
    if (!body.is_object()) {
        problems.push_back("the event is not a JSON object");
        return event;
    }
    event.routing_key = optional_text(at(body, {"service_key"}), "service_key", problems);
    auto& report = event.report;
    report.dedup_key = optional_text(at(body, {"incident_key"}), "incident_key", problems);
    if (characters(report.dedup_key) > most_key)
        problems.push_back("'incident_key' is too long (maximum is 255 characters)");
    const auto type = needed_text(at(body, {"event_type"}), "event_type", problems);
    if (type == "acknowledge" || type == "resolve") {
        report.signal = type == "acknowledge" ? Report::Signal::acknowledge : Report::Signal::clear;
        if (report.dedup_key.empty())
            problems.push_back("'incident_key' is missing or blank");
        return event;
    }
    if (type != "trigger") {
        if (!type.empty())
            problems.push_back("event_type is invalid (must be one of: trigger acknowledge resolve)");
        return event;
    }
    report.signal = Report::Signal::fire;
    const auto description = needed_text(at(body, {"description"}), "description", problems);
    // Its old senders do not cut: the whole is read below the title.
    report.title = clipped(description, most_title);
    if (report.title.size() < description.size())
        report.description = clipped(description, most_description);
    add_details(report, at(body, {"details"}));
    for (const auto& context : list_at(body, "contexts")) {
        const bool is_image = text_at(context, {"type"}) == "image";
        const auto href = text_at(context, {"href"}), text = text_at(context, {is_image ? "alt" : "text"});
        add_link(report, href.empty() ? text_at(context, {"src"}) : href, text.empty() && is_image ? "Image" : text);
    }
    add_link(report, text_at(body, {"client_url"}), text_at(body, {"client"}));
    if (!is_web(text_at(body, {"client_url"})))
        add_label(report, "client", text_at(body, {"client"}));
    return event;
}

ChangeRead pagerduty_change(const Json& body)
{
    ChangeRead read;
    auto& problems = read.problems;
    if (!body.is_object()) {
        problems.push_back("the event is not a JSON object");
        return read;
    }
    read.routing_key = optional_text(at(body, {"routing_key"}), "routing_key", problems);
    const auto& payload = at(body, {"payload"});
    if (!payload.is_object() && !payload.is_null())
        problems.push_back("'payload' is not an object");
    const auto summary = needed_text(at(payload, {"summary"}), "payload.summary", problems);
    if (characters(summary) > most_summary)
        problems.push_back("'payload.summary' is too long (maximum is 1024 characters)");
    Report report;
    add_label(report, "source", optional_text(at(payload, {"source"}), "payload.source", problems));
    add_details(report, at(payload, {"custom_details"}));
    for (const auto& link : list_at(body, "links"))
        add_link(report, link.is_string() ? link.get<std::string>() : text_at(link, {"href"}), text_at(link, {"text"}));
    auto& change = read.change;
    change.title = clipped(summary, most_title);
    change.labels = std::move(report.labels);
    change.links = std::move(report.links);
    if (const auto when = instant_said(text_at(payload, {"timestamp"}))) {
        change.at = *when;
        // It has no key. The same of the same moment is told twice; without a moment it may well happen twice.
        change.dedup_key = "sha256:" + storage::sha256(payload.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    return read;
}

namespace {

/// A time as text or as milliseconds since 1970.
std::string when_said(const Json& value)
{
    constexpr std::int64_t latest = 253'402'300'799'000; // of the year 9999
    if (value.is_number_integer()) {
        const auto number =
            value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{latest} ? -1 : value.get<std::int64_t>();
        return number < 0 || number > latest ? value.dump() : oncall::iso(TimePoint{oncall::milliseconds{number}}, "UTC");
    }
    const auto text = said_at(value, {});
    const auto when = instant_said(text);
    return when ? oncall::iso(*when, "UTC") : text;
}

/// {"message": …}: a page for the service that the source is of.
Event page_for_service(const Json& body)
{
    Event event;
    auto& problems = event.problems;
    auto& report = event.report;
    const auto message = needed_text(at(body, {"message"}), "message", problems);
    report.title = clipped(message, most_title);
    const auto text = optional_text(at(body, {"email_text"}), "email_text", problems);
    report.description = clipped(report.title.size() < message.size() ? message + "\n" + text : text, most_description);
    report.severity = clipped(oncall::lower(optional_text(at(body, {"priority"}), "priority", problems)), 50);
    if (report.severity.empty())
        report.severity = "p1_critical";
    // Whatever else it says, somebody is to be paged.
    const auto status = oncall::lower(oncall::trimmed(said_at(body, {"status"})));
    if (status == "resolved" || status == "closed")
        report.signal = Report::Signal::clear;
    else if (status == "acknowledged" || status == "acked")
        report.signal = Report::Signal::acknowledge;
    else if (status != "triggered" && status != "new")
        add_label(report, "status", status);
    // Said twice it is one page, and "resolved" finds the one that says the same.
    const auto key = optional_text(at(body, {"fingerprint"}), "fingerprint", problems);
    report.dedup_key = key.empty() ? "message:" + storage::sha256(message) : whole_key("", key);
    for (const auto* name : {"created_at", "started_at"})
        add_label(report, name, when_said(at(body, {name})));
    return event;
}

} // namespace

Event paging(const Json& body)
{
    if (body.is_object() && at(body, {"event_action"}).is_null() && at(body, {"payload"}).is_null())
        return page_for_service(body);
    // Whom it is for is no property of what is wrong.
    auto rest = body;
    if (at(rest, {"payload", "custom_details"}).is_object())
        rest["payload"]["custom_details"].erase("page");
    auto event = pagerduty(rest);
    if (event.report.signal != Report::Signal::fire)
        return event;
    constexpr std::size_t most_named = 50;
    const auto& whom = at(body, {"payload", "custom_details", "page"});
    const auto add = [&](const Json& one) {
        if (one.is_string() && !is_blank(one.get_ref<const std::string&>()) && event.report.whom.size() < most_named)
            event.report.whom.push_back(clipped(one.get<std::string>(), most_label));
    };
    if (whom.is_array())
        for (const auto& one : whom)
            add(one);
    else
        add(whom);
    if (event.report.whom.empty() && !at(body, {"payload"}).is_null())
        event.problems.push_back("'payload.custom_details.page' is missing or blank (it names whom to page: a person's e-mail "
                                 "address, a service, a team, a schedule or a policy, or a list of them)");
    return event;
}

bool is_events_api(std::string_view format) { return format == "pagerduty" || format == "paging"; }

} // namespace handlers::sources
