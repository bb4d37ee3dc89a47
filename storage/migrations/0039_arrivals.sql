-- `parent`: the alert that stands for it; zero: it stands for itself.
ALTER TABLE alerts ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
-- By which it pages, where its service does not say.
ALTER TABLE alerts ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN group_key TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN came_back INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_children ON alerts (parent, id) WHERE parent <> 0;
CREATE INDEX alerts_groups ON alerts (group_key, id) WHERE group_key <> '' AND state <> 'resolved';
CREATE INDEX alerts_of_key ON alerts (source, dedup_key, id);
CREATE INDEX alerts_of_service ON alerts (service, id);

-- Alerts that ought to page, and do not yet: `kind` is why, `subject` what of that kind holds them, `until` when that is looked at
-- again, by a timer of kind "arrival".
CREATE TABLE arrivals (
    alert   INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    subject INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    because TEXT NOT NULL,
    policy  TEXT NOT NULL,
    held_at INTEGER NOT NULL
) STRICT;
CREATE INDEX arrivals_by_holder ON arrivals (kind, subject);
