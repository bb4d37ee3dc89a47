#include "storage/invariants.hpp"

#include "storage/sql.hpp"

#include <algorithm>

namespace storage {

using namespace std::chrono_literals;

namespace {

constexpr auto late = 1min; // how long a timer may be overdue
constexpr auto held_late = 10s; // how long a bundle may be overdue
constexpr std::chrono::milliseconds longest_hold = 30s;
constexpr auto arriving = 1min; // how long what was under way at an answer may take; an attempt is at most six calls of 10 s
constexpr auto longest_attempt = 5min;
constexpr auto longest_first = 3min; // a lane is busy for one attempt at most
constexpr auto told_for = 1h; // what is over and cannot be mended
constexpr std::int64_t looked_up = 500; // rows of `accepted` a time: the newest ones, and as many of the others in turn

// --- I1 -----------------------------------------------------------------------------------------------------------------------
constexpr std::string_view accepted_range = "SELECT (SELECT MIN(id) FROM accepted), (SELECT MAX(id) FROM accepted)";
constexpr std::string_view accepted_in_vain =
    "SELECT a.alert FROM accepted a WHERE a.id > $1 AND a.id <= $2 AND NOT EXISTS (SELECT 1 FROM alerts x WHERE x.id = a.alert"
    " AND x.source = a.source AND x.dedup_key = a.dedup_key) ORDER BY a.id LIMIT 100";

// --- I2 -----------------------------------------------------------------------------------------------------------------------
// $1: the oldest time that is not late, $2: the latest that is not far
constexpr std::string_view page_without_timer =
    "SELECT p.id, p.alert, p.due, t.due FROM pages p LEFT JOIN timers t ON t.kind = 'page' AND t.subject = p.id"
    " WHERE p.state IN ('paging', 'exhausted') AND"
    " (t.due IS NULL OR t.due < $1 OR p.due < $1 OR (t.due > p.due + 60000 AND t.due > $2)) LIMIT 100";
constexpr std::string_view run_without_timer =
    "SELECT r.id, r.alert, r.due, t.due FROM runs r LEFT JOIN timers t ON t.kind = 'run' AND t.subject = r.id"
    " WHERE r.state IN ('active', 'held') AND"
    " (t.due IS NULL OR t.due < $1 OR r.due < $1 OR (t.due > r.due + 60000 AND t.due > $2)) LIMIT 100";
// $1: the oldest time that a bundle may have been due at, $2: the longest hold in milliseconds, $3: now
constexpr std::string_view held_too_long =
    "SELECT r.id, r.alert, r.begun_at FROM runs r WHERE r.bundle <> 0 AND r.state = 'active' AND r.next = 0 AND"
    " (r.due < $1 OR (r.due > r.begun_at + $2 AND r.due > $3)) LIMIT 100";
constexpr std::string_view snooze_without_timer =
    "SELECT a.id, a.snoozed_until, t.due FROM alerts a LEFT JOIN timers t ON t.kind = 'snooze' AND t.subject = a.id"
    " WHERE a.state <> 'resolved' AND a.state = 'snoozed' AND a.parent = 0 AND"
    " (t.due IS NULL OR t.due < $1 OR a.snoozed_until < $1 OR (t.due > a.snoozed_until + 60000 AND t.due > $2)) LIMIT 100";
// A promise has two: the reminder, and after it the end of the patience with it.
constexpr std::string_view promise_without_timer =
    "SELECT a.id, a.snoozed_until, COALESCE(r.due, l.due) FROM alerts a LEFT JOIN timers r ON r.kind = 'promise' AND r.subject = "
    "a.id LEFT JOIN timers l ON l.kind = 'lapse' AND l.subject = a.id WHERE a.state <> 'resolved' AND a.state = 'promised' AND "
    "a.parent = 0 AND"
    " ((r.due IS NULL AND l.due IS NULL) OR r.due < $1 OR l.due < $1 OR (r.due > a.snoozed_until + 60000 AND r.due > $2))"
    " LIMIT 100";
// As a promise, by the same timers.
constexpr std::string_view still_without_timer =
    "SELECT s.alert, s.due, t.due, CASE s.asked_at WHEN 0 THEN 'promise' ELSE 'lapse' END FROM still_on_it s LEFT JOIN timers t"
    " ON t.kind = CASE s.asked_at WHEN 0 THEN 'promise' ELSE 'lapse' END AND t.subject = s.alert WHERE"
    " t.due IS NULL OR t.due < $1 OR s.due < $1 OR (t.due > s.due + 60000 AND t.due > $2) LIMIT 100";
constexpr std::string_view waiting_in_vain =
    "SELECT a.id FROM alerts a WHERE a.state <> 'resolved' AND a.state = 'triggered' AND a.parent = 0 AND (SELECT p.state FROM "
    "pages p WHERE p.alert = a.id AND p.responder = '' ORDER BY p.id DESC LIMIT 1) IN ('acknowledged', 'resolved')"
    " AND NOT EXISTS (SELECT 1 FROM arrivals h WHERE h.alert = a.id) LIMIT 100";
constexpr std::string_view held_without_timer =
    "SELECT a.id, h.until, t.due FROM alerts a CROSS JOIN arrivals h LEFT JOIN timers t ON t.kind = 'arrival' AND t.subject = "
    "h.alert WHERE a.state <> 'resolved' AND a.state = 'triggered' AND a.parent = 0 AND h.alert = a.id AND"
    " (t.due IS NULL OR t.due < $1 OR (t.due > h.until + 60000 AND t.due > $2)) LIMIT 100";
constexpr std::string_view leased = "SELECT id, attempts FROM outbox WHERE state = 'leased'";

// --- I3 -----------------------------------------------------------------------------------------------------------------------
constexpr std::string_view step_to_nobody =
    "SELECT p.id, p.alert FROM pages p WHERE p.state IN ('paging', 'exhausted') AND NOT EXISTS (SELECT 1 FROM notifications n"
    " WHERE n.page = p.id AND n.planned_at >= p.stepped_at) AND p.waits = 0 AND NOT EXISTS (SELECT 1 FROM runs r WHERE"
    " r.page = p.id AND r.state IN ('active', 'held') AND (r.state = 'held' OR (r.bundle <> 0 AND r.next = 0))) LIMIT 100";

// --- I4 -----------------------------------------------------------------------------------------------------------------------
constexpr std::string_view planned_in_vain =
    "SELECT n.id, p.id, p.alert FROM pages p CROSS JOIN notifications n WHERE n.page = p.id AND n.state = 'planned' AND"
    " p.state IN ('paging', 'exhausted') AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = 'notify:' || CASE n.bundle WHEN 0 "
    "THEN n.key"
    " ELSE 'bundle.' || n.bundle || '.' || n.method || '.' || n.step END) LIMIT 100";
// $1, $2: a minute before and after now
constexpr std::string_view failed_and_waiting =
    "SELECT p.id, p.alert, p.due FROM pages p WHERE p.state IN ('paging', 'exhausted') AND p.state = 'paging' AND p.due > $2"
    " AND p.waits = 0 AND p.stepped_at < $1 AND EXISTS (SELECT 1 FROM notifications n WHERE n.page = p.id AND n.planned_at >= "
    "p.stepped_at) AND"
    " NOT EXISTS (SELECT 1 FROM notifications n WHERE n.page = p.id AND n.planned_at >= p.stepped_at AND n.state <> 'failed')"
    " AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.page = p.id AND r.state IN ('active', 'held') AND r.state = 'held') LIMIT 100";
// The plus keeps SQLite from sorting all that is due: the first is asked for, not all of them.
constexpr std::string_view first_page =
    "SELECT id, attempts FROM outbox WHERE priority IN (0, 2) AND state = 'ready' AND +next_attempt <= $1 ORDER BY id LIMIT 1";

// --- I5, I6, I7: $1 is an hour ago
// ----------------------------------------------------------------------------------------------
constexpr std::string_view sent_too_often =
    "SELECT n.id, n.page, n.alert, n.times_sent FROM notifications n WHERE n.times_sent > 1 AND n.sent_at >= $1 AND"
    " n.times_sent > MAX(n.attempts, 1) + (SELECT COUNT(*) FROM starts s WHERE s.at >= n.planned_at) LIMIT 100";
// The newest 300 are all that can leave in half a minute. $2: what may still arrive, in milliseconds
constexpr std::string_view sent_after_answer =
    "SELECT n.id, n.page, n.alert, n.sent_at, p.stopped_at FROM (SELECT id, key, page, alert, run, planned_at, sent_at FROM "
    "notifications WHERE sent_at > 0 AND sent_at >= $1 AND method <> 'fallback' ORDER BY sent_at DESC LIMIT 300) n JOIN pages p "
    "ON p.id = n.page"
    " WHERE p.state IN ('acknowledged', 'resolved') AND p.stopped_at > 0 AND n.sent_at > p.stopped_at AND"
    " (n.planned_at > p.stopped_at OR (n.sent_at > p.stopped_at + $2 AND NOT EXISTS (SELECT 1 FROM messages m WHERE"
    " m.alert = n.alert AND m.kind IN ('dm', 'bundle', 'channel_page', 'skipped') AND m.place IN (CAST(n.id AS TEXT), 'notify:' "
    "|| n.key)"
    " AND CAST(m.ts AS REAL) * 1000 <= p.stopped_at + $2))) LIMIT 100";
constexpr std::string_view answered_and_paging =
    "SELECT p.id, p.alert FROM pages p WHERE p.state IN ('paging', 'exhausted') AND NOT EXISTS (SELECT 1 FROM alerts a WHERE"
    " a.id = p.alert AND (a.state = 'triggered' OR (p.responder <> '' AND a.state <> 'resolved'))) LIMIT 100";
constexpr std::string_view answered_and_running =
    "SELECT r.id, r.alert FROM runs r WHERE r.state IN ('active', 'held') AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.id = "
    "r.page AND p.state IN ('paging', 'exhausted')) LIMIT 100";
constexpr std::string_view unexplained =
    "SELECT id, page, alert FROM notifications WHERE why = '' AND planned_at >= $1 LIMIT 100";

// --- I8 -----------------------------------------------------------------------------------------------------------------------
constexpr std::string_view shown_nowhere =
    "SELECT a.id FROM alerts a CROSS JOIN channel_alerts c WHERE a.state <> 'resolved' AND a.state IN ('triggered', 'promised', "
    "'acknowledged', 'snoozed') AND c.alert = a.id AND CASE c.bundle WHEN 0 THEN NOT EXISTS (SELECT 1 FROM messages m WHERE"
    " m.alert = a.id AND m.kind = 'card') AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = 'card:' || a.id)"
    " ELSE NOT EXISTS (SELECT 1 FROM channel_bundles b WHERE b.id = c.bundle AND b.ts <> '') AND NOT EXISTS (SELECT 1 FROM outbox"
    " o WHERE o.key = 'channel_bundle:' || c.bundle) END LIMIT 100";

// --- I9 -----------------------------------------------------------------------------------------------------------------------
constexpr std::string_view stood_for_by_none = "SELECT a.id, a.parent FROM alerts a WHERE a.parent <> 0 AND a.parent > 0 AND "
                                               "a.state <> 'resolved' AND NOT EXISTS (SELECT 1 FROM alerts p"
                                               " WHERE p.id = a.parent AND p.state <> 'resolved' AND p.parent = 0) LIMIT 100";
constexpr std::string_view paged_besides =
    "SELECT a.id, a.parent FROM pages p CROSS JOIN alerts a WHERE a.id = p.alert AND p.state IN ('paging', 'exhausted') AND"
    " a.parent <> 0 LIMIT 100";

std::string alert_number(std::int64_t id) { return "alert #" + std::to_string(id); }
std::string page_number(std::int64_t id) { return "page " + std::to_string(id); }
/// "2026-11-03 12:00:00 UTC"
std::string time_text(TimePoint at)
{
    const auto iso = oncall::iso(at, "UTC");
    return iso.substr(0, 10) + " " + iso.substr(11, 8) + " UTC";
}

/// "notification 9 of page 7 (alert #5)", from a row that begins with the three.
struct Notified {
    std::string subject{};
    std::string words{};
};
Notified notified_in(Query& row)
{
    Notified found;
    found.subject = "notification " + std::to_string(row.integer());
    found.words = "Notification " + found.subject.substr(found.subject.find(' ') + 1);
    found.words += " of " + page_number(row.integer());
    found.words += " (" + alert_number(row.integer()) + ")";
    return found;
}

void timers_of_pages(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    for (Query row{tx, page_without_timer, now - late, now + late}; row.step();) {
        const auto id = row.integer();
        const auto alert = alert_number(row.integer());
        const auto due = row.time();
        const auto page = "Page " + std::to_string(id) + " of " + alert;
        Finding one{"I2", page_number(id)};
        if (row.null()) {
            one.words = page + " is unanswered and has no timer, so it would never go on.";
            one.lost = LostTimer{"page", id, now};
        } else if (const auto timer = row.time(); timer > due + late && timer > now + late) {
            one.words = page + " is to go on at " + time_text(due) + ", but its timer is set for " + time_text(timer) + ".";
            one.lost = LostTimer{"page", id, now};
        } else {
            one.words = page + " was to go on at " + time_text(std::min(due, timer))
                + " and has not. Page somebody by hand, and restart the service.";
        }
        found.push_back(std::move(one));
    }
}

void timers_of_runs(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    for (Query row{tx, run_without_timer, now - late, now + late}; row.step();) {
        const auto id = row.integer();
        const auto run = "Run " + std::to_string(id) + " of " + alert_number(row.integer());
        const auto due = row.time();
        Finding one{"I2", "run " + std::to_string(id)};
        const bool has_timer = !row.null();
        const auto timer = has_timer ? row.time() : TimePoint{};
        if (has_timer && timer <= std::max(due, now) + late) {
            one.words = run + " was to take its next step at " + time_text(std::min(due, timer))
                + " and has not. Escalate the alert, and restart the service.";
        } else {
            one.words = run + " has steps left and "
                + (has_timer ? "its timer is set for " + time_text(timer) + ", long after its time."
                             : std::string{"no timer, so they would never be taken."});
            one.lost = LostTimer{"run", id, std::max(now, due)};
        }
        found.push_back(std::move(one));
    }
}

void bundles(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    for (Query row{tx, held_too_long, now - held_late, longest_hold.count(), now}; row.step();) {
        const auto id = std::to_string(row.integer());
        const auto alert = alert_number(row.integer());
        found.push_back({"I2", "run " + id,
            "Run " + id + " of " + alert + " has been held for others since " + time_text(row.time())
                + ", which is longer than any page may be. Escalate the alert, and restart the service."});
    }
}

void timers_of_alerts(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    struct Kind {
        std::string_view sql{};
        std::string kind{};
        std::string is{};
    };
    for (const auto& kind : {Kind{snooze_without_timer, "snooze", "snoozed"}, Kind{promise_without_timer, "promise", "promised"},
             Kind{held_without_timer, "arrival", "held back"}})
        for (Query row{tx, kind.sql, now - late, now + late}; row.step();) {
            const auto id = row.integer();
            const auto until = row.time();
            Finding one{"I2", alert_number(id)};
            const auto alert = "Alert #" + std::to_string(id) + " is " + kind.is + " until " + time_text(until);
            if (row.null() || row.time() > now + late) {
                one.words = alert + " and has no timer for then, so it would never come back.";
                one.lost = LostTimer{kind.kind, id, std::max(now, until)};
            } else {
                one.words = alert + " and has not come back. Escalate it, and restart the service.";
            }
            found.push_back(std::move(one));
        }
    for (Query row{tx, still_without_timer, now - late, now + late}; row.step();) {
        const auto id = row.integer();
        const auto due = row.time();
        Finding one{"I2", alert_number(id)};
        const auto alert = "Alert #" + std::to_string(id) + " is acknowledged, and at " + time_text(due)
            + " somebody was to be asked whether they are still on it, or it was to page again";
        const bool has_timer = !row.null();
        const auto timer = row.time();
        if (!has_timer || timer > now + late) {
            one.words = alert + "; it has no timer for then, so it never would.";
            one.lost = LostTimer{row.text(), id, std::max(now, due)};
        } else {
            one.words = alert + "; it has not. Ask them, and restart the service.";
        }
        found.push_back(std::move(one));
    }
    for (Query row{tx, waiting_in_vain}; row.step();) {
        const auto id = row.integer();
        found.push_back({"I2", alert_number(id),
            "Alert #" + std::to_string(id)
                + " waits for an answer, and its page has stopped. Escalate it, or page somebody by hand."});
    }
}

void steps(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    for (Query row{tx, step_to_nobody}; row.step();) {
        const auto page = row.integer();
        found.push_back({"I3", page_number(page),
            "Page " + std::to_string(page) + " of " + alert_number(row.integer())
                + " went a step and told nobody, not even the fallback channel. Set ONCALL_CHANNEL, and look at who is on "
                  "call."});
    }
    for (Query row{tx, planned_in_vain}; row.step();) {
        auto one = notified_in(row);
        found.push_back({"I4", one.subject, one.words + " is planned, and nothing is there to send it. Escalate the alert."});
    }
    for (Query row{tx, failed_and_waiting, now - late, now + late}; row.step();) {
        const auto page = row.integer();
        const auto alert = alert_number(row.integer());
        found.push_back({"I4", page_number(page),
            "Nobody of the last step of " + page_number(page) + " (" + alert + ") could be reached, and it waits until "
                + time_text(row.time()) + " all the same. Escalate the alert."});
    }
}

void sends(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    for (Query row{tx, sent_too_often, now - told_for}; row.step();) {
        auto one = notified_in(row);
        found.push_back({"I5", one.subject,
            one.words + " was sent " + std::to_string(row.integer())
                + " times, more often than restarts explain. Keep the log and the database, and report it."});
    }
    for (Query row{tx, sent_after_answer, now - told_for, std::chrono::milliseconds{arriving}.count()}; row.step();) {
        auto one = notified_in(row);
        const auto sent = row.time();
        found.push_back({"I6", one.subject,
            one.words + " was sent at " + time_text(sent) + ", though the page was answered at " + time_text(row.time())
                + ". Keep the log and the database, and report it."});
    }
    for (Query row{tx, answered_and_paging}; row.step();) {
        const auto page = row.integer();
        found.push_back({"I6", page_number(page),
            "Page " + std::to_string(page) + " goes on, though " + alert_number(row.integer())
                + " has been answered. Resolve the alert, or un-acknowledge and acknowledge it again."});
    }
    for (Query row{tx, answered_and_running}; row.step();) {
        const auto id = std::to_string(row.integer());
        found.push_back({"I6", "run " + id,
            "Run " + id + " goes on, though the page of " + alert_number(row.integer())
                + " has stopped. Keep the log and the database, and report it."});
    }
    for (Query row{tx, unexplained, now - told_for}; row.step();) {
        auto one = notified_in(row);
        found.push_back({"I7", one.subject, one.words + " does not say why. Keep the database, and report it."});
    }
    for (Query row{tx, shown_nowhere}; row.step();) {
        const auto id = row.integer();
        const auto alert = alert_number(id);
        found.push_back({"I8", alert,
            "Alert " + alert.substr(alert.find('#'))
                + " is open, its channel has no card of it, and none is on its way. Write `/oncall note " + std::to_string(id)
                + "` and why, which posts it anew."});
    }
}

/// Of a group one stands for all.
void groups(Transaction& tx, std::vector<Finding>& found)
{
    for (Query row{tx, stood_for_by_none}; row.step();) {
        const auto id = row.integer();
        found.push_back({"I9", alert_number(id),
            "Alert #" + std::to_string(id) + " is open, and " + alert_number(row.integer())
                + ", which stands for it, is not. Write `/oncall split " + std::to_string(id) + "`, which pages for it."});
    }
    for (Query row{tx, paged_besides}; row.step();) {
        const auto id = row.integer();
        found.push_back({"I9", alert_number(id),
            "Alert #" + std::to_string(id) + " is paged for, though " + alert_number(row.integer())
                + " stands for it. Resolve it, or split it from there."});
    }
}

} // namespace

std::vector<std::string_view> Invariants::queries()
{
    return {accepted_range, accepted_in_vain, page_without_timer, run_without_timer, held_too_long, snooze_without_timer,
        promise_without_timer, still_without_timer, waiting_in_vain, held_without_timer, leased, step_to_nobody, planned_in_vain,
        failed_and_waiting, first_page, sent_too_often, sent_after_answer, answered_and_paging, answered_and_running, unexplained,
        shown_nowhere, stood_for_by_none, paged_besides};
}

std::vector<Finding> Invariants::check(Transaction& tx, TimePoint now)
{
    std::vector<Finding> found;
    accepted(tx, found);
    timers_of_pages(tx, now, found);
    timers_of_runs(tx, now, found);
    bundles(tx, now, found);
    timers_of_alerts(tx, now, found);
    under_way(tx, now, found);
    steps(tx, now, found);
    first_in_line(tx, now, found);
    sends(tx, now, found);
    groups(tx, found);
    return found;
}

void Invariants::accepted(Transaction& tx, std::vector<Finding>& found)
{
    std::int64_t first{}, last{};
    {
        Query range{tx, accepted_range};
        range.step();
        if (range.null())
            return;
        first = range.integer();
        last = range.integer();
    }
    const auto look = [&](std::int64_t after, std::int64_t up_to) {
        bool clean = true;
        for (Query row{tx, accepted_in_vain, after, up_to}; row.step(); clean = false) {
            const auto alert = alert_number(row.integer());
            found.push_back({"I1", alert,
                "A sender was told that " + alert
                    + " is kept, and it is not in the database. Look at what that source reports as failing, and compare with "
                      "the "
                      "newest backup."});
        }
        return clean;
    };
    // In a storm more come in than are looked at: the newest always, and all of them in the end. It stays where something is
    // wrong.
    const auto old = last - looked_up;
    look(old, last);
    if (looked_up_to_ < first - 1 || looked_up_to_ >= old)
        looked_up_to_ = first - 1;
    const auto up_to = std::min(looked_up_to_ + looked_up, old);
    if (look(looked_up_to_, up_to))
        looked_up_to_ = up_to;
}

void Invariants::under_way(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    std::map<std::pair<std::int64_t, std::int64_t>, TimePoint> still;
    for (Query row{tx, leased}; row.step();) {
        const auto id = row.integer();
        const std::pair key{id, row.integer()};
        const auto before = leased_.find(key);
        const auto since = before == leased_.end() ? now : before->second;
        still.emplace(key, since);
        if (now - since > longest_attempt)
            found.push_back({"I2", "message " + std::to_string(id),
                "Message " + std::to_string(id) + " of the outbox has been under way since " + time_text(since)
                    + ". Restart the service: it then looks up what became of it."});
    }
    leased_ = std::move(still);
}

void Invariants::first_in_line(Transaction& tx, TimePoint now, std::vector<Finding>& found)
{
    Query row{tx, first_page, now};
    std::pair<std::int64_t, std::int64_t> first{};
    if (row.step()) {
        first.first = row.integer();
        first.second = row.integer();
    }
    if (first != first_)
        first_since_ = now;
    first_ = first;
    if (first.first != 0 && now - first_since_ > longest_first)
        found.push_back({"I4", "outbox",
            "Pages wait to be sent, and since " + time_text(first_since_)
                + " nobody has taken the first of them. Page by hand, and restart the service."});
}

bool find_again(Transaction& tx, const LostTimer& lost, TimePoint now)
{
    const bool page = lost.kind == "page";
    const auto waits = page     ? "SELECT 1 FROM pages WHERE id = $1 AND state IN ('paging', 'exhausted')"
        : lost.kind == "run"    ? "SELECT 1 FROM runs WHERE id = $1 AND state IN ('active', 'held')"
        : lost.kind == "snooze" ? "SELECT 1 FROM alerts WHERE id = $1 AND state = 'snoozed'"
        : lost.kind == "arrival"
        ? "SELECT 1 FROM arrivals h JOIN alerts a ON a.id = h.alert WHERE h.alert = $1 AND a.state = 'triggered' AND a.parent = 0"
        : "SELECT 1 FROM alerts WHERE id = $1 AND (state = 'promised' OR EXISTS (SELECT 1 FROM still_on_it WHERE alert = $1))";
    if (!Query{tx, waits, lost.subject}.step())
        return false;
    // It may have been set meanwhile.
    if (Query{tx, "SELECT 1 FROM timers WHERE kind = $1 AND subject = $2 AND due <= $3", lost.kind, lost.subject,
            std::max(now + late, lost.due)}
            .step())
        return false;
    run(tx,
        "INSERT INTO timers (kind, subject, due) VALUES ($1, $2, $3) ON CONFLICT (kind, subject) DO UPDATE SET due = "
        "excluded.due",
        lost.kind, lost.subject, lost.due);
    tx.touched.timers = true;
    return true;
}

} // namespace storage
