#include "handlers/sources/alertmanager.hpp"

#include "handlers/sources/reading.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::Json;
using slack::text_at;

namespace {

/// What is no object is in one label, called `what`: nobody misses a page for a label.
std::map<std::string, std::string> texts(const Json& object, const char* what)
{
    std::map<std::string, std::string> found;
    if (object.empty())
        return found;
    if (!object.is_object())
        found.emplace(what, clipped(text_written(object), most_label));
    else
        for (const auto& [name, value] : object.items())
            if (!value.is_null() && found.size() < most_labels)
                found.emplace(clipped(name, most_label), clipped(text_written(value), most_label));
    return found;
}

/// Of an alert without a fingerprint, as Alertmanager before 0.19 sends it: the same however its labels are ordered.
std::string key_of_labels(const Json& labels)
{
    std::map<std::string, Json> sorted;
    if (labels.is_object())
        for (const auto& [name, value] : labels.items())
            sorted.emplace(name, value);
    Json all = sorted.empty() ? labels : Json::object();
    for (const auto& [name, value] : sorted)
        all[name] = value;
    return "labels:" + storage::sha256(text_written(all));
}

std::string either(const std::map<std::string, std::string>& from, std::initializer_list<const char*> names)
{
    for (const auto* name : names)
        if (const auto found = from.find(name); found != from.end() && !found->second.empty())
            return found->second;
    return {};
}

/// "instance=a, zone=b": those of `labels` that are not common to all.
std::string differing(const std::map<std::string, std::string>& labels, const std::map<std::string, std::string>& common)
{
    std::string words;
    for (const auto& [name, value] : labels)
        if (!common.contains(name) && words.size() < most_label)
            words += (words.empty() ? "" : ", ") + name + "=" + value;
    return clipped(words, most_label);
}

/// Unknown words are of high urgency, and none is below all.
int badness(const oncall::Source& source, const std::string& word)
{
    const auto severity = oncall::severity_of(source, word);
    if (severity.empty())
        return 0;
    constexpr std::array<std::string_view, 3> rising{"info", "warning", "error"};
    const auto found = std::find(rising.begin(), rising.end(), severity);
    return found == rising.end() ? 4 : static_cast<int>(found - rising.begin()) + 1;
}

std::string group_name(const Json& payload, const std::map<std::string, std::string>& labels)
{
    const auto grouped = texts(slack::at(payload, {"groupLabels"}), "groupLabels");
    const auto receiver = text_at(payload, {"receiver"});
    return first_said({text_at(payload, {"commonAnnotations", "summary"}), either(grouped, {"alertname"}),
        either(labels, {"alertname"}), differing(grouped, {}), receiver.empty() ? "alerts" : "alerts for " + receiver});
}

} // namespace

const Json& alerts_of(const Json& payload)
{
    if (!payload.is_object())
        throw BadPayload{"the body must be an object, as Alertmanager's webhook sends it"};
    const auto& alerts = slack::at(payload, {"alerts"});
    if (!alerts.is_array())
        throw BadPayload{"alerts must be a list, as in Alertmanager's webhook (version 4)"};
    return alerts;
}

Report alert_of(const Json& alert, std::size_t index)
{
    const auto place = "alerts[" + std::to_string(index) + "]";
    if (!alert.is_object())
        throw BadPayload{place + " must be an object"};
    const auto status = text_at(alert, {"status"});
    if (status != "firing" && status != "resolved")
        throw BadPayload{place + ".status must be \"firing\" or \"resolved\""};
    const auto fingerprint = word_at(alert, {"fingerprint"});
    const auto labels = texts(slack::at(alert, {"labels"}), "labels");
    if (fingerprint.empty() && labels.empty())
        throw BadPayload{place + ".fingerprint is missing, and so are its labels: nobody can say which alert this is"};
    const auto annotations = texts(slack::at(alert, {"annotations"}), "annotations");

    Report report;
    report.dedup_key = fingerprint.empty() ? key_of_labels(slack::at(alert, {"labels"})) : key_of(fingerprint);
    report.signal = status == "firing" ? Report::Signal::fire : Report::Signal::clear;
    report.title = first_said({either(annotations, {"summary"}), either(labels, {"alertname"}), "an alert without a name"});
    put_paragraph(report.description, either(annotations, {"description", "message"}));
    report.severity = oncall::lower(either(labels, {"severity"}));
    report.service = either(labels, {"service"});
    report.labels = labels;
    put_link(report.links, text_at(alert, {"generatorURL"}), "Source");
    put_link(report.links, either(annotations, {"runbook_url", "runbook"}), "Runbook");
    return report;
}

