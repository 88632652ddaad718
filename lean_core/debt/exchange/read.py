"""Recognise what a file is, and read its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from lean_core.debt.exchange.adr import is_record, read_adr_folder
from lean_core.debt.exchange.codec import LABELS
from lean_core.debt.exchange.decode import decode
from lean_core.debt.exchange.delimited import read_delimited
from lean_core.debt.exchange.own import is_own_markdown, read_own_markdown
from lean_core.debt.exchange.rows import Row, Table, make_table
from lean_core.debt.exchange.structured import parse_json, read_structured
from lean_core.errors import DebtRefused

_MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".txt"})
_DELIMITED = frozenset({".csv", ".tsv", ".tab"})
_KNOWN = "CSV, Markdown or JSON"


def read_table(name: str, content: bytes | str) -> Table:
    """Read a file of shortcuts, in whichever form it is.

    Args:
        name: of the file; its ending decides where it is known, else the content.
        content: as it lies there.

    Raises:
        DebtRefused: no shortcuts were found in it; says what was looked for.
    """
    text = decode(name, content)
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if not text.strip():
        raise DebtRefused(f"{name} is empty")
    if ending == ".json" or (ending not in _MARKDOWN | _DELIMITED and text.lstrip()[:1] in {"{", "["}):
        return _check(name, _read_json(name, text))
    if ending in _DELIMITED:
        return _check(name, _read_csv(name, text))
    if is_own_markdown(text):
        return make_table("workbench", read_own_markdown(name, text))
    if ending in _MARKDOWN or _looks_like_markdown(text):
        return _check(name, _read_markdown(name, text))
    return _check(name, _read_csv(name, text))


def _read_json(name: str, text: str) -> Table:
    rows = read_structured(name, parse_json(name, text))
    return make_table("workbench" if _is_own(rows) else "json", rows)


def _read_csv(name: str, text: str) -> Table:
    rows = read_delimited(name, text)
    return make_table("workbench" if _is_own(rows) else "csv", rows)


def _read_markdown(name: str, text: str) -> Table:
    from lean_core.debt.exchange.markdown import read_items

    document = read_items(name, text)
    if not document.items and is_record(name):
        return read_adr_folder({name: text})
    kinds = Counter(found.kind for found in document.items)
    kind = kinds.most_common(1)[0][0] if kinds else "markdown table"
    return make_table(kind, (found.row for found in document.items), document.notes)


def _is_own(rows: Sequence[Row]) -> bool:
    """Whether the columns are those that the workbench writes, and no others."""
    columns = {column for row in rows for column in row.values}
    return {"id", "title", "revision", "updated_at"} <= columns <= set(LABELS)


def _looks_like_markdown(text: str) -> bool:
    return any(line.startswith(("# ", "## ", "|", "- ", "**")) for line in text.split("\n"))


def _check(name: str, table: Table) -> Table:
    if table.rows or table.refused:
        return table
    raise DebtRefused(
        f"no shortcut was found in {name}: {_KNOWN} is read, with a row or a heading for each shortcut"
        " and one column or bold label at least that says more of it, such as its severity or status"
    )
