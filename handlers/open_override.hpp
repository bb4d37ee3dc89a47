#pragma once

#include "handlers/routes.hpp"

#include <functional>

namespace handlers {

/// What the form of a new override begins with.
struct OpenedOverride {
    std::string schedule{};
    TimePoint from{};
    TimePoint to{};
    std::string instead_of{}; // whose part somebody else is to take, a Slack id or as configured; empty: everybody's
};

/// A button opens the override form, filled in as `what` says by what holds now; its Refusal is told to whoever pressed.
Answer open_override(
    slack::Action pressed, std::string delivery, Context& app, std::function<OpenedOverride(storage::Transaction&)> what);

/// Whether the words behind `override` put on call whoever says them, and nobody else. Where they leave nothing open, that is
/// done without a form.
bool puts_oneself_on_call(const std::string& rest, const std::string& person);

} // namespace handlers
