"""Turn the beginning of a file into something that a page can show."""

from __future__ import annotations

import codecs
import csv
import io
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from lean_core.runs.artifacts.artifact import loading_risk

TEXT_BYTES = 1_000_000
IMAGE_BYTES = 10_000_000
TABLE_ROWS = 200
LONGEST_CELL = 100_000
"""Characters; the csv module's own limit belongs to the process, and another reader raises it."""
COLUMNS = 200

Kind = Literal["table", "json", "markdown", "text", "image", "none"]

_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "table": (".csv", ".tsv"),
    "json": (".json",),
    "markdown": (".md",),
    "image": (".png", ".jpg", ".jpeg"),
    "text": (".txt", ".log", ".yaml", ".yml", ".jsonl", ".toml", ".ini", ".cfg", ".py", ".sql"),
}
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What can be shown of a file."""

    path: str
    kind: Kind
    size: int | None = None
    """In bytes, of the whole file, where it is known."""
    note: str = ""
    """What is not shown, and why."""
    text: str = ""
    """For ``json`` (indented), ``markdown`` and ``text``. A page must not let it call foreign hosts."""
    columns: tuple[str, ...] = ()
    """For ``table``: the first line, made unique."""
    rows: tuple[tuple[str, ...], ...] = ()
    """For ``table``: as wide as ``columns``."""
    image: bytes = b""
    """For ``image``: PNG or JPEG."""


def kind_of(path: str) -> Kind:
    """Return how a file of this name is shown."""
    file = PurePosixPath(path)
    return "text" if file.name == "MLmodel" else _KINDS.get(file.suffix.lower(), "none")


def bytes_wanted(kind: Kind) -> int:
    """Return how much of a file of this kind is read at most."""
    return {"none": 0, "image": IMAGE_BYTES}.get(kind, TEXT_BYTES)


def not_shown(path: str, size: int | None, why: str = "") -> Preview:
    """Return the preview of what is not shown."""
    why = why or loading_risk(path) or "files of this kind are not previewed"
    return Preview(path=path, kind="none", size=size, note=f"Not shown: {why}.")


def render(path: str, head: bytes, size: int | None) -> Preview:
    """Return the preview of a file that begins with ``head``; it is all of it if it is ``size`` bytes long."""
    kind = kind_of(path)
    cut = size is None or size > len(head)
    if kind == "image":
        return _image(path, head, size)
    if kind == "none":
        return not_shown(path, size)
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return not_shown(path, size, "it holds something else than text, whatever its name says")
    text, note = _decode(head, cut=cut)
    if kind == "table":
        table = _table(path, text, size, note)
        if table is not None:
            return table
        kind, note = "text", "This is not a table that can be read; shown as text. " + note
    if kind == "json":
        indented = None if cut else _indent(text)
        kind, text, note = ("text", text, note) if indented is None else ("json", indented, note)
    return Preview(path=path, kind=kind, size=size, note=note.strip(), text=text)


def _image(path: str, head: bytes, size: int | None) -> Preview:
    if size is None or size > len(head):
        return not_shown(path, size, f"an image of more than {IMAGE_BYTES // 1_000_000} MB")
    if not head.startswith(_SIGNATURES):
        return not_shown(path, size, "it is not the image that its name says")
    return Preview(path=path, kind="image", size=size, image=head)


def _decode(head: bytes, *, cut: bool) -> tuple[str, str]:
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    note = f"Only the first {len(head):,} bytes are shown. " if cut else ""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=not cut), note
    except UnicodeDecodeError:
        return head.decode("utf-8", errors="replace"), note + "It is not UTF-8: what could not be read is shown as �. "


def _indent(text: str) -> str | None:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _table(path: str, text: str, size: int | None, note: str) -> Preview | None:
    try:
        dialect = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel_tab if path.lower().endswith(".tsv") else csv.excel  # one column, or nothing to go by
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), dialect):
            if any(len(cell) > LONGEST_CELL for cell in row):
                return None
            if row:
                found.append(row)
            if len(found) > TABLE_ROWS + 1:
                break
    except csv.Error:
        return None
    if len(found) > TABLE_ROWS + 1:
        found, note = found[: TABLE_ROWS + 1], f"Only the first {TABLE_ROWS} rows are shown. "
    elif note and len(found) > 1:
        found.pop()  # cut off in its middle
    width = max(map(len, found), default=0)
    if width > COLUMNS:
        note, width = f"{note}Only the first {COLUMNS} of {width} columns are shown.", COLUMNS
    padded = [tuple(row[:width] + [""] * (width - len(row))) for row in found]
    columns = _unique(padded[0]) if padded else ()
    return Preview(path=path, kind="table", size=size, note=note.strip(), columns=columns, rows=tuple(padded[1:]))


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    taken: dict[str, None] = {}
    for name in names:
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name} ({number})"
        taken[candidate] = None
    return tuple(taken)
