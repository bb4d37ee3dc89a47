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
    auto unread = as_it_came(request, "database", now);
    CHECK(unread.body.is_null()); // nobody has asked yet whose it is
    CHECK(unread.text == request.body);
    auto came = opened(std::move(unread));
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
    came = opened(as_it_came(request, "", now));
    CHECK_FALSE(came.no_json.empty());
    CHECK(came.sent.body.is_null());
    CHECK(sent_again(payload_of(source, came.sent), now).text == request.body);
    request.body = std::string(100'000, '[');
    CHECK(opened(as_it_came(request, "", now)).sent.body.is_null());
}

TEST_CASE("Of a message of Amazon SNS nothing is kept that confirms or ends a subscription", "[handlers][intake]")
{
    sources::Sent sent;
    sent.text = R"({"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-west-2:123456789012:alarms","Message":"m",)"
                R"("Token":"SECRET1","SubscribeURL":"https://sns.us-west-2.amazonaws.com/?Token=SECRET2",)"
                R"("UnsubscribeURL":"https://sns.us-west-2.amazonaws.com/?SECRET3"})";
    oncall::Source source;
    source.name = "aws";
    source.format = "sns";
    for (const bool is_parsed : {true, false}) { // SNS calls it text
        sent.body = is_parsed ? slack::parse(sent.text) : slack::Json{};
        const auto kept = payload_of(source, sent);
        CHECK(kept.body.find("SECRET") == kept.body.npos);
        CHECK(kept.whole);
        const auto again = sources::sns(sent_again(kept, sent.now), source); // when it is tested, say
        CHECK(again.confirm.empty());
        CHECK(again.note == "a subscription to topic alarms in us-west-2, whose address is not kept");
    }
    sent.text = R"({"Token":"of a raw message"})";
    sent.body = slack::parse(sent.text);
    CHECK(payload_of(source, sent).body == sent.text);
}

TEST_CASE("What is too long is cut, and is no whole payload", "[handlers][intake]")
{
    sources::Sent sent;
    oncall::Source source;
    sent.text = std::string(storage::Payloads::most_dead_body, 'x');
    CHECK(payload_of(source, sent).whole);
    sent.text += "€€";
    const auto cut = payload_of(source, sent);
    CHECK_FALSE(cut.whole);
    CHECK(cut.body == std::string(storage::Payloads::most_dead_body, 'x'));
}

TEST_CASE("No more is held at once than there is room for, and what has ended gives it back", "[handlers][intake]")
{
    Room room{100};
    auto first = room.take(60);
    const auto second = room.take(40);
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(room.take(1));
    first.reset();
    CHECK_FALSE(room.take(61));
    auto third = room.take(60);
    CHECK(third);
    Room other{100};
    CHECK(other.take(1'000)); // alone
    const auto held = other.take(100);
    CHECK(held);
    CHECK_FALSE(other.take(1'000));
}
