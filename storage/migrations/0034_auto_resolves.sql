-- Alerts that resolve when they are not reported for `may_last`; `ends`: their source says when they are over. When that is due is a
-- timer of kind "quiet".
CREATE TABLE auto_resolves (
    alert    INTEGER PRIMARY KEY,
    may_last INTEGER NOT NULL,
    ends     INTEGER NOT NULL
) STRICT;
