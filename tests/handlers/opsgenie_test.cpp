#include "handlers/sources/opsgenie.hpp"

#include "catch.hpp"
#include "handlers/opsgenie_act.hpp"
#include "handlers/opsgenie_words.hpp"

using namespace handlers;
using namespace handlers::sources;
using slack::Json;

TEST_CASE("Opsgenie's paths are understood as its clients write them", "[handlers][opsgenie]")
{
    using V = OpsgenieVerb;
    struct Row {
        std::string method;
        std::string path;
        V verb;
        std::string identifier;
    };
    const std::vector<Row> rows{
        {"POST", "/v2/alerts", V::create, ""},
        {"POST", "/v2/alerts/", V::create, ""},
        {"GET", "/v2/alerts/", V::list, ""},
        {"GET", "/v2/alerts/count", V::count, ""},
        {"PUT", "/v2/alerts", V::wrong_method, ""},
        {"GET", "/v2/alerts/requests/r-1", V::status, "r-1"},
        {"GET", "/v2/alerts/a-1", V::get, "a-1"},
        {"DELETE", "/v2/alerts/a-1", V::remove, "a-1"},
        {"POST", "/v2/alerts/a-1", V::wrong_method, "a-1"},
        {"POST", "/v2/alerts/a-1/close", V::close, "a-1"},
        {"POST", "/v2/alerts/a-1/close/", V::close, "a-1"},
        {"POST", "/v2/alerts/disk%20full%2Fhome/acknowledge", V::acknowledge, "disk full/home"},
        {"POST", "/v2/alerts/srv01/HTTP/unacknowledge", V::unacknowledge, "srv01/HTTP"},
        {"GET", "/v2/alerts/a-1/close", V::wrong_method, "a-1"},
        {"DELETE", "/v2/alerts/a-1/tags", V::untag, "a-1"},
        {"POST", "/v2/alerts/a-1/actions/Restart%20it", V::action, "a-1"},
        {"PUT", "/v2/alerts/a-1/priority", V::priority, "a-1"},
        {"GET", "/v2/alerts/a-1/logs", V::unsupported, "a-1"},
        {"GET", "/v2/alerts/saved-searches/x", V::unsupported, ""},
        {"GET", "/v2/alerts/50%", V::get, "50%"},
        {"POST", "/v2/alertsx", V::unknown, ""},
        {"POST", "/v2/incidents", V::unknown, ""},
    };
    for (const auto& row : rows) {
        INFO(row.method << " " << row.path);
        const auto call = opsgenie_call(row.method, row.path, {});
        CHECK(call.verb == row.verb);
        CHECK(call.identifier == row.identifier);
    }
    CHECK(opsgenie_call("POST", "/v2/alerts/1/close", {{"identifierType", "tiny"}}).by == OpsgenieCall::By::tiny);
    CHECK(opsgenie_call("POST", "/v2/alerts/1/close", {{"identifierType", "alias"}}).by == OpsgenieCall::By::alias);
    CHECK(opsgenie_call("POST", "/v2/alerts/1/actions/Restart", {}).action == "Restart");
}

TEST_CASE("An alias that is no text, or too long, is known by its hash", "[handlers][opsgenie]")
{
    CHECK(opsgenie_key("disk full/home") == "disk full/home");
    CHECK(opsgenie_key("Lif\x9d\x9d").starts_with("alias:sha256:")); // found by the fuzzer, in an address
    CHECK(opsgenie_key("Lif\x9d\x9d") != opsgenie_key("Lif\x9d"));
    CHECK(opsgenie_key(std::string(300, 'a')).starts_with("alias:sha256:"));
}

TEST_CASE("What Opsgenie would not take is refused by field, and everything else is taken", "[handlers][opsgenie]")
{
    const auto alert = [](const std::string& text) { return opsgenie_alert(slack::parse(text)); };
    std::string umlauts;
    for (int i = 0; i < 130; ++i)
        umlauts += "ä";
    CHECK(alert(R"({"message":")" + umlauts + "\"}").errors.empty()); // characters, not bytes
    CHECK(alert(R"({"message":")" + umlauts + "x\"}").errors.count("message") == 1);
    CHECK(alert(R"({"message":"  "})").errors.count("message") == 1);
    CHECK(alert("{}").errors.count("message") == 1);
    CHECK(alert("[]").errors.count("message") == 1);
    CHECK(alert(R"({"message":"m","alias":")" + std::string(513, 'a') + "\"}").errors.count("alias") == 1);
    CHECK(alert(R"({"message":"m","priority":"P6"})").errors.count("priority") == 1);

    // Two aliases never become one key.
    const auto a = alert(R"({"message":"m","alias":")" + std::string(400, 'a') + "1\"}");
    const auto b = alert(R"({"message":"m","alias":")" + std::string(400, 'a') + "2\"}");
    CHECK(a.report.dedup_key.size() <= 255);
    CHECK(a.report.dedup_key != b.report.dedup_key);
    CHECK(a.report.labels.at("alias") == std::string(400, 'a') + "1");
    CHECK(alert(R"({"message":"m","alias":"k"})").report.dedup_key == "k");

    // Who says nothing of the priority means no lesser one: that pages.
    CHECK(alert(R"({"message":"m"})").report.severity.empty());
    CHECK(alert(R"({"message":"m","priority":"P3"})").report.severity == "p3");

    const auto odd = alert(
        R"({"message":7,"tags":"a, b","details":{"n":1,"o":{"x":[1]},"tags":"theirs"},"responders":[{"type":"team"},3,{"name":"x"}],"unknown":{}})");
    CHECK(odd.errors.empty());
    CHECK(odd.report.title == "7");
    CHECK(odd.report.labels.at("tags") == "a, b");
    CHECK(odd.report.labels.at("n") == "1");
    CHECK(odd.report.labels.at("responders") == "user x");
}

