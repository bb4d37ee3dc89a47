#pragma once

#include "handlers/routes.hpp"

/// People who can answer no page any more though they are named: found, told, taken out.
namespace handlers {

/// An event of Slack's told who somebody is now, or that there is somebody new.
Answer hear_of_person(slack::Event event, Context& app);

/// Another configuration is in force, or more is known of who people are: pages that try somebody who cannot answer go on, whom
/// the configuration names though they cannot answer is told once, and that it is over. Found, not stepped: what was told is
/// rows.
void tell_of_unable(storage::Transaction& tx, const Context& app, TimePoint now);

/// Opens the form that takes somebody out of all that names them.
Answer click_unable_fix(slack::Action pressed, std::string delivery, Context& app);
Answer submit_unable(slack::Submission sent, std::string delivery, Context& app);
/// What was shown is saved: as settings are, so that shifts that move are told and can be undone.
Answer save_unable(slack::Submission pressed, std::string delivery, Context& app);

} // namespace handlers
