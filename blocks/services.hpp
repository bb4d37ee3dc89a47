#pragma once

#include "blocks/form.hpp"
#include "oncall/change_event.hpp"
#include "oncall/service_directory.hpp"

/// `/oncall service` and `/oncall team`: whose problem something is.
namespace blocks {

namespace action {
inline constexpr std::string_view service_open{"service.open"}; // value: the service
inline constexpr std::string_view service_list{"service.list"}; // value: a page
inline constexpr std::string_view service_list_back{"service.list_back"};
inline constexpr std::string_view service_pick{"service.pick"}; // a menu that asks for its options; value: the service
inline constexpr std::string_view service_subscribe{"service.subscribe"}; // value: "on:<service>" or "off:<service>"
inline constexpr std::string_view service_hook{"service.hook"}; // value: "make:<service>", else "<what>:<source>"
inline constexpr std::string_view team_open{"team.open"}; // value: the team
inline constexpr std::string_view team_list{"team.list"}; // value: a page
inline constexpr std::string_view team_list_back{"team.list_back"};
} // namespace action
namespace view {
inline constexpr std::string_view services{"services"}; // private_metadata: a page
inline constexpr std::string_view service{"service"}; // private_metadata: the service
inline constexpr std::string_view teams{"teams"}; // private_metadata: a page
inline constexpr std::string_view team{"team"}; // private_metadata: the team
} // namespace view

/// A service in a list, or one that another needs.
struct ServiceLine {
    std::string name{};
    std::string team{};
    int tier{}; // 0: none given
    int open{}; // alerts
    bool known{true}; // false: there is none of that name
};
/// By team, a page of them. `all`: how many there are, to be searched when they are many.
View services_list(std::vector<ServiceLine> services, std::size_t page);

/// Who is paged first, by one target of the policy's first level.
struct DutyLine {
    std::string by{}; // "schedule payments"; empty: themselves
    std::vector<std::string> people{};
    std::optional<oncall::TimePoint> until{}; // when others are on call
    std::vector<std::string> next{}; // who is then
};

/// An address by which alone the service is paged.
struct PagingHook {
    std::string source{};
    bool quiet{};
    std::optional<oncall::TimePoint> heard{}; // when something came last
    bool may_edit{}; // whoever looks
};

/// People are Slack ids or as configured.
struct ServiceView {
    oncall::Service service{};
    std::string said{}; // on top: what has just been done; empty: nothing
    std::string policy{}; // empty: none
    bool made_policy{}; // of its team's schedule
    std::vector<DutyLine> on_call{};
    std::vector<ServiceLine> needs{}, needed_by{};
    std::vector<std::string> subscribers{};
    bool subscribed{}; // whoever looks
    bool may_page{}; // the same
    bool may_edit{};
    bool may_silence{};
    std::vector<PagingHook> hooks{};
    std::vector<std::string> silences{}; // that hold its alerts back now, in words
    oncall::TimePoint read_at{}; // its directory, last; TimePoint{}: none, or never
    std::string changed_by{}; // as an item of the configuration has it
    oncall::TimePoint changed_at{};
    std::vector<oncall::Alert> open{}, resolved{}; // newest first
    std::vector<oncall::ChangeEvent> changes{}; // newest first
    Names names{};
};
View service(const ServiceView& shown);

struct TeamLine {
    std::string name{};
    std::size_t members{};
    std::size_t services{};
    int open{}; // alerts of its services
    std::vector<DutyLine> on_call{};
};
View teams_list(const std::vector<TeamLine>& teams, std::size_t page, const Names& names);

struct TeamView {
    oncall::Team team{};
    std::string policy{}; // by which it is paged; empty: none
    bool made_policy{}; // of its schedule
    std::vector<DutyLine> on_call{};
    std::optional<bool> works{}; // now; nullopt: its hours were never said
    std::optional<oncall::TimePoint> works_from{}; // when it does next
    std::string hours{}; // in words, a line each
    std::vector<ServiceLine> services{};
    std::vector<oncall::Alert> open{};
    std::vector<std::string> silences{}; // as of a service
    bool may_edit{};
    Names names{};
};
View team(const TeamView& shown);

/// How a service stands, to a subscriber: one message for as long as something is wrong.
struct SubscriberView {
    std::string service{};
    std::vector<oncall::Alert> open{}; // of high urgency, newest first
    bool more{}; // than those
    oncall::TimePoint began{};
    oncall::TimePoint over_at{}; // of one that is over
    Names names{};
};
Message subscriber(const SubscriberView& shown);

} // namespace blocks
