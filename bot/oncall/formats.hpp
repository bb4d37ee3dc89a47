#pragma once

#include <array>
#include <string_view>

namespace oncall {

/// The formats that a source may have, by name. handlers/sources/formats.cpp reads each of them, and a test holds that against
/// this.
inline constexpr std::array<std::string_view, 19> source_formats{"alertmanager", "generic", "azure", "datadog", "email", "github",
    "google", "grafana", "kubernetes", "nagios", "newrelic", "opsgenie", "pagerduty", "paging", "sentry", "sns", "uptime_kuma",
    "victorops", "zabbix"};

} // namespace oncall
