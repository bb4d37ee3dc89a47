-- Who has opened Home lately, and what it shows her. `shows` is a digest of what was published last, '' when that is not known: a
-- call to Slack may be under way. `trouble` is Slack's code why it takes none; then nothing is tried until she opens it again.
CREATE TABLE home_views (
    person    TEXT PRIMARY KEY,   -- a Slack user id
    opened_at INTEGER NOT NULL,
    shows     TEXT NOT NULL,
    trouble   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX home_views_by_opening ON home_views (opened_at);
