#pragma once

#include "blocks/form.hpp"
#include "oncall/overrides.hpp"

/// Schedules made and edited in Slack.
namespace blocks {

namespace action {
inline constexpr std::string_view schedule_edit{"schedule.edit"}; // value: the schedule's name
inline constexpr std::string_view schedule_new{"schedule.new"}; // value: a name, or none
inline constexpr std::string_view schedule_yaml{"schedule.yaml"};
inline constexpr std::string_view schedule_yaml_file{"schedule.yaml.file"}; // as a file, to begin with
inline constexpr std::string_view schedule_rotation{"schedule.rotation"}; // a menu: "edit:0", "move:0:1", "remove:0"
inline constexpr std::string_view schedule_add_rotation{"schedule.rotation.add"};
inline constexpr std::string_view schedule_back{"schedule.back"}; // from a rotation, or the YAML
} // namespace action
namespace view {
inline constexpr std::string_view schedule_form{"schedule.form"}; // of these two private_metadata is as of the settings' forms
inline constexpr std::string_view schedule_yaml{"schedule.yaml"};
inline constexpr std::string_view schedule_plan{"schedule.plan"}; // private_metadata: the draft
} // namespace view

/// What a schedule would be, to be looked at before it is saved.
struct SchedulePlan {
    std::string schedule{};
    bool fresh{}; // there is none yet
    std::string draft{}; // what Save saves
    std::string external_id{}; // by which the picture finds the view
    std::string note{}; // above, when there is something to be careful about
    std::optional<oncall::TimePoint> takes_effect{}; // none: now
    oncall::TimePoint from{}; // what is compared and drawn
    oncall::TimePoint to{};
    std::vector<oncall::ShiftChange> changes{}; // in that time
    std::vector<std::string> warnings{}; // as in words()
    std::vector<std::string> lines{}; // what changes in the settings
    Json picture{}; // stands where the picture will
};
View schedule_plan(const SchedulePlan& plan, const Names& names);

/// It holds, or will from then on. Closing it closes everything.
View schedule_saved(const std::string& schedule, std::optional<oncall::TimePoint> from);

} // namespace blocks
