#include "catch.hpp"
#include "net/url.hpp"
#include "notify/far_end.hpp"
#include "notify/push_link.hpp"
#include "notify/signed_token.hpp"
#include "notify/text.hpp"
#include "notify/web_push.hpp"
#include "places.hpp"

#include <nlohmann/json.hpp>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace notify;
using namespace far_end;
using nlohmann::json;

namespace {

std::string from64(const std::string& text) { return base64url_in(text).value(); }

// RFC 8291, appendix A.
const std::string ua_public{"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"};
const std::string ua_private{"q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"};
const std::string auth_secret{"BTBZMqHH6r4Tts7J_aSIgg"};
const std::string as_private{"yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"};
const std::string as_public{"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"};
const std::string salt{"DGv6ra1nlYgDCS1FRnbzlw"};

Subscription a_subscription(const std::string& endpoint = "https://push.example.net/p/1")
{
    return {endpoint, from64(ua_public), from64(auth_secret)};
}

Vapid a_vapid()
{
    doors::SeededRandom random{3};
    return {fresh_keys([&](std::size_t count) { return random.bytes(count); }), "mailto:ops@example.com"};
}

std::vector<std::string> parts(const std::string& text, char at)
{
    std::vector<std::string> all(1);
    for (const char c : text)
        if (c == at)
            all.emplace_back();
        else
            all.back() += c;
    return all;
}

/// Whether a token's signature (JWS, ES256: r and s, 32 bytes each) is that of the keys' owner.
bool is_signed_by(const std::string& words, const std::string& mark, const KeyPair& keys)
{
    REQUIRE(mark.size() == 64);
    const auto* const bytes = reinterpret_cast<const unsigned char*>(mark.data());
    auto* const both = ECDSA_SIG_new();
    ECDSA_SIG_set0(both, BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
    unsigned char* der{};
    const auto size = i2d_ECDSA_SIG(both, &der);
    ECDSA_SIG_free(both);
    const auto pem = pem_of(keys);
    auto* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    auto* const key = PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr);
    BIO_free(memory);
    auto* const context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
    const bool right = EVP_DigestVerify(context, der, static_cast<std::size_t>(size),
                           reinterpret_cast<const unsigned char*>(words.data()), words.size())
        == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    OPENSSL_free(der);
    return right;
}

net::Request a_push(const PageMessage& page)
{
    doors::SeededRandom random{5};
    const auto ours = fresh_keys([&](std::size_t count) { return random.bytes(count); });
    return web_push_request(page, a_subscription(), a_vapid(), ours, random.bytes(16), noon);
}

} // namespace

