#include "handlers/sources/report_fields.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// The alert that *Test* of an action group makes up, for each kind of alert the same.
constexpr std::string_view azure_test_alert{
    "/subscriptions/11111111-1111-1111-1111-111111111111/providers/microsoft.alertsmanagement/alerts/"
    "12345678-1234-1234-1234-1234567890ab"};

std::vector<std::string> texts_of_list(const Json& list)
{
    std::vector<std::string> texts;
    if (list.is_array())
        for (const auto& one : list)
            if (auto text = said_at(one, {}); !text.empty() && texts.size() < 10)
                texts.push_back(std::move(text));
    return texts;
}

/// The part that follows `name` in "/subscriptions/…/resourceGroups/…/providers/NAMESPACE/TYPE/…", however it is spelt.
std::string part_of_resource(const std::string& id, std::string_view name)
{
    const auto at_name = oncall::lower(id).find("/" + std::string{name} + "/");
    if (at_name == id.npos)
        return {};
    const auto start = at_name + name.size() + 2;
    return id.substr(start, id.find('/', start) - start);
}

/// "Percentage CPU is 31.1 (Average, GreaterThan 25)", and its dimensions as labels.
void put_conditions(Report& report, const Json& context)
{
    const auto& all = at(context, {"condition", "allOf"});
    if (!all.is_array())
        return;
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 5); ++i) {
        const auto& one = all[i];
        const auto what = first_said(one, {"metricName", "metricMeasureColumn", "searchQuery"});
        const auto value = said_at(one, {"metricValue"});
        const auto limit = said_at(one, {"operator"}) + " " + said_at(one, {"threshold"});
        const auto by = said_at(one, {"timeAggregation"});
        if (!what.empty())
            put_paragraph(report,
                clipped(what, 500) + (value.empty() ? "" : " is " + value)
                    + (limit == " " ? "" : " (" + by + (by.empty() ? "" : ", ") + limit + ")"));
        put_link(report, first_said(one, {"linkToFilteredSearchResultsUI", "linkToSearchResultsUI"}), "Query results");
        const auto& dimensions = at(one, {"dimensions"});
        if (dimensions.is_array())
            for (const auto& dimension : dimensions)
                put_label(report, said_at(dimension, {"name"}), said_at(dimension, {"value"}));
    }
}

/// Service and resource health never say "Resolved" where others do, and each of their news has an alertId of its own.
struct Health {
    std::string key{}; // of what the news is about; empty: an alert like others
    bool over{};
    bool review{}; // published when it has long been over
};
Health health_in(const Json& essentials, const Json& context, const std::string& target)
{
    Health health;
    const auto kind = oncall::lower(said_at(essentials, {"monitoringService"}));
    const auto status = oncall::lower(said_at(context, {"status"}));
    if (kind == "servicehealth") {
        const auto stage = oncall::lower(said_at(context, {"properties", "stage"}));
        const auto tracked = said_at(context, {"properties", "trackingId"});
        health.key = tracked.empty() ? "" : whole_key("servicehealth:", tracked);
        health.over = status == "resolved" || stage == "resolved" || stage == "complete" || stage == "completed"
            || stage == "canceled" || stage == "cancelled";
        health.review = stage == "rca";
    } else if (kind == "resourcehealth") {
        health.key = target.empty() ? "" : whole_key("resourcehealth:", oncall::lower(target));
        health.over =
            status == "resolved" || oncall::lower(said_at(context, {"properties", "currentHealthStatus"})) == "available";
    }
    return health;
}

std::string severity_of_health(const Json& properties)
{
    const auto type = oncall::lower(said_at(properties, {"incidentType"})),
               status = oncall::lower(said_at(properties, {"currentHealthStatus"}));
    if (type == "incident" || status == "unavailable")
        return "error";
    return type == "actionrequired" || type == "security" || status == "degraded" || status == "unknown" ? "warning" : "info";
}

