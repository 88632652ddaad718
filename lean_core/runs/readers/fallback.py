"""Read a database directly, and through MLflow's client where its schema is one that our SQL does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lean_core.errors import SchemaUnknown, SourceError
from lean_core.runs.reader import Chunk, Found, Reader, Warnings

if TYPE_CHECKING:
    import pyarrow as pa


class FallbackReader:
    """A direct reader until its scan finds an unknown schema; from then on the client."""

    def __init__(self, direct: Reader, open_client: Callable[[], Reader]) -> None:
        """Begin with the direct reader; the client is only opened when it is needed."""
        self._reader = direct
        self._open_client: Callable[[], Reader] | None = open_client

    @property
    def warnings(self) -> Warnings:
        """Those of whoever reads."""
        return self._reader.warnings

    def state(self) -> str | None:
        """Name the source's present state, as the direct reader does."""
        return self._reader.state()

    def scan(self, bookmark: bytes | None) -> Found:
        """Say which runs there are, or what changed.

        Raises:
            SchemaUnknown: neither our SQL nor MLflow's client understands the database.
            SourceError: it is missing, unreachable, forbidden or unreadable.
        """
        try:
            return self._reader.scan(bookmark)
        except SchemaUnknown as unknown:
            if self._open_client is None:
                raise
            open_client, self._open_client = self._open_client, None
            self._reader.close()
            self._reader = open_client()
            try:
                return self._reader.scan(bookmark)
            except SourceError:
                # What is wrong with the schema helps more than what the client makes of it.
                raise unknown from None

    def catalog(self) -> dict[str, pa.Table]:
        """Return experiments and models."""
        return self._reader.catalog()

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about runs."""
        return self._reader.load(run_keys)

    def close(self) -> None:
        """Let go of whatever is open."""
        self._reader.close()
