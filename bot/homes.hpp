#pragma once

#include "delivery/budget.hpp"
#include "delivery/home_turns.hpp"
#include "doors/wake.hpp"
#include "handlers/home.hpp"
#include "oncall/setup.hpp"

namespace slack {
class Error;
}

namespace asio = boost::asio;

/// Keeps Home current for those who opened it lately: at once for whoever opens it, and within seconds when something it shows
/// has changed. What stands there already is not published again. Its calls are its own, one at a time; it reads one person at a
/// time, and rests ten times as long as it read.
class Homes {
public:
    /// `facts`: what the service knows of its own setup, but for `troubles`.
    Homes(handlers::Context& app, std::function<oncall::SetupFacts()> facts);

    /// Until its task is cancelled.
    asio::awaitable<void> run();
    /// Something may have changed, or somebody opened hers.
    void look(bool opened);

private:
    enum class Went { current, published, failed, later, nowhere };

    asio::awaitable<oncall::TimePoint> pass(bool opened);
    asio::awaitable<Went> show(storage::HomeView row, handlers::HomeLook& look, std::uint64_t changes);
    asio::awaitable<Went> publish(storage::HomeView row, handlers::HomeShown home, std::uint64_t changes);
    asio::awaitable<void> refused(std::string person, std::string code, std::string details);
    asio::awaitable<void> tidy(oncall::TimePoint now);
    const handlers::HomeDuty& duty_of(const std::string& person, const handlers::HomeLook& look);
    void rest(const slack::Error& error);
    void rest();

    handlers::Context& app_;
    std::function<oncall::SetupFacts()> facts_;
    doors::Wake wake_;
    delivery::Budget budget_{};
    std::map<std::string, handlers::HomeDuty> duties_{};
    delivery::HomeTurns turns_;
    bool watched_{true}; // somebody has opened it lately, or that is not known yet
    bool opened_{};
    bool changed_{};
    oncall::TimePoint due_{}; // something is to be shown then
    oncall::TimePoint look_at_all_{};
    oncall::milliseconds busy_{}; // how long a pass kept the database and the loop
    oncall::TimePoint tidy_at_{};
    oncall::TimePoint rest_until_{};
    int failures_{};
};
