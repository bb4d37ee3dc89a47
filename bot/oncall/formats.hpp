#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace oncall {

/// The formats that a source may have, by name. handlers/sources/formats.cpp reads each of them, and a test holds that against
/// this.
inline constexpr std::array<std::string_view, 19> source_formats{"alertmanager", "generic", "azure", "datadog", "email", "github",
    "google", "grafana", "kubernetes", "nagios", "newrelic", "opsgenie", "pagerduty", "paging", "sentry", "sns", "uptime_kuma",
    "victorops", "zabbix"};

/// Those of them whose senders can sign what they send; the same test holds it.
inline constexpr std::array<std::string_view, 7> signing_formats{
    "alertmanager", "generic", "github", "grafana", "pagerduty", "paging", "sentry"};
constexpr bool can_sign(std::string_view format)
{
    return std::find(signing_formats.begin(), signing_formats.end(), format) != signing_formats.end();
}

} // namespace oncall
