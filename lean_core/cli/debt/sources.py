"""What is named on the command line to be imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.errors import UnavailableError, UsageError

if TYPE_CHECKING:
    from lean_core.debt.exchange import Table

LARGEST = 20_000_000
"""Bytes of a file; what people write by hand is smaller."""
_ENDINGS = frozenset({".md", ".markdown", ".csv", ".tsv", ".json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or the decision records of a folder."""

    name: str
    table: Table


def read_sources(paths: Sequence[Path]) -> list[Source]:
    """Read files and folders; of a folder its decision records, else every file in it that may be a log.

    Raises:
        UsageError: there is nothing in one.
        UnavailableError: one can't be read.
    """
    return [source for path in paths for source in (_of_folder(path) if path.is_dir() else _of_file(path))]


def _of_folder(folder: Path) -> Iterator[Source]:
    from lean_core.debt.exchange import is_record, read_adr_folder

    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    records = {str(path): _read(path) for path in files if is_record(path.name)}
    if records:
        yield Source(name=str(folder), table=read_adr_folder(records))
    elif files:
        yield from (source for path in files for source in _of_file(path))
    else:
        raise UsageError(f"{folder} has no file that could be a log of shortcuts: CSV, Markdown or JSON is read")


def _of_file(path: Path) -> Iterator[Source]:
    from lean_core.debt.exchange import read_table

    yield Source(name=str(path), table=read_table(str(path), _read(path)))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UnavailableError(f"{path} can't be read ({error.strerror}): name another file") from None
    if len(content) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 1_000_000} MB: that is no log of shortcuts")
    return content
