#include "twilio/twilio.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <sstream>

namespace twilio {

namespace {

using Fields = std::vector<net::Header>;

std::string field(const Fields& fields, const std::string& name)
{
    for (const auto& one : fields)
        if (one.name == name)
            return one.value;
    return {};
}

std::string base64(const unsigned char* bytes, std::size_t size)
{
    std::string text(4 * ((size + 2) / 3) + 1, '\0');
    const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

bool is_e164(const std::string& text)
{
    return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] >= '1' && text[1] <= '9'
        && std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Only over TLS, but for this machine.
bool is_callback(const std::string& url)
{
    return url.size() <= 4'000
        && (url.starts_with("https://") || url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:"));
}

std::size_t characters(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// "Tue, 03 Nov 2026 12:00:00 +0000"
std::string rfc2822(TimePoint at)
{
    constexpr const char* weekdays[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    std::ostringstream text;
    text << std::setfill('0') << weekdays[std::chrono::weekday{day}.c_encoding()] << ", " << std::setw(2)
         << static_cast<unsigned>(date.day()) << ' ' << months[static_cast<unsigned>(date.month()) - 1] << ' '
         << static_cast<int>(date.year()) << ' ' << std::setw(2) << time.hours().count() << ':' << std::setw(2)
         << time.minutes().count() << ':' << std::setw(2) << time.seconds().count() << " +0000";
    return text.str();
}

/// "2026-11-03T12:00:00Z", as `DateSent>=` takes it.
std::optional<TimePoint> iso_in(const std::string& text)
{
    int year{}, month{}, day{}, hour{}, minute{}, second{};
    if (text.size() != 20 || text[19] != 'Z'
        || std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ", &year, &month, &day, &hour, &minute, &second) != 6)
        return std::nullopt;
    const auto date =
        std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} / std::chrono::day{static_cast<unsigned>(day)};
    return TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute}
    + std::chrono::seconds{second};
}

net::Response answer(int http, const Json& body)
{
    net::Response response;
    response.status = http;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = body.dump();
    return response;
}

} // namespace

std::string signature(const std::string& token, const std::string& url, const Fields& parameters)
{
    std::map<std::string, std::set<std::string>> sorted;
    for (const auto& one : parameters)
        sorted[one.name].insert(one.value);
    auto words = url;
    for (const auto& [name, values] : sorted)
        for (const auto& value : values)
            words += name + value;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    HMAC(EVP_sha1(), token.data(), static_cast<int>(token.size()), reinterpret_cast<const unsigned char*>(words.data()),
        words.size(), digest, &length);
    return base64(digest, length);
}

Twilio::Twilio(Doors doors, Identity us)
    : doors_{doors}
    , us_{std::move(us)}
{
    net::Service service;
    service.serve = [this](net::Request request) { return serve(std::move(request)); };
    listener_ = doors_.network.listen(us_.host + ":443", std::move(service));
}

void Twilio::fail(net::Response response, int times)
{
    for (int time = 0; time < times; ++time)
        failures_.push_back(response);
}

net::Response Twilio::error(int http, int code, const std::string& words)
{
    return answer(http,
        Json{{"code", code}, {"message", words}, {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code)},
            {"status", http}});
}

net::Response Twilio::no(int http, int code, const std::string& words)
{
    refused.push_back(std::to_string(code) + ": " + words);
    return error(http, code, words);
}

std::string Twilio::sid(const std::string& kind)
{
    std::ostringstream text;
    text << kind << us_.account.substr(2, 8) << std::hex << std::setfill('0') << std::setw(24) << ++count_;
    return text.str();
}

asio::awaitable<net::Response> Twilio::serve(net::Request request)
{
    ++asked;
    const auto credentials = us_.account + ":" + token;
    const auto wanted = "Basic " + base64(reinterpret_cast<const unsigned char*>(credentials.data()), credentials.size());
    if (net::header(request.headers, "Authorization") != wanted)
        co_return no(401, 20003, "Authenticate");
    const std::string path{net::path(request.target)};
    const auto root = "/2010-04-01/Accounts/" + us_.account;
    const auto query = request.target.size() > path.size() ? net::form_in(request.target.substr(path.size() + 1)) : Fields{};
    if (!query)
        co_return no(400, 20001, "the query cannot be read");
    const bool sends = request.method == "POST";
    if (sends && net::header(request.headers, "Content-Type") != "application/x-www-form-urlencoded")
        co_return no(415, 20001, "not a form");
    if (sends && !failures_.empty()) {
        auto failure = failures_.front();
        failures_.erase(failures_.begin());
        co_return failure;
    }
    const auto fields = net::form_in(request.body);
    if (!fields)
        co_return no(400, 20001, "the form cannot be read");
    if (sends && status != "active")
        co_return no(403, 20005, "Account not active");
    if (path == root + "/Messages.json" || path == root + "/Calls.json") {
        const bool of_calls = path == root + "/Calls.json";
        if (!sends)
            co_return of_calls ? list_calls(*query) : list(*query);
        const bool silent = silent_ > 0;
        silent_ -= silent ? 1 : 0;
        net::Response said;
        if (!silent || acts_)
            said = of_calls ? make_call(*fields) : send_message(*fields);
        if (silent) {
            const std::chrono::minutes silence{1};
            co_await doors_.clock.pause(silence);
        }
        co_return said;
    }
    if (sends)
        co_return no(405, 20004, "Method not allowed");
    if (path == root + ".json")
        co_return answer(200, Json{{"sid", us_.account}, {"status", status}, {"type", type}});
    if (path == root + "/IncomingPhoneNumbers.json") {
        auto found = Json::array();
        if (number_is_ours && field(*query, "PhoneNumber") == us_.number)
            found.push_back(Json{{"phone_number", us_.number}, {"sms_url", sms_url},
                {"capabilities", Json{{"sms", number_has_sms}, {"voice", number_has_voice}, {"mms", false}}}});
        co_return answer(200, Json{{"incoming_phone_numbers", found}});
    }
    for (const auto& one : messages)
        if (path == root + "/Messages/" + one.sid + ".json")
            co_return answer(200, json(one));
    for (const auto& one : calls)
        if (path == root + "/Calls/" + one.sid + ".json")
            co_return answer(200, json(one));
    co_return no(404, 20404, "The requested resource " + path + " was not found");
}

net::Response Twilio::send_message(const Fields& fields)
{
    const std::set<std::string> known{"To", "From", "Body", "StatusCallback"};
    for (const auto& one : fields)
        if (!known.contains(one.name))
            return no(400, 20001, "there is no parameter " + one.name);
    const auto to = field(fields, "To"), from = field(fields, "From"), body = field(fields, "Body"),
               callback = field(fields, "StatusCallback");
    if (to.empty())
        return no(400, 21604, "A 'To' phone number is required.");
    if (from.empty())
        return no(400, 21603, "A 'From' phone number is required.");
    if (body.empty())
        return no(400, 21602, "Message body is required.");
    if (!is_e164(to))
        return no(400, 21211, "The 'To' number " + to + " is not a valid phone number.");
    if (from != us_.number || !number_is_ours)
        return no(400, 21660, "Mismatch between the 'From' number " + from + " and the account");
    if (!number_has_sms)
        return no(400, 21606, "The 'From' phone number provided is not a valid message-capable Twilio phone number.");
    if (characters(body) > 1'600)
        return no(400, 21617, "The concatenated message body exceeds the 1600 character limit");
    if (!callback.empty() && !is_callback(callback))
        return no(400, 21609, "The 'StatusCallback' URL " + callback + " is not a valid URL");
    if (stopped_.contains(to))
        return no(400, 21610, "Attempt to send to unsubscribed recipient");
    messages.push_back({sid("SM"), from, to, body, "outbound-api", "queued", 0, callback, doors_.clock.now()});
    return answer(201, json(messages.back()));
}

net::Response Twilio::make_call(const Fields& fields)
{
    const std::set<std::string> known{"To", "From", "Url", "Method", "Twiml", "Timeout", "TimeLimit", "MachineDetection",
        "StatusCallback", "StatusCallbackMethod"};
    for (const auto& one : fields)
        if (!known.contains(one.name))
            return no(400, 20001, "there is no parameter " + one.name);
    Call call;
    call.to = field(fields, "To");
    call.from = field(fields, "From");
    call.url = field(fields, "Url");
    call.twiml = field(fields, "Twiml");
    call.callback = field(fields, "StatusCallback");
    const auto timeout = field(fields, "Timeout"), machine = field(fields, "MachineDetection");
    if (call.to.empty())
        return no(400, 21201, "No 'To' number is specified");
    if (call.from.empty())
        return no(400, 21213, "'From' phone number is required");
    if (!is_e164(call.to))
        return no(400, 21211, "The phone number you are attempting to call, " + call.to + ", is not valid.");
    if (call.from != us_.number || !number_is_ours || !number_has_voice)
        return no(400, 21210, "'From' phone number not verified");
    if (call.url.empty() == call.twiml.empty())
        return no(400, 21205, "Url parameter is required, or Twiml, and not both");
    if (!call.url.empty() && !is_callback(call.url))
        return no(400, 21205, "Url is not a valid URL: " + call.url);
    if (!call.callback.empty() && !is_callback(call.callback))
        return no(400, 21609, "StatusCallback is not a valid URL");
    if (characters(call.twiml) > 4'000)
        return no(400, 21620, "Twiml is longer than 4000 characters");
    if (!machine.empty() && machine != "Enable" && machine != "DetectMessageEnd")
        return no(400, 21223, "MachineDetection is invalid");
    int seconds{};
    std::from_chars(timeout.data(), timeout.data() + timeout.size(), seconds);
    if (!timeout.empty() && (seconds < 1 || seconds > 600))
        return no(400, 21208, "Timeout is invalid");
    if (!call.twiml.empty())
        twiml_in(call.twiml); // an exchange that throws is answered 500, and the test sees it
    call.detects_machines = !machine.empty();
    call.sid = sid("CA");
    call.status = "queued";
    call.at = doors_.clock.now();
    calls.push_back(call);
    return answer(201, json(call));
}

net::Response Twilio::list(const Fields& query)
{
    listed += field(query, "To") == number ? 1 : 0;
    const auto since = field(query, "DateSent>"), by = field(query, "From");
    const auto from = since.empty() ? std::optional{TimePoint{}} : iso_in(since);
    if (!from)
        return no(400, 20001, "DateSent> is no date");
    auto found = Json::array();
    for (auto one = messages.rbegin(); one != messages.rend(); ++one)
        if (one->to == field(query, "To") && (by.empty() || one->from == by) && one->at >= *from)
            found.push_back(json(*one));
    return answer(200, Json{{"messages", found}, {"page", 0}, {"page_size", 100}, {"next_page_uri", nullptr}});
}

net::Response Twilio::list_calls(const Fields& query)
{
    auto found = Json::array();
    for (auto one = calls.rbegin(); one != calls.rend(); ++one)
        if (one->to == field(query, "To") && one->from == field(query, "From"))
            found.push_back(json(*one));
    return answer(200, Json{{"calls", found}, {"page", 0}, {"page_size", 50}, {"next_page_uri", nullptr}});
}

Json Twilio::json(const Message& message) const
{
    Json body{{"sid", message.sid}, {"account_sid", us_.account}, {"from", message.from}, {"to", message.to},
        {"body", message.body}, {"direction", message.direction}, {"status", message.status}, {"num_segments", "1"},
        {"date_created", rfc2822(message.at)}, {"date_sent", rfc2822(message.at)}, {"error_code", nullptr}};
    if (message.error > 0)
        body["error_code"] = message.error;
    return body;
}

Json Twilio::json(const Call& call) const
{
    Json body{{"sid", call.sid}, {"account_sid", us_.account}, {"from", call.from}, {"to", call.to}, {"status", call.status},
        {"direction", "outbound-api"}, {"date_created", rfc2822(call.at)}, {"answered_by", nullptr}};
    if (!call.answered_by.empty())
        body["answered_by"] = call.answered_by;
    return body;
}

void Twilio::report(Message& message, const std::string& status_now, int code, bool tells)
{
    message.status = status_now;
    message.error = code;
    if (!tells || message.callback.empty())
        return;
    Fields fields{{"AccountSid", us_.account}, {"ApiVersion", "2010-04-01"}, {"From", message.from}, {"To", message.to},
        {"MessageSid", message.sid}, {"SmsSid", message.sid}, {"MessageStatus", status_now}, {"SmsStatus", status_now}};
    if (code > 0)
        fields.push_back({"ErrorCode", std::to_string(code)});
    post(message.callback, std::move(fields));
}

void Twilio::text(const std::string& from, const std::string& body)
{
    if (body == "STOP")
        stopped_.insert(from);
    if (body == "START")
        stopped_.erase(from);
    messages.push_back({sid("SM"), from, us_.number, body, "inbound", "received", 0, "", doors_.clock.now()});
    if (sms_url.empty())
        return;
    const auto& message = messages.back();
    Fields fields{{"AccountSid", us_.account}, {"ApiVersion", "2010-04-01"}, {"Body", body}, {"From", from}, {"To", us_.number},
        {"MessageSid", message.sid}, {"SmsMessageSid", message.sid}, {"NumMedia", "0"}, {"NumSegments", "1"},
        {"SmsStatus", "received"}, {"FromCity", ""}, {"FromCountry", "DE"}};
    doors_.tasks.spawn("a text message", tell(sms_url, std::move(fields)));
}

asio::awaitable<void> Twilio::tell(std::string url, Fields fields)
{
    const auto from = field(fields, "From");
    last_url_ = url;
    last_fields_ = fields;
    auto fetching = fetch(std::move(url), std::move(fields), token);
    const auto response = co_await std::move(fetching);
    if (response.status != 200)
        co_return;
    for (const auto& verb : twiml_in(response.body).inner) {
        if (verb.name != "Message")
            throw BadTwiml{"an answer to a text message is a text message"};
        if (!stopped_.contains(from))
            messages.push_back({sid("SM"), us_.number, from, verb.text, "outbound-reply", "queued", 0, "", doors_.clock.now()});
    }
}

void Twilio::repeat()
{
    auto url = last_url_;
    auto fields = last_fields_;
    doors_.tasks.spawn("a repeat", url == sms_url ? tell(url, fields) : deliver(url, fields, token));
}

void Twilio::post(std::string url, Fields fields)
{
    last_url_ = url;
    last_fields_ = fields;
    doors_.tasks.spawn("a callback", deliver(std::move(url), std::move(fields), token));
}

asio::awaitable<net::Response> Twilio::fetch(std::string url, Fields fields, std::string signed_with)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}, {"User-Agent", "TwilioProxy/1.1"},
        {"X-Twilio-Signature", signature(signed_with, url, fields)}};
    request.body = net::form_out(fields);
    net::FetchLimits limits;
    limits.timeout = std::chrono::seconds{15};
    auto response = co_await doors_.network.fetch(std::move(url), std::move(request), limits);
    answers.push_back(response);
    co_return response;
}

asio::awaitable<void> Twilio::deliver(std::string url, Fields fields, std::string signed_with)
{
    auto fetching = fetch(std::move(url), std::move(fields), std::move(signed_with));
    co_await std::move(fetching);
}

Fields Twilio::of(const Call& call) const
{
    Fields fields{{"AccountSid", us_.account}, {"ApiVersion", "2010-04-01"}, {"CallSid", call.sid}, {"CallStatus", call.status},
        {"Direction", "outbound-api"}, {"From", call.from}, {"To", call.to}};
    if (!call.answered_by.empty())
        fields.push_back({"AnsweredBy", call.answered_by});
    return fields;
}

void Twilio::follow(Call& call, const Element& response)
{
    call.action.clear();
    call.rest.clear();
    for (std::size_t at = 0; at < response.inner.size(); ++at) {
        const auto& verb = response.inner[at];
        if (verb.name == "Say")
            call.heard.push_back(verb.text);
        else if (verb.name == "Hangup") {
            end(call, "completed");
            return;
        } else if (verb.name == "Gather") {
            for (const auto& said : verb.inner)
                if (said.name == "Say")
                    call.heard.push_back(said.text);
            call.action = verb.attributes.at("action");
            if (!is_callback(call.action) || verb.attributes.at("numDigits") != "1")
                throw BadTwiml{"a Gather of one key, with an address to bring it to"};
            call.rest.assign(response.inner.begin() + static_cast<std::ptrdiff_t>(at) + 1, response.inner.end());
            return;
        } else if (verb.name != "Pause") {
            throw BadTwiml{"a call knows no " + verb.name};
        }
    }
    end(call, "completed");
}

asio::awaitable<void> Twilio::converse(std::string sid, std::string url, Fields fields)
{
    last_url_ = url;
    last_fields_ = fields;
    auto fetching = fetch(std::move(url), std::move(fields), token);
    const auto response = co_await std::move(fetching);
    const auto call = std::find_if(calls.begin(), calls.end(), [&](const Call& one) { return one.sid == sid; });
    if (response.status != 200)
        end(*call, "completed");
    else
        follow(*call, twiml_in(response.body));
}

void Twilio::pick_up(Call& call, const std::string& by)
{
    call.status = "in-progress";
    if (call.detects_machines)
        call.answered_by = by;
    if (!call.twiml.empty())
        follow(call, twiml_in(call.twiml));
    else
        doors_.tasks.spawn("a call", converse(call.sid, call.url, of(call)));
}

void Twilio::press(Call& call, const std::string& key)
{
    if (call.action.empty())
        throw std::logic_error{"no key is waited for"};
    auto fields = of(call);
    fields.push_back({"Digits", key});
    fields.push_back({"msg", "Gather End"});
    doors_.tasks.spawn("a key", converse(call.sid, call.action, std::move(fields)));
}

void Twilio::wait(Call& call)
{
    Element rest;
    rest.inner = call.rest;
    follow(call, rest);
}

void Twilio::end(Call& call, const std::string& status_now, bool tells)
{
    call.status = status_now;
    call.action.clear();
    if (!tells || call.callback.empty())
        return;
    auto fields = of(call);
    fields.push_back({"CallDuration", "20"});
    doors_.tasks.spawn("a callback", deliver(call.callback, std::move(fields), token));
}

} // namespace twilio
