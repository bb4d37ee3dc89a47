-- What was answered lately is looked for by its time.
CREATE INDEX undo_at ON undo (at);
