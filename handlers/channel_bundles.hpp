#pragma once

#include "handlers/routes.hpp"
#include "storage/channel_bundles.hpp"

/// How alerts are told in their channels: by cards of their own, or many on one; and in lines, where the channel wants those.
namespace handlers {

/// Where the alert is shown in its channel. Decided when it is first shown, in the transaction that does so, and then kept.
storage::ChannelAlert placed(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& channel, TimePoint now);

/// The card of many follows them. `calmly`: together with what else comes within seconds.
void follow_channel_bundle(storage::Transaction& tx, oncall::ChannelBundleId bundle, TimePoint now, bool calmly);

/// What became of the alert as a line of its own, if the channel wants that and has not been told.
void tell_change(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const storage::ChannelAlert& at,
    const std::string& channel, TimePoint now);

/// Acknowledges what a channel's card showed as waiting, as far as it still does.
Answer click_channel_bundle(slack::Action action, std::string delivery, Context& app);

// show_alert.cpp
/// `show 42`: all there is to see of an alert, with its buttons, for whoever asks.
Answer show_alert(slack::Command command, std::string rest, std::string delivery, Context& app);
/// The same by a button.
Answer click_show_alert(slack::Action action, std::string delivery, Context& app);
/// What was shown by these is brought up to date after a press of one of its buttons.
void follow_details(storage::Transaction& tx, const Context& app, const std::string& delivery, oncall::AlertId alert,
    const std::string& response_url, TimePoint now);

} // namespace handlers
