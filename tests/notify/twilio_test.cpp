#include "catch.hpp"
#include "doors/log.hpp"
#include "net/memory.hpp"
#include "notify/twilio.hpp"
#include "notify/twilio_signature.hpp"
#include "places.hpp"
#include "twilio/twilio.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fstream>

using namespace notify;
using namespace std::chrono_literals;

namespace {

const std::string ana{"+491711234567"};

PageMessage spoken_page()
{
    PageMessage message;
    message.id = "7.1";
    message.alert = 12;
    message.title = "[#12 critical] checkout: Checkout is down";
    message.spoken = "critical alert for checkout. Checkout is down";
    return message;
}

/// A Twilio and somebody who sends by it, on one loop.
struct TwilioBench {
    asio::io_context loop{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
    doors::ManualClock clock{TimePoint{1'793'707'200'000ms}};
    std::unique_ptr<logging::Log> log{logging::silent()};
    net::MemoryNetwork wires{clock};
    std::unique_ptr<net::Network> outside{wires.plug("twilio", loop.get_executor())};
    std::unique_ptr<net::Network> network{wires.plug("us", loop.get_executor())};
    doors::Tasks tasks{loop.get_executor(), *log};
    twilio::Twilio far{{*outside, clock, tasks}};
    TwilioAccount account{
        std::string{twilio::Twilio::account}, far.token, std::string{twilio::Twilio::number}, "https://api.twilio.com", "", {}};

    ~TwilioBench()
    {
        tasks.stop();
        while (loop.poll_one() > 0) { }
        wires.unplug("us");
        wires.unplug("twilio");
    }
    template <class Result> Result wait(asio::awaitable<Result> asked)
    {
        std::optional<Result> result;
        asio::co_spawn(loop, std::move(asked), [&](std::exception_ptr error, Result got) {
            if (error)
                std::rethrow_exception(error);
            result.emplace(std::move(got));
        });
        while (!result) {
            if (loop.poll_one() > 0)
                continue;
            REQUIRE(clock.next_due() < TimePoint::max());
            clock.set(std::max(clock.next_due(), clock.now()));
        }
        return std::move(*result);
    }
    Outcome text(const std::string& to = ana) { return wait(twilio_sms(account, *network)->send(spoken_page(), to)); }
    Outcome call(PageMessage message = spoken_page())
    {
        return wait(twilio_voice(account, *network)->send(std::move(message), ana));
    }
    Outcome look(const std::string& reference) { return wait(twilio_sms(account, *network)->look(reference)); }
};

std::vector<net::Header> parameters(const twilio::Json& entry)
{
    std::vector<net::Header> found;
    for (const auto& one : entry.at("parameters"))
        found.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>()});
    return found;
}

} // namespace

TEST_CASE("Signatures are those of Twilio's own package", "[notify][twilio]")
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/tests/twilio/signatures.json"};
    const auto vectors = twilio::Json::parse(file);
    REQUIRE(vectors.at("signatures").size() >= 10);
    for (const auto& one : vectors.at("signatures")) {
        const auto token = one.at("token").get<std::string>(), url = one.at("url").get<std::string>(),
                   wanted = one.at("signature").get<std::string>();
        const auto fields = parameters(one);
        INFO(url);
        CHECK(twilio_signature(token, url, fields) == wanted);
        CHECK(twilio::signature(token, url, fields) == wanted);
        CHECK(is_signed_by_twilio({token}, url, fields, wanted));
        CHECK(is_signed_by_twilio({"another", token}, url, fields, wanted)); // while it is changed, there are two

        CHECK_FALSE(is_signed_by_twilio({"another"}, url, fields, wanted));
        CHECK_FALSE(is_signed_by_twilio({}, url, fields, wanted));
        CHECK_FALSE(is_signed_by_twilio({""}, url, fields, twilio::signature("", url, fields)));
        CHECK_FALSE(is_signed_by_twilio({token}, url + "x", fields, wanted));
        CHECK_FALSE(is_signed_by_twilio({token}, url, fields, ""));
        CHECK_FALSE(is_signed_by_twilio({token}, url, fields, wanted + "="));
        auto more = fields;
        more.push_back({"Digits", "2"});
        CHECK_FALSE(is_signed_by_twilio({token}, url, more, wanted));
    }
}

