"""Bring the files of a log to where an engine can read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

from lean_core.errors import LeanError
from lean_core.signals.answer import Trouble
from lean_core.signals.files import DataFile, Files, trouble_of

_BATCH, _BATCH_BYTES = 64, 120_000_000
"""Files that are counted at once, and their bytes, at most: some million rows, whose places have to fit into memory."""
Brought = list[tuple[DataFile, Path]]
"""Files, each with where it lies."""


class Bringer:
    """Brings files, each once."""

    def __init__(self, found: Files, scratch: Path) -> None:
        """Take the files of a log, and a folder for those of a bucket."""
        self._found = found
        self._scratch = scratch
        self._brought: dict[str, tuple[Path, str]] = {}
        self.unread: dict[str, tuple[Trouble, str]] = {}
        """What kept files from being read, by name."""

    def bring_ahead(self, files: Sequence[DataFile], aside: Executor) -> Iterator[Brought]:
        """Bring some files at a time, the next ones while these are counted; those that can't be read are left out."""
        batches = [*_batches(files)]
        coming = [aside.submit(self._bring_all, batch) for batch in batches[:1]]
        for number in range(len(batches)):
            brought = coming.pop().result()
            coming = [aside.submit(self._bring_all, batch) for batch in batches[number + 1 : number + 2]]
            yield brought

    def bring(self, file: DataFile) -> Path:
        """Return where a file lies.

        Raises:
            OSError, LeanError: it can't be read.
        """
        if file.name not in self._brought:
            self._brought[file.name] = self._found.bring(file, self._scratch)
        return self._brought[file.name][0]

    def sha256_of(self, name: str) -> str:
        """Return the digest of a file that was brought."""
        return self._brought[name][1]

    def _bring_all(self, files: Sequence[DataFile]) -> Brought:
        brought = []
        for file in files:
            try:
                brought.append((file, self.bring(file)))
            except (OSError, LeanError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                self.unread[file.name] = (trouble_of(error), reason)
        return brought


def _batches(files: Sequence[DataFile]) -> Iterator[Sequence[DataFile]]:
    batch: list[DataFile] = []
    for file in files:
        if batch and (len(batch) == _BATCH or sum(each.bytes for each in batch) + file.bytes > _BATCH_BYTES):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch
