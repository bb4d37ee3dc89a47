#pragma once

#include "handlers/settings_forms.hpp"

/// The form of one rotation of a schedule, pure. Its fields are called "rotation.name" and so on.
namespace handlers {

/// A rotation as its newest version has it, and without versions: what the form shows and changes.
oncall::Rotation newest_of(const oncall::Rotation& rotation);
/// When that began or begins, if it is a version.
std::optional<oncall::TimePoint> newest_since(const oncall::Rotation& rotation, const std::string& schedule_zone);
/// Nobody will be on duty by it again.
bool has_ended(const oncall::Rotation& rotation, const std::string& schedule_zone, oncall::TimePoint now);

/// A rotation to begin with: weeks from the last Monday on at 09:00, so that whoever is first in it is on duty now.
oncall::Rotation rotation_to_begin_with(const std::string& schedule_zone, oncall::TimePoint now);

/// Throws Refusal when it can be changed as YAML alone.
void put_rotation(blocks::Values& values, const oncall::Rotation& rotation, const Naming& naming);
/// Changes what the form shows, and leaves the rest. What cannot be read is an error at its field.
void read_rotation(oncall::Rotation& rotation, const blocks::Values& values, const std::string& schedule_zone,
    const Naming& naming, oncall::TimePoint now, std::map<std::string, std::string>& errors);
/// Its fields stand in the values no more.
void forget_rotation(blocks::Values& values);
/// `before`: what is edited.
std::vector<blocks::Part> rotation_parts(
    const std::string& schedule, const oncall::Rotation& before, const std::string& schedule_zone, const Naming& naming);
/// The field that a problem is shown at; `rest` is what follows "rotations[2]." in its path.
std::string rotation_field(const std::string& rest);

/// "*weekly* · a week each, from Mon 2 Nov 2026 09:00\nAna → Bo".
blocks::kit::Mrkdwn rotation_words(const oncall::Rotation& rotation, const std::string& schedule_zone, const Naming& naming);

/// The people whom the form chooses.
inline constexpr std::string_view rotation_people{"rotation.people"};

} // namespace handlers
