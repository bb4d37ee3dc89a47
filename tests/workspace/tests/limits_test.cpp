#include "catch.hpp"
#include "workspace/block_kit.hpp"

#include <functional>

using workspace::Json;
using workspace::Surface;

namespace {

std::string filled_in(std::string json, const std::string& hole, const std::string& filling)
{
    for (auto at = json.find(hole); at != json.npos; at = json.find(hole, at + filling.size()))
        json.replace(at, hole.size(), filling);
    return json;
}

/// The short forms of this file: P'x' is plain text that says x, M'x' mrkdwn; @ is what is filled in.
std::string spelled(std::string json)
{
    for (const auto& [mark, type] : {std::pair{"P'", "plain_text"}, std::pair{"M'", "mrkdwn"}})
        for (auto at = json.find(mark); at != json.npos; at = json.find(mark, at)) {
            const auto end = json.find('\'', at + 2);
            const auto words = json.substr(at + 2, end - at - 2);
            json.replace(at, end + 1 - at, std::string{R"({"type":")"} + type + R"(","text":")" + words + "\"}");
        }
    return json;
}

std::vector<std::string> complaints(Surface surface, const std::string& json)
{
    CAPTURE(json.substr(0, 300));
    const auto parsed = Json::parse(json);
    if (surface == Surface::message)
        return workspace::problems_in_blocks(Json::array({parsed}), surface);
    if (parsed.value("type", "") == "modal" || parsed.value("type", "") == "home")
        return workspace::problems_in_view(parsed, parsed["type"].get<std::string>());
    Json view{{"type", "modal"}, {"title", {{"type", "plain_text"}, {"text", "Title"}}},
        {"submit", {{"type", "plain_text"}, {"text", "Save"}}}, {"blocks", Json::array({parsed})}};
    return workspace::problems_in_view(view, "modal");
}

constexpr auto on_message = Surface::message, on_modal = Surface::modal;

std::string in_a_row(const std::string& json) { return R"({"type":"actions","elements":[)" + json + "]}"; }
std::string in_input(const std::string& json) { return R"({"type":"input","label":P'Label',"element":)" + json + "}"; }
std::string button_with(const std::string& more) { return in_a_row(R"({"type":"button","text":P'Go')" + more + "}"); }
std::string sure(const std::string& title, const std::string& text, const std::string& yes, const std::string& no)
{
    return button_with(
        R"(,"confirm":{"title":P')" + title + R"(',"text":P')" + text + R"(',"confirm":P')" + yes + R"(',"deny":P')" + no + "'}");
}
std::string menu_of(const std::string& options) { return in_a_row(R"({"type":"static_select","options":[)" + options + "]}"); }

} // namespace

