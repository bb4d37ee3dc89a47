-- A drill pages as an alert does, and counts in no figure.
ALTER TABLE alerts ADD COLUMN drill INTEGER NOT NULL DEFAULT 0 CHECK (drill IN (0, 1));
