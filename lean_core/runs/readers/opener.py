"""Choose the reader for a source."""

from __future__ import annotations

from pathlib import Path

from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs.reader import Reader
from lean_core.runs.readers.fallback import FallbackReader
from lean_core.runs.source import Source
from lean_core.settings import path_of, scheme_of


def open_reader(source: Source) -> Reader:
    """Open a source for reading.

    Raises:
        SourceError: it is missing, unreachable, forbidden, or not what it is said to be.
    """
    scheme = scheme_of(source.uri)
    if scheme in {"http", "https"}:
        return _client(source, source.uri)
    if scheme in {"postgresql", "postgres"}:
        from lean_core.runs.readers.postgresql import PostgresReader

        direct = PostgresReader(source.uri, timeout=source.timeout, folder=source.folder)
        return FallbackReader(direct, lambda: _client(source, source.uri))
    if scheme == "mysql":
        return _client(source, source.uri)
    path = local_path(source)
    if path.is_dir():
        return _folder(source, path)
    if path.exists():
        from lean_core.runs.readers.sqlite import SqliteReader

        return FallbackReader(SqliteReader(path), lambda: _client(source, f"sqlite:///{path}"))
    raise SourceMissing(
        f"source {source.name}: there is nothing at {path}; correct its uri in lean.toml, or bring the store back."
    )


def local_path(source: Source) -> Path:
    """Return the path that a source's uri means, from where lean.toml lies."""
    return path_of(source.uri, source.folder)


def _client(source: Source, uri: str) -> Reader:
    from lean_core.runs.readers.client import ClientReader

    return ClientReader(uri, timeout=source.timeout)


def _folder(source: Source, path: Path) -> Reader:
    from lean_core.runs.readers.folder_kind import describe_folder
    from lean_core.runs.readers.mlflow_folder import MlflowFolderReader
    from lean_core.runs.readers.plain_folder import PlainFolderReader

    if source.kind == "folder":
        return PlainFolderReader(path)
    try:
        found = describe_folder(path)
    except OSError as error:
        raise SourceForbidden(f"source {source.name}: {path} can't be listed; check its permissions.") from error
    match found.kind:
        case "mlflow_store":
            return MlflowFolderReader(path, also=source.also)
        case "plain_runs" if source.kind == "auto":
            return PlainFolderReader(path)
        case "artifact_root":
            where = f"in {found.database}" if found.database else "in a database elsewhere"
            raise SourceUnreadable(
                f"source {source.name}: {path} holds only artifacts, its runs are {where}; name that as the uri."
            )
        case "empty":
            raise SourceUnreadable(f"source {source.name}: {path} is empty; log a run there, or correct the uri.")
        case _:
            raise SourceUnreadable(
                f"source {source.name}: {path} holds neither an MLflow store nor folders of runs; correct its uri, or"
                ' set kind = "folder" (docs/sources.md says which files make a run).'
            )
