#pragma once

#include "handlers/paging.hpp"
#include "net/message.hpp"
#include "oncall/change_event.hpp"
#include "slack/message.hpp"

#include <span>

/// Alert formats: each a small pure function, payload → reports. They throw BadPayload with words for the sender.
namespace handlers::sources {

inline constexpr std::size_t most_title = 1'024, most_description = 15'000, most_label = 1'024, most_labels = 100,
                             most_links = 20, most_words = 500;

/// What is kept of foreign text: `most` bytes, cut between characters, and U+FFFD for what is no UTF-8.
std::string clipped(std::string text, std::size_t most);

/// Its words may hold what was sent; of that no more than `most_words` are kept.
struct BadPayload : std::runtime_error {
    explicit BadPayload(std::string words)
        : std::runtime_error{clipped(std::move(words), most_words)}
    {
    }
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
/// Of a source by which people are paged: an event of the Events API v2 that names them itself, in `payload.custom_details.page`,
/// a text or a list of them; or, without event_action and payload, a page for the source's own service: `message`, and optionally
/// `email_text`, `priority` (p1_critical), `status` (triggered), `created_at`, `started_at`.
Event paging(const slack::Json& body);

/// The same of the Events API v1, which has other names for it.
/// https://developer.pagerduty.com/docs/events-api-v1-overview
Event pagerduty_v1(const slack::Json& body);

/// A change event of the Events API v2, or every reason why it is none.
/// https://developer.pagerduty.com/docs/send-change-event
struct ChangeRead {
    oncall::ChangeEvent change{};
    std::string routing_key{}; // empty: none given
    std::vector<std::string> problems{};
};
ChangeRead pagerduty_change(const slack::Json& body);

/// Whether a format's events and answers are those of PagerDuty: `pagerduty`, `paging`.
bool is_events_api(std::string_view format);

/// What was sent to a source's address.
struct Sent {
    slack::Json body{}; // parsed by the gate; null when it is no JSON
    std::string text{}; // the body as it came
    std::vector<net::Header> headers{};
    std::vector<net::Header> query{}; // of the address, decoded
    std::string rest{}; // of the path, behind the key
    TimePoint now{};
};

/// What a format makes of it.
struct Read {
    std::vector<Report> reports{};
    std::vector<oncall::ChangeEvent> changes{};
    std::string confirm{}; // an address that is fetched once, to confirm a subscription; the format has checked its host
    std::string note{}; // understood, and nothing is to be kept of it: why, as "a test of the connection"
};

/// A mail to a source of format paging as the fields of a page: its subject, or else its first line, is `message`, its text
/// `email_text`.
struct MailedPage {
    slack::Json body{};
    std::string note{}; // why it is no alert, as an answer to a mail is none
};
MailedPage mailed_page(const Sent& sent);

/// One alert for each of Alertmanager's, or for each group where the source says so.
Read alertmanager(const Sent& sent, const oncall::Source& source);
/// Grafana's webhook contact point, and that of its alerting before version 9.
/// https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
Read grafana(const Sent& sent, const oncall::Source& source);
/// Datadog's webhook with the template of datadog.hpp as its payload. https://docs.datadoghq.com/integrations/webhooks/
Read datadog(const Sent& sent, const oncall::Source& source);
/// Sentry's integration platform: issue and metric alerts, issues, errors.
/// https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
Read sentry(const Sent& sent, const oncall::Source& source);
/// New Relic's workflows with their default payload and perhaps isAcknowledged in it, and its older notification channels.
/// https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook
Read newrelic(const Sent& sent, const oncall::Source& source);
/// GitHub's webhooks: what fails on the branches that are watched, and what is deployed, pushed and released.
/// https://docs.github.com/en/webhooks/webhook-events-and-payloads
Read github(const Sent& sent, const oncall::Source& source);
/// Uptime Kuma's webhook, in each of its encodings.
/// https://github.com/louislam/uptime-kuma/blob/master/server/notification-providers/webhook.js
Read uptime_kuma(const Sent& sent, const oncall::Source& source);
/// A Kubernetes event, as kubernetes-event-exporter posts it. https://github.com/resmoio/kubernetes-event-exporter
Read kubernetes(const Sent& sent, const oncall::Source& source);
/// The REST endpoint of VictorOps (Splunk On-Call); the routing key is behind the source's.
/// https://help.splunk.com/splunk-observability-cloud/splunk-on-call/integrations-with-splunk-on-call/rest-endpoint-integration-for-splunk-on-call
Read victorops(const Sent& sent, const oncall::Source& source);
/// One alert of Opsgenie's Alert API; `rest` may be the path of an acknowledgement or a closing by alias.
/// https://docs.opsgenie.com/docs/alert-api
Read opsgenie(const Sent& sent, const oncall::Source& source);

/// A mail as a mail server pipes it (RFC 5322), or as JSON: subject, text or html, from, to, message_id. What its subject says of
/// a state opens or resolves what else the subject says; answers are no alerts.
Read email(const Sent& sent, const oncall::Source& source);

/// How a sender signs: HMAC-SHA256 of the body in hex, behind `prefix`, in `header`. Without a header: it cannot.
struct Signature {
    std::string_view header{};
    std::string_view prefix{};
};

/// `read` throws BadPayload when it cannot say what is meant; what was sent is then kept, and the owner told.
struct Format {
    std::string_view name{};
    std::string_view product{}; // what people call it
    Read (*read)(const Sent& sent, const oncall::Source& source){};
    Signature signature{"X-Signature-256", "sha256="};
    bool wants_json{true}; // else any body will do: a form, an e-mail
    bool resolves{true}; // false: it never says that something is over
    int flooded{429}; // the answer to too much of it; 503 where its senders are known to take a 429 for final
};

/// Azure Monitor's common alert schema; service and resource health by what their news are about.
/// https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/alerts-common-schema
Read azure(const Sent& sent, const oncall::Source& source);

/// Google Cloud Monitoring's incidents, by webhook or pushed by Pub/Sub.
/// https://cloud.google.com/monitoring/support/notification-options#webhooks
Read google(const Sent& sent, const oncall::Source& source);

/// Macros of Nagios and Icinga as a form or JSON, by their names: what manifest/sources/nagios-oncall sends.
/// https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html
Read nagios(const Sent& sent, const oncall::Source& source);

/// What Amazon SNS sends, in its envelope or raw: CloudWatch's alarms, events of EventBridge, whatever else is published.
/// handlers/sns.hpp has looked whether it is SNS's.
/// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
Read sns(const Sent& sent, const oncall::Source& source);
/// The message with SNS's envelope; null when it was delivered raw.
slack::Json sns_envelope(const Sent& sent);
/// "topic alarms in us-west-2" for arn:aws:sns:us-west-2:123456789012:alarms; "a topic" for what is no such name.
std::string sns_topic_words(const std::string& arn);

/// What the media type of manifest/sources/zabbix_media_type.yaml sends.
/// https://www.zabbix.com/documentation/current/en/manual/appendix/macros/supported_by_location
Read zabbix(const Sent& sent, const oncall::Source& source);

/// In the order in which people are shown them.
std::span<const Format> formats();
/// The format of that name, or nullptr.
const Format* format(std::string_view name);

} // namespace handlers::sources
