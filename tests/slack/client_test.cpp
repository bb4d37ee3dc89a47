#include "catch.hpp"
#include "slack/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

using namespace slack;

namespace {

/// Answers whatever it is told to, and keeps what was asked.
struct Script final : net::Network {
    net::Response answer{200, {}, R"({"ok":true})"};
    std::optional<net::Failure> failure{};
    std::string url{};
    net::Request asked{};

    asio::awaitable<net::Response> fetch(std::string to, net::Request request, net::FetchLimits) override
    {
        url = to;
        asked = request;
        if (failure)
            throw net::Failure{*failure};
        co_return answer;
    }
    asio::awaitable<std::unique_ptr<net::Link>> connect(std::string) override { throw net::Failure{"none", false}; }
    std::unique_ptr<net::Listener> listen(std::string, net::Service) override { return nullptr; }
};

struct Outcome {
    Json answer{};
    std::optional<Error> error{};
};

asio::awaitable<void> ask(Client& client, std::string method, Json arguments, Outcome& outcome)
{
    try {
        outcome.answer = co_await client.call(method, std::move(arguments));
    } catch (const Error& error) {
        outcome.error.emplace(error);
    }
}

asio::awaitable<void> answer_url(Client& client, std::string url, Outcome& outcome)
{
    try {
        Json body;
        body["text"] = "x";
        co_await client.respond(url, std::move(body));
    } catch (const Error& error) {
        outcome.error.emplace(error);
    }
}

struct Bench {
    Script network{};
    Client client{network, "https://slack.com/api/", "xoxb-secret"};

