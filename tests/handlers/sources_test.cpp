#include "catch.hpp"
#include "handlers/sources/sources.hpp"
#include "oncall/formats.hpp"
#include "oncall/words.hpp"
#include "places.hpp"

#include <algorithm>
#include <fstream>
#include <set>

using namespace handlers;
using namespace handlers::sources;

TEST_CASE("Every format that a source may have is read, and no other", "[handlers]")
{
    std::set<std::string_view> read;
    for (const auto& one : formats()) {
        CHECK(read.insert(one.name).second);
        CHECK(oncall::can_sign(one.name) == !one.signature.header.empty());
    }
    CHECK(read == std::set<std::string_view>{oncall::source_formats.begin(), oncall::source_formats.end()});
}

TEST_CASE(
    "Too much is answered 429, but 503 where a format's senders take that for final, and the README says which", "[handlers]")
{
    std::vector<std::string> by_503;
    for (const auto& one : formats())
        if (one.flooded == 503)
            by_503.push_back("`" + std::string{one.name} + "`");
        else
            CHECK(one.flooded == 429);
    CHECK(std::find(by_503.begin(), by_503.end(), "`alertmanager`") != by_503.end());
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/README.md", std::ios::binary};
    const std::string readme{std::istreambuf_iterator<char>{file}, {}};
    const auto words = "is answered 503 in the formats " + oncall::listed(by_503) + ",";
    INFO(words);
    CHECK(readme.find(words) != readme.npos);
}

TEST_CASE("Alertmanager's webhook becomes one report for each alert", "[handlers]")
{
    const auto reports = alertmanager(slack::parse(R"({
        "version":"4","groupKey":"{}:{}","status":"firing","receiver":"x","externalURL":"http://am",
        "alerts":[
          {"status":"firing","labels":{"alertname":"Down","severity":"CRITICAL","service":"checkout"},
           "annotations":{"summary":"It is down","description":"d","runbook_url":"https://r"},
           "startsAt":"2026-11-03T12:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/g","fingerprint":"aa"},
          {"status":"resolved","labels":{"alertname":"Slow"},"annotations":{},"fingerprint":"bb"}]})"));
    REQUIRE(reports.size() == 2);
    CHECK(reports[0].dedup_key == "aa");
    CHECK(reports[0].signal == Report::Signal::fire);
    CHECK(reports[0].title == "It is down");
    CHECK(reports[0].severity == "critical");
    CHECK(reports[0].service == "checkout");
    CHECK(reports[0].labels.at("alertname") == "Down");
    CHECK(reports[0].links.size() == 2);
    CHECK(reports[1].signal == Report::Signal::clear);
    CHECK(reports[1].title == "Slow");
}

