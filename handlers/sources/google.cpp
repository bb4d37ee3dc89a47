#include "handlers/sources/report_fields.hpp"

#include "oncall/words.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// What Pub/Sub pushes, taken out of its envelope; all else as it came.
Json out_of_pubsub(const Json& body)
{
    const auto& packed = at(body, {"message", "data"});
    if (!packed.is_string() || at(body, {"incident"}).is_object())
        return body;
    const auto text = base64_said(packed.get<std::string>());
    if (!text)
        throw BadPayload{"message.data is no base64: a Pub/Sub subscription that pushes sends it so"};
    try {
        return slack::parse(*text);
    } catch (const slack::BadJson& problem) {
        throw BadPayload{"what Pub/Sub pushed is no incident of Cloud Monitoring: " + std::string{problem.what()}};
    }
}

std::string incident_title(const Json& incident)
{
    auto title = first_said(incident, {"policy_name", "condition_name"});
    const auto where = first_said(incident, {"resource_display_name", "resource_name"});
    if (!title.empty() && !where.empty())
        title += " on " + where;
    if (title.empty())
        title = first_said(incident, {"summary"});
    return title;
}

void put_documentation(Report& report, const Json& documentation)
{
    put_paragraph(report, documentation.is_object() ? said_at(documentation, {"content"}) : said_at(documentation, {}));
    const auto& links = at(documentation, {"links"});
    if (links.is_array())
        for (const auto& link : links)
            put_link(report, said_at(link, {"url"}), said_at(link, {"displayName"}));
}

} // namespace

Read google(const Sent& sent, const oncall::Source&)
{
    const auto body = out_of_pubsub(sent.body);
    const auto& incident = at(body, {"incident"});
    if (!incident.is_object())
        throw BadPayload{
            "incident is missing: this address takes what a webhook or Pub/Sub channel of Google Cloud Monitoring sends"};
    Read read;
    if (said_at(body, {"version"}) == "test") {
        read.note = "a test of the notification channel";
        return read;
    }
    const auto state = oncall::lower(said_at(incident, {"state"}));
    if (state != "open" && state != "closed")
        throw BadPayload{"incident.state must be \"open\" or \"closed\""};
    const auto id = said_at(incident, {"incident_id"});
    if (id.empty())
        throw BadPayload{"incident.incident_id is missing: without it nobody can say which incident is closed"};

    Report report;
    report.signal = state == "open" ? Report::Signal::fire : Report::Signal::clear;
    report.dedup_key = whole_key("", id);
    put_title(report, incident_title(incident), "an incident of Google Cloud Monitoring");
    report.severity = clipped(oncall::lower(said_at(incident, {"severity"})), 50);
    report.service = said_at(incident, {"policy_user_labels", "service"});
    if (report.service.empty())
        report.service = said_at(incident, {"metadata", "user_labels", "service"});
    report.service = clipped(report.service, 255);
    put_paragraph(report, said_at(incident, {"summary"}));
    put_link(report, said_at(incident, {"url"}), "Incident");
    put_documentation(report, at(incident, {"documentation"}));
    put_label(report, "policy_name", said_at(incident, {"policy_name"}));
    put_label(report, "condition_name", said_at(incident, {"condition_name"}));
    put_label(report, "project_id", said_at(incident, {"scoping_project_id"}));
    put_label(report, "resource_type", said_at(incident, {"resource", "type"}));
    put_label(report, "metric_type", said_at(incident, {"metric", "type"}));
    put_labels(report, at(incident, {"policy_user_labels"}));
    put_labels(report, at(incident, {"resource", "labels"}));
    put_labels(report, at(incident, {"metric", "labels"}));
    put_labels(report, at(incident, {"metadata", "user_labels"}));
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
