#pragma once

#include "blocks/blocks.hpp"
#include "oncall/my_shifts.hpp"
#include "oncall/setup.hpp"
#include "oncall/unscheduled_teams.hpp"

/// Home: everybody's dashboard.
namespace blocks {

namespace action {
inline constexpr std::string_view home_cover{"home.cover"}; // opens a form, as "/oncall cover" does
inline constexpr std::string_view home_settings{"home.settings"}; // the same; value: a kind of settings, or none
inline constexpr std::string_view home_unacknowledge{"home.unacknowledge"}; // value: as of the card's actions
} // namespace action
namespace view {
inline constexpr std::string_view home{"home"}; // private_metadata: what stands for all it shows
} // namespace view

/// Who is on call by one schedule.
struct HomeSchedule {
    OnCallLine line{}; // without a team
    std::vector<std::string> teams{}; // all that page by it
    bool may_override{};
};

/// How somebody is reached, and what would go wrong.
struct HomeReach {
    std::vector<std::string> ways{}; // "Slack", "SMS Work"
    std::vector<std::string> why{}; // a page might not wake her, or not reach her; sentences. Empty: it would
    bool reached{true}; // by something
};

/// What she answered a moment ago, and its way back.
struct HomeAnswer {
    oncall::Alert alert{}; // as it is now
    oncall::TimePoint at{};
    bool may_undo{}; // else it is given back, or re-opened
};

/// What one person is shown. People are Slack ids or as configured.
struct Home {
    enum class Reader { member, guest, stranger, unknown }; // unknown: Slack has not said yet
    Reader reader{Reader::member};
    std::string person{};
    std::vector<std::string> to_ask{}; // who can help a guest or a stranger
    bool in_team{};
    bool any_schedule{};
    std::vector<oncall::MyShift> shifts{}; // those that run and the next
    std::vector<AlertView> alerts{}; // open ones that are hers or her teams'
    std::size_t more_alerts{};
    bool other_alerts{}; // others have open ones
    std::vector<HomeAnswer> answered{}; // the newest first
    std::vector<HomeSchedule> schedules{};
    std::size_t more_schedules{};
    std::vector<oncall::UnscheduledTeam> teams{}; // those that have no schedule
    HomeReach reach{};
    std::vector<oncall::SetupStep> steps{}; // of whoever can do something about them
    bool may_page{};
    bool may_override{};
    bool may_settings{};
    oncall::TimePoint now{};
    Names names{};
};
/// No view is larger than Slack takes, and the same is written in the same way, whenever it is.
View home(const Home& shown);

/// Words for whoever pressed something in Home, as in words().
View home_words(const std::string& words, const Names& names);

} // namespace blocks
