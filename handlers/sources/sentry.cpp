#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// What it is about: its header says so; a payload from a file has none, and tells by what is in it.
std::string sentry_resource(const Sent& sent)
{
    const auto header = net::header(sent.headers, "Sentry-Hook-Resource");
    if (!header.empty())
        return oncall::lower(header);
    for (const auto* name : {"metric_alert", "issue", "error"})
        if (at(sent.body, {"data", name}).is_object())
            return name;
    if (at(sent.body, {"data", "event"}).is_object())
        return "event_alert";
    return at(sent.body, {"data", "installation"}).is_object() ? "installation" : "";
}

/// Its slug stands only in the address of the event: ".../projects/ORGANIZATION/PROJECT/events/…".
std::string project_in(const std::string& url)
{
    constexpr std::string_view before = "/projects/";
    const auto found = url.find(before);
    const auto organization = found == url.npos ? url.npos : url.find('/', found + before.size());
    if (organization == url.npos)
        return {};
    return url.substr(organization + 1, url.find('/', organization + 1) - organization - 1);
}

/// [["browser", "Chrome"], …], or objects with key and value.
void put_sentry_tags(Report& report, const Json& tags)
{
    if (!tags.is_array())
        return;
    for (const auto& tag : tags) {
        if (tag.is_array() && tag.size() == 2 && tag[0].is_string() && tag[1].is_string())
            put_label(report.labels, tag[0].get<std::string>(), tag[1].get<std::string>());
        else
            put_label(report.labels, word_at(tag, {"key"}), word_at(tag, {"value"}));
    }
}

