-- Alerts that stand for others, or may by their rule. `last_at`: when any of them was last reported; `urgency` and `worst` (of
-- severities, -1: not known) of all that ever were in it; `over_at`: its own source says since then that it is over, and others
-- of it are open still.
CREATE TABLE alert_groups (
    parent  INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    last_at INTEGER NOT NULL,
    members INTEGER NOT NULL,
    urgency TEXT NOT NULL,
    worst   INTEGER NOT NULL,
    over_at INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Which of them take what comes with a key; one that was merged by hand takes along what its rule would still give it.
CREATE TABLE group_keys (
    group_key TEXT NOT NULL,
    parent    INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    began_at  INTEGER NOT NULL,
    PRIMARY KEY (group_key, parent)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_keys_of_parent ON group_keys (parent);
CREATE INDEX alerts_open_children ON alerts (parent, id) WHERE parent <> 0 AND state <> 'resolved';
