"""Groups of runs with the same params."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def grouped(
    cursor: duckdb.DuckDBPyConnection, hits: str, parameters: list[object], but: list[str], most: int
) -> list[tuple[int, dict[str, str | None], int]]:
    """Group the runs of ``hits`` and keep the groups' runs for `spreads`; return group, shared params and size."""
    cursor.execute(
        f"""
        create or replace temp table grouped_run as
        with
            hit as ({hits}),
            signature as (
                select run_no, list((key, value) order by key) as params
                from param semi join hit using (run_no)
                where key not in (select unnest(?))
                group by run_no
            )
        select hit.run_no, dense_rank() over (order by signature.params) as group_no
        from hit left join signature using (run_no)
        """,  # noqa: S608 - hits is our own text with its parameters
        [*parameters, but],
    )
    found = cursor.execute(
        """
        with
            biggest as (
                select group_no, count(*) as n, min(run_no) as example
                from grouped_run
                group by group_no
                order by n desc, group_no
                limit ?
            )
        select biggest.group_no, biggest.n, list(param.key), list(param.value)
        from biggest
        left join param on param.run_no = biggest.example and param.key not in (select unnest(?))
        group by all
        order by biggest.n desc, biggest.group_no
        """,
        [most, but],
    ).fetchall()
    return [
        (group, {key: value for key, value in zip(keys, values, strict=True) if key is not None}, n)
        for group, n, keys, values in found
    ]


def spreads(
    cursor: duckdb.DuckDBPyConnection, metrics: list[str]
) -> list[tuple[int, str, float | None, float | None, int, int]]:
    """Return group, metric, mean, sd, and how many values are finite and not, for the groups made last."""
    return cursor.execute(
        """
        select
            group_no,
            key,
            avg(value) filter (isfinite(value)),
            stddev_samp(value) filter (isfinite(value)),
            count(*) filter (isfinite(value)),
            count(*) filter (not isfinite(value))
        from metric join grouped_run using (run_no)
        where key in (select unnest(?))
        group by group_no, key
        """,
        [metrics],
    ).fetchall()
