-- Who paged whom by hand, for the limit on it, and to know the same page again; for a day.
CREATE TABLE hand_pages (
    alert INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    actor TEXT NOT NULL,
    at    INTEGER NOT NULL,
    what  TEXT NOT NULL -- whom, how urgently and why, as a digest
) STRICT;
CREATE INDEX hand_pages_actor ON hand_pages (actor, at);