TEST_CASE("Twilio may name the scheme's own port or leave it out", "[notify][twilio]")
{
    const std::vector<net::Header> fields{{"Body", "4"}};
    const std::string token{"secret"}, bare{"https://oncall.example.com/twilio/sms"},
        full{"https://oncall.example.com:443/twilio/sms"};
    CHECK(is_signed_by_twilio({token}, bare, fields, twilio_signature(token, full, fields)));
    CHECK(is_signed_by_twilio({token}, full, fields, twilio_signature(token, bare, fields)));
    const std::string other{"https://oncall.example.com:444/twilio/sms"};
    CHECK_FALSE(is_signed_by_twilio({token}, bare, fields, twilio_signature(token, other, fields)));
    const std::string six{"https://[2001:db8::1]/twilio/sms"}, six_full{"https://[2001:db8::1]:443/twilio/sms"};
    CHECK(is_signed_by_twilio({token}, six, fields, twilio_signature(token, six_full, fields)));
    CHECK(is_signed_by_twilio({token}, six_full, fields, twilio_signature(token, six, fields)));
}

TEST_CASE("A text message goes out, and what became of it can be asked", "[notify][twilio][sms]")
{
    TwilioBench bench;
    bench.account.public_url = "https://oncall.example.com";
    const auto outcome = bench.text();
    CHECK(outcome.how == Outcome::accepted);
    REQUIRE(bench.far.messages.size() == 1);
    auto& message = bench.far.messages.front();
    CHECK(outcome.reference == message.sid);
    CHECK(message.to == ana);
    CHECK(message.body == "[#12 critical] checkout: Checkout is down\nReply 4 to acknowledge, 6 to resolve.");
    CHECK(message.callback == "https://oncall.example.com/twilio/status");
    CHECK(bench.look(message.sid).how == Outcome::accepted);
    message.status = "delivered";
    CHECK(bench.look(message.sid).how == Outcome::confirmed);
    message.status = "undelivered";
    message.error = 30003;
    const auto failed = bench.look(message.sid);
    CHECK(failed.how == Outcome::refused);
    CHECK(has(failed.why, "the phone cannot be reached"));
    CHECK_FALSE(failed.gone);
    const auto asked = bench.far.asked;
    for (const auto* none : {"", "SM1", "../Calls.json", "SM0000000000000000000000000000000?"})
        CHECK(bench.look(none).how == Outcome::accepted);
    CHECK(bench.far.asked == asked);
    CHECK(bench.far.refused.empty());
}

TEST_CASE("Without a public address nothing is to call us back", "[notify][twilio][sms][voice]")
{
    TwilioBench bench;
    bench.text();
    CHECK(bench.far.messages.front().callback.empty());
    CHECK(bench.call().how == Outcome::accepted);
    auto& call = bench.far.calls.front();
    CHECK(call.callback.empty());
    CHECK(call.url.empty());
    CHECK(call.detects_machines);
    bench.far.pick_up(call);
    REQUIRE(call.heard.size() == 3);
    CHECK(call.heard[0] == "This is on-call. critical alert for checkout. Checkout is down.");
    CHECK(call.heard[1] == call.heard[0]);
    CHECK(has(call.heard[2], "Answer in Slack"));
    CHECK(call.status == "completed");
    CHECK(bench.far.refused.empty());
}

TEST_CASE("A call asks us what to say, by a token of its own", "[notify][twilio][voice]")
{
    TwilioBench bench;
    bench.account.public_url = "https://oncall.example.com";
    auto message = spoken_page();
    message.actions = {{"resolve", "Resolve", "https://oncall.example.com/a/other"},
        {"acknowledge", "Acknowledge", "https://oncall.example.com/a/h.p-1.s_2"}};
    CHECK(bench.call(message).how == Outcome::accepted);
    CHECK(bench.far.calls.front().url == "https://oncall.example.com/twilio/voice/h.p-1.s_2");
    CHECK(bench.far.calls.front().twiml.empty());
    CHECK(bench.far.calls.front().callback == "https://oncall.example.com/twilio/status");
    // A code or a test has nothing to answer: it is said.
    PageMessage code;
    code.text = "Your code is 1234.";
    CHECK(bench.call(code).how == Outcome::accepted);
    bench.far.pick_up(bench.far.calls.back());
    CHECK(bench.far.calls.back().heard == std::vector<std::string>{"Your code is 1, 2, 3, 4.", "Your code is 1, 2, 3, 4."});
    CHECK(bench.far.refused.empty());
}

