"""An MLflow database in or beside a folder: where there is one, the folder may hold only its artifacts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_SUFFIXES = {".db", ".sqlite", ".sqlite3"}
_HEADER = b"SQLite format 3\0"


def find_database(path: Path) -> Path | None:
    """Return the MLflow database in a folder or beside it, ``mlflow.db`` first; None where there is none."""
    found = [
        file
        for folder in (path, path.resolve().parent)
        for file in _files_in(folder)
        if file.suffix in _SUFFIXES and _is_of_mlflow(file)
    ]
    return min(found, key=lambda file: file.name != "mlflow.db", default=None)


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return []


def _is_of_mlflow(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            if opened.read(len(_HEADER)) != _HEADER:
                return False
        # Immutable: no lock is taken and no file appears beside it.
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("select 1 from sqlite_master where name in ('experiments', 'runs')").fetchall()
    except (OSError, sqlite3.Error):
        return False
    return len(found) == 2  # noqa: PLR2004 - both tables
