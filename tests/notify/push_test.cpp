#include "catch.hpp"
#include "notify/far_end.hpp"
#include "notify/gotify.hpp"
#include "notify/http_outcome.hpp"
#include "notify/ntfy.hpp"
#include "notify/pushover.hpp"
#include "notify/signed_token.hpp"
#include "notify/text.hpp"
#include "notify/webhook.hpp"

#include <nlohmann/json.hpp>

using namespace notify;
using namespace far_end;
using nlohmann::json;

namespace {

const std::string key_of_ana{"uQiRzpo4DXghDmr9QzzfQu27cmVRsG"};
const std::string token{"azGDORePK8gMaC0QOYAMyEEuzJnyUi"};
const std::string ntfy_ok{R"({"id":"hwQ2YpKdmg","time":1793707200,"event":"message","topic":"ana-pages"})"};

std::map<std::string, std::string> form(const net::Request& request)
{
    std::map<std::string, std::string> fields;
    const auto read = net::form_in(request.body);
    for (const auto& field : read.value_or(std::vector<net::Header>{})) {
        CHECK_FALSE(fields.contains(field.name));
        fields[field.name] = field.value;
    }
    return fields;
}

std::size_t characters(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

/// What none of it may have, whatever the alert said.
void is_harmless(const std::string& text)
{
    CHECK(clean(text) == text);
    CHECK(text.find('\r') == text.npos);
    CHECK(text.find('\0') == text.npos);
    CHECK(text.find("\xE2\x80\xAE") == text.npos);
}

void has_clean_head(const net::Request& request)
{
    for (const auto& header : request.headers)
        for (const unsigned char c : header.name + header.value) {
            INFO(header.name << ": " << header.value);
            CHECK((c >= 0x20 && c < 0x7f));
        }
}

} // namespace

TEST_CASE("What an answer means for a message goes by its status", "[notify][push]")
{
    const auto how = [](int status) { return outcome_of(answer(status), "", noon).how; };
    for (const int status : {200, 201, 202, 204})
        CHECK(how(status) == Outcome::accepted);
    for (const int status : {301, 302, 307, 400, 401, 403, 404, 405, 410, 413, 422})
        CHECK(how(status) == Outcome::refused);
    for (const int status : {408, 425, 429, 500, 502, 503, 504})
        CHECK(how(status) == Outcome::later);
    CHECK(outcome_of(answer(302), "", noon).why == "it answers with a redirect (302), which is not followed");
    CHECK(outcome_of(answer(400), "no topic", noon).why == "it answers with 400 (no topic)");
}

TEST_CASE("A pause that is asked for is kept, up to an hour", "[notify][push]")
{
    const auto asked = [](const std::string& text) { return retry_after(answer(429, "", {{"Retry-After", text}}), noon); };
    CHECK(asked("30") == 30s);
    CHECK(asked("0") == 0s);
    CHECK(asked("86400") == 1h);
    CHECK(asked("Tue, 03 Nov 2026 12:02:00 GMT") == 2min);
    CHECK(asked("Tue, 03 Nov 2026 11:00:00 GMT") == 0s);
    for (const std::string text : {"", "soon", "30 s", "99999999999999999999", "-5x"})
        CHECK_FALSE(asked(text).has_value());
    CHECK(outcome_of(answer(503, "", {{"Retry-After", "7"}}), "", noon).retry_after == 7s);
    CHECK_FALSE(outcome_of(answer(500, "", {{"Retry-After", "7"}}), "", noon).retry_after.has_value());
}

TEST_CASE("What is no JSON object says nothing, however deep or long it is", "[notify][push]")
{
    for (const std::string body : {"", "no", "[]", "7", "{", R"({"a":)", "\xFF", "null"})
        CHECK(body_of(answer(200, body)).empty());
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(body_of(answer(200, deep)).empty());
    CHECK(body_of(answer(200, R"({"a":)" + deep + "}")).empty());
    CHECK(body_of(answer(200, R"({"a":")" + std::string(100'000, 'x') + "\"}")).empty());
    CHECK(text_in(body_of(answer(200, R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[\"","b":1})")), "a") == R"([[[[[[[[[[[[[[[[[[[[[[[[")");
    CHECK(text_in(body_of(answer(200, R"({"a":1})")), "a").empty());
}

TEST_CASE("What must fit is cut between characters", "[notify][push]")
{
    CHECK(fitting("short", 5) == "short");
    CHECK(fitting("longer", 5) == "lo…");
    CHECK(fitting("ääää", 8) == "ääää");
    CHECK(fitting("ääää", 7) == "ää…");
    CHECK(fitting("ääää", 6) == "ä…");
    CHECK(fitting("a\nb", 4) == "a\nb");
    CHECK(fitting("a\nb", 3) == "…");
    CHECK(fitting("abc", 2).empty());
    CHECK(fitting("", 0).empty());
    for (std::size_t most = 0; most < 60; ++most) {
        const auto text = fitting(clean("x\"\\\n\xF0\x9F\x94\xA5ä-x\"\\\n\xF0\x9F\x94\xA5ä-"), most);
        CHECK(json(text).dump().size() - 2 <= most);
        CHECK(clean(text) == text);
    }
}

TEST_CASE("A page goes to an ntfy topic with buttons that answer it", "[notify][push]")
{
    Bench bench;
    bench.serve("ntfy.example.com:443", answer(200, ntfy_ok));
    const auto provider = ntfy(*bench.us, bench.clock, {"https://ntfy.example.com", ""});
    CHECK(bench.send(*provider, a_page(), "ana-pages").how == Outcome::accepted);
    REQUIRE(bench.got.size() == 1);
    const auto& request = bench.got.front();
    CHECK(request.method == "POST");
    CHECK(request.target == "/");
    CHECK(net::header(request.headers, "Authorization").empty());
    CHECK(json::parse(request.body) == json::parse(R"({
        "topic": "ana-pages", "title": "[#42 critical] checkout: Checkout is down",
        "message": "Checkout is down\nSince 12:00. Error rate 40 %.", "priority": 5, "tags": ["rotating_light"],
        "click": "https://oncall.example.com/a/t-acknowledge",
        "actions": [
            {"action": "http", "label": "Acknowledge", "url": "https://oncall.example.com/a/t-acknowledge", "method": "POST", "clear": true},
            {"action": "http", "label": "decline", "url": "https://oncall.example.com/a/t-decline", "method": "POST", "clear": true},
            {"action": "http", "label": "resolve", "url": "https://oncall.example.com/a/t-resolve", "method": "POST", "clear": true}]})"));

    const auto closed = ntfy(*bench.us, bench.clock, {"https://ntfy.example.com", "tk_secret"});
    auto quiet = a_page();
    quiet.urgent = false;
    quiet.actions.clear();
    bench.send(*closed, quiet, "ana-pages");
    CHECK(net::header(bench.got.back().headers, "Authorization") == "Bearer tk_secret");
    const auto body = json::parse(bench.got.back().body);
    CHECK(body["priority"] == 3);
    CHECK_FALSE(body.contains("actions"));
    CHECK_FALSE(body.contains("click"));
}

TEST_CASE("ntfy takes what any alert may say, and no more than its server reads", "[notify][push]")
{
    for (const auto& topic : {std::string{"t"}, std::string(64, 't')}) {
        const auto request = ntfy_request({"https://ntfy.sh", ""}, a_hostile_page(), topic);
        has_clean_head(request);
        CHECK(request.body.size() <= 8'192);
        const auto body = json::parse(request.body);
        const auto message = body["message"].get<std::string>();
        CHECK(message.size() < 4'096); // else it becomes an attachment
        CHECK(message.size() > 1'500);
        is_harmless(message);
        is_harmless(body["title"].get<std::string>());
        CHECK(body["title"].get<std::string>().find('\n') == std::string::npos);
    }
    auto empty = a_page();
    empty.text = "\x01";
    CHECK(json::parse(ntfy_request({"https://ntfy.sh", ""}, empty, "t").body)["message"] == empty.title);
}

TEST_CASE("What is no topic of ntfy is not sent anywhere", "[notify][push]")
{
    Bench bench;
    bench.serve("ntfy.example.com:443", answer(200, ntfy_ok));
    const auto provider = ntfy(*bench.us, bench.clock, {"https://ntfy.example.com", ""});
    for (const auto& topic :
        std::vector<std::string>{"", "a b", "a/b", "../v1/account", "ä", "a\r\nb", "x\"", std::string(65, 'a')}) {
        const auto outcome = bench.send(*provider, a_page(), topic);
        CHECK(outcome.how == Outcome::refused);
        CHECK_FALSE(outcome.why.empty());
    }
    CHECK(bench.got.empty());
}

TEST_CASE("What ntfy says no with is told with its reason", "[notify][push]")
{
    const auto refused = ntfy_outcome(answer(403, R"({"code":40301,"http":403,"error":"forbidden","link":"https://x"})"), noon);
    CHECK(refused.how == Outcome::refused);
    CHECK(refused.why == "it answers with 403 (forbidden); NTFY_TOKEN must be one that may write to the topic");
    CHECK_FALSE(refused.needs_an_operator);
    CHECK(ntfy_outcome(answer(401, R"({"code":40101,"http":401,"error":"unauthorized"})"), noon).needs_an_operator);
    const auto full = ntfy_outcome(answer(429, R"({"code":42908,"http":429,"error":"limit reached: too many messages"})"), noon);
    CHECK(full.how == Outcome::later);
    CHECK(full.why.find("too many messages") != std::string::npos);
    CHECK(ntfy_outcome(answer(507, ""), noon).how == Outcome::later);
    // A login page of some proxy.
    const auto proxy = ntfy_outcome(answer(200, "<html>Please log in</html>"), noon);
    CHECK(proxy.how == Outcome::refused);
    CHECK(proxy.needs_an_operator);
}

TEST_CASE("An exchange without an answer tells whether the page may have gone", "[notify][push]")
{
    using Fate = net::MemoryNetwork::Fate;
    const std::pair<Fate, Outcome::How> each[]{{Fate::refuse, Outcome::later}, {Fate::lose_request, Outcome::unknown},
        {Fate::lose_answer, Outcome::unknown}, {Fate::hang_answer, Outcome::unknown}};
    for (const auto& [fate, how] : each) {
        Bench bench;
        bench.serve("ntfy.example.com:443", answer(200, ntfy_ok));
        bench.wires.fault = [fate = fate](const std::string&, const net::Request&) { return fate; };
        const auto provider = ntfy(*bench.us, bench.clock, {"https://ntfy.example.com", ""});
        const auto outcome = bench.send(*provider, a_page(), "ana-pages");
        CHECK(outcome.how == how);
        CHECK_FALSE(outcome.why.empty());
        CHECK(bench.clock.now() - noon < 30s);
    }
}

TEST_CASE("An urgent page by Pushover is an emergency whose receipt is asked for", "[notify][push]")
{
    Bench bench;
    json receipt{{"status", 1}, {"acknowledged", 0}, {"last_delivered_at", 0}, {"expired", 0}};
    int status = 200;
    bench.serve("api.pushover.net:443", [&](const net::Request& request) {
        if (request.target == "/1/messages.json")
            return answer(200, R"({"status":1,"request":"647d2300","receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"})");
        CHECK(request.target == "/1/receipts/rLqVuqTRh62UzxtmqiaLzQmVcPgiCy.json?token=" + token);
        return answer(status, receipt.dump());
    });
    const auto provider = pushover(*bench.us, bench.clock, token);
    const auto outcome = bench.send(*provider, a_page(), key_of_ana);
    CHECK(outcome.how == Outcome::accepted);
    CHECK(outcome.reference == "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy");
    CHECK(form(bench.got.at(0))
        == std::map<std::string, std::string>{{"token", token}, {"user", key_of_ana},
            {"title", "[#42 critical] checkout: Checkout is down"},
            {"message", "Checkout is down\nSince 12:00. Error rate 40 %."}, {"priority", "2"}, {"retry", "60"}, {"expire", "180"},
            {"url", "https://oncall.example.com/a/t-acknowledge"}, {"url_title", "Acknowledge"}});

    const auto look = [&] { return bench.run(provider->look(outcome.reference)); };
    CHECK(look().how == Outcome::accepted); // it is on its way
    receipt["last_delivered_at"] = 1'793'707'260;
    CHECK(look().how == Outcome::confirmed);
    CHECK(look().why.empty());
    receipt["acknowledged"] = 1;
    CHECK(look().why == "acknowledged in Pushover");
    receipt = {{"status", 1}, {"acknowledged", 0}, {"last_delivered_at", 0}, {"expired", 1}};
    CHECK(look().how == Outcome::refused);
    for (const int trouble : {500, 429, 503}) { // nothing is known by that
        status = trouble;
        CHECK(look().how == Outcome::accepted);
    }
    const auto asked = bench.got.size();
    CHECK(bench.run(provider->look("../messages.json?x=")).how == Outcome::accepted);
    CHECK(bench.got.size() == asked);
}

TEST_CASE("Pushover's emergency is ended by its receipt", "[notify][push]")
{
    Bench bench;
    int status = 200;
    bench.serve("api.pushover.net:443", [&](const net::Request& request) {
        CHECK(request.method == "POST");
        CHECK(request.target == "/1/receipts/rLqVuqTRh62UzxtmqiaLzQmVcPgiCy/cancel.json");
        CHECK(request.body == "token=" + token);
        return answer(status, R"({"status":1,"request":"647d2300"})");
    });
    const auto provider = pushover(*bench.us, bench.clock, token);
    CHECK(bench.run(provider->hush("rLqVuqTRh62UzxtmqiaLzQmVcPgiCy")).how == Outcome::confirmed);
    status = 503;
    CHECK(bench.run(provider->hush("rLqVuqTRh62UzxtmqiaLzQmVcPgiCy")).how == Outcome::later);
    status = 400; // it is over already
    CHECK(bench.run(provider->hush("rLqVuqTRh62UzxtmqiaLzQmVcPgiCy")).how == Outcome::refused);
    const auto asked = bench.got.size();
    CHECK(bench.run(provider->hush("../x?")).how == Outcome::confirmed);
    CHECK(bench.got.size() == asked);
}

TEST_CASE("A page that is not urgent goes by Pushover once, without a receipt", "[notify][push]")
{
    auto page = a_page();
    page.urgent = false;
    page.actions.front().url = "https://oncall.example.com/a/" + std::string(600, 'x'); // longer than Pushover takes
    const auto fields = form(pushover_request(token, page, key_of_ana));
    CHECK(fields.at("priority") == "0");
    CHECK_FALSE(fields.contains("retry"));
    CHECK_FALSE(fields.contains("url"));
    CHECK(pushover_outcome(answer(200, R"({"status":1,"request":"647d2300"})"), noon).reference.empty());
}

TEST_CASE("Pushover takes what any alert may say, within its limits", "[notify][push]")
{
    const auto request = pushover_request(token, a_hostile_page(), key_of_ana);
    has_clean_head(request);
    const auto fields = form(request);
    is_harmless(fields.at("title"));
    is_harmless(fields.at("message"));
    CHECK(characters(fields.at("title")) <= 250);
    CHECK(characters(fields.at("message")) == 1'024);
    CHECK(fields.at("user") == key_of_ana);
    CHECK_FALSE(fields.contains("html"));
}

TEST_CASE("Pushover's refusals say whose fault it is", "[notify][push]")
{
    const auto user = pushover_outcome(
        answer(400,
            R"({"user":"invalid","errors":["user identifier is not a valid user, group, or subscribed user key"],"status":0})"),
        noon);
    CHECK(user.how == Outcome::refused);
    CHECK(user.gone);
    CHECK_FALSE(user.needs_an_operator);
    const auto ours =
        pushover_outcome(answer(400, R"({"token":"invalid","errors":["application token is invalid"],"status":0})"), noon);
    CHECK(ours.how == Outcome::refused);
    CHECK_FALSE(ours.gone);
    CHECK(ours.needs_an_operator);
    CHECK(ours.why == "it answers with 400 (application token is invalid); PUSHOVER_TOKEN is wrong");
    const auto used_up = pushover_outcome(answer(429, "{}"), noon);
    CHECK(used_up.how == Outcome::refused); // until next month: another way is to be taken
    CHECK(used_up.needs_an_operator);
    CHECK(pushover_outcome(answer(500, ""), noon).how == Outcome::later);
    CHECK(pushover_outcome(answer(200, R"({"status":0,"errors":["message cannot be blank"]})"), noon).how == Outcome::refused);

    Bench bench;
    const auto provider = pushover(*bench.us, bench.clock, token);
    for (const std::string key : {"", "short", "uQiRzpo4DXghDmr9QzzfQu27cmVRs&", "uQiRzpo4DXghDmr9QzzfQu27cmVRsGG"})
        CHECK(bench.send(*provider, a_page(), key).how == Outcome::refused);
}

TEST_CASE("A page goes by Gotify with a tap that opens the answer page", "[notify][push]")
{
    Bench bench;
    bench.serve("gotify.example.com:443", answer(200, R"({"id":25,"appid":5,"message":"x","priority":10})"));
    const auto provider = gotify(*bench.us, bench.clock, "https://gotify.example.com/sub");
    CHECK(bench.send(*provider, a_page(), "AbC.dEf-gH_1234").how == Outcome::accepted);
    const auto& request = bench.got.at(0);
    CHECK(request.target == "/sub/message");
    CHECK(net::header(request.headers, "X-Gotify-Key") == "AbC.dEf-gH_1234");
    CHECK(json::parse(request.body) == json::parse(R"({
        "title": "[#42 critical] checkout: Checkout is down", "priority": 10,
        "message": "Checkout is down\nSince 12:00. Error rate 40 %.\n\nAcknowledge: https://oncall.example.com/a/t-acknowledge",
        "extras": {"client::display": {"contentType": "text/plain"},
                   "client::notification": {"click": {"url": "https://oncall.example.com/a/t-acknowledge"}}}})"));
    for (const std::string wrong : {"", "a\r\nX-Evil: 1", "a b", "ä"})
        CHECK(bench.send(*provider, a_page(), wrong).how == Outcome::refused);
    CHECK(bench.got.size() == 1);
    const auto hostile = gotify_request(a_hostile_page(), "A1");
    has_clean_head(hostile);
    is_harmless(json::parse(hostile.body)["message"].get<std::string>());
    CHECK(hostile.body.size() < 9'000);

    const auto deleted = gotify_outcome(
        answer(401, R"({"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token"})"),
        noon);
    CHECK(deleted.how == Outcome::refused);
    CHECK_FALSE(deleted.gone); // a proxy in front of it may say so, too
    CHECK(gotify_outcome(answer(200, "hello"), noon).needs_an_operator);
    CHECK(gotify_outcome(answer(500, ""), noon).how == Outcome::later);
}

TEST_CASE("A webhook is signed so that its owner can tell it from forgeries", "[notify][push]")
{
    Bench bench;
    bench.serve("hooks.example.com:443", answer(202));
    const auto provider = webhook(*bench.us, bench.clock, [] { return std::string(64, 'k'); }, {});
    CHECK(bench.send(*provider, a_page(), "https://hooks.example.com/in?x=1").how == Outcome::accepted);
    const auto& request = bench.got.at(0);
    CHECK(request.target == "/in?x=1");
    CHECK(json::parse(request.body) == json::parse(R"({
        "id": "12:1", "type": "page", "at": "2026-11-03T12:00:00+00:00", "alert": 42, "urgency": "high", "drill": false,
        "title": "[#42 critical] checkout: Checkout is down", "text": "Checkout is down\nSince 12:00. Error rate 40 %.",
        "actions": [
            {"verb": "acknowledge", "label": "Acknowledge", "url": "https://oncall.example.com/a/t-acknowledge"},
            {"verb": "decline", "label": "decline", "url": "https://oncall.example.com/a/t-decline"},
            {"verb": "resolve", "label": "resolve", "url": "https://oncall.example.com/a/t-resolve"},
            {"verb": "escalate", "label": "escalate", "url": "https://oncall.example.com/a/t-escalate"}]})"));
    const auto secret = webhook_secret(std::string(64, 'k'), "webhook:12");
    CHECK(net::header(request.headers, "X-Oncall-Signature") == "v1=" + hex(hmac(secret, request.body)));

    // HMAC-SHA256 in hex, by RFC 4231, test case 2: PagerDuty's verifiers take the same.
    CHECK(
        hex(hmac("Jefe", "what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(secret.size() == 64);
    CHECK(secret != webhook_secret(std::string(64, 'k'), "webhook:13")); // one owner cannot sign for another
    CHECK(secret != webhook_secret(std::string(64, 'l'), "webhook:12"));

    const auto hostile = webhook_request(secret, a_hostile_page(), noon);
    has_clean_head(hostile);
    is_harmless(json::parse(hostile.body)["text"].get<std::string>());
    CHECK(hostile.body.size() < 80'000);
}

TEST_CASE("A webhook leads to public https addresses alone, unless private ones are allowed", "[notify][push]")
{
    for (const std::string url : {"http://example.com/", "ftp://example.com/", "https://", "example.com",
             "https://user:pw@example.com/", "https://localhost/", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/",
             "https://[fd00:ec2::254]/", "https://169.254.169.254/latest/meta-data/", "https://[::ffff:10.0.0.1]/",
             "wss://example.com/", "https://exa mple.com/", "https://example.com/\r\nX: y"}) {
        INFO(url);
        CHECK_FALSE(webhook_problem(url, {}).empty());
    }
    CHECK_FALSE(webhook_problem("https://example.com/" + std::string(2'000, 'x'), {}).empty());
    for (const std::string url : {"https://example.com", "https://example.com:8443/x?y=z", "https://1.1.1.1/"})
        CHECK(webhook_problem(url, {}).empty());
    for (const std::string url : {"https://10.1.2.3/", "http://127.0.0.1:9000/", "http://localhost:9000/x", "https://intranet/"})
        CHECK(webhook_problem(url, {true}).empty());
    CHECK_FALSE(webhook_problem("http://10.1.2.3/", {true}).empty()); // the page would be read on the way

    Bench bench;
    bench.serve("10.1.2.3:443", answer(200));
    bench.serve("elsewhere.example.com:443", answer(302, "", {{"Location", "https://10.1.2.3/"}}));
    const auto strict = webhook(*bench.us, bench.clock, [] { return std::string{"k"}; }, {});
    CHECK(bench.send(*strict, a_page(), "https://10.1.2.3/").how == Outcome::refused);
    const auto redirected = bench.send(*strict, a_page(), "https://elsewhere.example.com/");
    CHECK(redirected.how == Outcome::refused);
    CHECK(redirected.why == "it answers with a redirect (302), which is not followed");
    CHECK(bench.got.size() == 1);
    const auto lax = webhook(*bench.us, bench.clock, [] { return std::string{"k"}; }, {true});
    CHECK(bench.send(*lax, a_page(), "https://10.1.2.3/").how == Outcome::accepted);
    CHECK(webhook_outcome(answer(410), noon).gone);
    CHECK_FALSE(webhook_outcome(answer(404), noon).gone);
}
