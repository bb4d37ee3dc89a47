#include "broken.hpp"
#include "catch.hpp"
#include "config/export.hpp"
#include "config/json.hpp"
#include "config/nothing.hpp"
#include "config/yaml.hpp"
#include "places.hpp"
#include "random_configuration.hpp"
#include "validate.hpp"

#include <random>

using namespace config;

namespace {

Node tree_of(const std::string& text)
{
    std::vector<Problem> problems;
    auto tree = node_in_yaml(text, problems);
    INFO((problems.empty() ? "" : describe("", problems[0])) << "\n" << text);
    REQUIRE(problems.empty());
    return tree;
}

std::vector<Node*> all_in(Node& node)
{
    std::vector<Node*> found{&node};
    for (auto& item : node.items)
        for (auto* const inner : all_in(item))
            found.push_back(inner);
    return found;
}

/// Somebody's slip: a value replaced, a key renamed, something left out or said twice.
void slip(Node& root, const tests::Below& below)
{
    const std::vector<std::string> values{"null", "true", "0", "1", "-1", "1.5", "21", "5000", "\"\"", "word", "\"5\"", "[]",
        "{}", "[a]", "[1]", "[null]", "{a: b}", "mon", "day", "5m", "0s", "20:00", "24:00", "mon 20:00", "\"#a\"", "\"#A\"",
        "\"@a\"", "ana@example.com", "[ana@example.com]", "[ana@example.com, ana@example.com]", "2026-11-02T09:00",
        "2026-11-02T09:00Z", "2026-02-31T09:00", "2026-11-02", "user:ana", "\"user:ana@example.com\"", "\"channel:#b\"", "high",
        "generic", "UTC", "https://x", "\"a\\nb\"", std::string(64, 'a'), std::string(90, 'b')};
    const std::vector<std::string> keys{"from", "to", "users", "days", "windows", "versions", "handoff_day", "length", "start",
        "unit", "name", "put", "add", "remove", "instead_of", "team", "policy", "levels", "targets", "key", "key_env", "key_hash",
        "all", "not", "is", "field", "topic", "verbosity", "channel", "user_group", "members", "permanent_members", "colour",
        "managers", "observers", "schedule", "description", "labels", "links", "url", "depends_on", "subscribers", "paged_by"};
    const auto pick = [&](const auto& from) -> const auto&
    {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    };
    auto nodes = all_in(root);
    auto& node = *pick(nodes);
    const auto where = static_cast<std::size_t>(below(static_cast<int>(node.items.size()) + 1));
    const auto at = static_cast<std::ptrdiff_t>(where);
    const bool mapping = node.kind == Node::Kind::mapping;
    switch (below(4)) {
    case 0:
        if (where < node.items.size()) {
            node.items.erase(node.items.begin() + at);
            if (mapping)
                node.keys.erase(node.keys.begin() + at);
            return;
        }
        break;
    case 1:
        if (mapping) {
            const auto& key = pick(keys);
            if (!find(node, key)) {
                put(node, key, tree_of(pick(values)));
                return;
            }
        }
        break;
    case 2:
        if (mapping && where < node.items.size() && !find(node, pick(keys))) {
            node.keys[where] = a_text("renamed");
            return;
        }
        break;
    default: break;
    }
    node = tree_of(pick(values));
}

} // namespace

TEST_CASE("The schema takes the sample and every file that is wrong in its meaning alone", "[config][schema]")
{
    std::vector<std::string> documents{
        json_of(tree_of(tests::text_of(std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml")))};
    std::vector<tests::Broken> cases;
    for (const auto& one : tests::broken())
        if (one.wrong_in == "meaning") {
            cases.push_back(one);
            documents.push_back(json_of(tree_of(one.text)));
        }
    const auto verdicts = tests::validate(documents).documents;
    CHECK(verdicts[0] == "");
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO(cases[i].title << "\n" << cases[i].text);
        CHECK(verdicts[i + 1] == "");
    }
}

TEST_CASE("The schema refuses whatever the parser refuses for its form", "[config][schema]")
{
    std::vector<std::string> documents;
    std::vector<tests::Broken> cases;
    for (const auto& one : tests::broken())
        if (one.wrong_in == "form") {
            cases.push_back(one);
            documents.push_back(json_of(tree_of(one.text)));
        }
    const auto verdicts = tests::validate(documents).documents;
    CHECK(cases.size() > 80);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO(cases[i].title << "\n" << cases[i].text);
        CHECK(verdicts[i] != "");
    }
}

TEST_CASE("Whatever the schema refuses, the parser refuses", "[config][schema]")
{
    std::mt19937 random{5};
    const tests::Below below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    std::vector<std::string> documents;
    std::vector<std::string> texts;
    std::vector<bool> refused;
    for (int i = 0; i < 600; ++i) {
        auto tree = tree_of(export_yaml(tests::random_configuration(below)));
        slip(tree, below);
        texts.push_back(yaml_of(tree));
        documents.push_back(json_of(tree_of(texts.back())));
        refused.push_back(!parse(texts.back(), nothing).problems.empty());
    }
    const auto verdicts = tests::validate(documents).documents;
    int both = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        INFO(verdicts[i] << "\n" << texts[i]);
        const bool agree = verdicts[i].empty() || refused[i];
        CHECK(agree);
        both += !verdicts[i].empty() && refused[i];
    }
    CHECK(both > 200);
}
