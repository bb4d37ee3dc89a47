#include "catch.hpp"
#include "workspace/block_kit.hpp"

using workspace::Json;

namespace {

std::string text(std::size_t size) { return std::string(size, 'x'); }

std::string quoted(std::size_t size) { return "\"" + text(size) + "\""; }

std::string plain(const std::string& content) { return R"({"type":"plain_text","text":)" + content + "}"; }

std::string button(const std::string& more = {})
{
    return R"({"type":"button","action_id":"a","text":)" + plain("\"Go\"") + more + "}";
}

std::string actions(const std::string& elements) { return R"({"type":"actions","elements":[)" + elements + "]}"; }

std::string input(const std::string& element, const std::string& more = {})
{
    return R"({"type":"input","label":)" + plain("\"Label\"") + R"(,"element":)" + element + more + "}";
}

std::string option(const std::string& value, const std::string& label = "\"One\"")
{
    return R"({"text":)" + plain(label) + R"(,"value":")" + value + "\"}";
}

std::string repeated(std::size_t count, const std::string& one)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i ? "," : "") + one;
    return all;
}

std::string options(std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i ? "," : "") + option(std::to_string(i));
    return R"("options":[)" + all + "]";
}

std::string modal_of(const std::string& blocks, const std::string& more = {})
{
    return R"({"type":"modal","title":)" + plain("\"Title\"") + R"(,"blocks":[)" + blocks + "]" + more + "}";
}

struct Case {
    std::string json{};
    std::string pointer{}; // "" where Slack has nothing to say
};

} // namespace

TEST_CASE("Blocks of a message are refused where the platform refuses them, with the place", "[workspace][block_kit]")
{
    const std::string section = R"({"type":"section","text":{"type":"mrkdwn","text":"hello"}})";
    const std::vector<Case> cases{
        {section, ""},
        {R"({"type":"header","text":)" + plain(quoted(150)) + "}", ""},
        {R"({"type":"header","text":)" + plain(quoted(151)) + "}", "/blocks/0/text/text"},
        {R"({"type":"header","text":{"type":"mrkdwn","text":"x"}})", "/blocks/0/text/type"},
        {R"({"type":"heading"})", "/blocks/0/type"},
        {R"({"text":"x"})", "/blocks/0"},
        {R"({"type":"divider","colour":"red"})", "/blocks/0"},
        {R"({"type":"divider","block_id":null})", "/blocks/0/block_id"},
        {R"({"type":"section","text":{"type":"mrkdwn","text":""}})", "/blocks/0/text/text"},
        {R"({"type":"section","text":{"type":"mrkdwn","text":)" + quoted(3000) + "}}", ""},
        {R"({"type":"section","text":{"type":"mrkdwn","text":)" + quoted(3001) + "}}", "/blocks/0/text/text"},
        {R"({"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}})", "/blocks/0/text"},
        {R"({"type":"section"})", "/blocks/0"},
        {R"({"type":"section","fields":[)" + repeated(10, plain("\"x\"")) + "]}", ""},
        {R"({"type":"section","fields":[)" + repeated(11, plain("\"x\"")) + "]}", "/blocks/0/fields"},
        {R"({"type":"section","fields":[)" + plain(quoted(2001)) + "]}", "/blocks/0/fields/0/text"},
        {R"({"type":"section","text":)" + plain("\"x\"") + R"(,"accessory":{"type":"plain_text_input"}})",
            "/blocks/0/accessory/type"},
        {R"({"type":"context","elements":[)" + repeated(11, plain("\"x\"")) + "]}", "/blocks/0/elements"},
        {R"({"type":"context","elements":[]})", "/blocks/0"},
        {R"({"type":"context","elements":[)" + button() + "]}", "/blocks/0/elements/0/type"},
        {actions(button()), ""},
        {actions(""), "/blocks/0"},
        {actions(button() + "," + button()), "/blocks/0/elements/1/action_id"},
        {actions(repeated(26, R"({"type":"button","text":)" + plain("\"Go\"") + "}")), "/blocks/0/elements"},
        {actions(button(R"(,"style":"danger")")), ""},
        {actions(button(R"(,"style":"default")")), "/blocks/0/elements/0/style"},
        {actions(button(R"(,"value":)" + quoted(2001))), "/blocks/0/elements/0/value"},
        {actions(R"({"type":"button","text":)" + plain(quoted(76)) + "}"), "/blocks/0/elements/0/text/text"},
        {actions(R"({"type":"button","text":{"type":"mrkdwn","text":"Go"}})"), "/blocks/0/elements/0/text/type"},
        {actions(R"({"type":"overflow","action_id":"o",)" + options(5) + "}"), ""},
        {actions(R"({"type":"overflow","action_id":"o",)" + options(6) + "}"), "/blocks/0/elements/0/options"},
        {actions(R"({"type":"static_select","action_id":"s",)" + options(101) + "}"), "/blocks/0/elements/0/options"},
        {actions(R"({"type":"static_select","action_id":"s"})"), "/blocks/0/elements/0"},
        {actions(R"({"type":"static_select","action_id":"s","options":[)" + option(text(151)) + "]}"),
            "/blocks/0/elements/0/options/0/value"},
        {actions(R"({"type":"static_select","action_id":"s","options":[)" + option("1", quoted(76)) + "]}"),
            "/blocks/0/elements/0/options/0/text/text"},
        {actions(R"({"type":"static_select","action_id":"s",)" + options(2) + R"(,"initial_option":)" + option("7") + "}"),
            "/blocks/0/elements/0/initial_option"},
        {actions(R"({"type":"static_select","action_id":"s",)" + options(2) + R"(,"placeholder":)" + plain(quoted(151)) + "}"),
            "/blocks/0/elements/0/placeholder/text"},
        {actions(R"({"type":"radio_buttons","action_id":"r",)" + options(11) + "}"), "/blocks/0/elements/0/options"},
        {actions(R"({"type":"datepicker","action_id":"d","initial_date":"2.11.2026"})"), "/blocks/0/elements/0/initial_date"},
        {actions(button(R"(,"confirm":{"title":)" + plain("\"Sure?\"") + "}")), "/blocks/0/elements/0/confirm"},
        {section + "," + section, ""},
        {R"({"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"})", "/blocks/1/block_id"},
        {repeated(50, section), ""},
        {repeated(51, section), "/blocks"},
        {R"({"type":"image","image_url":"https://example.com/x.png"})", "/blocks/0"},
        {R"({"type":"alert","text":)" + plain("\"x\"") + "}", "/blocks/0/type"},
        {R"({"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"<!channel>"}]}]})",
            ""},
        {R"({"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"shout","text":"x"}]}]})",
            "/blocks/0/elements/0/elements/0/type"},
    };
    for (const auto& [json, pointer] : cases) {
        CAPTURE(json.substr(0, 200), pointer);
        const auto problems = workspace::problems_in_blocks(Json::parse("[" + json + "]"), workspace::Surface::message);
        if (pointer.empty()) {
            CHECK(problems == std::vector<std::string>{});
        } else {
            REQUIRE(!problems.empty());
            CHECK_THAT(problems.front(), Catch::Matchers::EndsWith("[json-pointer:" + pointer + "]"));
        }
    }
}

