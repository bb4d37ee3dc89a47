-- Who wants to be told how the alerts of a service stand (1), or no more though the configuration says so (0).
CREATE TABLE subscriptions (
    service TEXT NOT NULL,
    person  TEXT NOT NULL, -- a Slack user id
    wants   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (service, person)
) STRICT, WITHOUT ROWID;

-- The message by which a subscriber is told, edited for as long as something is wrong. `shows`: what it says, as a digest;
-- `over_at`: since when nothing is, else 0; `ts` is empty until it stands.
CREATE TABLE subscriber_messages (
    service TEXT NOT NULL,
    person  TEXT NOT NULL,
    began   INTEGER NOT NULL,
    over_at INTEGER NOT NULL DEFAULT 0,
    shows   TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    ts      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service, person)
) STRICT, WITHOUT ROWID;

-- What was over lately of a service, when it is looked at, however long it has been there.
CREATE INDEX alerts_over_of_service ON alerts (service, answered_at) WHERE state = 'resolved';
