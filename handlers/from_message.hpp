#pragma once

#include "handlers/routes.hpp"

/// What is begun in Slack's own menus: of a message, and of everything.
namespace handlers {

/// The address of the message; empty: it cannot be told.
std::string message_link(const slack::Shortcut& used);

/// A message is to stand in an alert's timeline.
Answer note_from_message(slack::Shortcut used, std::string delivery, Context& app);
Answer submit_note_from_message(slack::Submission submission, std::string delivery, Context& app);

// page_forms.cpp
/// The form that pages, from anywhere in Slack.
Answer page_from_anywhere(slack::Shortcut used, std::string delivery, Context& app);

} // namespace handlers
