"""All SQL of the registry's index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lean_core.objects import ObjectInfo
from lean_core.registry.names import event_key
from lean_core.registry.record import Record, parse_record
from lean_core.registry.trail import Event, UnreadableEvent, parse_event, render_event
from lean_core.registry.version import File, Version
from lean_core.store import first_row

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Key = tuple[str, str]
"""A model, and a version's name or an event's key."""
_TABLES = {"registry_version": "version", "registry_event": "key"}
"""The tables of the index, and what names a row in each, beside its model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model, as a line of a table."""

    name: str
    versions: int
    """Those that exist: with a record that can be used."""
    incomplete: int
    foreign: int
    unreadable: int
    newest: str | None
    """The version that was made last."""
    newest_at: dt.datetime | None
    bytes: int
    """Of all its folders."""
    events: int
    last_event_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What is known of the last refreshes."""

    uri: str
    last_attempt: dt.datetime
    last_success: dt.datetime | None
    message: str | None


def declare(cursor: duckdb.DuckDBPyConnection, uri: str, *, reader: str, now: dt.datetime) -> None:
    """Note that the registry at ``uri`` is about to be read; an index of another one is dropped."""
    row = first_row(cursor, "select uri from registry")
    if row is not None and row != (uri,):
        for name in ("registry", *_TABLES):
            cursor.execute(f"delete from {name}")  # noqa: S608 - our tables
        row = None
    if row is None:
        cursor.execute("insert into registry (uri, reader, last_attempt) values (?, ?, ?)", [uri, reader, now])
    else:
        cursor.execute("update registry set last_attempt = ?", [now])


def mark_read(cursor: duckdb.DuckDBPyConnection, *, reader: str, now: dt.datetime) -> None:
    """Note that the index is what the registry holds."""
    cursor.execute("update registry set reader = ?, last_success = ?, message = null", [reader, now])


def mark_failed(cursor: duckdb.DuckDBPyConnection, message: str) -> None:
    """Note why the registry could not be read: the index stays, as stale."""
    cursor.execute("update registry set message = ?", [message])


def last_attempt(cursor: duckdb.DuckDBPyConnection) -> Attempt | None:
    """Return what is known of the last refreshes, or None where there was none."""
    row = first_row(cursor, "select uri, last_attempt, last_success, message from registry")
    if row is None:
        return None
    uri, attempt, success, message = row
    return Attempt(uri=uri, last_attempt=attempt, last_success=success, message=message)


def tags(cursor: duckdb.DuckDBPyConnection, table: str, *, reader: str) -> dict[Key, str]:
    """Return what the rows of a table were read from; nothing of it counts where another version read them."""
    name = _TABLES[table]
    rows = cursor.execute(
        f"select model, {name}, case when reader = ? then tag else '' end from {table} cross join registry",  # noqa: S608
        [reader],
    ).fetchall()
    return {(model, key): tag for model, key, tag in rows}


def remove(cursor: duckdb.DuckDBPyConnection, table: str, keys: Iterable[Key]) -> None:
    """Take rows away."""
    import pyarrow as pa

    models, names = zip(*keys, strict=True)
    cursor.register("outdated", pa.table({"model": models, "name": names}))
    cursor.execute(
        f"delete from {table} where (model, {_TABLES[table]}) in (select (model, name) from outdated)"  # noqa: S608
    )
    cursor.unregister("outdated")


def insert_versions(cursor: duckdb.DuckDBPyConnection, versions: Iterable[tuple[Version, str]]) -> None:
    """Put versions in, each with the tag of its folder; they are not there."""
    import pyarrow as pa

    time = pa.timestamp("us")
    file = pa.struct([("key", pa.string()), ("bytes", pa.int64())])
    schema = pa.schema(
        [
            ("model", pa.string()),
            ("version", pa.string()),
            ("tag", pa.string()),
            ("state", pa.string()),
            ("problem", pa.string()),
            ("content", pa.binary()),
            ("metrics", pa.map_(pa.string(), pa.float64())),
            ("metrics_problem", pa.string()),
            ("files", pa.list_(file)),
            ("bytes", pa.int64()),
            ("since", time),
            ("modified", time),
        ]
    )
    _insert(cursor, "registry_version", [_version_row(version, tag) for version, tag in versions], schema)


def insert_events(
    cursor: duckdb.DuckDBPyConnection, events: Iterable[tuple[Event | UnreadableEvent, ObjectInfo]]
) -> None:
    """Put events in, each with what was listed of it; they are not there."""
    import pyarrow as pa

    schema = pa.schema(
        [
            ("model", pa.string()),
            ("key", pa.string()),
            ("tag", pa.string()),
            ("content", pa.binary()),
            ("problem", pa.string()),
            ("version", pa.string()),
            ("happened_at", pa.timestamp("us")),
            ("modified", pa.timestamp("us")),
        ]
    )
    _insert(cursor, "registry_event", [_event_row(event, info) for event, info in events], schema)


