#include "catch.hpp"
#include "noon.hpp"
#include "oncall/bundling.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace oncall;
using namespace std::chrono_literals;

namespace {

using Times = std::vector<TimePoint>;
using Held = std::optional<TimePoint>;

} // namespace

TEST_CASE("From the fourth page within a minute on pages are joined for up to 30 s, the first three never", "[oncall][bundles]")
{
    const Bundling rule;
    struct Row {
        std::string what;
        Times recent;
        Held open;
        Held wanted;
    };
    const auto ago = [](milliseconds by) { return noon - by; };
    for (const auto& row : std::vector<Row>{
             {"the first", {}, {}, {}},
             {"the third at once", {noon, noon}, {}, {}},
             {"the fourth at once opens a bundle", {noon, noon, noon}, {}, noon + 30s},
             {"the fourth of a minute", {ago(59'999ms), ago(30s), ago(1s)}, {}, noon + 30s},
             {"a minute ago is no longer within it", {ago(60s), ago(30s), ago(1s)}, {}, {}},
             {"older ones do not count", {ago(2h), ago(1h), ago(61s), ago(1s), ago(1s)}, {}, {}},
             {"the fifth joins what is open", {noon, noon, noon, noon}, noon + 7s, noon + 7s},
             {"what closes now is joined no more", {noon, noon, noon}, noon, noon + 30s},
             {"nor what has closed", {noon, noon, noon}, ago(1ms), noon + 30s},
             {"few are not held because a bundle is open", {noon, noon}, noon + 7s, {}},
             {"one opened before the clock was set back is not waited for", {noon, noon, noon}, noon + 1h, noon + 30s},
             {"nor do pages of a time to come let one through", {noon + 1h, noon + 1h, noon + 1h}, {}, noon + 30s},
         }) {
        INFO(row.what);
        CHECK(held_until(row.recent, row.open, noon, rule) == row.wanted);
    }
}

TEST_CASE("How many go out at once, and how long the others wait, is a setting", "[oncall][bundles]")
{
    const Times five(5, noon);
    CHECK(held_until(five, {}, noon, {.at_once = 6}) == Held{});
    CHECK(held_until(five, {}, noon, {.at_once = 5, .hold = 2s}) == noon + 2s);
    CHECK(held_until(five, {}, noon, {.hold = 0s}) == Held{});
    CHECK(held_until(five, {}, noon, {.hold = 1h}) == noon + longest_hold); // whatever a setting says
    CHECK(held_until({noon - 10s}, {}, noon, {.at_once = 1, .within = 5s}) == Held{});
}

TEST_CASE("However pages come, none waits more than 30 s, three in any minute wait for nothing, and each is told once",
    "[oncall][bundles]")
{
    std::mt19937_64 random{20'261'128};
    const auto any = [&](std::int64_t from, std::int64_t to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 300; ++round) {
        const Bundling rule{static_cast<int>(any(1, 5)), 60s, milliseconds{any(1, 30'000)}};
        const auto pace = any(1, 40'000);
        Times came;
        Held open;
        std::map<TimePoint, int> messages; // by when they go out; those at once apart
        int at_once = 0;
        auto now = noon;
        for (int page = 0; page < 200; ++page) {
            now += milliseconds{any(0, 4) == 0 ? any(0, 90'000) : any(0, pace)};
            const auto until = held_until(came, open, now, rule);
            const auto within = std::count_if(came.begin(), came.end(), [&](TimePoint at) { return at > now - rule.within; });
            if (within < rule.at_once)
                REQUIRE_FALSE(until);
            else
                REQUIRE(until);
            if (until) {
                REQUIRE(*until > now);
                REQUIRE(*until <= now + rule.hold);
                REQUIRE(*until - now <= 30s);
                // One bundle is open at a time.
                if (open && *open > now)
                    REQUIRE(*until == *open);
                open = until;
                ++messages[*until];
            } else {
                ++at_once;
            }
            came.push_back(now);
        }
        int told = at_once;
        for (const auto& [when, pages] : messages)
            told += pages;
        REQUIRE(told == 200);
        // Two bundles of one person never close within less than a hold of each other's opening: that is what makes them few.
        for (auto one = messages.begin(); one != messages.end() && std::next(one) != messages.end(); ++one)
            REQUIRE(std::next(one)->first - one->first >= rule.hold);
    }
}

TEST_CASE("What matters most is told first, whatever has been answered", "[oncall][bundles]")
{
    const auto alert = [](std::int64_t id, const std::string& severity, Urgency urgency = Urgency::high) {
        Alert one;
        one.id = {id};
        one.severity = severity;
        one.urgency = urgency;
        return one;
    };
    std::vector<Alert> alerts{alert(1, "info"), alert(2, "warning"), alert(3, ""), alert(4, "error"), alert(5, "critical"),
        alert(6, "critical"), alert(7, "critical", Urgency::low), alert(8, "disaster")};
    alerts[4].state = AlertState::resolved;
    order_by_importance(alerts);
    std::vector<std::int64_t> ids;
    for (const auto& one : alerts)
        ids.push_back(one.id.value);
    CHECK(ids == std::vector<std::int64_t>{5, 6, 4, 3, 8, 2, 1, 7});
}

TEST_CASE("Notifications of a bundle share their message, by method and step", "[oncall][bundles]")
{
    Notification one;
    one.key = "7.0.0.0.U1.sms:3";
    one.method = "sms:3";
    one.step = 1;
    CHECK(message_of(one, {}) == one.key);
    auto other = one;
    other.key = "8.0.0.0.U1.sms:3";
    CHECK(message_of(one, {9}) == "bundle.9.sms:3.1");
    CHECK(message_of(other, {9}) == message_of(one, {9}));
    other.step = 0;
    CHECK(message_of(other, {9}) != message_of(one, {9}));
}
