"""A version in a source's own model registry, by its name: ``MODEL/VERSION`` or ``MODEL@ALIAS``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.errors import UsageError
from lean_core.runs.query import table
from lean_core.runs.query.page import Moment
from lean_core.runs.run import Run

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceVersion:
    """A registered version, as its source knows it."""

    source: str
    model: str
    version: str
    stage: str | None
    aliases: tuple[str, ...]
    run: Run | None
    """The run that made it, if the source says so and has it."""
    uri: str | None
    """Where its files are, as the source says it; of a model that was logged as such, where that one's are."""
    path: str | None
    """The folder of this machine that a logged model resolves to."""
    name: str | None
    """What the logged model is called."""


def version_named(cursor: duckdb.DuckDBPyConnection, name: str, *, source: str | None, moment: Moment) -> SourceVersion:
    """Return the registered version that a name means.

    Args:
        cursor: where to ask.
        name: ``MODEL/VERSION`` or ``MODEL@ALIAS``.
        source: the source that has it; None: any.
        moment: as of when runs are shown.

    Raises:
        UsageError: it is no such name, there is none, or several sources have one.
    """
    model, version, alias = _split(name)
    rows = table.registered_by_name(cursor, model, source=source)
    where = f"source {source}" if source else "any source"
    if not rows:
        raise UsageError(f"no registered model {model!r} in {where}: correct the name, or run `lean-mlops sync`")
    found = [row for row in rows if row[1] == version or (alias is not None and alias in (row[3] or ()))]
    if not found:
        has = sorted({alias for row in rows for alias in row[3] or ()}) if alias else [row[1] for row in rows]
        known = ", ".join(has[-10:]) or "none"
        what = f"alias {alias!r}" if alias else f"version {version!r}"
        raise UsageError(f"model {model!r} has no {what} in {where}; there is: {known}")
    if len(found) > 1:
        raise UsageError(
            f"{name} is in several sources ({', '.join(row[0] for row in found)}): name one with --source SOURCE"
        )
    ((of_source, number, stage, aliases, run_id, uri),) = found
    runs = table.runs_of(cursor, table.numbers_by_id(cursor, of_source, run_id), moment) if run_id else []
    logged = table.logged_by_uri(cursor, of_source, uri) if uri else None
    return SourceVersion(
        source=of_source,
        model=model,
        version=number,
        stage=stage,
        aliases=tuple(aliases or ()),
        run=runs[0] if runs else None,
        uri=logged[1] if logged else uri,
        path=logged[2] if logged else None,
        name=logged[0] if logged else None,
    )


def _split(name: str) -> tuple[str, str | None, str | None]:
    model, separator, last = name.rpartition("@")
    if separator and model and last:
        return model, None, last
    model, separator, last = name.rpartition("/")
    if separator and model and last:
        return model, last, None
    raise UsageError(
        f"{name!r} names no registered version: write MODEL/VERSION or MODEL@ALIAS, such as churn@champion"
    )