TEST_CASE("A push is encrypted as RFC 8291's example is", "[notify][push]")
{
    const auto ours = key_pair(from64(as_private));
    CHECK(base64url(ours.open) == as_public);
    CHECK(base64url(key_pair(from64(ua_private)).open) == ua_public);
    CHECK(base64url(
              encrypted("When I grow up, I want to be a watermelon", from64(ua_public), from64(auth_secret), ours, from64(salt)))
        == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
           "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
}

TEST_CASE("Keys that are none are refused", "[notify][push]")
{
    CHECK(key_pair(std::string(32, '\0')).open.empty());
    CHECK(key_pair(std::string(32, '\xFF')).open.empty()); // beyond the curve's order
    CHECK(key_pair(std::string(31, 'x')).open.empty());
    CHECK(is_public_key(from64(ua_public)));
    auto bent = from64(ua_public);
    bent.back() = static_cast<char>(bent.back() ^ 1);
    CHECK_FALSE(is_public_key(bent)); // not on the curve: it could be chosen to tell our private key
    CHECK_FALSE(is_public_key(""));
    CHECK_FALSE(is_public_key(std::string(65, '\4')));
    CHECK_FALSE(is_public_key('\4' + std::string(64, '\0')));
    const auto ours = key_pair(from64(as_private));
    CHECK_THROWS_AS(encrypted("x", bent, from64(auth_secret), ours, from64(salt)), std::invalid_argument);
    CHECK_THROWS_AS(encrypted("x", from64(ua_public), "short", ours, from64(salt)), std::invalid_argument);
    CHECK_THROWS_AS(encrypted("x", from64(ua_public), from64(auth_secret), ours, "short"), std::invalid_argument);
    CHECK_THROWS_AS(encrypted("x", from64(ua_public), from64(auth_secret), {}, from64(salt)), std::invalid_argument);
    const std::string most(most_plain, 'x');
    CHECK(encrypted(most, from64(ua_public), from64(auth_secret), ours, from64(salt)).size() == 4'096);
    CHECK_THROWS_AS(encrypted(most + "x", from64(ua_public), from64(auth_secret), ours, from64(salt)), std::invalid_argument);
}

TEST_CASE("Random bytes that are no key are drawn again", "[notify][push]")
{
    int draws = 0;
    const auto pair = fresh_keys([&](std::size_t count) { return std::string(count, ++draws < 3 ? '\xFF' : 'a'); });
    CHECK(draws == 3);
    CHECK(pair.open.size() == 65);
}

TEST_CASE("A subscription is read as browsers hand it out, and only if it leads to a public host", "[notify][push]")
{
    const auto text = [](const std::string& endpoint, const std::string& key = ua_public, const std::string& auth = auth_secret) {
        json body;
        body["endpoint"] = endpoint;
        body["expirationTime"] = nullptr;
        body["keys"] = {{"p256dh", key}, {"auth", auth}};
        return body.dump();
    };
    const auto read = subscription_in(text("https://fcm.googleapis.com/fcm/send/abc:def"));
    REQUIRE(read);
    CHECK(*read == a_subscription("https://fcm.googleapis.com/fcm/send/abc:def"));
    CHECK(*subscription_in(subscription_out(*read)) == *read);
    CHECK(subscription_in(text("https://push.example.net/", ua_public + "=", auth_secret + "==")));
    for (const std::string endpoint :
        {"http://push.example.net/", "https://localhost/", "https://127.0.0.1/", "https://10.0.0.1/", "https://intranet/",
            "https://[::1]/", "https://169.254.169.254/", "https://user@push.example.net/", "", "x", "wss://push.example.net/",
            "https://2130706433/", "https://push.example.net/\r\nX-Evil: 1"}) {
        INFO(endpoint);
        CHECK_FALSE(subscription_in(text(endpoint)));
    }
    CHECK_FALSE(subscription_in(text("https://push.example.net/" + std::string(2'000, 'x'))));
    CHECK_FALSE(subscription_in(text("https://push.example.net/", "AAAA")));
    CHECK_FALSE(subscription_in(text("https://push.example.net/", base64url('\4' + std::string(64, '\1')))));
    CHECK_FALSE(subscription_in(text("https://push.example.net/", ua_public, "AAAA")));
    CHECK_FALSE(subscription_in(text("https://push.example.net/", ua_public, "not base64!")));
    for (const std::string other : {"", "{}", "[]", "null", R"({"endpoint":1,"keys":{}})",
             R"({"endpoint":"https://a.b/","keys":[]})", R"({"endpoint":"https://a.b/","keys":{"p256dh":1,"auth":2}})", "\xFF"})
        CHECK_FALSE(subscription_in(other));
    CHECK_FALSE(subscription_in(std::string(100'000, '[')));
}

TEST_CASE("A browser is called by what it says it is", "[notify][push]")
{
    CHECK(browser_name("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0") == "Firefox on Android");
    CHECK(browser_name("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile "
                       "Safari/537.36")
        == "Chrome on Android");
    CHECK(browser_name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                       "Version/17.6 Mobile/15E148 Safari/604.1")
        == "Safari on iPhone");
    CHECK(browser_name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                       "Safari/537.36 Edg/130.0.0.0")
        == "Edge on Windows");
    CHECK(browser_name("") == "A browser");
    CHECK(browser_name("<script>\r\n") == "A browser");
}

TEST_CASE("A push says who we are to its service alone, for half a day", "[notify][push]")
{
    const auto vapid = a_vapid();
    const auto header = vapid_header(vapid, "https://push.example.net:8443/p/1?x", noon);
    REQUIRE(header.starts_with("vapid t="));
    const auto both = parts(header.substr(8), ',');
    REQUIRE(both.size() == 2);
    CHECK(both[1] == " k=" + base64url(vapid.keys.open));
    const auto token = parts(both[0], '.');
    REQUIRE(token.size() == 3);
    CHECK(json::parse(from64(token[0])) == json{{"alg", "ES256"}, {"typ", "JWT"}});
    const auto at = std::chrono::floor<std::chrono::seconds>(noon).time_since_epoch().count();
    CHECK(json::parse(from64(token[1]))
        == json{{"aud", "https://push.example.net:8443"}, {"exp", at + 12 * 3'600}, {"sub", "mailto:ops@example.com"}});
    CHECK(is_signed_by(token[0] + "." + token[1], from64(token[2]), vapid.keys));
    CHECK_FALSE(is_signed_by(token[0] + "." + token[1] + "x", from64(token[2]), vapid.keys));
    const auto usual = vapid_header(vapid, "https://push.example.net/p", noon);
    CHECK(json::parse(from64(parts(usual, '.').at(1)))["aud"] == "https://push.example.net");
}

TEST_CASE("A page goes to a browser's push service, which can read nothing of it", "[notify][push]")
{
    Bench bench;
    bench.serve("push.example.net:443", answer(201, "", {{"Location", "https://push.example.net/m/1"}}));
    doors::SeededRandom random{7};
    const auto provider = web_push(*bench.us, bench.clock, random, [] { return a_vapid(); });
    CHECK(bench.send(*provider, a_page(), subscription_out(a_subscription())).how == Outcome::accepted);
    const auto& request = bench.got.at(0);
    CHECK(request.target == "/p/1");
    const auto header = [&](const std::string& name) { return std::string{net::header(request.headers, name)}; };
    CHECK(header("TTL") == "14400");
    CHECK(header("Urgency") == "high");
    CHECK(header("Topic") == "alert-42");
    CHECK(header("Content-Encoding") == "aes128gcm");
    CHECK(header("Authorization").starts_with("vapid t="));
    CHECK(request.body.find("checkout") == std::string::npos);
    bench.send(*provider, a_page(), subscription_out(a_subscription()));
    CHECK(bench.got.at(1).body.substr(0, 86) != request.body.substr(0, 86)); // another salt and another key each time

    for (const std::string address :
        {"", "{}", "https://push.example.net/p/1", R"({"endpoint":"https://10.0.0.1/","keys":{"p256dh":"x","auth":"y"}})"})
        CHECK(bench.send(*provider, a_page(), address).gone);
    CHECK(bench.got.size() == 2);
}

TEST_CASE("What push services answer is understood", "[notify][push]")
{
    for (const int status : {404, 410}) {
        const auto gone = web_push_outcome(answer(status), noon);
        CHECK(gone.how == Outcome::refused);
        CHECK(gone.gone);
    }
    const auto mozilla = web_push_outcome(
        answer(401, R"({"code":401,"errno":109,"error":"Unauthorized","message":"Request did not validate"})"), noon);
    CHECK(mozilla.needs_an_operator);
    CHECK(mozilla.why.find("Request did not validate") != std::string::npos);
    CHECK(web_push_outcome(answer(403, R"({"reason":"BadJwtToken"})"), noon).why.find("BadJwtToken") != std::string::npos);
    CHECK(web_push_outcome(answer(429, "", {{"Retry-After", "20"}}), noon).retry_after == 20s);
    CHECK(web_push_outcome(answer(413), noon).how == Outcome::refused);
    CHECK(web_push_outcome(answer(502), noon).how == Outcome::later);
}

TEST_CASE("What a push says fits, whatever an alert says", "[notify][push]")
{
    auto page = a_hostile_page();
    for (auto& action : page.actions)
        action.url += std::string(400, 'x');
    const auto words = push_words(page);
    CHECK(words.size() <= most_plain);
    CHECK(words.size() > most_plain - 10);
    const auto read = json::parse(words);
    CHECK(clean(read["text"].get<std::string>()) == read["text"]);
    CHECK(read["title"].get<std::string>().find('\n') == std::string::npos);
    CHECK(read["actions"].size() == 4);
    CHECK(a_push(page).body.size() <= 4'096);

    for (auto& action : page.actions)
        action.url += std::string(900, 'x');
    const auto fewer = json::parse(push_words(page));
    CHECK(fewer["actions"].size() == 2);
    CHECK(fewer["actions"][0]["verb"] == "acknowledge");
    CHECK(a_push(page).body.size() <= 4'096);
}

TEST_CASE("A link to the push page is a person's own for an hour", "[notify][push]")
{
    const std::string secret(64, 'k');
    const auto link = push_link("https://oncall.example.com", secret, "U-ANA", noon);
    REQUIRE(link.starts_with("https://oncall.example.com/push/"));
    const auto token = link.substr(std::string{"https://oncall.example.com/push/"}.size());
    CHECK(std::get<std::string>(push_person(secret, token, noon)) == "U-ANA");
    CHECK(std::get<std::string>(push_person(secret, token, noon + 59min)) == "U-ANA");
    CHECK(std::get<Unwelcome>(push_person(secret, token, noon + 1h)) == Unwelcome::expired);
    CHECK(std::get<Unwelcome>(push_person("", token, noon)) == Unwelcome::forged);
    CHECK(std::get<Unwelcome>(push_person(std::string(64, 'l'), token, noon)) == Unwelcome::forged);
    for (std::size_t at = 0; at < token.size(); ++at) {
        auto changed = token;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK(std::get<Unwelcome>(push_person(secret, changed, noon)) == Unwelcome::forged);
    }
    // What is signed for other links opens nothing here.
    CHECK(std::get<Unwelcome>(push_person(secret, sign(secret, json{{"person", "U-ANA"}, {"exp", 9'999'999'999}}), noon))
        == Unwelcome::forged);
    for (const auto& claims : {json{{"person", "U-ANA"}}, json{{"exp", 9'999'999'999}},
             json{{"person", 7}, {"exp", 9'999'999'999}}, json{{"person", "U-ANA"}, {"exp", "never"}}})
        CHECK(std::get<Unwelcome>(push_person(secret, sign(derived(secret, "push page"), claims), noon)) == Unwelcome::forged);
}

/// The salt, the size of the record, our key of this message, and what only the browser can read.
const std::string read_by_http_ece{
    "xV0Bqo8nHjBEQAewMJZvYQAAEABBBPv1rdI3DrEKoPb6ES1_kjS86A2Ykh54zG0Qorg7-ihrFOrQNdVbn_Pelu2TP5fWcnZL0u1V1uJJaDEwWPQXpsfwe1dK"
    "FExFqy7mh_pQphkm3KLrYs2F_Br9CGvYj2w9r1BD65fdt8zDPwt3eEYWlxC0nVxaj4tJC8ip3sw82fIt8nrr0wZ5IImAFPnQPmRabxhkuqNlxh5hUmY4znzp"
    "RUYgUZl8pirSKMVFmgpF9eRSsdiKFS4_Jz48KDHYgraaTRvGdu3Bv34GJLpvwUeYYbaXxcUOQ9Ir_jBbsPPbxl4BFyIFsaFnB3lVq4XjWLrTyMbc_oweLu8d"
    "7brcFwFAYUuvk19jRwwCMP-xScBlmYo6Sjp-Eui335PJfNIHmXa1KaJ0EsnDJSxXPhBND7vUSp6j2edVVC434_0lHv8pmzEAAAuobBY7BCvABBmqknAfmovR"
    "1Zyky6g55RYCvk7lmCwrOHni5Dv3E8MvErle7jdjKEKgpebkivqiZF9lX15lCzCjUfUcM7_O2dup95jBIaTTm3AysBwQnkVeGv_eELc9Svprk2wB6p7-igF4"
    "QYbiwpXpSoE27Q5-w4TK7wlzqQeimzDfjRP98CxWO5X0SfkKXbwh-zJ3GjR6ChnvLXMypRN_VgDdKaRE8DYdCVBmPktVPIPnelNQ_3v3ds6cqk8hV6-7ErUY"
    "4i6_TKJIwCk9BHXOJX5la7wn5YevhGh0plqUG3ihdXZUDw6z3v4WsEFSXmQqFgYvshKjVnpF-lmHr6QyneIPASuzLagYWZE7weG8jDx5OjwmQcjjhnJ1jvhK"
    "oBd6540OIJG0FBEwz8YX"};

TEST_CASE("A push is byte for byte what independent packages have read", "[notify][push]")
{
    // Read once by http_ece 1.2.1: the words came out. jose 6.2.18 verified its token. web-push 3.6.7 has read neither; it took
    // the token's subject and our public key as settings of its own. The test below does it again where node and these packages
    // are.
    CHECK(base64url(a_push(a_page()).body) == read_by_http_ece);
}

TEST_CASE("Independent packages read a push and verify its token, where they are", "[notify][push][peers]")
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-push-XXXXXX").string();
    const std::filesystem::path folder{::mkdtemp(pattern.data())};
    const auto request = a_push(a_page());
    json push;
    push["endpoint"] = a_subscription().endpoint;
    push["authorization"] = net::header(request.headers, "Authorization");
    push["body"] = base64url(request.body);
    push["private"] = ua_private;
    push["auth"] = auth_secret;
    push["now"] = noon.time_since_epoch().count();
    std::ofstream{folder / "push.json"} << push.dump();
    const auto status = std::system(("node '" ONCALL_SOURCE_DIR "/tests/notify/web_push_peer.mjs' '"
        + (folder / "push.json").string() + "' > '" + (folder / "words").string() + "' 2> '" + (folder / "errors").string() + "'")
                                        .c_str());
    const auto text = [&](const std::string& name) {
        std::ifstream file{folder / name, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    const int exit = status == -1 ? -1 : WEXITSTATUS(status);
    INFO(text("errors"));
    if (exit == 127 || exit == 3)
        WARN("node, http_ece, jose or web-push is not here: the vector above stands in");
    else {
        CHECK(exit == 0);
        CHECK(text("words") == push_words(a_page()));
    }
    std::filesystem::remove_all(folder);
}
