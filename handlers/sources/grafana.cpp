#include "handlers/sources/alertmanager.hpp"
#include "handlers/sources/reading.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;
using slack::text_at;

namespace {

/// "B = 44.2, C = 1"
std::string values_in(const Json& values)
{
    std::string words;
    if (values.is_object())
        for (const auto& [name, value] : values.items())
            if ((value.is_number() || value.is_string()) && words.size() < most_label)
                words += (words.empty() ? "" : ", ") + name + " = " + word_at(values, {name});
    return words;
}

Report grafana_alert(const Json& payload, const Json& alert, std::size_t index)
{
    auto report = alert_of(alert, index);
    // A rule without data has an alert of Grafana's own name, which alone tells nobody what is blind.
    const auto rule = report.labels.find("rulename");
    if (report.title.starts_with("Datasource") && rule != report.labels.end())
        report.title = clipped(report.title + ": " + rule->second, most_title);
    const auto values = values_in(at(alert, {"values"}));
    put_paragraph(report.description, values.empty() ? "" : "Values: " + values);
    put_label(report.labels, "orgId", word_at(payload, {"orgId"}));
    put_link(report.links, text_at(alert, {"silenceURL"}), "Silence");
    put_link(report.links, text_at(alert, {"dashboardURL"}), "Dashboard");
    put_link(report.links, text_at(alert, {"panelURL"}), "Panel");
    put_link(report.links, text_at(alert, {"imageURL"}), "Picture");
    return report;
}

/// The alert that *Test* of a contact point makes up. With labels of one's own it is to go where alerts with those go.
bool is_grafanas_test(const Json& alert)
{
    const auto& labels = at(alert, {"labels"});
    if (text_at(labels, {"alertname"}) != "TestAlert" || text_at(labels, {"instance"}) != "Grafana")
        return false;
    return labels.size() == 2 || (labels.size() == 3 && text_at(labels, {"grafana_folder"}) == "Test Folder");
}

constexpr auto grafanas_test = "the test of a contact point of Grafana";

/// Of Grafana's alerting before version 9, which some still run and others imitate.
Read legacy_grafana(const Json& payload)
{
    const auto state = oncall::lower(text_at(payload, {"state"}));
    if (text_at(payload, {"ruleName"}) == "Test notification"
        && text_at(payload, {"message"}).starts_with("Someone is testing the alert notification within"))
        return noted(grafanas_test);
    if (state == "pending" || state == "paused")
        return noted("the rule is " + state);
    if (state != "alerting" && state != "no_data" && state != "ok")
        throw BadPayload{"state must be \"alerting\", \"no_data\", \"ok\", \"pending\" or \"paused\""};
    const auto rule = word_at(payload, {"ruleId"}), name = word_at(payload, {"ruleName"});
    if (rule.empty() && name.empty())
        throw BadPayload{"ruleId is missing: without it nobody can say which rule this is"};

    Report report;
    report.dedup_key = key_of(rule.empty() ? "rule name:" + name : "rule:" + rule);
    report.signal = state == "ok" ? Report::Signal::clear : Report::Signal::fire;
    report.title = clipped(first_said({name, text_at(payload, {"title"}), "rule " + rule}), most_title);
    put_paragraph(report.description, text_at(payload, {"message"}));
    if (state == "no_data")
        put_paragraph(report.description, "There is no data.");
    if (const auto& matches = at(payload, {"evalMatches"}); matches.is_array())
        for (const auto& match : matches)
            if (const auto value = word_at(match, {"value"}); !value.empty())
                put_paragraph(report.description, clipped(word_at(match, {"metric"}), most_label) + " = " + value);
    if (const auto& tags = at(payload, {"tags"}); tags.is_object())
        for (const auto& [tag, value] : tags.items())
            put_label(report.labels, tag, word_at(tags, {tag}));
    report.severity = oncall::lower(clipped(word_at(payload, {"tags", "severity"}), 50));
    report.service = clipped(word_at(payload, {"tags", "service"}), 255);
    put_label(report.labels, "orgId", word_at(payload, {"orgId"}));
    put_label(report.labels, "ruleId", rule);
    put_link(report.links, text_at(payload, {"ruleUrl"}), "Rule");
    put_link(report.links, text_at(payload, {"imageUrl"}), "Picture");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace

Read grafana(const Sent& sent, const oncall::Source&)
{
    const auto& payload = sent.body;
    const bool has_alerts = at(payload, {"alerts"}).is_array();
    if (!has_alerts && at(payload, {"state"}).is_string())
        return legacy_grafana(payload);
    if (!has_alerts)
        throw BadPayload{"alerts is missing: in Grafana make a contact point of the type Webhook, without a custom payload"};
    const auto& alerts = at(payload, {"alerts"});
    if (alerts.size() == 1 && is_grafanas_test(alerts.front()))
        return noted(grafanas_test);
    return read_of(payload,
        alerts_read(payload, [&payload](const Json& alert, std::size_t index) { return grafana_alert(payload, alert, index); }));
}

} // namespace handlers::sources
