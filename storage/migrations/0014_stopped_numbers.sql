-- Numbers whose owners said STOP and not START since, as hashes: nothing is texted to them, whoever adds them.
CREATE TABLE stopped_numbers (
    number TEXT PRIMARY KEY,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