AlertsRead alerts_read(const Json& payload, const std::function<Report(const Json& alert, std::size_t index)>& one)
{
    AlertsRead read;
    std::string first;
    std::size_t index = 0, bad = 0;
    for (const auto& alert : alerts_of(payload)) {
        try {
            read.reports.push_back(one(alert, index));
        } catch (const BadPayload& problem) {
            if (bad++ == 0)
                first = problem.what();
        }
        ++index;
    }
    if (bad > 0 && read.reports.empty())
        throw BadPayload{first};
    if (bad > 0)
        read.left_out =
            "Left out, as it cannot be read: " + first + (bad == 1 ? "" : "; and " + std::to_string(bad - 1) + " more");
    return read;
}

Report group_of(const Json& payload, const oncall::Source& source)
{
    const auto alerts = alerts_read(payload, alert_of);
    const auto status = text_at(payload, {"status"});
    if (status != "firing" && status != "resolved")
        throw BadPayload{"status must be \"firing\" or \"resolved\""};
    const auto key = text_at(payload, {"groupKey"});
    if (key.empty())
        throw BadPayload{"groupKey is missing: without it nobody can say which group this is"};
    const auto labels = texts(slack::at(payload, {"commonLabels"}), "commonLabels");
    const auto annotations = texts(slack::at(payload, {"commonAnnotations"}), "commonAnnotations");

    Report report;
    report.dedup_key = key_of(key);
    report.signal = status == "firing" ? Report::Signal::fire : Report::Signal::clear;
    report.service = either(labels, {"service"});
    report.labels = labels;
    for (const auto& [name, value] : texts(slack::at(payload, {"groupLabels"}), "groupLabels"))
        put_label(report.labels, name, value);
    put_paragraph(report.description, either(annotations, {"description", "message"}));
    put_link(report.links, text_at(payload, {"externalURL"}), "Alertmanager");
    put_link(report.links, either(annotations, {"runbook_url", "runbook"}), "Runbook");
    put_paragraph(report.description, alerts.left_out);

    constexpr std::size_t most_lines = 20;
    std::size_t firing = 0, index = 0;
    for (const auto& one : alerts.reports) {
        ++index;
        const bool fires = one.signal == Report::Signal::fire;
        firing += fires ? 1 : 0;
        if (fires && badness(source, one.severity) > badness(source, report.severity))
            report.severity = one.severity;
        if (alerts.reports.size() == 1 || index > most_lines)
            continue;
        const auto which = differing(one.labels, labels);
        put_paragraph(report.description, (fires ? "Firing: " : "Resolved: ") + (which.empty() ? one.title : which));
    }
    if (index > most_lines)
        put_paragraph(report.description, "and " + std::to_string(index - most_lines) + " more");

    report.title = clipped(group_name(payload, labels), most_title - 50);
    if (firing > 0 && index > 1)
        report.title += " (" + std::to_string(firing) + " firing"
            + (index > firing ? ", " + std::to_string(index - firing) + " resolved)" : ")");
    return report;
}

std::string left_out_of(const Json& payload)
{
    const auto& count = slack::at(payload, {"truncatedAlerts"});
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() == 0)
        return {};
    return "The sender left out " + count.dump() + " more of this group: its limit of alerts in one notification is too low.";
}

std::vector<Report> alertmanager(const Json& payload) { return alerts_read(payload, alert_of).reports; }

Read read_of(const Json& payload, AlertsRead alerts)
{
    Read read;
    read.reports = std::move(alerts.reports);
    read.note = std::move(alerts.left_out);
    for (auto& report : read.reports) {
        put_paragraph(report.description, left_out_of(payload));
        put_paragraph(report.description, read.note);
    }
    if (read.reports.empty())
        read.note = "a notification without alerts";
    return read;
}

Read alertmanager(const Sent& sent, const oncall::Source& source)
{
    if (!source.by_group)
        return read_of(sent.body, alerts_read(sent.body, alert_of));
    Read read;
    read.reports.push_back(group_of(sent.body, source));
    put_paragraph(read.reports.front().description, left_out_of(sent.body));
    return read;
}

} // namespace handlers::sources
