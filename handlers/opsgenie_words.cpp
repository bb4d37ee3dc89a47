#include "handlers/opsgenie_words.hpp"

#include "handlers/sources/opsgenie.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace handlers {

using oncall::Alert;
using oncall::AlertState;
using slack::Json;

namespace {

constexpr std::string_view id_begins{"00000000-0000-4000-8000-"};
constexpr std::size_t id_digits = 12;

std::string alert_label(const Alert& alert, std::string_view name)
{
    const auto found = alert.labels.find(std::string{name});
    return found == alert.labels.end() ? std::string{} : found->second;
}

bool is_taken(const Alert& alert) { return alert.state == AlertState::acknowledged || alert.state == AlertState::promised; }

std::string alias_of(const Alert& alert)
{
    const auto said = alert_label(alert, "alias");
    return said.empty() ? alert.dedup_key : said;
}

/// One term of a query, as "status:open"; what is in quotes may have blanks.
std::vector<std::string> terms_in(std::string_view text)
{
    std::vector<std::string> terms;
    std::string term;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ' ' || c == '(' || c == ')')) {
            if (!term.empty() && term.back() != ':' && term.back() != '=')
                terms.push_back(std::exchange(term, {}));
        } else {
            term += c;
        }
    }
    if (!term.empty())
        terms.push_back(term);
    return terms;
}

} // namespace

std::string uuid_of(std::string_view bytes)
{
    constexpr std::string_view hex{"0123456789abcdef"};
    std::string text;
    for (std::size_t i = 0; i < 16 && i < bytes.size(); ++i) {
        auto byte = static_cast<unsigned char>(bytes[i]);
        if (i == 6)
            byte = static_cast<unsigned char>((byte & 0x0F) | 0x40);
        if (i == 8)
            byte = static_cast<unsigned char>((byte & 0x3F) | 0x80);
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += hex[byte >> 4];
        text += hex[byte & 0x0F];
    }
    return text;
}

std::string opsgenie_id(oncall::AlertId alert)
{
    if (alert.value == 0)
        return {};
    const auto digits = std::to_string(alert.value);
    return std::string{id_begins} + std::string(id_digits - std::min(id_digits, digits.size()), '0') + digits;
}

std::optional<oncall::AlertId> opsgenie_id_in(std::string_view text)
{
    if (text.size() != id_begins.size() + id_digits || !text.starts_with(id_begins))
        return std::nullopt;
    const auto digits = text.substr(id_begins.size());
    std::int64_t number{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number <= 0)
        return std::nullopt;
    return oncall::AlertId{number};
}

std::string integration_id(const std::string& source)
{
    const auto digest = storage::sha256(source);
    return uuid_of(std::string_view{digest}.substr(0, 16));
}

std::string opsgenie_time_out(TimePoint at) { return at == TimePoint{} ? "" : oncall::iso(at, "UTC").substr(0, 19) + "Z"; }

std::string priority_of(const Alert& alert)
{
    const auto by_label = alert_label(alert, "severity");
    const auto& said = by_label.empty() ? alert.severity : by_label;
    if (said.size() == 2 && said.front() == 'p' && said.back() >= '1' && said.back() <= '5')
        return "P" + said.substr(1);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> by_severity{
        {{"critical", "P1"}, {"error", "P2"}, {"warning", "P3"}, {"info", "P5"}}};
    for (const auto& [severity, priority] : by_severity)
        if (alert.severity == severity)
            return std::string{priority};
    return "P3";
}

