#include "catch.hpp"
#include "scenarios/storm.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

#include <algorithm>
#include <set>

using namespace scenario;

namespace {

storm::Tally stored_of(storage::Transaction& tx, int service)
{
    storage::Query row{tx, "SELECT COUNT(*), COALESCE(SUM(state = 'resolved'), 0) FROM alerts WHERE service = $1",
        "storm" + std::to_string(service)};
    row.step();
    storm::Tally all;
    all.alerts = row.number();
    all.resolved = row.number();
    return all;
}

std::int64_t accepted_in_storm(storage::Transaction& tx)
{
    storage::Query row{tx, "SELECT COUNT(*) FROM accepted WHERE source LIKE 'storm%'"};
    row.step();
    return row.integer();
}

} // namespace

// A tenth of what tests/bench/run storms with, at the same rate.
TEST_CASE(
    "A storm over twenty services: each report is stored, each on-call paged within two seconds, and cards end as their alerts",
    "[scenarios][storm][socket][long]")
{
    World world;
    storm::inhabit(world.slack());
    REQUIRE(world.apply(storm::configuration()));
    world.advance(1min); // people are looked up
    std::map<int, TimePoint> first_sent;
    std::set<std::string> open;
    std::int64_t to_accept = 0;
    std::vector<workspace::Delivery> presses;
    const auto begins = world.clock.now();
    auto next_press = begins + 1s;
    int turn = 0;
    for (const auto& volley : storm::volleys(5'000, 6s, 7)) {
        if (const auto due = begins + volley.at; due > world.clock.now())
            world.advance(due - world.clock.now());
        REQUIRE(world.post(storm::source_key(volley.service()), storm::body(volley)).status < 300);
        for (const auto& shot : volley.shots)
            if (shot.fires) {
                first_sent.try_emplace(shot.service, world.clock.now());
                ++to_accept;
                open.insert(storm::dedup_key(shot));
            } else {
                open.erase(storm::dedup_key(shot));
            }
        if (world.clock.now() >= next_press) {
            next_press += 250ms;
            auto& person = world.slack().person(storm::person(turn++ % storm::services));
            const auto dms = person.dms();
            const auto page = std::find_if(dms.rbegin(), dms.rend(), [&](const workspace::Message& one) {
                return world.slack().plain(one).find("[Acknowledge") != std::string::npos;
            });
            if (page != dms.rend()) {
                const bool many = world.slack().plain(*page).find("[Acknowledge all") != std::string::npos;
                presses.push_back(person.click(*page, many ? "Acknowledge all" : "Acknowledge"));
            }
        }
    }
    world.advance(5min);

    for (const auto took : storm::until_paged(world.slack(), first_sent))
        CHECK(took <= 2s);
    for (const auto& press : presses)
        CHECK((press.acked() && press.took() <= 100ms)); // of work that is put off; what it costs is the bench's
    CHECK(presses.size() >= 10);
    CHECK(world.look(accepted_in_storm) == to_accept);
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); })
        == static_cast<std::int64_t>(open.size()));
    for (int service = 0; service < storm::services; ++service) {
        INFO("service " << service);
        const auto stored = world.look([&](storage::Transaction& tx) { return stored_of(tx, service); });
        const auto told = storm::told(world.slack(), service);
        CHECK(told.alerts == stored.alerts);
        CHECK(told.resolved == stored.resolved);
    }
    CHECK(world.slack().violations().empty());
}
