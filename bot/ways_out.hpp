#pragma once

#include "config/settings.hpp"
#include "doors/random.hpp"
#include "net/network.hpp"
#include "notify/provider.hpp"
#include "notify/twilio.hpp"
#include "notify/vapid.hpp"

/// The ways to people beside Slack and mail: the providers that the settings name, behind those that are handed in.
class WaysOut {
public:
    /// Of `settings` nothing is kept.
    WaysOut(const config::Settings& settings, net::Network& network, doors::Clock& clock, doors::Random& random,
        notify::Providers others);
    const notify::Providers& all() const { return all_; }

    /// What is known once the database is open, and before anything is sent: `keys` sign web pushes, `secret` is what webhooks'
    /// secrets are made of.
    void know(notify::KeyPair keys, std::string secret);

    /// Browsers can be notified: they reach us by https, as service workers need.
    static bool has_web_push(const config::Settings& settings);

private:
    notify::Vapid vapid_{};
    std::string secret_{};
    std::vector<std::unique_ptr<notify::Provider>> made_{};
    notify::Providers all_;
};

/// What the settings say of one of Twilio's accounts.
notify::TwilioAccount twilio_account(const config::Settings& settings, const config::TwilioSettings& account);
