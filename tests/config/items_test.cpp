#include "catch.hpp"
#include "config/items.hpp"
#include "config/nothing.hpp"
#include "random_configuration.hpp"

#include <rapidcheck.h>

using namespace config;

namespace {

std::string json_of(const oncall::Configuration& all, const std::string& kind, const std::string& name)
{
    for (const auto& item : items_of(all))
        if (item.kind == kind && item.name == name)
            return item.json;
    return "";
}

oncall::Configuration without_overrides(oncall::Configuration all)
{
    for (auto& [name, schedule] : all.schedules)
        schedule.overrides.clear();
    return all;
}

std::vector<std::string> paths(const std::vector<Item>& items)
{
    std::vector<std::string> found;
    for (const auto& problem : configuration_of(items).problems)
        found.push_back(problem.path + ": " + problem.what);
    return found;
}

} // namespace

TEST_CASE("Whatever a configuration holds, its items make the same one again, but for overrides", "[config][items]")
{
    const bool held = rc::check([] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::resize(100, rc::gen::inRange(0, most)); });
        const auto items = items_of(all);
        const auto back = configuration_of(items);
        for (const auto& problem : back.problems)
            RC_LOG() << problem.path << ": " << problem.what << "\n";
        RC_ASSERT(back.problems.empty());
        RC_ASSERT(back.configuration == without_overrides(all));
        RC_ASSERT(items_of(back.configuration) == items);
    });
    CHECK(held);
}

