#include "handlers/sources/datadog.hpp"

#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::Json;

namespace {

/// What a variable became; empty when Datadog had nothing for it, or left it as it was written.
std::string datadog_value(const Json& body, std::string_view name)
{
    const auto word = word_at(body, {name});
    const auto is_name = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_' || oncall::is_digit(c); };
    const bool as_written = word.size() > 1 && word.front() == '$' && std::all_of(word.begin() + 1, word.end(), is_name);
    return as_written || word == "null" ? std::string{} : word;
}

bool has_recovered(const std::string& transition, const std::string& type, const std::string& title)
{
    // An event that mentions the webhook has no transition; whatever it is about, it is said.
    if (transition.empty() && type.empty() && title.empty())
        throw BadPayload{
            "alert_transition is missing: in Datadog's webhook, replace all of Payload by the template for this bot"};
    if (transition.empty())
        return type == "success" || (type.empty() && title.starts_with("[Recovered")); // Datadog begins its titles so
    if (transition == "recovered")
        return true;
    constexpr std::array<std::string_view, 8> open{
        "triggered", "re-triggered", "no data", "re-no data", "warn", "re-warn", "renotify", "re-notify"};
    if (std::find(open.begin(), open.end(), transition) != open.end())
        return false;
    throw BadPayload{"alert_transition \"" + clipped(transition, 50)
        + "\" is not known: it must be $ALERT_TRANSITION, which "
          "Datadog makes \"Triggered\", \"Warn\", \"No Data\", \"Recovered\" and the like"};
}

/// "service:checkout,env:prod,urgent": a label each; what has no name is in the label "tags".
void put_datadog_tags(Report& report, const std::string& tags)
{
    std::string nameless;
    for (std::size_t from = 0; from <= tags.size();) {
        const auto end = std::min(tags.find(',', from), tags.size());
        const auto tag = oncall::trimmed(std::string_view{tags}.substr(from, end - from));
        from = end + 1;
        if (const auto colon = tag.find(':'); colon != tag.npos && colon > 0)
            put_label(report.labels, tag.substr(0, colon), tag.substr(colon + 1));
        else if (!tag.empty() && nameless.size() < most_label)
            nameless += (nameless.empty() ? "" : ", ") + tag;
    }
    put_label(report.labels, "tags", nameless);
}

} // namespace

Read datadog(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object())
        throw BadPayload{"the body must be a JSON object: in Datadog's webhook, do not tick \"Encode as form\""};
    const auto transition = oncall::lower(datadog_value(body, "alert_transition")),
               type = oncall::lower(datadog_value(body, "alert_type"));
    const auto monitor = datadog_value(body, "alert_id"), scope = datadog_value(body, "alert_scope");

    const auto title =
        first_said({datadog_value(body, "event_title"), datadog_value(body, "alert_title"), datadog_value(body, "title")});
    Report report;
    report.signal = has_recovered(transition, type, title) ? Report::Signal::clear : Report::Signal::fire;
    const auto cycle = datadog_value(body, "alert_cycle_key"), aggregate = datadog_value(body, "aggreg_key");
    if (!cycle.empty())
        report.dedup_key = key_of(cycle);
    else if (!monitor.empty())
        report.dedup_key = key_of("monitor:" + monitor + ":" + scope);
    else if (!aggregate.empty())
        report.dedup_key = key_of("aggregate:" + aggregate);
    else if (report.signal == Report::Signal::clear)
        throw BadPayload{"alert_cycle_key and alert_id are missing: without one nobody can say which alert has recovered"};
    else
        report.ends = false;

    report.title = clipped(first_said({title, monitor.empty() ? "a Datadog alert" : "Datadog monitor " + monitor}), most_title);
    put_paragraph(report.description, first_said({datadog_value(body, "text_only_msg"), datadog_value(body, "body")}));
    const bool warns = transition == "warn" || transition == "re-warn" || type == "warning";
    const bool blind = transition == "no data" || transition == "re-no data";
    const bool is_event = transition.empty() && !type.empty() && type != "error" && !warns;
    const auto priority = oncall::lower(datadog_value(body, "alert_priority"));
    if (report.signal == Report::Signal::fire)
        report.severity = clipped(warns ? "warn" : first_said({priority, blind ? "no data" : is_event ? "info" : type}), 50);
    for (const auto* name : {"alert_id", "alert_scope", "alert_metric", "hostname"})
        put_label(report.labels, name, datadog_value(body, name));
    put_datadog_tags(report, datadog_value(body, "tags"));
    if (const auto service = report.labels.find("service"); service != report.labels.end())
        report.service = clipped(service->second, 255);
    put_link(report.links, datadog_value(body, "link"), "Datadog");
    put_link(report.links, datadog_value(body, "snapshot"), "Graph");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
