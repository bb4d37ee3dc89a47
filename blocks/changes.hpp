#pragma once

#include "blocks/kit.hpp"

/// What was changed on purpose: deploys, flags.
namespace blocks {

/// For the card of an alert: "🚀 Changed 6 minutes ago: build 4711", a line each; empty: nothing was.
kit::Mrkdwn change_lines(const std::vector<oncall::ChangeEvent>& changes);

struct ChangesView {
    std::string name{}; // of a service or a source; empty: of all
    bool of_service{};
    std::vector<oncall::ChangeEvent> changes{}; // the newest first
};
Message changes(const ChangesView& shown);

} // namespace blocks
