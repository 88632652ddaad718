"""Runs as they are shown, whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lean_core.runs.query.page import Moment
from lean_core.runs.run import Input, Run

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

SHOWN = """
select
    run_no,
    source,
    run_key,
    run_id,
    experiment_key,
    name,
    case when status = 'RUNNING' and coalesce(alive_at < ?, true) then 'ABANDONED' else status end as status,
    start_time,
    end_time,
    epoch(end_time - start_time) as duration,
    user_name,
    git_commit,
    lifecycle,
    gone_at,
    parent_run_id,
    artifact_uri,
    artifact_path
from run
"""
"""Every run as it is shown; its parameter is the time before which a sign of life is too old."""

OF_EXPERIMENT = "left join experiment as e using (source, experiment_key)"


def oldest_sign(moment: Moment) -> dt.datetime:
    """Return the time before which a sign of life is too old."""
    return moment.now - moment.abandoned_after


_CHILDREN = """
with wanted as (select unnest(?) as run_no)
select 'param', run_no, key, value, null from param semi join wanted using (run_no)
union all
select 'tag', run_no, key, value, null from tag semi join wanted using (run_no)
union all
select 'metric', run_no, key, null, value from metric semi join wanted using (run_no)
union all
select 'local', run.run_no, local_tag.key, local_tag.value, null
from run semi join wanted using (run_no) join local_tag using (source, run_key)
"""


def runs_of(cursor: duckdb.DuckDBPyConnection, run_nos: Sequence[int], moment: Moment) -> list[Run]:
    """Return these runs whole, in this order."""
    numbers = list(run_nos)
    if not numbers:
        return []
    children: dict[str, dict[int, dict[str, Any]]] = {"param": {}, "tag": {}, "metric": {}, "local": {}}
    for kind, run_no, key, text, number in cursor.execute(_CHILDREN, [numbers]).fetchall():
        children[kind].setdefault(run_no, {})[key] = number if kind == "metric" else text
    inputs = _inputs(cursor, numbers)
    found = cursor.execute(
        f"""
        select v.* exclude (experiment_key, duration), e.name, e.experiment_id
        from ({SHOWN}) as v {OF_EXPERIMENT}
        where v.run_no in (select unnest(?))
        """,  # noqa: S608 - our own text
        [oldest_sign(moment), numbers],
    ).fetchall()
    runs = {
        run_no: Run(
            source=source,
            run_key=run_key,
            run_id=run_id,
            experiment=experiment,
            experiment_id=experiment_id,
            name=name,
            status=status,
            start_time=start_time,
            end_time=end_time,
            user=user,
            commit=commit,
            lifecycle=lifecycle,
            gone_at=gone_at,
            parent_run_id=parent_run_id,
            artifact_uri=artifact_uri,
            artifact_path=artifact_path,
            params=children["param"].get(run_no, {}),
            metrics=children["metric"].get(run_no, {}),
            tags=children["tag"].get(run_no, {}),
            local_tags=children["local"].get(run_no, {}),
            inputs=tuple(inputs.get(run_no, ())),
        )
        for (
            run_no, source, run_key, run_id, name, status, start_time, end_time, user, commit, lifecycle, gone_at,
            parent_run_id, artifact_uri, artifact_path, experiment, experiment_id,
        ) in found
    }  # fmt: skip
    return [runs[run_no] for run_no in numbers if run_no in runs]


def refs_of(cursor: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> list[str]:
    """Return the references (`Run.ref`) of runs by number, in this order."""
    found = cursor.execute(
        "select run_no, source || ':' || run_key from run where run_no in (select unnest(?))", [list(numbers)]
    ).fetchall()
    refs = dict(found)
    return [refs[number] for number in numbers]


def numbers_of(cursor: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str]]) -> list[int]:
    """Return the numbers of runs named by (source, run key), in this order; unknown ones are left out."""
    if not pairs:
        return []
    sources, run_keys = zip(*pairs, strict=True)
    found = cursor.execute(
        """
        with wanted as (select unnest(?) as source, unnest(?) as run_key)
        select run.source, run.run_key, run.run_no from run join wanted using (source, run_key)
        """,
        [list(sources), list(run_keys)],
    ).fetchall()
    by_name = {(source, run_key): run_no for source, run_key, run_no in found}
    return [by_name[pair] for pair in pairs if pair in by_name]


def _inputs(cursor: duckdb.DuckDBPyConnection, numbers: list[int]) -> dict[int, list[Input]]:
    by_run: dict[int, list[Input]] = {}
    found = cursor.execute(
        """
        select run_no, name, digest, context, source_type, source
        from input
        where run_no in (select unnest(?))
        order by run_no, context, name
        """,
        [numbers],
    ).fetchall()
    for run_no, name, digest, context, source_type, source in found:
        by_run.setdefault(run_no, []).append(
            Input(name=name, digest=digest, context=context, source_type=source_type, source=source)
        )
    return by_run


def numbers_called(cursor: duckdb.DuckDBPyConnection, name: str) -> list[int]:
    """Return the numbers of runs with this reference or run id, newest first."""
    found = cursor.execute(
        """
        select run_no from run
        where run_id = ? or source || ':' || run_key = ?
        order by start_time desc nulls last, run_no
        """,
        [name, name],
    ).fetchall()
    return [run_no for (run_no,) in found]


def numbers_beginning(cursor: duckdb.DuckDBPyConnection, name: str) -> list[int]:
    """Return the numbers of runs whose id or reference begins so, newest first."""
    found = cursor.execute(
        """
        select run_no from run
        where starts_with(run_id, ?) or starts_with(source || ':' || run_key, ?)
        order by start_time desc nulls last, run_no
        """,
        [name, name],
    ).fetchall()
    return [run_no for (run_no,) in found]


def numbers_by_id(cursor: duckdb.DuckDBPyConnection, source: str, run_id: str) -> list[int]:
    """Return the numbers of a source's runs of this id; there is more than one where a deleted one has it too."""
    found = cursor.execute(
        "select run_no from run where source = ? and run_id = ? order by lifecycle, run_no", [source, run_id]
    ).fetchall()
    return [run_no for (run_no,) in found]


def activity_since(
    cursor: duckdb.DuckDBPyConnection, since: dt.datetime
) -> tuple[list[str] | None, int, dt.datetime | None]:
    """Return the users and the number of the runs that started since a time, and when the newest of all did."""
    rows = cursor.execute(
        """
        select
            list(distinct user_name) filter (start_time >= ? and user_name is not null),
            count(*) filter (start_time >= ?),
            max(start_time)
        from run
        """,
        [since, since],
    ).fetchall()
    users, runs, newest = rows[0]
    return users, runs, newest
