-- Who waits, until when, for the first event of a source. `told`: something came that was no alert, and that was said.
CREATE TABLE first_events (
    id     INTEGER PRIMARY KEY AUTOINCREMENT, -- what is said is by it, so none is given twice
    source TEXT NOT NULL,
    person TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    told   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, person)
) STRICT;

-- Sources that have sent something, and when last.
CREATE TABLE heard_sources (
    source TEXT PRIMARY KEY,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO heard_sources SELECT source, MAX(triggered_at) FROM alerts WHERE source <> '' GROUP BY source;
