-- Codes and tests that people had sent to their contact methods, for the limits on them; for a day. `address` is a hash.
CREATE TABLE contact_sends (
    id      INTEGER PRIMARY KEY,
    person  TEXT NOT NULL,
    what    TEXT NOT NULL,
    address TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_sends_person ON contact_sends (person, what, at);
CREATE INDEX contact_sends_address ON contact_sends (address, what, at);
