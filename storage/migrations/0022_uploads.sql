-- Files that were given to Slack for a message that is not out yet: a further attempt uses them.
CREATE TABLE uploads (
    key          TEXT PRIMARY KEY, -- of the outbox row
    digest       TEXT NOT NULL,    -- of what the file was made of
    file         TEXT NOT NULL,    -- Slack's id
    completed_at INTEGER NOT NULL  -- 0: not yet, as far as we know
) STRICT, WITHOUT ROWID;
