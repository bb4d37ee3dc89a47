#include "catch.hpp"
#include "slack/http_door.hpp"

using namespace slack;
using namespace std::chrono_literals;

namespace {

// The vectors of Slack's documentation and two made by its rule.
constexpr std::string_view secret{"8f742231b10e8888abcd99yyyzzz85a5"};
constexpr std::string_view timestamp{"1531420618"};
const doors::TimePoint then{std::chrono::seconds{1'531'420'618}};
constexpr std::string_view form{
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id="
    "U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F"
    "T1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"};
constexpr std::string_view form_signature{"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"};
constexpr std::string_view challenge{
    R"({"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"})"};
constexpr std::string_view challenge_signature{"v0=f9bd80929259f3f6d5fe3a3186c453c89cd1ad4862815a15837584f31c993652"};

net::Request request(std::string target, std::string_view body, std::string_view signature, std::string_view at = timestamp)
{
    net::Request made;
    made.method = "POST";
    made.target = std::move(target);
    made.body = std::string{body};
    made.headers = {{"x-slack-signature", std::string{signature}}, {"X-SLACK-REQUEST-TIMESTAMP", std::string{at}}};
    return made;
}

int status(const std::variant<HttpDoor::Received, net::Response>& received)
{
    const auto* const answer = std::get_if<net::Response>(&received);
    return answer ? answer->status : 0;
}

} // namespace

TEST_CASE("Slack's own test vectors are signed by Slack", "[slack]")
{
    CHECK(is_signed(secret, timestamp, form, form_signature, then));
    CHECK(is_signed(secret, timestamp, challenge, challenge_signature, then));
    CHECK(is_signed(secret, timestamp, "", "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739", then));
}

TEST_CASE("Whatever is not quite signed by Slack is refused", "[slack]")
{
    const auto refused = [](std::string_view key, std::string_view at, std::string_view body, std::string_view signature,
                             doors::TimePoint now) { return !is_signed(key, at, body, signature, now); };
    std::string changed{form_signature};
    changed.back() = changed.back() == '3' ? '4' : '3';
    CHECK(refused(secret, timestamp, form, changed, then));
    CHECK(refused(secret, timestamp, form, form_signature.substr(3), then));
    CHECK(refused(secret, timestamp, form, "", then));
    CHECK(refused(secret, timestamp, form, "v0=", then));
    CHECK(refused(secret, timestamp, std::string{form} + "&", form_signature, then));
    CHECK(refused("another", timestamp, form, form_signature, then));
    CHECK(refused("", timestamp, form, form_signature, then));
    CHECK(refused(secret, "1531420619", form, form_signature, then));
    for (const auto* odd : {"", "now", "1531420618x", " 1531420618", "-1", "99999999999999999999", "1531420618.0"})
        CHECK(refused(secret, odd, form, form_signature, then));
    // Five minutes, both ways.
    CHECK(is_signed(secret, timestamp, form, form_signature, then + 300s));
    CHECK(is_signed(secret, timestamp, form, form_signature, then - 300s));
    CHECK(refused(secret, timestamp, form, form_signature, then + 301s));
    CHECK(refused(secret, timestamp, form, form_signature, then - 301s));
}

TEST_CASE("The HTTP door reads what is signed, once", "[slack]")
{
    HttpDoor door{std::string{secret}};
    SECTION("a command is read; the same again is a replay, also at its window's end")
    {
        auto first = door.receive(request("/slack/commands", form, form_signature), then);
        REQUIRE(std::holds_alternative<HttpDoor::Received>(first));
        const auto& received = std::get<HttpDoor::Received>(first);
        REQUIRE(std::holds_alternative<Command>(received.payload));
        CHECK(std::get<Command>(received.payload).actor.user == "U2CERLKJA");
        CHECK(std::get<Command>(received.payload).response_url.starts_with("https://hooks.slack.com/commands/T1DC2JH3J/"));
        CHECK_FALSE(received.delivery.empty());
        CHECK(status(door.receive(request("/slack/commands", form, form_signature), then)) == 401);
        CHECK(status(door.receive(request("/slack/commands", form, form_signature), then + 300s)) == 401);
        CHECK(status(door.receive(request("/slack/interactions", form, form_signature), then)) == 401);
    }
    SECTION("the challenge is answered with itself")
    {
        const auto answer = door.receive(request("/slack/events", challenge, challenge_signature), then);
        REQUIRE(status(answer) == 200);
        CHECK(std::get<net::Response>(answer).body == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");
        CHECK(status(door.receive(request("/slack/events", challenge, form_signature), then)) == 401);
    }
    SECTION("a probe of the certificate is no command and tells nothing")
    {
        const auto probe = door.receive(request("/slack/commands", "ssl_check=1&token=x", ""), then);
        REQUIRE(status(probe) == 200);
        CHECK(std::get<net::Response>(probe).body.empty());
        CHECK(status(door.receive(request("/slack/commands", "ssl_check=1&command=%2Foncall&text=who", ""), then)) == 401);
        CHECK(status(door.receive(request("/slack/interactions", "ssl_check=1", ""), then)) == 401);
    }
    SECTION("without a secret nothing is signed")
    {
        HttpDoor closed{""};
        CHECK(status(closed.receive(request("/slack/commands", form, form_signature), then)) == 401);
    }
    CHECK(status(door.receive(request("/slack/else", form, form_signature), then)) == 404);
}
