#include "storage/many.hpp"

#include "storage/sql.hpp"

namespace stored {

using storage::run;

void fill(storage::Transaction& tx, int alerts, int open, storage::TimePoint now)
{
    // Of ten open ones seven wait for an answer, three of them after everybody was tried.
    const auto resolved = alerts - open;
    run(tx,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) INSERT INTO alerts (id, version, state, "
        "source, dedup_key, title, description, severity, urgency, service, team, rule, because, labels, links, count, "
        "triggered_at, answered_by, answered_at, snoozed_until) SELECT i, 2, CASE WHEN i <= $2 THEN 'resolved' WHEN i % 10 = 7 "
        "THEN 'acknowledged' WHEN i % 10 = 8 THEN 'snoozed' WHEN i % 10 = 9 THEN 'promised' ELSE 'triggered' END, "
        "'alertmanager', 'key-' || i, 'Checkout is down in eu-1', 'More than 5 % of the requests fail since ten minutes.', "
        "'critical', 'high', 'checkout', 'payments', 'critical payments', 'rule critical payments', "
        "'{\"alertname\":\"CheckoutDown\",\"instance\":\"web-17.eu-1.example.com:9100\",\"region\":\"eu-1\"}', '[]', 1, "
        "$3 - 2000000 - ($1 - i) * 100, '', 0, CASE WHEN i > $2 AND i % 10 IN (8, 9) THEN $3 + 3600000 ELSE 0 END FROM n",
        alerts, resolved, now);
    run(tx,
        "INSERT INTO pages (id, version, alert, state, urgency, policy, round, level, attempt, due, started_at, stepped_at, "
        "stopped_at) SELECT id, 2, id, CASE WHEN state = 'triggered' THEN CASE WHEN id % 10 < 3 THEN 'exhausted' ELSE 'paging' "
        "END "
        "WHEN state = 'resolved' THEN state ELSE 'acknowledged' END, 'high', "
        "'{\"name\":\"payments\",\"repeat\":1,\"levels\":[{\"targets\":[\"schedule:payments\"],\"patience\":300000,\"retries\":1}"
        ","
        "{\"targets\":[\"team:payments\"],\"patience\":600000,\"retries\":0}]}', 0, 1, 0, $1 + 200000, triggered_at, "
        "triggered_at + 300000, CASE WHEN state = 'triggered' THEN 0 ELSE triggered_at + 400000 END FROM alerts",
        now);
    run(tx,
        "WITH step (n) AS (VALUES (0), (1)) INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, "
        "state, planned_at, sent_at, error, why, times_sent) SELECT id || '.0.0.' || n || '.U1234567.slack', id, id, 0, 0, n, "
        "'U1234567', 'slack', 'sent', triggered_at + n * 300000, triggered_at + n * 300000 + 400, '', "
        "'rule critical payments → service checkout → policy payments, level 1 of 2 → schedule payments, rotation weekly', 1 "
        "FROM "
        "alerts CROSS JOIN step");
    run(tx, "INSERT INTO accepted (at, source, dedup_key, alert) SELECT triggered_at, source, dedup_key, id FROM alerts");
    run(tx,
        "WITH line (n) AS (VALUES (0), (1), (2)) INSERT INTO timeline (alert, at, actor, via, text) SELECT id, triggered_at, '', "
        "'the policy', 'paging U1234567 (level 1 of 2)' FROM alerts CROSS JOIN line");
    run(tx,
        "INSERT INTO messages (alert, kind, place, channel, ts, told_up_to) SELECT alert, 'dm', id, 'D1234567', sent_at / 1000 "
        "|| "
        "'.000100', 0 FROM notifications");
    run(tx,
        "INSERT INTO timers (kind, subject, due) SELECT 'page', id, due FROM pages WHERE state IN ('paging', 'exhausted') UNION "
        "ALL SELECT CASE state WHEN 'snoozed' THEN 'snooze' ELSE 'promise' END, id, snoozed_until FROM alerts WHERE state IN "
        "('snoozed', 'promised')");
    run(tx, "INSERT INTO starts (at) VALUES ($1)", now - std::chrono::hours{24});
}

} // namespace stored
