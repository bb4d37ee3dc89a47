#pragma once

#include "blocks/home.hpp"
#include "handlers/routes.hpp"
#include "oncall/identities.hpp"
#include "oncall/my_teams.hpp"
#include "storage/home_views.hpp"

/// Home: what it shows, and what is done where somebody opens it or presses something in it. bot/homes publishes it.
namespace handlers {

/// `app_home_opened`: it is kept current from here on.
Answer home_opened(slack::Event event, Context& app);

/// Buttons of Home that open a form as a command does.
Answer click_home_cover(slack::Action action, std::string delivery, Context& app);
Answer click_home_settings(slack::Action action, std::string delivery, Context& app);

/// Slack gives a press in Home no response_url. What stands in its place, for respond(): whose it was, and by which trigger.
struct HomePress {
    std::string person{};
    std::string trigger_id{};
};
bool is_in_home(const slack::Action& pressed);
std::string home_reply(const HomePress& press);
std::optional<HomePress> home_press_in(const std::string& response_url);
/// The words wait a moment, for a modal may show them at once; else they go by direct message.
void say_at_home(
    storage::Transaction& tx, const HomePress& press, const std::string& key, const std::string& words, TimePoint now);
/// Shows what waits to be said of that press in a modal.
asio::awaitable<void> show_words_at_home(HomePress press, Context& app);

/// Where somebody stands and when she is on call, for as long as the configuration is this one and nothing of it changes.
struct HomeDuty {
    std::shared_ptr<const oncall::Configuration> configuration{};
    TimePoint until{};
    oncall::MyPlaces places{};
    std::vector<oncall::MyShift> shifts{};
};
HomeDuty home_duty(std::shared_ptr<const oncall::Configuration> configuration, const oncall::Known& known,
    const std::string& person, TimePoint now);

/// What the Homes of one look have in common.
struct HomeLook {
    struct Line {
        oncall::OnCall on_call{};
        std::vector<std::string> teams{};
        std::vector<std::string> may_override{};
    };
    TimePoint now{};
    std::shared_ptr<const oncall::Configuration> configuration{};
    oncall::Known known{};
    blocks::Names names{};
    std::vector<storage::OpenAlert> open{};
    std::map<oncall::AlertId, std::set<std::string>> told{}; // who was told of them, by their Slack ids
    std::map<std::string, std::vector<storage::GivenAnswer>> answered{}; // a moment ago, by whom
    std::vector<oncall::SetupStep> steps{}; // that are left
    std::map<oncall::AlertId, blocks::AlertView> views{}; // of those that somebody was shown
    std::map<std::string, Line> lines{}; // of schedules, the same
    std::vector<oncall::UnscheduledTeam> teams{};
};
HomeLook home_look(storage::Transaction& tx, const Context& app, TimePoint now);
/// User groups and topics that do not follow, and what Slack refuses until somebody acts, missing scopes aside; as sentences.
/// `bot`: what we are called in Slack, without "@".
std::vector<std::string> what_to_mend(storage::Transaction& tx, const std::string& bot);

/// A Home, and what stands for all it shows.
struct HomeShown {
    slack::View view{};
    std::string digest{};
    TimePoint until{}; // when who is on call changes next, of what it shows
};
HomeShown home_of(storage::Transaction& tx, const Context& app, HomeLook& look, const HomeDuty& duty, const std::string& person);

} // namespace handlers
