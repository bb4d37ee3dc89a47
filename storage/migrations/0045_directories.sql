-- Directories that services are synced from: how the reading goes, and what each said last. `services`: as JSON, by name, what it
-- said of each and how often it has been missing since. `report`: of the last whole reading, in words.
CREATE TABLE directories (
    name       TEXT PRIMARY KEY,
    origin     TEXT NOT NULL,              -- a digest of what is read: another one is another directory
    services   TEXT NOT NULL DEFAULT '{}',
    report     TEXT NOT NULL DEFAULT '',
    read_at    INTEGER NOT NULL DEFAULT 0, -- the last whole reading; 0: none yet
    due        INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0, -- since then
    trouble    TEXT NOT NULL DEFAULT '',
    told       INTEGER NOT NULL DEFAULT 0  -- of the trouble
) STRICT, WITHOUT ROWID;
