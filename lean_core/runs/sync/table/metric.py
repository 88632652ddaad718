"""The latest value of each metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from lean_core.runs.sync.table.lease import Lease


_LATEST = """max(
    struct_pack(
        step := coalesce(step, 0),
        time := coalesce(time, 'epoch'::timestamp),
        is_number := not isnan(value),
        value := value
    )
)"""


def fold_metrics(cursor: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    """Write the latest value of each metric: the greatest (step, time, value), NaN below every number.

    Most runs log each metric once; only the others need the comparison, which is the expensive part. Even to see
    whether a run's keys repeat is dear, so it is asked of one run only for all that have the same keys.
    """
    cursor.execute(
        f"""
        insert into metric
        with
            mine as (select * from point where run_no between $first and $last),
            shape as (select run_no, count(*) as points, sum(hash(key)) as keys from mine group by run_no),
            example as (select points, keys, min(run_no) as run_no from shape group by points, keys),
            repeating as (
                select points, keys
                from mine join example using (run_no)
                group by points, keys
                having count(*) > count(distinct key)
            ),
            compared as (select run_no from shape semi join repeating using (points, keys)),
            folded as (
                select run_no, key, {_LATEST} as latest
                from mine semi join compared using (run_no)
                group by run_no, key
            )
        select run_no, key, step, time, value from mine anti join compared using (run_no)
        union all
        select run_no, key, latest.step, latest.time, latest.value from folded
        """,  # noqa: S608 - our own text
        {"first": lease.first_run_no, "last": lease.last_run_no},
    )


def fold_added(cursor: duckdb.DuckDBPyConnection, points: pa.Table) -> None:
    """Fold points (`rows.POINT`) of the runs in the temporary table ``touched_run`` into their latest values.

    The temporary table ``touched_metric`` has the latest values of all those runs afterwards: in the large table they
    are looked for once.
    """
    cursor.register("added", points)
    cursor.execute(
        """
        create or replace temp table touched_metric as
        select run_no, key, step, time, value, metric.rowid as place from metric semi join touched_run using (run_no)
        """
    )
    cursor.execute(
        f"""
        create or replace temp table folded as
        with mine as (select run_no, key, step, time, value, null as place from added join touched_run using (run_key))
        select run_no, key, {_LATEST} as latest, max(place) as place
        from (from mine union all from touched_metric semi join mine using (run_no, key))
        group by run_no, key
        """  # noqa: S608 - our own text
    )
    cursor.execute("delete from metric where rowid in (select place from folded)")
    cursor.execute("delete from touched_metric where place in (select place from folded)")
    latest = "select run_no, key, latest.step, latest.time, latest.value"
    cursor.execute(f"insert into metric {latest} from folded")
    cursor.execute(f"insert into touched_metric {latest}, null from folded")
    cursor.unregister("added")
