-- What holds back the pages of some alerts: `kind` is silence or maintenance, `what` whom it meets and when it comes back, as JSON.
-- `over`: it will not hold again. While it holds `begun_at` says since when and `until` to when; `round` counts its times.
-- `undo`: what it was before `undo_by` changed it last, as JSON; '': it was not there.
CREATE TABLE silences (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- timers are by it, so none is given twice
    kind     TEXT NOT NULL,
    what     TEXT NOT NULL,
    starts   INTEGER NOT NULL,
    ends     INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    ended_by TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    over     INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    round    INTEGER NOT NULL,
    undo     TEXT NOT NULL,
    undo_by  TEXT NOT NULL
) STRICT;
CREATE INDEX silences_in_force ON silences (ends) WHERE over = 0;

-- Which alerts each of them has held, by its times.
CREATE TABLE silence_held (
    silence INTEGER NOT NULL REFERENCES silences (id) ON DELETE CASCADE,
    round   INTEGER NOT NULL,
    alert   INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (silence, round, alert)
) WITHOUT ROWID, STRICT;
CREATE INDEX silence_held_alerts ON silence_held (alert);
CREATE INDEX IF NOT EXISTS alerts_triggered_at ON alerts (triggered_at);
