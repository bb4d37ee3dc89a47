#include "oncall/mapping.hpp"

#include "catch.hpp"

using namespace oncall;

TEST_CASE("A pointer of a mapping is one that RFC 6901 knows", "[oncall][mapping]")
{
    for (const std::string good : {"/a", "/a/0/b", "/", "/a~0b", "/a~1b", "/ ", "/日本"}) {
        INFO(good);
        CHECK(why_no_pointer(good).empty());
    }
    for (const auto& bad : std::vector<std::string>{std::string{}, std::string{"a"}, std::string{"$.a"}, std::string{"/a~"},
             std::string{"/a~2"}, std::string{"/~~0"}, "/" + std::string(500, 'a')}) {
        INFO(bad);
        CHECK_FALSE(why_no_pointer(bad).empty());
    }
}

TEST_CASE("A template of a mapping is whole, and of a size", "[oncall][mapping]")
{
    for (const std::string good :
        {"", "plain", "{{a}}", "{{{a}}} {{&b}}", "{{#a}}{{^b}}x{{/b}}{{/a}}", "{{! words }}", "{ { } }", "{{ a.b }} } }}"}) {
        INFO(good);
        CHECK(why_no_template(good).empty());
    }
    const std::vector<std::pair<std::string, std::string>> bad{{"{{a", "not closed"}, {"{{{a}}", "not closed"},
        {"{{#a}}", "{{#a}} is not closed"}, {"{{/a}}", "{{/a}} closes nothing"}, {"{{#a}}{{#b}}{{/a}}{{/b}}", "closes nothing"},
        {"{{}}", "names nothing"}, {"{{#}}", "names nothing"}, {"{{> other}}", "partials"}, {"{{=<% %>=}}", "delimiters"},
        {std::string(2'001, 'x'), "longer"}};
    for (const auto& [text, why] : bad) {
        INFO(text);
        CHECK(why_no_template(text).find(why) != std::string::npos);
    }
    std::string deep;
    for (int i = 0; i < 11; ++i)
        deep += "{{#a}}";
    CHECK(why_no_template(deep).find("deep") != std::string::npos);
}

TEST_CASE("A mapping fills what an alert has, and labels of any name", "[oncall][mapping]")
{
    CHECK(is_mapped_field("title"));
    CHECK(is_mapped_field("labels.env"));
    CHECK_FALSE(is_mapped_field("labels."));
    CHECK_FALSE(is_mapped_field("titel"));
}
