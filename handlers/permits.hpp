#pragma once

#include "handlers/context.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/who_may.hpp"
#include "slack/payloads.hpp"

/// Who may: every way in asks here first, or by a permit_… that begins with the same table, oncall/who_may.
namespace handlers {

/// Who asks, as Slack told it; the workspace they come from counts only while it has not.
oncall::Asker asker_of(storage::Transaction& tx, const Asked& asked);
/// Throws Refusal when people of that kind never may.
void permit_deed(storage::Transaction& tx, oncall::Deed deed, const Asked& asked);

/// Before anything of it is read: throws Refusal where people of other workspaces, apps or whoever is deactivated may not. Guests
/// are refused by whoever does it, who knows whom they can ask instead; so are those of whom Slack has not told yet.
void permit_to_come_in(oncall::Deed deed, const slack::Actor& actor, const Context& app);

/// Why somebody cannot be paged, as far as Slack has told who that is: "<@U1> is an app and cannot answer a page."; else empty.
std::string cannot_answer(storage::Transaction& tx, const std::string& user);

} // namespace handlers
