"""Write the log as Markdown, CSV and JSON: all fields, so that each can be read back as it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from lean_core.debt.exchange.codec import LABELS, encode, encode_item
from lean_core.debt.exchange.delimited import guard_cell
from lean_core.debt.exchange.escape import escape_line
from lean_core.debt.exchange.own import FIELD, MARK
from lean_core.debt.item import Item, sort_items

FORMAT, VERSION = "lean-mlops debt log", 1
_ALWAYS = frozenset({"id", "status", "severity", "risk", "owner", "trigger"})
"""Shown even where nobody said it, so that the gap is seen."""
_OVERVIEW = ("id", "title", "severity", "risk", "owner", "status", "trigger")


def to_markdown(items: Iterable[Item]) -> str:
    """Write the log as a document: an overview, then a section for each item, which is what is read back."""
    ordered = sort_items(items)
    going, over = [item for item in ordered if not item.ended], [item for item in ordered if item.ended]
    lines = [MARK, "", "# Debt log", "", f"{_count(going, 'open')}, {_count(over, 'over')}.", ""]
    for title, chosen in (("Open", going), ("Over", over)):
        if chosen:
            lines += [f"## {title}", "", *_overview(chosen), ""]
    for item in ordered:
        lines += _section(item)
    return "\n".join(lines)


def to_csv(items: Iterable[Item]) -> str:
    """Write the log as CSV, with an apostrophe before what a spreadsheet would run as a formula."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(LABELS)
    for item in sort_items(items):
        writer.writerow([guard_cell(text) for text in encode_item(item).values()])
    return target.getvalue()


def to_json(items: Iterable[Item]) -> str:
    """Write the log as JSON."""
    entries = [
        {name: list(value) if isinstance(value := getattr(item, name), tuple) else _plain(value) for name in LABELS}
        for item in sort_items(items)
    ]
    return json.dumps({"format": FORMAT, "version": VERSION, "items": entries}, ensure_ascii=False, indent=2) + "\n"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | bool | int | float) else encode(value)


def _count(items: Sequence[Item], what: str) -> str:
    return f"{len(items)} {'item' if len(items) == 1 else 'items'} {what}"


def _overview(items: Sequence[Item]) -> Iterator[str]:
    yield f"| {' | '.join(LABELS[name] for name in _OVERVIEW)} |"
    yield f"|{' --- |' * len(_OVERVIEW)}"
    for item in items:
        said = encode_item(item)
        yield f"| {' | '.join(escape_line(said[name]) for name in _OVERVIEW)} |"


def _section(item: Item) -> Iterator[str]:
    said = encode_item(item)
    yield f"### {escape_line(f'{item.id}: {item.title}')}"
    yield ""
    yield f"| {FIELD} | |"
    yield "| --- | --- |"
    for name, label in LABELS.items():
        if name != "title" and (said[name] or name in _ALWAYS):
            yield f"| {label} | {escape_line(said[name])} |"
    yield ""
