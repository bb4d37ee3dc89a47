-- Times are milliseconds UTC.
CREATE TABLE alerts (
    id            INTEGER PRIMARY KEY,
    version       INTEGER NOT NULL,
    state         TEXT NOT NULL,
    source        TEXT NOT NULL,
    dedup_key     TEXT NOT NULL,
    title         TEXT NOT NULL,
    description   TEXT NOT NULL,
    severity      TEXT NOT NULL,
    urgency       TEXT NOT NULL,
    service       TEXT NOT NULL,
    team          TEXT NOT NULL,
    rule          TEXT NOT NULL,
    because       TEXT NOT NULL,
    labels        TEXT NOT NULL,
    links         TEXT NOT NULL,
    count         INTEGER NOT NULL,
    triggered_at  INTEGER NOT NULL,
    answered_by   TEXT NOT NULL,
    answered_at   INTEGER NOT NULL,
    snoozed_until INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_open_key ON alerts (source, dedup_key) WHERE state <> 'resolved' AND dedup_key <> '';
CREATE INDEX alerts_open ON alerts (id) WHERE state <> 'resolved';

CREATE TABLE pages (
    id         INTEGER PRIMARY KEY,
    version    INTEGER NOT NULL,
    alert      INTEGER NOT NULL REFERENCES alerts (id),
    state      TEXT NOT NULL,
    urgency    TEXT NOT NULL,
    policy     TEXT NOT NULL,
    round      INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pages_of_alert ON pages (alert, id);

CREATE TABLE notifications (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    page       INTEGER NOT NULL REFERENCES pages (id),
    alert      INTEGER NOT NULL REFERENCES alerts (id),
    round      INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    person     TEXT NOT NULL,
    method     TEXT NOT NULL,
    state      TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    sent_at    INTEGER NOT NULL,
    error      TEXT NOT NULL
) STRICT;
CREATE INDEX notifications_of_page ON notifications (page, state);

-- What is due: a kind and the row it is about. One timer for each.
CREATE TABLE timers (
    kind    TEXT NOT NULL,
    subject INTEGER NOT NULL,
    due     INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT;
CREATE INDEX timers_due ON timers (due);

-- What is to be said. A row that was said is deleted; `revision` counts how often it was asked for, so that a change while it was
-- under way is said too. `leased` means that bytes may have left.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    priority     INTEGER NOT NULL,
    lane         TEXT NOT NULL,
    subject      INTEGER NOT NULL,
    body         TEXT NOT NULL,
    state        TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    ambiguous    INTEGER NOT NULL,
    error        TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_lanes ON outbox (state, lane, priority, id, next_attempt);
CREATE INDEX outbox_due ON outbox (state, next_attempt);

-- Where an alert is shown in Slack.
CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    alert      INTEGER NOT NULL REFERENCES alerts (id),
    kind       TEXT NOT NULL,
    place      TEXT NOT NULL,
    channel    TEXT NOT NULL,
    ts         TEXT NOT NULL,
    told_up_to INTEGER NOT NULL,
    UNIQUE (alert, kind, place)
) STRICT;
CREATE INDEX messages_at ON messages (channel, ts);

CREATE TABLE timeline (
    id    INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (id),
    at    INTEGER NOT NULL,
    actor TEXT NOT NULL,
    via   TEXT NOT NULL,
    text  TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_of_alert ON timeline (alert, id);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    via     TEXT NOT NULL,
    verb    TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL
) STRICT;

-- What Slack has delivered already.
CREATE TABLE inbox (
    key TEXT PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (at);

-- People as the configuration names them, and who they are in Slack.
CREATE TABLE people (
    reference TEXT PRIMARY KEY,
    user_id   TEXT NOT NULL,
    name      TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    asked_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source_keys (
    key_hash TEXT PRIMARY KEY,
    source   TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
