#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/quiet_hours.hpp"
#include "oncall/reach_words.hpp"

#include <rapidcheck.h>

using namespace oncall;
using given::utc;
using namespace std::chrono_literals;

namespace {

std::string utc_out(std::optional<TimePoint> at) { return at ? iso(*at, "UTC") : "not quiet"; }

Window window(std::chrono::minutes from, std::chrono::minutes to, std::vector<Weekday> days = {})
{
    Window one;
    one.days = std::move(days);
    one.from = from;
    one.to = to;
    return one;
}

const std::vector<Window> nights{window(22h, 7h)};

} // namespace

TEST_CASE("Quiet hours begin and end by the wall clock of the person, on nights when clocks are set as well", "[oncall][quiet]")
{
    struct Row {
        std::string what{};
        std::vector<Window> quiet{};
        std::string zone{};
        std::string now{}; // UTC
        std::string until{}; // UTC
    };
    const auto ends_in_gap = std::vector{window(22h, 2h + 30min)};
    const auto ends_in_fold = std::vector{window(22h, 2h + 30min)};
    const auto row = GENERATE_COPY(values<Row>({
        {"a second before they begin", nights, "Europe/Berlin", "2026-11-03T20:59:59", "not quiet"},
        {"as they begin", nights, "Europe/Berlin", "2026-11-03T21:00", "2026-11-04T06:00:00+00:00"},
        {"past midnight", nights, "Europe/Berlin", "2026-11-04T01:00", "2026-11-04T06:00:00+00:00"},
        {"as they end", nights, "Europe/Berlin", "2026-11-04T06:00", "not quiet"},
        {"Berlin sets the clock back: an hour more", nights, "Europe/Berlin", "2026-10-24T20:00", "2026-10-25T06:00:00+00:00"},
        {"in the repeated hour, first", nights, "Europe/Berlin", "2026-10-25T00:30", "2026-10-25T06:00:00+00:00"},
        {"in the repeated hour, again", nights, "Europe/Berlin", "2026-10-25T01:30", "2026-10-25T06:00:00+00:00"},
        {"Berlin sets it forward: an hour less", nights, "Europe/Berlin", "2027-03-27T21:00", "2027-03-28T05:00:00+00:00"},
        {"they end in the skipped hour: when it is over", ends_in_gap, "Europe/Berlin", "2027-03-27T23:00",
            "2027-03-28T01:00:00+00:00"},
        {"the moment after the skipped hour", ends_in_gap, "Europe/Berlin", "2027-03-28T01:00", "not quiet"},
        {"they end in the repeated hour: when it is first shown", ends_in_fold, "Europe/Berlin", "2026-10-24T23:00",
            "2026-10-25T00:30:00+00:00"},
        {"what is shown again is not quiet again", ends_in_fold, "Europe/Berlin", "2026-10-25T01:10", "not quiet"},
        {"they begin in the skipped hour: after it", {window(2h + 30min, 7h)}, "Europe/Berlin", "2027-03-28T01:00",
            "2027-03-28T05:00:00+00:00"},
        {"a zone of half hours", nights, "Asia/Kolkata", "2026-11-03T16:30", "2026-11-04T01:30:00+00:00"},
        {"a second before, there", nights, "Asia/Kolkata", "2026-11-03T16:29:59", "not quiet"},
        {"a zone that shifts by half an hour", nights, "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-03T20:00:00+00:00"},
        {"no zone that is known", nights, "Mars/Olympus", "2026-11-03T22:00", "2026-11-04T07:00:00+00:00"},
        {"no zone at all", nights, "", "2026-11-03T21:59", "not quiet"},
        {"none", {}, "Europe/Berlin", "2026-11-03T23:00", "not quiet"},
        {"those of Friday are Friday's", {window(22h, 9h, {Weekday::fri})}, "UTC", "2026-11-07T08:00",
            "2026-11-07T09:00:00+00:00"},
        {"and not Saturday's", {window(22h, 9h, {Weekday::fri})}, "UTC", "2026-11-07T23:00", "not quiet"},
        {"a whole day that touches the night before it", {window(22h, 0h, {Weekday::fri}), window(0h, 24h, {Weekday::sat})},
            "UTC", "2026-11-06T23:00", "2026-11-08T00:00:00+00:00"},
        {"those that never end hold nothing", {window(0h, 24h)}, "UTC", "2026-11-06T23:00", "not quiet"},
    }));
    INFO(row.what);
    CHECK(utc_out(quiet_until(row.quiet, utc(row.now), row.zone)) == row.until);
}

