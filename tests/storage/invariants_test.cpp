#include "catch.hpp"
#include "storage/counts.hpp"
#include "storage/invariants.hpp"
#include "storage/many.hpp"
#include "storage/opened.hpp"
#include "storage/sql.hpp"

#include <algorithm>
#include <ctime>

using namespace std::chrono_literals;
using namespace storage;
using stored::noon;
using stored::Opened;

namespace {

using Subjects = std::vector<std::string>;

Subjects subjects(const std::vector<Finding>& found)
{
    Subjects all;
    for (const auto& one : found)
        all.push_back(one.invariant + " " + one.subject);
    std::sort(all.begin(), all.end());
    return all;
}

/// Ten resolved alerts and ten open ones. Of these 13 to 16 are paged, 11, 12 and 20 have exhausted their policy, 17 is
/// acknowledged, 18 snoozed and 19 promised. Page 13's last notification is 26. Then what is written by `sql`.
Subjects found_after(const std::vector<std::string>& sql, TimePoint at = noon)
{
    Opened db;
    return db.write([&](Transaction& tx) {
        stored::fill(tx, 20, 10, noon);
        for (const auto& one : sql)
            run(tx, one);
        const auto found = Invariants{}.check(tx, at);
        for (const auto& one : found) {
            INFO(one.words);
            CHECK(one.words.size() > 40);
            CHECK(one.words.back() == '.');
            CHECK(one.words.find("U1234567") == std::string::npos); // names nobody
        }
        return subjects(found);
    });
}

std::string text(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

/// Every line of the queries' plans that walks a whole table or index.
std::vector<std::string> walks(Transaction& tx, const std::vector<std::string_view>& queries)
{
    std::vector<std::string> found;
    for (const auto query : queries) {
        const auto explain = "EXPLAIN QUERY PLAN " + std::string{query};
        for (Query row{tx, explain}; row.step();) {
            row.integer();
            row.integer();
            row.integer();
            if (const auto line = row.text(); line.starts_with("SCAN"))
                found.push_back(line);
        }
    }
    return found;
}

} // namespace

TEST_CASE("Where all is well the auditor finds nothing", "[storage][auditor]")
{
    CHECK(found_after({}) == Subjects{});
    // Nothing is due before its time, and an empty database has no fault.
    CHECK(found_after({}, noon + 3min) == Subjects{});
    Opened db;
    CHECK(db.read([](Transaction& tx) { return Invariants{}.check(tx, noon).size(); }) == 0);
}

TEST_CASE("I1: a sender was told of an alert that is not there", "[storage][auditor]")
{
    const std::string told = "INSERT INTO accepted (at, source, dedup_key, alert) VALUES (1, 'alertmanager', 'key-13', ";
    CHECK(found_after({told + "99)"}) == Subjects{"I1 alert #99"});
    CHECK(found_after({told + "0)"}) == Subjects{"I1 alert #0"});
    CHECK(found_after({told + "14)"}) == Subjects{"I1 alert #14"}); // another alert
    CHECK(found_after({told + "13)"}) == Subjects{}); // a second time
}

TEST_CASE(
    "I1: however many alerts came in, all are looked up in the end, and it stays where one is missing", "[storage][auditor]")
{
    Opened db;
    Invariants invariants;
    const auto pass = [&] { return subjects(db.read([&](Transaction& tx) { return invariants.check(tx, noon); })); };
    const auto write = [&](const std::string& sql) { db.write([&](Transaction& tx) { run(tx, sql); }); };
    db.write([](Transaction& tx) { stored::fill(tx, 3'000, 0, noon); });
    CHECK(pass() == Subjects{});
    write("UPDATE accepted SET alert = 9999 WHERE id = 1700");
    Subjects found;
    for (int i = 0; i < 8 && found.empty(); ++i)
        found = pass();
    CHECK(found == Subjects{"I1 alert #9999"});
    CHECK(pass() == found);
    write("UPDATE accepted SET alert = 1700 WHERE id = 1700");
    for (int i = 0; i < 8; ++i)
        CHECK(pass() == Subjects{});
    // A new one is looked up at once, and what was forgotten is missed by nobody.
    write("UPDATE accepted SET alert = 8888 WHERE id = 2990");
    CHECK(pass() == Subjects{"I1 alert #8888"});
    write("DELETE FROM accepted WHERE id < 2995");
    for (int i = 0; i < 8; ++i)
        CHECK(pass() == Subjects{});
}

TEST_CASE("I2: whoever waits for an answer has a timer that comes", "[storage][auditor]")
{
    SECTION("a page without one, paging or crying")
    {
        CHECK(found_after({"DELETE FROM timers WHERE kind = 'page' AND subject IN (13, 20)"})
            == Subjects{"I2 page 13", "I2 page 20"});
    }
    SECTION("one that is overdue by more than a minute, or that is put off and off")
    {
        const std::string overdue = "UPDATE timers SET due = " + text(noon - 61s) + " WHERE kind = 'page' AND subject = 13";
        CHECK(found_after({overdue, "UPDATE pages SET due = " + text(noon - 61s) + " WHERE id = 13"}) == Subjects{"I2 page 13"});
        CHECK(found_after({"UPDATE pages SET due = " + text(noon - 61s) + " WHERE id = 13"}) == Subjects{"I2 page 13"});
        CHECK(found_after({"UPDATE timers SET due = " + text(noon - 59s) + " WHERE kind = 'page' AND subject = 13",
                  "UPDATE pages SET due = " + text(noon - 59s) + " WHERE id = 13"})
            == Subjects{});
    }
    SECTION("one that is set for long after its step")
    {
        CHECK(found_after({"UPDATE timers SET due = due + 86400000 WHERE kind = 'page' AND subject = 13"})
            == Subjects{"I2 page 13"});
    }
    SECTION("a snooze and a promise")
    {
        CHECK(
            found_after({"DELETE FROM timers WHERE kind IN ('snooze', 'promise')"}) == Subjects{"I2 alert #18", "I2 alert #19"});
        CHECK(found_after({}, noon + 62min).size() > 2); // nothing ran for an hour
        const std::string woken = "UPDATE alerts SET snoozed_until = " + text(noon - 2min);
        CHECK(found_after({woken + " WHERE id = 18"}) == Subjects{"I2 alert #18"});
        CHECK(found_after({"UPDATE timers SET due = due + 86400000 WHERE kind IN ('snooze', 'promise')"})
            == Subjects{"I2 alert #18", "I2 alert #19"});
        // The reminder of a promise was sent; its patience has a timer of its own.
        CHECK(found_after({woken + " WHERE id = 19",
                  "UPDATE timers SET kind = 'lapse', due = " + text(noon + 4min) + " WHERE kind = 'promise'"})
            == Subjects{});
        CHECK(found_after({"UPDATE timers SET kind = 'lapse', due = " + text(noon - 2min) + " WHERE kind = 'promise'"})
            == Subjects{"I2 alert #19"});
    }
    SECTION("\"still on it?\", to be asked and then to be answered")
    {
        const std::string to_ask = "INSERT INTO still_on_it VALUES (17, 'U1', 1800000, " + text(noon + 30min) + ", 0)";
        const std::string asked =
            "INSERT INTO still_on_it VALUES (17, 'U1', 1800000, " + text(noon + 4min) + ", " + text(noon - 1min) + ")";
        const auto timer = [](const std::string& kind, TimePoint due) {
            return "INSERT INTO timers (kind, subject, due) VALUES ('" + kind + "', 17, " + text(due) + ")";
        };
        CHECK(found_after({to_ask, timer("promise", noon + 30min)}) == Subjects{});
        CHECK(found_after({asked, timer("lapse", noon + 4min)}) == Subjects{});
        CHECK(found_after({to_ask}) == Subjects{"I2 alert #17"});
        CHECK(found_after({asked, timer("promise", noon + 4min)}) == Subjects{"I2 alert #17"});
        CHECK(found_after({to_ask, timer("promise", noon + 24h)}) == Subjects{"I2 alert #17"});
        const auto late = found_after({asked, timer("lapse", noon + 4min)}, noon + 6min);
        CHECK(std::find(late.begin(), late.end(), "I2 alert #17") != late.end());
        // Set again, it is for when it was to be.
        Opened db;
        db.write([&](Transaction& tx) {
            stored::fill(tx, 20, 10, noon);
            run(tx, to_ask);
            const auto found = Invariants{}.check(tx, noon);
            REQUIRE(found.size() == 1);
            REQUIRE(found.front().lost);
            CHECK(find_again(tx, *found.front().lost, noon));
            CHECK(Invariants{}.check(tx, noon).empty());
        });
    }
    SECTION("an alert that waits while its page has stopped")
    {
        CHECK(found_after({"UPDATE alerts SET state = 'triggered' WHERE id = 17"}) == Subjects{"I2 alert #17"});
        // One that was never paged waits for nobody.
        CHECK(found_after(
                  {"UPDATE alerts SET state = 'triggered' WHERE id = 17", "UPDATE pages SET responder = 'U1' WHERE id = 17"})
            == Subjects{});
    }
}

TEST_CASE("I2: what is under way comes to an end", "[storage][auditor]")
{
    Opened db;
    Invariants invariants;
    const auto at = [&](TimePoint now) { return subjects(db.read([&](Transaction& tx) { return invariants.check(tx, now); })); };
    const auto write = [&](const std::string& sql) { db.write([&](Transaction& tx) { run(tx, sql); }); };
    write(
        "INSERT INTO outbox (id, key, kind, priority, lane, subject, body, state, revision, attempts, created_at, next_attempt, "
        "ambiguous, error) VALUES (7, 'card:1', 'card', 2, '#a', 1, '', 'leased', 1, 1, 0, 0, 0, '')");
    CHECK(at(noon) == Subjects{});
    CHECK(at(noon + 5min) == Subjects{});
    CHECK(at(noon + 6min) == Subjects{"I2 message 7"});
    write("UPDATE outbox SET attempts = 2"); // another attempt has time of its own
    CHECK(at(noon + 7min) == Subjects{});
    CHECK(at(noon + 13min) == Subjects{"I2 message 7"});
    write("UPDATE outbox SET state = 'ready'");
    CHECK(at(noon + 14min) == Subjects{});
}

TEST_CASE("I3: a step tells somebody, if only the fallback channel", "[storage][auditor]")
{
    CHECK(found_after({"UPDATE pages SET stepped_at = stepped_at + 1 WHERE id IN (13, 20)"})
        == Subjects{"I3 page 13", "I3 page 20"});
    CHECK(found_after({"DELETE FROM messages", "DELETE FROM notifications WHERE page = 13"}) == Subjects{"I3 page 13"});
    CHECK(found_after({"UPDATE notifications SET method = 'fallback' WHERE page = 13"}) == Subjects{});
}

TEST_CASE("I4: what was planned is sent, or waits to be, or the page goes on", "[storage][auditor]")
{
    const std::string planned = "UPDATE notifications SET state = 'planned', sent_at = 0, times_sent = 0 WHERE id = 26";
    const auto row = [](const std::string& state) {
        return "INSERT INTO outbox (key, kind, priority, lane, subject, body, state, revision, attempts, created_at, "
               "next_attempt, "
               "ambiguous, error) VALUES ('notify:13.0.0.1.U1234567.slack', 'dm', 0, 'U1234567', 26, '', '"
            + state + "', 1, 9, 0, " + text(noon + 1min) + ", 1, 'timeout')";
    };
    SECTION("nothing is there to send it")
    {
        CHECK(found_after({planned}) == Subjects{"I4 notification 26"});
        // Slack is out, and it is tried again and again: its page climbs meanwhile.
        CHECK(found_after({planned, row("ready")}) == Subjects{});
        CHECK(found_after({planned, row("leased")}) == Subjects{});
        // It was under way when the page was answered, and did not get through.
        CHECK(found_after({planned, "UPDATE pages SET state = 'acknowledged', stopped_at = " + text(noon) + " WHERE id = 13",
                  "UPDATE alerts SET state = 'acknowledged' WHERE id = 13"})
            == Subjects{});
    }
    SECTION("all of a step failed, and the page waits out its patience")
    {
        const std::string failed = "UPDATE notifications SET state = 'failed' WHERE id = 26";
        CHECK(found_after({failed}) == Subjects{"I4 page 13"});
        CHECK(found_after({failed, "UPDATE pages SET due = " + text(noon),
                  "UPDATE timers SET due = " + text(noon) + " WHERE kind = 'page'"})
            == Subjects{}); // it goes on now
        CHECK(found_after({failed, "UPDATE notifications SET planned_at = planned_at + 1 WHERE id IN (25, 26)",
                  "UPDATE notifications SET planned_at = planned_at + 300000 WHERE id = 25"})
            == Subjects{}); // another of the step got through
    }
    SECTION("the first page in the outbox is due, and nobody takes it")
    {
        Opened db;
        Invariants invariants;
        const auto at = [&](TimePoint now) {
            return subjects(db.read([&](Transaction& tx) { return invariants.check(tx, now); }));
        };
        const auto write = [&](const std::string& sql) { db.write([&](Transaction& tx) { run(tx, sql); }); };
        write(row("ready"));
        CHECK(at(noon) == Subjects{}); // not due yet
        CHECK(at(noon + 1min) == Subjects{});
        CHECK(at(noon + 4min) == Subjects{});
        CHECK(at(noon + 4min + 1s) == Subjects{"I4 outbox"});
        write("UPDATE outbox SET attempts = attempts + 1, next_attempt = next_attempt + 60000"); // Slack is out: tried in vain
        CHECK(at(noon + 5min) == Subjects{});
        write("UPDATE outbox SET priority = 3"); // a card may wait for hours behind others
        CHECK(at(noon + 5h) == Subjects{});
    }
}

TEST_CASE("I5: nothing is sent more often than restarts explain", "[storage][auditor]")
{
    const auto sent = [](int times, TimePoint at) {
        return "UPDATE notifications SET times_sent = " + std::to_string(times) + ", sent_at = " + text(at) + " WHERE id = 26";
    };
    CHECK(found_after({sent(2, noon)}) == Subjects{"I5 notification 26"});
    CHECK(found_after({sent(2, noon), "INSERT INTO starts (at) VALUES (" + text(noon - 1s) + ")"}) == Subjects{});
    CHECK(found_after({sent(3, noon), "INSERT INTO starts (at) VALUES (" + text(noon - 1s) + ")"})
        == Subjects{"I5 notification 26"});
    CHECK(found_after({sent(2, noon - 61min)}) == Subjects{}); // told for an hour
    // Each attempt but the first follows a failed one.
    const std::string second = "UPDATE notifications SET attempts = 2 WHERE id = 26";
    CHECK(found_after({sent(2, noon), second}) == Subjects{});
    CHECK(found_after({sent(3, noon), second}) == Subjects{"I5 notification 26"});
}

TEST_CASE("I2 and I6: a person's ladder takes its steps while its page waits for an answer, and then none", "[storage][auditor]")
{
    const auto run_of = [](int page, TimePoint due, const std::string& state = "active") {
        const auto id = std::to_string(page);
        return "INSERT INTO runs (id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state) "
               "VALUES "
               "(7, 1, "
            + id + ", " + id + ", 0, 0, 0, 'U1234567', 'Mine', '[]', 'named', 1, " + text(due) + ", '" + state + "')";
    };
    const auto timer = [](TimePoint due) {
        return "INSERT INTO timers (kind, subject, due) VALUES ('run', 7, " + text(due) + ")";
    };
    CHECK(found_after({run_of(13, noon + 1min), timer(noon + 1min)}) == Subjects{});
    CHECK(found_after({run_of(20, noon + 1min), timer(noon + 1min)}) == Subjects{}); // exhausted, and still unanswered
    CHECK(found_after({run_of(13, noon + 1min)}) == Subjects{"I2 run 7"});
    CHECK(found_after({run_of(13, noon - 59s), timer(noon - 59s)}) == Subjects{});
    CHECK(found_after({run_of(13, noon - 61s), timer(noon - 61s)}) == Subjects{"I2 run 7"});
    CHECK(found_after({run_of(13, noon + 1min), timer(noon + 24h)}) == Subjects{"I2 run 7"});
    CHECK(found_after({run_of(17, noon + 1min), timer(noon + 1min)}) == Subjects{"I6 run 7"}); // acknowledged
    for (const auto* state : {"stopped", "completed"})
        CHECK(found_after({run_of(17, noon - 1h, state)}) == Subjects{});
}

TEST_CASE("What quiet hours hold is told to nobody yet, has its timer, and goes on after no answer", "[storage][auditor][quiet]")
{
    const auto held = [](int page, TimePoint due, const std::string& state = "held") {
        const auto id = std::to_string(page);
        return "INSERT INTO runs (id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state, "
               "waited) VALUES (7, 1, "
            + id + ", " + id + ", 0, 0, 1, 'U1234567', 'Mine', '[]', 'named', 0, " + text(due) + ", '" + state + "', 1)";
    };
    const auto timer = [](TimePoint due) {
        return "INSERT INTO timers (kind, subject, due) VALUES ('run', 7, " + text(due) + ")";
    };
    const std::string told_nobody = "DELETE FROM notifications WHERE page = 13";
    CHECK(found_after({told_nobody}) == Subjects{"I3 page 13"});
    CHECK(found_after({told_nobody, held(13, noon + 8h), timer(noon + 8h)}) == Subjects{});
    CHECK(found_after({told_nobody, held(13, noon + 8h), timer(noon + 8h), "UPDATE runs SET state = 'completed'"})
        == Subjects{"I3 page 13"});
    CHECK(found_after({held(13, noon + 8h)}) == Subjects{"I2 run 7"});
    CHECK(found_after({held(13, noon - 61s), timer(noon - 61s)}) == Subjects{"I2 run 7"});
    CHECK(found_after({held(17, noon + 8h), timer(noon + 8h)}) == Subjects{"I6 run 7"});
}

TEST_CASE("I2, I3 and I4: a page is held for others for half a minute and no longer, and its message is theirs too",
    "[storage][auditor][bundles]")
{
    const auto held = [](TimePoint begun, TimePoint due) {
        return std::vector<std::string>{
            "INSERT INTO runs (id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state, "
            "urgency, begun_at, bundle) VALUES (7, 1, 13, 13, 0, 0, 0, 'U1234567', 'Mine', '[]', 'named', 0, "
                + text(due) + ", 'active', 'high', " + text(begun) + ", 9)",
            "INSERT INTO timers (kind, subject, due) VALUES ('run', 7, " + text(due) + ")",
            "DELETE FROM notifications WHERE page = 13"};
    };
    CHECK(found_after(held(noon - 10s, noon + 20s)) == Subjects{});
    CHECK(found_after(held(noon - 30s, noon)) == Subjects{});
    CHECK(found_after(held(noon - 39s, noon - 9s)) == Subjects{}); // being done
    CHECK(found_after(held(noon - 41s, noon - 11s)) == Subjects{"I2 run 7"});
    CHECK(found_after(held(noon, noon + 31s)) == Subjects{"I2 run 7"});
    CHECK(found_after(held(noon - 1h, noon)) == Subjects{}); // its answer was taken back just now
    auto told = held(noon - 40s, noon + 1min);
    told.push_back("UPDATE runs SET next = 1");
    CHECK(found_after(told) == Subjects{"I3 page 13"}); // nobody was

    const std::string planned = "UPDATE notifications SET state = 'planned', bundle = 9, step = 0 WHERE id = 26";
    const std::string row =
        "INSERT INTO outbox (key, kind, priority, lane, subject, body, state, revision, attempts, created_at, next_attempt, "
        "ambiguous, error) VALUES ('notify:bundle.9.slack.0', 'dm', 0, 'U1234567', 26, '', 'ready', 1, 0, 0, 0, 0, '')";
    CHECK(found_after({planned}) == Subjects{"I4 notification 26"});
    CHECK(found_after({planned, row}) == Subjects{});
}

TEST_CASE("I6: after an answer nobody is notified any more", "[storage][auditor]")
{
    // Page 17 was answered; its notifications are 33 and 34. What is planned before and under way then may still arrive.
    const auto answered = [](TimePoint at) { return "UPDATE pages SET stopped_at = " + text(at) + " WHERE id = 17"; };
    const auto sent = [](TimePoint at) { return "UPDATE notifications SET sent_at = " + text(at) + " WHERE id = 34"; };
    const std::string unknown = "DELETE FROM messages WHERE alert = 17";
    SECTION("a send long after")
    {
        CHECK(found_after({answered(noon - 10min), sent(noon - 9min), unknown}) == Subjects{});
        CHECK(found_after({answered(noon - 10min), sent(noon - 8min), unknown}) == Subjects{"I6 notification 34"});
        CHECK(found_after(
                  {answered(noon - 2h), "UPDATE notifications SET sent_at = " + text(noon - 61min) + " WHERE page = 17", unknown})
            == Subjects{}); // told for an hour
    }
    SECTION("what left before, and was only looked up later, counts by Slack's time")
    {
        const auto posted = [](TimePoint at) {
            return "UPDATE messages SET ts = '" + text(at).substr(0, 10) + ".000200' WHERE kind = 'dm' AND place = '34'";
        };
        CHECK(found_after({answered(noon - 10min), sent(noon), posted(noon - 10min - 1s)}) == Subjects{});
        CHECK(found_after({answered(noon - 10min), sent(noon), posted(noon - 5min)}) == Subjects{"I6 notification 34"});
    }
    SECTION("one that was planned after, however soon it was sent")
    {
        CHECK(found_after({answered(noon - 10min), sent(noon - 10min + 2s),
                  "UPDATE notifications SET planned_at = " + text(noon - 10min + 1s) + " WHERE id = 34"})
            == Subjects{"I6 notification 34"});
    }
    SECTION("a page that goes on, though its alert has been answered")
    {
        CHECK(found_after({"UPDATE alerts SET state = 'acknowledged' WHERE id = 13"}) == Subjects{"I6 page 13"});
        // Who is asked to help is paged until the alert is resolved.
        const std::string helps = "UPDATE pages SET responder = 'U2' WHERE id = 13";
        CHECK(found_after({helps, "UPDATE alerts SET state = 'acknowledged' WHERE id = 13"}) == Subjects{});
        CHECK(found_after({helps, "UPDATE alerts SET state = 'resolved' WHERE id = 13"}) == Subjects{"I6 page 13"});
    }
}

TEST_CASE("I7: every notification says why", "[storage][auditor]")
{
    CHECK(found_after({"UPDATE notifications SET why = '' WHERE id = 26"}) == Subjects{"I7 notification 26"});
    CHECK(found_after({"UPDATE notifications SET why = '', planned_at = planned_at - 3600000 WHERE id = 1"}) == Subjects{});
}

TEST_CASE("I8: an open alert is shown in its channel, or is about to be", "[storage][auditor][calm]")
{
    const auto placed = [](int alert, int bundle) {
        return "INSERT INTO channel_alerts (alert, place, opened_at, bundle, state) VALUES (" + std::to_string(alert)
            + ", '#payments', 0, " + std::to_string(bundle) + ", 'triggered')";
    };
    const auto waits = [](const std::string& key) {
        return "INSERT INTO outbox (key, kind, priority, lane, subject, body, state, revision, attempts, created_at, "
               "next_attempt, ambiguous, error) VALUES ('"
            + key + "', 'card', 3, '#payments', 0, '', 'ready', 1, 0, 0, 0, 0, '')";
    };
    const std::string card =
        "INSERT INTO messages (alert, kind, place, channel, ts, told_up_to) VALUES (13, 'card', '#payments', 'C1', '1.1', 0)";
    CHECK(found_after({placed(13, 0)}) == Subjects{"I8 alert #13"});
    CHECK(found_after({placed(13, 0), waits("card:13")}) == Subjects{});
    CHECK(found_after({placed(13, 0), card}) == Subjects{});
    CHECK(found_after({placed(5, 0)}) == Subjects{}); // resolved
    const auto bundle = [](const std::string& ts) {
        return "INSERT INTO channel_bundles (id, place, opened_at, channel, ts) VALUES (9, '#payments', 0, 'C1', '" + ts + "')";
    };
    CHECK(found_after({placed(13, 9), placed(17, 9), bundle("")}) == Subjects{"I8 alert #13", "I8 alert #17"});
    CHECK(found_after({placed(13, 9), bundle(""), waits("channel_bundle:9")}) == Subjects{});
    CHECK(found_after({placed(13, 9), bundle("1.1")}) == Subjects{});
}

TEST_CASE("I9: whoever is of a group has an open alert that stands for it, and no page besides", "[storage][auditor][grouping]")
{
    // 18 is snoozed, 17 acknowledged, 5 resolved.
    CHECK(found_after({"UPDATE alerts SET parent = 17 WHERE id = 18"}) == Subjects{});
    CHECK(found_after({"UPDATE alerts SET parent = 5 WHERE id = 18"}) == Subjects{"I9 alert #18"});
    CHECK(found_after({"UPDATE alerts SET parent = 5 WHERE id = 4"}) == Subjects{}); // over with it
    CHECK(found_after({"UPDATE alerts SET parent = 17 WHERE id = 13"}) == Subjects{"I9 alert #13"}); // it is paged
    CHECK(found_after({"UPDATE alerts SET parent = 17 WHERE id = 18", "UPDATE alerts SET parent = 16 WHERE id = 17"})
        == Subjects{"I9 alert #18"}); // one stands for all
    // What stands for it has the timers.
    CHECK(found_after({"UPDATE alerts SET parent = 17 WHERE id = 18", "DELETE FROM timers WHERE kind = 'snooze'"}) == Subjects{});
}

TEST_CASE("I2: what is held back has a timer for its end, which is set again if it was lost", "[storage][auditor]")
{
    const auto until = std::to_string((noon + 1h).time_since_epoch().count());
    const auto held = [&](int alert) {
        return "INSERT INTO arrivals (alert, kind, subject, until, because, policy, held_at) VALUES (" + std::to_string(alert)
            + ", 'silence', 1, " + until + ", 'the rack is moved', 'payments', 0)";
    };
    CHECK(found_after({held(13)}) == Subjects{"I2 alert #13"});
    CHECK(found_after({held(13), "INSERT INTO timers (kind, subject, due) VALUES ('arrival', 13, " + until + ")"}) == Subjects{});
    CHECK(found_after({held(17), held(18), held(5)}) == Subjects{}); // acknowledged, snoozed, resolved: it is looked at then
    Opened db;
    db.write([&](Transaction& tx) {
        stored::fill(tx, 20, 10, noon);
        run(tx, held(13));
        const auto found = Invariants{}.check(tx, noon);
        REQUIRE(found.size() == 1);
        REQUIRE(found.front().lost);
        CHECK(find_again(tx, *found.front().lost, noon));
        CHECK(Invariants{}.check(tx, noon).empty());
        run(tx, "DELETE FROM arrivals");
        run(tx, "DELETE FROM timers WHERE kind = 'arrival'");
        CHECK_FALSE(find_again(tx, *found.front().lost, noon));
        return true;
    });
}

TEST_CASE("A lost timer is set again while somebody waits for it", "[storage][auditor]")
{
    Opened db;
    db.write([](Transaction& tx) {
        stored::fill(tx, 20, 10, noon);
        run(tx, "DELETE FROM timers WHERE subject IN (13, 18, 19)");
        run(tx, "UPDATE timers SET due = due + 86400000 WHERE subject = 14");
        const auto found = Invariants{}.check(tx, noon);
        REQUIRE(subjects(found) == Subjects{"I2 alert #18", "I2 alert #19", "I2 page 13", "I2 page 14"});
        for (const auto& one : found) {
            REQUIRE(one.lost);
            CHECK(find_again(tx, *one.lost, noon));
            CHECK_FALSE(find_again(tx, *one.lost, noon)); // it is there
        }
        CHECK(tx.touched.timers); // the engine is woken
        CHECK(Invariants{}.check(tx, noon).empty());
        // A snooze is not cut short.
        Query row{tx, "SELECT due FROM timers WHERE kind = 'snooze'"};
        REQUIRE(row.step());
        CHECK(row.time() == noon + 1h);
        // Answered meanwhile: nothing is set.
        run(tx, "DELETE FROM timers WHERE subject = 13");
        run(tx, "UPDATE pages SET state = 'acknowledged' WHERE id = 13");
        CHECK_FALSE(find_again(tx, {"page", 13, noon}, noon));
        // The same with a person's ladder.
        run(tx,
            "INSERT INTO runs (id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state) "
            "VALUES (7, "
            "1, 14, 14, 0, 0, 0, 'U1234567', 'Mine', '[]', 'named', 1, $1, 'active')",
            noon + 1min);
        CHECK(find_again(tx, {"run", 7, noon + 1min}, noon));
        CHECK_FALSE(find_again(tx, {"run", 7, noon + 1min}, noon)); // it is there
        for (const auto& one : subjects(Invariants{}.check(tx, noon)))
            CHECK(one.find("run") == one.npos);
        run(tx, "UPDATE runs SET state = 'completed'");
        run(tx, "DELETE FROM timers WHERE kind = 'run'");
        CHECK_FALSE(find_again(tx, {"run", 7, noon + 1min}, noon));
    });
}

TEST_CASE("What is open and what waits is counted", "[storage][auditor]")
{
    Opened db;
    db.write([](Transaction& tx) {
        auto counts = count(tx, noon);
        CHECK(counts.alerts.at("triggered") == 0);
        CHECK(counts.pages.at("exhausted") == 0);
        stored::fill(tx, 20, 10, noon);
        for (const int priority : {0, 2, 2})
            run(tx,
                "INSERT INTO outbox (key, kind, priority, lane, subject, body, state, revision, attempts, created_at, "
                "next_attempt,"
                " ambiguous, error) SELECT COUNT(*), 'x', $1, '', 0, '', 'ready', 1, 0, $2 + 1000 * COUNT(*), 0, 0, '' FROM "
                "outbox",
                priority, noon - 5s);
        run(tx, "UPDATE timers SET due = $1 WHERE kind = 'snooze'", noon - 2s);
        counts = count(tx, noon);
        CHECK(counts.alerts
            == std::map<std::string, std::int64_t>{{"triggered", 7}, {"acknowledged", 1}, {"snoozed", 1}, {"promised", 1}});
        CHECK(counts.pages == std::map<std::string, std::int64_t>{{"paging", 4}, {"exhausted", 3}});
        CHECK(counts.outbox[0].rows == 1);
        CHECK(counts.outbox[0].oldest == 5s);
        CHECK(counts.outbox[1].rows == 0);
        CHECK(counts.outbox[2].rows == 2);
        CHECK(counts.outbox[2].oldest == 4s);
        CHECK(counts.timer_lag == 2s);
        run(tx,
            "INSERT INTO runs (id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state, "
            "bundle) VALUES (7, 1, 14, 14, 0, 0, 0, 'U1234567', 'Mine', '[]', 'named', 0, $1, 'active', 5)",
            noon + 1min);
        CHECK(count(tx, noon).held == 1);
        run(tx, "UPDATE alerts SET drill = 1 WHERE id = 14");
        CHECK(count(tx, noon).held == 0);
    });
}

TEST_CASE("An audit of a hundred thousand alerts takes milliseconds", "[storage][auditor]")
{
    Opened db;
    db.write([](Transaction& tx) { stored::fill(tx, 100'000, 1'000, noon); });

    // Whatever is walked as a whole is an index of what is open, or what was found a line above.
    auto queries = Invariants::queries();
    for (const auto query : count_queries())
        queries.push_back(query);
    const auto scans = db.read([&](Transaction& tx) { return walks(tx, queries); });
    CHECK_FALSE(scans.empty());
    for (const auto& line : scans) {
        INFO(line);
        const bool open = line.ends_with("USING INDEX pages_open") || line.ends_with("USING COVERING INDEX pages_open")
            || line.ends_with("USING COVERING INDEX alerts_by_state") || line.ends_with("USING INDEX alerts_by_state")
            || line.ends_with("USING INDEX runs_open") || line.ends_with("INDEX runs_to_come")
            || line.ends_with("USING COVERING INDEX still_on_it_due");
        // The newest sends, at most 300 of them; and the outbox, which holds what waits alone.
        const bool few =
            line == "SCAN n" || line == "SCAN CONSTANT ROW" || line == "SCAN outbox USING COVERING INDEX outbox_lanes";
        CHECK((open || few));
    }

    double best = 1'000;
    Invariants invariants;
    for (int i = 0; i < 5; ++i) {
        const auto begun = std::clock(); // of the processor: whatever else this machine does is not counted
        CHECK(subjects(db.read([&](Transaction& tx) { return invariants.check(tx, noon); })) == Subjects{});
        best = std::min(best, 1'000.0 * static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
    }
    INFO("the best of five took " << best << " ms");
#ifdef __SANITIZE_ADDRESS__
    CHECK(best < 25);
#else
    CHECK(best < 5);
#endif
}
