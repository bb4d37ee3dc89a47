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

-- Each decision of a page asks for these few.
CREATE INDEX people_unable ON people (user_id, kind) WHERE kind IN ('gone', 'bot', 'stranger');

-- Who names somebody for an alert pages by hand as well, so an alert has any number of these.
ALTER TABLE hand_pages RENAME TO hand_pages_one_each;
DROP INDEX hand_pages_actor;
CREATE TABLE hand_pages (
    id    INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    actor TEXT NOT NULL,
    at    INTEGER NOT NULL,
    what  TEXT NOT NULL -- whom, how urgently and why, as a digest
) STRICT;
INSERT INTO hand_pages (alert, actor, at, what) SELECT alert, actor, at, what FROM hand_pages_one_each;
DROP TABLE hand_pages_one_each;
CREATE INDEX hand_pages_actor ON hand_pages (actor, at);
CREATE INDEX hand_pages_alert ON hand_pages (alert);
