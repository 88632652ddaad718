"""Numbers for texts: equal texts have equal numbers, others have others (64 bits)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray


class RowHasher:
    """Hashes with DuckDB, which does 400,000 rows in some 10 ms; any thread may ask."""

    def __init__(self) -> None:
        """Open a database in memory."""
        import duckdb

        self.version = duckdb.__version__
        """Another one may hash otherwise."""
        self._duckdb: DuckDBPyConnection = duckdb.connect(config={"threads": 1})  # the callers bring the threads

    def hash(self, texts: pa.ChunkedArray) -> NDArray[np.uint64]:
        """Return a number for each text; they need not be UTF-8."""
        if len(texts) == 0:
            return np.zeros(0, np.uint64)
        found = pa.table([texts.cast(pa.binary())], names=["said"])
        with self._duckdb.cursor() as cursor:
            cursor.register("found", found)
            hashed = cursor.sql("select hash(said) as number from found").to_arrow_table()
        numbers: NDArray[np.uint64] = hashed["number"].to_numpy()
        return numbers

    def close(self) -> None:
        """Let go of the database."""
        self._duckdb.close()
