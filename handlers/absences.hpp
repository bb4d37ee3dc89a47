#pragma once

#include "handlers/routes.hpp"
#include "oncall/absences.hpp"

/// When people are away. Nobody else is paged because of it; whoever is on call then hears of it ahead.
namespace handlers {

/// `away`: a form; with days: that; `away list`: those to come, each with a button that removes it; `away calendar https://…`:
/// her own calendar of absences; `away calendar off`.
Answer away(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_away_remove(slack::Action action, std::string delivery, Context& app);
Answer submit_away(slack::Submission submission, std::string delivery, Context& app);

/// Everybody's, by form, by words and by calendar, that are not over.
std::vector<oncall::Away> absences_at(storage::Transaction& tx, TimePoint now);

/// Whoever is away in a shift of hers is told, once a shift. Called whenever absences or shifts may have changed.
asio::awaitable<void> tell_clashes(Context& app);

} // namespace handlers
