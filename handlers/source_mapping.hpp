#pragma once

#include "handlers/routes.hpp"
#include "oncall/configuration.hpp"

/// A source's mapping, made by choosing from what came.
namespace handlers {

/// Whether where the fields of its alerts stand can be chosen.
bool takes_mapping(const oncall::Source& source);

/// The places in a payload, with those chosen that its source's mapping takes, or a guess. Throws Refusal.
slack::View mapping_form(storage::Transaction& tx, const Context& app, std::int64_t payload, const Asked& asked);
/// Places were chosen: the plan with what the payload would become is shown, and saved as any other.
Answer submit_source_mapping(slack::Submission sent, std::string delivery, Context& app);

} // namespace handlers
