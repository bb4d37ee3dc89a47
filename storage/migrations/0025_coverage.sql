-- Schedules whose gaps and the like are told ahead. Nothing of it is to do before `next`, and nothing is told before `quiet_until`;
-- the timer of kind coverage and that id says the same.
CREATE TABLE watched_coverage (
    id          INTEGER PRIMARY KEY,
    schedule    TEXT NOT NULL UNIQUE,
    next        INTEGER NOT NULL,
    quiet_until INTEGER NOT NULL
) STRICT;

-- What a schedule's teams were told at an instant.
CREATE TABLE coverage_told (
    id       INTEGER PRIMARY KEY,
    schedule TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX coverage_told_of ON coverage_told (schedule);

-- A finding of it. `people` with commas, the first is whom it is about; `stretches` as from-to with commas, of which `starts` and
-- `ends` are the whole; `ahead` is week or day. `over_at` is 0 while it holds, else when it was over: before `ends` when somebody
-- mended it.
CREATE TABLE coverage_findings (
    told      INTEGER NOT NULL REFERENCES coverage_told (id),
    place     INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    people    TEXT NOT NULL,
    rotation  TEXT NOT NULL,
    why       TEXT NOT NULL,
    stretches TEXT NOT NULL,
    starts    INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    ahead     TEXT NOT NULL,
    over_at   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (told, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_findings_open ON coverage_findings (told) WHERE over_at = 0;

-- Where it was told. `place` is where it goes: another channel when Slack refused, and `trouble` says why.
CREATE TABLE coverage_messages (
    id        INTEGER PRIMARY KEY,
    told      INTEGER NOT NULL REFERENCES coverage_told (id),
    channel   TEXT NOT NULL,
    place     TEXT NOT NULL,
    trouble   TEXT NOT NULL DEFAULT '',
    posted_in TEXT NOT NULL DEFAULT '',
    ts        TEXT NOT NULL DEFAULT '',
    UNIQUE (told, channel)
) STRICT;

-- Whom schedules name and Slack has said that it does not know.
CREATE TABLE unknown_people (
    person TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
