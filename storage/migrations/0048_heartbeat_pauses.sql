-- A pause of a heartbeat has an end. `paused_until`: 0 while it is enabled, and for what was paused before: the next start gives
-- that an end.
ALTER TABLE heartbeats ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeats ADD COLUMN paused_by TEXT NOT NULL DEFAULT '';     -- '': nobody in Slack
ALTER TABLE heartbeats ADD COLUMN pause_reason TEXT NOT NULL DEFAULT '';  -- '': none given
