-- When low urgency waits for a person, as JSON; empty: she has said nothing, and her team's quiet hours hold.
ALTER TABLE notification_rules ADD COLUMN quiet TEXT NOT NULL DEFAULT '';

-- A run of state 'held' waits for the end of quiet hours, at `due`; `waited`: it did, and was told with others.
ALTER TABLE runs ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;
DROP INDEX runs_active;
CREATE INDEX runs_open ON runs (page) WHERE state IN ('active', 'held');
CREATE INDEX runs_held ON runs (person) WHERE state = 'held';
