-- What follows who is on call: a user group (kind 'group') or the topic of a channel ('topic'), as the configuration names it.
-- `holds` is what was last set, '' when that is not known: a call to Slack may be under way. `trouble` is why it does not follow,
-- as it was said.
CREATE TABLE followers (
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    slack_id TEXT NOT NULL,
    holds    TEXT NOT NULL,
    set_at   INTEGER NOT NULL,
    trouble  TEXT NOT NULL,
    said_at  INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
