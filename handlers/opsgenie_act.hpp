#pragma once

#include "handlers/paging.hpp"
#include "handlers/sources/opsgenie.hpp"

namespace handlers {

/// What became of a call, as its sender may ask later.
struct OpsgenieDone {
    bool success{};
    std::string status{};
    oncall::AlertId alert{};
    std::string alias{};
};

/// The source's alert that a call is upon: by alias an open one.
std::optional<oncall::Alert> alert_of_call(
    storage::Transaction& tx, const oncall::Source& source, const sources::OpsgenieCall& call);

/// Does what is asked of an alert; who asked for it and their note go into its timeline. What cannot be done is said in `status`,
/// and what we do not have (a person nobody knows, a custom action) is noted for whoever reads the alert.
OpsgenieDone act_for_opsgenie(storage::Transaction& tx, const Context& app, const oncall::Source& source,
    const sources::OpsgenieCall& call, const sources::Sent& sent, TimePoint now);

/// Of those it names, whom we know, as a report's `whom` has it; none when a rule says whose the alert is.
std::vector<std::string> whom_of(const std::vector<sources::OpsgenieResponder>& responders, const Report& report,
    const oncall::Source& source, const oncall::Configuration& configuration, TimePoint now);

/// What goes into the timeline besides: who, and the note.
void tell_who(storage::Transaction& tx, const Context& app, oncall::AlertId alert, const std::string& user,
    const std::string& note, const Asked& asked);

} // namespace handlers
