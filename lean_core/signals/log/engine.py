"""What computes: it reads files, and hands over nothing but aggregates."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lean_core.signals.files import Format

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

DUCKDB = "duckdb"


class FileDamagedError(Exception):
    """A file can't be read; its text says why, in one line."""


class EngineFailedError(Exception):
    """An engine can't be had or can't do it; its text says why, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a file turned out to be."""

    columns: tuple[str, ...]
    rejected: int = 0
    """Lines that are no rows."""
    number: int = 0
    """What `columns.RAW_FILE` has in its rows, where it is one among several."""


View = Callable[["ir.Table"], "ir.Table"]
"""Makes of a file's table the one that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file among several that are counted together."""

    path: Path
    format: Format
    view: View
    key: Hashable
    """What the view depends on, beside the columns of the file."""


class Engine(Protocol):
    """Computes; what it has open is replaced by the next `open` or `load`."""

    def load(self, inputs: Sequence[Input]) -> list[Opened | FileDamagedError]:
        """Make several files the table `count.LOG`, with a number for each in the column `columns.RAW_FILE`.

        One that can't be read is left out: what is returned, for each, says so.

        Raises:
            EngineFailedError: the engine can't do it.
        """

    def open(self, paths: Sequence[Path], format_: Format, view: View) -> Opened:
        """Make files of one format, with their columns by name, the table `count.LOG`, as ``view`` makes it.

        Raises:
            FileDamagedError: they can't be read.
            EngineFailedError: the engine can't do it.
        """

    def run(self, expression: ir.Table) -> pa.Table:
        """Return what an expression over `count.LOG` gives.

        Raises:
            FileDamagedError: a file turned out to be damaged.
            EngineFailedError: the engine can't do it.
        """


@contextmanager
def open_engine(address: str, scratch: Path) -> Iterator[Engine]:
    """Open what computes.

    Args:
        address: ``duckdb``, a Spark master, or an address that Ibis knows.
        scratch: an empty folder.

    Raises:
        EngineFailedError: it can't be had.
    """
    if address == DUCKDB:
        from lean_core.signals.log.engines.duckdb import open_duckdb

        with open_duckdb(scratch) as engine:
            yield engine
    else:
        from lean_core.signals.log.engines.ibis import open_ibis

        with open_ibis(address) as engine:
            yield engine


def is_here(address: str) -> bool:
    """Whether an engine sees the temporary files of this machine."""
    return address == DUCKDB or address.startswith("local[")


def one_line(error: Exception) -> str:
    """Return the first line of what an engine says, without what it quotes of the data."""
    lines = str(error).strip().splitlines()
    return lines[0].split(". Line:")[0].rstrip(".")[:200] if lines else type(error).__name__
