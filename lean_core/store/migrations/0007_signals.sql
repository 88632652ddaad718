-- What each signal was read as: all of it for 90 days, then the worst reading of each day.
create table signal_reading (
    signal varchar not null,
    read_at timestamp not null,
    state varchar not null,           -- ok, warn, broken, unknown: as it was judged then
    value double,                     -- null where there was no number
    observed_at timestamp,            -- when the source knew it
    content varchar not null          -- JSON, with the threshold that it was judged by
);
