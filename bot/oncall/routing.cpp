#include "oncall/routing.hpp"

#include "oncall/alert_template.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_rules_named = 5; // of the rules that spoke
constexpr std::size_t most_service_name_said = 80; // bytes

/// What all of them say: each thing as the first says it.
Rule said_by(const std::vector<const Rule*>& rules)
{
    Rule said;
    const auto take = [](auto& into, const auto& from) {
        if (into == std::decay_t<decltype(into)>{})
            into = from;
    };
    for (const auto* rule : rules) {
        take(said.service, rule->service);
        take(said.default_service, rule->default_service);
        take(said.team, rule->team);
        take(said.policy, rule->policy);
        take(said.urgency, rule->urgency);
        take(said.severity, rule->severity);
        take(said.page, rule->page);
        take(said.delay, rule->delay);
        take(said.title, rule->title);
        // What an earlier one says to page is not kept from people by a later one.
        said.suppress = said.suppress || (rule->suppress && !said.page.value_or(false));
        // The key carries the name of the rule it is by.
        if (said.group.by.empty() && !rule->group.by.empty()) {
            said.group = rule->group;
            said.name = rule->name;
        }
    }
    return said;
}

std::string names_of_rules(const std::vector<const Rule*>& rules, std::string_view quote)
{
    std::string names;
    for (std::size_t i = 0; i < std::min(rules.size(), most_rules_named); ++i)
        names += (names.empty() ? "" : ", ") + std::string{quote} + rules[i]->name + std::string{quote};
    return names + (rules.size() > most_rules_named ? " and " + std::to_string(rules.size() - most_rules_named) + " more" : "");
}

void add_reason(std::string& because, const std::string& why) { because += (because.empty() ? "" : "; ") + why; }

/// Which service it is, and why; "": none that is known.
std::string service_for(
    const Configuration& configuration, const AlertFields& fields, const Rule& said, const Source* source, std::string& because)
{
    const auto known = [&](const std::string& name) { return configuration.services.contains(name); };
    if (known(said.service))
        return said.service;
    if (known(fields.service)) {
        add_reason(because, "the alert names service " + fields.service);
        return fields.service;
    }
    if (known(said.default_service)) {
        add_reason(because, "its service by default is " + said.default_service);
        return said.default_service;
    }
    if (said.team.empty() && source && known(source->service)) {
        add_reason(because, "source " + source->name + " belongs to service " + source->service);
        return source->service;
    }
    return {};
}

/// The service is nobody's, as one that a directory knows and whose owner is no team here: that such a service is known takes the
/// page from nobody who would have it without.
void route_without_team(
    const Configuration& configuration, const AlertFields& fields, const Rule& said, const Source* source, Routed& routed)
{
    routed.team = !said.team.empty() ? said.team : source ? source->team : "";
    routed.policy = policy_of_team(configuration, routed.team);
    routed.own_policy = !routed.policy.empty();
    if (!routed.team.empty())
        add_reason(routed.because,
            "service " + routed.service + " has no team; "
                + (said.team.empty() ? "source " + fields.source + " is team " + routed.team + "'s"
                                     : "it is for team " + routed.team));
}

/// No service stands behind it: a rule's policy, a rule's team, or the source's.
void route_without_service(const Configuration& configuration, const AlertFields& fields, const Rule& said, const Source* source,
    bool wanted, Routed& routed)
{
    routed.team = !said.team.empty() ? said.team : source ? source->team : "";
    add_reason(routed.because,
        fields.service.empty() || fields.service.size() > most_service_name_said
            ? std::string{"no known service"}
            : "no known service, for there is no service " + fields.service);
    routed.policy = !said.policy.empty() ? said.policy : policy_of_team(configuration, routed.team);
    routed.own_policy = !routed.policy.empty();
    // That a rule's team has no policy is said of the team; of a source's owner, that the service is missing.
    routed.page = wanted && (routed.own_policy || !said.team.empty());
    routed.lost = wanted && !routed.page;
    if (routed.page && said.policy.empty())
        add_reason(routed.because,
            said.team.empty() ? "source " + fields.source + " is team " + routed.team + "'s" : "it is for team " + routed.team);
}

} // namespace

std::vector<const Rule*> rules_for(const Configuration& configuration, const AlertFields& fields)
{
    std::vector<const Rule*> speak;
    for (const auto& rule : configuration.rules) {
        if (!matches(rule.when, fields))
            continue;
        speak.push_back(&rule);
        if (!rule.goes_on)
            break;
    }
    return speak;
}

Urgency urgency_of(std::string_view severity)
{
    const auto word = severity_by_format({}, severity);
    return word == "warning" || word == "info" ? Urgency::low : Urgency::high;
}

Routed route(const Configuration& configuration, const AlertFields& fields)
{
    Routed routed;
    const auto rules = rules_for(configuration, fields);
    const auto said = said_by(rules);
    const auto found = configuration.sources.find(fields.source);
    const auto* const source = found == configuration.sources.end() ? nullptr : &found->second;
    if (!rules.empty()) {
        routed.rule = names_of_rules(rules, "");
        routed.because = (rules.size() == 1 ? "rule " : "rules ") + names_of_rules(rules, "\"") + " matched";
    }
    routed.severity = said.severity.empty() ? fields.severity : said.severity;
    routed.urgency = said.urgency.value_or(urgency_of(routed.severity));
    routed.delay = said.delay;
    routed.suppress = said.suppress;
    const bool wanted = said.page.value_or(true) && !said.suppress;
    routed.service = service_for(configuration, fields, said, source, routed.because);
    if (routed.service.empty()) {
        route_without_service(configuration, fields, said, source, wanted, routed);
    } else {
        const auto& service = configuration.services.at(routed.service);
        routed.team = service.team;
        routed.policy = !said.policy.empty() ? said.policy : policy_of_service(configuration, routed.service);
        routed.own_policy = !said.policy.empty();
        if (routed.policy.empty() && routed.team.empty())
            route_without_team(configuration, fields, said, source, routed);
        routed.page = wanted;
    }
    if (routed.page && is_made_of_schedule(configuration, routed.policy))
        add_reason(routed.because, "team " + routed.team + " has no policy, so whoever is on call by its schedule is paged");
    if (said.suppress)
        add_reason(routed.because, "it is kept, and not shown");
    else if (!wanted)
        add_reason(routed.because, "it says not to page");

    auto shown = fields; // as it is from here on
    shown.severity = routed.severity;
    if (!routed.service.empty())
        shown.service = routed.service;
    routed.title = said.title.empty() ? "" : expanded(said.title, shown);
    if (routed.title.empty())
        routed.title = fields.title;
    if (const auto key = said.group.by.empty() ? "" : key_of(said.group.by, shown); !key.empty()) {
        routed.group_key = said.name + "\n" + key;
        routed.group_within = said.group.within;
    }
    return routed;
}

} // namespace oncall
