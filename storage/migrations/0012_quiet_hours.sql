-- When low urgency waits for a person, as JSON; empty: she has said nothing, and her team's quiet hours hold.
ALTER TABLE notification_rules ADD COLUMN quiet TEXT NOT NULL DEFAULT '';

-- A run of state 'held' waits for the end of quiet hours, at `due`. Those of one person with the same `digest`, which is the number
-- of the first of them, are told in one message; 0: of none.
ALTER TABLE runs ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
DROP INDEX runs_active;
CREATE INDEX runs_open ON runs (page) WHERE state IN ('active', 'held');
CREATE INDEX runs_held ON runs (person) WHERE state = 'held';
CREATE INDEX runs_of_digest ON runs (digest) WHERE digest > 0;
