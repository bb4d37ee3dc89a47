#include "engine.hpp"

#include "handlers/climb.hpp"
#include "handlers/configure.hpp"
#include "handlers/coverage.hpp"
#include "handlers/covers.hpp"
#include "handlers/handoff.hpp"
#include "handlers/readiness.hpp"
#include "handlers/unable.hpp"
#include "storage/absences.hpp"
#include "storage/change_events.hpp"
#include "storage/contact_sends.hpp"
#include "storage/coverage.hpp"
#include "storage/firings.hpp"
#include "storage/hand_pages.hpp"
#include "storage/levels.hpp"
#include "storage/opsgenie_requests.hpp"
#include "storage/pager_tests.hpp"
#include "storage/payloads.hpp"
#include "storage/silences.hpp"
#include "storage/source_secrets.hpp"

using namespace std::chrono_literals;

namespace {

// What senders were told is held against the alerts for as long as somebody may still ask about it.
constexpr auto accepted_kept = std::chrono::days{30};
constexpr auto handoffs_kept = std::chrono::days{365};
/// What could not look anew tries again.
constexpr auto anew_again = 10s;

} // namespace

asio::awaitable<void> Engine::run()
{
    auto next_of = [](storage::Transaction& tx) { return storage::Timers{tx}.next(); };
    auto tidy_at = app_.clock.now();
    while (true) {
        const auto now = app_.clock.now();
        co_await run_due(now);
        if (changed_) {
            co_await wait_anew(now);
            co_await plan_anew(now);
            co_await plan_coverage_anew(now);
            co_await tell_of_unable_anew(now);
        }
        if (now >= tidy_at) {
            // Slack repeats a delivery for up to a day.
            bool secret_is_over = false;
            auto tidy = [&](storage::Transaction& tx) {
                storage::Inbox{tx}.forget_before(now - 26h);
                storage::Journal{tx}.forget_accepted_before(now - accepted_kept);
                storage::Journal{tx}.forget_tokens_before(now - 26h); // links work for 24
                storage::SourceKeys{tx}.forget_before(now);
                secret_is_over = storage::SourceSecrets{tx}.forget_before(now);
                storage::ChangeEvents{tx}.tidy(now);
                storage::Clears{tx}.tidy(now);
                storage::CameBacks{tx}.tidy(now);
                storage::ContactSends{tx}.forget_before(now - 26h);
                storage::HandPages{tx}.forget_before(now - 26h);
                storage::SentReminders{tx}.forget_before(now - 30 * 24h);
                storage::PagerTests{tx}.forget_before(now - 48h);
                storage::Handoffs{tx}.forget_before(now - handoffs_kept);
                storage::ToldCoverages{tx}.forget_before(now - handoffs_kept);
                storage::Absences{tx}.forget_before(now - 400 * 24h);
                storage::Silences{tx}.forget_before(now - 400 * 24h);
                storage::Payloads{tx}.tidy(now);
                storage::OpsgenieRequests{tx}.forget_before(now - 24h);
                handlers::plan_readiness_report(tx, app_, now);
                handlers::plan_handoffs(tx, app_, now);
            };
            tidy_at = now + 1h;
            try {
                co_await app_.database.transaction(tidy);
            } catch (const std::exception& error) {
                if (doors::is_cancellation(error))
                    throw;
                tidy_at = now + 1min; // a full disk must not stop what is due
            }
            if (secret_is_over)
                app_.tasks.spawn("the end of a signing secret", handlers::put_in_force(app_));
            app_.tasks.spawn("requests for cover", handlers::review_covers(app_));
        }
        const auto next = co_await app_.database.read(next_of);
        auto when = std::min(next.value_or(tidy_at), tidy_at);
        if (changed_)
            when = std::min(when, now + anew_again);
        ++rounds_;
        co_await wake_.sleep(app_.clock, when);
    }
}

asio::awaitable<void> Engine::wait_anew(handlers::TimePoint now)
{
    auto list = [](storage::Transaction& tx) { return storage::waiting_pages(tx); };
    const auto waiting = co_await app_.database.read(list);
    changed_ = false;
    for (const auto page : waiting) {
        auto work = [&](storage::Transaction& tx) { handlers::wait_anew(tx, app_, page, now); };
        try {
            co_await app_.database.transaction(work);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            app_.log.error("a page that waits for working hours did not look anew; it does later",
                {{"page", std::to_string(page.value)}, {"error", error.what()}});
            changed_ = true;
        }
    }
}

asio::awaitable<void> Engine::plan_anew(handlers::TimePoint now)
{
    const bool is_late = std::exchange(plan_is_late_, true);
    auto plan = [&](storage::Transaction& tx) { handlers::plan_handoffs(tx, app_, now, is_late); };
    try {
        co_await app_.database.transaction(plan);
        plan_is_late_ = false;
        auto naming = handlers::name_incoming(app_, is_nobody_);
        co_await std::move(naming);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("handoffs were not planned anew; they are later", {{"error", error.what()}});
        changed_ = true;
    }
}

asio::awaitable<void> Engine::plan_coverage_anew(handlers::TimePoint now)
{
    std::vector<std::string> unknown;
    for (const auto& [person, places] : oncall::people_of(*app_.configuration(), now))
        if (is_nobody_(person))
            unknown.push_back(person);
    auto plan = [&](storage::Transaction& tx) { handlers::plan_coverage(tx, app_, unknown, now); };
    try {
        co_await app_.database.transaction(plan);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("coverage was not looked at anew; it is later", {{"error", error.what()}});
        changed_ = true;
    }
}

asio::awaitable<void> Engine::tell_of_unable_anew(handlers::TimePoint now)
{
    auto work = [&](storage::Transaction& tx) { handlers::tell_of_unable(tx, app_, now); };
    try {
        co_await app_.database.transaction(work);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("who can answer no page was not looked at; it is later", {{"error", error.what()}});
        changed_ = true;
    }
}

asio::awaitable<int> Engine::run_due(handlers::TimePoint now)
{
    auto list = [&](storage::Transaction& tx) { return storage::Timers{tx}.due(now, 1'000); };
    const auto due = co_await app_.database.read(list);
    bool stuck = false;
    for (const auto& timer : due) {
        bool failed = false;
        auto work = [&](storage::Transaction& tx) { handlers::timer_due(tx, app_, timer, now); };
        try {
            co_await app_.database.transaction(work);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            app_.log.error(
                "a timer failed; it is tried again", {{"subject", std::to_string(timer.subject)}, {"error", error.what()}});
            failed = true;
        }
        if (timer.kind == storage::TimerKind::handoff && !failed)
            app_.tasks.spawn("who comes on call", handlers::know_incoming(app_, timer.subject, is_nobody_));
        // One that fails must not stop the others, nor be forgotten.
        if (failed) {
            auto again = [&](storage::Transaction& tx) { storage::Timers{tx}.delay(timer, now + 10s); };
            try {
                co_await app_.database.transaction(again);
            } catch (const std::exception& error) {
                if (doors::is_cancellation(error))
                    throw;
                stuck = true; // a disk that takes nothing; it stays due
            }
        }
        ++rounds_;
    }
    if (stuck)
        co_await app_.clock.pause(1s);
    co_return static_cast<int>(due.size());
}
