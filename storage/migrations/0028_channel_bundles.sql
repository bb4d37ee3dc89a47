-- Where each alert is shown in its channel: by a card of its own (bundle 0), or by one that it shares. `place` is the channel as
-- configured, `state` the one that the channel knows of.
CREATE TABLE channel_bundles (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    place     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    channel   TEXT NOT NULL DEFAULT '',
    ts        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX channel_bundles_of ON channel_bundles (place, id);

CREATE TABLE channel_alerts (
    alert     INTEGER PRIMARY KEY REFERENCES alerts (id),
    place     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    bundle    INTEGER NOT NULL DEFAULT 0,
    state     TEXT NOT NULL
) STRICT;
CREATE INDEX channel_alerts_opened ON channel_alerts (place, opened_at);
CREATE INDEX channel_alerts_bundled ON channel_alerts (bundle, alert) WHERE bundle <> 0;

-- Lines of the timeline that a channel is told however little it wants to hear.
CREATE TABLE shouts (
    entry INTEGER PRIMARY KEY REFERENCES timeline (id)
) STRICT;