    Outcome call(const std::string& method = "chat.postMessage", Json arguments = Json{{"channel", "C1"}})
    {
        Outcome outcome;
        asio::io_context loop;
        asio::co_spawn(loop, ask(client, method, std::move(arguments), outcome), [](std::exception_ptr) {});
        loop.run();
        return outcome;
    }
    Outcome respond(const std::string& url)
    {
        Outcome outcome;
        asio::io_context loop;
        asio::co_spawn(loop, answer_url(client, url, outcome), [](std::exception_ptr) {});
        loop.run();
        return outcome;
    }
    Error error_of(int status, const std::string& body, std::vector<net::Header> headers = {})
    {
        network.answer = {status, std::move(headers), body};
        const auto outcome = call();
        REQUIRE(outcome.error);
        return *outcome.error;
    }
};

asio::awaitable<void> read_file(Client& client, std::string url, std::optional<std::string>& bytes, Outcome& outcome)
{
    const std::chrono::seconds patience{2};
    try {
        bytes = co_await client.download(url, 1'000, patience);
    } catch (const Error& error) {
        outcome.error.emplace(error);
    }
}

} // namespace

TEST_CASE("Every class of error of the Web API is told apart", "[slack]")
{
    using enum ErrorClass;
    const std::map<std::string, ErrorClass> expected{{"invalid_auth", auth_dead}, {"account_inactive", auth_dead},
        {"token_revoked", auth_dead}, {"token_expired", token_aged}, {"missing_scope", setup}, {"invalid_blocks", our_bug},
        {"msg_too_long", our_bug}, {"ratelimited", slow_down}, {"internal_error", transient}, {"fatal_error", transient},
        {"service_unavailable", transient}, {"team_added_to_org", migration}, {"method_deprecated", gone},
        {"channel_not_found", ErrorClass::refused}, {"is_archived", ErrorClass::refused},
        {"messages_tab_disabled", ErrorClass::refused}, {"a_code_of_tomorrow", ErrorClass::refused}};
    Bench bench;
    for (const auto& [code, error_class] : expected) {
        INFO(code);
        const auto error = bench.error_of(200, R"({"ok":false,"error":")" + code + R"("})");
        CHECK(error.error_class() == error_class);
        CHECK(error.code() == code);
    }
}

TEST_CASE("An error says whether the call may have been done", "[slack]")
{
    Bench bench;
    CHECK(bench.error_of(500, "<html>").maybe_done());
    CHECK(bench.error_of(200, "not json").maybe_done());
    CHECK(bench.error_of(200, std::string(100'000, '[')).maybe_done());
    CHECK(bench.error_of(200, R"({"ok":"yes"})").maybe_done());
    CHECK(bench.error_of(200, R"({"ok":false,"error":"internal_error"})").maybe_done());
    CHECK_FALSE(bench.error_of(200, R"({"ok":false,"error":"is_archived"})").maybe_done());
    CHECK_FALSE(bench.error_of(429, "", {{"Retry-After", "7"}}).maybe_done());
    CHECK(bench.error_of(429, "", {{"retry-after", "7"}}).retry_after() == std::chrono::seconds{7});
    CHECK(bench.error_of(429, "", {{"Retry-After", "soon"}}).retry_after() == std::nullopt);
    bench.network.failure = net::Failure{"refused", false};
    CHECK(bench.call().error->error_class() == ErrorClass::unreachable);
    CHECK_FALSE(bench.call().error->maybe_done());
    bench.network.failure = net::Failure{"reset", true};
    CHECK(bench.call().error->error_class() == ErrorClass::transient);
    CHECK(bench.call().error->maybe_done());
}

TEST_CASE("What Slack says about an error is kept for the log, and the token is not", "[slack]")
{
    Bench bench;
    const auto error =
        bench.error_of(200, R"({"ok":false,"error":"missing_scope","needed":"im:history","provided":"chat:write"})");
    CHECK(std::string{error.what()}.find("im:history") != std::string::npos);
    CHECK(std::string{error.what()}.find("xoxb-secret") == std::string::npos);
}

TEST_CASE("A call carries the token in its header, and its arguments as the method takes them", "[slack]")
{
    Bench bench;
    bench.call("chat.postMessage", Json{{"channel", "C1"}, {"text", "ä & \xff"}});
    CHECK(bench.network.url == "https://slack.com/api/chat.postMessage");
    CHECK(net::header(bench.network.asked.headers, "Authorization") == "Bearer xoxb-secret");
    CHECK(net::header(bench.network.asked.headers, "Content-Type") == "application/json; charset=utf-8");
    CHECK(Json::parse(bench.network.asked.body)["channel"] == "C1");
    bench.call("users.info", Json{{"user", "U1&x"}, {"limit", 3}});
    CHECK(net::header(bench.network.asked.headers, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(bench.network.asked.body == "user=U1%26x&limit=3");
}

TEST_CASE("A response_url of another host is refused", "[slack]")
{
    Bench bench;
    CHECK_FALSE(bench.respond("https://hooks.slack.com/actions/T1/2/3").error);
    for (const auto* url : {"https://hooks.slack.com.evil.example/", "http://hooks.slack.com/x",
             "https://evil.example/hooks.slack.com/", "http://127.0.0.1:1/x", ""}) {
        INFO(url);
        bench.network.url.clear();
        CHECK(bench.respond(url).error);
        CHECK(bench.network.url.empty());
    }
}

TEST_CASE("A file that somebody gave is read from Slack's hosts alone, with the token", "[slack]")
{
    Bench bench;
    std::optional<std::string> bytes;
    const auto read = [&](const std::string& url) {
        Outcome outcome;
        bytes.reset();
        bench.network.url.clear();
        asio::io_context loop;
        asio::co_spawn(loop, read_file(bench.client, url, bytes, outcome), [](std::exception_ptr) {});
        loop.run();
        return outcome.error;
    };
    const std::string file{"https://files.slack.com/files-pri/T1-F1/download/a.yaml"};
    bench.network.answer = {200, {{"Content-Type", "text/plain"}}, "rotations: []"};
    CHECK_FALSE(read(file));
    CHECK(bytes == "rotations: []");
    CHECK(bench.network.asked.method == "GET");
    CHECK(net::header(bench.network.asked.headers, "Authorization") == "Bearer xoxb-secret");
    for (const auto* url : {"http://files.slack.com/a", "https://slack.com.evil.example/a", "https://evilslack.com/a",
             "https://files.slack.com:444/a", "https://files.slack.com@evil.example/a", "http://127.0.0.1:1/x",
             "wss://x.slack.com/", "https://.slack.com/", ""}) {
        INFO(url);
        CHECK(read(url));
        CHECK(bench.network.url.empty());
    }
    bench.network.answer = {302, {{"Location", "https://acme.slack.com/"}}, ""};
    CHECK(read(file)->error_class() == ErrorClass::setup);
    bench.network.answer = {200, {{"Content-Type", "text/html; charset=utf-8"}}, "<html>Sign in</html>"};
    CHECK(read(file)->error_class() == ErrorClass::setup);
    bench.network.answer = {404, {}, ""};
    CHECK(read(file)->error_class() == ErrorClass::refused);
    bench.network.failure = net::Failure{"too slow", true};
    CHECK(read(file)->error_class() == ErrorClass::transient);
}

TEST_CASE("The gate for JSON refuses what is too large, too deep or malformed, and takes the rest", "[slack]")
{
    CHECK(parse(R"({"a":[1,"}]{["]})")["a"][0] == 1);
    CHECK_THROWS_AS(parse(std::string(100'000, '[')), BadJson);
    CHECK_THROWS_AS(parse(std::string(33, '[') + std::string(33, ']')), BadJson);
    CHECK_NOTHROW(parse(std::string(32, '[') + std::string(32, ']')));
    // Each key is looked for among those before it: one object of very many would hold the loop for half a minute.
    const auto object_of = [](int keys) {
        std::string text = "{\"k\":0";
        for (int i = 1; i < keys; ++i)
            text += ",\"" + std::to_string(i) + "\":0";
        return text + "}";
    };
    CHECK_THROWS_AS(parse(object_of(50'000)), BadJson);
    CHECK_NOTHROW(parse(object_of(1'500)));
    CHECK_NOTHROW(parse("[" + object_of(100) + "," + object_of(100) + "]"));
    CHECK_THROWS_AS(parse("]],"), BadJson);
    CHECK_THROWS_AS(parse("{\"a\":1", 100), BadJson);
    CHECK_THROWS_AS(parse("\"" + std::string(100, 'a') + "\"", 100), BadJson);
    CHECK_THROWS_AS(parse("\"\xff\""), BadJson);
    CHECK_THROWS_AS(parse(""), BadJson);
    const auto json = parse(R"({"a":{"b":7}})");
    CHECK(text_at(json, {"a", "b"}).empty());
    CHECK(text_at(json, {"a", "b", "c"}).empty());
}