TEST_CASE("Each refusal of Twilio's is told for what it is", "[notify][twilio]")
{
    TwilioBench bench;
    using T = twilio::Twilio;
    struct Refusal {
        net::Response answer;
        Outcome::How how;
        std::string why;
        bool gone{};
        bool operator_{};
    };
    for (const auto& [answer, how, why, gone, needs] :
        std::vector<Refusal>{{T::error(400, 21211, "The 'To' number +491711234567 is not a valid phone number."),
                                 Outcome::refused, "there is no such number", true, false},
            {T::error(400, 21610, "unsubscribed"), Outcome::refused, "STOP", true, false},
            {T::error(400, 21614, "not mobile"), Outcome::refused, "takes no text messages", true, false},
            {T::error(400, 21408, "region"), Outcome::refused, "Geo permissions", false, true},
            {T::error(401, 20003, "Authenticate"), Outcome::refused, "TWILIO_AUTH_TOKEN", false, true},
            {T::error(401, 0, ""), Outcome::refused, "TWILIO_AUTH_TOKEN", false, true},
            {T::error(400, 21608, "trial"), Outcome::refused, "trial account", false, true},
            {T::error(429, 20429, "Too many requests"), Outcome::later, "asks to wait", false, false},
            {T::error(400, 14107, "rate"), Outcome::later, "more than Twilio lets it", false, false},
            {T::error(500, 20500, "Internal"), Outcome::later, "trouble", false, false},
            {T::error(503, 0, ""), Outcome::later, "trouble", false, false},
            {T::error(400, 99999, "Never seen with +491711234567"), Outcome::refused, "Never seen with +4917... (error 99999)",
                false, false}}) {
        INFO(answer.body);
        bench.far.fail(answer);
        const auto outcome = bench.text();
        INFO(outcome.why);
        CHECK(outcome.how == how);
        CHECK(has(outcome.why, why));
        CHECK(outcome.gone == gone);
        CHECK(outcome.needs_an_operator == needs);
        CHECK_FALSE(has(outcome.why, "1711234567"));
        CHECK(outcome.reference.empty());
    }
    auto busy = T::error(429, 20429, "Too many requests");
    busy.headers.push_back({"Retry-After", "7"});
    bench.far.fail(busy);
    CHECK(bench.text().retry_after == 7s);
    CHECK(bench.far.messages.empty());
}

TEST_CASE("What Twilio itself refuses never gets there, and what the strict one refuses is told", "[notify][twilio]")
{
    TwilioBench bench;
    CHECK(bench.text("0171 1234567").how == Outcome::refused);
    CHECK(bench.text("+49171; DROP TABLE").how == Outcome::refused);
    bench.account.countries = {"US"};
    CHECK(has(bench.text().why, "ONCALL_COUNTRIES"));
    CHECK(bench.far.asked == 0);
    bench.account.countries.clear();
    bench.account.auth_token = "wrong";
    const auto denied = bench.text();
    CHECK(denied.needs_an_operator);
    CHECK_FALSE(has(denied.why, "wrong"));
    bench.account.auth_token = bench.far.token;
    bench.account.from = "+15005550006";
    CHECK(has(bench.text().why, "TWILIO_FROM"));
    CHECK(bench.far.messages.empty());
}

