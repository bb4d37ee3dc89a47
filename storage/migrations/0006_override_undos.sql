-- What an override was before it was last changed, so that whoever changed it can undo that for a while.
CREATE TABLE override_undos (
    id           INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    at           INTEGER NOT NULL,
    starts       INTEGER NOT NULL,
    ends         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    people       TEXT NOT NULL,
    instead_of   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    cancelled_by TEXT NOT NULL,
    cancelled_at INTEGER NOT NULL
) STRICT;
