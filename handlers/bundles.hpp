#pragma once

#include "handlers/paging.hpp"

/// Answers to several alerts at once.
namespace handlers {

/// Acknowledges each alert that a person was told of by a bundle and nobody has answered yet, and says yes where she was asked to
/// help; the others stay as they are, and so does one that she has acknowledged and that needs others, too. Says what was done,
/// for her, or throws Refusal when nothing is left to be done. `clicked`: the message that shows them and is edited otherwise.
/// Inside a transaction.
std::string acknowledge_all(storage::Transaction& tx, const Context& app, oncall::BundleId bundle, const Asked& asked,
    const std::optional<storage::ShownMessage>& clicked = {});

/// The same of these alerts, whoever was told of them: those that nobody has answered yet, and where the actor was asked to help.
std::string acknowledge_each(storage::Transaction& tx, const Context& app, const std::vector<oncall::AlertId>& told,
    const Asked& asked, const std::optional<storage::ShownMessage>& clicked = {});

/// The bundle that an answer to a notification's message is about; nullopt: it is in none.
std::optional<oncall::BundleId> bundle_of(storage::Transaction& tx, std::int64_t notification);

} // namespace handlers
