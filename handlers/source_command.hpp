#pragma once

#include "handlers/routes.hpp"

/// `/oncall source`: what sends alerts, what came of it, how it is set up and tried.
namespace handlers {

/// Alone: the sources; a name: that one; `add grafana`: the form of a new one; `test`: a payload is pasted.
Answer source_command(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Anything pressed in it.
Answer click_source(slack::Action pressed, std::string delivery, Context& app);
/// A payload was pasted: what it would become is shown.
Answer submit_source_payload(slack::Submission sent, std::string delivery, Context& app);

} // namespace handlers
