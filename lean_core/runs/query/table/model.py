"""Models that came out of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from lean_core.store import first_row, scalar

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


Listed: TypeAlias = (
    "tuple[str, str, str | None, str | None, list[str] | None, dt.datetime | None, str | None, str | None]"
)


def versions_page(cursor: duckdb.DuckDBPyConnection, *, limit: int, offset: int) -> tuple[int, list[Listed]]:
    """Return how many registered versions there are, and some of them; a model without one has a row, too.

    A row: source, model, version, stage, aliases, time, then key and name of the run that made it, where that is here.
    """
    total = scalar(cursor, f"select count(*) from ({_VERSIONS})")  # noqa: S608 - our own text
    found = cursor.execute(
        f"""
        with page as (select * from ({_VERSIONS}) order by {_NEWEST} limit ? offset ?)
        select
            page.* exclude (run_id),
            made.run_key,
            coalesce(made.name, left(made.run_id, 8))
        from page
        left join (
            select source, run_id, min(run_key) as run_key, min_by(name, run_key) as name
            from run
            where run_id in (select run_id from page)
            group by source, run_id
        ) as made using (source, run_id)
        order by {_NEWEST}
        """,  # noqa: S608 - our own text
        [limit, offset],
    ).fetchall()
    return total, found


_NEWEST = "model, source, try_cast(version as integer) desc nulls last, version desc"
_VERSIONS = """
    select
        coalesce(v.source, m.source) as source,
        coalesce(v.model, m.name) as model,
        v.version,
        v.stage,
        v.aliases,
        coalesce(v.created_at, m.created_at) as created_at,
        v.run_id
    from registered_model as m
    full join model_version as v on v.source = m.source and v.model = m.name
"""