TEST_CASE("An item is compact JSON in the file's words, its keys in a fixed order, defaults left out", "[config][items]")
{
    const auto parsed = parse(R"(
teams:
  payments: {policy: p, members: [ana@example.com], channel: "#a", user_group: "@g", permanent_members: [bo@example.com], topic: true}
  quiet: {topic: false, members: [], channel: "#a", verbosity: thread}
  calm: {channel: "#a", verbosity: cards}
services: {checkout: {tier: 1, team: payments}}
schedules:
  s:
    time_zone: Europe/Berlin
    rotations:
      - {users: [ana@example.com, [bo@example.com, chi@example.com], null], start: 2026-11-02T09:00, name: w, length: 1, unit: week}
      - {name: n, priority: 1, unit: day, length: [5, 2], start: "2026-11-02 20:00:30", time_zone: UTC, days: [fri, mon],
         windows: [{from: 20:00, to: 8:00, days: [tue]}, {from: fri 20:00, to: mon 08:00}], users: [eve@example.com]}
      - {name: v, versions: [{from: 2027-01-01T00:00, start: 2027-01-04T09:00, handoff_day: mon, users: [ana@example.com]}]}
    overrides: [{from: 2026-12-24T00:00, to: 2026-12-27T00:00, put: ana@example.com}]
    temporary: [{from: 2026-12-31T00:00, to: 2027-01-02T00:00, shifts: [{from: 2026-12-31T12:00, to: 2027-01-01T12:00, users: [ana@example.com]}]}]
policies: {p: {levels: [{targets: [schedule:s], patience: 300s}, {targets: ["channel:#war-room"], patience: 90m, retries: 2}]}}
sources: {am: {format: generic, key: secret, first_ping_makes: 1440m}}
heartbeats: {backup: {every: 24h, source: am, grace: 90m, severity: warning, service: checkout, description: The copy.}, slow: {source: am, every: 1m}}
rules: [{name: r, then: {page: false, service: checkout}, when: {not: {field: title, is: 5}}}]
)",
        nothing);
    for (const auto& problem : parsed.problems)
        UNSCOPED_INFO(describe("", problem));
    REQUIRE(parsed.problems.empty());
    const auto& all = parsed.configuration;
    CHECK(json_of(all, "team", "payments")
        == R"({"channel":"#a","topic":true,"user_group":"@g","members":["ana@example.com"],"permanent_members":["bo@example.com"],"policy":"p"})");
    CHECK(json_of(all, "team", "quiet") == R"({"channel":"#a"})");
    CHECK(json_of(all, "team", "calm") == R"({"channel":"#a","verbosity":"cards"})");
    CHECK(json_of(all, "service", "checkout") == R"({"team":"payments","tier":1})");
    CHECK(json_of(all, "schedule", "s")
        == R"({"time_zone":"Europe/Berlin","rotations":[)"
           R"({"name":"w","start":"2026-11-02T09:00","users":["ana@example.com",["bo@example.com","chi@example.com"],null]},)"
           R"({"name":"n","priority":1,"unit":"day","length":[5,2],"start":"2026-11-02T20:00:30","time_zone":"UTC","days":["mon","fri"],)"
           R"("windows":[{"days":["tue"],"from":"20:00","to":"08:00"},{"from":"fri 20:00","to":"mon 08:00"}],"users":["eve@example.com"]},)"
           R"({"name":"v","versions":[{"from":"2027-01-01T00:00","start":"2027-01-04T09:00","handoff_day":"mon","users":["ana@example.com"]}]}],)"
           R"("temporary":[{"from":"2026-12-31T00:00","to":"2027-01-02T00:00","shifts":[{"from":"2026-12-31T12:00","to":"2027-01-01T12:00","users":["ana@example.com"]}]}]})");
    CHECK(json_of(all, "policy", "p")
        == R"({"levels":[{"targets":["schedule:s"]},{"targets":["channel:#war-room"],"patience":"1h30m","retries":2}]})");
    CHECK(json_of(all, "source", "am")
        == R"({"format":"generic","key_hash":"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b","first_ping_makes":"1d"})");
    CHECK(json_of(all, "heartbeat", "backup")
        == R"({"source":"am","every":"1d","grace":"1h30m","service":"checkout","severity":"warning","description":"The copy."})");
    CHECK(json_of(all, "heartbeat", "slow") == R"({"source":"am","every":"1m"})");
    CHECK(
        json_of(all, "rule", "r") == R"({"when":{"not":{"field":"title","is":"5"}},"then":{"service":"checkout","page":false}})");
    const auto& schedule = all.schedules.at("s");
    CHECK(override_json(schedule.overrides.at(0), schedule.time_zone)
        == R"({"from":"2026-12-24T00:00","to":"2026-12-27T00:00","put":["ana@example.com"]})");
}

TEST_CASE("An override's time says its offset only where the local time comes twice and the second is meant", "[config][items]")
{
    using namespace std::chrono_literals;
    oncall::Override one{.to = oncall::TimePoint{} + std::chrono::hours{500'000}, .people = {"ana@example.com"}};
    one.from = oncall::to_instant(*oncall::local_time_in("2026-10-25T02:30"), "Europe/Berlin");
    CHECK_THAT(override_json(one, "Europe/Berlin"), contains(R"("from":"2026-10-25T02:30")"));
    one.from += 1h;
    CHECK_THAT(override_json(one, "Europe/Berlin"), contains(R"("from":"2026-10-25T02:30+01:00")"));
    CHECK_THAT(override_json(one, "UTC"), contains(R"("from":"2026-10-25T01:30")"));
    one.from += 7ms;
    CHECK_THAT(override_json(one, "UTC"), contains(R"("from":"2026-10-25T01:30:00.007")"));
}

TEST_CASE("What is wrong in an item is named by its path, in the items' order", "[config][items]")
{
    CHECK(
        paths({{"team", "payments", R"({"channel":"payments","members":["ana@example.com","ana"]})"},
            {"schedule", "s",
                R"({"rotations":[{"name":"w","start":"2026-11-02T09:00","users":["a@b.c"]},{"name":"n","start":"2026-11-02T09:00","users":["a@b.c"],"windows":[{"from":"25:00","to":"08:00"}]}]})"},
            {"policy", "payments", R"({"levels":[{"targets":["user:a@b.c"],"patience":"soon"}]})"},
            {"rule", "r", R"({"when":{"all":[{"field":"colour","is":"red"}]},"then":{"service":"none"}})"}})
        == std::vector<std::string>{"team payments.channel: `payments` is no channel",
            "team payments.members[1]: `ana` is no person", "schedule s.rotations[1].windows[0].from: `from` is no time of day",
            "policy payments.levels[0].patience: `patience` is no time from a second to ten years",
            "rule r.when.all[0].field: alerts have no field `colour`", "rule r.then.service: there is no service `none`"});
}

TEST_CASE("An item that is no JSON, too deep, or given twice is a problem and no crash", "[config][items]")
{
    CHECK(paths({{"team", "t", "{"}}) == std::vector<std::string>{"team t: team t is no JSON"});
    CHECK(paths({{"team", "t", std::string(100'000, '[')}}) == std::vector<std::string>{"team t: team t is no JSON"});
    CHECK(paths({{"team", "t", "[]"}}) == std::vector<std::string>{"team t: team t must be a mapping"});
    CHECK(paths({{"team", "t", R"({"channel":"#a","channel":"#b"})"}})
        == std::vector<std::string>{"team t: `channel` is there twice in team t"});
    CHECK(paths({{"team", "t", "{}"}, {"team", "t", "{}"}}) == std::vector<std::string>{"team t: two teams are called `t`"});
    CHECK(paths({{"tram", "t", "{}"}}) == std::vector<std::string>{"tram t: there is no kind `tram`"});
}
