"""Look what lies in a folder that a workspace can be made of. Nothing that is looked at changes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from lean_core.runs.readers.opener import local_path
from lean_core.runs.source import Source
from lean_core.settings import FILE_NAME, SCHEMES, redact, scheme_of

LOCK_FILES = (
    "uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "Pipfile.lock", "conda-lock.yml", "conda-lock.yaml",
    "requirements.txt", "environment.yml", "environment.yaml",
)  # fmt: skip
"""What says which packages the code runs with, the exact ones first."""

MOST_ENTRIES = 2_000
"""How many entries of a folder are looked at: more is a home folder or a data set."""

_PASSED_OVER = frozenset(
    {"node_modules", "venv", "env", "__pycache__", "site-packages", "build", "dist", "mlartifacts"}
)
_SQLITE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_SQLITE_HEAD = b"SQLite format 3\0"
_MLFLOW_TABLES = frozenset({"experiments", "runs", "metrics", "params", "tags"})

_MLRUNS = "mlruns"

Form = Literal["database file", "MLflow folder", "run folders", "tracking URI"]
_FORMS: tuple[Form, ...] = ("database file", "MLflow folder", "run folders", "tracking URI")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStore:
    """Something that runs can be imported from."""

    form: Form
    uri: str
    """As lean.toml says it: a path from the folder, or a URI. It may hold a password."""
    kind: Literal["auto", "mlflow", "folder"] = "auto"
    runs: int | None = None
    """How many there are; None: not counted."""

    def __str__(self) -> str:
        """Say it in a sentence's part, without a password."""
        count = "" if self.runs is None else f", {self.runs:,} run{'' if self.runs == 1 else 's'}"
        what = {
            "database file": "an MLflow database",
            "MLflow folder": "an MLflow folder",
            "run folders": "folders of runs",
            "tracking URI": "what MLFLOW_TRACKING_URI names",
        }[self.form]
        return f"{redact(self.uri)} ({what}{count})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What lies in a folder."""

    folder: Path
    stores: tuple[FoundStore, ...]
    """The likeliest first."""
    passed_over: tuple[str, ...]
    """What looks like a store and is none, each with the reason, as a sentence."""
    repository: Path | None
    """The root of the git repository that the folder is in."""
    lock_files: tuple[str, ...]


def detect(folder: Path, *, tracking_uri: str | None = None) -> Detected:
    """Look what lies in a folder and right below it.

    Args:
        folder: where a workspace may be made.
        tracking_uri: what MLFLOW_TRACKING_URI says.
    """
    stores: list[FoundStore] = []
    passed_over: list[str] = []
    for path in _candidates(folder):
        name = path.relative_to(folder).as_posix()
        if not name.isprintable():
            passed_over.append(f"{name.encode('unicode_escape').decode()}: its name can't be written in lean.toml")
        elif path.is_dir():
            _look_at_folder(path, name, stores, passed_over)
        else:
            _look_at_file(path, name, stores, passed_over)
    stores.sort(key=lambda store: (store.uri.count("/"), _FORMS.index(store.form), -(store.runs or 0), store.uri))
    if tracking_uri:
        _look_at_uri(tracking_uri, folder, stores, passed_over)
    here = {path.name for path in _entries(folder)}
    return Detected(
        folder=folder,
        stores=tuple(stores),
        passed_over=tuple(passed_over),
        repository=next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None),
        lock_files=tuple(name for name in LOCK_FILES if name in here),
    )


def leave_out(detected: Detected, sources: Iterable[Source]) -> Detected:
    """Return what was detected without the stores that are sources already."""
    known = {local_path(source) for source in sources if scheme_of(source.uri) in {None, "sqlite", "file"}}
    stores = tuple(store for store in detected.stores if (detected.folder / store.uri).resolve() not in known)
    return replace(detected, stores=stores)


def _candidates(folder: Path) -> Iterator[Path]:
    """Yield files that may be databases, and folders that may hold runs: any here, those called mlruns below."""
    for path in _entries(folder):
        if not path.is_dir():
            if path.suffix in _SQLITE_ENDINGS:
                yield path
        elif (path / FILE_NAME).is_file():
            continue  # a workspace of its own, such as the demo
        elif path.name not in _PASSED_OVER and not path.name.startswith("."):
            yield path
            if path.name != _MLRUNS:
                yield from (
                    below for below in _entries(path) if below.name == _MLRUNS or below.suffix in _SQLITE_ENDINGS
                )


def _entries(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry) for _, entry in zip(range(MOST_ENTRIES), entries, strict=False))
    except OSError:
        return []


def _look_at_folder(path: Path, name: str, stores: list[FoundStore], passed_over: list[str]) -> None:
    from lean_core.runs.readers.folder_kind import describe_folder

    try:
        described = describe_folder(path)
    except OSError as error:
        passed_over.append(f"{name} can't be read: {error.strerror}")
        return
    if described.kind == "mlflow_store":
        stores.append(FoundStore(form="MLflow folder", uri=name, kind="mlflow"))
    elif described.kind == "plain_runs":
        stores.append(FoundStore(form="run folders", uri=name, kind="folder"))
    elif described.kind == "artifact_root":
        owner = f"the database {described.database.name}" if described.database else "a database that is not here"
        passed_over.append(f"{name} holds only the artifacts of runs that are in {owner}")
    elif path.name == _MLRUNS:
        passed_over.append(f"{name} holds no runs")


def _look_at_file(path: Path, name: str, stores: list[FoundStore], passed_over: list[str]) -> None:
    try:
        with path.open("rb") as file:
            if file.read(len(_SQLITE_HEAD)) != _SQLITE_HEAD:
                return
        # Immutable: nothing is locked, written or rolled back. What lies in a -wal beside it is not seen.
        database = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(database):
            tables = {table for (table,) in database.execute("select name from sqlite_master where type = 'table'")}
            if tables >= _MLFLOW_TABLES:
                (runs,) = database.execute("select count(*) from runs").fetchone()
                stores.append(FoundStore(form="database file", uri=name, runs=runs))
                return
    except (OSError, sqlite3.Error) as error:
        passed_over.append(f"{name} can't be read: {error.strerror if isinstance(error, OSError) else error}")
        return
    if path.with_name(f"{path.name}-wal").exists() and "mlflow" in path.name:
        stores.append(FoundStore(form="database file", uri=name))
    elif "mlflow" in path.name:
        passed_over.append(f"{name} is an SQLite file without MLflow's tables")


def _look_at_uri(uri: str, folder: Path, stores: list[FoundStore], passed_over: list[str]) -> None:
    """Take what MLFLOW_TRACKING_URI names as the likeliest store, unless it lies here and was found already."""
    scheme = scheme_of(uri)
    if scheme in {None, "sqlite", "file"}:
        path = local_path(Source(name="", uri=uri, kind="mlflow", folder=folder, timeout=0))
        same = [store for store in stores if (folder / store.uri).resolve() == path]
        if same:
            stores.remove(same[0])
            stores.insert(0, same[0])
        elif path.exists():
            stores.insert(0, FoundStore(form="tracking URI", uri=str(path), kind="mlflow"))
        else:
            passed_over.append(f"MLFLOW_TRACKING_URI names {path}, and nothing is there")
    elif scheme in SCHEMES:
        stores.insert(0, FoundStore(form="tracking URI", uri=uri, kind="mlflow"))
    else:
        passed_over.append(f"MLFLOW_TRACKING_URI names {redact(uri)}, which is no kind of source")
