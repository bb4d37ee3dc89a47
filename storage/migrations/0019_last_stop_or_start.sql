-- START is kept too, with its time: an older STOP that is found later does not undo it.
ALTER TABLE stopped_numbers ADD COLUMN started INTEGER NOT NULL DEFAULT 0 CHECK (started IN (0, 1));
