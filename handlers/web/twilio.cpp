#include "handlers/web/twilio.hpp"

#include "handlers/confirm.hpp"
#include "handlers/texts.hpp"
#include "handlers/web/call.hpp"
#include "notify/twilio_outcome.hpp"
#include "notify/twilio_signature.hpp"
#include "notify/twiml.hpp"

#include <charconv>

namespace handlers {

namespace {

constexpr std::size_t most_posted = 32 << 10;

net::Response plain_response(int status, std::string words)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    response.body = std::move(words) + "\n";
    return response;
}

net::Response xml(std::string document)
{
    net::Response response;
    response.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = std::move(document);
    return response;
}

std::string posted_field(const std::vector<net::Header>& fields, std::string_view name)
{
    for (const auto& one : fields)
        if (one.name == name)
            return one.value;
    return {};
}

} // namespace

asio::awaitable<net::Response> TwilioDoor::serve(net::Request request)
{
    if (app_.twilio_auth_tokens.empty() || !app_.public_address)
        co_return plain_response(404, "Twilio is not set up, or ONCALL_PUBLIC_URL is not");
    if (request.method != "POST")
        co_return plain_response(405, "use POST");
    if (request.body.size() > most_posted)
        co_return plain_response(413, "that is too long");
    auto fields = net::form_in(request.body);
    const auto signature = net::header(request.headers, "X-Twilio-Signature");
    if (!fields || !notify::is_signed_by_twilio(tokens_of(*fields), app_.address + request.target, *fields, signature)) {
        say_refused(request);
        co_return plain_response(403, "that was not signed by our Twilio account for this address");
    }
    const auto path = net::path(request.target);
    if (path == notify::sms_path)
        co_return co_await text(std::move(*fields));
    if (path == notify::status_path)
        co_return co_await status(std::move(*fields));
    if (path.starts_with(notify::voice_path)) {
        std::string token{path.substr(notify::voice_path.size())};
        co_return co_await call(std::move(token), std::move(*fields));
    }
    co_return plain_response(404, "Twilio has nothing to tell here");
}

/// Those of the account that the request says it comes from: what one has signed is not another's word.
std::vector<std::string> TwilioDoor::tokens_of(const Fields& fields) const
{
    const auto account = app_.twilio_auth_tokens.find(posted_field(fields, "AccountSid"));
    return account == app_.twilio_auth_tokens.end() ? std::vector<std::string>{} : account->second;
}

/// Anybody can knock: said once a minute.
void TwilioDoor::say_refused(const net::Request& request)
{
    const auto now = app_.clock.now();
    if (now - refusal_said_ < std::chrono::minutes{1})
        return;
    refusal_said_ = now;
    app_.log.warning("a request to Twilio's door was refused; if it was Twilio's, check TWILIO_AUTH_TOKEN and ONCALL_PUBLIC_URL",
        {{"peer", request.peer}});
}

asio::awaitable<net::Response> TwilioDoor::text(Fields fields)
{
    Text text;
    text.id = posted_field(fields, "MessageSid");
    text.from = posted_field(fields, "From");
    text.words = posted_field(fields, "Body");
    text.at = app_.clock.now();
    if (text.id.empty())
        co_return plain_response(400, "there is no MessageSid");
    auto taking = take_text(std::move(text), false, app_);
    auto answer = co_await std::move(taking);
    if (answer.stranger) {
        ++strangers_;
        if (const auto now = app_.clock.now(); now - strangers_said_ >= std::chrono::minutes{1}) {
            strangers_said_ = now;
            app_.log.info("a text message came from a number that nobody here has; it is not answered",
                {{"so far", std::to_string(strangers_)}});
        }
    }
    // Twilio has answered STOP, START and HELP itself, where it says so.
    if (!posted_field(fields, "OptOutType").empty())
        answer.words.clear();
    co_return xml(notify::text_twiml(answer.words));
}

asio::awaitable<net::Response> TwilioDoor::status(Fields fields)
{
    const auto message = posted_field(fields, "MessageSid"), call = posted_field(fields, "CallSid");
    const auto reference = message.empty() ? call : message;
    const auto code = posted_field(fields, "ErrorCode");
    int error{};
    std::from_chars(code.data(), code.data() + code.size(), error);
    const auto call_status = posted_field(fields, "CallStatus"), answered_by = posted_field(fields, "AnsweredBy");
    notify::Outcome outcome;
    if (!message.empty())
        outcome = notify::sms_became(posted_field(fields, "MessageStatus"), error);
    else if (call_status != "completed" || !answered_by.empty())
        outcome = notify::call_became(call_status, answered_by);
    // Else the call itself says who picked up, here or when it is asked.
    if (outcome.how != notify::Outcome::accepted) {
        const auto now = app_.clock.now();
        auto work = [&](storage::Transaction& tx) { return confirm(tx, app_, reference, outcome, outcome.why, now); };
        co_await app_.database.transaction(work);
    }
    net::Response nothing;
    nothing.status = 204;
    co_return nothing;
}

asio::awaitable<net::Response> TwilioDoor::call(std::string token, Fields fields)
{
    PickedUp call;
    call.id = posted_field(fields, "CallSid");
    call.token = std::move(token);
    call.answered_by = posted_field(fields, "AnsweredBy");
    call.status = posted_field(fields, "CallStatus");
    call.keys = posted_field(fields, "Digits");
    auto taking = take_call(std::move(call), app_);
    auto says = co_await std::move(taking);
    co_return xml(std::move(says));
}

} // namespace handlers
