"""Every value that metrics had."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import duckdb


def points_of(
    cursor: duckdb.DuckDBPyConnection, numbers: list[int]
) -> list[tuple[str, str, str, list[int | None], list[dt.datetime | None], list[float]]]:
    """Return source, run key, metric key and the columns of its history, for these runs."""
    return cursor.execute(
        """
        with
            mine as (
                select * from point where run_no in (select unnest(?))
            )
        select
            run.source,
            run.run_key,
            key,
            list(step order by step, time),
            list(time order by step, time),
            list(value order by step, time)
        from mine join run using (run_no)
        group by all
        """,
        [numbers],
    ).fetchall()
