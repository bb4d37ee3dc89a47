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
    Roster(handlers::Context& app, std::vector<std::string> also, std::function<void()> learned);

    /// Looks people up until its task is cancelled, once our own workspace is known. Who is not found is asked for again after a
    /// minute, then ever more seldom, up to an hour. After a 429 nobody is asked for until Slack takes it again.
    asio::awaitable<void> run();
    /// Another configuration is in force, or our workspace is known: those named newly are looked up, the others forgotten.
    void look_again();
    /// Those of the configuration whom Slack does not know; nullopt while it is still being asked.
    std::optional<std::vector<std::string>> strangers() const;
    /// Whether Slack has said that there is nobody of that name. False while it could not be asked.
    bool is_nobody(const std::string& person) const { return unknown_.contains(person); }
    /// Looks a Slack user up soon, if not asked for within a day.
    void meet(const std::string& user);

private:
    enum class Told { who, nobody, slow_down, nothing };

    asio::awaitable<void> learn(std::string reference);
    asio::awaitable<void> learn_by_id(std::string reference, bool is_news);
    asio::awaitable<Told> look_up(std::string reference);
    asio::awaitable<slack::Json> ask(std::string reference);
    asio::awaitable<slack::Json> search(std::string handle);

    std::optional<std::string> next();
    doors::TimePoint due() const;
    void tell();

    handlers::Context& app_;
    std::vector<std::string> also_;
    std::function<void()> learned_;
    bool news_{};
    std::set<std::string> configured_{};
    std::map<std::string, doors::TimePoint> met_{}; // and when Slack told who that is, or was to be asked
    std::set<std::string> anew_{}; // of Slack ids: asked for whatever is known
    std::deque<std::string> new_{}; // before everybody else
    std::deque<std::string> round_{}; // through the configured
    doors::TimePoint round_at_{};
    std::map<std::string, doors::TimePoint> again_{}; // of the configured, who could not be told
    std::map<std::string, int> unknown_{}; // to Slack, and how often it said so
    std::set<std::string> sought_{}; // handles, by one reading of the list of everybody
    std::map<std::string, slack::Json> found_{}; // of them, until they are asked for
    std::string cursor_{}; // where the list is to be read on after a 429
    bool reading_{};
    doors::TimePoint read_at_{}; // when it came to its end
    doors::TimePoint rest_until_{};
    bool asking_{}; // for one of the new
    doors::Wake wake_;
};
