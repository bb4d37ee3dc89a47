-- What was suggested about an alert, once and never again: which open alert it may belong to (`into_alert`) and by which of its
-- group (`by_alert`), how likely that was (`score`, in thousandths), and what else came into question (`candidates`, JSON, the
-- likeliest first). `state`: 'open', 'merged', 'refused' by somebody.
CREATE TABLE suggestions (
    alert      INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    into_alert INTEGER NOT NULL,
    by_alert   INTEGER NOT NULL,
    score      INTEGER NOT NULL,
    because    TEXT NOT NULL,
    candidates TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    state      TEXT NOT NULL DEFAULT 'open',
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX suggestions_by_time ON suggestions (made_at);

-- Two kinds of alerts that somebody said have nothing to do with each other. `pair`: what both are known by, however often they
-- come.
CREATE TABLE unrelated (
    pair   TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

-- What is open of a service, or at all, and came lately.
CREATE INDEX alerts_open_of_service ON alerts (service, triggered_at) WHERE state <> 'resolved';
CREATE INDEX alerts_open_by_time ON alerts (triggered_at) WHERE state <> 'resolved';