TEST_CASE("An exchange that breaks off says whether the message may be out", "[notify][twilio]")
{
    using Fate = net::MemoryNetwork::Fate;
    TwilioBench bench;
    bench.wires.fault = [](const std::string&, const net::Request&) { return Fate::refuse; };
    CHECK(bench.text().how == Outcome::later);
    bench.wires.fault = [](const std::string&, const net::Request&) { return Fate::hang_answer; };
    const auto before = bench.clock.now();
    CHECK(bench.text().how == Outcome::unknown);
    CHECK(bench.clock.now() - before <= 30s);
    CHECK(bench.far.messages.size() == 1);
    net::Response nonsense;
    nonsense.body = "<html>";
    bench.wires.fault = nullptr;
    bench.far.fail(nonsense);
    CHECK(bench.text().how == Outcome::unknown);
    nonsense.body = std::string(100'000, '[');
    bench.far.fail(nonsense);
    CHECK(bench.text().how == Outcome::unknown);
}

TEST_CASE("A call that reached nobody is a failed one", "[notify][twilio][voice]")
{
    CHECK(call_became("queued", "").how == Outcome::accepted);
    CHECK(call_became("ringing", "").how == Outcome::accepted);
    CHECK(call_became("in-progress", "").how == Outcome::accepted);
    CHECK(call_became("in-progress", "human").how == Outcome::confirmed);
    CHECK(call_became("completed", "human").how == Outcome::confirmed);
    CHECK(call_became("completed", "unknown").how == Outcome::confirmed);
    for (const auto* machine : {"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"}) {
        CHECK(call_became("in-progress", machine).how == Outcome::refused);
        CHECK(has(call_became("completed", machine).why, "machine picked up"));
    }
    CHECK(call_became("busy", "").why == "the line was busy");
    CHECK(call_became("no-answer", "").why == "nobody picked up");
    CHECK(call_became("failed", "").how == Outcome::refused);
    CHECK(call_became("canceled", "").how == Outcome::refused);
    CHECK(call_became("completed", "").how == Outcome::refused);
    CHECK(call_became("something new", "").how == Outcome::accepted);
}

TEST_CASE("What became of a text message is said in words", "[notify][twilio][sms]")
{
    CHECK(sms_became("sent", 0).how == Outcome::accepted);
    CHECK(sms_became("delivered", 0).how == Outcome::confirmed);
    CHECK(sms_became("undelivered", 30003).why == "the phone cannot be reached: off, or without a network (error 30003)");
    CHECK(sms_became("failed", 30001).how == Outcome::refused); // of this one nothing comes any more
    CHECK(sms_became("failed", 0).why == "the network did not take it");
    CHECK(sms_became("failed", 31999).why == "the network did not take it (error 31999)");
    CHECK(sms_became("undelivered", 21610).gone);
    CHECK(sms_became("undelivered", 30034).needs_an_operator);
    CHECK(sms_became("something new", 0).how == Outcome::accepted);
}

TEST_CASE("Answers are listed newest first, with when they were sent", "[notify][twilio][sms]")
{
    TwilioBench bench;
    bench.text();
    const auto sent = bench.clock.now();
    bench.far.text(ana, "4");
    bench.clock.advance(1min);
    bench.far.text(ana, "6 12");
    const auto ask = [&](TimePoint since) {
        return texts_in(bench.wait(ask_twilio(replies_request(bench.account, since), *bench.network)));
    };
    const auto texts = ask(sent - 1h);
    REQUIRE(texts.size() == 2);
    CHECK(texts[0].text == "6 12");
    CHECK(texts[1].text == "4");
    CHECK(texts[1].from == ana);
    CHECK(texts[1].at == sent);
    CHECK(ask(sent + 30s).size() == 1);
    CHECK(texts_in({}).empty());
    CHECK(bench.far.refused.empty());
}

TEST_CASE("What was sent is found by whom it went to, what it says and when", "[notify][twilio]")
{
    TwilioBench bench;
    const auto provider = twilio_sms(bench.account, *bench.network), caller = twilio_voice(bench.account, *bench.network);
    auto other = spoken_page();
    other.alert = 13;
    other.title = "[#13 critical] checkout: Checkout is down";
    const auto first = bench.wait(provider->send(spoken_page(), ana)).reference;
    bench.wait(provider->send(other, ana));
    bench.wait(provider->send(spoken_page(), "+12125552368"));
    bench.far.text(ana, "4"); // an answer is none
    bench.clock.advance(1min);
    const auto again = bench.clock.now();
    const auto second = bench.wait(provider->send(spoken_page(), ana)).reference;
    const auto call = bench.wait(caller->send(spoken_page(), ana)).reference;
    using References = std::vector<std::string>;
    CHECK(bench.wait(provider->taken(spoken_page(), ana, again - 1h)).references == References{second, first});
    CHECK(bench.wait(provider->taken(spoken_page(), ana, again)).references == References{second});
    CHECK(bench.wait(provider->taken(spoken_page(), ana, again + 1min)).references.empty());
    CHECK(bench.wait(caller->taken(spoken_page(), ana, again)).references == References{call});
    CHECK(bench.far.refused.empty());
    for (const int status : {429, 500, 503}) {
        net::Response trouble;
        trouble.status = status;
        CHECK_FALSE(sent_in(trouble, "", again).trouble.empty());
    }
    // Who may not look is told nothing for ever: it is sent again.
    net::Response forbidden;
    forbidden.status = 403;
    CHECK(sent_in(forbidden, "", again).trouble.empty());
}

TEST_CASE("What an account and its number are is read", "[notify][twilio]")
{
    TwilioBench bench;
    const auto account = account_in(bench.wait(ask_twilio(account_request(bench.account), *bench.network)));
    REQUIRE(account);
    CHECK(account->status == "active");
    CHECK(account->type == "Full");
    bench.far.sms_url = "https://oncall.example.com/twilio/sms";
    bench.far.number_has_voice = false;
    const auto number = number_in(bench.wait(ask_twilio(number_request(bench.account), *bench.network)));
    REQUIRE(number);
    CHECK(number->ours);
    CHECK(number->sms);
    CHECK_FALSE(number->voice);
    CHECK(number->sms_url == bench.far.sms_url);
    CHECK_FALSE(account_in({401, {}, ""}));
}
