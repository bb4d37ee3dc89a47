#include "catch.hpp"
#include "noon.hpp"
#include "oncall/forecast_drawing.hpp"
#include "oncall/given.hpp"

using namespace oncall;
using given::target;
using Texts = std::vector<std::string>;

namespace {

/// Ana has a phone, the others Slack alone.
Forecast::Person paged(const std::string& reference, TimePoint)
{
    Forecast::Person person;
    person.person = reference.starts_with("ana") ? "U1" : reference;
    person.rule = "the default";
    person.steps = {{{"slack", "email", "ntfy:3"}, 60s}};
    if (person.person == "U1")
        person.steps.push_back({{"sms:1", "sms:2", "voice:1"}, 0s});
    else
        person.steps = {{{"slack"}, 0s}};
    return person;
}

Configuration daily_schedule()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .members = {"ana@example.com", "bo@example.com"}};
    all.teams["nobody"] = {.name = "nobody"};
    auto& schedule = all.schedules["payments"];
    schedule.name = "payments";
    Rotation rotation;
    rotation.name = "daily";
    rotation.unit = Unit::day;
    rotation.start = *local_time_in("2026-11-02T12:05");
    rotation.turns = {{"ana@example.com"}, {"bo@example.com"}};
    schedule.rotations = {rotation};
    return all;
}

Page page(std::vector<Level> levels, int repeat = 0)
{
    Page page;
    page.policy = {.name = "payments", .repeat = repeat, .levels = std::move(levels)};
    return page;
}

Forecast of(Page page, const Configuration& all = daily_schedule(), std::size_t most = 1'000, const Alert& alert = {})
{
    return forecast(std::move(page), {.alert = alert, .configuration = all}, noon, paged, most);
}

} // namespace

TEST_CASE("A forecast says minute by minute who is paged and how, and where it is cried in the end", "[oncall][forecast]")
{
    const auto all = of(page({{{target("schedule:payments")}, 5min, 1}, {{target("user:bo@example.com")}, 15min, 0},
        {{target("channel:#war-room")}, 90s, 0}}));
    REQUIRE(all.steps.size() == 4);
    CHECK(all.steps[0].people.front().how == "schedule payments, rotation daily");
    CHECK(all.exhausted == noon + 26min + 30s);
    // The second try comes when the next one's turn has begun.
    CHECK(words_of(all, {"#payments", "#ops"})
        == Texts{"0 min: <@U1> (Slack, e-mail and push; SMS and call after 1 min) · level 1",
            "5 min: bo@example.com (Slack) · level 1, try 2", "10 min: bo@example.com (Slack) · level 2",
            "25 min: #war-room · level 3", "26 min: exhausted: cry in #payments and #ops"});
    const auto again = of(page({{{target("user:ana@example.com")}, 30s, 2}}, 1));
    CHECK(words_of(again, {})
        == Texts{"0 min: <@U1> (Slack, e-mail and push; SMS and call after 1 min)", "30 s: again <@U1> · try 2",
            "1 min: again <@U1> · try 3", "90 s: round 2, beginning with <@U1>",
            "3 min: exhausted: nobody is told, as no channel is configured"});
}

TEST_CASE("Whoever stands behind nothing is passed over at once and said", "[oncall][forecast]")
{
    const auto all = of(page({{{target("team:nobody")}, 5min, 3},
                                 {{target("team:nobody"), target("team:payments"), target("user:ana@example.com")}, 5min, 0}},
        1));
    REQUIRE(all.steps.size() == 2);
    CHECK(words_of(all, {"#ops"})
        == Texts{"0 min: nobody stands behind team:nobody (level 1 of 2), so it was skipped",
            "0 min: nobody stands behind team:nobody (level 2 of 2)",
            "0 min: <@U1> (Slack, e-mail and push; SMS and call after 1 min); bo@example.com (Slack) · level 2",
            "5 min: round 2, beginning with <@U1> and bo@example.com", "10 min: exhausted: cry in #ops"});
    const auto never = of(page({{{target("team:nobody")}, 5min, 3}}, 5));
    CHECK(never.steps.size() == 1);
    CHECK(never.exhausted == noon);
    CHECK(of(page({})).exhausted == noon);
}

TEST_CASE("A forecast that has no end ends, and says so", "[oncall][forecast]")
{
    const auto all = of(page({{{target("user:bo@example.com")}, 1s, 20}}, 20), daily_schedule(), 10);
    CHECK(all.steps.size() == 10);
    CHECK_FALSE(all.exhausted);
    CHECK(words_of(all, {"#ops"}).back() == "and so on, until somebody answers");
    std::vector<Level> many(1);
    for (int i = 0; i < 40; ++i)
        many.front().targets.push_back(target("user:p" + std::to_string(i) + "@example.com"));
    const auto line = words_of(of(page(many)), {}).front();
    CHECK(line.ends_with("p9@example.com (Slack); and 30 more people"));
}

