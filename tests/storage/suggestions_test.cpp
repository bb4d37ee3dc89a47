#include "storage/suggestions.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/sql.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace storage;

namespace {

oncall::Alert stored_alert(Transaction& tx, const std::string& service, oncall::milliseconds after, oncall::AlertId parent = {},
    const std::string& source = "monitoring")
{
    oncall::Alert alert;
    alert.source = source;
    alert.service = service;
    alert.title = "Error rate at 97%";
    alert.triggered_at = stored::noon + after;
    alert.parent = parent;
    Alerts{tx}.add(alert);
    return alert;
}

std::vector<std::int64_t> ids_of(const std::vector<oncall::Around>& around)
{
    std::vector<std::int64_t> all;
    for (const auto& one : around)
        all.push_back(one.alert.id.value);
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("Around an alert stand the open ones of the last five minutes, each with what stands for it", "[storage][suggestions]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Suggestions all{tx};
        stored_alert(tx, "db", -1ms); // too old
        const auto db = stored_alert(tx, "db", 1min); // 2
        const auto child = stored_alert(tx, "mail", 2min, db.id); // 3
        stored_alert(tx, "db", 2min, {}, ""); // by hand
        auto over = stored_alert(tx, "db", 3min);
        over.state = oncall::AlertState::resolved;
        Alerts{tx}.save(over);
        auto drill = stored_alert(tx, "db", 3min);
        run(tx, "UPDATE alerts SET drill = 1 WHERE id = $1", drill.id.value);
        auto hidden = stored_alert(tx, "db", 3min);
        hidden.suppressed = true;
        Alerts{tx}.save(hidden);
        const auto arrived = stored_alert(tx, "checkout", 5min);
        const auto found = all.around(arrived, {"checkout", "db"});
        CHECK(ids_of(found) == std::vector<std::int64_t>{db.id.value, child.id.value});
        for (const auto& one : found) {
            CHECK(one.root.id == db.id);
            CHECK(one.members == 2);
        }
        return true;
    });
}

TEST_CASE("In a storm few of the open alerts are looked at, and then none", "[storage][suggestions]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Suggestions all{tx};
        for (int i = 0; i < 30; ++i)
            stored_alert(tx, "db", i * 1s);
        CHECK_FALSE(all.is_storm(stored::noon + 29s));
        for (int i = 0; i < 200; ++i)
            stored_alert(tx, "service-" + std::to_string(i), 30s);
        CHECK(all.is_storm(stored::noon + 30s));
        CHECK_FALSE(all.is_storm(stored::noon + 41s));
        const auto arrived = stored_alert(tx, "checkout", 31s);
        const auto found = all.around(arrived, {"checkout", "db"});
        CHECK(found.size() < 60);
        // Those of a neighbour are found behind however many others.
        const auto of_db =
            std::count_if(found.begin(), found.end(), [](const oncall::Around& one) { return one.alert.service == "db"; });
        CHECK(of_db == 4);
        return true;
    });
}

TEST_CASE("A suggestion is made once and decided once, and what is unrelated stays so", "[storage][suggestions]")
{
    const stored::Folder folder;
    oncall::Alert db, checkout;
    {
        stored::Opened opened{folder};
        opened.write([&](Transaction& tx) {
            const Suggestions all{tx};
            db = stored_alert(tx, "db", 0s);
            checkout = stored_alert(tx, "checkout", 1min);
            Suggestion made;
            made.alert = checkout.id;
            made.likeliest = {db.id, db.id, 0.75, "checkout depends on db"};
            made.candidates = {made.likeliest, {{7}, {8}, 0.25, "the same host \xff"}};
            made.made_at = stored::noon + 1min;
            CHECK(all.add(made));
            CHECK_FALSE(all.add(made));
            CHECK(all.decide(checkout.id, Suggestion::State::refused, "U1", stored::noon + 2min));
            CHECK_FALSE(all.decide(checkout.id, Suggestion::State::merged, "U2", stored::noon + 3min));
            const UnrelatedAlerts unrelated{tx};
            CHECK_FALSE(unrelated.has(checkout, db));
            unrelated.add(checkout, db, "U1", stored::noon);
            unrelated.add(db, checkout, "U1", stored::noon);
            return true;
        });
    }
    stored::Opened opened{folder};
    opened.read([&](Transaction& tx) {
        const auto made = Suggestions{tx}.find(checkout.id).value_or(Suggestion{});
        CHECK(made.likeliest.into == db.id);
        CHECK(made.likeliest.because == "checkout depends on db");
        CHECK(made.likeliest.score == Approx(0.75));
        REQUIRE(made.candidates.size() == 2);
        CHECK(made.candidates.back().by == oncall::AlertId{8});
        CHECK(made.candidates.back().because == "the same host \xEF\xBF\xBD");
        CHECK(made.state == Suggestion::State::refused);
        CHECK(made.decided_by == "U1");
        CHECK(Suggestions{tx}.since(stored::noon + 2min, 10).empty());
        // Other numbers, and the other way round: the same two. Other words, or another service: not.
        const UnrelatedAlerts unrelated{tx};
        auto again = checkout;
        again.id = {99};
        again.title = "Error rate at 3%";
        CHECK(unrelated.has(db, again));
        again.title = "It is down";
        CHECK_FALSE(unrelated.has(db, again));
        again = checkout;
        again.service = "ledger";
        CHECK_FALSE(unrelated.has(db, again));
        return true;
    });
}
