#include "catch.hpp"
#include "storage/contacts.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"
#include "storage/runs.hpp"
#include "storage/sql.hpp"

using storage::Transaction;
using namespace std::chrono_literals;

namespace {

oncall::ContactMethod a_number(const std::string& person, const std::string& address)
{
    oncall::ContactMethod method;
    method.person = person;
    method.kind = oncall::ContactKind::sms;
    method.label = "Work";
    method.address = address;
    method.added_at = stored::noon;
    return method;
}

} // namespace

TEST_CASE("Of numbers that said STOP it is known that they did, and not which they are", "[storage][contact]")
{
    stored::Opened opened;
    const std::string number{"+4915112345678"};
    opened.write([&](Transaction& tx) {
        const storage::StoppedNumbers stopped{tx};
        CHECK_FALSE(stopped.has(number));
        stopped.add(number, stored::noon);
        stopped.add(number, stored::noon + 1min);
        CHECK(stopped.has(number));
        CHECK_FALSE(stopped.has("+4915112345679"));
        storage::Query row{tx, "SELECT number FROM stopped_numbers"};
        REQUIRE(row.step());
        CHECK(row.text().find("1511234") == std::string::npos);
        CHECK_FALSE(row.step());
    });
    opened.write([&](Transaction& tx) {
        const storage::StoppedNumbers stopped{tx};
        CHECK_FALSE(stopped.remove(number, stored::noon)); // it is older
        CHECK(stopped.has(number));
        CHECK(stopped.remove(number, stored::noon + 2min));
        CHECK(stopped.remove(number, stored::noon + 2min));
        CHECK_FALSE(stopped.has(number));
        CHECK_FALSE(stopped.add(number, stored::noon + 1min));
        CHECK_FALSE(stopped.has(number));
    });
}

TEST_CASE("Contact methods are kept, found by person and by address, and changed by whoever read them last", "[storage][contact]")
{
    stored::Opened opened;
    auto hers = a_number("U01ANA00000", "+4915112345678");
    auto his = a_number("U02BO000000", "+4915112345678");
    opened.write([&](Transaction& tx) {
        const storage::ContactMethods methods{tx};
        CHECK(methods.add(hers));
        CHECK(methods.add(his));
        auto again = hers;
        CHECK_FALSE(methods.add(again));
    });
    opened.write([&](Transaction& tx) {
        const storage::ContactMethods methods{tx};
        CHECK(methods.of("U01ANA00000") == std::vector{hers});
        CHECK(methods.at(oncall::ContactKind::sms, "+4915112345678") == std::vector{hers, his});
        CHECK(methods.at(oncall::ContactKind::voice, "+4915112345678").empty());
        auto stale = hers;
        hers.verified_at = hers.consented_at = stored::noon + 1min;
        hers.label = "Home";
        methods.save(hers);
        CHECK(hers.version == 2);
        CHECK_THROWS_AS(methods.save(stale), storage::Conflict);
        // What came of it last is no change that a form would be stale by; that it is stopped is one.
        methods.used(hers.id, stored::noon + 2min, "delivered");
        CHECK(methods.find(hers.id)->last_outcome == "delivered");
        CHECK(methods.find(hers.id)->version == 2);
        methods.stop(hers.id, stored::noon + 3min);
        methods.stop(hers.id, stored::noon + 4min);
        CHECK(methods.find(hers.id)->stopped_at == stored::noon + 3min);
        CHECK_THROWS_AS(methods.save(hers), storage::Conflict);
        methods.remove(hers.id);
        CHECK_FALSE(methods.find(hers.id));
    });
    // A page that is under way by the last one must not find another person's in its place.
    opened.write([&](Transaction& tx) {
        const storage::ContactMethods methods{tx};
        methods.remove(his.id);
        auto another = a_number("U03CHI00000", "+4915187654321");
        CHECK(methods.add(another));
        CHECK(another.id.value > std::max(hers.id.value, his.id.value));
    });
}

