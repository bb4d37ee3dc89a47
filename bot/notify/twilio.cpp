#include "notify/twilio.hpp"

#include "notify/sms_text.hpp"
#include "notify/text.hpp"
#include "notify/twilio_outcome.hpp"
#include "notify/twiml.hpp"
#include "oncall/phone.hpp"
#include "slack/message.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace notify {

using slack::Json;

namespace {

constexpr std::chrono::seconds exchange_limit{15}; // with one exchange
constexpr std::size_t most_answer = 1 << 20;
constexpr std::chrono::seconds twilio_clock_skew{5}; // between Twilio's and ours

std::string root(const TwilioAccount& account)
{
    return account.api_url + "/2010-04-01/Accounts/" + net::percent_encode(account.sid);
}

TwilioRequest get(const TwilioAccount& account, std::string url)
{
    TwilioRequest asked;
    asked.url = std::move(url);
    asked.request.headers = {
        {"Authorization", "Basic " + base64(account.sid + ":" + account.auth_token)}, {"Accept", "application/json"}};
    return asked;
}

TwilioRequest post(const TwilioAccount& account, std::string url, const std::vector<net::Header>& fields)
{
    auto asked = get(account, std::move(url));
    asked.request.method = "POST";
    asked.request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    asked.request.body = net::form_out(fields);
    return asked;
}

bool is_sid(std::string_view sid)
{
    return sid.size() == 34 && std::all_of(sid.begin(), sid.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

/// "2026-11-03T12:00:00Z"
std::string in_utc(TimePoint at) { return oncall::iso(at, "UTC").substr(0, 19) + "Z"; }

/// RFC 2822 as Twilio writes it, "Tue, 03 Nov 2026 12:00:00 +0000"; TimePoint{} when it is none.
TimePoint date_in(const std::string& text)
{
    constexpr std::string_view months{"JanFebMarAprMayJunJulAugSepOctNovDec"};
    std::istringstream words{text};
    std::string weekday, month, time, zone;
    int day{}, year{}, hour{}, minute{}, second{};
    char colon{};
    if (!(words >> weekday >> day >> month >> year >> hour >> colon >> minute >> colon >> second >> zone) || zone != "+0000"
        || month.size() != 3)
        return {};
    const auto at = months.find(month);
    const auto date = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(at / 3 + 1)}
        / std::chrono::day{static_cast<unsigned>(day)};
    if (at == months.npos || at % 3 != 0 || !date.ok())
        return {};
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

/// What Twilio says may name the number it was to reach.
std::string without_numbers(std::string_view words)
{
    std::string said;
    int run = 0;
    for (const char c : words) {
        run = c >= '0' && c <= '9' ? run + 1 : 0;
        if (run <= 4)
            said += c;
        else if (run == 5)
            said += "...";
    }
    return one_line(said, 200);
}

Outcome later(std::string why)
{
    auto outcome = refused(std::move(why));
    outcome.how = Outcome::later;
    return outcome;
}

Outcome later(std::string why, const net::Response& response)
{
    auto outcome = later(std::move(why));
    const auto text = net::header(response.headers, "Retry-After");
    int seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc{} && end == text.data() + text.size() && seconds >= 0 && seconds <= 3'600)
        outcome.retry_after = std::chrono::seconds{seconds};
    return outcome;
}

std::optional<Json> json_in(const net::Response& response)
{
    try {
        auto body = slack::parse(response.body, most_answer);
        if (body.is_object())
            return body;
    } catch (const slack::BadJson&) {
    }
    return std::nullopt;
}

std::optional<Json> answer_in(const net::Response& response)
{
    return response.status == 200 || response.status == 201 ? json_in(response) : std::nullopt;
}

int number_at(const Json& body, std::string_view key)
{
    const auto& found = slack::at(body, {key});
    if (found.is_number_integer())
        return found.get<int>();
    int number{};
    if (found.is_string()) {
        const auto& text = found.get_ref<const std::string&>();
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    return number;
}

/// What Twilio says beside a 4xx.
Outcome refusal_in(const net::Response& response)
{
    const auto status = "HTTP status " + std::to_string(response.status);
    if (response.status == 429)
        return later("Twilio asks to wait (" + status + ")", response);
    if (response.status >= 500)
        return later("Twilio has trouble (" + status + ")", response);
    const auto body = json_in(response).value_or(Json::object());
    const auto code = number_at(body, "code");
    auto outcome = error_means(code);
    if (outcome.how == Outcome::later)
        return later(outcome.why, response);
    if (outcome.why.empty() && (response.status == 401 || response.status == 403))
        outcome = error_means(20003);
    if (outcome.why.empty())
        outcome = refused("Twilio refused it: " + without_numbers(slack::text_at(body, {"message"})) + " ("
            + (code > 0 ? "error " + std::to_string(code) : status) + ")");
    return outcome;
}

/// A code is said digit by digit, not as a number.
std::string with_single_digits(std::string_view words)
{
    std::string said;
    for (std::size_t at = 0; at < words.size(); ++at) {
        said += words[at];
        const auto is_digit = [&](std::size_t where) {
            return where < words.size() && words[where] >= '0' && words[where] <= '9';
        };
        if (is_digit(at) && is_digit(at + 1))
            said += ", ";
    }
    return said;
}

/// The token of an answer link, of which ours for calls have the same: /a/{token}.
std::string token_of(const PageMessage& message)
{
    for (const auto& action : message.actions)
        if (const auto at = action.url.rfind("/a/"); action.verb == "acknowledge" && at != action.url.npos)
            return action.url.substr(at + 3);
    return {};
}

class Twilio final : public Provider {
public:
    enum class Way { sms, voice };
    Twilio(TwilioAccount account, net::Network& network, Way way)
        : account_{std::move(account)}
        , network_{network}
        , way_{way}
    {
    }
    std::string name() const override { return account_.name; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        if (!oncall::is_phone(address))
            co_return refused("that is no telephone number");
        if (!oncall::is_allowed(address, account_.countries)) {
            auto no = refused("ONCALL_COUNTRIES does not allow numbers of that country");
            no.needs_an_operator = true; // no further attempt goes better
            co_return no;
        }
        auto asked =
            way_ == Way::sms ? sms_request(account_, address, sms_text(message)) : call_request(account_, address, message);
        Outcome outcome;
        try {
            auto asking = ask_twilio(std::move(asked), network_);
            outcome = taken_in(co_await std::move(asking));
        } catch (const net::Failure& failure) {
            outcome = later(std::string{"Twilio does not answer: "} + failure.what());
            if (failure.maybe_sent())
                outcome.how = Outcome::unknown;
        }
        co_return outcome;
    }

    asio::awaitable<Outcome> look(std::string reference) override
    {
        Outcome outcome;
        auto asked = look_request(account_, reference);
        if (!asked)
            co_return outcome;
        try {
            auto asking = ask_twilio(std::move(*asked), network_);
            outcome = became_in(co_await std::move(asking));
        } catch (const net::Failure& failure) {
            outcome.why = std::string{"Twilio does not answer: "} + failure.what();
        }
        outcome.reference = std::move(reference);
        co_return outcome;
    }

    asio::awaitable<Listed> taken(PageMessage message, std::string address, TimePoint since) override
    {
        Listed listed;
        if (!oncall::is_phone(address))
            co_return listed;
        auto asked = sent_request(account_, way_ == Way::voice, address);
        try {
            auto asking = ask_twilio(std::move(asked), network_);
            const auto response = co_await std::move(asking);
            listed = sent_in(response, way_ == Way::sms ? sms_text(message) : std::string{}, since);
        } catch (const net::Failure& failure) {
            listed.trouble = std::string{"Twilio does not answer: "} + failure.what();
        }
        co_return listed;
    }

private:
    TwilioAccount account_;
    net::Network& network_;
    Way way_;
};

} // namespace

TwilioRequest sms_request(const TwilioAccount& account, const std::string& to, const std::string& text)
{
    std::vector<net::Header> fields{{"To", to}, {"From", account.from}, {"Body", text}};
    if (!account.public_url.empty())
        fields.push_back({"StatusCallback", account.public_url + std::string{status_path}});
    return post(account, root(account) + "/Messages.json", fields);
}

TwilioRequest call_request(const TwilioAccount& account, const std::string& to, const PageMessage& message)
{
    std::vector<net::Header> fields{
        {"To", to}, {"From", account.from}, {"Timeout", "40"}, {"TimeLimit", "180"}, {"MachineDetection", "Enable"}};
    const auto token = account.public_url.empty() ? std::string{} : token_of(message);
    if (!token.empty()) {
        fields.push_back({"Url", account.public_url + std::string{voice_path} + token});
        fields.push_back({"Method", "POST"});
    } else {
        const auto& words = !message.spoken.empty() ? message.spoken : !message.title.empty() ? message.title : message.text;
        const bool is_page = message.alert != 0 && !message.test;
        fields.push_back(
            {"Twiml", is_page ? page_twiml("This is on-call. " + words + ".", "") : twice_twiml(with_single_digits(words))});
    }
    if (!account.public_url.empty()) {
        fields.push_back({"StatusCallback", account.public_url + std::string{status_path}});
        fields.push_back({"StatusCallbackMethod", "POST"});
    }
    return post(account, root(account) + "/Calls.json", fields);
}

std::optional<TwilioRequest> look_request(const TwilioAccount& account, const std::string& sid)
{
    if (!is_sid(sid))
        return std::nullopt;
    return get(account, root(account) + (sid.starts_with("CA") ? "/Calls/" : "/Messages/") + sid + ".json");
}

TwilioRequest replies_request(const TwilioAccount& account, TimePoint since)
{
    return get(account,
        root(account) + "/Messages.json?To=" + net::percent_encode(account.from)
            + "&DateSent%3E=" + net::percent_encode(in_utc(since)) + "&PageSize=100");
}

// Not by date: what waits to be sent has none.
TwilioRequest sent_request(const TwilioAccount& account, bool calls, const std::string& to)
{
    return get(account,
        root(account) + (calls ? "/Calls.json" : "/Messages.json") + "?To=" + net::percent_encode(to)
            + "&From=" + net::percent_encode(account.from) + "&PageSize=50");
}

TwilioRequest account_request(const TwilioAccount& account) { return get(account, root(account) + ".json"); }

TwilioRequest number_request(const TwilioAccount& account)
{
    return get(account, root(account) + "/IncomingPhoneNumbers.json?PhoneNumber=" + net::percent_encode(account.from));
}

Outcome taken_in(const net::Response& response)
{
    if (const auto body = answer_in(response)) {
        Outcome outcome;
        outcome.reference = slack::text_at(*body, {"sid"});
        return outcome;
    }
    if (response.status >= 400)
        return refusal_in(response);
    // It said yes, and nobody knows to what.
    auto outcome = later("Twilio's answer could not be read (HTTP status " + std::to_string(response.status) + ")");
    outcome.how = Outcome::unknown;
    return outcome;
}

Outcome became_in(const net::Response& response)
{
    if (const auto body = answer_in(response)) {
        const auto sid = slack::text_at(*body, {"sid"}), status = slack::text_at(*body, {"status"});
        return sid.starts_with("CA") ? call_became(status, slack::text_at(*body, {"answered_by"}))
                                     : sms_became(status, number_at(*body, "error_code"));
    }
    Outcome unknown_yet;
    unknown_yet.why = "Twilio does not say (HTTP status " + std::to_string(response.status) + ")";
    unknown_yet.needs_an_operator = response.status == 401 || response.status == 403;
    return unknown_yet;
}

Listed sent_in(const net::Response& response, const std::string& text, TimePoint since)
{
    Listed listed;
    if (response.status == 429 || response.status >= 500)
        listed.trouble = "Twilio does not say what it sent (HTTP status " + std::to_string(response.status) + ")";
    const auto body = answer_in(response);
    if (!body)
        return listed;
    const auto line = text.substr(0, text.find('\n'));
    for (const auto* kind : {"messages", "calls"})
        for (const auto& one : slack::at(*body, {kind})) {
            const auto sid = slack::text_at(one, {"sid"});
            // A trial account's messages begin with words of Twilio's.
            if (is_sid(sid) && slack::text_at(one, {"direction"}) == "outbound-api"
                && date_in(slack::text_at(one, {"date_created"})) >= since - twilio_clock_skew
                && slack::text_at(one, {"body"}).find(line) != std::string::npos)
                listed.references.push_back(sid);
        }
    return listed;
}

std::vector<TextMessage> texts_in(const net::Response& response)
{
    std::vector<TextMessage> found;
    if (const auto body = answer_in(response))
        for (const auto& one : slack::at(*body, {"messages"}))
            if (slack::text_at(one, {"direction"}) == "inbound" && is_sid(slack::text_at(one, {"sid"}))) {
                const auto sent = date_in(slack::text_at(one, {"date_sent"}));
                found.push_back({slack::text_at(one, {"sid"}), slack::text_at(one, {"from"}), slack::text_at(one, {"body"}),
                    sent == TimePoint{} ? date_in(slack::text_at(one, {"date_created"})) : sent});
            }
    return found;
}

std::optional<TwilioStatus> account_in(const net::Response& response)
{
    const auto body = answer_in(response);
    if (!body)
        return std::nullopt;
    return TwilioStatus{slack::text_at(*body, {"status"}), slack::text_at(*body, {"type"})};
}

std::optional<TwilioNumber> number_in(const net::Response& response)
{
    const auto body = answer_in(response);
    if (!body)
        return std::nullopt;
    TwilioNumber number;
    const auto can = [](const Json& one, std::string_view what) {
        const auto& may = slack::at(one, {"capabilities", what});
        return may.is_boolean() && may.get<bool>();
    };
    for (const auto& one : slack::at(*body, {"incoming_phone_numbers"})) {
        number.ours = true;
        number.sms = number.sms || can(one, "sms") || can(one, "SMS");
        number.voice = number.voice || can(one, "voice");
        number.sms_url = slack::text_at(one, {"sms_url"});
    }
    return number;
}

std::unique_ptr<Provider> twilio_sms(TwilioAccount account, net::Network& network)
{
    return std::make_unique<Twilio>(std::move(account), network, Twilio::Way::sms);
}

std::unique_ptr<Provider> twilio_voice(TwilioAccount account, net::Network& network)
{
    return std::make_unique<Twilio>(std::move(account), network, Twilio::Way::voice);
}

asio::awaitable<net::Response> ask_twilio(TwilioRequest asked, net::Network& network)
{
    net::FetchLimits limits;
    limits.timeout = exchange_limit;
    limits.body = most_answer;
    auto response = co_await network.fetch(std::move(asked.url), std::move(asked.request), limits);
    co_return response;
}

} // namespace notify
