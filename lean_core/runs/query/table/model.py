"""Models that came out of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.store import first_row

if TYPE_CHECKING:
    import datetime as dt

    import duckdb


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


def logged_by_uri(
    cursor: duckdb.DuckDBPyConnection, source: str, uri: str
) -> tuple[str | None, str | None, str | None] | None:
    """Return name, address and folder of the logged model that ``models:/m-…`` names."""
    found: tuple[str | None, str | None, str | None] | None = first_row(
        cursor,
        """
        select name, artifact_uri, artifact_path
        from logged_model
        where source = ? and 'models:/' || model_id = ?
        """,
        [source, uri],
    )
    return found