TEST_CASE("A contact method's code is kept until it is typed or replaced, with the wrong tries", "[storage][contact]")
{
    stored::Opened opened;
    auto method = a_number("U01ANA00000", "+4915112345678");
    opened.write([&](Transaction& tx) {
        const storage::ContactMethods methods{tx};
        methods.add(method);
        CHECK(methods.pending_code(method.id).hash.empty());
        methods.set_code(method.id, "abc", stored::noon + 10min);
        methods.count_try(method.id);
        methods.count_try(method.id);
        CHECK(methods.pending_code(method.id).hash == "abc");
        CHECK(methods.pending_code(method.id).until == stored::noon + 10min);
        CHECK(methods.pending_code(method.id).tries == 2);
        methods.set_code(method.id, "def", stored::noon + 20min);
        CHECK(methods.pending_code(method.id).tries == 0);
        methods.forget_code(method.id);
        CHECK(methods.pending_code(method.id).hash.empty());
    });
}

TEST_CASE("Notification rules come back as they were saved, and two forms do not overwrite each other", "[storage][contact]")
{
    stored::Opened opened;
    oncall::Window night;
    night.days = {oncall::Weekday::mon, oncall::Weekday::sun};
    night.from = 22h;
    night.to = 7h;
    oncall::Window weekend;
    weekend.from_day = oncall::Weekday::fri;
    weekend.to_day = oncall::Weekday::mon;
    weekend.from = 20h;
    weekend.to = 8h;
    const std::vector<oncall::NotificationRule> rules{
        {"Nights “and” more", oncall::Urgency::high, {night, weekend}, {{{"push", "sms:12"}, 2min}, {{"voice"}, 0ms}}},
        {"Low", oncall::Urgency::low, {}, {{{"email"}, 0ms}}}};
    opened.write([&](Transaction& tx) {
        const storage::NotificationRules stored{tx};
        auto hers = stored.of("U01ANA00000");
        CHECK(hers.version == 0);
        auto other = hers;
        hers.rules = rules;
        stored.save(hers);
        CHECK(stored.of("U01ANA00000").rules == rules);
        // Nothing said is not the same as none.
        CHECK_FALSE(stored.of("U01ANA00000").quiet);
        for (const auto& quiet :
            {oncall::QuietHours{std::vector{night, weekend}}, oncall::QuietHours{std::vector<oncall::Window>{}}}) {
            hers.quiet = quiet;
            stored.save(hers);
            CHECK(stored.of("U01ANA00000").quiet == quiet);
            CHECK(stored.of("U01ANA00000").rules == rules);
        }
        CHECK_THROWS_AS(stored.save(other), storage::Conflict);
        other = stored.of("U01ANA00000");
        stored.save(hers);
        CHECK_THROWS_AS(stored.save(other), storage::Conflict);
        hers.person = "team:payments";
        hers.version = 0;
        stored.save(hers);
        CHECK(stored.teams() == std::vector<std::string>{"payments"});
        stored.remove("U01ANA00000");
        CHECK(stored.of("U01ANA00000").rules.empty());
    });
}

TEST_CASE("A try of a page has one run for a person", "[storage][contact]")
{
    stored::Opened opened;
    opened.write([&](Transaction& tx) {
        oncall::Alert alert;
        storage::Alerts{tx}.add(alert);
        oncall::Page page;
        page.alert = alert.id;
        storage::Pages{tx}.add(page);
        oncall::Run run;
        run.page = page.id;
        run.alert = alert.id;
        run.at = {0, 1, 0};
        run.person = "U01ANA00000";
        run.rule = "Mine";
        run.why = "named";
        run.steps = {{{"slack"}, 1min}, {{"sms:4"}, 0ms}};
        run.due = stored::noon;
        const storage::Runs runs{tx};
        CHECK(runs.add(run));
        auto again = run;
        CHECK_FALSE(runs.add(again));
        auto stale = run;
        run.next = 1;
        run.due = stored::noon + 1min;
        runs.save(run);
        CHECK_THROWS_AS(runs.save(stale), storage::Conflict);
        const auto active = runs.open_of(page.id);
        REQUIRE(active.size() == 1);
        CHECK(active.front().steps == run.steps);
        CHECK(active.front().at == run.at);
        CHECK(active.front().next == 1);
        CHECK(active.front().due == run.due);
        run.state = oncall::RunState::stopped;
        runs.save(run);
        CHECK(runs.open_of(page.id).empty());
        CHECK(runs.of_page(page.id).front().state == oncall::RunState::stopped);
    });
}