TEST_CASE("Whenever it is quiet there is an end ahead, and it is quiet up to there and not there", "[oncall][quiet]")
{
    const std::vector<std::string> zones{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
        "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "UTC"};
    const auto minutes = [](int most) { return std::chrono::minutes{*rc::gen::inRange(0, most)}; };
    REQUIRE(rc::check([&] {
        const auto zone = *rc::gen::elementOf(zones);
        std::vector<Window> quiet;
        const auto count = *rc::gen::inRange(1, 4);
        for (int i = 0; i < count; ++i) {
            auto one = window(minutes(24 * 60), minutes(24 * 60 + 1));
            for (const auto day : {Weekday::mon, Weekday::wed, Weekday::sat, Weekday::sun})
                if (*rc::gen::arbitrary<bool>())
                    one.days.push_back(day);
            quiet.push_back(one);
        }
        // Around one of the two changes of a year, and at any other time.
        const auto base = utc(*rc::gen::elementOf(std::vector<std::string>{"2026-10-24T00:00", "2027-03-27T00:00",
            "2026-11-01T00:00", "2027-03-14T00:00", "2011-12-29T00:00", "2026-06-10T00:00"}));
        const auto now = base + minutes(3 * 24 * 60);
        const auto until = quiet_until(quiet, now, zone);
        if (!until)
            return;
        RC_ASSERT(*until > now);
        RC_ASSERT(*until - now <= std::chrono::hours{8 * 24 + 2});
        RC_ASSERT(!quiet_until(quiet, *until, zone));
        const auto between = now + (*until - now) * *rc::gen::inRange(0, 1000) / 1000;
        RC_ASSERT(quiet_until(quiet, between, zone) == until);
    }));
}

TEST_CASE("Quiet hours that never end are known", "[oncall][quiet]")
{
    CHECK(come_to_an_end({}));
    CHECK(come_to_an_end(nights));
    CHECK_FALSE(come_to_an_end({window(0h, 24h)}));
    CHECK_FALSE(come_to_an_end({window(22h, 7h), window(7h, 22h)}));
    CHECK(come_to_an_end({window(22h, 7h), window(7h, 22h, {Weekday::mon})}));
}

TEST_CASE("Hers hold before her team's, and none of hers before some of her team's", "[oncall][quiet]")
{
    const std::vector<Window> lunch{window(12h, 13h)};
    CHECK(quiet_hours(nights, lunch) == nights);
    CHECK(quiet_hours(std::nullopt, lunch) == lunch);
    CHECK(quiet_hours(std::vector<Window>{}, lunch).empty());
    CHECK(quiet_hours(std::nullopt, std::nullopt).empty());
}

TEST_CASE("Quiet hours in words", "[oncall][quiet]")
{
    CHECK(quiet_words(nights.front(), 1, "Europe/Berlin")
        == "Low urgency waits from 22:00 to 07:00 (Europe/Berlin); one digest at 07:00");
    CHECK(quiet_words(window(23h, 9h, {Weekday::fri, Weekday::sat}), 2, "")
        == "Low urgency waits Fri, Sat from 23:00 to 09:00; one digest when that is over");
    CHECK(quiet_words(window(0h, 24h, {Weekday::sun}), 1, "UTC")
        == "Low urgency waits Sun, all day (UTC); one digest when that is over");
}

namespace {

HeldPage held(std::int64_t id, TimePoint since)
{
    HeldPage one;
    one.run.id = {id};
    one.run.state = RunState::held;
    one.alert.id = {id};
    one.alert.triggered_at = since;
    return one;
}

} // namespace

TEST_CASE("A digest tells what is still held and open, the longest open first", "[oncall][quiet]")
{
    const auto at = utc("2026-11-04T01:00");
    auto answered = held(2, at), left = held(3, at), exhausted = held(4, at + 1min);
    answered.page.state = PageState::acknowledged;
    left.run.state = RunState::stopped;
    exhausted.page.state = PageState::exhausted;
    const auto told = in_digest({held(1, at + 2min), answered, left, exhausted, held(5, at)});
    std::vector<std::int64_t> ids;
    for (const auto& one : told)
        ids.push_back(one.run.id.value);
    CHECK(ids == std::vector<std::int64_t>{5, 4, 1});
    CHECK(in_digest({}).empty());
}

TEST_CASE("The patience of a page that nobody was awake for begins with the digest", "[oncall][quiet]")
{
    const auto end = utc("2026-11-04T06:00");
    Page page;
    page.policy.levels = {{{}, 5min, 1}, {{}, 10min, 0}};
    page.last = {0, 0, 0};
    page.next = {0, 0, 1};
    Run ana, bo, earlier;
    ana.waited = bo.waited = true;
    ana.state = bo.state = RunState::held;
    ana.due = end;
    bo.due = end + 1h;
    earlier.at = {0, 1, 0};
    CHECK(goes_on_at(page, {ana, bo, earlier}, std::nullopt) == end + 5min);
    CHECK(goes_on_at(page, {bo}, std::nullopt) == end + 1h + 5min);
    CHECK(goes_on_at(page, {ana, bo}, end + 3s) == end + 5min + 3s);
    // A digest has told her: what becomes of the others' changes nothing any more.
    auto told = ana;
    told.state = RunState::completed;
    told.bundle = {7};
    CHECK_FALSE(goes_on_at(page, {told, bo}, std::nullopt));
    CHECK(goes_on_at(page, {told, bo}, end) == end + 5min);
    // She has said that it is not for her, and heard of nothing: the others' counts.
    auto gone = ana;
    gone.state = RunState::completed;
    CHECK(goes_on_at(page, {gone, bo}, std::nullopt) == end + 1h + 5min);
    // Somebody is awake: the page does not wait.
    Run awake;
    CHECK_FALSE(goes_on_at(page, {ana, awake}, std::nullopt));
    CHECK_FALSE(goes_on_at(page, {}, std::nullopt));
    CHECK_FALSE(goes_on_at(page, {earlier}, end));
    page.state = PageState::acknowledged;
    CHECK_FALSE(goes_on_at(page, {ana}, std::nullopt));
}
