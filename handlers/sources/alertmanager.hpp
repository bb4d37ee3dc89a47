#pragma once

#include "handlers/sources/sources.hpp"

#include <functional>

/// Alertmanager's notification, as Grafana sends it too.
namespace handlers::sources {

/// The list in it. Throws BadPayload when there is none.
const slack::Json& alerts_of(const slack::Json& payload);
/// One of them; `index` is for words about problems.
Report alert_of(const slack::Json& alert, std::size_t index);
/// What could be read of the list, and of the rest why not, in a sentence; empty: all was read.
struct AlertsRead {
    std::vector<Report> reports{};
    std::string left_out{};
};
/// One odd alert does not lose the others. Throws BadPayload when none of them can be read.
AlertsRead alerts_read(const slack::Json& payload, const std::function<Report(const slack::Json& alert, std::size_t index)>& one);
/// They all, each with what was left out.
Read read_of(const slack::Json& payload, AlertsRead alerts);
/// All of them as one, keyed by their group: over when the group is, as bad as the worst that fires.
Report group_of(const slack::Json& payload, const oncall::Source& source);
/// How many alerts the sender's limit has left out, in a sentence; empty: none.
std::string left_out_of(const slack::Json& payload);

} // namespace handlers::sources
