#include "blocks/channel_bundle.hpp"
#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

using oncall::AlertState;

namespace {

blocks::ChannelBundleView storm_view(std::size_t count)
{
    blocks::ChannelBundleView shown;
    shown.id = "7";
    shown.team = "payments";
    for (auto i = count; i > 0; --i) {
        auto one = samples::paging();
        one.alert.id = {static_cast<std::int64_t>(i)};
        one.alert.title = "Alert " + std::to_string(i) + " fires";
        shown.alerts.push_back(std::move(one));
    }
    return shown;
}

void answer_in_storm(blocks::AlertView& one, AlertState state)
{
    const auto id = one.alert.id;
    const auto title = one.alert.title;
    one = samples::answered(state);
    one.alert.id = id;
    one.alert.title = title;
}

} // namespace

TEST_CASE("A storm's card looks as it did when somebody last looked at it", "[blocks][calm]")
{
    const std::set<std::string> ana{"U01ANA00000"};
    auto shown = storm_view(12);
    golden("channel_bundle_storm", blocks::channel_bundle(shown), ana);
    for (std::size_t i = 0; i < 9; ++i)
        answer_in_storm(shown.alerts[i], AlertState::resolved);
    answer_in_storm(shown.alerts[9], AlertState::acknowledged);
    shown.alerts[10].page->state = oncall::PageState::exhausted;
    shown.alerts[0].unanswered = true;
    golden("channel_bundle_partly", blocks::channel_bundle(shown), ana);
    for (auto& one : shown.alerts)
        answer_in_storm(one, AlertState::resolved);
    shown.alerts[0].unanswered = true;
    golden("channel_bundle_over", blocks::channel_bundle(shown));
}

TEST_CASE("A storm's card counts all, lists those that wait, and mentions everybody in one line", "[blocks][calm]")
{
    auto shown = storm_view(40);
    shown.alerts[3].paged = {"U02BO000000"};
    shown.alerts[5].alert.title = "<!channel> `*" + std::string(5'000, 'x');
    const auto message = blocks::channel_bundle(shown);
    const std::set<std::string> people{"U01ANA00000", "U02BO000000"};
    CHECK(unsound(message, people) == std::vector<std::string>{});
    const auto text = ::shown(message);
    CHECK(has(text, "🔴 40 alerts in payments"));
    CHECK(has(text, "40 wait for an answer"));
    CHECK(has(text, "📟 Paged now: <@U01ANA00000> and <@U02BO000000>"));
    CHECK(text.find("<@", text.find("<@U02BO000000>") + 1) == text.npos);
    CHECK_FALSE(has(message.text, "<@"));
    CHECK(has(text, "#40 Alert 40 fires"));
    CHECK(has(text, "and 31 more: #31, #30, #29, "));
    CHECK(has(text, ", #2, #1 · `/oncall show` and a number · `/oncall status payments`"));
    CHECK(has(text, "Show #40"));
    CHECK_FALSE(has(text, "#31 Alert"));
    CHECK(buttons(message) == std::vector<std::string>{"Acknowledge all"});
    shown.team.clear();
    CHECK(has(::shown(blocks::channel_bundle(shown)), "40 alerts in this channel"));
    CHECK(has(::shown(blocks::channel_bundle(shown)), "`/oncall status here`"));
}

TEST_CASE("Its button names what it showed as waiting, and asks first with their number", "[blocks][calm]")
{
    auto shown = storm_view(5);
    answer_in_storm(shown.alerts[1], AlertState::acknowledged); // 4
    answer_in_storm(shown.alerts[4], AlertState::resolved); // 1
    const auto message = blocks::channel_bundle(shown);
    const auto& pressed = message.blocks.back()["elements"][0];
    CHECK(pressed["value"] == "7:5,3,2");
    CHECK(pressed["confirm"]["title"]["text"] == "Acknowledge 3 alerts?");
    CHECK(has(pressed["confirm"]["text"]["text"].get<std::string>(), "What comes in later is not among them."));
    CHECK(has(::shown(message), "1 of 5 resolved · 1 answered · 3 wait for an answer"));
    for (auto& one : shown.alerts)
        if (one.alert.state == AlertState::triggered)
            answer_in_storm(one, AlertState::acknowledged);
    CHECK(buttons(blocks::channel_bundle(shown)).empty());
    // A hundred of the highest numbers fit into it whole.
    auto many = storm_view(100);
    for (auto& one : many.alerts)
        one.alert.id.value += 1'000'000'000;
    CHECK(has(::shown(blocks::channel_bundle(many)), "#1000000002, #1000000001 ·"));
    const auto value = blocks::channel_bundle(many).blocks.back()["elements"][0]["value"].get<std::string>();
    CHECK(value.ends_with(",1000000001"));
}

TEST_CASE("A storm that is over is two lines, and says what nobody had answered", "[blocks][calm]")
{
    auto shown = storm_view(30);
    for (auto& one : shown.alerts)
        answer_in_storm(one, AlertState::resolved);
    shown.alerts[2].unanswered = true;
    const auto message = blocks::channel_bundle(shown);
    CHECK(message.colour == "#2EB67D");
    CHECK(has(::shown(message), "🟢 30 alerts in payments, all resolved* after 2m"));
    CHECK(has(::shown(message), "nobody had answered:* #28"));
    CHECK(has(::shown(message), "and 20 more · `/oncall show 30` shows one of them"));
    CHECK(message.blocks.size() == 3);
    CHECK(buttons(message).empty());
}
