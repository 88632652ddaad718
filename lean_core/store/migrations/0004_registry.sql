-- What the registry holds: a cache, from the last time that it could be listed. A row's `tag` is that of what was read;
-- where it is empty, it is read again the next time.
create table registry (
    uri varchar not null,             -- without secrets; another one starts from nothing
    reader varchar not null,          -- the version of the workbench that read it: another one may read more
    last_attempt timestamp not null,
    last_success timestamp,
    message varchar                   -- why the last attempt failed
);
create table registry_version (
    model varchar not null,
    version varchar not null,
    tag varchar not null,
    state varchar not null check (state in ('recorded', 'incomplete', 'foreign', 'unreadable')),
    problem varchar,
    content blob not null,            -- version.json, as it lies there
    metrics map(varchar, double) not null,
    metrics_problem varchar,
    files struct(key varchar, bytes bigint)[] not null,
    bytes bigint not null,            -- of all files
    since timestamp,                  -- when it was made, as far as is known
    modified timestamp
);
create table registry_event (
    model varchar not null,
    key varchar not null,
    tag varchar not null,
    content blob,                     -- the event; null where it can't be read
    problem varchar,                  -- why not
    version varchar,
    happened_at timestamp,
    modified timestamp                -- when its file was written: since then it is known
);
