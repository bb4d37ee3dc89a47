#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

#include <string_view>

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// The issue in New Relic's test of a notification, with values that are its own as well.
constexpr std::string_view newrelic_test_issue{"d1b1f3fd-995a-4066-88ab-8ce4f6960654"};

bool newrelic_acknowledged(const Json& body)
{
    const auto when = first_said({word_at(body, {"acknowledgedAt"}), word_at(body, {"issueAcknowledgedAt"})});
    return word_at(body, {"isAcknowledged"}) == "true" || (!when.empty() && when != "0");
}

/// What has become of the issue; or, with a note, nothing. Its states are CREATED, ACTIVATED and CLOSED; what people do to it and
/// what ends within it comes as ACTIVATED again, which is no reason to page.
Report::Signal issue_signal(const Json& body, std::string& note)
{
    const auto state = oncall::lower(word_at(body, {"state"})), trigger = oncall::lower(word_at(body, {"trigger"}));
    if (state == "closed")
        return Report::Signal::clear;
    if (state == "deactivated")
        note = "the issue is deactivated; New Relic closes it next";
    else if (state != "created" && state != "activated" && state != "acknowledged")
        throw BadPayload{"state must be \"CREATED\", \"ACTIVATED\", \"ACKNOWLEDGED\", \"DEACTIVATED\" or \"CLOSED\": keep "
                         "\"state\": {{ json state }} in the workflow's payload"};
    if (trigger == "incident_added" || trigger == "priority_changed")
        return Report::Signal::fire; // is news, whoever has answered before
    if (state == "acknowledged" || newrelic_acknowledged(body))
        return Report::Signal::acknowledge;
    if (trigger == "user_action")
        note = "somebody has done something to the issue; that it is acknowledged is known by \"isAcknowledged\": "
               "{{ json isAcknowledged }} in the workflow's payload";
    else if (trigger == "incident_closed")
        note = "an incident of the issue has ended, and the issue has not";
    return Report::Signal::fire;
}

Read newrelic_issue(const Json& body)
{
    std::string note;
    const auto signal = issue_signal(body, note);
    const auto id = first_said({word_at(body, {"id"}), word_at(body, {"issueId"})});
    if (id == newrelic_test_issue)
        return noted("New Relic's test notification");
    if (!note.empty())
        return noted(std::move(note));
    if (id.empty())
        throw BadPayload{"id is missing: keep \"id\": {{ json issueId }} in the workflow's payload"};

    Report report;
    report.signal = signal;
    report.dedup_key = key_of("issue:" + id);
    const auto conditions = words_at(body, {"alertConditionNames"});
    report.title = clipped(first_said({words_at(body, {"title"}), conditions, "New Relic issue " + id}), most_title);
    put_paragraph(report.description, words_at(body, {"description"}));
    const auto incidents = word_at(body, {"totalIncidents"});
    put_paragraph(report.description, incidents.empty() || incidents == "1" ? "" : incidents + " incidents");
    report.severity = oncall::lower(clipped(word_at(body, {"priority"}), 50));
    report.service = clipped(word_at(body, {"service"}), 255);
    for (const auto* name : {"alertPolicyNames", "alertConditionNames", "impactedEntities", "sources", "workflowName"})
        put_label(report.labels, name, words_at(body, {name}));
    put_link(report.links, word_at(body, {"issueUrl"}), "New Relic");
    put_link(report.links, word_at(body, {"runbookUrl"}), "Runbook");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

Read newrelic_incident(const Json& body)
{
    const auto state = oncall::lower(word_at(body, {"current_state"}));
    if (state == "test")
        return noted("New Relic's test of the connection");
    // New Relic has moved these channels to workflows, with the states of those.
    const bool opens = state == "open" || state == "created" || state == "activated";
    if (state == "deactivated")
        return noted("the issue is deactivated; New Relic closes it next");
    if (!opens && state != "acknowledged" && state != "closed")
        throw BadPayload{"current_state must be \"open\", \"acknowledged\" or \"closed\""};
    const auto id = word_at(body, {"incident_id"});
    if (id.empty())
        throw BadPayload{"incident_id is missing: without it nobody can say which incident this is"};

    Report report;
    report.signal = opens ? Report::Signal::fire : state == "closed" ? Report::Signal::clear : Report::Signal::acknowledge;
    report.dedup_key = key_of("incident:" + id);
    const auto details = word_at(body, {"details"}), condition = words_at(body, {"condition_name"});
    report.title = clipped(first_said({details, condition, "New Relic incident " + id}), most_title);
    if (report.title.size() < details.size())
        put_paragraph(report.description, details);
    report.severity = oncall::lower(clipped(word_at(body, {"severity"}), 50));
    put_label(report.labels, "condition_name", condition);
    for (const auto* name : {"policy_name", "account_name", "event_type"})
        put_label(report.labels, name, word_at(body, {name}));
    std::string names;
    if (const auto& targets = at(body, {"targets"}); targets.is_array())
        for (const auto& target : targets) {
            const auto name = word_at(target, {"name"});
            if (!name.empty() && names.size() < most_label)
                names += (names.empty() ? "" : ", ") + name;
            if (const auto& labels = at(target, {"labels"}); labels.is_object())
                for (const auto& [label, value] : labels.items())
                    put_label(report.labels, label, word_at(labels, {label}));
        }
    put_label(report.labels, "targets", names);
    put_link(report.links, word_at(body, {"incident_url"}), "New Relic");
    put_link(report.links, word_at(body, {"runbook_url"}), "Runbook");
    put_link(report.links, word_at(body, {"violation_chart_url"}), "Graph");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace

Read newrelic(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object())
        throw BadPayload{"the body must be a JSON object, as New Relic's workflows send it"};
    return body.contains("current_state") ? newrelic_incident(body) : newrelic_issue(body);
}

} // namespace handlers::sources
