-- A page may be for a responder, a person asked to help; `stepped_at` is when its last step ran, `stopped_at` when it was answered.
ALTER TABLE pages ADD COLUMN responder TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN stepped_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN stopped_at INTEGER NOT NULL DEFAULT 0;
UPDATE pages SET stepped_at = started_at;
CREATE INDEX pages_open ON pages (due) WHERE state IN ('paging', 'exhausted');
CREATE INDEX pages_stopped ON pages (stopped_at) WHERE state NOT IN ('paging', 'exhausted');

-- `why` says why this person; `times_sent` counts what was posted, so that duplicates show. Method "channel" is a page to a channel,
-- "fallback" a dead end that was said in the fallback channel.
ALTER TABLE notifications ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN times_sent INTEGER NOT NULL DEFAULT 0;
UPDATE notifications SET why = 'paged by an earlier version', times_sent = (state = 'sent');
CREATE INDEX notifications_planned ON notifications (planned_at) WHERE state = 'planned';
CREATE INDEX notifications_twice ON notifications (id) WHERE times_sent > 1;

-- An answer that its giver may take back for a moment: what was before.
CREATE TABLE undo (
    alert         INTEGER PRIMARY KEY REFERENCES alerts (id),
    version       INTEGER NOT NULL,
    actor         TEXT NOT NULL,
    at            INTEGER NOT NULL,
    state         TEXT NOT NULL,
    answered_by   TEXT NOT NULL,
    answered_at   INTEGER NOT NULL,
    snoozed_until INTEGER NOT NULL,
    page_state    TEXT NOT NULL
) STRICT;

ALTER TABLE people ADD COLUMN email TEXT NOT NULL DEFAULT '';

-- What senders were told is kept: each must have its alert.
CREATE TABLE accepted (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    source    TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    alert     INTEGER NOT NULL
) STRICT;
CREATE INDEX accepted_at ON accepted (at);

-- Each start of the service: a crash may cost one duplicate.
CREATE TABLE starts (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;

-- Answer links that have been used.
CREATE TABLE used_tokens (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Secrets the service made for itself.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
