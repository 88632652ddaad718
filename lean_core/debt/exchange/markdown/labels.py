"""What bold labels and attribute tables below a heading say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token

from lean_core.debt.exchange.headers import find_field, names_subject
from lean_core.debt.exchange.markdown.inline import split_label, split_lines, tell_linked, tell_text
from lean_core.debt.exchange.markdown.sections import Grid, Said, Section
from lean_core.debt.exchange.rows import FREE

_SHORT = frozenset({"id", "area", "owner", "risk", "severity", "status", "location", "decision", "effort_days",
                    "created", "trigger", "accepted_until", "reviewer", "ai_assisted", "valuable_data",
                    "blocks"})  # fmt: skip
"""Fields whose value ends with its paragraph or list: what follows is told of the item as a whole."""
_TWO = 2


def read_labels(section: Section) -> dict[str, str]:
    """Return the values by label, of paragraphs, lists and attribute tables; the rest under `FREE`."""
    values: dict[str, list[str]] = {}
    for label, text in (*_of_said(section.said), *_of_grids(section.grids)):
        values.setdefault(label, []).append(text)
    said = {label: "\n".join(text for text in texts if text).strip() for label, texts in values.items()}
    return {label: text for label, text in said.items() if text}


def name_known(values: Mapping[str, str]) -> set[str]:
    """Return the fields that labels name."""
    return {field for label in values if label != FREE and (field := find_field(label))}


def is_attributes(grid: Grid) -> bool:
    """Whether a table has two columns, the first of which names fields."""
    if len(grid.header) != _TWO:
        return False
    named = [tell_text(cells[0]) for _, cells in grid.rows]
    return sum(find_field(name) is not None or names_subject(name) for name in named) * _TWO >= max(len(named), _TWO)


def _of_said(said: Sequence[Said]) -> Iterator[tuple[str, str]]:
    label, depth, is_empty = FREE, 0, False
    for one in said:
        begun = False
        for line in split_lines(one.tokens):
            found = _find_label(line, in_list=one.depth > 0)
            if found and one.depth > depth and label != FREE and (depth or find_field(found[0]) is None):
                found = None  # a point below a labelled one is a part of what that says
            if found:
                label, rest = found
                depth, begun, is_empty = one.depth, True, True
            else:
                rest = line
                is_over = one.depth < depth or (one.depth == depth and find_field(label) in _SHORT and not is_empty)
                if is_over and not begun:
                    label = FREE
            text = _tell(label, rest)
            is_empty = is_empty and not text
            yield label, text


def _find_label(line: list[Token], *, in_list: bool) -> tuple[str, list[Token]] | None:
    bold = split_label(line) or _split_bold(line)
    if bold or not in_list or not line or line[0].type != "text":
        return bold
    label, colon, after = line[0].content.partition(":")
    if not colon or find_field(label) is None:
        return None
    return label.strip(), [Token("text", "", 0, content=after), *line[1:]]


def _split_bold(line: list[Token]) -> tuple[str, list[Token]] | None:
    """Take a label off a line whose value is bold too: ``**Severity: high.**``."""
    kept = [token for token in line if token.content or token.type != "text"]
    if not kept or kept[0].type != "strong_open" or kept[-1].type != "strong_close":
        return None
    label, colon, value = tell_text(kept).partition(":")
    if not colon or find_field(label) is None:
        return None
    return label.strip(), [Token("text", "", 0, content=value)]


def _of_grids(grids: Sequence[Grid]) -> Iterator[tuple[str, str]]:
    for grid in grids:
        if not is_attributes(grid):
            continue
        pairs = [cells for _, cells in grid.rows]
        if find_field(tell_text(grid.header[0])) and not find_field(tell_text(grid.header[1])):
            pairs.insert(0, grid.header)  # no header at all: its first pair stands in its place
        for cells in pairs:
            label = tell_text(cells[0]).strip().removesuffix(":")
            yield label, _tell(label, cells[1])


def _tell(label: str, tokens: Sequence[Token]) -> str:
    tell = tell_text if find_field(label) in {"id", "title"} else tell_linked
    return tell(tokens).strip()
