#pragma once

#include "handlers/settings.hpp"
#include "slack/payloads.hpp"

/// A policy while it is edited: what stands in its form and in those of its levels, kept from press to press. A view of Slack has
/// no room for it.
namespace handlers {

/// Keeps what stands in the form from here on; the state says where. Whoever presses on a view that was shown before presses in
/// vain: it shows what stands there now.
void keep_draft(storage::Transaction& tx, Context& app, FormState& state, const blocks::Values& values, const Asked& asked);

/// What stands in the form that `state` is of, with what was typed into the view since. Throws Refusal when that is too long ago.
struct PolicyDraft {
    blocks::Values values{};
    int generation{}; // of the view that shows it
};
PolicyDraft draft_of(storage::Transaction& tx, const FormState& state, const blocks::Values& typed, const Asked& asked);

/// A press on one of its buttons: levels and targets come, go and change places, a level is opened and left. Returns the view
/// that shows it.
slack::View press_policy(storage::Transaction& tx, Context& app, const slack::Action& pressed, FormState state,
    const Surroundings& around, const Asked& asked);

/// A level's form was filled in: it stands in the policy from here on, or errors at its fields, by field. `state` becomes that of
/// the policy's form, which is shown next.
std::map<std::string, std::string> take_level(storage::Transaction& tx, Context& app, FormState& state, blocks::Values& values,
    const Surroundings& around, const Asked& asked);

} // namespace handlers
