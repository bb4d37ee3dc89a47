-- What became of each request of Opsgenie's Alert API: its clients ask later. The last 10,000, for a day.
CREATE TABLE opsgenie_requests (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL UNIQUE,              -- the UUID that the client was given
    source  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    action  TEXT NOT NULL,                     -- "Create", "Close" …
    success INTEGER NOT NULL,
    status  TEXT NOT NULL,                     -- in words
    alert   INTEGER NOT NULL,                  -- its number; 0: none
    alias   TEXT NOT NULL
) STRICT;
CREATE INDEX opsgenie_requests_by_time ON opsgenie_requests (at);

-- Its lists are of one source's alerts.
CREATE INDEX alerts_by_source ON alerts (source, id);
