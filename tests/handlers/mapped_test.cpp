#include "handlers/sources/mapped.hpp"

#include "catch.hpp"
#include "config/source_yaml.hpp"
#include "handlers/payload_files.hpp"
#include "notify/template.hpp"

#include <algorithm>

using handlers::sources::BadPayload;
using handlers::sources::mapped;

namespace {

oncall::Mapping mapping_in(const std::string& yaml)
{
    oncall::Source source;
    source.format = "generic";
    const auto parsed = config::parse_further("mapping: " + yaml, source);
    REQUIRE(parsed.problems.empty());
    return parsed.source.mapping;
}

std::string why_unmapped(const std::string& yaml, const std::string& payload)
{
    try {
        mapped(slack::parse(payload), mapping_in(yaml));
    } catch (const BadPayload& problem) {
        return problem.what();
    }
    return "taken";
}

} // namespace

TEST_CASE("A mapping takes the first place that says something, then its template, then its default", "[handlers]")
{
    const auto title = [](const std::string& field, const std::string& payload) {
        return mapped(slack::parse(payload), mapping_in("{fields: {title: " + field + "}}")).reports.at(0).title;
    };
    CHECK(title("/a", R"({"a":"x"})") == "x");
    CHECK(title("{from: [/a, /b/0/c]}", R"({"a":" ","b":[{"c":7.5}]})") == "7.5");
    CHECK(title("/a~1b/c~0d", R"({"a/b":{"c~d":true}})") == "true");
    CHECK(title("/a", R"({"a":["x",1,null,{"y":2}]})") == "x, 1");
    CHECK(title("/payload/a", R"({"a":"x"})") == "x");
    CHECK(title("{from: /a, text: 'no {{b}}', default: d}", R"({"b":"<b> & \"c\""})") == "no <b> & \"c\"");
    CHECK(title("{text: '{{a}}', default: d}", R"({"a":null})") == "d");
    CHECK(title("{from: /a, default: d, values: {yes: affirmed}}", R"({"a":"YES"})") == "affirmed");
    CHECK(title("{text: '{{#l}}{{.}};{{/l}}{{^n}}none{{/n}}'}", R"({"l":["a",2],"n":[]})") == "a;2;none");
}

TEST_CASE("What a mapping cannot mean is refused with what to add to it", "[handlers]")
{
    struct Row {
        std::string mapping;
        std::string payload;
        std::string words;
    };
    const Row rows[] = {
        {"{fields: {title: /a}}", "{}", "finds no title"},
        {"{fields: {title: /a}}", "[]", "finds no title"},
        {"{fields: {title: /a/-}}", R"({"a":[1]})", "finds no title"},
        {"{fields: {title: /a, status: /s}}", R"({"a":"t","s":"ok"})", "finds no dedup_key"},
        {"{fields: {title: /a, kind: /k}}", R"({"a":"t","k":"x"})", "kind \"x\" is not known"},
        {"{each: /l, fields: {title: /a}}", R"({"l":{}})", "no list at /l"},
        {"{each: /l, fields: {title: /a}}", R"({"l":[{"b":1},{"b":2}]})", "finds no title"},
        {"{fields: {title: {text: '{{#l}}{{#l}}{{#l}}x{{/l}}{{/l}}{{/l}}'}}}",
            R"({"l":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]})", "more than 1,000 entries"},
    };
    for (const auto& row : rows) {
        INFO(row.mapping);
        CHECK_THAT(why_unmapped(row.mapping, row.payload), contains(row.words));
    }
    auto many = slack::Json::array();
    for (int i = 0; i < 501; ++i)
        many.push_back({{"a", "t"}});
    const auto mapping = mapping_in("{each: /l, fields: {title: /a}}");
    const auto storm = mapped({{"l", many}}, mapping);
    CHECK(storm.reports.size() == 500);
    CHECK_THAT(storm.note, contains("the first 500"));
    many.erase(500);
    CHECK(mapped({{"l", many}}, mapping).reports.size() == 500);
    CHECK(mapped(slack::parse(R"({"l":[]})"), mapping).note == "its list of alerts is empty");
}

