-- How late one may be, and what it says of its runs. `configured`: oncall.yaml or a form says what it is.
ALTER TABLE heartbeats ADD COLUMN grace INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeats ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE heartbeats ADD COLUMN severity TEXT NOT NULL DEFAULT '';
ALTER TABLE heartbeats ADD COLUMN configured INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeats ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;  -- 0: no run is under way
ALTER TABLE heartbeats ADD COLUMN lasted INTEGER NOT NULL DEFAULT -1;     -- its last run; -1: unknown
ALTER TABLE heartbeats ADD COLUMN failure TEXT NOT NULL DEFAULT '';       -- "failed with exit status 3"; '': it did not
ALTER TABLE heartbeats ADD COLUMN last_words TEXT NOT NULL DEFAULT '';
