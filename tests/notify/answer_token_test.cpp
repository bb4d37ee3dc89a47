#include "catch.hpp"
#include "noon.hpp"
#include "notify/answer_token.hpp"
#include "notify/text.hpp"

#include <openssl/hmac.h>

#include <algorithm>

using namespace notify;
using namespace std::chrono_literals;

namespace {

const std::string secret(64, 'k');

Answer an_answer()
{
    Answer answer;
    answer.notification = 7;
    answer.alert = {42};
    answer.verb = oncall::Verb::decline;
    answer.person = "U-ANA";
    return answer;
}

std::string url_safe(std::string text)
{
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.resize(text.find_last_not_of('=') + 1);
    return text;
}

/// A token of any header and claims, signed with HS256 by whoever has `key`.
std::string signed_by(const std::string& key, const std::string& header, const std::string& claims)
{
    const auto words = url_safe(base64(header)) + "." + url_safe(base64(claims));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(words.data()),
        words.size(), digest, &length);
    return words + "." + url_safe(base64({reinterpret_cast<const char*>(digest), length}));
}

const std::string our_header{R"({"alg":"HS256","typ":"JWT"})"};

std::string claims_at(TimePoint issued, const std::string& more = "")
{
    const auto second = std::chrono::floor<std::chrono::seconds>(issued).time_since_epoch().count();
    return R"({"alert":42,"exp":)" + std::to_string(second + 86'400) + R"(,"iat":)" + std::to_string(second)
        + R"(,"jti":"7.decline","notification":7,"person":"U-ANA","verb":"decline")" + more + "}";
}

bool is(const std::variant<Answer, Unreadable>& read, Unreadable why)
{
    return std::holds_alternative<Unreadable>(read) && std::get<Unreadable>(read) == why;
}
bool is_forged(const std::string& token, const std::string& key = secret)
{
    return is(read(key, token, noon), Unreadable::forged);
}

} // namespace

TEST_CASE("An answer comes back from its token as it went in", "[notify]")
{
    for (const auto verb : {oncall::Verb::acknowledge, oncall::Verb::decline, oncall::Verb::resolve}) {
        auto answer = an_answer();
        answer.verb = verb;
        answer.person = "änne \"x\"@example.com";
        const auto token = issue(secret, answer, noon);
        CHECK(token.size() < 600);
        CHECK(std::all_of(
            token.begin(), token.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; }));
        for (const auto later : {0s, 86'399s}) {
            const auto back = std::get<Answer>(read(secret, token, noon + later));
            CHECK(back.notification == 7);
            CHECK(back.alert.value == 42);
            CHECK(back.verb == verb);
            CHECK(back.person == answer.person);
            CHECK(back.id == "7." + std::string{oncall::name(verb)});
            CHECK(back.expires == noon + answer_lifetime);
        }
    }
}

TEST_CASE("A repeat of a mail carries links that count as the same use", "[notify]")
{
    const auto first = std::get<Answer>(read(secret, issue(secret, an_answer(), noon), noon));
    const auto again = std::get<Answer>(read(secret, issue(secret, an_answer(), noon + 1min), noon + 1min));
    CHECK(first.id == again.id);
}

