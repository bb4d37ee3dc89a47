-- Addresses at which calendar apps read shifts. The token in an address is not kept: `token_hash` finds it, and the service's
-- secret makes it again of `nonce`, for its owner.
CREATE TABLE calendar_addresses (
    person     TEXT NOT NULL,           -- whose address it is, a Slack user id
    schedule   TEXT NOT NULL,           -- whose shifts; '': the person's own, of all schedules
    nonce      TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    made_at    INTEGER NOT NULL,
    read_at    INTEGER NOT NULL,        -- 0: never
    PRIMARY KEY (person, schedule)
) STRICT, WITHOUT ROWID;

-- What calendar apps were told of a shift: when it changes, its sequence grows.
CREATE TABLE published_shifts (
    uid        TEXT PRIMARY KEY,
    digest     TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX published_shifts_by_end ON published_shifts (ends_at);

-- Calendars that are read: the last good copy, what it holds around now (`events`, JSON), and how the reading goes. `address`: a
-- URL, or file: and a path.
CREATE TABLE feeds (
    address    TEXT PRIMARY KEY,
    body       TEXT NOT NULL,           -- '': never read
    etag       TEXT NOT NULL,
    modified   TEXT NOT NULL,           -- Last-Modified, as it came
    events     TEXT NOT NULL,
    notes      TEXT NOT NULL,           -- what was left out of it, and why; '': nothing
    spread_at  INTEGER NOT NULL,        -- when `events` were made of `body`
    read_at    INTEGER NOT NULL,        -- when it last came, or was said to be unchanged; 0: never
    due        INTEGER NOT NULL,        -- when it is read next
    failures   INTEGER NOT NULL,        -- since it last came
    trouble    TEXT NOT NULL,           -- why it did not come; '': it did
    told       INTEGER NOT NULL         -- 1: that was said in the fallback channel
) STRICT;

CREATE TABLE absences (
    id       INTEGER PRIMARY KEY,
    person   TEXT NOT NULL,             -- a Slack user id
    starts   INTEGER NOT NULL,
    ends     INTEGER NOT NULL,
    why      TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX absences_by_person ON absences (person, ends);
CREATE INDEX absences_by_end ON absences (ends);

-- A person's own out-of-office calendar; it is read as a feed.
CREATE TABLE absence_calendars (
    person   TEXT PRIMARY KEY,
    address  TEXT NOT NULL,
    set_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When people are away while on call, as they were told of it, once.
CREATE TABLE clashes_told (
    person   TEXT NOT NULL,
    schedule TEXT NOT NULL,
    starts   INTEGER NOT NULL,          -- of the absence in the shift
    ends     INTEGER NOT NULL,
    PRIMARY KEY (person, schedule, starts)
) STRICT, WITHOUT ROWID;
