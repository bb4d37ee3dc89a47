#include "watch.hpp"

#include "delivery/trouble_words.hpp"
#include "doors/tasks.hpp"
#include "slack/message.hpp"
#include "storage/repositories.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using slack::Json;

namespace {

constexpr auto try_every = 10s;
constexpr auto metrics_for = 1s;

net::Response answer(int status, const Json& body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    if (status == 503)
        response.headers.push_back({"Retry-After", "30"});
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

std::string time_text(doors::TimePoint at) { return oncall::iso(at, "UTC").substr(0, 19) + "Z"; }

/// The route of a request, as a label: never a key or a token.
std::string_view route_of(std::string_view path)
{
    for (const std::string_view whole :
        {"/health", "/ready", "/metrics", "/v2/enqueue", "/v2/change/enqueue", "/generic/2010-04-15/create_event.json", "/hooks",
            "/slack/events", "/slack/commands", "/slack/interactions", "/twilio/sms", "/twilio/status"})
        if (path == whole)
            return whole;
    constexpr std::pair<std::string_view, std::string_view> families[]{{"/hooks/", "/hooks/{key}"},
        {"/integrations/generic/20131114/alert/", "/integrations/generic/20131114/alert/{key}/{routing_key}"},
        {"/api/v1/webhook/", "/api/v1/webhook/{name}"}, {"/v2/alerts", "/v2/alerts"}, {"/v2/heartbeats", "/v2/heartbeats"},
        {"/a/", "/a/{token}"}, {"/twilio/voice/", "/twilio/voice/{token}"}, {"/calendar/", "/calendar/{token}"},
        {"/api/", "/api"}};
    for (const auto& [begins, name] : families)
        if (path.starts_with(begins))
            return name;
    return "other";
}

} // namespace

void Watch::Part::note(bool now_well, doors::TimePoint now)
{
    if (now_well != well)
        since = now;
    well = now_well;
}

Watch::Watch(Parts parts)
    : parts_{std::move(parts)}
    , metrics_{parts_.clock.now()}
{
    database_.since = slack_.since = auditor_.since = parts_.clock.now();
}

void Watch::look()
{
    const auto now = parts_.clock.now();
    const auto& findings = parts_.auditor.health().findings;
    const bool failing =
        std::any_of(findings.begin(), findings.end(), [](const auto& one) { return one.finding.invariant == "database"; });
    database_.note(!failing && trouble_.empty(), now);
    slack_.note(parts_.slack_up(), now);
    auditor_.note(!parts_.auditor.is_broken(), now);
}

void Watch::http_answered(const std::string& target, int status) { metrics_.http_answered(route_of(net::path(target)), status); }

asio::awaitable<net::Response> Watch::health()
{
    look();
    const auto& audit = parts_.auditor.health();
    const bool broken = parts_.auditor.is_broken() || !database_.well;
    Json body;
    body["status"] = broken ? "broken" : "ok";
    auto& findings = body["findings"] = Json::array();
    for (const auto& standing : audit.findings) {
        Json one;
        one["invariant"] = standing.finding.invariant;
        one["subject"] = standing.finding.subject;
        one["since"] = time_text(standing.since);
        one["what"] = standing.finding.words;
        findings.push_back(std::move(one));
    }
    const auto part = [&](const char* name, const Part& which, const char* well, const char* not_well) {
        body[name]["status"] = which.well ? well : not_well;
        body[name]["since"] = time_text(which.since);
    };
    part("database", database_, "ok", "does not commit");
    part("slack", slack_, "up", "down");
    // No fault of ours, so that the status is as it was.
    const auto troubles = parts_.troubles ? parts_.troubles() : std::vector<storage::Trouble>{};
    for (const auto& trouble : troubles) {
        Json one;
        one["kind"] = trouble.of.kind;
        one["since"] = time_text(trouble.since);
        one["what"] = delivery::words::kept_from(trouble);
        body["troubles"].push_back(std::move(one));
    }
    part("auditor", auditor_, "ok", audit.findings.empty() ? "stopped" : "found something");
    body["auditor"]["last_pass"] = audit.last_pass == doors::TimePoint{} ? Json{} : Json(time_text(audit.last_pass));
    co_return answer(broken ? 503 : 200, body);
}

asio::awaitable<net::Response> Watch::ready()
{
    const auto now = parts_.clock.now();
    if (started_ && (now - tried_at_ >= try_every || now < tried_at_)) {
        // Noted first: whoever asks meanwhile hears what is known.
        tried_at_ = now;
        auto write = [now](storage::Transaction& tx) { storage::Journal{tx}.pulse(now); };
        std::string trouble;
        try {
            co_await parts_.database.transaction(write);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what();
        }
        trouble_ = std::move(trouble);
    }
    look();
    Json body;
    const bool is_ready = started_ && trouble_.empty();
    body["status"] = is_ready ? "ready" : "not ready";
    if (!is_ready)
        body["reason"] = started_ ? "the database does not commit: " + trouble_ : "the service is starting";
    body["slack"] = slack_.well ? "up" : "down";
    co_return answer(is_ready ? 200 : 503, body);
}

asio::awaitable<net::Response> Watch::metrics()
{
    const auto now = parts_.clock.now();
    if (text_.empty() || now - text_at_ >= metrics_for || now < text_at_) {
        text_at_ = now;
        auto look_at = [now](storage::Transaction& tx) { return storage::count(tx, now); };
        Metrics::Now is;
        is.counts = co_await parts_.database.read(look_at);
        is.commits = parts_.database.commits();
        is.slack_links = parts_.slack_links();
        is.slack_up = parts_.slack_up();
        is.strangers = parts_.strangers();
        text_ = metrics_.text(is, parts_.auditor.health());
    }
    net::Response response;
    response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = text_;
    co_return response;
}
