"""Guess which field of an item each column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lean_core.debt.exchange.codec import FIELD_OF, LABELS
from lean_core.debt.exchange.headers import find_field, names_subject, rank_subject
from lean_core.debt.exchange.rows import FREE, SEVERITY_BY_PLACE, STATUS_BY_PLACE, Table
from lean_core.debt.exchange.words import RISKS, SEVERITIES, fold_words, lead_with

_FIXED = {STATUS_BY_PLACE: "status", SEVERITY_BY_PLACE: "severity", FREE: "instead"}
_SEVERITIES, _RISKS = fold_words(SEVERITIES), fold_words(RISKS)
_WORDS_OF_A_RATING = 6
_WRITTEN = frozenset({"markdown table", "headings", "attribute tables", "adr"})
"""What a person wrote by hand is kept, whatever its label; an export of a tracker has a hundred columns."""


def guess_mapping(table: Table) -> dict[str, str | None]:
    """Return the field of each column, None for a column that no field is known for; a person may change it."""
    if table.kind == "workbench":
        return {column: FIELD_OF.get(column, column if column in LABELS else None) for column in table.columns}
    title = min((column for column in table.columns if names_subject(column)), key=rank_subject, default=None)
    mapping: dict[str, str | None] = {}
    for column in table.columns:
        field = _FIXED.get(column) or find_field(column)
        if column == title:
            field = "title"
        elif field == "title" or (field is None and (names_subject(column) or table.kind in _WRITTEN)):
            field = "instead"
        mapping[column] = _look_at_values(table, column) or field if field in {"consequence", "risk"} else field
    return mapping


def _look_at_values(table: Table, column: str) -> str | None:
    """Return what a column called impact or risk really holds: how bad it is, where its cells say no more than that."""
    cells = [row.values[column] for row in table.rows if column in row.values]
    if not cells or any(len(cell.split()) > _WORDS_OF_A_RATING or lead_with(cell, _RISKS)[0] for cell in cells):
        return None
    return "severity" if _are_ratings(cells) else None


def _are_ratings(cells: Sequence[str]) -> bool:
    return sum(bool(lead_with(cell, _SEVERITIES)[0]) for cell in cells) * 2 > len(cells)


def check_mapping(mapping: Mapping[str, str | None], columns: Sequence[str]) -> tuple[str, ...]:
    """Return what is wrong with a mapping, in sentences."""
    unknown = [f"There is no column “{column}” in the file." for column in mapping if column not in columns]
    wrong = [
        f"Column “{column}” can't be put into “{field}”: there is no such field."
        for column, field in mapping.items()
        if field is not None and field not in LABELS
    ]
    return (*unknown, *wrong)
