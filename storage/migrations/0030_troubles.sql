-- What keeps us from something until a person acts: said once, and tried again now and then. `kind` is channel, scope, app or token;
-- `subject` the channel as configured, the scope, Slack's code or the token's setting. `code` is Slack's, of `method`. `due` is the
-- next try; `said_at` is 0 before it is said, `over_at` while it stands, and `released` counts what then went out.
CREATE TABLE troubles (
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    code     TEXT NOT NULL,
    method   TEXT NOT NULL,
    since    INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    said_at  INTEGER NOT NULL DEFAULT 0,
    over_at  INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- Rows of the outbox, by key, that wait for the end of one.
CREATE TABLE waiting_messages (
    key     TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_messages_of ON waiting_messages (kind, subject);
