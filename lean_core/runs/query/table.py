"""All SQL that reads runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lean_core.runs.filter import Key
from lean_core.runs.query.page import Moment, RunQuery
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


def oldest_sign(moment: Moment) -> dt.datetime:
    """Return the time before which a sign of life is too old."""
    return moment.now - moment.abandoned_after


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


def registered_by_name(
    cursor: duckdb.DuckDBPyConnection, model: str, *, source: str | None
) -> list[tuple[str, str, str | None, list[str] | None, str | None, str | None]]:
    """Return source, version, stage, aliases, run id and address of the registered versions of a model."""
    return cursor.execute(
        """
        select source, version, stage, aliases, run_id, source_uri
        from model_version
        where model = ? and coalesce(source = ?, true)
        order by source, try_cast(version as integer), version
        """,
        [model, source],
    ).fetchall()


def numbers_by_id(cursor: duckdb.DuckDBPyConnection, source: str, run_id: str) -> list[int]:
    """Return the numbers of a source's runs of this id; there is more than one where a deleted one has it too."""
    found = cursor.execute(
        "select run_no from run where source = ? and run_id = ? order by lifecycle, run_no", [source, run_id]
    ).fetchall()
    return [run_no for (run_no,) in found]


def logged_by_uri(
    cursor: duckdb.DuckDBPyConnection, source: str, uri: str
) -> tuple[str | None, str | None, str | None] | None:
    """Return name, address and folder of the logged model that ``models:/m-…`` names."""
    found: tuple[str | None, str | None, str | None] | None = cursor.execute(
        """
        select name, artifact_uri, artifact_path
        from logged_model
        where source = ? and 'models:/' || model_id = ?
        """,
        [source, uri],
    ).fetchone()
    return found


def distinct_keys(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Return which keys exist, by kind."""
    found = {
        kind: cursor.execute(f"select distinct key from {name} order by key").fetchall()  # noqa: S608
        for kind, name in (("metric", "metric"), ("param", "param"), ("tag", "tag"), ("local", "local_tag"))
    }
    return {kind: tuple(key for (key,) in keys) for kind, keys in found.items()}


def experiment_names(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of experiments, each once."""
    found = cursor.execute("select distinct name from experiment where name is not null order by name").fetchall()
    return [name for (name,) in found]


def registered_of(
    cursor: duckdb.DuckDBPyConnection, source: str, run_id: str
) -> list[tuple[str, str, str | None, list[str] | None, dt.datetime | None]]:
    """Return model, version, stage, aliases and time of the registered versions of a run."""
    return cursor.execute(
        """
        select model, version, stage, aliases, created_at
        from model_version
        where source = ? and run_id = ?
        order by model, try_cast(version as integer), version
        """,
        [source, run_id],
    ).fetchall()


def logged_of(
    cursor: duckdb.DuckDBPyConnection, source: str, run_id: str
) -> list[tuple[str, str | None, str | None, str | None, str | None, dt.datetime | None]]:
    """Return id, name, type, status, folder and time of the models that a run logged."""
    return cursor.execute(
        """
        select model_id, name, model_type, status, artifact_path, created_at
        from logged_model
        where source = ? and run_id = ?
        order by created_at, model_id
        """,
        [source, run_id],
    ).fetchall()


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
