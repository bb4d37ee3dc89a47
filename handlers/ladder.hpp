#pragma once

#include "handlers/context.hpp"
#include "oncall/run.hpp"

/// How one person is tried: step by step of her notification rule. Inside a transaction.
namespace handlers {

/// "7.0.1.0", the page and where on its policy it stands: what the keys of its notifications begin with.
std::string place_of(oncall::PageId page, const oncall::Position& at);

/// Plans one notification and what says it; planning twice does nothing. False then.
bool plan(storage::Transaction& tx, oncall::Notification& notification, oncall::Urgency urgency);

/// Begins a person's ladder for a try of the page, and takes its first step, or joins a bundle that takes it soon; beginning
/// twice does nothing. `run` says at which try, whom and why. Of low urgency in her quiet hours it is held instead: until when is
/// returned.
std::optional<TimePoint> begin_run(storage::Transaction& tx, const Context& app, const oncall::Alert& alert,
    const oncall::Page& page, oncall::Run run, TimePoint now);

/// What was held begins now, and takes its first step.
void begin_held_run(storage::Transaction& tx, const Context& app, const oncall::Page& page, oncall::Run run, TimePoint now);
/// The same of several of one person, told in one message by the ways of that step, and by nothing after it.
void begin_held_runs(storage::Transaction& tx, const Context& app, std::vector<oncall::Run> runs,
    const oncall::NotificationStep& by, TimePoint now);

/// Takes the step that is due, if its page is still unanswered; in a bundle, that of all its members that are at it.
void climb_run(storage::Transaction& tx, const Context& app, oncall::RunId id, TimePoint now);

/// The runs of a page, or those of one person, go no further: stopped until the answer is taken back, or completed.
void end_runs(
    storage::Transaction& tx, oncall::PageId page, oncall::RunState state, TimePoint now, const std::string& person = {});

/// The answer that stopped a page's runs is taken back: they go on, and what it withdrew is sent after all.
void resume_runs(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const oncall::Page& page, TimePoint now);

} // namespace handlers
