-- +goose Up

-- Runs of processes in the background, and the jobs that asked for them. The
-- queue itself is River's, at version 8 of its schema, which Up brings in after
-- this file; a run names its row there. The tables of results lie apart, since
-- they come and go with runs.
CREATE SCHEMA IF NOT EXISTS river;
CREATE SCHEMA IF NOT EXISTS results;

-- A run is one execution. key is a digest of all that its answer depends on:
-- process, engine, inputs, state of the data, sight, civil date. Jobs with equal
-- keys share a run, so at most one run of a key is alive: queued, running, or
-- finished with its result kept. task fences workers off: only the one that
-- holds this row of River's may write.
CREATE TABLE runs (
    id          text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z2-7]{26}$'),
    key         text COLLATE "C" NOT NULL,
    process     text COLLATE "C" NOT NULL,
    inputs      json NOT NULL,
    caller      jsonb NOT NULL,
    sight       text COLLATE "C" NOT NULL,
    status      text COLLATE "C" NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    progress    int NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    message     text COLLATE "C",
    problem     json,
    task        bigint,
    attempts    int NOT NULL DEFAULT 0,
    beat        timestamptz,
    created     timestamptz NOT NULL DEFAULT clock_timestamp(),
    started     timestamptz,
    finished    timestamptz,
    updated     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires     timestamptz,
    bytes       bigint NOT NULL DEFAULT 0,
    gone        boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX runs_alive ON runs (key) WHERE status IN ('accepted', 'running', 'successful') AND NOT gone;
CREATE INDEX runs_unfinished ON runs (status, beat) WHERE status IN ('accepted', 'running');
CREATE INDEX runs_kept ON runs (expires) WHERE finished IS NOT NULL AND NOT gone;

-- What a run gave, output by output, with the bytes that clients get. relation
-- is the table in schema results of an output that is a list of features, and
-- about its description as a collection.
CREATE TABLE run_outputs (
    run         text COLLATE "C" NOT NULL REFERENCES runs ON DELETE CASCADE,
    position    int NOT NULL,
    output      text COLLATE "C" NOT NULL,
    media_type  text COLLATE "C" NOT NULL,
    body        bytea NOT NULL,
    relation    text COLLATE "C",
    about       jsonb,
    PRIMARY KEY (run, position),
    UNIQUE (run, output)
);

CREATE TABLE jobs (
    id          text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z2-7]{26}$'),
    process     text COLLATE "C" NOT NULL,
    outputs     text[] COLLATE "C" NOT NULL,
    raw         boolean NOT NULL,
    caller      text COLLATE "C" NOT NULL,
    sight       text COLLATE "C" NOT NULL,
    created     timestamptz NOT NULL DEFAULT clock_timestamp(),
    dismissed   timestamptz,
    run         text COLLATE "C" NOT NULL REFERENCES runs ON DELETE CASCADE
);
CREATE INDEX jobs_newest ON jobs (created DESC, id DESC);
CREATE INDEX jobs_of_caller ON jobs (caller, created DESC, id DESC);
CREATE INDEX jobs_of_run ON jobs (run) WHERE dismissed IS NULL;

-- What became of runs, for counters that never go back though rows do.
CREATE TABLE run_totals (
    process     text COLLATE "C" NOT NULL,
    outcome     text COLLATE "C" NOT NULL,
    runs        bigint NOT NULL,
    seconds     double precision NOT NULL,
    PRIMARY KEY (process, outcome)
);
