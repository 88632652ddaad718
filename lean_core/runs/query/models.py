"""Models that came out of a run: registered versions, and the logged models of MLflow 3."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.runs.query import table
from lean_core.runs.run import Run

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredVersion:
    """A version in the source's own model registry."""

    model: str
    version: str
    stage: str | None
    aliases: tuple[str, ...]
    created_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVersion:
    """A version in a source's own model registry, or a model there that has none."""

    source: str
    model: str
    version: str | None
    stage: str | None
    aliases: tuple[str, ...]
    created_at: dt.datetime | None
    ref: str | None
    """The reference of the run that made it (`Run.ref`), if the source says so and has it."""
    run: str | None
    """What that run is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """Some of the registered versions of all sources."""

    total: int
    versions: tuple[ListedVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedModel:
    """A model that the run logged."""

    model_id: str
    name: str | None
    model_type: str | None
    status: str | None
    artifact_path: str | None
    created_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All of them."""

    registered: tuple[RegisteredVersion, ...]
    logged: tuple[LoggedModel, ...]


def models_of(cursor: duckdb.DuckDBPyConnection, run: Run) -> Models:
    """Return the models that came out of a run."""
    registered = table.registered_of(cursor, run.source, run.run_id)
    logged = table.logged_of(cursor, run.source, run.run_id)
    return Models(
        registered=tuple(
            RegisteredVersion(model=model, version=version, stage=stage, aliases=tuple(aliases or ()), created_at=at)
            for model, version, stage, aliases, at in registered
        ),
        logged=tuple(
            LoggedModel(
                model_id=model_id, name=name, model_type=model_type, status=status, artifact_path=path, created_at=at
            )
            for model_id, name, model_type, status, path, at in logged
        ),
    )


def list_versions(cursor: duckdb.DuckDBPyConnection, *, limit: int, offset: int = 0) -> VersionPage:
    """Return a page of the registered versions of all sources: by model, the newest first."""
    total, found = table.versions_page(cursor, limit=limit, offset=offset)
    return VersionPage(
        total=total,
        versions=tuple(
            ListedVersion(
                source=source,
                model=model,
                version=version,
                stage=stage,
                aliases=tuple(aliases or ()),
                created_at=created_at,
                ref=None if run_key is None else f"{source}:{run_key}",
                run=run,
            )
            for source, model, version, stage, aliases, created_at, run_key, run in found
        ),
    )
