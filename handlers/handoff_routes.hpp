#pragma once

#include "handlers/routes.hpp"

/// What people ask of handoffs and of their reminders. Rows of the one table, like those of routes.hpp.
namespace handlers {

// handoff_forms.cpp
/// `handoff`: a note for whoever comes after; with words, or a schedule's name and words, it is kept at once.
Answer handoff(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_handoff_note(slack::Action action, std::string delivery, Context& app);
Answer submit_handoff_note(slack::Submission submission, std::string delivery, Context& app);
Answer click_handoff_accept(slack::Action action, std::string delivery, Context& app);
/// `reminders`: of which of their shifts somebody wants to be told, and when.
Answer reminders(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_reminders(slack::Action action, std::string delivery, Context& app);
Answer submit_reminders(slack::Submission submission, std::string delivery, Context& app);
Answer click_pager_test(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
