-- When a key was made, for whoever looks which are old; 0: before this was noted.
ALTER TABLE source_keys ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
