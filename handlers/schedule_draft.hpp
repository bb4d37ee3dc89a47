#pragma once

#include "handlers/rotation_form.hpp"
#include "handlers/schedule_form.hpp"
#include "handlers/settings.hpp"
#include "slack/payloads.hpp"

/// A schedule while it is edited: what stands in its form and in those of its rotations, kept from press to press as that of a
/// policy is (policy_draft.hpp). `level` of the state is the rotation whose form it is.
namespace handlers {

/// The same with those whom the draft names by their Slack ids, also where nobody else has named them yet.
Naming naming_in(const oncall::Schedule& schedule, Naming naming);

/// The form of the schedule called `name`, or of a new one that may be called so. Throws Refusal when whoever asks may not.
slack::View open_schedule(storage::Transaction& tx, Context& app, const std::string& name, bool fresh, const Asked& asked);

/// The form of the schedule, or of the rotation that `state` says, with words on top.
slack::View schedule_view(const FormState& state, const blocks::Values& values, const Surroundings& around, TimePoint now,
    const std::vector<std::string>& words = {});
std::vector<blocks::Part> parts_of_schedule(
    const FormState& state, const blocks::Values& values, const Surroundings& around, TimePoint now);

/// The form of its YAML. `file`: one may be uploaded; else the words say why not.
slack::View schedule_yaml_view(
    const FormState& state, const blocks::Values& values, const Surroundings& around, TimePoint now, bool file);
/// What was typed into such a form that is none of the draft's any more: Slack did not take the view that was to follow, or
/// another press came first. It is shown again, with that text; without any, the schedule's form is.
slack::View schedule_yaml_again(
    const FormState& state, blocks::Values values, const slack::Json& typed, const Surroundings& around, TimePoint now);
/// A field of Slack's holds no more.
inline constexpr std::size_t most_typed = 3'000;

/// What a press comes to: another view in the place of the one that was pressed.
struct PressedSchedule {
    slack::View view{};
    std::optional<slack::View> plainer{}; // should Slack not take the first
};
PressedSchedule press_schedule(storage::Transaction& tx, Context& app, const slack::Action& pressed, FormState state,
    const Surroundings& around, const Asked& asked);

/// A rotation's form was filled in: it stands in the schedule from here on, or errors at its fields. `state` becomes that of the
/// schedule's form, which is shown next.
std::map<std::string, std::string> take_rotation(storage::Transaction& tx, Context& app, FormState& state, blocks::Values& values,
    const Surroundings& around, const Asked& asked);

} // namespace handlers
