-- What a person changed, with who and when; never updated, never deleted.
create sequence journal_entry;
create table journal (
    entry bigint primary key default nextval('journal_entry'),
    changed_at timestamp not null,
    actor varchar not null,
    noun varchar not null,
    subject varchar not null,
    action varchar not null check (action in ('create', 'update', 'delete')),
    before varchar,
    after varchar
);
