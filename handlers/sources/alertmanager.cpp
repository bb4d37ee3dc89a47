#include "handlers/sources/sources.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::Json;
using slack::text_at;

namespace {

std::map<std::string, std::string> texts(const Json& object, std::string_view what)
{
    std::map<std::string, std::string> found;
    if (object.is_null())
        return found;
    if (!object.is_object())
        throw BadPayload{std::string{what} + " must be an object of texts"};
    for (const auto& [name, value] : object.items()) {
        if (!value.is_string())
            throw BadPayload{std::string{what} + "." + name + " must be a text"};
        if (found.size() < most_labels)
            found.emplace(clipped(name, most_label), clipped(value.get<std::string>(), most_label));
    }
    return found;
}

std::string either(const std::map<std::string, std::string>& from, std::initializer_list<const char*> names)
{
    for (const auto* name : names)
        if (const auto found = from.find(name); found != from.end() && !found->second.empty())
            return found->second;
    return {};
}

Report alert_report(const Json& alert, std::size_t index)
{
    const auto place = "alerts[" + std::to_string(index) + "]";
    if (!alert.is_object())
        throw BadPayload{place + " must be an object"};
    const auto status = text_at(alert, {"status"});
    if (status != "firing" && status != "resolved")
        throw BadPayload{place + ".status must be \"firing\" or \"resolved\""};
    const auto fingerprint = text_at(alert, {"fingerprint"});
    if (fingerprint.empty())
        throw BadPayload{place + ".fingerprint is missing"};
    const auto labels = texts(slack::at(alert, {"labels"}), place + ".labels");
    const auto annotations = texts(slack::at(alert, {"annotations"}), place + ".annotations");

    Report report;
    report.dedup_key = clipped(fingerprint, 255);
    report.signal = status == "firing" ? Report::Signal::fire : Report::Signal::clear;
    report.title = clipped(either(annotations, {"summary"}), most_title);
    if (report.title.empty())
        report.title = either(labels, {"alertname"});
    if (report.title.empty())
        report.title = "an alert without a name";
    report.description = clipped(either(annotations, {"description", "message"}), most_description);
    report.severity = oncall::lower(either(labels, {"severity"}));
    report.service = either(labels, {"service"});
    report.labels = labels;
    if (const auto url = text_at(alert, {"generatorURL"}); !url.empty())
        report.links.push_back({clipped(url, 2'000), "Source"});
    if (const auto url = either(annotations, {"runbook_url", "runbook"}); !url.empty())
        report.links.push_back({url, "Runbook"});
    return report;
}

} // namespace

std::vector<Report> alertmanager(const Json& payload)
{
    if (!payload.is_object())
        throw BadPayload{"the body must be an object, as Alertmanager's webhook sends it"};
    const auto& alerts = slack::at(payload, {"alerts"});
    if (!alerts.is_array())
        throw BadPayload{"alerts must be a list, as in Alertmanager's webhook (version 4)"};
    std::vector<Report> reports;
    for (const auto& alert : alerts)
        reports.push_back(alert_report(alert, reports.size()));
    return reports;
}

} // namespace handlers::sources
