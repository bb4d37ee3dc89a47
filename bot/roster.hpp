#pragma once

#include "doors/wake.hpp"
#include "handlers/context.hpp"
#include "slack/client.hpp"

#include <deque>

namespace asio = boost::asio;

/// Finds out who people are in Slack: those the configuration names, once a day, and those who do something.
class Roster {
public:
    /// `also`: people the settings name. `learned` is called when Slack told something new of somebody.
    Roster(handlers::Context& app, const std::vector<std::string>& also, std::function<void()> learned);

    /// Looks people up until its task is cancelled. Who is not found is asked for again every minute.
    asio::awaitable<void> run();
    /// Another configuration is in force: those it names newly are looked up.
    void look_again();
    /// Those of the configuration whom Slack does not know; nullopt while it is still being asked.
    std::optional<std::vector<std::string>> strangers() const;
    /// Looks a Slack user up soon, if not known yet.
    void meet(const std::string& user);

private:
    asio::awaitable<bool> look_up(std::string reference);
    asio::awaitable<slack::Json> ask(std::string reference);

    void tell();

    handlers::Context& app_;
    std::function<void()> learned_;
    bool news_{};
    std::set<std::string> configured_{};
    std::set<std::string> met_{};
    std::deque<std::string> new_{};
    std::set<std::string> unknown_{}; // to Slack
    bool asking_{}; // for one of the new
    doors::Wake wake_;
};
