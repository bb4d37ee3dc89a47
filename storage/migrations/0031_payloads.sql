-- What sources sent, as it came: the last of each, and the dead letters.
CREATE TABLE payloads (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- buttons carry it, so none is given twice
    source  TEXT NOT NULL,
    state   TEXT NOT NULL,                     -- kept, unread, replayed, dismissed
    at      INTEGER NOT NULL,
    format  TEXT NOT NULL,
    whole   INTEGER NOT NULL,                  -- 0: the body was longer
    alerts  TEXT NOT NULL,                     -- their numbers, as JSON
    words   TEXT NOT NULL,                     -- what it became, or why it became nothing
    rest    TEXT NOT NULL,
    query   TEXT NOT NULL,
    headers TEXT NOT NULL,                     -- as a JSON object
    body    TEXT NOT NULL                      -- last, for it is large
) STRICT;
CREATE INDEX payloads_by_source ON payloads (source, id);
CREATE INDEX payloads_dead ON payloads (source, id) WHERE state = 'unread';
