-- The language and region that people have chosen in Slack ("en-US").
ALTER TABLE people ADD COLUMN locale TEXT NOT NULL DEFAULT '';
CREATE INDEX people_by_user ON people (user_id);

-- When Slack's list of everybody was last read to its end: one row, or none.
CREATE TABLE people_listed (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

-- People whom no page reaches though the configuration names them, as they were told of; gone again when that is over. `person` is
-- a Slack user id, `channels` says where it was told, with commas.
CREATE TABLE unable_people (
    person   TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    told_at  INTEGER NOT NULL,
    channels TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Pages that run, which are asked about whenever somebody's account is deactivated.
CREATE INDEX pages_paging ON pages (id) WHERE state = 'paging';