TEST_CASE("Calls upon an alert say what they lack", "[handlers][opsgenie]")
{
    const TimePoint now{std::chrono::hours{400'000}};
    const auto wrong = [&](OpsgenieVerb verb, const std::string& body) {
        const auto errors = opsgenie_errors(verb, slack::parse(body), now);
        return errors.empty() ? std::string{} : errors.begin()->first;
    };
    CHECK(wrong(OpsgenieVerb::close, "{}").empty());
    CHECK(wrong(OpsgenieVerb::notes, R"({"note":" "})") == "note");
    CHECK(wrong(OpsgenieVerb::snooze, "{}") == "endTime");
    CHECK(wrong(OpsgenieVerb::snooze, R"({"endTime":"2001-01-01T00:00:00Z"})") == "endTime");
    CHECK(wrong(OpsgenieVerb::snooze, R"({"endTime":"2031-01-01T00:00:00Z"})").empty());
    CHECK(wrong(OpsgenieVerb::assign, R"({"owner":{}})") == "owner");
    CHECK(wrong(OpsgenieVerb::tags, R"({"tags":[]})") == "tags");
    CHECK(wrong(OpsgenieVerb::details, R"({"details":[]})") == "details");
    CHECK(wrong(OpsgenieVerb::priority, R"({"priority":"high"})") == "priority");

    const auto at = opsgenie_time("2017-04-03T20:05:50.894Z");
    REQUIRE(at);
    CHECK(opsgenie_time_out(*at) == "2017-04-03T20:05:50Z");
    CHECK(opsgenie_time("2017-04-03T22:05:50+02:00") == at);
    CHECK(opsgenie_time("2017-04-03T22:05:50.1+0200") == at);
    for (const auto* no : {"", "tomorrow", "2017-04-03", "2017-04-03T20:05:50+99:00", "2017-04-03T20:05:50 or so"})
        CHECK_FALSE(opsgenie_time(no));
}

TEST_CASE("An alert's id has the form of a UUID and leads back to it alone", "[handlers][opsgenie]")
{
    CHECK(opsgenie_id({42}) == "00000000-0000-4000-8000-000000000042");
    CHECK(opsgenie_id_in(opsgenie_id({42})) == oncall::AlertId{42});
    for (const auto* no : {"", "42", "00000000-0000-4000-8000-00000000004x", "00000000-0000-4000-8000-000000000000",
             "10000000-0000-4000-8000-000000000042"})
        CHECK_FALSE(opsgenie_id_in(no));
    CHECK(uuid_of(std::string(16, '\xff')) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST_CASE("A list leaves out what its query says, or says that it cannot tell", "[handlers][opsgenie]")
{
    oncall::Alert alert;
    alert.id = {7};
    alert.dedup_key = "disk full";
    alert.labels = {{"tags", "db, eu"}, {"severity", "p2"}};
    alert.severity = "error";
    const auto found = [&](const std::string& text) {
        const auto query = opsgenie_query(text);
        return query.problem.empty() ? (matches(query, alert) ? "yes" : "no") : "?";
    };
    CHECK(found("") == std::string{"yes"});
    CHECK(found("status:open AND alias:\"disk full\"") == std::string{"yes"});
    CHECK(found("status: open") == std::string{"yes"});
    CHECK(found("status:closed") == std::string{"no"});
    CHECK(found("alias=disk") == std::string{"no"});
    CHECK(found("tinyId:7 AND tag:eu AND priority:P2") == std::string{"yes"});
    CHECK(found("acknowledged:true") == std::string{"no"});
    CHECK(found("createdAt>1 OR status:open") == std::string{"?"});
    CHECK(found("disk") == std::string{"?"});
}
