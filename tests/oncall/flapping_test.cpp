#include "oncall/flapping.hpp"

#include "catch.hpp"
#include "noon.hpp"

#include <random>

using namespace oncall;
using namespace std::chrono_literals;

namespace {

/// Minutes after noon.
std::vector<TimePoint> at_minutes(const std::vector<int>& minutes)
{
    std::vector<TimePoint> times;
    for (const auto one : minutes)
        times.push_back(noon + std::chrono::minutes{one});
    return times;
}

Alert cleared_at_noon()
{
    Alert alert;
    alert.id = {1};
    alert.source = "scripts";
    alert.dedup_key = "disk";
    alert.state = AlertState::resolved;
    alert.triggered_at = noon - 10min;
    alert.answered_at = noon;
    alert.answered_via = "scripts";
    return alert;
}

Firing fired(std::int64_t alert, int minute, const std::string& severity = "error")
{
    return {{alert}, noon + std::chrono::minutes{minute}, severity, Urgency::high};
}

} // namespace

TEST_CASE("What its source had ended comes back within a while, and nothing else does", "[oncall][flapping]")
{
    const Recurrence rule;
    struct Row {
        std::string what;
        std::function<void(Alert&)> change;
        milliseconds after;
        bool wanted;
    };
    for (const auto& row : std::vector<Row>{
             {"at once", [](Alert&) {}, 0s, true},
             {"just in time", [](Alert&) {}, 5min - 1ms, true},
             {"too late", [](Alert&) {}, 5min, false},
             {"a clock that was set back", [](Alert&) {}, -1s, false},
             {"a person resolved it", [](Alert& alert) { alert.answered_by = "U1"; }, 1s, false},
             {"it was not heard of", [](Alert& alert) { alert.answered_via = "a timer"; }, 1s, false},
             {"it is open", [](Alert& alert) { alert.state = AlertState::acknowledged; }, 1s, false},
             {"a drill", [](Alert& alert) { alert.drill = true; }, 1s, false},
             {"a rule keeps it", [](Alert& alert) { alert.suppressed = true; }, 1s, false},
             {"a page by hand", [](Alert& alert) { alert.source.clear(); }, 1s, false},
         }) {
        INFO(row.what);
        auto last = cleared_at_noon();
        row.change(last);
        CHECK(comes_back(last, noon + row.after, rule) == row.wanted);
    }
    CHECK_FALSE(comes_back(cleared_at_noon(), noon, {.reopen_within = 0s}));
    CHECK(comes_back(cleared_at_noon(), noon + 59min, {.reopen_within = 1h}));
}

TEST_CASE("From the fourth firing of half an hour on it flaps, until it is quiet for half an hour", "[oncall][flapping]")
{
    const Recurrence rule;
    using Found = std::optional<Flapping>;
    struct Row {
        std::string what;
        std::vector<int> times;
        int now;
        Found wanted;
    };
    for (const auto& row : std::vector<Row>{
             {"nothing", {}, 0, {}},
             {"once", {0}, 0, {}},
             {"three times", {0, 1, 2}, 2, {}},
             {"four times", {0, 1, 2, 3}, 3, Flapping{4, 30min}},
             {"in any order", {3, 0, 2, 1}, 3, Flapping{4, 30min}},
             {"the fourth is too late", {0, 10, 20, 30}, 30, {}},
             {"the fourth is just in time", {0, 10, 20, 29}, 29, Flapping{4, 30min}},
             {"quiet for less than a while", {0, 1, 2, 3}, 32, Flapping{4, 30min}},
             {"quiet for a while", {0, 1, 2, 3}, 33, {}},
             {"once more, before it was quiet for a while", {0, 1, 2, 3, 32}, 32, Flapping{5, 32min}},
             {"once more, after that", {0, 1, 2, 3, 33}, 33, {}},
             {"and what began anew counts from there", {0, 1, 2, 3, 40, 41, 42}, 42, {}},
             {"what is yet to come does not count", {0, 1, 2, 9}, 3, {}},
         }) {
        INFO(row.what);
        CHECK((flapping(at_minutes(row.times), noon + std::chrono::minutes{row.now}, rule) == row.wanted));
    }
    CHECK_FALSE(flapping(at_minutes({0, 0, 0, 0, 0, 0}), noon, {.flapping_from = 0}));
    CHECK(in_words({5, 30min}) == "5 times in 30 minutes");
    CHECK(in_words({9, 170min}) == "9 times in 3 hours");
}

TEST_CASE("What flaps is held until it has stayed, and not if it is worse than before", "[oncall][flapping]")
{
    const Recurrence rule;
    Alert alert;
    alert.id = {4};
    alert.severity = "error";
    alert.triggered_at = noon + 3min;
    const std::vector<Firing> before{fired(1, 0), fired(2, 1), fired(3, 2)};
    SECTION("a new one, which is not stored yet, and once it is")
    {
        auto firings = before;
        const Hold hold{Hold::Kind::flapping, 0, noon + 8min, "flapping: 4 times in 30 minutes"};
        CHECK((hold_of(alert, firings, noon + 3min, rule) == hold));
        firings.push_back(fired(4, 3));
        CHECK((hold_of(alert, firings, noon + 8min - 1ms, rule) == hold));
        CHECK_FALSE(hold_of(alert, firings, noon + 8min, rule)); // it has stayed
    }
    SECTION("one that came back, from then on")
    {
        const auto hold = hold_of(alert, {fired(4, 0), fired(4, 1), fired(4, 2), fired(4, 9)}, noon + 9min, rule);
        REQUIRE(hold);
        CHECK(hold->until == noon + 14min);
    }
    SECTION("worse than each before pages")
    {
        alert.severity = "critical";
        CHECK_FALSE(hold_of(alert, before, noon + 3min, rule));
        auto firings = before;
        firings.front().severity = "critical";
        CHECK(hold_of(alert, firings, noon + 3min, rule)); // so bad it was before
        alert.severity = "error";
        for (auto& one : firings)
            one.urgency = Urgency::low;
        CHECK_FALSE(hold_of(alert, firings, noon + 3min, rule));
    }
    SECTION("and worse once is not worse each time it comes back")
    {
        alert.severity = "critical";
        auto firings = before;
        firings.push_back(fired(4, 3, "critical"));
        firings.push_back(fired(4, 4, "critical"));
        CHECK(hold_of(alert, firings, noon + 4min, rule));
    }
    SECTION("few are steady") { CHECK_FALSE(hold_of(alert, {fired(2, 1), fired(3, 2)}, noon + 3min, rule)); }
}

TEST_CASE("However alerts fire, a hold ends, and none is held that has been open for as long as one lasts", "[oncall][flapping]")
{
    const Recurrence rule;
    std::mt19937 random{7};
    for (int night = 0; night < 300; ++night) {
        std::vector<Firing> firings;
        auto now = noon;
        for (std::int64_t id = 1; id <= 40; ++id) {
            now += std::chrono::seconds{random() % 1'500};
            firings.push_back({{id / (1 + static_cast<std::int64_t>(random() % 2))}, now, random() % 2 ? "error" : "critical"});
            Alert alert;
            alert.id = firings.back().alert;
            alert.severity = firings.back().severity;
            alert.triggered_at = now;
            const auto hold = hold_of(alert, firings, now, rule);
            if (hold) {
                REQUIRE(hold->until > now);
                REQUIRE(hold->until <= now + rule.stays);
            }
            REQUIRE_FALSE(hold_of(alert, firings, now + rule.stays, rule));
        }
    }
}
