"""The items of a Markdown document: rows of its tables, and its headings with labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.debt.exchange.headers import find_field, names_subject, split_identifier
from lean_core.debt.exchange.markdown.inline import is_struck, tell_linked, tell_text
from lean_core.debt.exchange.markdown.labels import is_attributes, name_known, read_labels
from lean_core.debt.exchange.markdown.place import STRUCK, read_ending, read_place
from lean_core.debt.exchange.markdown.sections import Grid, Section, parse_sections
from lean_core.debt.exchange.rows import FREE, STATUS_BY_PLACE, Kind, Row
from lean_core.debt.exchange.words import is_blank

_TELLING = frozenset({"severity", "status", "trigger", "owner", "risk", "effort_days", "consequence", "created"})
"""One of these beside what it is about, and a table is a list of shortcuts."""
_RATINGS = frozenset({"severity", "status", "trigger"})
_ENOUGH = 2

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One item, and the shape that it had."""

    kind: Kind
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was found."""

    items: tuple[Found, ...]
    notes: tuple[str, ...]


def read_items(name: str, text: str, *, first_line: int = 1) -> Document:
    """Find the items of a document, in their order."""
    finder = _Finder(name)
    root = parse_sections(text, first_line=first_line)
    items = sorted(finder.find(root, ()), key=lambda found: found.row.line)
    return Document(items=tuple(items), notes=tuple(finder.notes))


class _Finder:
    """Walks down the headings."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: list[str] = []

    def find(self, section: Section, path: Sequence[str]) -> Iterator[Found]:
        heading = tell_text(section.heading).strip()
        below = (*path, heading) if heading else path
        item = self.read_heading(section, heading, path)
        if item:
            yield item
        for grid in section.grids:
            if not is_attributes(grid):
                yield from self.read_grid(grid, below)
        for child in section.children:
            # What stands below an item, without an ID of its own, is a part of it.
            if item is None or split_identifier(tell_text(child.heading))[0]:
                yield from self.find(child, below)

    def read_heading(self, section: Section, heading: str, path: Sequence[str]) -> Found | None:
        ident, title = split_identifier(heading.lstrip("✅✔☑⚠️🔴🟠🟡🟢 "))
        values = read_labels(section)
        if not heading or not _says_enough(section, ident, values):
            return None
        if not ident and any(self.is_item(below) for below in section.walk()):
            return None  # a document's own owner and date, above the items
        for child in section.children:
            if not split_identifier(tell_text(child.heading))[0]:
                values = _add(values, _flatten(child))
        if is_struck(section.heading):
            values[STATUS_BY_PLACE] = STRUCK
        place = {**read_place(path), **read_ending(heading), **values}
        named = {"Title": title, **({"ID": ident} if ident else {})}
        own_id = {} if not any(find_field(label) == "id" for label in values) else {"ID": ""}
        kind: Kind = "attribute tables" if any(map(is_attributes, section.grids)) else "headings"
        said = {column: text for column, text in {**named, **own_id, **place}.items() if text}
        return Found(kind=kind, row=Row(values=said, line=section.line, file=self.name))

    def is_item(self, section: Section) -> bool:
        ident, _ = split_identifier(tell_text(section.heading))
        lists = (grid for grid in section.grids if not is_attributes(grid) and _is_list(_name_columns(grid)))
        return _says_enough(section, ident, read_labels(section)) or any(lists)

    def read_grid(self, grid: Grid, path: Sequence[str]) -> Iterator[Found]:
        columns = _name_columns(grid)
        if not _is_list(columns):
            self.notes.append(f"The table at line {grid.line} is no list of shortcuts, so it was passed over.")
            return
        place = read_place(path)
        for line, cells in grid.rows:
            values = dict(_read_cells(columns, cells))
            struck = [column for column, cell in zip(columns, cells, strict=False) if is_struck(cell)]
            if any(find_field(column) == "id" or names_subject(column) for column in struck):
                values[STATUS_BY_PLACE] = STRUCK
            said = {**{column: text for column, text in place.items() if column not in values}, **values}
            if values:
                yield Found(kind="markdown table", row=Row(values=said, line=line, file=self.name))


def _says_enough(section: Section, ident: str, values: Mapping[str, str]) -> bool:
    """Whether what stands below a heading makes it an item: an ID and a label, two labels, or a rating alone."""
    known = name_known(values)
    is_rated = section.level > 1 and not known.isdisjoint(_RATINGS)  # a document has a status of its own
    return len(known) >= (1 if ident or is_rated else _ENOUGH)


def _name_columns(grid: Grid) -> list[str]:
    names = [" ".join(tell_text(cell).split()) for cell in grid.header]
    return [name or (f"Column {at}" if at > 1 else "#") for at, name in enumerate(names, start=1)]


def _is_list(columns: Sequence[str]) -> bool:
    fields = {find_field(column) for column in columns if not names_subject(column)}
    about = any(names_subject(column) for column in columns)
    return about and ("id" in fields or not fields.isdisjoint(_TELLING))


def _read_cells(columns: Sequence[str], cells: Sequence[Sequence[Token]]) -> Iterator[tuple[str, str]]:
    for column, cell in zip(columns, cells, strict=False):
        plain = find_field(column) == "id" or names_subject(column)
        text = (tell_text(cell) if plain else tell_linked(cell)).strip()
        if not is_blank(text):
            yield column, text


def _flatten(section: Section) -> dict[str, str]:
    """Return what a part of an item says: its own text under its heading, its labels under theirs."""
    heading = tell_text(section.heading).strip()
    values: dict[str, str] = {}
    for label, text in read_labels(section).items():
        if find_field(label):
            values[label] = text
        else:
            values[heading] = _join(values.get(heading, ""), text if label == FREE else f"{label}: {text}")
    for child in section.children:
        values = _add(values, _flatten(child))
    return values


def _add(values: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    return {label: _join(values.get(label, ""), more.get(label, "")) for label in {**values, **more}}


def _join(one: str, other: str) -> str:
    return f"{one}\n{other}" if one and other else one or other
