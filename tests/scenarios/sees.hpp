#pragma once

#include "scenarios/world.hpp"

/// What people see, as text, and what they do, step by step.
namespace scenario {

/// The first message of the alert channel: the card.
std::string card(World& world);
/// Its last message: the newest alert's card.
std::string last_card(World& world);
/// The messages in the first one's thread, each on a line of its own.
std::string thread(World& world);
/// Direct messages that page, remind or tell; what is about shifts, and what only they see of their own commands, aside.
std::size_t pages_to(workspace::Person& person);
/// The modal that is open.
std::string modal(World& world, workspace::Person& person);

/// Whether a picture is among its blocks.
bool shows_picture(const workspace::Message& message);

/// Types it after /oncall and returns what only that person is shown.
std::string type(World& world, workspace::Person& person, const std::string& text);
/// Fills the fields one after the other, as a person does: each time the form shows what that comes to.
void fill(World& world, workspace::Person& person, const workspace::Fields& fields);

} // namespace scenario
