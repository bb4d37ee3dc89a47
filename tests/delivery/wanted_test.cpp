#include "catch.hpp"
#include "delivery/job.hpp"
#include "storage/answers.hpp"
#include "storage/opened.hpp"

using storage::Transaction;

TEST_CASE("A page that needs several wants no more of whoever has acknowledged it, by whichever of their names", "[delivery]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        oncall::Alert alert;
        alert.triggered_at = stored::noon;
        storage::Alerts{tx}.add(alert);
        oncall::Page page;
        page.alert = alert.id;
        page.policy.levels.resize(1);
        page.due = page.started_at = page.stepped_at = stored::noon;
        storage::Pages{tx}.add(page);
        const auto planned = [&](const std::string& person) {
            oncall::Notification one;
            one.key = "1.0.0.0." + person + ".slack";
            one.page = page.id;
            one.alert = alert.id;
            one.person = person;
            one.planned_at = stored::noon;
            storage::Notifications{tx}.add(one);
            return one;
        };
        // She was planned for before Slack had said who that is.
        const auto ana = planned("ana@example.com"), bo = planned("bo@example.com");
        storage::People{tx}.save({"ana@example.com", "U01ANA", "ana", "", stored::noon, "ana@example.com"});
        CHECK(delivery::is_wanted(tx, ana));
        storage::Acknowledgements{tx}.add(alert.id, {"U01ANA", stored::noon, "/oncall"});
        CHECK_FALSE(delivery::is_wanted(tx, ana));
        CHECK(delivery::is_wanted(tx, bo));
    });
}
