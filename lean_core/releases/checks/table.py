"""Tables in files: found, brought here where they lie in a bucket, hashed, and opened in DuckDB."""

from __future__ import annotations

import glob
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean_core.errors import LeanError
from lean_core.registry.hashing import fold_hashes, hash_file

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

Fetch = Callable[[str, Path], Sequence[Path]]
"""Copies the objects that an ``s3://`` address (with * for several) means into a folder, and returns the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFiles:
    """The files of a table, on this machine."""

    paths: tuple[Path, ...]
    evidence: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTable:
    """A table that can't be looked at."""

    reason: str


def find_table(address: str, *, folder: Path, fetch: Fetch, into: Path) -> TableFiles | NoTable:
    """Find the files of a table and hash them.

    Args:
        address: a path from ``folder``, or ``s3://bucket/key``; with * for several.
        folder: the workspace's.
        fetch: brings objects here.
        into: an empty folder for them.
    """
    try:
        paths = fetch(address, into) if address.startswith("s3://") else _find_local(folder / address)
        hashes = [(path.name, hash_file(path)) for path in paths]
    except LeanError as error:
        return NoTable(reason=str(error))
    except OSError as error:
        return NoTable(reason=f"{address} can't be read ({error.strerror}): check its permissions")
    if not hashes:
        return NoTable(reason=f"there is no file {address}: make it, or correct the path in lean.toml")
    if len(hashes) == 1 and "*" not in address:
        sha256 = hashes[0][1]
        return TableFiles(paths=tuple(paths), sha256=sha256, evidence=f"{address} sha256:{sha256}")
    sha256 = fold_hashes(hashes)
    return TableFiles(paths=tuple(paths), sha256=sha256, evidence=f"{address} ({len(hashes)} files) sha256:{sha256}")


def open_duckdb() -> Backend:
    """Open a database in memory that loads nothing from the network."""
    from ibis.backends.duckdb import Backend

    class OwnDuckDB(Backend):  # type: ignore[misc]  # Ibis ships no types
        def to_polars(self, expr: ir.Expr, /, **_: Any) -> Any:  # noqa: ANN401
            # pointblank asks for the number of rows through polars: 170 MB for one integer that DuckDB knows.
            return self.to_pyarrow(expr).as_py()

    backend = OwnDuckDB()
    backend.do_connect(
        ":memory:",
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        python_enable_replacements=False,
        # DuckDB 2.0 takes a Parquet file's least and greatest value, which leave NaN out, for all that can be in it:
        # NaN is then below every limit, and no NaN at all.
        disabled_optimizers="statistics_propagation,filter_pushdown",
    )
    return backend


def open_table(backend: Backend, paths: Sequence[Path], *, scratch: Path) -> ir.Table:
    """Return the table in some files, with NaN as null: neither is a value.

    Args:
        backend: a database.
        paths: all Parquet, or all CSV.
        scratch: a file that is not there, for what is read once.

    Raises:
        duckdb.Error: they are no such table.
    """
    names = [str(path) for path in paths]
    if names[0].endswith(".parquet"):
        return without_nan(backend.read_parquet(names))
    # Each expectation would read a CSV anew, and guess its types anew. Ibis 12 can't make tables in DuckDB 2.
    backend.con.read_csv(names).write_parquet(str(scratch))
    return without_nan(backend.read_parquet(str(scratch)))


def without_nan(table: ir.Table) -> ir.Table:
    """Return a table whose NaN are null."""
    import ibis

    floats = [name for name, kind in table.schema().items() if kind.is_floating()]
    return table.mutate(**{name: table[name].isnan().ifelse(ibis.null(), table[name]) for name in floats})


def _find_local(path: Path) -> list[Path]:
    if "*" not in str(path):
        return [path] if path.exists() else []
    pattern = "*".join(glob.escape(part) for part in str(path).split("*"))
    return sorted(Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207 - the pattern may be absolute