TEST_CASE("Each text of Block Kit passes at its limit and is refused one character beyond it", "[workspace][block_kit]")
{
    struct Text {
        Surface surface{};
        std::string json{}; // @: the text
        std::size_t most{};
        bool may_be_empty{};
        std::string begins{}; // of an address
    };
    const std::string secure = "https://";
    const std::vector<Text> texts{
        {on_message, R"({"type":"section","text":M'@'})", 3000},
        {on_message, R"({"type":"section","text":P'@'})", 3000},
        {on_message, R"({"type":"section","fields":[M'@']})", 2000},
        {on_message, R"({"type":"divider","block_id":"@"})", 255},
        {on_message, R"({"type":"header","text":P'@'})", 150},
        {on_message, R"({"type":"context","elements":[M'@']})", 3000},
        {on_message, R"({"type":"image","image_url":"https://x.test/x.png","alt_text":"@"})", 2000},
        {on_message, R"({"type":"image","image_url":"https://x.test/x.png","alt_text":"x","title":P'@'})", 2000},
        {on_message, R"({"type":"image","image_url":"@","alt_text":"x"})", 3000, false, secure},
        {on_message, R"({"type":"markdown","text":"@"})", 12'000},
        {on_message, R"({"type":"card","title":P'@'})", 150},
        {on_message, R"({"type":"card","body":P'@'})", 200},
        {on_message, R"({"type":"container","title":P'@',"child_blocks":[{"type":"divider"}]})", 150},
        {on_message, in_a_row(R"({"type":"button","text":P'@'})"), 75},
        {on_message, button_with(R"(,"action_id":"@")"), 255},
        {on_message, button_with(R"(,"value":"@")"), 2000, true},
        {on_message, button_with(R"(,"url":"@")"), 3000, false, secure},
        {on_message, button_with(R"(,"accessibility_label":"@")"), 75},
        {on_message, sure("@", "x", "x", "x"), 100},
        {on_message, sure("x", "@", "x", "x"), 300},
        {on_message, sure("x", "x", "@", "x"), 30},
        {on_message, sure("x", "x", "x", "@"), 30},
        {on_message, menu_of(R"({"text":P'@',"value":"v"})"), 75},
        {on_message, menu_of(R"({"text":P'x',"value":"@"})"), 150},
        {on_message, menu_of(R"({"text":P'x',"value":"v","description":P'@'})"), 75},
        {on_message, in_a_row(R"({"type":"overflow","options":[{"text":P'x',"value":"v","url":"@"}]})"), 3000, false, secure},
        {on_message,
            in_a_row(R"({"type":"static_select","option_groups":[{"label":P'@',"options":[{"text":P'x',"value":"v"}]}]})"), 75},
        {on_message, in_a_row(R"({"type":"users_select","placeholder":P'@'})"), 150},
        {on_message, in_a_row(R"({"type":"datepicker","placeholder":P'@'})"), 150},
        {on_modal, R"({"type":"alert","text":P'@'})", 3000},
        {on_modal, R"({"type":"input","label":P'@',"element":{"type":"plain_text_input"}})", 2000},
        {on_modal, R"({"type":"input","label":P'x',"hint":P'@',"element":{"type":"plain_text_input"}})", 2000},
        {on_modal, in_input(R"({"type":"plain_text_input","placeholder":P'@'})"), 150},
        {on_modal, in_input(R"({"type":"plain_text_input","initial_value":"@"})"), 3000, true},
        {on_modal, in_input(R"({"type":"external_select","placeholder":P'@'})"), 150},
        {on_modal, in_input(R"({"type":"multi_conversations_select","placeholder":P'@'})"), 150},
        {on_modal, R"({"type":"modal","title":P'@',"blocks":[]})", 24},
        {on_modal, R"({"type":"modal","title":P'x',"submit":P'@',"blocks":[]})", 24},
        {on_modal, R"({"type":"modal","title":P'x',"close":P'@',"blocks":[]})", 24},
        {on_modal, R"({"type":"modal","title":P'x',"private_metadata":"@","blocks":[]})", 3000, true},
        {on_modal, R"({"type":"modal","title":P'x',"callback_id":"@","blocks":[]})", 255, true},
        {on_modal, R"({"type":"modal","title":P'x',"external_id":"@","blocks":[]})", 255, true},
        {on_modal, R"({"type":"home","private_metadata":"@","blocks":[]})", 3000, true},
    };
    for (const auto& text : texts) {
        CAPTURE(text.json, text.most);
        const auto of = [&](std::size_t size) {
            const auto filling =
                size < text.begins.size() ? std::string(size, 'x') : text.begins + std::string(size - text.begins.size(), 'x');
            return complaints(text.surface, filled_in(spelled(text.json), "@", filling));
        };
        CHECK(of(text.most) == std::vector<std::string>{});
        const auto beyond = of(text.most + 1);
        REQUIRE(beyond.size() == 1);
        CHECK_THAT(beyond.front(), contains("must be less than " + std::to_string(text.most + 1) + " characters"));
        CHECK(of(0).empty() == text.may_be_empty);
        // Slack may count in UTF-16 units: half as many of these.
        const auto fires = [&](std::size_t count) {
            std::string all = text.begins;
            for (std::size_t n = 0; n < count; ++n)
                all += "🔥";
            return complaints(text.surface, filled_in(spelled(text.json), "@", all));
        };
        CHECK(fires((text.most - text.begins.size()) / 2).empty());
        CHECK(fires((text.most - text.begins.size()) / 2 + 1).size() == 1);
    }
}

TEST_CASE("Each list of Block Kit passes at its limit and is refused one item beyond it", "[workspace][block_kit]")
{
    struct List {
        Surface surface{};
        std::string json{}; // @: the items
        std::string item{}; // %: its number
        std::size_t most{};
        std::size_t least{1};
    };
    const std::string option = R"({"text":P'x',"value":"v%"})", divider = R"({"type":"divider"})";
    const std::vector<List> lists{
        {on_message, R"({"type":"section","fields":[@]})", "P'x'", 10},
        {on_message, R"({"type":"context","elements":[@]})", "M'x'", 10},
        {on_message, in_a_row("@"), R"({"type":"button","text":P'x'})", 25},
        {on_message, R"({"type":"context_actions","elements":[@]})", R"({"type":"icon_button","icon":"trash","text":P'x'})", 5},
        {on_message, R"({"type":"table","rows":[@]})", R"([{"type":"raw_text","text":"x"}])", 100},
        {on_message, R"({"type":"table","rows":[[@]]})", R"({"type":"raw_text","text":"x"})", 20},
        {on_message, R"({"type":"card","actions":[@]})", R"({"type":"button","text":P'x'})", 2},
        {on_message, R"({"type":"carousel","elements":[@]})", R"({"type":"card","title":P'x'})", 10},
        {on_message, R"({"type":"container","title":P'x',"child_blocks":[@]})", divider, 10},
        {on_message, in_a_row(R"({"type":"overflow","options":[@]})"), option, 5},
        {on_message, in_a_row(R"({"type":"static_select","options":[@]})"), option, 100},
        {on_message, in_a_row(R"({"type":"static_select","option_groups":[@]})"),
            R"({"label":P'x',"options":[{"text":P'x',"value":"v"}]})", 100},
        {on_message, in_a_row(R"({"type":"static_select","option_groups":[{"label":P'x',"options":[@]}]})"), option, 100},
        {on_message, in_a_row(R"({"type":"radio_buttons","options":[@]})"), option, 10},
        {on_message, in_a_row(R"({"type":"checkboxes","options":[@]})"), option, 10},
        {on_modal, in_input(R"({"type":"multi_static_select","options":[@]})"), option, 100},
        {on_modal, R"({"type":"modal","title":P'x',"blocks":[@]})", divider, 100, 0},
        {on_modal, R"({"type":"home","blocks":[@]})", divider, 100, 0},
    };
    for (const auto& list : lists) {
        CAPTURE(list.json, list.most);
        const auto of = [&](std::size_t count) {
            std::string all;
            for (std::size_t n = 0; n < count; ++n)
                all += (n ? "," : "") + filled_in(list.item, "%", std::to_string(n));
            return complaints(list.surface, spelled(filled_in(list.json, "@", all)));
        };
        CHECK(of(list.most) == std::vector<std::string>{});
        CHECK(of(list.most + 1).size() == 1);
        if (list.least > 0)
            CHECK(of(list.least - 1).size() == 1);
    }
    auto blocks = Json::array();
    for (int n = 0; n < 50; ++n)
        blocks.push_back({{"type", "divider"}});
    CHECK(workspace::problems_in_blocks(blocks, on_message).empty());
    const auto attachments = [&] { return workspace::problems_in_attachments(Json::array({Json{{"blocks", blocks}}})); };
    CHECK(attachments().size() == 1);
    blocks.push_back({{"type", "divider"}});
    CHECK(workspace::problems_in_blocks(blocks, on_message).size() == 1);
    blocks.erase(blocks.begin() + 20, blocks.end());
    CHECK(attachments().empty());
}

TEST_CASE("Each number, day and time of Block Kit passes within its bounds alone", "[workspace][block_kit]")
{
    struct Value {
        std::string json{}; // @: the value
        std::vector<std::string> good{};
        std::vector<std::string> bad{};
    };
    const std::vector<Value> values{
        {R"({"type":"plain_text_input","min_length":@})", {"0", "3000"}, {"-1", "3001", "\"1\""}},
        {R"({"type":"plain_text_input","max_length":@})", {"1", "3000"}, {"0", "3001"}},
        {R"({"type":"file_input","max_files":@})", {"1", "10"}, {"0", "11"}},
        {R"({"type":"multi_users_select","max_selected_items":@})", {"1"}, {"0"}},
        {R"({"type":"external_select","min_query_length":@})", {"0", "3"}, {"-1"}},
        {R"({"type":"datetimepicker","initial_date_time":@})", {"1000000000", "9999999999"},
            {"999999999", "10000000000", "1.5", "\"1793610000\""}},
        {R"({"type":"datepicker","initial_date":"@"})", {"2026-11-02", "2028-02-29"},
            {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-2", "02-11-2026", ""}},
        {R"({"type":"timepicker","initial_time":"@"})", {"00:00", "09:30", "23:59"}, {"24:00", "9:30", "09:60", "0930", ""}},
        {R"({"type":"number_input","is_decimal_allowed":false,"min_value":"@"})", {"0", "-3", "100"}, {"1.5", "x", "-", ""}},
        {R"({"type":"number_input","is_decimal_allowed":true,"max_value":"@"})", {"1.5", "-0.5"}, {"1.2.3", "one"}},
    };
    for (const auto& value : values) {
        for (const auto& good : value.good) {
            CAPTURE(value.json, good);
            CHECK(complaints(on_modal, spelled(in_input(filled_in(value.json, "@", good)))) == std::vector<std::string>{});
        }
        for (const auto& bad : value.bad) {
            CAPTURE(value.json, bad);
            CHECK(complaints(on_modal, spelled(in_input(filled_in(value.json, "@", bad)))).size() == 1);
        }
    }
}
