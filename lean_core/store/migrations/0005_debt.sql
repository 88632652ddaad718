-- The debt log: what people wrote, each change of it in the journal (noun 'debt').
create table debt_item (
    id varchar primary key,
    title varchar not null,
    instead varchar not null,
    area varchar not null,
    owner varchar not null,
    risk varchar,
    severity varchar,
    consequence varchar not null,
    blocks varchar[] not null,
    trigger_expression varchar not null,
    watch varchar not null,
    control varchar not null,
    location varchar not null,
    decision varchar not null,
    ai_assisted boolean,
    valuable_data boolean,
    reviewer varchar not null,
    effort_days double,
    created date not null,
    status varchar not null check (status in ('open', 'planned', 'accepted', 'repaid', 'dropped')),
    reason varchar not null,
    accepted_until date,
    revision integer not null,        -- who writes says which one they saw
    updated_at timestamp not null,
    updated_by varchar not null
);
-- That somebody went through the whole log.
create table debt_review (
    reviewed_at timestamp not null,
    reviewed_by varchar not null,
    note varchar not null,
    open_items integer not null
);
-- What was found in the code and is not offered again: by what it says and where, not by its line.
create table debt_marker (
    fingerprint varchar primary key,
    decided_at timestamp not null,
    decided_by varchar not null,
    item varchar                      -- what was made of it; null: dismissed
);
-- Each change of a trigger's state, with what it rested on; the newest one counts.
create table debt_trigger (
    item varchar not null,
    change integer not null,          -- counts those of the item
    expression varchar not null,
    changed_at timestamp not null,
    state varchar not null check (state in ('armed', 'fired', 'cannot evaluate')),
    sentence varchar not null,        -- the values that decided it, or why it could not be told
    evidence varchar not null,        -- JSON: the facts that it asked for
    primary key (item, change)
);
-- Until when a trigger that fired, or can't be evaluated, is left alone.
create table debt_snooze (
    item varchar primary key,
    change integer not null,          -- what is left alone: another state or expression is not
    until timestamp not null,
    reason varchar not null,
    snoozed_at timestamp not null,
    snoozed_by varchar not null
);
