-- What edits made of schedules, as JSON of the configuration's items; empty: it was not there, or is not any more. `by` is a Slack id,
-- empty for a file; `words` is what it changes, for everybody; `undoes` is the edit that it took back.
CREATE TABLE schedule_edits (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule  TEXT NOT NULL,
    before    TEXT NOT NULL,
    after     TEXT NOT NULL,
    by        TEXT NOT NULL,
    via       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    words     TEXT NOT NULL,
    undoes    INTEGER NOT NULL DEFAULT 0,
    undone_by TEXT NOT NULL DEFAULT '',
    undone_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX schedule_edits_of ON schedule_edits (schedule, id);
CREATE INDEX schedule_edits_at ON schedule_edits (at);

-- The overrides that ended with a schedule's deletion, so that they come back with it.
CREATE TABLE schedule_edit_overrides (
    edit     INTEGER NOT NULL REFERENCES schedule_edits (id) ON DELETE CASCADE,
    override INTEGER NOT NULL,
    said     TEXT NOT NULL,
    PRIMARY KEY (edit, override)
) STRICT, WITHOUT ROWID;

-- Where an edit is shown, or is to be: `key` is that of the outbox row that posts and edits it; `ts` is empty until it stands.
CREATE TABLE schedule_edit_messages (
    key     TEXT PRIMARY KEY,
    edit    INTEGER NOT NULL REFERENCES schedule_edits (id) ON DELETE CASCADE,
    place   TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    ts      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX schedule_edit_messages_of ON schedule_edit_messages (edit);

-- Whose shifts were moved and who has not been told: `before` is the schedule as they know it, `edit` the last one that moved them.
CREATE TABLE untold_moves (
    person   TEXT NOT NULL,
    schedule TEXT NOT NULL,
    before   TEXT NOT NULL,
    edit     INTEGER NOT NULL,
    PRIMARY KEY (person, schedule)
) STRICT, WITHOUT ROWID;
CREATE INDEX untold_moves_of ON untold_moves (schedule);
