#include "commands/check_twilio.hpp"

#include "ways_out.hpp"

namespace commands {

namespace {

/// What Twilio says of the account or the number; nullopt, and told, when it says nothing.
asio::awaitable<std::optional<net::Response>> ask(
    notify::TwilioRequest asked, std::string number, CheckDoors doors, const Tell& tell)
{
    std::optional<net::Response> response;
    std::string trouble;
    try {
        auto asking = notify::ask_twilio(std::move(asked), doors.network);
        response = co_await std::move(asking);
    } catch (const net::Failure& failure) {
        trouble = failure.what();
    }
    if (response && response->status != 200) {
        trouble = notify::taken_in(*response).why;
        response.reset();
    }
    if (!response)
        tell({Verdict::bad, "Twilio does not let us in by TWILIO_ACCOUNT_SID" + number + ": " + trouble + ".",
            "Copy TWILIO_ACCOUNT_SID" + number + " and TWILIO_AUTH_TOKEN" + number
                + " from console.twilio.com, \"Account Info\", and see that this machine may connect to api.twilio.com."});
    co_return response;
}

void judge(const notify::TwilioStatus& account, const std::string& number, const Tell& tell)
{
    const auto which = "the account of TWILIO_ACCOUNT_SID" + number;
    if (account.status != "active")
        tell({Verdict::bad, "At Twilio, " + which + " is " + account.status + ".",
            "See console.twilio.com what it wants, often money."});
    else if (account.type == "Trial")
        tell(
            {Verdict::bad, "At Twilio, " + which + " is a trial: it reaches verified numbers alone, and says so in each message.",
                "Upgrade it at console.twilio.com."});
    else
        tell({Verdict::good, "Twilio knows " + which + ", and it is active.", ""});
}

void judge(
    const notify::TwilioNumber& number, const config::TwilioSettings& account, const std::string& public_url, const Tell& tell)
{
    const auto& from = account.from;
    const auto setting = "TWILIO_FROM" + account.number;
    if (!number.ours) {
        tell({Verdict::bad, setting + ", " + from + ", is no number of this Twilio account.",
            "Take one from console.twilio.com, \"Active numbers\", or buy one there."});
        return;
    }
    for (const auto& [can, what] : {std::pair{number.sms, "send text messages"}, std::pair{number.voice, "call"}})
        if (!can)
            tell({Verdict::bad, from + " cannot " + what + ".", "Buy a number that can, and set " + setting + " to it."});
    if (number.sms && number.voice)
        tell({Verdict::good, from + " can send text messages and call.", ""});
    if (public_url.empty()) {
        tell({Verdict::note,
            "ONCALL_PUBLIC_URL is not set: Twilio cannot call us, so answers by text message take up to 15 s, and calls take no "
            "keys.",
            ""});
        return;
    }
    const auto wanted = public_url + std::string{notify::sms_path};
    if (number.sms_url == wanted)
        tell({Verdict::good, "Text messages to " + from + " are told to us.", ""});
    else
        tell({Verdict::bad,
            "Text messages to " + from + " are told to " + (number.sms_url.empty() ? std::string{"nobody"} : number.sms_url)
                + ", so answers by them take up to a minute.",
            "At console.twilio.com, \"Active numbers\", set \"A message comes in\" to " + wanted + ", HTTP POST."});
}

asio::awaitable<void> check_account(
    config::TwilioSettings settings, notify::TwilioAccount account, CheckDoors doors, const Tell& tell)
{
    auto asking = ask(notify::account_request(account), settings.number, doors, tell);
    const auto answer = co_await std::move(asking);
    const auto status = answer ? notify::account_in(*answer) : std::nullopt;
    if (!status)
        co_return;
    judge(*status, settings.number, tell);
    auto asking_again = ask(notify::number_request(account), settings.number, doors, tell);
    const auto said = co_await std::move(asking_again);
    if (const auto number = said ? notify::number_in(*said) : std::nullopt)
        judge(*number, settings, account.public_url, tell);
}

} // namespace

asio::awaitable<void> check_twilio(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    for (const auto& one : settings.twilio) {
        auto account = twilio_account(settings, one);
        if (account.sid.empty() || account.auth_token.empty() || account.from.empty())
            continue; // what is wrong in itself has been said
        auto checking = check_account(one, std::move(account), doors, tell);
        co_await std::move(checking);
    }
}

} // namespace commands
