-- Imported from sources: a cache. Rows of runs carry a number that is given anew whenever a run is imported anew, so
-- that an interrupted sync leaves rows that no run points to, and never a half-changed run.
create table source (
    name varchar primary key,
    uri varchar not null,             -- redacted
    kind varchar not null,
    last_attempt timestamp,
    last_success timestamp,
    state varchar not null check (state in ('never', 'ok', 'stale')),
    message varchar                   -- why the last attempt failed
);

-- The reader's own memory of the last import: it may be large, so apart from what changes with every sync.
create table bookmark (
    source varchar not null,
    sync integer not null,            -- which one left it
    state varchar,                    -- of the source at that import, where it can be told cheaply
    content blob not null
);

create table sync (
    sync integer primary key,
    source varchar not null,
    owner varchar not null,           -- host and process
    started_at timestamp not null,
    seen_at timestamp not null,       -- the owner's last sign of life
    finished_at timestamp,            -- null while it runs, and for ever where it was interrupted
    first_run_no integer not null,
    last_run_no integer not null,
    imported integer,
    changed integer,
    unchanged integer,
    deleted integer,
    gone integer,
    seconds double
);

create table sync_warning (
    source varchar not null,
    kind varchar not null,
    place varchar not null,
    message varchar not null,
    skipped boolean not null
);

create table experiment (
    source varchar not null,
    experiment_key varchar not null,
    experiment_id varchar not null,
    name varchar,
    lifecycle varchar,
    artifact_uri varchar
);

create table run (
    run_no integer not null,
    source varchar not null,
    run_key varchar not null,
    run_id varchar not null,
    experiment_key varchar,
    name varchar,
    status varchar,                   -- as the source says
    start_time timestamp,
    end_time timestamp,
    alive_at timestamp,               -- the last sign of life: start, end, or the newest metric
    user_name varchar,
    lifecycle varchar not null,
    parent_run_id varchar,
    git_commit varchar,
    artifact_uri varchar,
    artifact_path varchar,
    fingerprint ubigint,              -- changes when the run does
    gone_at timestamp                 -- since when the source no longer has it
);

create table param (run_no integer not null, key varchar not null, value varchar);
create table tag (run_no integer not null, key varchar not null, value varchar);
create table point (run_no integer not null, key varchar not null, step bigint, time timestamp, value double);
create table metric (run_no integer not null, key varchar not null, step bigint, time timestamp, value double);
create table input (
    run_no integer not null,
    name varchar,
    digest varchar,
    context varchar,
    source_type varchar,
    source varchar
);

create table registered_model (
    source varchar not null,
    name varchar not null,
    description varchar,
    created_at timestamp,
    updated_at timestamp
);
create table model_version (
    source varchar not null,
    model varchar not null,
    version varchar not null,
    stage varchar,
    aliases varchar[],
    run_id varchar,
    source_uri varchar,
    status varchar,
    description varchar,
    created_at timestamp
);
create table logged_model (
    source varchar not null,
    model_id varchar not null,
    name varchar,
    run_id varchar,
    model_type varchar,
    status varchar,
    artifact_uri varchar,
    artifact_path varchar,
    created_at timestamp
);