TEST_CASE("A generic payload takes its fields from where people put them", "[handlers]")
{
    const auto one = [](const std::string& text) { return generic(slack::parse(text)).at(0); };
    CHECK(one(R"({"title":"t","summary":"s"})").title == "t");
    CHECK(one(R"({"summary":"s","message":"m"})").title == "s");
    CHECK(one(R"({"message":"m"})").title == "m");
    CHECK(one(R"({"title":"t","priority":"P1"})").severity == "p1");
    CHECK(one(R"({"status":"RESOLVED","dedup_key":"k"})").signal == Report::Signal::clear);
    CHECK(one(R"({"title":"t","labels":{"n":1,"b":true,"s":"x"}})").labels.at("n") == "1");
    CHECK(one(R"({"title":"t","links":["https://a",{"href":"https://b","text":"B"}]})").links.at(1).text == "B");
    CHECK(one(R"({"title":")" + std::string(5'000, 'x') + "\"}").title.size() == most_title);
    CHECK(one(R"({"title":"t","dedup_key":null})").dedup_key.empty());
}

TEST_CASE("What a format cannot mean is refused with a reason", "[handlers]")
{
    const auto why = [](auto format, const std::string& text) {
        try {
            format(slack::parse(text));
        } catch (const BadPayload& problem) {
            return std::string{problem.what()};
        }
        return std::string{"accepted"};
    };
    struct Row {
        std::vector<Report> (*format)(const slack::Json&);
        std::string body;
        std::string words;
    };
    const Row rows[] = {
        {generic, "[]", "JSON object"},
        {generic, "{}", "title is missing"},
        {generic, R"({"title":{"a":1}})", "title is missing"},
        {generic, R"({"title":"t","status":"maybe"})", "not known"},
        {generic, R"({"status":"resolved"})", "dedup_key is missing"},
        {alertmanager, "{}", "alerts must be a list"},
        {alertmanager, R"({"alerts":[1]})", "alerts[0] must be an object"},
        {alertmanager, R"({"alerts":[{"status":"x"}]})", "alerts[0].status"},
        {alertmanager, R"({"alerts":[{"status":"firing"}]})", "alerts[0].fingerprint"},
        {alertmanager, R"({"alerts":[{"status":"firing","labels":{"a":null}}]})", "alerts[0].fingerprint"},
    };
    for (const auto& row : rows) {
        INFO(row.body);
        CHECK_THAT(why(row.format, row.body), contains(row.words));
    }
}

TEST_CASE("One odd field of a generic payload does not lose its alert", "[handlers]")
{
    const auto one = generic(slack::parse(R"({"title":7,"priority":1,"severity":null,"dedup_key":42,"service":{"name":"s"},
        "description":{"a":[1]},"labels":{"none":null,"yes":true,"deep":{"b":2}},"links":[1,null,{},"https://a"]})"))
                         .at(0);
    CHECK(one.title == "7");
    CHECK(one.severity == "1");
    CHECK(one.dedup_key == "42");
    CHECK(one.service.empty());
    CHECK(one.description == R"({"a":[1]})");
    CHECK(one.labels == std::map<std::string, std::string>{{"yes", "true"}, {"deep", R"({"b":2})"}});
    REQUIRE(one.links.size() == 1);
    CHECK(one.links[0].href == "https://a");
    const auto two = generic(slack::parse(R"({"title":"t","labels":["urgent"],"links":"https://b"})")).at(0);
    CHECK(two.labels.at("labels") == R"(["urgent"])");
    CHECK(two.links.at(0).href == "https://b");
}

TEST_CASE("One odd alert of Alertmanager's or Grafana's does not lose the others", "[handlers]")
{
    const auto payload = slack::parse(R"({"status":"firing","groupKey":"g","alerts":[
        {"status":"firing","fingerprint":"f","labels":{"alertname":"A","shard":3,"none":null,"deep":{"b":[true]}}},
        "an alert?",
        {"status":"firing","labels":{"alertname":"B","zone":"a"}},
        {"status":"sideways","fingerprint":"g"},
        {"status":"resolved","labels":{"zone":"a","alertname":"B"},"annotations":["odd"]},
        {"status":"firing","labels":{"zone":"b","alertname":"B"}}]})");
    Sent sent;
    sent.body = payload;
    for (const auto* name : {"alertmanager", "grafana"}) {
        INFO(name);
        const auto read = format(name)->read(sent, {});
        REQUIRE(read.reports.size() == 4);
        CHECK(read.note == "Left out, as it cannot be read: alerts[1] must be an object; and 1 more");
        CHECK_THAT(read.reports[0].description, contains(read.note));
        CHECK(read.reports[0].labels
            == std::map<std::string, std::string>{{"alertname", "A"}, {"shard", "3"}, {"deep", R"({"b":[true]})"}});
        // Without a fingerprint: by its labels, in any order.
        CHECK(read.reports[1].dedup_key.starts_with("labels:"));
        CHECK(read.reports[2].dedup_key == read.reports[1].dedup_key);
        CHECK(read.reports[2].signal == Report::Signal::clear);
        CHECK(read.reports[3].dedup_key != read.reports[1].dedup_key);
    }
    oncall::Source by_group;
    by_group.by_group = true;
    const auto group = format("alertmanager")->read(sent, by_group).reports.at(0);
    CHECK_THAT(group.title, contains("(3 firing, 1 resolved)"));
    CHECK_THAT(group.description, contains("Left out, as it cannot be read: alerts[1]"));
}
