#include "ways_out.hpp"

using oncall::ContactKind;

WaysOut::WaysOut(const config::Settings& settings, net::Network& network, notify::Providers others)
    : all_{std::move(others)}
{
    const auto add = [this](ContactKind kind, std::unique_ptr<notify::Provider> provider) {
        all_[kind].push_back(provider.get());
        made_.push_back(std::move(provider));
    };
    if (const auto account = twilio_account(settings)) {
        add(ContactKind::sms, notify::twilio_sms(*account, network));
        add(ContactKind::voice, notify::twilio_voice(*account, network));
    }
}

std::optional<notify::TwilioAccount> twilio_account(const config::Settings& settings)
{
    if (settings.twilio_account_sid.empty())
        return std::nullopt;
    return notify::TwilioAccount{settings.twilio_account_sid, settings.twilio_auth_token.get(), settings.twilio_from,
        settings.twilio_api_url, settings.public_url, settings.countries};
}
