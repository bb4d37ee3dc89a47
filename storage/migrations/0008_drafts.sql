-- Changes of the configuration that somebody looks at before saving them. A view of Slack has no room for them.
CREATE TABLE drafts (
    id    TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    edits TEXT NOT NULL,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
