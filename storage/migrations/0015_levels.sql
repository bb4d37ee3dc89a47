-- The step of its policy that a page ran last; -1: none. Which that is no longer follows from the next one: levels are passed
-- over, and people are tried one after the other.
ALTER TABLE pages ADD COLUMN last_round INTEGER NOT NULL DEFAULT -1;
ALTER TABLE pages ADD COLUMN last_level INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN last_attempt INTEGER NOT NULL DEFAULT 0;
UPDATE pages SET
    last_round = COALESCE((SELECT n.round FROM notifications n WHERE n.page = pages.id AND n.method <> 'fallback' AND n.why <> 'said not me' ORDER BY n.id DESC LIMIT 1), -1),
    last_level = COALESCE((SELECT n.level FROM notifications n WHERE n.page = pages.id AND n.method <> 'fallback' AND n.why <> 'said not me' ORDER BY n.id DESC LIMIT 1), 0),
    last_attempt = COALESCE((SELECT n.attempt FROM notifications n WHERE n.page = pages.id AND n.method <> 'fallback' AND n.why <> 'said not me' ORDER BY n.id DESC LIMIT 1), 0);

-- 1: it waits for working hours, until it is due.
ALTER TABLE pages ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;

-- With whom the last page began that ran a level as a round robin, and the place in the list then. `levels_left`: the level,
-- counted from the policy's end.
CREATE TABLE round_robins (
    policy      TEXT NOT NULL,
    levels_left INTEGER NOT NULL,
    name        TEXT NOT NULL,
    place       INTEGER NOT NULL,
    PRIMARY KEY (policy, levels_left)
) STRICT, WITHOUT ROWID;

-- Who is in the Slack user groups that policies page, read ahead. `name` as the configuration writes it, `members` a JSON list of
-- Slack user ids.
CREATE TABLE group_members (
    name     TEXT PRIMARY KEY,
    slack_id TEXT NOT NULL,
    members  TEXT NOT NULL,
    read_at  INTEGER NOT NULL,
    trouble  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
