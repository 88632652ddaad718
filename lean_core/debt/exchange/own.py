"""The workbench's own Markdown: read exactly as it was written, or as somebody edited it."""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.debt.exchange.codec import FIELD_OF, LABELS
from lean_core.debt.exchange.rows import Row

MARK = "<!-- lean-mlops debt log, version 1 -->"
"""The first line."""
FIELD = "Field"
"""The header of the tables that are read back."""


def is_own_markdown(text: str) -> bool:
    """Whether the workbench wrote a file."""
    return text.lstrip().startswith(MARK)


def read_own_markdown(name: str, text: str) -> Iterator[Row]:
    """Yield a row for each item: a heading with its title, above a table of its fields."""
    from lean_core.debt.exchange.markdown.inline import tell_text
    from lean_core.debt.exchange.markdown.sections import parse_sections

    for section in parse_sections(text).walk():
        cells = {
            tell_text(pair[0]).strip(): tell_text(pair[1])
            for grid in section.grids[:1]
            if tell_text(grid.header[0]) == FIELD
            for _, pair in grid.rows
            if len(pair) > 1
        }
        if not any(label in FIELD_OF for label in cells):
            continue
        title = tell_text(section.heading)
        ident = cells.get(LABELS["id"], "")
        if ident and title.startswith(f"{ident}:"):
            title = title.removeprefix(f"{ident}:").removeprefix(" ")
        said = {LABELS["title"]: title, **cells}
        yield Row(values={label: value for label, value in said.items() if value}, line=section.line, file=name)
