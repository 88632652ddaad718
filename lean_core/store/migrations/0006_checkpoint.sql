-- What people claim, each with an end; the journal (noun 'claim') keeps what it was.
create table claim (
    subject varchar primary key,      -- 'signal.churn.stale', 'debt.migration', 'credits.ends', 'ml_test.data.1', ...
    says varchar not null,
    value varchar,                    -- JSON, where it states a fact
    link varchar not null,
    claimed_at timestamp not null,
    claimed_by varchar not null,
    good_until timestamp not null
);
-- The five checks as they were found, on each day and at each change.
create table checkpoint (
    model varchar not null,
    environment varchar not null,
    found_at timestamp not null,
    digest varchar not null,          -- over what it says, without ages: tells a change
    content varchar not null          -- JSON
);
-- The facts as they were, on each day and at each change.
create table fact (
    name varchar not null,
    found_at timestamp not null,
    value varchar                     -- JSON; null where it was not known
);
-- What the running system said when it last told: one row a model and environment.
create table observation (
    model varchar not null,
    environment varchar not null,
    observed_at timestamp not null,
    content varchar not null,         -- JSON
    primary key (model, environment)
);
-- Data that was hashed: as long as its tag stays, it is not read again.
create table hashed_data (
    place varchar primary key,
    tag varchar not null,             -- sizes and times of its files
    sha256 varchar not null,
    hashed_at timestamp not null
);
