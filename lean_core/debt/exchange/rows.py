"""What a file with shortcuts holds, before anybody decides what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["csv", "markdown table", "headings", "attribute tables", "adr", "json", "workbench"]

STATUS_BY_PLACE = "Status by place"
"""A column that readers add: the heading under which a row stood, or that it is struck through."""
SEVERITY_BY_PLACE = "Severity by place"
"""The same, for how bad it is."""
FREE = "Text"
"""The column of what stands below a heading without a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One shortcut, as the file has it."""

    values: Mapping[str, str]
    """By column; a column that says nothing here is left out."""
    line: int
    """Where it begins, counted from 1."""
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that is not taken; nothing of its text is kept."""

    file: str
    line: int
    reason: str
    """A sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a file or a folder."""

    kind: Kind
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    """What else there was to say of the file, in sentences."""


def make_table(kind: Kind, rows: Iterable[Row], notes: Iterable[str] = ()) -> Table:
    """Put rows together, and keep out those with a credential in them."""
    kept, refused = [], []
    for row in rows:
        wrong = _find_credential(row)
        if wrong:
            refused.append(wrong)
        else:
            kept.append(row)
    columns = dict.fromkeys(column for row in kept for column in row.values)
    return Table(kind=kind, columns=tuple(columns), rows=tuple(kept), refused=tuple(refused), notes=tuple(notes))


def _find_credential(row: Row) -> Refused | None:
    from lean_core.debt.secrets import find_secrets

    found = find_secrets("\n".join(f"{column}: {value}" for column, value in row.values.items()))
    if not found:
        return None
    kinds = ", ".join(sorted({secret.kind for secret in found}))
    reason = f"it holds what looks like a credential ({kinds}): take it out of the file, replace it where it is used"
    return Refused(file=row.file, line=row.line, reason=reason)
