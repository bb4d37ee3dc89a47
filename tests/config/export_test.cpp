#include "catch.hpp"
#include "config/export.hpp"
#include "config/json.hpp"
#include "config/nothing.hpp"
#include "config/oncall_yaml.hpp"
#include "config/yaml.hpp"
#include "places.hpp"
#include "random_configuration.hpp"
#include "validate.hpp"

#include <rapidcheck.h>

#include <random>

using namespace config;

namespace {

std::string sample() { return tests::text_of(std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"); }

/// The text as JSON, as whoever reads YAML sees it.
std::string as_json(const std::string& text)
{
    std::vector<Problem> problems;
    const auto tree = node_in_yaml(text, problems);
    REQUIRE(problems.empty());
    return json_of(tree);
}

/// Random, but the same each time.
tests::Below below(std::mt19937& random)
{
    return [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
}

} // namespace

TEST_CASE("Whatever a configuration holds, its export reads back as the same and exports the same bytes", "[config][export]")
{
    const bool held = rc::check([] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::resize(100, rc::gen::inRange(0, most)); });
        const auto text = export_yaml(all);
        const auto back = parse(text, nothing);
        RC_LOG() << text;
        for (const auto& problem : back.problems)
            RC_LOG() << describe("export", problem) << "\n";
        RC_ASSERT(back.problems.empty());
        RC_ASSERT(back.configuration == all);
        RC_ASSERT(export_yaml(back.configuration) == text);
    });
    CHECK(held);
}

TEST_CASE("An export says the same by YAML 1.1, and by the schema it is right", "[config][export][schema]")
{
    std::mt19937 random{4};
    std::vector<std::string> documents;
    std::vector<std::pair<std::string, std::string>> yaml;
    for (int i = 0; i < 150; ++i) {
        const auto text = export_yaml(tests::random_configuration(below(random)));
        documents.push_back(as_json(text));
        yaml.emplace_back(text, documents.back());
    }
    const auto verdicts = tests::validate(documents, yaml);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        INFO(yaml[i].first);
        CHECK(verdicts.documents[i] == "");
        CHECK(verdicts.yaml[i] == "");
    }
}

TEST_CASE("An export looks as a person would have written it", "[config][export]")
{
    const auto parsed = parse(sample(), nothing);
    REQUIRE(parsed.problems.empty());
    const auto text = export_yaml(parsed.configuration);
    const auto expected = tests::text_of(std::string{ONCALL_SOURCE_DIR} + "/tests/config/sample_export.yaml");
    CHECK(text == expected);
    CHECK(parse(text, nothing).problems.empty());
}

TEST_CASE("An empty configuration is a file that reads back as one", "[config][export]")
{
    CHECK(export_yaml({}) == "{}\n");
    CHECK(parse("{}\n", nothing).problems.empty());
    CHECK(parse("", nothing).problems.empty());
    CHECK(parse("# nothing yet\n", nothing).problems.empty());
}

TEST_CASE("Quotes stand only where a reader of YAML would take a text for something else", "[config][export]")
{
    const auto written = [](const std::string& text) {
        auto node = a_mapping();
        put(node, "k", a_text(text));
        return yaml_of(node);
    };
    for (const std::string plain : {"weekly", "ana@example.com", "Europe/Berlin", "schedule:payments", "2026-11-02T09:00", "5m",
             "1h30m", "critical payments", "https://wiki.example.com/a&d=e", "Köln", "a-b_c.d", "/etc", "it 20:00"}) {
        INFO(plain);
        CHECK(written(plain) == "k: " + plain + "\n");
    }
    for (const std::string text : {"yes", "No", "on", "OFF", "y", "null", "true", "False", "1", "1.5", "0x1F", "1e3", "20:00",
             "2026-11-02", "2026-11-02T09:00:30", "5", "#payments", "@dee", "https://a/?b", "a: b", "a #b", "it's", "a, b", "[a]",
             " a", "a ", "-", "a:", "*a", "%a", "", "😀"}) {
        INFO(text);
        CHECK((written(text) == "k: \"" + text + "\"\n" || text == "😀"));
    }
    CHECK(written("a\"b\\c\n\t\x01\x7f") == "k: \"a\\\"b\\\\c\\n\\t\\x01\\x7f\"\n");
    CHECK(written("a\u2028b\ufeff") == "k: \"a\\u2028b\\ufeff\"\n");
    CHECK(written("\xff") == "k: \"\\ufffd\"\n");
}
