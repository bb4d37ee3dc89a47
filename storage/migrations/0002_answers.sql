-- A page may be for a responder, a person asked to help; `stepped_at` is when its last step ran, `stopped_at` when it was answered.
ALTER TABLE pages ADD COLUMN responder TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN stepped_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN stopped_at INTEGER NOT NULL DEFAULT 0;
UPDATE pages SET stepped_at = started_at;
CREATE INDEX pages_open ON pages (due) WHERE state IN ('paging', 'exhausted');

-- `why` says why this person; `times_sent` counts what was posted, so that duplicates show. Method "channel" is a page to a channel,
-- "fallback" a dead end that was said in the fallback channel.
ALTER TABLE notifications ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN times_sent INTEGER NOT NULL DEFAULT 0;
UPDATE notifications SET why = 'paged by an earlier version', times_sent = (state = 'sent');

-- For the auditor: what is open is found without walking what is over, and what must not be is in an index that is empty.
CREATE INDEX alerts_by_state ON alerts (state, snoozed_until) WHERE state <> 'resolved';
CREATE INDEX notifications_of_step ON notifications (page, planned_at, state);
CREATE INDEX notifications_sent ON notifications (sent_at) WHERE sent_at > 0;
CREATE INDEX notifications_twice ON notifications (sent_at) WHERE times_sent > 1;
CREATE INDEX notifications_unexplained ON notifications (planned_at) WHERE why = '';
CREATE INDEX outbox_pages ON outbox (id, next_attempt) WHERE priority IN (0, 2) AND state = 'ready';

ALTER TABLE alerts ADD COLUMN answered_via TEXT NOT NULL DEFAULT '';

-- An answer that its giver may take back for a moment: what was before.
CREATE TABLE undo (
    alert         INTEGER PRIMARY KEY REFERENCES alerts (id),
    version       INTEGER NOT NULL,
    actor         TEXT NOT NULL,
    at            INTEGER NOT NULL,
    state         TEXT NOT NULL,
    answered_by   TEXT NOT NULL,
    answered_at   INTEGER NOT NULL,
    answered_via  TEXT NOT NULL,
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
CREATE INDEX starts_at ON starts (at);

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

-- Written when somebody asks whether the service is ready: whether the database commits is not to be known otherwise.
CREATE TABLE pulse (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
