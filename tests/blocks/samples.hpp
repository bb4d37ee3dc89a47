#pragma once

#include "blocks/blocks.hpp"

/// One alert and the people around it, for the tests to bend.
namespace samples {

inline constexpr oncall::TimePoint start{std::chrono::milliseconds{1'793'610'000'000}}; // 2026-11-02 09:00 UTC

inline blocks::AlertView paging()
{
    using namespace std::chrono_literals;
    blocks::AlertView shown;
    auto& alert = shown.alert;
    alert.id = {42};
    alert.version = 3;
    alert.source = "alertmanager";
    alert.dedup_key = "checkout-down";
    alert.title = "Checkout is down";
    alert.description = "No successful payment for 5 minutes.";
    alert.severity = "critical";
    alert.service = "checkout";
    alert.team = "payments";
    alert.because = "rule critical payments";
    alert.labels = {{"env", "prod"}, {"region", "eu-1"}};
    alert.links = {{"https://prometheus.example.com/graph?g0.expr=up&g0.tab=1", "Graph"}};
    alert.triggered_at = start;
    oncall::Page page;
    page.id = {7};
    page.alert = alert.id;
    page.policy.name = "payments";
    page.policy.levels = {
        {{{oncall::TargetKind::schedule, "payments"}}, 5min, 1}, {{{oncall::TargetKind::team, "payments"}}, 10min, 0}};
    page.next = {0, 0, 1};
    page.last = oncall::Position{0, 0, 0};
    page.due = start + 5min;
    page.started_at = start;
    shown.page = page;
    shown.paged = {"U01ANA00000"};
    shown.next = {"U02BO000000", "chi@example.com"};
    shown.next_at = page.due;
    shown.runbook = "https://wiki.example.com/checkout";
    shown.schedule_note = "on call by schedule payments";
    shown.why = "rule \"critical payments\" matched → service checkout → policy payments, level 1 of 2 → schedule payments";
    shown.names = {{"U01ANA00000", "Ana"}, {"U02BO000000", "Bo"}, {"chi@example.com", "Chi"}};
    return shown;
}

inline blocks::AlertView answered(oncall::AlertState state)
{
    using namespace std::chrono_literals;
    auto shown = paging();
    shown.alert.state = state;
    shown.alert.version = 4;
    shown.alert.answered_by = "U01ANA00000";
    shown.alert.answered_at = start + 2min;
    if (state == oncall::AlertState::snoozed)
        shown.alert.snoozed_until = start + 62min;
    shown.page->state = state == oncall::AlertState::resolved ? oncall::PageState::resolved : oncall::PageState::acknowledged;
    shown.next.clear();
    shown.next_at = {};
    return shown;
}

/// Ana has acknowledged, and it needs another.
inline blocks::AlertView one_of_two()
{
    using namespace std::chrono_literals;
    using enum oncall::NotificationState;
    auto shown = paging();
    shown.page->policy.levels.front().acknowledgements = shown.needed = 2;
    shown.page->policy.repeat = 1;
    shown.paged = {"U02BO000000"};
    shown.acknowledged = {"U01ANA00000"};
    shown.again = "it fired anew after <@U01ANA00000> had acknowledged it";
    const auto add = [&](const std::string& person, const std::string& method, oncall::NotificationState state, int attempt) {
        oncall::Notification one;
        one.at = {0, 0, attempt};
        one.person = person;
        one.method = method;
        one.state = state;
        one.planned_at = start + attempt * 5min;
        one.error = state == failed ? "carrier" : "";
        shown.attempts.push_back(one);
    };
    add("U01ANA00000", "slack", sent, 0);
    add("U01ANA00000", "sms:4", confirmed, 0);
    add("U02BO000000", "slack", sent, 0);
    add("U02BO000000", "voice:5", failed, 0);
    add("U02BO000000", "slack", planned, 1);
    return shown;
}

inline blocks::AlertView exhausted()
{
    auto shown = paging();
    shown.page->state = oncall::PageState::exhausted;
    shown.page->next = {1, 0, 0};
    shown.next.clear();
    shown.next_at = {};
    return shown;
}

} // namespace samples
