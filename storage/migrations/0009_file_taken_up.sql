-- What oncall.yaml said when it was last taken up at a start or on SIGHUP, as a digest.
CREATE TABLE file_taken_up (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    digest TEXT NOT NULL
) STRICT;
