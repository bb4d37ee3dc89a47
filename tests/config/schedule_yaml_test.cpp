#include "catch.hpp"
#include "config/random_configuration.hpp"
#include "config/schedule_yaml.hpp"

#include <rapidcheck.h>

using namespace config;

namespace {

/// "3:5: what", each on a line of its own.
std::string wrong(const std::string& text)
{
    std::string all;
    for (const auto& problem : parse_schedule(text, "payments").problems)
        all += std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " + problem.what + "\n";
    return all;
}

const std::string body{
    "time_zone: Europe/Berlin\n"
    "rotations:\n"
    "  - {name: weekly, start: 2026-11-02T09:00, users: [ana@example.com, null, [bo@example.com, \"@chi\"]]}\n"};

} // namespace

TEST_CASE("A schedule's YAML is read back as the schedule, for any", "[config][schedule_form]")
{
    CHECK(rc::check("for any schedule", [] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::inRange(0, most); });
        for (auto [name, schedule] : all.schedules) {
            schedule.overrides.clear();
            const auto parsed = parse_schedule(schedule_yaml(schedule), name);
            RC_ASSERT(parsed.problems.empty());
            RC_ASSERT(parsed.schedule == schedule);
        }
    }));
}

TEST_CASE("A schedule's YAML may be copied with what is around it in the file", "[config][schedule_form]")
{
    const auto expected = parse_schedule(body, "payments").schedule;
    REQUIRE(expected.rotations.size() == 1);
    CHECK(expected.rotations.front().turns.size() == 3);
    std::string inside{"payments:\n"};
    for (std::size_t at = 0; at < body.size();) {
        const auto end = body.find('\n', at) + 1;
        inside += "  " + body.substr(at, end - at);
        at = end;
    }
    CHECK(parse_schedule(inside, "payments").schedule == expected);
    CHECK(wrong(inside).empty());
    CHECK(wrong("schedules:\n  payments: {rotations: [{name: a, start: 2026-11-02T09:00, users: [ana@example.com]}]}\n").empty());
}

TEST_CASE("All that is wrong in a schedule's YAML is said with line and column", "[config][schedule_form]")
{
    CHECK(wrong("time_zone: Europe/Berlln\nrotations:\n  - name: weekly\n    unit: wek\n    start: monday\n    users: [ana]\n")
        == "1:12: there is no time zone `Europe/Berlln`\n4:11: there is no unit `wek`\n5:12: `start` is no time\n6:13: `ana` is "
           "no "
           "person\n");
    CHECK(wrong("rotations: [\n").starts_with("2:1: this is no YAML"));
    CHECK(wrong("").find("there is no schedule here") != std::string::npos);
    CHECK(wrong("- a\n").find("must be a mapping") != std::string::npos);
    CHECK(wrong(body + "overrides:\n  - {from: 2026-11-03T09:00, to: 2026-11-04T09:00, put: [ana@example.com]}\n")
        == "5:3: overrides are no part of this\n");
    CHECK(wrong("rotations:\n\t- a\n").find("no YAML") != std::string::npos);
}
