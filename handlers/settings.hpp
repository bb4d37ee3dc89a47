#pragma once

#include "blocks/settings.hpp"
#include "handlers/configure.hpp"
#include "handlers/permits.hpp"
#include "handlers/settings_forms.hpp"
#include "oncall/heartbeat.hpp"
#include "oncall/may_edit.hpp"

/// What the views of `/oncall settings` have in common.
namespace handlers {

/// What a form carries with it, as private_metadata.
struct FormState {
    Subject subject{};
    int generation{}; // grows with every change of what the form shows, but for what is typed
    std::string seen{}; // the fingerprint of what it was when the form was opened
    std::string draft{}; // of a policy: where what stands in its forms is kept
    int level{-1}; // of a policy: the level whose form it is; -1: its own
};
std::string metadata_of(const FormState& state);
/// nullopt when it is none of ours.
std::optional<FormState> form_state_in(const std::string& metadata);

/// What a form needs to know besides what it is about.
struct Surroundings {
    std::shared_ptr<const oncall::Configuration> now{};
    Naming naming{};
    blocks::Names names{};
    oncall::Editor editor{};
    std::string holds{}; // the subject, as stored
    std::string changed_by{}; // and by whom it was changed last
    TimePoint changed_at{};
    std::optional<TimePoint> old_key_until{}; // of a source: another key still works
    std::optional<TimePoint> old_secret_until{}; // of a source: another signing secret still works
    bool has_secret{}; // of a source: it has a signing secret
    std::optional<oncall::Heartbeat> paused{}; // of a heartbeat that is paused
};
Surroundings surroundings(storage::Transaction& tx, const Context& app, const Subject& subject, const Asked& asked);
std::string fingerprint(const std::string& holds);

/// The form with `values` in it, and words on top.
slack::View form_view(
    const FormState& state, const blocks::Values& values, const Surroundings& around, const std::vector<std::string>& words = {});
/// Why something can't be done.
slack::View refusal_view(const std::string& words, const blocks::Names& names);

/// What some edits would change, kept as a draft. With problems there is no draft, and the view's lines say them.
struct Planned {
    blocks::PlanView view{};
    std::vector<config::Problem> problems{};
    bool changes{}; // something
};
/// Throws Refusal when that person may not do that.
Planned plan_edits(storage::Transaction& tx, Context& app, const std::vector<config::Edit>& edits, const Surroundings& around,
    const Asked& asked);
/// What makes the subject what it is in `becomes`.
config::Edit edit_to(const Subject& subject, const oncall::Configuration& becomes, const Surroundings& around);
/// A problem as it is said at a field.
std::string words_of(const config::Problem& problem);
/// What refers to it, as "It is used by team payments. …"; empty when it may go.
std::string in_use(storage::Transaction& tx, const std::string& kind, const std::string& name);

/// Throws Refusal when that person may not make these changes.
void permit_edits(storage::Transaction& tx, const std::vector<config::Edit>& edits, const oncall::Editor& editor);
/// The rules as they stand, by name.
std::vector<std::string> rules_in_order(storage::Transaction& tx);
/// A plan's changes in words, a line each.
std::vector<std::string> lines_of(const config::Plan& plan);

} // namespace handlers