TEST_CASE("What a mapping understands pages, whatever stands beside it", "[handlers]")
{
    const auto list =
        mapped(slack::parse(R"({"l":[{"a":"one","s":"open"},{"s":"open"},{"a":"two","s":"ok"},{"a":"three","s":"green"}]})"),
            mapping_in("{each: /l, fields: {title: /a, status: /s}}"));
    REQUIRE(list.reports.size() == 2);
    CHECK(list.reports[0].title == "one");
    CHECK(list.reports[1].title == "three");
    CHECK(list.reports[1].signal == handlers::Report::Signal::fire);
    CHECK(list.reports[1].labels.at("status") == "green");
    CHECK_THAT(list.note, contains("2 entries could not be read"));
    CHECK_THAT(list.note, contains("finds no title"));
}

TEST_CASE("Two keys that a mapping finds do not become one, however long they are", "[handlers]")
{
    const auto mapping = mapping_in("{fields: {title: /k, dedup_key: /k}}");
    const auto key = [&](const std::string& end) {
        return mapped({{"k", std::string(300, 'x') + end}}, mapping).reports.at(0).dedup_key;
    };
    CHECK(key("a") != key("b"));
    CHECK(key("a").size() <= 255);
}

TEST_CASE("A broken template is told, and a payload that has all of it in one field is no trouble", "[handlers]")
{
    CHECK_THROWS_AS(notify::plain("{{#a}}", {}, {}), notify::BadTemplate);
    const std::string large(500'000, 'x');
    CHECK(notify::plain("{{a}}", {{"a", large}}, {}).size() == large.size());
    CHECK(notify::plain("{{payload.a}}", 7, {{"a", "x"}}) == "x");
    CHECK(notify::plain("{{>a}}{{a.b.c}}", {{"a", "x"}}, {}) == "");
}

TEST_CASE("A mapping is proposed by the names that tools use, and reads what it was made of", "[handlers]")
{
    for (const auto* const name :
        {"generic/open-dynatrace", "generic/open-gitlab", "generic/open-betterstack", "generic/open-list"}) {
        INFO(name);
        const auto* const file = payloads::find(name);
        REQUIRE(file);
        const auto guessed = handlers::sources::mapping_guessed(file->sent.body);
        if (guessed.fields.empty())
            continue; // nothing in it is called like a title
        oncall::Source source;
        source.format = "generic";
        const auto parsed = config::parse_further(handlers::sources::mapping_proposed(file->sent.body), source);
        CHECK(parsed.problems.empty());
        CHECK(parsed.source.mapping == guessed);
        CHECK_FALSE(mapped(file->sent.body, guessed).reports.empty());
    }
    const auto guessed = handlers::sources::mapping_guessed(payloads::find("generic/open-dynatrace")->sent.body);
    CHECK(guessed.fields.at("title").from == std::vector<std::string>{"/ProblemTitle"});
    CHECK(guessed.fields.at("status").from == std::vector<std::string>{"/State"});
    CHECK(guessed.fields.at("dedup_key").from == std::vector<std::string>{"/ProblemID"});
    CHECK(guessed.fields.at("link").from == std::vector<std::string>{"/ProblemURL"});
    CHECK(handlers::sources::mapping_proposed(slack::parse(R"({"x":{"y":1}})")).empty());
}

TEST_CASE("The places in a payload are listed as pointers, a hundred of them", "[handlers]")
{
    const auto leaves = handlers::sources::leaves_of(slack::parse(R"({"a/b":[{"c~":"x"},7],"n":null,"e":{}})"));
    REQUIRE(leaves.size() == 2);
    CHECK(leaves[0].pointer == "/a~1b/0/c~0");
    CHECK(leaves[0].value == "x");
    CHECK(leaves[1].pointer == "/a~1b/1");
    auto many = slack::Json::array();
    for (int i = 0; i < 1'000; ++i)
        many.push_back(std::string(1'000, 'x'));
    const auto hundred = handlers::sources::leaves_of(many);
    CHECK(hundred.size() == 100);
    CHECK(hundred.front().value.size() == 100);
}

TEST_CASE("A mapping is chosen by what stands in a payload, and what is not chosen stays as it was", "[handlers]")
{
    using handlers::sources::mapping_chosen;
    using handlers::sources::mapping_offered;
    using Places = std::vector<std::string>;
    using Taken = std::map<std::string, std::string>;
    const auto payload =
        slack::parse(R"({"event":{"name":"n","headline":"h","id":7},"state":"RED","tags":["a"],"blank":" ","none":null})");
    const auto offer = mapping_offered(payload, {});
    CHECK(offer.is_guessed);
    const Taken guessed{{"title", "/event/name"}, {"dedup_key", "/event/id"}, {"status", "/state"}};
    CHECK(offer.taken == guessed);
    CHECK(offer.places.size() == 5); // what says nothing is none
    CHECK(mapping_chosen(offer, {}) == offer.mapping);
    CHECK(mapping_chosen(offer, guessed) == offer.mapping);
    const auto chosen = mapping_chosen(offer, {{"title", "/event/headline"}, {"status", ""}, {"service", "/tags/0"}});
    CHECK(chosen.fields.at("title").from == Places{"/event/headline"});
    CHECK_FALSE(chosen.fields.contains("status"));
    const auto report = mapped(payload, chosen).reports.at(0);
    CHECK(report.title == "h");
    CHECK(report.service == "a");
    CHECK(report.dedup_key == "7");
    CHECK(mapping_chosen(offer, {{"status", "/event/headline"}}).fields.at("status").values.at("h") == "firing");
    CHECK(mapping_chosen(offer, {{"title", ""}, {"dedup_key", ""}, {"status", ""}}) == oncall::Mapping{});

    // Of its own, the place that this payload has is exchanged; others, templates and defaults stay.
    const auto own = mapping_in("{each: /l, fields: {title: {from: [/a, /b], default: d}, severity: {text: '{{s}}'}}}");
    const auto list = slack::parse(R"({"l":[{"b":"x","s":"P2","c":"y"}],"site":"eu"})");
    const auto known = mapping_offered(list, own);
    CHECK_FALSE(known.is_guessed);
    CHECK(known.taken == Taken{{"title", "/b"}});
    const auto more = mapping_chosen(known, {{"title", "/c"}, {"severity", "/s"}, {"service", "/payload/site"}});
    CHECK(more.fields.at("title").from == Places{"/a", "/c"});
    CHECK(more.fields.at("title").otherwise == "d");
    CHECK(more.fields.at("severity").from == Places{"/s"});
    CHECK(more.fields.at("severity").text == "{{s}}");
    CHECK(mapped(list, more).reports.at(0).title == "y");
    CHECK(mapped(list, more).reports.at(0).service == "eu");
    // One that finds no alert in it is of no use here.
    CHECK(mapping_offered(payload, own).is_guessed);
    CHECK(mapping_offered(slack::parse(R"({"l":[]})"), own).places.empty());
    // A menu has room for a hundred, of ways that are not too long.
    slack::Json many;
    many[std::string(200, 'a')] = "too long";
    for (int i = 0; i < 200; ++i)
        many["k" + std::to_string(i)] = i;
    const auto most = mapping_offered({{"alerts", slack::Json::array({many})}, {"a", 1}}, {});
    CHECK(most.places.size() == 99);
    CHECK(most.places.back().pointer.size() < 20);
    CHECK(std::none_of(most.places.begin(), most.places.end(), [](const auto& one) { return one.pointer.size() > 120; }));
}