TEST_CASE("Views are refused where the platform refuses them, with the place", "[workspace][block_kit]")
{
    const std::string name = R"({"type":"plain_text_input","action_id":"name"})";
    const std::string submit = R"(,"submit":)" + plain("\"Save\"");
    const std::vector<Case> cases{
        {modal_of(input(name), submit), ""},
        {modal_of(input(name)), "/view"},
        {modal_of(""), ""},
        {R"({"type":"modal","blocks":[]})", "/view"},
        {R"({"type":"modal","title":)" + plain(quoted(25)) + R"(,"blocks":[]})", "/view/title/text"},
        {modal_of("", R"(,"submit":)" + plain(quoted(25))), "/view/submit/text"},
        {modal_of("", R"(,"private_metadata":)" + quoted(3001)), "/view/private_metadata"},
        {modal_of("", R"(,"callback_id":)" + quoted(256)), "/view/callback_id"},
        {modal_of("", R"(,"icon":"x")"), "/view"},
        {modal_of(input(button()), submit), "/view/blocks/0/element/type"},
        {modal_of(input(R"({"type":"number_input","action_id":"n"})"), submit), "/view/blocks/0/element"},
        {modal_of(input(R"({"type":"plain_text_input","action_id":"n","max_length":3001})"), submit),
            "/view/blocks/0/element/max_length"},
        {modal_of(input(R"({"type":"plain_text_input","focus_on_load":true})") + ","
                 + input(R"({"type":"plain_text_input","focus_on_load":true})"),
             submit),
            "/view/blocks"},
        {modal_of(repeated(100, R"({"type":"divider"})")), ""},
        {modal_of(repeated(101, R"({"type":"divider"})")), "/view/blocks"},
        {R"({"type":"home","blocks":[]})", "/view/type"},
    };
    for (const auto& [json, pointer] : cases) {
        CAPTURE(json.substr(0, 200), pointer);
        const auto problems = workspace::problems_in_view(Json::parse(json), "modal");
        if (pointer.empty()) {
            CHECK(problems == std::vector<std::string>{});
        } else {
            REQUIRE(!problems.empty());
            CHECK_THAT(problems.front(), Catch::Matchers::EndsWith("[json-pointer:" + pointer + "]"));
        }
    }
    CHECK(!workspace::problems_in_view(
        Json::parse(R"({"type":"home","blocks":[],"title":{"type":"plain_text","text":"x"}})"), "home")
               .empty());
    CHECK(workspace::problems_in_view(Json::parse(R"({"type":"home","blocks":[]})"), "home").empty());
}

TEST_CASE("Characters are counted as UTF-16 units", "[workspace][block_kit]")
{
    CHECK(workspace::length("abc") == 3);
    CHECK(workspace::length("äöü") == 3);
    CHECK(workspace::length("🔥") == 2);
}
