-- What an alert's source said of it when it came, where a rule or its source's settings say otherwise: rules are tried on that.
CREATE TABLE reported_alerts (
    alert    INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    title    TEXT NOT NULL,
    severity TEXT NOT NULL,
    service  TEXT NOT NULL
) STRICT;