def models(cursor: duckdb.DuckDBPyConnection) -> list[Model]:
    """Return the models, by name."""
    rows = cursor.execute(
        """
        with
            of_versions as (
                select
                    model,
                    count(*) filter (state = 'recorded') as versions,
                    count(*) filter (state = 'incomplete') as incomplete,
                    count(*) filter (state = 'foreign') as foreign_ones,
                    count(*) filter (state = 'unreadable') as unreadable,
                    arg_max(version, (since, version)) filter (state = 'recorded') as newest,
                    max(since) filter (state = 'recorded') as newest_at,
                    sum(bytes)::bigint as bytes
                from registry_version
                group by model
            ),
            of_events as (
                select model, count(*) as events, max(happened_at) as last_event_at
                from registry_event
                group by model
            )
        select
            model,
            coalesce(versions, 0),
            coalesce(incomplete, 0),
            coalesce(foreign_ones, 0),
            coalesce(unreadable, 0),
            newest,
            newest_at,
            coalesce(bytes, 0),
            coalesce(events, 0),
            last_event_at
        from of_versions
        full join of_events using (model)
        order by model
        """
    ).fetchall()
    names = ("name", "versions", "incomplete", "foreign", "unreadable", "newest", "newest_at", "bytes", "events")
    return [Model(**dict(zip((*names, "last_event_at"), row, strict=True))) for row in rows]


def versions(cursor: duckdb.DuckDBPyConnection, model: str, version: str | None = None) -> list[Version]:
    """Return the versions of a model, or the one of that name."""
    rows = cursor.execute(
        """
        select version, tag, state, problem, content, metrics, metrics_problem, files, modified
        from registry_version
        where model = $model and ($version is null or version = $version)
        """,
        {"model": model, "version": version},
    ).fetchall()
    return [_as_version(model, row) for row in rows]


def events(
    cursor: duckdb.DuckDBPyConnection, model: str | None = None, version: str | None = None
) -> list[tuple[Event | UnreadableEvent, dt.datetime | None]]:
    """Return events of all models or one, about all versions or one, each with when its file was written.

    Those that can't be read may be about any version.
    """
    rows = cursor.execute(
        """
        select key, content, problem, modified
        from registry_event
        where ($model is null or model = $model) and ($version is null or content is null or version = $version)
        """,
        {"model": model, "version": version},
    ).fetchall()
    return [
        (UnreadableEvent(key=key, sentence=problem) if content is None else parse_event(content, key=key), modified)
        for key, content, problem, modified in rows
    ]


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    import pyarrow as pa

    cursor.register("incoming", pa.Table.from_pylist(rows, schema=schema))
    cursor.execute(f"insert into {table} by name select * from incoming")  # noqa: S608 - our tables
    cursor.unregister("incoming")


def _version_row(version: Version, tag: str) -> dict[str, Any]:
    return {
        "model": version.model,
        "version": version.version,
        "tag": tag if version.lasting else "",
        "state": version.state,
        "problem": _text(version.problem),
        "content": version.content,
        "metrics": list(version.metrics.items()),
        "metrics_problem": _text(version.metrics_problem),
        "files": [{"key": file.key, "bytes": file.bytes} for file in version.files],
        "bytes": version.bytes,
        "since": version.since,
        "modified": version.modified,
    }


def _as_version(model: str, row: tuple[Any, ...]) -> Version:
    version, tag, state, problem, content, metrics, metrics_problem, files, modified = row
    record = parse_record(content, model=model, version=version) if state == "recorded" else None
    return Version(
        model=model,
        version=version,
        lasting=tag != "",
        state=state,
        problem=problem,
        content=content,
        record=record if isinstance(record, Record) else None,
        metrics=metrics,
        metrics_problem=metrics_problem,
        files=tuple(File(key=file["key"], bytes=file["bytes"]) for file in files),
        modified=modified,
    )


def _event_row(event: Event | UnreadableEvent, info: ObjectInfo) -> dict[str, Any]:
    if isinstance(event, UnreadableEvent):  # may be readable the next time
        return {"model": event.key.partition("/")[0], "key": event.key, "tag": "", "problem": _text(event.sentence)}
    return {
        "model": event.model,
        "key": event_key(event.model, event.id),
        "tag": info.tag,
        "content": render_event(event),
        "version": _text(event.version),
        "happened_at": event.at,
        "modified": info.modified,
    }


def _text(text: str | None) -> str | None:
    """Return a text as the store can hold it: half a surrogate pair is none."""
    return None if text is None else text.encode(errors="backslashreplace").decode()
