"""Warnings about the files of one plain run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lean_core.runs.reader import Warnings
from lean_core.runs.readers.plain_folder.documents import read_document
from lean_core.runs.readers.plain_folder.flat import flatten
from lean_core.runs.readers.plain_folder.layout import PlainRun
from lean_core.runs.readers.small_files import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainNotes:
    """Reads documents of a run, and warns instead of failing."""

    run: PlainRun
    warnings: Warnings

    def add(self, kind: str, file: str, message: str = "") -> None:
        """Note that something in a file was left out."""
        self.warnings.add(kind, printable(file if self.run.place == "." else f"{self.run.place}/{file}"), message)

    def document(self, file: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return what a file says; None, with a warning, where it can't be read."""
        try:
            return read_document(f"{self.run.path}/{file}")
        except OSError as error:
            self.add("file that can't be read", file, error.strerror or "")
        except ValueError as error:
            self.add("file that can't be understood", file, str(error))
        return None

    def mapping(self, file: str) -> dict[str, Any]:
        """Return what a file says of names; nothing, with a warning, where it is no mapping."""
        document = self.document(file)
        if document is None:
            return {}
        if not isinstance(document, dict):
            self.add("file without names", file, f"it holds a {type(document).__name__}, not names with values")
            return {}
        return {str(key): value for key, value in document.items()}

    def flat(self, document: dict[str, Any], file: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a document until there are too many."""
        try:
            yield from flatten(document)
        except ValueError as error:
            self.add("file that can't be understood", file, str(error))
