#include "handlers/intake.hpp"

#include "catch.hpp"
#include "handlers/key_door.hpp"
#include "notify/text.hpp"

using namespace handlers;

TEST_CASE("A reason is the same whatever the sender put into it", "[handlers][intake]")
{
    CHECK(shape_of_reason("status \"purple\" is not known") == shape_of_reason("status \"no 17\" is not known"));
    CHECK(shape_of_reason("alerts[0].fingerprint is missing") == shape_of_reason("alerts[117].fingerprint is missing"));
    CHECK(shape_of_reason("status \"cut in the midd") == shape_of_reason("status \"cut"));
    CHECK(shape_of_reason("title is missing") != shape_of_reason("status is missing"));
}

TEST_CASE("A key is found in the headers that tools can set", "[handlers][intake]")
{
    struct Row {
        std::string name;
        std::string value;
        std::string key;
    };
    const std::vector<Row> rows{
        {"Authorization", "Bearer abc-1", "abc-1"},
        {"authorization", "bearer   abc-1 ", "abc-1"},
        {"Authorization", "GenieKey abc-1", "abc-1"},
        {"Authorization", "Token abc-1", "abc-1"},
        {"Authorization", "Basic " + notify::base64("oncall:abc:1?>"), "abc:1?>"},
        {"Authorization", "Basic " + notify::base64("abc-1:"), "abc-1"},
        {"Authorization", "Basic " + notify::base64("abc-1"), "abc-1"},
        {"X-Api-Key", " abc-1 ", "abc-1"},
        {"Authorization", "Basic !!!", ""},
        {"Authorization", "Bearer", ""},
        {"Authorization", "abc-1", ""},
        {"Authorization", "Digest abc-1", ""},
        {"Cookie", "abc-1", ""},
    };
    for (const auto& row : rows) {
        INFO(row.name << ": " << row.value);
        CHECK(key_in_headers({{row.name, row.value}}) == row.key);
    }
}

TEST_CASE("Of what was sent no key and no signature is kept, and what formats read comes back", "[handlers][intake]")
{
    net::Request request;
    request.method = "POST";
    request.target = "/hooks/KEY/database?key=SECRET1&Token=SECRET2&a=b%20c&api_key=SECRET3";
    request.headers = {{"Authorization", "Bearer SECRET4"}, {"X-Signature-256", "sha256=SECRET5"}, {"X-GitHub-Event", "push"},
        {"X-Api-Key", "SECRET6"}, {"Cookie", "SECRET7"}, {"Content-Type", "application/json"}};
    request.body = R"({"title":"It is down"})";
    const TimePoint now{std::chrono::hours{400'000}};
    auto came = opened(request, "database", now);
    CHECK(came.no_json.empty());
    CHECK(came.sent.body["title"] == "It is down");
    oncall::Source source;
    source.name = "scripts";
    source.format = "generic";
    const auto payload = payload_of(source, came.sent);
    for (const auto& kept : {payload.headers, payload.query, payload.rest, payload.body})
        CHECK(kept.find("SECRET") == kept.npos);
    CHECK(payload.at == now);
    CHECK(payload.whole);

    const auto again = sent_again(payload, now);
    CHECK(again.body == came.sent.body);
    CHECK(again.text == came.sent.text);
    CHECK(again.rest == "database");
    CHECK(net::header(again.query, "a") == "b c");
    CHECK(net::header(again.headers, "x-github-event") == "push");

    request.body = "Subject: it is down\r\n\r\nReally.";
    came = opened(request, "", now);
    CHECK_FALSE(came.no_json.empty());
    CHECK(came.sent.body.is_null());
    CHECK(sent_again(payload_of(source, came.sent), now).text == request.body);
    request.body = std::string(100'000, '[');
    CHECK(opened(request, "", now).sent.body.is_null());
}
