-- What senders sign their requests with. In clear, as signatures are checked with them; a replaced one holds until `until`, the one
-- that stays has 0 there.
CREATE TABLE source_secrets (
    source TEXT NOT NULL,
    secret TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, secret)
) STRICT, WITHOUT ROWID;
