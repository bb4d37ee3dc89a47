-- Who has acknowledged an alert: one for each person, until it is paged anew. A person is a Slack user id; '' is the source.
CREATE TABLE acknowledgements (
    alert  INTEGER NOT NULL REFERENCES alerts (id),
    person TEXT NOT NULL,
    at     INTEGER NOT NULL,
    via    TEXT NOT NULL,
    PRIMARY KEY (alert, person)
) STRICT, WITHOUT ROWID;

-- "Still on it?": asked of `person` at `due`, or with `asked_at` set, asked then and paged again at `due` without an answer. The
-- timers are those of a promise, and of one that was not kept.
CREATE TABLE still_on_it (
    alert    INTEGER PRIMARY KEY REFERENCES alerts (id),
    person   TEXT NOT NULL,
    every    INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX still_on_it_due ON still_on_it (due, asked_at);

-- Why a page began though its alert had been answered, of those that did.
CREATE TABLE paged_again (
    page INTEGER PRIMARY KEY REFERENCES pages (id),
    why  TEXT NOT NULL
) STRICT;

-- Pages that ran when their alert's source said that it is over: nobody, or too few, had answered.
CREATE TABLE over_unanswered (
    page INTEGER PRIMARY KEY REFERENCES pages (id),
    at   INTEGER NOT NULL
) STRICT;

-- Kept for later advice, written with what they are about. `took` is in milliseconds, -1: nothing had reached for her; `hour` is
-- hers, -1: unknown.
CREATE TABLE answer_facts (
    id          INTEGER PRIMARY KEY,
    alert       INTEGER NOT NULL REFERENCES alerts (id),
    page        INTEGER NOT NULL REFERENCES pages (id),
    policy      TEXT NOT NULL,
    service     TEXT NOT NULL,
    team        TEXT NOT NULL,
    urgency     TEXT NOT NULL,
    person      TEXT NOT NULL,
    round       INTEGER NOT NULL,
    level       INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    took        INTEGER NOT NULL,
    hour        INTEGER NOT NULL,
    told_by     TEXT NOT NULL,
    answered_by TEXT NOT NULL
) STRICT;
CREATE INDEX answer_facts_of_person ON answer_facts (person, answered_at);

CREATE TABLE skip_facts (
    id      INTEGER PRIMARY KEY,
    alert   INTEGER NOT NULL REFERENCES alerts (id),
    page    INTEGER NOT NULL REFERENCES pages (id),
    policy  TEXT NOT NULL,
    who     TEXT NOT NULL,
    round   INTEGER NOT NULL,
    level   INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    why     TEXT NOT NULL,
    UNIQUE (page, round, level, attempt, who)
) STRICT;
CREATE INDEX skip_facts_of ON skip_facts (who, at);
