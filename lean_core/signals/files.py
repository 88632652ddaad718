"""Files with rows, wherever they lie: found, recognised by their names, and brought here."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote

from lean_core.errors import LeanError, ObjectsForbidden, ObjectsMissing, ObjectsUnreachable
from lean_core.objects import Objects
from lean_core.settings import TelemetrySettings, redact
from lean_core.signals.answer import Source, Surroundings, Trouble, Unread

Format = Literal["parquet", "csv", "json"]
_NAMES = re.compile(r"\.(parquet|pq|csv|jsonl|ndjson|json)(\.gz)?\Z", re.IGNORECASE)
_FORMATS: dict[str, Format] = {"pq": "parquet", "jsonl": "json", "ndjson": "json"}
_NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file of rows."""

    name: str
    """Below the place that was named."""
    format: Format
    tag: str
    """Changes whenever the file does."""
    bytes: int
    partitions: Mapping[str, str | None]
    """What its folders say of all of its rows: ``day=2026-11-01``."""
    path: Path | None
    """None: it lies in a bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files at a place."""

    place: str
    files: tuple[DataFile, ...]
    """By name."""
    objects: Objects | None = None

    def bring(self, file: DataFile, into: Path) -> tuple[Path, str]:
        """Return where a file is on this machine, and its SHA-256.

        Raises:
            OSError, LeanError: it can't be read.
        """
        if file.path is not None:
            with file.path.open("rb") as stream:
                return file.path, hashlib.file_digest(stream, "sha256").hexdigest()
        objects = cast("Objects", self.objects)
        suffix = "".join(Path(file.name).suffixes[-2:])
        target = into / (hashlib.sha256(file.name.encode()).hexdigest()[:32] + suffix)
        sha256 = hashlib.sha256()
        with objects.open(file.name) as source, target.open("wb") as copy:
            while piece := source.read(_PIECE):
                sha256.update(piece)
                copy.write(piece)
        return target, sha256.hexdigest()


def find_files(telemetry: TelemetrySettings, around: Surroundings, *, address: str = "") -> Files | Unread:
    """Find the files of a log or a table.

    Args:
        telemetry: names the place.
        around: what may be used.
        address: another place than its path, with the same endpoint.
    """
    address = address or telemetry.path
    place = redact(address)

    def fail(trouble: Trouble, what: str) -> Unread:
        return Unread(trouble=trouble, sentence=f"{what}.", source=Source(place=place))

    try:
        if address.startswith("s3://"):
            found = _find_objects(telemetry, around, address)
        else:
            found = Files(place=place, files=tuple(_find_local(around.folder, address)))
    except LeanError as error:
        return fail(trouble_of(error), str(error))
    except PermissionError as error:
        return fail("unauthorised", f"{error.filename or place} may not be read by us: change its permissions")
    except OSError as error:
        return fail("malformed", f"{place} can't be listed ({error.strerror})")
    if not found.files:
        return fail(
            "missing",
            f"There is no file at {place} whose name ends in .parquet, .csv, .jsonl or the latter two with .gz: check"
            " the path in lean.toml, and whether anything is written there",
        )
    return found


def trouble_of(error: Exception) -> Trouble:
    """Return which kind of trouble an error is."""
    kinds: tuple[tuple[type[Exception], Trouble], ...] = (
        (ObjectsForbidden, "unauthorised"),
        (PermissionError, "unauthorised"),
        (ObjectsUnreachable, "unreachable"),
        (ObjectsMissing, "missing"),
        (FileNotFoundError, "missing"),
    )
    return next((trouble for kind, trouble in kinds if isinstance(error, kind)), "malformed")


def _find_local(folder: Path, address: str) -> Iterator[DataFile]:
    path = folder / Path(address).expanduser()
    root = Path(str(path).partition("*")[0].rpartition("/")[0]) if "*" in str(path) else path
    for each in sorted(set(_expand(path))):
        format_ = _format_of(each.name)
        if format_:
            state = each.stat()
            name = each.name if each == root else each.relative_to(root).as_posix()
            tag = f"{state.st_ino}-{state.st_size}-{state.st_mtime_ns}"
            yield DataFile(
                name=name,
                format=format_,
                tag=tag,
                bytes=state.st_size,
                partitions=_partitions_of(str(each)),
                path=each,
            )


def _expand(path: Path) -> Iterator[Path]:
    """Yield the files that a path means; who may not look into a folder is told so."""
    if "*" in str(path):
        pattern = "*".join(glob.escape(part) for part in str(path).split("*"))
        named = [Path(name) for name in glob.glob(pattern, recursive=True)]  # noqa: PTH207 - it may be absolute
    else:
        named = [path]
    for each in named:
        if each.is_dir():
            for top, folders, names in os.walk(each, onerror=_raise, followlinks=True):
                folders[:] = [name for name in folders if not name.startswith((".", "_"))]
                yield from (Path(top, name) for name in names if _is_data(name))
        elif each.is_file():
            yield each


def _find_objects(telemetry: TelemetrySettings, around: Surroundings, address: str) -> Files:
    bucket, _, within = address.removeprefix("s3://").partition("/")
    root, _, wanted = within.partition("*")[0].rpartition("/")
    wanted = within.removeprefix(f"{root}/") if root else within
    objects = around.open_bucket(f"s3://{bucket}/{root}".rstrip("/"), telemetry.endpoint, telemetry.region)
    if "*" in wanted:
        pattern = re.compile(_pattern(wanted), re.DOTALL)
        infos = [info for info in objects.walk(wanted.partition("*")[0]) if pattern.fullmatch(info.key)]
    else:
        info = objects.stat(wanted) if wanted and not wanted.endswith("/") else None
        infos = [info] if info else list(objects.walk(f"{wanted.rstrip('/')}/" if wanted else ""))
    files = [
        DataFile(
            name=info.key,
            format=kind,
            tag=info.tag,
            bytes=info.bytes,
            partitions=_partitions_of(f"{root}/{info.key}"),
            path=None,
        )
        for info in sorted(infos, key=lambda each: each.key)
        if not info.refused and _are_data(info.key) and (kind := _format_of(info.key))
    ]
    return Files(place=address, files=tuple(files), objects=objects)


def _pattern(wanted: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*)", wanted)
    return "".join({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)


def _format_of(name: str) -> Format | None:
    found = _NAMES.search(name)
    return _FORMATS.get(found[1].lower(), cast("Format", found[1].lower())) if found else None


def _is_data(name: str) -> bool:
    """Whether a name is none of those that writers give to what is not finished, or no data."""
    return not name.startswith((".", "_"))


def _are_data(key: str) -> bool:
    return all(_is_data(part) for part in key.split("/"))


def _partitions_of(path: str) -> dict[str, str | None]:
    pairs = [part.split("=", 1) for part in path.split("/")[:-1] if "=" in part.strip("=")]
    return {unquote(name): None if value == _NULL_PARTITION else unquote(value) for name, value in pairs}


def _raise(error: OSError) -> None:
    raise error
