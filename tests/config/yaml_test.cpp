#include "catch.hpp"
#include "config/json.hpp"
#include "config/yaml.hpp"

using namespace config;

namespace {

/// The tree as JSON, or the one problem as "line:column what".
std::string tree_in(const std::string& text)
{
    std::vector<Problem> problems;
    const auto tree = node_in_yaml(text, problems);
    std::string all;
    for (const auto& one : problems)
        all += std::to_string(one.line) + ":" + std::to_string(one.column) + " " + one.what;
    return problems.empty() ? json_of(tree) : all;
}

} // namespace

TEST_CASE("YAML is read by its core schema: what is in quotes is a text", "[config][yaml]")
{
    CHECK(tree_in("[a, 1, -5, 1.5, true, False, null, ~, , \"1\", 'true', \"null\", 20:00, yes, 0x1F, 2026-11-02]")
        == R"(["a",1,-5,1.5,true,false,null,null,null,"1","true","null","20:00","yes",31.0,"2026-11-02"])");
    CHECK(tree_in("a: |\n  one\n  two\nb: >\n  one\n  two\n") == R"({"a":"one\ntwo\n","b":"one two\n"})");
    CHECK(tree_in("!!str 5") == R"("5")");
    CHECK(tree_in("\xef\xbb\xbf"
                  "a: 1")
        == R"({"a":1})");
    CHECK(tree_in("%YAML 1.2\n---\na: 1\n...\n") == R"({"a":1})");
    CHECK(tree_in("a: 1\r\nb: 2\r\n") == R"({"a":1,"b":2})");
    CHECK(tree_in("") == "null");
}

TEST_CASE("Aliases stand for what they refer to, and merge keys bring what is not there yet", "[config][yaml]")
{
    CHECK(tree_in("a: &people [ana, bo]\nb: *people") == R"({"a":["ana","bo"],"b":["ana","bo"]})");
    CHECK(tree_in("base: &b {unit: day, length: 1}\nw: {<<: *b, length: 2}")
        == R"({"base":{"unit":"day","length":1},"w":{"length":2,"unit":"day"}})");
    CHECK(tree_in("x: &x {a: 1}\ny: &y {a: 2, b: 3}\nw: {c: 4, <<: [*x, *y]}")
        == R"({"x":{"a":1},"y":{"a":2,"b":3},"w":{"c":4,"a":1,"b":3}})");
    CHECK(tree_in("{\"<<\": 1}") == R"({"<<":1})");
    CHECK(tree_in("a: {<<: 5}") == "1:9 `<<` takes mappings only");
    CHECK(tree_in("x: &x {a: 1}\nw: {<<: *x, b: 2, <<: *x}") == "2:19 `<<` is there twice");
    CHECK(tree_in("a: &a [*a]") == "1:8 an alias stands inside of what it refers to");
}

TEST_CASE("A small file cannot become a large tree, nor a deep one", "[config][yaml]")
{
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 20; ++i) {
        const auto inner = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + inner;
        for (int j = 1; j < 10; ++j)
            laughs += ", " + inner;
        laughs += "]\n";
    }
    CHECK_THAT(tree_in(laughs), contains("the file holds more than 200000 values"));
    std::string deep = "a0: &a0 [x]\n";
    for (int i = 1; i < 40; ++i)
        deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    CHECK_THAT(tree_in(deep), contains("nested too deeply"));
    for (const std::string open : {"[", "{a: ", "- ", "? ", "&a [", "!!seq ["}) {
        std::string text;
        while (text.size() < 50'000)
            text += open;
        INFO(open);
        CHECK_FALSE(tree_in(text).starts_with("["));
    }
    CHECK(tree_in(std::string((4 << 20) + 1, ' ')) == "0:0 the file is larger than 4 MiB");
    std::string many = "[";
    while (many.size() < (1 << 19))
        many += "a,";
    CHECK_THAT(tree_in(many + "]"), contains("the file holds more than 200000 values"));
}

TEST_CASE("What is no text is refused where it stands", "[config][yaml]")
{
    CHECK(tree_in("a: b\nc: \xff") == "2:4 this is not UTF-8");
    CHECK(tree_in("é: \xc0\x80") == "1:4 this is not UTF-8");
    CHECK(tree_in("a: \xed\xa0\x80") == "1:4 this is not UTF-8");
    CHECK(tree_in(std::string{"a: b\0c", 6}) == "1:5 there is a control character");
    CHECK(tree_in("a: \x04") == "1:4 there is a control character");
    CHECK(tree_in("a: \"\\x04\"") == R"({"a":"\u0004"})");
}

TEST_CASE("JSON is read into the same tree, within the same bounds", "[config][json]")
{
    const std::string text = R"({"b":[1,-2,1.5,true,null,"x\n\u00e9"],"a":{}})";
    const auto tree = node_in_json(text);
    REQUIRE(tree);
    CHECK(json_of(*tree) == R"({"b":[1,-2,1.5,true,null,"x\né"],"a":{}})");
    std::vector<Problem> problems;
    CHECK(node_in_yaml(text, problems) == *tree);
    CHECK(node_in_json(std::string(32, '[') + std::string(32, ']')));
    CHECK_FALSE(node_in_json(std::string(33, '[') + std::string(33, ']')));
    CHECK_FALSE(node_in_json("{"));
    CHECK_FALSE(node_in_json(""));
    CHECK_FALSE(node_in_json("[1] 2"));
    CHECK_FALSE(node_in_json("\"\xff\""));
}
