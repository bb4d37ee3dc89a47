#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::Json;

namespace {

/// "vo_annotate.u.Runbook": u is a link, i a picture, s a text.
void put_annotation(Report& report, std::string_view name, const std::string& value)
{
    if (name.size() < 2 || name[1] != '.')
        return;
    const auto title = std::string{name.substr(2)};
    if (name.front() == 's')
        put_paragraph(report.description, clipped(title, most_label) + ": " + value);
    else
        put_link(report.links, value, title);
}

void put_victorops_fields(Report& report, const Json& body)
{
    constexpr std::string_view annotation = "vo_annotate.";
    constexpr std::array<std::string_view, 7> said{
        "message_type", "entity_id", "entity_display_name", "state_message", "state_start_time", "timestamp", "routing_key"};
    constexpr std::size_t most_short = 255; // a longer one is read in the description
    for (const auto& [name, json] : body.items()) {
        const auto value = word_at(body, {name});
        if (value.empty() || std::find(said.begin(), said.end(), name) != said.end())
            continue;
        if (name.starts_with(annotation))
            put_annotation(report, std::string_view{name}.substr(annotation.size()), value);
        else if (value.size() <= most_short && value.find('\n') == value.npos)
            put_label(report.labels, name, value);
        else
            put_paragraph(report.description, clipped(name, most_label) + ": " + value);
    }
}

} // namespace

Read victorops(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object())
        throw BadPayload{"the body must be a JSON object with at least message_type"};
    const auto type = oncall::lower(word_at(body, {"message_type"})), entity = word_at(body, {"entity_id"});
    if (type.empty())
        throw BadPayload{"message_type is missing"};
    if (type == "info")
        return noted("message_type INFO, which opens no incident");

    Report report;
    if (type == "critical" || type == "warning") {
        report.signal = Report::Signal::fire;
        report.severity = type;
    } else if (type == "acknowledgement" || type == "ack") {
        report.signal = Report::Signal::acknowledge;
    } else if (type == "recovery" || type == "ok") {
        report.signal = Report::Signal::clear;
    } else {
        throw BadPayload{
            "message_type \"" + clipped(type, 50) + "\" is not known: use CRITICAL, WARNING, ACKNOWLEDGEMENT, INFO or RECOVERY"};
    }
    if (entity.empty() && report.signal != Report::Signal::fire)
        throw BadPayload{"entity_id is missing: without it nobody can say which alert is meant"};
    report.dedup_key = key_of(entity); // VictorOps, too, opens a new incident when there is none

    const auto message = word_at(body, {"state_message"});
    report.title =
        clipped(first_said({word_at(body, {"entity_display_name"}), first_line_in(message), entity, "an alert without a name"}),
            most_title);
    put_paragraph(report.description, message == report.title ? "" : message);
    const auto slash = sent.rest.find_first_not_of('/');
    auto routing_key = slash == sent.rest.npos ? std::string{} : sent.rest.substr(slash);
    routing_key = first_said({routing_key.substr(0, routing_key.find('/')), word_at(body, {"routing_key"})});
    put_label(report.labels, "routing_key", routing_key);
    report.service = clipped(routing_key, 255);
    put_victorops_fields(report, body);
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
