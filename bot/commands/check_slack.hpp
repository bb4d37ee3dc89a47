#pragma once

#include "commands/check.hpp"
#include "slack/client.hpp"

#include <set>

namespace commands {

/// A channel or a person → where the configuration names it.
using Uses = std::map<std::string, std::vector<std::string>>;

std::string joined(const std::vector<std::string>& all);
bool is_true(const slack::Json& json, std::string_view key);

/// The part of a check that asks Slack: token, clock, scopes, Socket Mode, channels, people.
class SlackCheck {
public:
    /// All must outlive it.
    SlackCheck(const config::Settings& settings, const oncall::Configuration& configuration, CheckDoors doors, const Tell& tell);

    /// `others`: how many links of this app are open already, as far as is known (the service's own).
    asio::awaitable<void> run(int others);

private:
    using Json = slack::Json;

    void good(std::string what) const { tell_({Finding::Verdict::good, std::move(what), ""}); }
    void bad(std::string what, std::string fix) const { tell_({Finding::Verdict::bad, std::move(what), std::move(fix)}); }
    void note(std::string what) const { tell_({Finding::Verdict::note, std::move(what), ""}); }

    // check_slack.cpp
    void look_at(const net::Response& response);
    asio::awaitable<Json> ask(std::string method, Json arguments);
    asio::awaitable<Json> ask(std::string method, Json arguments, std::string token);
    asio::awaitable<bool> check_token();
    void check_clock() const;
    void check_scopes() const;
    asio::awaitable<void> check_address(bool is_running);
    asio::awaitable<void> ask_for_app();
    asio::awaitable<void> check_socket(int others);
    asio::awaitable<Json> greeting(std::string url);
    void judge_greeting(const Json& frame, int others) const;
    bool may(std::string_view scope) const { return !granted_ || granted_->contains(std::string{scope}); }

    // check_channels.cpp
    asio::awaitable<void> check_channels();
    asio::awaitable<void> list_channels(Uses wanted, std::map<std::string, Json>& found);
    void judge_channel(const std::string& wanted, const std::vector<std::string>& uses, const Json& channel) const;

    // check_groups.cpp
    asio::awaitable<void> check_groups();
    void judge_group(const std::string& wanted, const std::vector<std::string>& uses, const Json& listed) const;

    // check_people.cpp
    asio::awaitable<void> check_people();
    asio::awaitable<void> list_people(const Uses& wanted);
    asio::awaitable<void> look_up(std::string reference);
    void judge_people(const Uses& wanted) const;

    const config::Settings& settings_;
    const oncall::Configuration& configuration_;
    CheckDoors doors_;
    const Tell& tell_;
    slack::Client client_;
    doors::TimePoint end_; // nothing is asked later

    std::optional<std::chrono::seconds> ahead_{}; // how far our clock is before Slack's
    std::optional<std::set<std::string>> granted_{}; // scopes; none: Slack did not say
    std::string name_{"Oncall"}, bot_id_{}, app_id_{}; // of the bot; the app as its bot token knows it
    std::map<std::string, Json> members_{}; // by reference
    std::set<std::string> unasked_{}; // references that were not looked for to the end
};

} // namespace commands
