#pragma once

#include "handlers/context.hpp"
#include "oncall/heartbeat.hpp"
#include "slack/message.hpp"

/// How Opsgenie writes what we have. Pure.
namespace handlers {

/// 16 bytes as a UUID.
std::string uuid_of(std::string_view bytes);
/// An alert's id in the form of a UUID, always the same; and back: nullopt when it is not one of these.
std::string opsgenie_id(oncall::AlertId alert);
std::optional<oncall::AlertId> opsgenie_id_in(std::string_view text);
/// A source's, the same way.
std::string integration_id(const std::string& source);

/// "2026-11-03T12:00:00Z"; empty: never.
std::string opsgenie_time_out(TimePoint at);

/// "P1" … "P5".
std::string priority_of(const oncall::Alert& alert);

/// An alert as their API shows it; `whole`: as one that is asked for by itself.
slack::Json opsgenie_alert_out(const oncall::Alert& alert, bool whole);
slack::Json heartbeat_out(const oncall::Heartbeat& heartbeat);
slack::Json heartbeat_meta(const oncall::Heartbeat& heartbeat);

/// Which alerts a list wants. What it cannot tell is said in `problem`: a list that leaves nothing out would lie.
struct OpsgenieQuery {
    std::string status{}; // "open", "closed"; empty: both
    std::optional<bool> acknowledged{};
    std::optional<bool> snoozed{};
    std::string alias{};
    std::string tiny{};
    std::string priority{};
    std::string tag{};
    std::string problem{};
};
/// Terms like `status:open AND alias:"disk full"`.
OpsgenieQuery opsgenie_query(std::string_view text);
bool matches(const OpsgenieQuery& query, const oncall::Alert& alert);

} // namespace handlers
