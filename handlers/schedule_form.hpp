#pragma once

#include "config/oncall_yaml.hpp"
#include "handlers/settings_forms.hpp"

/// The form of a schedule, pure. A form of Slack has no room for all rotations with all that is in them: one shows the schedule
/// and its rotations in short, another one rotation (rotation_form.hpp). The schedule as it would be is kept beside the fields,
/// whole, so that nothing is lost that no field shows.
namespace handlers {

inline constexpr std::size_t most_rotations = 20; // of a form; more is for YAML
inline constexpr std::size_t most_drafted = 200'000; // bytes of JSON

/// As config::Item has it, without overrides.
std::string schedule_out(const oncall::Schedule& schedule);
struct ReadSchedule {
    oncall::Schedule schedule{};
    std::vector<config::Problem> problems{}; // but for what it names elsewhere
};
ReadSchedule schedule_in(const std::string& json, const std::string& name);

/// What stands in the form at first. `was`: what is edited, without overrides; of a new one, what it begins with. Throws Refusal
/// when it does not fit into a form.
void put_schedule(blocks::Values& values, const oncall::Schedule& was, oncall::TimePoint now);
/// The schedule as it stands beside the fields, called `name`, with the time zone that was typed, if there is one of that name.
oncall::Schedule drafted(const blocks::Values& values, const std::string& name);
void keep_drafted(blocks::Values& values, const oncall::Schedule& schedule);

/// When it is to hold from: what was chosen; none: now.
std::optional<oncall::TimePoint> takes_effect(const blocks::Values& values);

struct ScheduleParts {
    std::string name{};
    bool fresh{}; // its name is a field
    bool has_been{}; // people were on call by it, so that one may say from when on it changes
    oncall::TimePoint now{};
};
std::vector<blocks::Part> schedule_parts(const ScheduleParts& shown, const blocks::Values& values, const Naming& naming);
/// The field from when on it holds; of what has not been there is none.
void add_takes_effect(std::vector<blocks::Part>& parts, const ScheduleParts& shown);
void add_name(std::vector<blocks::Part>& parts);

/// A rotation elsewhere, one less.
void move_rotation(blocks::Values& values, std::size_t from, std::size_t to);
void remove_rotation(blocks::Values& values, std::size_t index);

/// `rotation` in the place of the one at `index`, of which the form showed `before`; last, when there is none. What was not
/// changed keeps its versions; a new name alone is one for its past as well, and for those that hand their holidays to it.
void put_rotation_back(
    oncall::Schedule& schedule, std::size_t index, const oncall::Rotation& before, const oncall::Rotation& rotation);

/// `becomes` from `from` on; what was before stays as it was. Where it changes nothing of that, it is taken as it is written.
oncall::Schedule holding_from(const oncall::Schedule& was, const oncall::Schedule& becomes, oncall::TimePoint from);
/// What was planned for a time after `from` as it would be when it held from `from` on.
oncall::Schedule planned_sooner(oncall::Schedule schedule, oncall::TimePoint from);
/// What of that change no version can say, so that it holds at once and for what has been as well: "what rotation weekly does on
/// holidays", "the calendar that rotation weekly is read from".
std::vector<std::string> undated(const oncall::Schedule& was, const oncall::Schedule& becomes);
/// Whether anybody was on call by it before `now`.
bool has_been_used(const oncall::Schedule& schedule, oncall::TimePoint now);

} // namespace handlers
