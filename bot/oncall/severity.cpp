#include "oncall/severity.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

// README, "Severities", shows it; a test holds the two against each other.
constexpr SeverityRow all_severities[]{
    {"*", "critical", "critical"},
    {"*", "crit", "critical"},
    {"*", "fatal", "critical"},
    {"*", "emergency", "critical"},
    {"*", "emerg", "critical"},
    {"*", "alert", "critical"},
    {"*", "disaster", "critical"},
    {"*", "page", "critical"},
    {"*", "p1", "critical"},
    {"*", "sev0", "critical"},
    {"*", "sev1", "critical"},
    {"*", "error", "error"},
    {"*", "err", "error"},
    {"*", "high", "error"},
    {"*", "major", "error"},
    {"*", "p2", "error"},
    {"*", "sev2", "error"},
    {"*", "warning", "warning"},
    {"*", "warn", "warning"},
    {"*", "average", "warning"},
    {"*", "medium", "warning"},
    {"*", "moderate", "warning"},
    {"*", "minor", "warning"},
    {"*", "p3", "warning"},
    {"*", "sev3", "warning"},
    {"*", "info", "info"},
    {"*", "information", "info"},
    {"*", "informational", "info"},
    {"*", "notice", "info"},
    {"*", "low", "info"},
    {"*", "debug", "info"},
    {"*", "none", "info"},
    {"*", "ok", "info"},
    {"*", "p4", "info"},
    {"*", "p5", "info"},
    {"*", "sev4", "info"},

    {"azure", "sev0", "critical"},
    {"azure", "sev1", "error"},
    {"azure", "sev2", "warning"},
    {"azure", "sev3", "info"},
    {"azure", "sev4", "info"},

    {"datadog", "p1", "critical"},
    {"datadog", "p2", "error"},
    {"datadog", "no data", "error"},
    {"datadog", "p3", "warning"},
    {"datadog", "warn", "warning"},
    {"datadog", "p4", "info"},
    {"datadog", "p5", "info"},

    {"github", "error", "error"},
    {"github", "failure", "error"},
    {"github", "startup_failure", "error"},
    {"github", "timed_out", "error"},
    {"github", "action_required", "warning"},
    {"github", "cancelled", "info"},

    {"google", "critical", "critical"},
    {"google", "error", "error"},
    {"google", "warning", "warning"},
    {"google", "no severity", ""},

    {"kubernetes", "warning", "warning"},
    {"kubernetes", "normal", "info"},

    {"nagios", "critical", "critical"},
    {"nagios", "down", "critical"},
    {"nagios", "unknown", "error"},
    {"nagios", "unreachable", "error"},
    {"nagios", "warning", "warning"},
    {"nagios", "ok", "info"},
    {"nagios", "up", "info"},

    {"newrelic", "critical", "critical"},
    {"newrelic", "high", "error"},
    {"newrelic", "medium", "warning"},
    {"newrelic", "low", "info"},

    {"opsgenie", "p1", "critical"},
    {"opsgenie", "p2", "error"},
    {"opsgenie", "p3", "warning"},
    {"opsgenie", "p4", "info"},
    {"opsgenie", "p5", "info"},

    {"pagerduty", "critical", "critical"},
    {"pagerduty", "error", "error"},
    {"pagerduty", "warning", "warning"},
    {"pagerduty", "info", "info"},

    {"paging", "p1_critical", "critical"},
    {"paging", "p2_error", "error"},
    {"paging", "p3_warning", "warning"},
    {"paging", "p4_info", "info"},

    {"sentry", "critical", "critical"},
    {"sentry", "fatal", "critical"},
    {"sentry", "error", "error"},
    {"sentry", "warning", "warning"},
    {"sentry", "info", "info"},
    {"sentry", "debug", "info"},

    {"sns", "alarm", "error"},
    {"sns", "insufficient_data", "warning"},

    {"uptime_kuma", "down", "critical"},

    {"victorops", "critical", "critical"},
    {"victorops", "warning", "warning"},
    {"victorops", "info", "info"},

    {"zabbix", "5", "critical"},
    {"zabbix", "disaster", "critical"},
    {"zabbix", "4", "error"},
    {"zabbix", "high", "error"},
    {"zabbix", "3", "warning"},
    {"zabbix", "average", "warning"},
    {"zabbix", "2", "warning"},
    {"zabbix", "warning", "warning"},
    {"zabbix", "1", "info"},
    {"zabbix", "information", "info"},
    {"zabbix", "0", "info"},
    {"zabbix", "not classified", "info"},
};

const SeverityRow* row_of(std::string_view format, std::string_view word)
{
    const auto* const found = std::find_if(std::begin(all_severities), std::end(all_severities),
        [&](const SeverityRow& row) { return row.format == format && row.word == word; });
    return found == std::end(all_severities) ? nullptr : found;
}

} // namespace

std::span<const SeverityRow> severities() { return all_severities; }

std::string severity_by_format(std::string_view format, std::string_view word)
{
    auto said = lower(trimmed(word));
    const auto* row = row_of(format, said);
    if (!row)
        row = row_of("*", said);
    return row ? std::string{row->severity} : said;
}

std::string severity_of(const Source& source, std::string_view word)
{
    const auto own = source.severities.find(lower(trimmed(word)));
    return own == source.severities.end() ? severity_by_format(source.format, word) : own->second;
}

std::vector<SeverityRow> severities_of(const Source& source)
{
    std::vector<SeverityRow> rows;
    for (const auto& [word, severity] : source.severities)
        rows.push_back({source.name, word, severity});
    const auto add = [&](std::string_view format) {
        for (const auto& row : all_severities) {
            const bool known =
                std::any_of(rows.begin(), rows.end(), [&](const SeverityRow& one) { return one.word == row.word; });
            if (row.format == format && !known)
                rows.push_back(row);
        }
    };
    add(source.format);
    add("*");
    return rows;
}

} // namespace oncall
