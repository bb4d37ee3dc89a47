#include "catch.hpp"
#include "config/random_configuration.hpp"
#include "storage/levels.hpp"
#include "storage/migrations.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"

#include <SQLiteCpp/Database.h>

#include <random>

using storage::Transaction;

namespace {

/// Under a key of its own.
oncall::Alert alert_number(Transaction& tx, int number)
{
    oncall::Alert alert;
    alert.title = "Checkout is down";
    alert.source = "scripts";
    alert.dedup_key = std::to_string(number);
    alert.triggered_at = stored::noon;
    storage::Alerts{tx}.add(alert);
    return alert;
}

} // namespace

TEST_CASE("A page's copy of its policy keeps all that a policy can say, and where the page stands", "[storage][levels]")
{
    stored::Opened opened;
    std::mt19937 random{11};
    const tests::Below below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    int policies = 0;
    for (int i = 0; i < 200; ++i)
        for (const auto& [name, policy] : tests::random_configuration(below).policies) {
            const auto id = opened.write([&](Transaction& tx) {
                oncall::Page page;
                page.alert = alert_number(tx, ++policies).id;
                page.policy = policy;
                page.due = stored::noon;
                storage::Pages{tx}.add(page);
                page.last = oncall::Position{2, 1, 3};
                page.next = {2, 1, 4};
                page.waits = policies % 2 == 0;
                storage::Pages{tx}.save(page);
                return page.id;
            });
            const auto page = opened.read([&](Transaction& tx) { return storage::Pages{tx}.find(id); });
            REQUIRE(page);
            CHECK(page->policy == policy);
            CHECK(page->last == oncall::Position{2, 1, 3});
            CHECK(page->waits == (policies % 2 == 0));
        }
    CHECK(policies > 100);
}

TEST_CASE("A page of the release before goes on from the step it ran last", "[storage][levels]")
{
    const stored::Folder folder;
    const auto path = (folder.path / "test.db").string();
    {
        SQLite::Database before{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        before.exec("CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
        for (std::size_t number = 1; storage::migrations().at(number - 1).name.find("levels") == std::string::npos; ++number) {
            const auto& migration = storage::migrations().at(number - 1);
            before.exec(std::string{migration.sql});
            before.exec(
                "INSERT INTO schema_version VALUES (" + std::to_string(number) + ", '" + std::string{migration.name} + "')");
        }
        before.exec(
            "INSERT INTO alerts (id, version, state, source, dedup_key, title, description, severity, urgency, service, team, "
            "rule, because, labels, links, count, triggered_at, answered_by, answered_at, snoozed_until) VALUES (1, 1, "
            "'triggered', 's', 'k', 't', '', '', 'high', '', '', '', '', '{}', '[]', 1, 0, '', 0, 0)");
        const std::string policy = R"({"name":"p","repeat":1,"levels":[{"targets":["user:a@b"],"patience":60000,"retries":2}]})";
        for (const auto* id : {"1", "2"})
            before.exec(
                "INSERT INTO pages (id, version, alert, state, urgency, policy, round, level, attempt, due, started_at) VALUES ("
                + std::string{id} + ", 1, 1, 'paging', 'high', '" + policy + "', 1, 0, 0, 0, 0)");
        const auto notified = [&](const std::string& key, const std::string& attempt, const std::string& method,
                                  const std::string& why) {
            before.exec("INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, state, planned_at, "
                        "sent_at, error, why) VALUES ('"
                + key + "', 1, 1, 0, 0, " + attempt + ", 'a@b', '" + method + "', 'sent', 0, 0, '', '" + why + "')");
        };
        notified("1", "1", "slack", "policy p");
        notified("2", "2", "slack", "policy p");
        notified("3", "0", "slack", "said not me");
    }
    stored::Opened opened{folder};
    const auto page = opened.read([](Transaction& tx) { return storage::Pages{tx}.find(oncall::PageId{1}); });
    REQUIRE(page);
    CHECK(page->last == oncall::Position{0, 0, 2});
    CHECK_FALSE(page->waits);
    CHECK(page->policy.levels.at(0).order == oncall::Order::at_once);
    CHECK(page->policy.levels.at(0).acknowledgements == 1);
    CHECK(page->policy.rise_pages);
    CHECK_FALSE(opened.read([](Transaction& tx) { return storage::Pages{tx}.find(oncall::PageId{2}); })->last);
}

TEST_CASE(
    "Whoever was tried, or began a round robin, before Slack said who that is, is the same person after", "[storage][levels]")
{
    stored::Opened opened;
    const auto names = opened.write([](Transaction& tx) {
        oncall::Page page;
        page.alert = alert_number(tx, 1).id;
        page.policy.name = "payments";
        storage::Pages{tx}.add(page);
        oncall::Notification told;
        told.key = "first";
        told.page = page.id;
        told.alert = page.alert;
        told.person = "ana@example.com";
        told.method = "slack";
        storage::Notifications{tx}.add(told);
        storage::RoundRobins{tx}.save("payments", 1, {"ana@example.com", 0});
        storage::People{tx}.save({"ana@example.com", "U01ANA", "ana", "", {}, ""});
        const auto alert = *storage::Alerts{tx}.find(page.alert);
        const oncall::Configuration configuration;
        const auto around = storage::surroundings(tx, alert, configuration, page);
        REQUIRE(around.tried.size() == 1);
        const auto beginning = around.beginning(oncall::Level{}, 1);
        REQUIRE(beginning);
        return std::pair{around.tried[0].name, beginning->name};
    });
    CHECK(names.first == "U01ANA");
    CHECK(names.second == "U01ANA");
}

TEST_CASE("A round robin and the members of groups are kept", "[storage][levels]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const storage::RoundRobins robins{tx};
        CHECK_FALSE(robins.find("payments", 1));
        robins.save("payments", 1, {"ana", 0});
        robins.save("payments", 2, {"chi", 2});
        robins.save("payments", 1, {"bo", 1});
        const storage::ReadGroups groups{tx};
        groups.save({"@ops", "S1", {"U1", "U2"}, stored::noon, ""});
        groups.save({"@gone", "", {}, {}, "missing_scope"});
        return true;
    });
    const auto found = opened.read([](Transaction& tx) { return storage::RoundRobins{tx}.find("payments", 1); });
    REQUIRE(found);
    CHECK(found->name == "bo");
    CHECK(found->place == 1);
    // One that was never read is not known, which is something else than empty.
    CHECK(opened.read([](Transaction& tx) { return storage::ReadGroups{tx}.members(); })
        == oncall::GroupMembers{{"@ops", {"U1", "U2"}}});
}
