#include "ways_out.hpp"

#include "notify/gotify.hpp"
#include "notify/ntfy.hpp"
#include "notify/pushover.hpp"
#include "notify/web_push.hpp"
#include "notify/webhook.hpp"

using oncall::ContactKind;

WaysOut::WaysOut(
    const config::Settings& settings, net::Network& network, doors::Clock& clock, doors::Random& random, notify::Providers others)
    : all_{std::move(others)}
{
    const auto add = [this](ContactKind kind, std::unique_ptr<notify::Provider> provider) {
        all_[kind].push_back(provider.get());
        made_.push_back(std::move(provider));
    };
    for (const auto& one : settings.twilio) {
        const auto account = twilio_account(settings, one);
        add(ContactKind::sms, notify::twilio_sms(account, network));
        add(ContactKind::voice, notify::twilio_voice(account, network));
    }
    vapid_.subject = settings.vapid_subject.empty() ? settings.public_url : settings.vapid_subject;
    if (has_web_push(settings))
        add(ContactKind::web_push, notify::web_push(network, clock, random, [this] { return vapid_; }));
    if (!settings.ntfy_url.empty())
        add(ContactKind::ntfy, notify::ntfy(network, clock, {settings.ntfy_url, settings.ntfy_token.get()}));
    if (!settings.pushover_token.get().empty())
        add(ContactKind::pushover, notify::pushover(network, clock, settings.pushover_token.get()));
    if (!settings.gotify_url.empty())
        add(ContactKind::gotify, notify::gotify(network, clock, settings.gotify_url));
    // What one webhook says no to, no other way of calling it would mend: who brings a way means that one alone.
    if (!all_.contains(ContactKind::webhook))
        add(ContactKind::webhook,
            notify::webhook(
                network, clock, [this] { return secret_; }, notify::WebhookRules{settings.private_webhooks}));
}

void WaysOut::know(notify::KeyPair keys, std::string secret)
{
    vapid_.keys = std::move(keys);
    secret_ = std::move(secret);
}

bool WaysOut::has_web_push(const config::Settings& settings) { return settings.public_url.starts_with("https://"); }

notify::TwilioAccount twilio_account(const config::Settings& settings, const config::TwilioSettings& account)
{
    const auto name = account.number.empty() ? "Twilio" : "Twilio " + account.number.substr(1);
    return {account.account_sid, account.auth_token.get(), account.from, account.api_url, settings.public_url, settings.countries,
        name};
}
