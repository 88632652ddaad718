-- What was counted of the files of prediction logs: a cache. What is missing is counted again.
create sequence log_file_no;
create table log_file (
    log varchar not null,             -- digest of the place, the columns, the reference and the engine
    file_no bigint not null default nextval('log_file_no'),
    name varchar not null,
    tag varchar not null,             -- changes whenever the file does
    sha256 varchar not null,
    columns varchar not null,         -- JSON: the names of the columns that are in it
    rejected bigint not null,         -- lines that are no rows
    untimed bigint not null,          -- rows without a time
    first_slot integer,               -- null where no row has a time
    last_slot integer,
    binning varchar not null,         -- digest of the bins that were counted; empty: none yet
    counted_at timestamp not null
);
-- One row a file, slot (of SLOT seconds since 1970) and version of the model.
create table log_slot (
    file_no bigint not null,
    slot integer not null,
    version varchar,
    rows bigint not null,
    newest timestamp not null
);
-- Sums that merge by addition, over all versions.
create table log_sum (
    file_no bigint not null,
    slot integer not null,
    measure varchar not null,
    total double not null
);
-- Histograms that merge by addition: of latency for each slot, of features for each hour on the bins of the reference.
create table log_bin (
    file_no bigint not null,
    slot integer not null,            -- of features, the first of the hour
    measure varchar not null,
    bucket integer not null,
    rows bigint not null,
    total double                      -- the sum of the values, where they are numbers
);
-- The reference as it was binned.
create table log_reference (
    log varchar not null,
    tag varchar not null,             -- of its files, or the week in which a past window was binned
    content varchar not null,         -- JSON
    made_at timestamp not null
);
