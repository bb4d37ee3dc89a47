#include "handlers/sources/mapped.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

namespace {

Read of(std::vector<Report> reports)
{
    Read read;
    read.reports = std::move(reports);
    return read;
}

Read read_generic(const Sent& sent, const oncall::Source& source)
{
    return source.mapping.fields.empty() ? of(generic(sent.body)) : mapped(sent.body, source.mapping);
}

Read of(Event event)
{
    if (!event.problems.empty())
        throw BadPayload{event.problems.front()};
    return of(std::vector<Report>{std::move(event.report)});
}

/// Whichever of PagerDuty's events it is: v1 has event_type, and a change event neither an action nor a severity.
Read read_pagerduty(const Sent& sent, const oncall::Source&)
{
    const auto has = [&](std::string_view name) { return !slack::at(sent.body, {name}).is_null(); };
    if (has("event_action"))
        return of(pagerduty(sent.body));
    if (has("event_type"))
        return of(pagerduty_v1(sent.body));
    if (!slack::at(sent.body, {"payload"}).is_object() || !slack::at(sent.body, {"payload", "severity"}).is_null())
        return of(pagerduty(sent.body));
    auto found = pagerduty_change(sent.body);
    if (!found.problems.empty())
        throw BadPayload{found.problems.front()};
    Read read;
    read.changes.push_back(std::move(found.change));
    return read;
}
Read read_paging(const Sent& sent, const oncall::Source&)
{
    if (!sent.body.is_null())
        return of(paging(sent.body));
    auto mailed = mailed_page(sent);
    if (mailed.note.empty())
        return of(paging(mailed.body));
    Read read;
    read.note = std::move(mailed.note);
    return read;
}

constexpr Signature default_signature = Format{}.signature;

// One line for each format, in alphabetical order but for the first two.
constexpr std::array all_formats{
    Format{"alertmanager", "Prometheus Alertmanager", &alertmanager, default_signature, true, true,
        503}, // comes again after 5xx alone
    Format{"generic", "anything that posts JSON", &read_generic},
    Format{"azure", "Azure Monitor", &azure, Signature{}},
    Format{"datadog", "Datadog", &datadog, Signature{}, true, true, 503}, // the same
    Format{"email", "mail", &email, Signature{}, false},
    Format{"github", "GitHub", &github, Signature{"X-Hub-Signature-256", "sha256="}, false},
    Format{"google", "Google Cloud Monitoring", &google, Signature{}},
    Format{"grafana", "Grafana", &grafana, Signature{"X-Grafana-Alerting-Signature", ""}},
    Format{"kubernetes", "Kubernetes events", &kubernetes, Signature{}, true, false},
    Format{"nagios", "Nagios, Icinga", &nagios, Signature{}, false},
    Format{"newrelic", "New Relic", &newrelic, Signature{}},
    Format{"opsgenie", "Opsgenie Alert API", &opsgenie, Signature{}},
    Format{"pagerduty", "PagerDuty Events API", &read_pagerduty},
    Format{"paging", "a page by webhook", &read_paging, Signature{"X-Signature-256", "sha256="}, false},
    Format{"sentry", "Sentry", &sentry, Signature{"Sentry-Hook-Signature", ""}},
    Format{"sns", "Amazon SNS, CloudWatch", &sns, Signature{}, false},
    Format{"uptime_kuma", "Uptime Kuma", &uptime_kuma, Signature{}, false},
    Format{"victorops", "VictorOps (Splunk On-Call)", &victorops, Signature{}, true, true, 503}, // Alertmanager sends it, too
    Format{"zabbix", "Zabbix", &zabbix, Signature{}},
};

} // namespace

std::span<const Format> formats() { return all_formats; }

const Format* format(std::string_view name)
{
    const auto found = std::find_if(all_formats.begin(), all_formats.end(), [&](const Format& one) { return one.name == name; });
    return found == all_formats.end() ? nullptr : &*found;
}

} // namespace handlers::sources