std::string azure_title(const Json& essentials, const Json& context, const std::vector<std::string>& items, bool is_health)
{
    auto title = said_at(essentials, {"alertRule"});
    const auto news = is_health ? said_at(context, {"properties", "title"}) : std::string{};
    if (!news.empty())
        return title.empty() ? news : title + ": " + news;
    if (title.empty()) { // a budget's
        const auto description = said_at(essentials, {"description"});
        return description.substr(0, description.find_first_of("\r\n"));
    }
    const auto names =
        oncall::listed({items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(items.size(), 2))});
    // Most name the rule after the thing it watches.
    return names.empty() || oncall::lower(title).find(oncall::lower(names)) != title.npos ? title : title + " on " + names;
}

} // namespace

Read azure(const Sent& sent, const oncall::Source&)
{
    const auto& essentials = at(sent.body, {"data", "essentials"});
    if (!essentials.is_object())
        throw BadPayload{
            "data.essentials is missing: turn on \"Enable the common alert schema\" for this webhook in Azure's action "
            "group"};
    Read read;
    if (oncall::lower(said_at(essentials, {"alertId"})) == azure_test_alert) {
        read.note = "the test of an action group of Azure Monitor";
        return read;
    }
    const auto& context = at(sent.body, {"data", "alertContext"});
    const auto condition = oncall::lower(said_at(essentials, {"monitorCondition"}));
    if (condition != "fired" && condition != "resolved")
        throw BadPayload{"data.essentials.monitorCondition must be \"Fired\" or \"Resolved\""};
    const auto targets = texts_of_list(at(essentials, {"alertTargetIDs"}));
    const auto items = texts_of_list(at(essentials, {"configurationItems"}));
    const auto target = targets.empty() ? std::string{} : targets.front();
    const auto health = health_in(essentials, context, target);
    if (health.review) {
        read.note = "a review of what Azure's service health has told before";
        return read;
    }
    auto key = health.key;
    if (key.empty())
        key = whole_key("", first_said(essentials, {"alertId", "originAlertId"}));
    if (key.empty())
        throw BadPayload{"data.essentials.alertId is missing: without it nobody can say which alert is resolved"};

    Report report;
    report.signal = condition == "resolved" || health.over ? Report::Signal::clear : Report::Signal::fire;
    report.dedup_key = key;
    put_title(report, azure_title(essentials, context, items, !health.key.empty()), "an alert of Azure Monitor");
    report.severity = clipped(oncall::lower(said_at(essentials, {"severity"})), 50);
    if (!health.key.empty()) // is always Sev4, and nobody can set it
        report.severity = severity_of_health(at(context, {"properties"}));
    const auto service = oncall::lower(said_at(essentials, {"monitoringService"}));
    if (health.key.empty() && (service == "costalerts" || service.starts_with("activity log")))
        report.ends = false;
    const auto& custom = at(sent.body, {"data", "customProperties"});
    report.service = said_at(custom, {"service"});
    if (report.service.empty())
        report.service = said_at(context, {"labels", "service"}); // of Azure's Prometheus
    report.service = clipped(report.service, 255);

    put_paragraph(report, said_at(essentials, {"description"}));
    put_paragraph(report, said_at(context, {"annotations", "summary"}));
    put_paragraph(report, said_at(context, {"annotations", "description"}));
    put_conditions(report, context);
    if (!health.key.empty())
        put_paragraph(report, first_said(at(context, {"properties"}), {"communication", "details"}));
    put_link(report, said_at(essentials, {"investigationLink"}), "Investigate in Azure");
    put_link(report, first_said(context, {"LinkToFilteredSearchResultsUI", "LinkToSearchResults"}), "Query results");

    for (const auto* name : {"alertRule", "signalType", "monitoringService"})
        put_label(report, name, said_at(essentials, {name}));
    put_label(report, "configurationItems", oncall::listed(items, ", "));
    put_label(report, "subscription", part_of_resource(target, "subscriptions"));
    put_label(report, "resourceGroup", part_of_resource(target, "resourcegroups"));
    put_label(report, "provider", part_of_resource(target, "providers"));
    for (const auto* name : {"operationName", "status", "caller"})
        put_label(report, name, said_at(context, {name}));
    if (!health.key.empty())
        for (const auto* name : {"service", "region", "incidentType", "stage", "currentHealthStatus", "cause"})
            put_label(report, name, said_at(context, {"properties", name}));
    put_labels(report, custom);
    put_labels(report, at(context, {"labels"}));
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
