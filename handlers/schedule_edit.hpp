#pragma once

#include "handlers/routes.hpp"

/// Schedules made and edited in Slack: what is typed, pressed and sent.
namespace handlers {

/// `schedule new`, `schedule edit`, with a name or without: the form.
Answer schedule_form_by_words(slack::Command command, std::string name, bool fresh, Context& app);
/// Anything pressed in it that is no submission, and what opens it elsewhere.
Answer click_schedule_form(slack::Action action, std::string delivery, Context& app);
/// The form of the schedule, or of one of its rotations, was filled in.
Answer submit_schedule(slack::Submission submission, std::string delivery, Context& app);
Answer submit_schedule_yaml(slack::Submission submission, std::string delivery, Context& app);
/// What was shown is saved.
Answer save_schedule(slack::Submission submission, std::string delivery, Context& app);

} // namespace handlers
