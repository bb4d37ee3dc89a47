#include "oncall/routing.hpp"

#include "oncall/severity.hpp"

#include <algorithm>

namespace oncall {

namespace {

std::string field(std::string_view name, const AlertFields& fields)
{
    constexpr std::string_view labels = "labels.";
    if (name.starts_with(labels)) {
        const auto found = fields.labels.find(std::string{name.substr(labels.size())});
        return found == fields.labels.end() ? "" : found->second;
    }
    if (name == "title")
        return fields.title;
    if (name == "description")
        return fields.description;
    if (name == "severity")
        return fields.severity;
    if (name == "source")
        return fields.source;
    if (name == "service")
        return fields.service;
    return {};
}

} // namespace

bool matches(const Condition& condition, const AlertFields& fields)
{
    const auto holds = [&](const Condition& part) { return matches(part, fields); };
    switch (condition.kind) {
    case Condition::Kind::all: return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Condition::Kind::any: return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Condition::Kind::no: return std::none_of(condition.parts.begin(), condition.parts.end(), holds);
    default: break;
    }
    return field(condition.field, fields) == condition.value;
}

Urgency urgency_of(std::string_view severity)
{
    const auto word = severity_by_format({}, severity);
    return word == "warning" || word == "info" ? Urgency::low : Urgency::high;
}

Routed route(const Configuration& configuration, const AlertFields& fields)
{
    Routed routed;
    routed.severity = fields.severity;
    routed.title = fields.title;
    const auto rule = std::find_if(
        configuration.rules.begin(), configuration.rules.end(), [&](const Rule& one) { return matches(one.when, fields); });
    const bool ruled = rule != configuration.rules.end();
    const auto source = configuration.sources.find(fields.source);
    const auto known = [&](const std::string& name) { return configuration.services.contains(name); };
    if (ruled) {
        routed.rule = rule->name;
        routed.because = "rule \"" + rule->name + "\" matched";
    }
    if (ruled && !rule->service.empty()) {
        routed.service = rule->service;
    } else if (known(fields.service)) {
        routed.service = fields.service;
        routed.because += std::string{routed.because.empty() ? "" : "; "} + "the alert names service " + fields.service;
    } else if (source != configuration.sources.end() && known(source->second.service)) {
        routed.service = source->second.service;
        routed.because +=
            std::string{routed.because.empty() ? "" : "; "} + "source " + fields.source + " belongs to service " + routed.service;
    }

    const auto service = configuration.services.find(routed.service);
    if (service == configuration.services.end()) {
        routed.service.clear();
        if (source != configuration.sources.end())
            routed.team = source->second.team;
        routed.urgency = ruled && rule->urgency ? *rule->urgency : urgency_of(fields.severity);
        routed.lost = ruled ? rule->page.value_or(true) : true;
        routed.because += std::string{routed.because.empty() ? "" : "; "} + "no known service";
        return routed;
    }
    routed.team = service->second.team;
    routed.policy = service->second.policy;
    if (const auto team = configuration.teams.find(routed.team); routed.policy.empty() && team != configuration.teams.end())
        routed.policy = team->second.policy;
    routed.urgency = ruled && rule->urgency ? *rule->urgency : urgency_of(fields.severity);
    routed.page = ruled ? rule->page.value_or(true) : true;
    if (!routed.page)
        routed.because += "; it says not to page";
    return routed;
}

} // namespace oncall
