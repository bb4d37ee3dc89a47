#include "catch.hpp"
#include "noon.hpp"
#include "oncall/channel_bundling.hpp"
#include "oncall/verbosity.hpp"

using namespace oncall;
using namespace std::chrono_literals;

TEST_CASE(
    "From the fourth alert of a minute on alerts share a channel's card, and a long storm has another one", "[oncall][calm]")
{
    const Bundling rule;
    struct Row {
        std::string what;
        std::vector<TimePoint> recent;
        std::optional<OpenChannelBundle> newest;
        ChannelPlace wanted;
    };
    const auto ago = [](milliseconds by) { return noon - by; };
    const auto opened = [&](milliseconds by, std::size_t alerts) { return OpenChannelBundle{ago(by), alerts}; };
    using enum ChannelPlace;
    for (const auto& row : std::vector<Row>{
             {"the first", {}, {}, card},
             {"the third at once", {noon, noon}, {}, card},
             {"the fourth at once", {noon, noon, noon}, {}, open},
             {"a minute ago is no longer within it", {ago(60s), ago(30s), ago(1s)}, {}, card},
             {"the fourth of a minute", {ago(59'999ms), ago(30s), ago(1s)}, {}, open},
             {"the fifth joins it", {noon, noon, noon, noon}, opened(0s, 1), join},
             {"few have cards of their own, though there was a storm", {ago(2s), ago(1s)}, opened(61s, 7), card},
             {"a second wave joins the same", {noon, noon, noon}, opened(9min, 7), join},
             {"after ten minutes there is another one", {noon, noon, noon}, opened(10min, 7), open},
             {"so there is when it is full", {noon, noon, noon}, opened(1min, most_in_channel_bundle), open},
             {"one opened before the clock was set back is over", {noon, noon, noon}, opened(-1h, 7), open},
             {"alerts of a time to come let none through", {noon + 1h, noon + 1h, noon + 1h}, {}, open},
         }) {
        INFO(row.what);
        CHECK(channel_place(row.recent, row.newest, noon, rule) == row.wanted);
    }
    auto never = rule;
    never.hold = 0s;
    CHECK(channel_place(std::vector<TimePoint>(50, noon), {}, noon, never) == card);
    auto six = rule;
    six.at_once = 6;
    CHECK(channel_place(std::vector<TimePoint>(5, noon), {}, noon, six) == card);
    CHECK(channel_place(std::vector<TimePoint>(6, noon), {}, noon, six) == open);
}

TEST_CASE("A channel's card lists what waits first, and of that the most severe and then the newest", "[oncall][calm]")
{
    std::vector<Alert> alerts;
    const auto add = [&](std::int64_t id, AlertState state, const std::string& severity) {
        auto& one = alerts.emplace_back();
        one.id = {id};
        one.state = state;
        one.severity = severity;
        one.urgency = severity == "info" ? Urgency::low : Urgency::high;
    };
    add(1, AlertState::triggered, "warning");
    add(2, AlertState::resolved, "critical");
    add(3, AlertState::triggered, "critical");
    add(4, AlertState::acknowledged, "critical");
    add(5, AlertState::triggered, "critical");
    add(6, AlertState::triggered, "info");
    add(7, AlertState::snoozed, "error");
    order_for_channel(alerts);
    std::vector<std::int64_t> ids;
    for (const auto& one : alerts)
        ids.push_back(one.id.value);
    CHECK(ids == std::vector<std::int64_t>{5, 3, 1, 6, 4, 7, 2});
}

TEST_CASE("What a channel is told of an alert is as its verbosity says, and shouts are told by each", "[oncall][calm]")
{
    struct Row {
        News news;
        Verbosity verbosity;
        Told wanted;
    };
    using enum News;
    using enum Verbosity;
    for (const auto& row : std::vector<Row>{
             {step, cards, {false, false}},
             {change, cards, {false, false}},
             {shout, cards, {true, false}},
             {step, thread, {true, false}},
             {change, thread, {true, false}},
             {shout, thread, {true, false}},
             {step, all, {true, false}},
             {change, all, {true, true}},
             {shout, all, {true, false}},
         }) {
        INFO(name(row.verbosity) << " " << static_cast<int>(row.news));
        CHECK(told_of(row.news, row.verbosity, false) == row.wanted);
        CHECK(told_of(row.news, row.verbosity, true) == Told{});
    }
    for (const auto verbosity : {cards, thread, all})
        CHECK(verbosity_in(name(verbosity)) == verbosity);
    CHECK_FALSE(verbosity_in("loud"));
}

TEST_CASE("Where teams share a channel, the one that wants most counts", "[oncall][calm]")
{
    Configuration all;
    const auto add = [&](const std::string& name, const std::string& channel, Verbosity verbosity) {
        auto& team = all.teams[name];
        team.name = name;
        team.channel = channel;
        team.verbosity = verbosity;
    };
    add("payments", "#alerts", Verbosity::cards);
    add("silent", "", Verbosity::all);
    CHECK(verbosity_of(all, "#alerts") == Verbosity::cards);
    CHECK(verbosity_of(all, "#ops") == Verbosity::thread);
    CHECK(verbosity_of(all, "") == Verbosity::thread);
    add("storage", "#alerts", Verbosity::all);
    CHECK(verbosity_of(all, "#alerts") == Verbosity::all);
    all.teams["storage"].verbosity = Verbosity::thread;
    CHECK(verbosity_of(all, "#alerts") == Verbosity::thread);
}
