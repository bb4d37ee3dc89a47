#pragma once

#include "handlers/paging.hpp"
#include "slack/message.hpp"

/// Alert formats: each a small pure function, payload → reports. They throw BadPayload with words for the sender.
namespace handlers::sources {

struct BadPayload : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Alertmanager's webhook, version 4: one report for each alert, keyed by its fingerprint.
/// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
std::vector<Report> alertmanager(const slack::Json& payload);

/// One report: title from title, summary or message; optional description, severity or priority, status, dedup_key, service,
/// labels, links.
std::vector<Report> generic(const slack::Json& payload);

/// One event of PagerDuty's Events API v2, or every reason why it is none, in PagerDuty's words.
/// https://developer.pagerduty.com/docs/events-api-v2-overview
struct Event {
    Report report{}; // without a dedup_key when a trigger has none
    std::string routing_key{}; // empty: none given
    std::vector<std::string> problems{};
};
Event pagerduty(const slack::Json& body);
/// The same of a source that pages people it names itself: whom, in `payload.custom_details.page`, a text or a list of them.
Event paging(const slack::Json& body);

/// Whether a format's events and answers are those of PagerDuty: `pagerduty`, `paging`.
bool is_events_api(std::string_view format);

/// The format of that name, or nullptr; those of PagerDuty's Events API are none of these: their answers are their own.
using Format = std::vector<Report> (*)(const slack::Json& payload);
Format format(std::string_view name);

/// What is kept of foreign text: `most` bytes, cut between characters.
std::string clipped(std::string text, std::size_t most);

inline constexpr std::size_t most_title = 1'024, most_description = 15'000, most_label = 1'024, most_labels = 100,
                             most_links = 20;

} // namespace handlers::sources