TEST_CASE("Rounds without end are looked at once, and the beginning of the second", "[oncall][forecast]")
{
    auto endless = page({{{target("user:ana@example.com")}, 5min, 1}, {{target("user:bo@example.com")}, 5min, 0}});
    endless.policy.until_answered = true;
    const auto all = of(endless);
    CHECK(all.steps.size() == 4);
    CHECK(words_of(all, {"#ops"})
        == Texts{"0 min: <@U1> (Slack, e-mail and push; SMS and call after 1 min) · level 1",
            "5 min: again <@U1> · level 1, try 2", "10 min: bo@example.com (Slack) · level 2",
            "15 min: round 2, beginning with <@U1>", "and so on, until somebody answers"});
}

TEST_CASE("What quiet hours hold is told later, and the climb goes on later when everybody is held", "[oncall][forecast]")
{
    const auto sample_all = daily_schedule();
    const Alert alert;
    const Paged quiet = [](const std::string& person, TimePoint at) {
        auto one = paged(person, at);
        if (person != "chi@example.com" && at < noon + 2h)
            one.held = noon + (person.starts_with("ana") ? 1h : 2h) - at;
        return one;
    };
    const auto lines = [&](std::vector<Level> levels) {
        return words_of(forecast(page(std::move(levels)), {.alert = alert, .configuration = sample_all}, noon, quiet), {"#ops"});
    };
    CHECK(lines({{{target("user:ana@example.com"), target("user:bo@example.com")}, 5min, 0},
              {{target("user:bo@example.com")}, 5min, 0}})
        == Texts{"0 min: <@U1> (held 60 min by their quiet hours, then Slack, e-mail and push; SMS and call after 1 min); "
                 "bo@example.com (held 2 h by their quiet hours, then Slack) · level 1",
            "65 min: bo@example.com (held 55 min by their quiet hours, then Slack) · level 2",
            "2 h 5 min: exhausted: cry in #ops"});
    CHECK(lines({{{target("user:bo@example.com"), target("user:chi@example.com")}, 5min, 0}}).back()
        == "5 min: exhausted: cry in #ops");
}

TEST_CASE("A forecast is drawn with a row for each person, to scale", "[oncall][forecast]")
{
    const auto all = of(page({{{target("schedule:payments")}, 5min, 1}, {{target("user:bo@example.com")}, 15min, 0},
                                 {{target("channel:#war-room")}, 90s, 0}},
        1));
    const auto drawing = drawing_of(all);
    std::string text = drawing.scale + "\n";
    for (const auto& row : drawing.rows)
        text += row.cells + "|" + row.who + "\n";
    CHECK(text
        == "0         10        20 min\n"
           "!!---                         |U1\n"
           "     o----o--------------     |bo@example.com\n"
           "                         o-   |#war-room\n");
    const auto once = drawing_of(of(page({{{target("user:ana@example.com")}, 2h, 2}})));
    CHECK(once.scale == "0         150       300 min");
    REQUIRE(once.rows.size() == 2);
    CHECK(once.rows[0].cells == "!-------!-------!-------      ");
    CHECK(once.rows[1].cells == "                        x     ");
    CHECK(drawing_of(of(page({}))).rows.size() == 1);
    CHECK(drawing_of({}).rows.empty());
}

TEST_CASE("Conditions, orders and working hours are foreseen as they are decided", "[oncall][forecast]")
{
    auto all = daily_schedule();
    Window window;
    window.from = 14h;
    window.to = 18h;
    all.teams["payments"].working_hours = {"UTC", {window}};
    Level low{{target("user:bo@example.com")}, 5min, 0}, hours{{target("user:bo@example.com")}, 5min, 0},
        order{{target("team:payments")}, 5min, 1};
    low.when.urgency = Urgency::low;
    hours.wait_for_working_hours = true;
    order.order = Order::round_robin;
    Alert alert;
    alert.team = "payments";
    const auto found = of(page({low, order, hours}, 1), all, 1'000, alert);
    CHECK(words_of(found, {"#ops"})
        == Texts{"0 min: level 1 of 3 was passed over: it is for low urgency",
            "0 min: <@U1> (Slack, e-mail and push; SMS and call after 1 min) · level 2", "5 min: again <@U1> · level 2, try 2",
            "10 min: bo@example.com (Slack) · level 2, try 3", "15 min: again bo@example.com · level 2, try 4",
            "20 min: waits for the working hours of team payments · level 3", "2 h: bo@example.com (Slack) · level 3",
            "2 h 5 min: round 2, beginning with <@U1>", "2 h 30 min: exhausted: cry in #ops"});
}
