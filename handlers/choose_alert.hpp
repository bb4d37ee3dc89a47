#pragma once

#include "blocks/blocks.hpp"
#include "handlers/routes.hpp"

/// Alerts to choose from, in forms.
namespace handlers {

/// What a verb may be about, the newest first: at most one more than a menu holds.
std::vector<oncall::Alert> alerts_for(storage::Transaction& tx, oncall::Verb verb, TimePoint now);

/// Whether there is any that is open or was lately.
bool some_alert_lately(storage::Transaction& tx, TimePoint now);

/// The number that was chosen in a form; zero: none.
oncall::AlertId alert_chosen(const slack::Json& state, std::string_view field = blocks::view::verb_alert);

/// Somebody types into a menu of alerts.
Answer look_up_alerts(slack::Lookup typing, Context& app);
bool is_menu_of_alerts(std::string_view action_id);

} // namespace handlers