TEST_CASE("A token is read until it expires and not before it was issued, by our clock", "[notify]")
{
    const auto token = issue(secret, an_answer(), noon);
    CHECK(is(read(secret, token, noon + 24h), Unreadable::expired));
    CHECK(is(read(secret, token, noon + 1'000h), Unreadable::expired));
    CHECK(std::holds_alternative<Answer>(read(secret, token, noon - 4min))); // clocks differ a little
    CHECK(is(read(secret, token, noon - 6min), Unreadable::forged));
    // The machine's clock has no say, whatever it shows while this runs.
    for (const auto year : {1998, 2120}) {
        const TimePoint then{std::chrono::sys_days{std::chrono::year{year} / 1 / 1}};
        CHECK(std::holds_alternative<Answer>(read(secret, issue(secret, an_answer(), then), then)));
    }
}

TEST_CASE("A change of any byte makes a token a forgery", "[notify]")
{
    const auto token = issue(secret, an_answer(), noon);
    for (std::size_t at = 0; at < token.size(); ++at)
        for (const char other : {'A', 'B', 'x', '0', '.', '-', '=', ' ', '\0', '\xFF', static_cast<char>(token[at] ^ 1)}) {
            auto changed = token;
            changed[at] = other;
            INFO(at << " " << static_cast<int>(other));
            CHECK(is_forged(changed) == (changed != token));
        }
    for (std::size_t length = 0; length < token.size(); ++length)
        CHECK(is_forged(token.substr(0, length)));
    for (const std::string more : {"=", "==", ".", "A", ".A", " ", "\n"}) {
        CHECK(is_forged(token + more));
        CHECK(is_forged(more + token));
    }
}

TEST_CASE("Another secret's tokens are forgeries, and no secret reads nothing", "[notify]")
{
    CHECK(is_forged(issue("another secret", an_answer(), noon)));
    CHECK(is_forged(issue(secret, an_answer(), noon), "another secret"));
    CHECK(is_forged(signed_by("", our_header, claims_at(noon)), ""));
    CHECK_THROWS_AS(issue("", an_answer(), noon), std::invalid_argument);
}

TEST_CASE("The faults that cpp-jwt is known for do not show", "[notify]")
{
    // This is what we issue: the forgeries below are near misses of it.
    REQUIRE(std::holds_alternative<Answer>(read(secret, signed_by(secret, our_header, claims_at(noon)), noon)));
    REQUIRE(signed_by(secret, our_header, claims_at(noon)) == issue(secret, an_answer(), noon));

    SECTION("a deeply nested header, parsed before the signature is looked at")
    {
        for (const std::size_t depth : {1'000u, 100'000u, 1'000'000u}) {
            const auto nested = std::string(depth, '[') + std::string(depth, ']');
            CHECK(is_forged(url_safe(base64(nested)) + ".e30.AAAA"));
            CHECK(is_forged(signed_by(secret, R"({"alg":)" + nested + "}", claims_at(noon))));
        }
    }
    SECTION("the algorithm is what the header says")
    {
        for (const std::string algorithm : {"none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "hs256", ""}) {
            const auto header = R"({"alg":")" + algorithm + R"(","typ":"JWT"})";
            CHECK(is_forged(signed_by(secret, header, claims_at(noon))));
            CHECK(is_forged(url_safe(base64(header)) + "." + url_safe(base64(claims_at(noon))) + "."));
        }
        // Public keys are no secrets: one that is taken for an HMAC's signs nothing of ours.
        CHECK(is_forged(signed_by("-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n", our_header, claims_at(noon))));
    }
    SECTION("another spelling of the same header")
    {
        for (const std::string header :
            {R"({"typ":"JWT","alg":"HS256"})", R"({ "alg":"HS256","typ":"JWT"})", R"({"alg":"HS256"})",
                R"({"alg":"HS256","typ":"JWT","kid":"../../dev/null"})", R"({"alg":"HS256","alg":"none","typ":"JWT"})"})
            CHECK(is_forged(signed_by(secret, header, claims_at(noon))));
    }
    SECTION("too few parts, too many, empty ones")
    {
        for (const std::string token : {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..",
                 "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"})
            CHECK(is_forged(token));
    }
    SECTION("more than 4 KB, though we had signed it")
    {
        CHECK(is_forged(signed_by(secret, our_header, claims_at(noon, R"(,"more":")" + std::string(4'000, 'x') + "\""))));
        CHECK(is_forged(std::string(5'000'000, 'a')));
    }
}

TEST_CASE("Claims that are not all there or not what they were do no harm, though we had signed them", "[notify]")
{
    for (const std::string claims : {"", "{}", "[]", "null", "7", R"({"alert":42})", R"({"exp":"soon"})", "not json", "\xFF\xFE"})
        CHECK(is_forged(signed_by(secret, our_header, claims)));
    auto claims = claims_at(noon);
    const auto with = [&](const std::string& what, const std::string& instead) {
        auto changed = claims;
        changed.replace(changed.find(what), what.size(), instead);
        return signed_by(secret, our_header, changed);
    };
    CHECK(is_forged(with(R"("verb":"decline")", R"("verb":"burn")")));
    CHECK(is_forged(with(R"("verb":"decline")", R"("verb":"reopen")"))); // a verb, but no link's
    CHECK(is_forged(with(R"("alert":42)", R"("alert":"42")")));
    CHECK(is_forged(with(R"("person":"U-ANA")", R"("person":["U-ANA"])")));
}

TEST_CASE("A mail's links are the public address and a token for each verb", "[notify]")
{
    oncall::Notification notification;
    notification.id = {7};
    notification.alert = {42};
    notification.person = "U-ANA";
    const auto links = answer_links("https://oncall.example.com", secret, notification, noon);
    const std::string start{"https://oncall.example.com/a/"};
    const std::pair<std::string, oncall::Verb> each[]{{links.acknowledge, oncall::Verb::acknowledge},
        {links.decline, oncall::Verb::decline}, {links.resolve, oncall::Verb::resolve}};
    for (const auto& [link, verb] : each) {
        REQUIRE(link.starts_with(start));
        const auto answer = std::get<Answer>(read(secret, link.substr(start.size()), noon));
        CHECK(answer.verb == verb);
        CHECK(answer.person == "U-ANA");
        CHECK(answer.notification == 7);
        CHECK(answer.alert.value == 42);
    }
}
