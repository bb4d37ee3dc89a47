-- What holds, one row for each team, service, schedule, policy, source and rule, as JSON. `said` is what the file said when it was
-- last applied; '' in `holds` means deleted in Slack, '' in `said` means that the file never named it. Schedules are kept without
-- their overrides. The row of kind 'order' and name 'rules' has in `said` the order that the file gave the rules.
CREATE TABLE configuration (
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    holds      TEXT NOT NULL,
    said       TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- Overrides in the order they were made. `origin` is 'file' or 'slack'. One that was taken back stays, so that history can be
-- explained and the file does not bring it back; `cancelled_at` is 0 while it holds.
CREATE TABLE overrides (
    id           INTEGER PRIMARY KEY,
    schedule     TEXT NOT NULL,
    starts       INTEGER NOT NULL,
    ends         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    people       TEXT NOT NULL,
    instead_of   TEXT NOT NULL,
    rotation     TEXT NOT NULL,
    origin       TEXT NOT NULL,
    said         TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    version      INTEGER NOT NULL,
    cancelled_by TEXT NOT NULL,
    cancelled_at INTEGER NOT NULL
) STRICT;
CREATE INDEX overrides_of_schedule ON overrides (schedule);

-- Grows with each committed change of the two above.
CREATE TABLE configuration_revision (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO configuration_revision VALUES (1, 0);

-- A source may have two keys while one is being replaced; `until` is 0 for the one that stays.
CREATE TABLE source_keys_2 (
    key_hash TEXT PRIMARY KEY,
    source   TEXT NOT NULL,
    until    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO source_keys_2 SELECT key_hash, source, 0 FROM source_keys;
DROP TABLE source_keys;
ALTER TABLE source_keys_2 RENAME TO source_keys;
CREATE INDEX source_keys_of ON source_keys (source);
