"""Rows that may be others than those of the last import: which ones are, and how they take their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs import rows
from lean_core.runs.sync.table.metric import fold_added
from lean_core.runs.sync.table.run import FINGERPRINT, Replaced, insert_rows, insert_runs
from lean_core.store import scalar

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from lean_core.runs.reader import Amendment
    from lean_core.runs.sync.table.lease import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How what was handed over differs from the last import; params, points and inputs aside."""

    runs: frozenset[str]
    """Keys of new and changed runs."""
    new: int
    """How many of them the store does not have."""
    came_back: bool
    """Whether some of them are in the store as gone."""
    is_short: bool
    """Whether the source has lost runs or tags, if these were not all it has."""


def find_differences(cursor: duckdb.DuckDBPyConnection, source: str, amendment: Amendment) -> Differences:
    """Compare an amendment with the store; temporary tables keep for `amend_runs` what was found."""
    import pyarrow as pa

    cursor.register("incoming", amendment.runs)
    cursor.register("incoming_tag", amendment.tags)
    owners = (
        amendment.runs["run_key"] if amendment.read_all is None else pa.array(sorted(amendment.owners), pa.string())
    )
    cursor.register("owner", pa.table({"run_key": owners}))  # with every run, where those are looked for that are lost
    # Numbers are compared first, since most runs are the same, and a text costs several times as much.
    cursor.execute(
        f"""
        create or replace temp table differing_run as
        with mine as (select run_key, lifecycle, {FINGERPRINT} as fingerprint from incoming)
        select run_key, lifecycle
        from mine anti join (select fingerprint from run where source = ? and gone_at is null) using (fingerprint)
        """,  # noqa: S608 - our own text
        [source],
    )
    cursor.execute(
        """
        create or replace temp table seen_run as
        with
            mine as (
                select run_key from differing_run
                union
                -- Rows may be left of a run that is not there.
                select run_key from (select run_key from incoming_tag union all select run_key from owner)
                semi join incoming using (run_key)
            ),
            older as (
                select run_no, run_key, gone_at, lifecycle from run semi join mine using (run_key) where source = ?
            )
        select
            run_key,
            older.run_no,
            older.gone_at is not null as is_gone,
            differing_run.run_key is not null as differs,
            differing_run.lifecycle = 'deleted' and older.lifecycle is distinct from 'deleted' as is_newly_deleted
        from mine
        left join older using (run_key)
        left join differing_run using (run_key)
        """,
        [source],
    )
    cursor.execute(
        """
        create or replace temp table seen_tag as
        with
            mine as (select run_key, run_no, key, value from incoming_tag join seen_run using (run_key)),
            older as (select run_no, key, value, tag.rowid as place from tag semi join mine using (run_no, key))
        select
            mine.run_key,
            mine.key,
            mine.value,
            older.place,
            older.place is null or older.value is distinct from mine.value as differs
        from mine left join older using (run_no, key)
        """
    )
    cursor.execute("create or replace temp table lost_tag (run_key varchar, place bigint)")
    for name in ("incoming", "incoming_tag", "owner"):
        cursor.unregister(name)
    return _summarise(cursor, amendment)


def _summarise(cursor: duckdb.DuckDBPyConnection, amendment: Amendment) -> Differences:
    [(unknown, gone, new, known_tags, differing)] = cursor.execute(
        """
        select
            count(*) filter (differs and (run_no is null or is_gone)),
            count(*) filter (is_gone),
            count(*) filter (differs and run_no is null),
            (select count(place) from seen_tag),
            (select list(distinct run_key) from (
                select run_key from seen_run where differs union all select run_key from seen_tag where differs
            ))
        from seen_run
        """
    ).fetchall()
    known = amendment.runs.num_rows - unknown, known_tags
    return Differences(
        runs=frozenset(differing or ()),
        new=new,
        came_back=gone > 0,
        is_short=known != (amendment.known_runs, amendment.known_tags),
    )


def find_lost(cursor: duckdb.DuckDBPyConnection, source: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the keys of runs that lost a tag, and of runs that are gone, if the amendment had every run and tag."""
    cursor.execute(
        """
        insert into lost_tag
        select seen_run.run_key, tag.rowid
        from tag join seen_run using (run_no)
        where tag.rowid not in (select place from seen_tag where place is not null)
        """
    )
    without_tag = cursor.execute("select distinct run_key from lost_tag").fetchall()
    gone = cursor.execute(
        "select run_key from run anti join seen_run using (run_key) where source = ? and gone_at is null", [source]
    ).fetchall()
    return frozenset(run_key for (run_key,) in without_tag), tuple(run_key for (run_key,) in gone)


def amend_runs(cursor: duckdb.DuckDBPyConnection, lease: Lease, amendment: Amendment, touched: pa.Table) -> Replaced:
    """Bring the store up to date, in place.

    Args:
        cursor: where `find_differences` was asked.
        lease: has a number for each new run.
        amendment: with what was added.
        touched: the keys of the runs that differ or own what was added, as the column ``run_key``.
    """
    keys = _number(cursor, lease, touched)
    deleted = scalar(
        cursor, "select count(*) from seen_run semi join touched_run using (run_key) where is_newly_deleted"
    )
    cursor.execute(
        """
        delete from tag
        where rowid in (select place from seen_tag where differs union all select place from lost_tag)
        """
    )
    cursor.execute(
        """
        insert into tag
        select touched_run.run_no, seen_tag.key, seen_tag.value from seen_tag join touched_run using (run_key)
        where seen_tag.differs
        """
    )
    added = amendment.added or {}
    for name, table in added.items():
        if table.num_rows:
            insert_rows(cursor, name, table, keys)
    fold_added(cursor, added.get("point", rows.POINT.empty_table()))
    cursor.execute("delete from run where run_no in (select run_no from touched_run where not is_new)")
    insert_runs(cursor, lease.source, amendment.runs, keys, metrics="touched_metric")
    changed = scalar(cursor, "select count(*) from touched_run where not is_new")
    return Replaced(new=keys.num_rows - changed, changed=changed, deleted=deleted)


def _number(cursor: duckdb.DuckDBPyConnection, lease: Lease, touched: pa.Table) -> pa.Table:
    """Give the new runs their numbers, and return all with number and (no) fingerprint."""
    cursor.register("incoming", touched)
    cursor.execute(
        """
        create or replace temp table touched_run as
        select
            run_key,
            run_no is null as is_new,
            coalesce(run_no, ? - 1 + row_number() over (partition by run_no is null))::integer as run_no
        from seen_run semi join incoming using (run_key)
        """,
        [lease.first_run_no],
    )
    cursor.unregister("incoming")
    return cursor.sql("select run_key, run_no, null::ubigint as fingerprint from touched_run").to_arrow_table()
