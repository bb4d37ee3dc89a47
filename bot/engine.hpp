#pragma once

#include "doors/wake.hpp"
#include "handlers/paging.hpp"

namespace asio = boost::asio;

/// Runs what is due: sleeps until the earliest timer, then hands each due one to its handler in a transaction of its own.
/// After a restart, what became due meanwhile is done once.
class Engine {
public:
    explicit Engine(handlers::Context& app)
        : app_{app}
        , wake_{app.tasks.loop()}
    {
    }

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Runs what is due at `now`; returns how many timers that were.
    asio::awaitable<int> run_due(handlers::TimePoint now);
    /// A timer may have changed.
    void ring() { wake_.ring(); }
    /// Another configuration is in force: what waits by it looks anew.
    void look_again()
    {
        changed_ = true;
        wake_.ring();
    }
    /// Grows while the engine moves: when a timer has been run, and when it goes to sleep.
    std::uint64_t rounds() const { return rounds_; }

private:
    asio::awaitable<void> wait_anew(handlers::TimePoint now);

    handlers::Context& app_;
    doors::Wake wake_;
    bool changed_{true};
    std::uint64_t rounds_{};
};
