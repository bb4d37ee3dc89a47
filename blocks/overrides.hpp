#pragma once

#include "blocks/blocks.hpp"
#include "oncall/overrides.hpp"

namespace blocks {

namespace action {
inline constexpr std::string_view override_open{"override.open"}; // value: "schedule:<name>", "alert:<id>", or none
inline constexpr std::string_view override_edit{"override.edit"}; // of this and the next three: "<id>:<version>"
inline constexpr std::string_view override_end{"override.end"};
inline constexpr std::string_view override_take_back{"override.take_back"};
inline constexpr std::string_view override_undo{"override.undo"};
} // namespace action
namespace view {
inline constexpr std::string_view override_form{"override.submit"}; // private_metadata: "<id>:<version>:<what was seen>"
inline constexpr std::string_view override_schedule{"override.schedule"}; // block and action ids of its inputs
inline constexpr std::string_view override_people{"override.people"};
inline constexpr std::string_view override_from{"override.from"};
inline constexpr std::string_view override_to{"override.to"};
inline constexpr std::string_view override_stead{"override.stead"};
inline constexpr std::string_view override_instead_of{"override.instead_of"};
inline constexpr std::string_view override_reason{"override.reason"};
/// Values of the choice in whose stead.
inline constexpr std::string_view stead_everybody{"everybody"};
inline constexpr std::string_view stead_one_person{"one_person"};
inline constexpr std::string_view stead_as_well{"as_well"};
} // namespace view

/// The form that makes or edits an override, with what it changes.
struct OverrideForm {
    oncall::OverrideDraft draft{}; // people are Slack ids
    std::string reason{};
    std::vector<std::string> schedules{}; // to choose from
    std::vector<std::string> on_call{}; // in that time: whose part can be taken
    oncall::Drafted looked_at{};
    std::string note{}; // what happened meanwhile, as in words(); empty: nothing
    std::string seen{}; // stands for what the form shows
    std::int64_t id{}; // of the one that is edited; 0: a new one
    std::int64_t version{};
    bool begun{}; // only its end may change
    oncall::Override edited{}; // with `draft.times_only`: what it does, and to whom
    Names names{};
};
View override_form(const OverrideForm& form);

/// An override was made, edited or undone: what that changed. `undo`: the value of the button that undoes it; empty: none.
struct OverrideDone {
    std::string words{}; // as in words(): "Override of schedule payments made."
    std::vector<oncall::ShiftChange> changes{};
    std::vector<std::string> told{}; // who gets a message about it
    std::string undo{};
    Names names{};
};
View override_done(const OverrideDone& done);

struct OverrideLine {
    oncall::Override one{};
    std::string schedule{};
    std::string made_by{};
    std::string reason{};
    std::int64_t version{};
};
/// Those of them that are not over, by their beginning. `words` (as in words()) and the button that undoes stand above them, if
/// any.
Message overrides(const std::vector<OverrideLine>& lines, oncall::TimePoint now, const Names& names,
    const std::string& words = {}, const std::string& undo = {});

} // namespace blocks
