#include "storage/firings.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/sql.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace storage;
using stored::noon;

namespace {

oncall::AlertId fired_at(Transaction& tx, const std::string& key, TimePoint at, const std::string& state = "resolved")
{
    oncall::Alert alert;
    alert.source = "scripts";
    alert.dedup_key = key;
    alert.title = key + " at " + std::to_string(at.time_since_epoch().count());
    alert.service = "checkout";
    alert.triggered_at = at;
    Alerts{tx}.add(alert);
    run(tx, "UPDATE alerts SET state = $2, answered_at = $3 WHERE id = $1", alert.id.value, state, at + 1min);
    return alert.id;
}

std::vector<TimePoint> times_of(const std::vector<oncall::Firing>& firings)
{
    std::vector<TimePoint> times;
    for (const auto& one : firings)
        times.push_back(one.at);
    std::sort(times.begin(), times.end());
    return times;
}

} // namespace

TEST_CASE("When a key fired is told by its alerts and by how often they came back, however many there are", "[storage][flapping]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Firings firings{tx};
        const CameBacks backs{tx};
        fired_at(tx, "disk", noon - 2h);
        const auto old = fired_at(tx, "disk", noon - 1h);
        const auto last = fired_at(tx, "disk", noon);
        fired_at(tx, "other", noon);
        run(tx, "UPDATE alerts SET drill = 1 WHERE id = $1", fired_at(tx, "disk", noon + 1s).value);
        backs.add({old, noon - 5min, 1min, ""});
        backs.add({last, noon + 2min, 30s, "4 times in 30 minutes"});
        CHECK(times_of(firings.since("scripts", "disk", noon - 30min)) == std::vector{noon - 5min, noon, noon + 2min});
        CHECK(backs.last(last)->flapping == "4 times in 30 minutes");
        CHECK(backs.last(last)->over_for == 30s);
        CHECK_FALSE(backs.last({99}));

        for (int i = 0; i < 3 * CameBacks::most_of_each; ++i)
            backs.add({last, noon + 3min + std::chrono::seconds{i}, 1s, ""});
        CHECK(firings.since("scripts", "disk", noon + 1min).size() == CameBacks::most_of_each);
        backs.tidy(noon + 100 * 24h);
        CHECK_FALSE(backs.last(last));
        return 0;
    });
}

TEST_CASE("Before an alert stands the last of its key, with what was noted of its end, and beside it what is open of its service",
    "[storage][flapping]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Firings firings{tx};
        const auto before = fired_at(tx, "disk", noon - 1h);
        const Timeline timeline{tx};
        timeline.add(before, noon - 1h, "U1", "/oncall", "noted: before it was over");
        timeline.add(before, noon - 59min, "U1", "/oncall", "resolved: full: db-2");
        timeline.add(before, noon - 58min, "", "scripts", "noted: by nobody");
        const auto far = fired_at(tx, "far", noon - 11min, "triggered");
        const auto near = fired_at(tx, "near", noon - 9min, "acknowledged");
        fired_at(tx, "over", noon - 8min);
        const auto alert = Alerts{tx}.find(fired_at(tx, "disk", noon, "triggered"));
        fired_at(tx, "later", noon + 1s, "triggered");
        REQUIRE(alert);
        REQUIRE(firings.before(*alert));
        CHECK(firings.before(*alert)->id == before);
        CHECK(firings.note_of(*firings.before(*alert)) == "full: db-2");
        CHECK_FALSE(firings.before(*firings.before(*alert)));
        CHECK(firings.newest("scripts", "disk")->id == alert->id);
        const auto beside = firings.beside(*alert, 10min);
        REQUIRE(beside.size() == 1);
        CHECK(beside.front().id == near);
        CHECK(firings.beside(*alert, 12min).back().id == far);
        return 0;
    });
}

TEST_CASE("What an alert was before its source ended it is kept for a day", "[storage][flapping]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Clears clears{tx};
        const auto alert = fired_at(tx, "disk", noon);
        Undo was;
        was.at = noon;
        was.state = oncall::AlertState::snoozed;
        was.answered_by = "U1";
        was.answered_at = noon - 1min;
        was.snoozed_until = noon + 1h;
        was.page_state = "acknowledged";
        clears.save(alert, was);
        was.state = oncall::AlertState::promised;
        clears.save(alert, was);
        REQUIRE(clears.find(alert));
        CHECK((clears.find(alert)->state == oncall::AlertState::promised));
        CHECK(clears.find(alert)->answered_by == "U1");
        CHECK(clears.find(alert)->snoozed_until == noon + 1h);
        CHECK(clears.find(alert)->page_state == "acknowledged");
        clears.tidy(noon + 23h);
        CHECK(clears.find(alert));
        clears.tidy(noon + 25h);
        CHECK_FALSE(clears.find(alert));
        return 0;
    });
}
