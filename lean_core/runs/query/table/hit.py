"""What a query looks at: columns of runs, and joins for the keys that it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lean_core.runs.filter import Key
from lean_core.runs.query.page import RunQuery

if TYPE_CHECKING:
    import duckdb


ATTRIBUTES = {
    "run_id": "v.run_id",
    "name": "v.name",
    "status": "v.status",
    "start_time": "v.start_time",
    "end_time": "v.end_time",
    "duration": "v.duration",
    "user": "v.user_name",
    "commit": "v.git_commit",
    "experiment": "e.name",
    "experiment_id": "e.experiment_id",
    "source": "v.source",
    "lifecycle": "v.lifecycle",
    "parent": "v.parent_run_id",
    "artifact_uri": "v.artifact_uri",
}
"""An attribute's name in the filter language, and its column; those of ``e`` need `OF_EXPERIMENT`."""

_OF_DATASET = "left join (select run_no, list({name}) as value from input group by run_no) as {alias} using (run_no)"
_OF_KEY = {
    "metric": "left join (select run_no, value from metric where key = ?) as {alias} using (run_no)",
    "param": "left join (select run_no, value from param where key = ?) as {alias} using (run_no)",
    "tag": "left join (select run_no, value from tag where key = ?) as {alias} using (run_no)",
    "local": "left join (select source, run_key, value from local_tag where key = ?) as {alias}"
    " using (source, run_key)",
}


def join_of(key: Key, alias: str) -> tuple[str, list[object]]:
    """Return the join that brings a key's ``value``, with its parameters."""
    if key.kind == "dataset":
        return _OF_DATASET.format(name=key.name, alias=alias), []
    return _OF_KEY[key.kind].format(alias=alias), [key.name]


def narrow(query: RunQuery) -> tuple[list[str], list[object]]:
    """Return the conditions on view, sources and experiments, with their parameters."""
    conditions: list[str] = []
    parameters: list[object] = []
    if query.view != "all":
        conditions.append("v.lifecycle = ?")
        parameters.append(query.view)
    if query.parent is not None:
        conditions.append("v.parent_run_id = ?")
        parameters.append(query.parent)
    for column, names in (("v.source", query.sources), ("e.name", query.experiments)):
        if names:
            conditions.append(f"{column} in (select unnest(?))")
            parameters.append(list(names))
    return conditions, parameters


def page_of(
    cursor: duckdb.DuckDBPyConnection, hits: str, order: Sequence[tuple[str, str]], parameters: Sequence[object]
) -> tuple[int, list[int]]:
    """Return how many runs are hits, and the numbers of those on one page.

    Args:
        cursor: where to ask.
        hits: the ``from ... where ...`` that finds them.
        order: columns and directions to sort by.
        parameters: of ``hits``, then the page's limit and offset.
    """
    keys = ", ".join(f"{column} as s{at}" for at, (column, _) in enumerate(order))
    sort = ", ".join(f"s{at} {direction}" for at, (_, direction) in enumerate(order))
    found = cursor.execute(
        f"""
        with
            hits as materialized (select v.run_no, {keys} {hits}),
            page as (select * from hits order by {sort} limit ? offset ?)
        select total, run_no
        from (select count(*) as total from hits) left join page on true
        order by {sort}
        """,  # noqa: S608 - our own text; every value is bound
        parameters,
    ).fetchall()
    return found[0][0], [run_no for _, run_no in found if run_no is not None]
