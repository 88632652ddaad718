-- What a person says about runs. Keyed by source and run key, so that it outlives every import.
create table note (
    source varchar not null,
    run_key varchar not null,
    body varchar not null,
    updated_at timestamp not null,
    updated_by varchar not null,
    primary key (source, run_key)
);
create table local_tag (
    source varchar not null,
    run_key varchar not null,
    key varchar not null,
    value varchar not null,
    primary key (source, run_key, key)
);
create table metric_direction (
    key varchar primary key,
    direction varchar not null check (direction in ('higher', 'lower'))
);
create table saved_view (
    name varchar primary key,
    query varchar not null,           -- the page's URL parameters
    updated_at timestamp not null,
    updated_by varchar not null
);
