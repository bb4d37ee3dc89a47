-- Ways to reach a person that she has set up herself; Slack's DM and the address of her profile have no row. `person` is a Slack
-- user id. A pending code is kept as a hash. An id is never given again: signing keys, reports and queued pages go by it.
CREATE TABLE contact_methods (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    version       INTEGER NOT NULL,
    person        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    label         TEXT NOT NULL,
    address       TEXT NOT NULL,
    added_at      INTEGER NOT NULL,
    verified_at   INTEGER NOT NULL,
    consented_at  INTEGER NOT NULL,
    stopped_at    INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    last_outcome  TEXT NOT NULL,
    code_hash     TEXT NOT NULL,
    code_until    INTEGER NOT NULL,
    code_tries    INTEGER NOT NULL,
    UNIQUE (person, kind, address)
) STRICT;
CREATE INDEX contact_methods_at ON contact_methods (kind, address);

-- A person's rules for both urgencies, in her order, as JSON.
CREATE TABLE notification_rules (
    person TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    rules  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One person's ladder for one try of a page: `steps` is her rule as it was when the try began, `next` the step that runs at `due`.
CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    page    INTEGER NOT NULL REFERENCES pages (id),
    alert   INTEGER NOT NULL REFERENCES alerts (id),
    round   INTEGER NOT NULL,
    level   INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    person  TEXT NOT NULL,
    rule    TEXT NOT NULL,
    steps   TEXT NOT NULL,
    why     TEXT NOT NULL,
    next    INTEGER NOT NULL,
    due     INTEGER NOT NULL,
    state   TEXT NOT NULL,
    UNIQUE (page, round, level, attempt, person)
) STRICT;
CREATE INDEX runs_active ON runs (page) WHERE state = 'active';

-- The step of its run that planned it (-1: none), how often it was tried, and what the provider calls it.
ALTER TABLE notifications ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notifications ADD COLUMN step INTEGER NOT NULL DEFAULT -1;
ALTER TABLE notifications ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notifications ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notifications_reference ON notifications (reference) WHERE reference <> '';
