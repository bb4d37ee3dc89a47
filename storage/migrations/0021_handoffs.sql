-- Schedules whose handoffs are told. Nothing of it is to do before `next`, as was seen at `seen`; the timer of that kind and id says
-- the same.
CREATE TABLE watched_schedules (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    next INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT;

-- What was told: from `at` on others are on call than before; `until` is 0 when that does not end in sight.
CREATE TABLE handoffs (
    id       INTEGER PRIMARY KEY,
    schedule TEXT NOT NULL,
    at       INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    told_at  INTEGER NOT NULL,
    UNIQUE (schedule, at)
) STRICT;
CREATE INDEX handoffs_at ON handoffs (at);

-- `part` is outgoing, incoming or stays. Of who comes: when they accepted, when they were reminded to, and when and who else was
-- told (Slack ids with commas, or a channel) that they had not. `nobody` is 1 once Slack has said that it knows none of that name.
CREATE TABLE handoff_people (
    handoff     INTEGER NOT NULL REFERENCES handoffs (id),
    place       INTEGER NOT NULL,
    person      TEXT NOT NULL,
    part        TEXT NOT NULL,
    accepted_at INTEGER NOT NULL DEFAULT 0,
    reminded_at INTEGER NOT NULL DEFAULT 0,
    passed_on_at INTEGER NOT NULL DEFAULT 0,
    passed_on_to TEXT NOT NULL DEFAULT '',
    nobody      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (handoff, person)
) STRICT, WITHOUT ROWID;

-- One for all handoffs of an instant in a channel. `place` is where it goes: another channel when Slack refused, and `trouble`
-- says why. `posted_in` and `ts` once it stands.
CREATE TABLE handoff_messages (
    id        INTEGER PRIMARY KEY,
    channel   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    place     TEXT NOT NULL,
    trouble   TEXT NOT NULL DEFAULT '',
    posted_in TEXT NOT NULL DEFAULT '',
    ts        TEXT NOT NULL DEFAULT '',
    UNIQUE (channel, at)
) STRICT;
CREATE TABLE handoffs_shown (
    message INTEGER NOT NULL REFERENCES handoff_messages (id),
    handoff INTEGER NOT NULL REFERENCES handoffs (id),
    PRIMARY KEY (message, handoff)
) STRICT, WITHOUT ROWID;
CREATE INDEX handoffs_shown_of ON handoffs_shown (handoff);

-- What whoever went left for whoever came; `handoff` is 0 until they go.
CREATE TABLE handoff_notes (
    schedule   TEXT NOT NULL,
    person     TEXT NOT NULL,
    handoff    INTEGER NOT NULL,
    text       TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (schedule, person, handoff)
) STRICT, WITHOUT ROWID;
CREATE INDEX handoff_notes_of ON handoff_notes (handoff);

-- What people chose. `before` is milliseconds with commas, `note` milliseconds or -1.
CREATE TABLE reminder_choices (
    person TEXT PRIMARY KEY,
    before TEXT NOT NULL,
    note   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was said already; `before` is -1 of a request for a note.
CREATE TABLE sent_reminders (
    person   TEXT NOT NULL,
    schedule TEXT NOT NULL,
    at       INTEGER NOT NULL,
    before   INTEGER NOT NULL,
    sent_at  INTEGER NOT NULL,
    PRIMARY KEY (person, schedule, at, before)
) STRICT, WITHOUT ROWID;

-- Somebody had each way to them tried, and what came of it: planned, sent, arrived or failed.
CREATE TABLE pager_tests (
    id        INTEGER PRIMARY KEY,
    person    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    posted_in TEXT NOT NULL DEFAULT '',
    ts        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE pager_test_ways (
    test   INTEGER NOT NULL REFERENCES pager_tests (id),
    place  INTEGER NOT NULL,
    method TEXT NOT NULL,
    words  TEXT NOT NULL,
    state  TEXT NOT NULL,
    why    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (test, method)
) STRICT, WITHOUT ROWID;
