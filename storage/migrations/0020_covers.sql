-- Requests about shifts: for cover of a time on call, for a swap of two, or for somebody else's. People are Slack ids. `spares`
-- is what nobody has taken yet, as "from-to,from-to"; `done_until`: reminders up to then have been sent; `opened_at`: when it was
-- asked, or became open again.
CREATE TABLE cover_requests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('cover', 'swap', 'take')),
    state      TEXT NOT NULL,
    schedule   TEXT NOT NULL,
    requester  TEXT NOT NULL,
    other      TEXT NOT NULL,
    starts     INTEGER NOT NULL,
    ends       INTEGER NOT NULL,
    theirs_start INTEGER NOT NULL,
    theirs_end INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    done_until INTEGER NOT NULL,
    closed_at  INTEGER NOT NULL,
    why        TEXT NOT NULL,
    spares     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    asked_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX cover_requests_open ON cover_requests (state, ends);
CREATE INDEX cover_requests_of ON cover_requests (requester, asked_at);

-- What somebody took of one, by an override; in the order it was taken.
CREATE TABLE cover_parts (
    request     INTEGER NOT NULL REFERENCES cover_requests (id) ON DELETE CASCADE,
    place       INTEGER NOT NULL,
    taker       TEXT NOT NULL,
    starts      INTEGER NOT NULL,
    ends        INTEGER NOT NULL,
    override_id INTEGER NOT NULL,
    reported    INTEGER NOT NULL,
    PRIMARY KEY (request, place)
) STRICT;
CREATE INDEX cover_parts_ends ON cover_parts (ends);

-- Where a request is shown, or is to be: `key` is that of the outbox row that posts and edits it; `ts` is empty until it stands.
CREATE TABLE cover_messages (
    key      TEXT PRIMARY KEY,
    request  INTEGER NOT NULL REFERENCES cover_requests (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    place    TEXT NOT NULL,
    channel  TEXT NOT NULL DEFAULT '',
    ts       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX cover_messages_of ON cover_messages (request);