Json opsgenie_alert_out(const Alert& alert, bool whole)
{
    const bool closed = alert.state == AlertState::resolved;
    Json out;
    out["id"] = opsgenie_id(alert.id);
    out["tinyId"] = std::to_string(alert.id.value);
    out["alias"] = alias_of(alert);
    out["message"] = alert.title;
    out["status"] = closed ? "closed" : "open";
    out["acknowledged"] = is_taken(alert);
    out["isSeen"] = is_taken(alert) || closed;
    out["tags"] = sources::comma_words(alert_label(alert, sources::tags_label));
    out["snoozed"] = alert.state == AlertState::snoozed;
    if (alert.state == AlertState::snoozed)
        out["snoozedUntil"] = opsgenie_time_out(alert.snoozed_until);
    out["count"] = alert.count;
    out["createdAt"] = opsgenie_time_out(alert.triggered_at);
    out["lastOccurredAt"] = opsgenie_time_out(alert.triggered_at);
    out["updatedAt"] = opsgenie_time_out(std::max(alert.triggered_at, alert.answered_at));
    out["source"] = alert_label(alert, "source");
    out["owner"] = is_taken(alert) ? alert.answered_by : "";
    out["priority"] = priority_of(alert);
    out["responders"] = Json::array();
    Json integration;
    integration["id"] = integration_id(alert.source);
    integration["name"] = alert.source;
    integration["type"] = "API";
    out["integration"] = std::move(integration);
    if (!whole)
        return out;
    out["actions"] = sources::comma_words(alert_label(alert, "actions"));
    out["entity"] = alert_label(alert, "entity");
    out["description"] = alert.description;
    auto details = Json::object();
    constexpr std::array<std::string_view, 8> not_details{
        "tags", "source", "entity", "actions", "responders", "visible_to", "alias", "severity"};
    for (const auto& [name, value] : alert.labels)
        if (std::find(not_details.begin(), not_details.end(), name) == not_details.end())
            details[name] = value;
    out["details"] = std::move(details);
    return out;
}

Json heartbeat_meta(const oncall::Heartbeat& heartbeat)
{
    Json out;
    out["name"] = heartbeat.name;
    out["enabled"] = heartbeat.enabled;
    out["expired"] = heartbeat.expired;
    return out;
}

Json heartbeat_out(const oncall::Heartbeat& heartbeat)
{
    auto out = heartbeat_meta(heartbeat);
    out["description"] = heartbeat.description;
    out["interval"] = heartbeat.every;
    out["intervalUnit"] = heartbeat.unit;
    if (heartbeat.pinged_at != TimePoint{})
        out["lastPingTime"] = opsgenie_time_out(heartbeat.pinged_at);
    Json team = Json::object();
    if (!heartbeat.owner_team.empty())
        team["name"] = heartbeat.owner_team;
    out["ownerTeam"] = std::move(team);
    out["alertTags"] = heartbeat.tags;
    out["alertPriority"] = heartbeat.priority.empty() ? "P3" : heartbeat.priority;
    out["alertMessage"] = expiry_title(heartbeat);
    return out;
}

OpsgenieQuery opsgenie_query(std::string_view text)
{
    OpsgenieQuery query;
    for (const auto& term : terms_in(text)) {
        if (term == "AND" || term == "and")
            continue;
        const auto colon = term.find_first_of(":=");
        const auto field = oncall::lower(oncall::trimmed(term.substr(0, colon)));
        const auto value = colon == term.npos ? std::string{} : oncall::trimmed(term.substr(colon + 1));
        const auto truth = value == "true" ? std::optional{true} : value == "false" ? std::optional{false} : std::nullopt;
        if (field == "status" && (value == "open" || value == "closed"))
            query.status = value;
        else if (field == "status" && value == "acked")
            query.acknowledged = true;
        else if (field == "acknowledged" && truth)
            query.acknowledged = truth;
        else if (field == "snoozed" && truth)
            query.snoozed = truth;
        else if (field == "alias" && !value.empty())
            query.alias = value;
        else if (field == "tinyid" && !value.empty())
            query.tiny = value;
        else if (field == "priority" && !value.empty())
            query.priority = value;
        else if ((field == "tag" || field == "tags") && !value.empty())
            query.tag = value;
        else if (query.problem.empty())
            query.problem = "can not be understood here: \"" + term
                + "\"; known are status, acknowledged, snoozed, alias, tinyId, priority and tag, joined by AND";
    }
    return query;
}

bool matches(const OpsgenieQuery& query, const Alert& alert)
{
    const bool closed = alert.state == AlertState::resolved;
    const auto tags = sources::comma_words(alert_label(alert, sources::tags_label));
    return (query.status.empty() || closed == (query.status == "closed"))
        && (!query.acknowledged || *query.acknowledged == is_taken(alert))
        && (!query.snoozed || *query.snoozed == (alert.state == AlertState::snoozed))
        && (query.alias.empty() || query.alias == alias_of(alert))
        && (query.tiny.empty() || query.tiny == std::to_string(alert.id.value))
        && (query.priority.empty() || query.priority == priority_of(alert))
        && (query.tag.empty() || std::find(tags.begin(), tags.end(), query.tag) != tags.end());
}

} // namespace handlers
