#pragma once

#include "blocks/services.hpp"
#include "handlers/routes.hpp"

/// Services and teams, to be looked at: whose problem something is.
namespace handlers {

/// `service`, or with a name: the list, or all that is known of it.
Answer service_command(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `team`, or with a name.
Answer team_command(slack::Command command, std::string rest, std::string delivery, Context& app);
/// A press that shows something: in its place, or in a view of its own when it was pressed in a message.
Answer click_service(slack::Action action, std::string delivery, Context& app);
/// Subscribes whoever presses, or no more.
Answer click_subscribe(slack::Action action, std::string delivery, Context& app);
/// The paging webhook: made, given another key, made quiet.
Answer click_service_hook(slack::Action action, std::string delivery, Context& app);
/// Somebody types into the menu of services.
Answer look_up_services(slack::Lookup typing, Context& app);

} // namespace handlers
