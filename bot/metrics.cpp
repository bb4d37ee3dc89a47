#include "metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Registry;

Family<Counter>& counters(Registry& registry, const std::string& name, const std::string& help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Gauge>& gauges(Registry& registry, const std::string& name, const std::string& help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

double seconds(doors::milliseconds duration) { return std::chrono::duration<double>(duration).count(); }
double seconds(doors::TimePoint at) { return seconds(at.time_since_epoch()); }

/// A total that is counted elsewhere.
void raise_to(Counter& counter, std::uint64_t total)
{
    if (const auto by = static_cast<double>(total) - counter.Value(); by > 0)
        counter.Increment(by);
}

constexpr const char* priorities[]{"page", "answer", "low_page", "card", "furniture"};
constexpr const char* kinds[]{"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "audit", "database", "loop"};

prometheus::Histogram::BucketBoundaries commit_bounds()
{
    return {storage::Commits::seconds.begin(), storage::Commits::seconds.end()};
}

} // namespace

struct Metrics::State {
    Registry registry{};
    Family<Counter>& http{counters(registry, "oncall_http_requests_total", "HTTP requests answered, by route and status code.")};
    Family<Counter>& slack{counters(
        registry, "oncall_slack_api_answers_total", "Answers of Slack's Web API, by class; \"ok\" or what kind of error.")};
    Family<Counter>& notifications{counters(
        registry, "oncall_notifications_total", "Notifications, by method and outcome: planned, sent, failed or withdrawn.")};
    Family<Counter>& bundled{counters(registry, "oncall_bundled_total",
        "Messages that told a person of several pages in one, and what was in them: bundles, pages, alerts.")};
    Gauge& held{gauges(registry, "oncall_pages_held", "Pages to a person that wait for up to half a minute for others.").Add({})};
    Family<Counter>& restarts{
        counters(registry, "oncall_part_restarts_total", "How often a part of the service failed and was started again.")};
    Family<Counter>& transactions{counters(registry, "oncall_database_transactions_total",
        "Writing transactions: committed, undone for reasons of their own, or failed by the disk.")};
    prometheus::Histogram& commits{prometheus::BuildHistogram()
                                       .Name("oncall_database_commit_duration_seconds")
                                       .Help("How long a commit took, with all transactions it carried.")
                                       .Register(registry)
                                       .Add({}, commit_bounds())};
    Family<Gauge>& alerts{gauges(registry, "oncall_alerts", "Open alerts, by state.")};
    Family<Gauge>& pages{gauges(registry, "oncall_pages", "Pages nobody has answered, by state.")};
    Family<Gauge>& outbox{gauges(registry, "oncall_outbox_rows", "Messages that wait to be said, by priority.")};
    Family<Gauge>& outbox_age{
        gauges(registry, "oncall_outbox_oldest_age_seconds", "How long the oldest of them has waited, by priority.")};
    Family<Gauge>& findings{
        gauges(registry, "oncall_audit_findings", "What the auditor found broken and still is, by invariant.")};
    Gauge& timer_lag{gauges(registry, "oncall_timer_lag_seconds", "By how much the earliest timer is overdue.").Add({})};
    Gauge& links{gauges(registry, "oncall_slack_links", "Socket Mode links that are up.").Add({})};
    Gauge& reachable{gauges(registry, "oncall_slack_up", "Whether Slack can be reached.").Add({})};
    Gauge& audit_took{gauges(registry, "oncall_audit_duration_seconds", "How long the last audit took.").Add({})};
    Gauge& audit_at{
        gauges(registry, "oncall_audit_last_pass_timestamp_seconds", "When the last audit ended; 0: none yet.").Add({})};
    Counter& strangers{counters(
        registry, "oncall_texts_from_strangers_total", "Text messages from numbers that nobody here has; they are not answered.")
                           .Add({})};
    Gauge& beat_at{gauges(
        registry, "oncall_heartbeat_last_success_timestamp_seconds", "When the outgoing heartbeat was answered last; 0: never.")
                       .Add({})};
    storage::Commits told{}; // of the histogram
};

Metrics::Metrics(doors::TimePoint started)
    : state_{std::make_unique<State>()}
{
    gauges(state_->registry, "oncall_build_info", "The version; always 1.").Add({{"version", ONCALL_VERSION}}).Set(1);
    gauges(state_->registry, "process_start_time_seconds", "When the process started, in Unix time.")
        .Add({})
        .Set(seconds(started));
}

Metrics::~Metrics() = default;

void Metrics::http_answered(std::string_view route, int status)
{
    state_->http.Add({{"route", std::string{route}}, {"code", std::to_string(status)}}).Increment();
}

void Metrics::slack_answered(std::string_view answer) { state_->slack.Add({{"class", std::string{answer}}}).Increment(); }

void Metrics::notified(const std::string& method, const std::string& outcome, std::int64_t times)
{
    state_->notifications.Add({{"method", method}, {"outcome", outcome}}).Increment(static_cast<double>(times));
}

void Metrics::bundled(const std::string& what, std::int64_t number)
{
    state_->bundled.Add({{"what", what}}).Increment(static_cast<double>(number));
}

void Metrics::restarted(const std::string& part) { state_->restarts.Add({{"part", part}}).Increment(); }

std::string Metrics::text(const Now& now, const Auditor::Health& audit)
{
    auto& all = *state_;
    for (const auto& [state, number] : now.counts.alerts)
        all.alerts.Add({{"state", state}}).Set(static_cast<double>(number));
    for (const auto& [state, number] : now.counts.pages)
        all.pages.Add({{"state", state}}).Set(static_cast<double>(number));
    for (std::size_t i = 0; i < now.counts.outbox.size(); ++i) {
        all.outbox.Add({{"priority", priorities[i]}}).Set(static_cast<double>(now.counts.outbox[i].rows));
        all.outbox_age.Add({{"priority", priorities[i]}}).Set(seconds(now.counts.outbox[i].oldest));
    }
    for (const auto* kind : kinds)
        all.findings.Add({{"invariant", kind}})
            .Set(static_cast<double>(std::count_if(audit.findings.begin(), audit.findings.end(),
                [&](const auto& standing) { return standing.finding.invariant == kind; })));
    all.held.Set(static_cast<double>(now.counts.held));
    all.timer_lag.Set(seconds(now.counts.timer_lag));
    all.links.Set(now.slack_links);
    all.reachable.Set(now.slack_up ? 1 : 0);
    raise_to(all.strangers, static_cast<std::uint64_t>(now.strangers));
    all.audit_took.Set(audit.took.count());
    all.audit_at.Set(seconds(audit.last_pass));
    all.beat_at.Set(seconds(audit.last_beat));
    raise_to(all.transactions.Add({{"outcome", "committed"}}), now.commits.transactions);
    raise_to(all.transactions.Add({{"outcome", "undone"}}), now.commits.undone);
    raise_to(all.transactions.Add({{"outcome", "failed"}}), now.commits.failed);
    std::vector<double> more;
    for (std::size_t i = 0; i < now.commits.took.size(); ++i)
        more.push_back(static_cast<double>(now.commits.took[i] - all.told.took[i]));
    all.commits.ObserveMultiple(more, now.commits.total_seconds - all.told.total_seconds);
    all.told = now.commits;
    return prometheus::TextSerializer{}.Serialize(all.registry.Collect());
}
