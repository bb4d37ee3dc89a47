#pragma once

#include "doors/wake.hpp"
#include "handlers/paging.hpp"

namespace asio = boost::asio;

/// Runs what is due: sleeps until the earliest timer, then hands each due one to its handler in a transaction of its own.
/// After a restart, what became due meanwhile is done once.
class Engine {
public:
    /// `is_nobody`: whether Slack has said that there is nobody of that name.
    Engine(handlers::Context& app, std::function<bool(const std::string& person)> is_nobody)
        : app_{app}
        , is_nobody_{std::move(is_nobody)}
        , wake_{app.tasks.loop()}
    {
    }

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Runs what is due at `now`; returns how many timers that were.
    asio::awaitable<int> run_due(handlers::TimePoint now);
    /// A timer may have changed.
    void ring() { wake_.ring(); }
    /// Another configuration is in force, or more is known of who people are: what waits by it looks anew.
    void look_again()
    {
        changed_ = true;
        wake_.ring();
    }
    /// Grows while the engine moves: when a timer has been run, and when it goes to sleep.
    std::uint64_t rounds() const { return rounds_; }

private:
    asio::awaitable<void> wait_anew(handlers::TimePoint now);

    asio::awaitable<void> plan_anew(handlers::TimePoint now);
    asio::awaitable<void> plan_coverage_anew(handlers::TimePoint now);
    asio::awaitable<void> tell_of_unable_anew(handlers::TimePoint now);

    handlers::Context& app_;
    std::function<bool(const std::string& person)> is_nobody_;
    doors::Wake wake_;
    bool changed_{true};
    bool plan_is_late_{true}; // a change may have come without a plan of the handoffs
    std::uint64_t rounds_{};
};
