#pragma once

#include "config/settings.hpp"
#include "net/network.hpp"
#include "notify/provider.hpp"
#include "notify/twilio.hpp"

/// The ways to people beside Slack and mail: the providers that the settings name, behind those that are handed in.
class WaysOut {
public:
    /// Of `settings` nothing is kept.
    WaysOut(const config::Settings& settings, net::Network& network, notify::Providers others);
    const notify::Providers& all() const { return all_; }

private:
    std::vector<std::unique_ptr<notify::Provider>> made_{};
    notify::Providers all_;
};

/// What the settings say of Twilio; nullopt when it is not set up.
std::optional<notify::TwilioAccount> twilio_account(const config::Settings& settings);
