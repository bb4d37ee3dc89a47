#pragma once

#include "handlers/context.hpp"
#include "slack/payloads.hpp"

namespace handlers {

/// A field of an open form was changed: it is shown again as `load` makes it, once Slack has told who `whom` are. Of several
/// changes under way the newest is shown, and an older one gives way.
void show_changed_form(slack::Action pressed, std::string delivery, Context& app,
    std::function<slack::View(storage::Transaction&)> load, std::vector<oncall::Recipient> whom = {});

/// It was sent: what is still under way for it is not shown any more.
void forget_changed_form(const std::string& view_id, Context& app);

} // namespace handlers