Read issue_report(Report report, const std::string& issue)
{
    if (issue.empty())
        throw BadPayload{"the issue's id is missing: without it nobody can say which issue this is"};
    report.dedup_key = key_of("issue:" + issue);
    if (report.title.empty())
        report.title = "Sentry issue " + clipped(issue, 100);
    if (const auto service = report.labels.find("service"); service != report.labels.end())
        report.service = clipped(service->second, 255);
    else if (const auto project = report.labels.find("project"); project != report.labels.end())
        report.service = clipped(project->second, 255);
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

/// An event that a rule has met, or any error when the integration subscribes to them. Of its end only the integration's `issue`
/// webhook tells, which need not be switched on.
Read sentry_event(const Json& event, const std::string& rule)
{
    Report report;
    report.title = clipped(first_said({word_at(event, {"title"}), word_at(event, {"message"})}), most_title);
    const auto culprit = word_at(event, {"culprit"}), message = word_at(event, {"message"});
    put_paragraph(report.description, culprit.empty() ? "" : "In " + culprit);
    put_paragraph(report.description, message == report.title ? "" : message);
    report.severity = oncall::lower(clipped(word_at(event, {"level"}), 50));
    put_label(report.labels, "project", project_in(word_at(event, {"url"})));
    put_label(report.labels, "triggered_rule", rule);
    for (const auto* name : {"environment", "release", "platform"})
        put_label(report.labels, name, word_at(event, {name}));
    put_sentry_tags(report, at(event, {"tags"}));
    put_link(report.links, word_at(event, {"web_url"}), "Sentry");
    report.ends = false;
    return issue_report(std::move(report), word_at(event, {"issue_id"}));
}

Read sentry_issue(const Json& issue, const std::string& action)
{
    if (action == "assigned")
        return noted("the issue was assigned, which answers no page");
    // Tells of every project of the organization; which new issues page is for alert rules to say.
    if (action == "created")
        return noted("a new issue: an alert rule that notifies this integration says which of them page");
    const auto substatus = oncall::lower(word_at(issue, {"substatus"}));
    if (action == "unresolved" && (substatus == "ongoing" || substatus == "new"))
        return noted("somebody has taken back that the issue is resolved or archived");
    Report report;
    if (action == "unresolved")
        report.signal = Report::Signal::fire;
    else if (action == "resolved" || action == "archived" || action == "ignored")
        report.signal = Report::Signal::clear;
    else
        return noted("the issue was " + clipped(action, 50));
    report.title = clipped(word_at(issue, {"title"}), most_title);
    const auto culprit = word_at(issue, {"culprit"});
    put_paragraph(report.description, culprit.empty() ? "" : "In " + culprit);
    report.severity = oncall::lower(clipped(word_at(issue, {"level"}), 50));
    put_label(report.labels, "project", word_at(issue, {"project", "slug"}));
    for (const auto* name : {"shortId", "platform", "substatus"})
        put_label(report.labels, name, word_at(issue, {name}));
    put_link(report.links, first_said({word_at(issue, {"web_url"}), word_at(issue, {"permalink"})}), "Sentry");
    return issue_report(std::move(report), word_at(issue, {"id"}));
}

Read sentry_metric(const Json& data, const std::string& action)
{
    if (action != "critical" && action != "warning" && action != "resolved")
        throw BadPayload{"action must be \"critical\", \"warning\" or \"resolved\""};
    const auto& alert = at(data, {"metric_alert"});
    const auto id = word_at(alert, {"id"}), rule = word_at(alert, {"alert_rule", "name"});
    if (id.empty())
        throw BadPayload{"data.metric_alert.id is missing: without it nobody can say which alert this is"};
    Report report;
    report.dedup_key = key_of("metric_alert:" + id);
    report.signal = action == "resolved" ? Report::Signal::clear : Report::Signal::fire;
    report.severity = action == "resolved" ? "" : action;
    report.title = clipped(first_said({word_at(data, {"description_title"}), rule, "Sentry metric alert " + id}), most_title);
    put_paragraph(report.description, word_at(data, {"description_text"}));
    put_label(report.labels, "alert_rule", rule);
    put_label(report.labels, "environment", word_at(alert, {"alert_rule", "environment"}));
    const auto projects = words_at(alert, {"projects"});
    put_label(report.labels, "project", projects);
    report.service = at(alert, {"projects"}).size() == 1 ? clipped(projects, 255) : "";
    put_link(report.links, word_at(data, {"web_url"}), "Sentry");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

/// Of the "WebHooks" integration of a project, which is older than the others and says nothing later.
Read sentry_plugin(const Json& body)
{
    Report report;
    report.title = clipped(
        first_said({word_at(body, {"event", "title"}), word_at(body, {"message"}), word_at(body, {"culprit"})}), most_title);
    const auto culprit = word_at(body, {"culprit"});
    put_paragraph(report.description, culprit.empty() ? "" : "In " + culprit);
    report.severity = oncall::lower(clipped(word_at(body, {"level"}), 50));
    put_label(report.labels, "project", word_at(body, {"project_slug"}));
    put_label(report.labels, "triggering_rules", words_at(body, {"triggering_rules"}));
    put_label(report.labels, "environment", word_at(body, {"event", "environment"}));
    put_sentry_tags(report, at(body, {"event", "tags"}));
    put_link(report.links, word_at(body, {"url"}), "Sentry");
    report.ends = false;
    return issue_report(std::move(report), word_at(body, {"id"}));
}

} // namespace

Read sentry(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object())
        throw BadPayload{"the body must be a JSON object, as Sentry's integrations send it"};
    const auto resource = sentry_resource(sent), action = oncall::lower(word_at(body, {"action"}));
    const auto& data = at(body, {"data"});
    if (resource == "event_alert")
        return sentry_event(at(data, {"event"}), word_at(data, {"triggered_rule"}));
    if (resource == "error")
        return sentry_event(at(data, {"error"}), "");
    if (resource == "issue")
        return sentry_issue(at(data, {"issue"}), action);
    if (resource == "metric_alert")
        return sentry_metric(data, action);
    if (resource == "installation")
        return noted("Sentry's integration was " + (action.empty() ? "set up" : clipped(action, 50)));
    if (!resource.empty())
        return noted("Sentry's " + clipped(resource, 50) + " becomes no alert");
    if (body.contains("project_slug"))
        return sentry_plugin(body);
    throw BadPayload{
        "the header Sentry-Hook-Resource is missing: in Sentry, make an internal integration and give it this address"};
}

} // namespace handlers::sources
