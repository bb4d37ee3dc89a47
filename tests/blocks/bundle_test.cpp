#include "blocks/bundle.hpp"
#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

using namespace std::chrono_literals;

namespace {

blocks::BundleView of(std::size_t count)
{
    blocks::BundleView shown;
    for (std::size_t i = 0; i < count; ++i) {
        auto one = samples::paging();
        one.alert.id = {static_cast<std::int64_t>(i + 1)};
        one.alert.title = "Alert " + std::to_string(i + 1) + " fires";
        shown.alerts.push_back(std::move(one));
    }
    shown.pages = count;
    shown.value = "7";
    return shown;
}

} // namespace

TEST_CASE("A bundle looks as it did when somebody last looked at it", "[blocks][bundles]")
{
    auto shown = of(3);
    golden("bundle_triggered", blocks::bundle(shown));
    shown.alerts[1].alert = samples::answered(oncall::AlertState::acknowledged).alert;
    shown.alerts[1].alert.id = {2};
    shown.pages = 4;
    golden("bundle_partly_answered", blocks::bundle(shown));
    for (auto& one : shown.alerts)
        one.alert = samples::answered(oncall::AlertState::resolved).alert;
    golden("bundle_answered", blocks::bundle(shown));
}

TEST_CASE("A bundle names every alert, the many in its thread, and Slack takes all of it", "[blocks][bundles]")
{
    for (const std::size_t count : {2, 20, 21, 200}) {
        auto shown = of(count);
        shown.alerts.front().alert.title = "<!channel> `*" + std::string(5'000, 'x');
        shown.alerts.back().alert.title = "last \xFF <@U09EVE00000>";
        std::vector<blocks::Message> all{blocks::bundle(shown)};
        for (auto from = blocks::most_in_bundle; from < count; from += blocks::most_in_rest)
            all.push_back(blocks::bundle_rest(shown, from));
        std::string told;
        for (const auto& message : all) {
            CHECK(unsound(message) == std::vector<std::string>{});
            told += ::shown(message) + "\n";
        }
        CHECK(has(all.front().text, std::to_string(count) + " pages in one"));
        for (std::size_t i = 1; i <= count; ++i) {
            INFO(i << " of " << count);
            CHECK(has(told, "#" + std::to_string(i) + " "));
        }
        CHECK(buttons(all.front()) == std::vector<std::string>{"Acknowledge all"});
        CHECK(has(all.front().text, "more, in this message's thread") == (count > 20));
    }
}

TEST_CASE("A bundle follows its alerts, and its button goes with the last answer", "[blocks][bundles]")
{
    auto shown = of(3);
    CHECK_FALSE(has(::shown(blocks::bundle(shown)), "still wait"));
    for (std::size_t i = 0; i < 2; ++i)
        shown.alerts[i].alert.state = oncall::AlertState::acknowledged;
    CHECK(has(::shown(blocks::bundle(shown)), "1 of 3 still waits for an answer."));
    CHECK(buttons(blocks::bundle(shown)) == std::vector<std::string>{"Acknowledge"});
    shown.alerts[2].alert.state = oncall::AlertState::resolved;
    CHECK(has(::shown(blocks::bundle(shown)), "All of them have been answered."));
    CHECK(buttons(blocks::bundle(shown)).empty());
    shown.heading = "Your night: 3 alerts";
    CHECK(has(blocks::bundle(shown).text, "Your night: 3 alerts:"));
}
