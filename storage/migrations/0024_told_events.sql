-- Events of calendars that name nobody known, as they were told, once, while they are there.
CREATE TABLE told_events (
    event   TEXT PRIMARY KEY,           -- a digest of its rotation and its words
    told_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
