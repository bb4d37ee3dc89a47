-- Deploys, flags and the like, as sources tell of them. `service` is the one it was routed to, empty: unknown. `dedup_key` is empty
-- where a source has none. `labels` and `links` are JSON.
CREATE TABLE change_events (
    id        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    service   TEXT NOT NULL,
    title     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    labels    TEXT NOT NULL,
    links     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX change_events_key ON change_events (source, dedup_key) WHERE dedup_key <> '';
CREATE INDEX change_events_service ON change_events (service, at);
CREATE INDEX change_events_at ON change_events (at);
