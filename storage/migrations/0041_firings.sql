-- What an alert was when its source said that it is over: what it is again if it comes back within its grace.
CREATE TABLE cleared (
    alert         INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    state         TEXT NOT NULL,
    answered_by   TEXT NOT NULL,
    answered_at   INTEGER NOT NULL,
    answered_via  TEXT NOT NULL,
    snoozed_until INTEGER NOT NULL,
    page_state    TEXT NOT NULL
) STRICT;
CREATE INDEX cleared_at ON cleared (at);

-- When alerts came back: after how long, and that they flapped then, in words; empty: they did not.
CREATE TABLE came_backs (
    id       INTEGER PRIMARY KEY,
    alert    INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    over_for INTEGER NOT NULL,
    flapping TEXT NOT NULL
) STRICT;
CREATE INDEX came_backs_of_alert ON came_backs (alert, id);
CREATE INDEX came_backs_at ON came_backs (at);
