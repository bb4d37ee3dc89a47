-- Pages that reach a person in one message: from the fourth within a minute on they wait for up to half a minute for each other.
-- `steps` is the rule all its members go by. Its members are runs; at `closes_at` they begin, by their own timers. `quiet`: they
-- waited for the end of quiet hours.
CREATE TABLE bundles (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    person    TEXT NOT NULL,
    urgency   TEXT NOT NULL,
    steps     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    quiet     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX bundles_of ON bundles (person, urgency, closes_at);

ALTER TABLE runs ADD COLUMN urgency TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN bundle INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET urgency = (SELECT urgency FROM pages WHERE pages.id = runs.page),
                begun_at = (SELECT stepped_at FROM pages WHERE pages.id = runs.page);
CREATE INDEX runs_of ON runs (person, urgency, begun_at);
CREATE INDEX runs_bundled ON runs (bundle, next) WHERE bundle <> 0 AND state = 'active';
CREATE INDEX runs_to_come ON runs (bundle, due) WHERE bundle <> 0 AND state = 'active' AND next = 0;

-- Notifications of a bundle (their run's) that go by the same method in the same step are said in one message, by one row of the outbox.
ALTER TABLE notifications ADD COLUMN bundle INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notifications_bundled ON notifications (bundle, method, step) WHERE bundle <> 0;
CREATE INDEX notifications_to ON notifications (person, planned_at);
