-- Who is to be heard of in each interval. `expired`: nothing came in time, and its alert says so.
CREATE TABLE heartbeats (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- timers are by it, so none is given twice
    source        TEXT NOT NULL,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    every         INTEGER NOT NULL,                  -- in units
    unit          TEXT NOT NULL,                     -- minutes, hours, days
    enabled       INTEGER NOT NULL,
    alert_message TEXT NOT NULL,                     -- '': the usual one
    priority      TEXT NOT NULL,                     -- of its alert, in its source's words; '': none given
    tags          TEXT NOT NULL,                     -- as a JSON list
    owner_team    TEXT NOT NULL,
    pinged_at     INTEGER NOT NULL,                  -- 0: never
    counts_from   INTEGER NOT NULL,                  -- 0: not yet
    expired       INTEGER NOT NULL,
    UNIQUE (source, name)
) STRICT;
