#pragma once

#include "handlers/paging.hpp"
#include "net/message.hpp"
#include "oncall/change_event.hpp"
#include "slack/message.hpp"

#include <span>

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
};

/// In the order in which people are shown them.
std::span<const Format> formats();
/// The format of that name, or nullptr.
const Format* format(std::string_view name);

/// What is kept of foreign text: `most` bytes, cut between characters.
std::string clipped(std::string text, std::size_t most);

inline constexpr std::size_t most_title = 1'024, most_description = 15'000, most_label = 1'024, most_labels = 100,
                             most_links = 20;

} // namespace handlers::sources
