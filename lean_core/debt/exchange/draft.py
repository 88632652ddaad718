"""What a row would become: the fields of an item, and what is wrong or lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lean_core.debt.exchange.headers import find_field, names_subject, rank_subject
from lean_core.debt.exchange.rows import FREE, SEVERITY_BY_PLACE, STATUS_BY_PLACE, Refused, Row
from lean_core.debt.exchange.values import Meaning, read_cell, read_date
from lean_core.debt.exchange.words import fold, is_blank
from lean_core.debt.fields import DEFAULTS, KEPT, TEXTS
from lean_core.debt.item import ENDED
from lean_core.debt.rules import NEEDS_REASON, Problem

LONGEST_TITLE = 120
"""Characters; the text of a longer one is kept whole under what was done instead."""
_LONGEST_CATEGORY = 40
_MARK = re.compile(r"#|v?\d|(?:yes|ja|oui|si|pr|http|https)\b")
_SENTENCE = re.compile(r"(?<=[.:;])\s+|\s+[—\u2013]\s+")
_PLAIN = frozenset(
    map(
        fold,
        ("done instead", "what was done instead", "instead", "shortcut taken", "details", "notes", "note", "comment",
         "comments", "notizen", "anmerkung", "bemerkung", "remarques", "notas", "observaciones"),
    )
)  # fmt: skip
"""Labels that say nothing of their text."""
_AT_PLACE = frozenset({STATUS_BY_PLACE, SEVERITY_BY_PLACE})
_TELL = {
    "severity": "high, medium or low",
    "status": "open, planned, accepted, repaid or dropped",
    "risk": "a kind of risk",
    "blocks": "migration, customer or compliance",
    "ai_assisted": "yes or no",
    "valuable_data": "yes or no",
    "effort_days": "a number of days",
    "created": "a date like 2026-11-23",
    "accepted_until": "a date like 2026-11-23",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item to be."""

    id: str
    """Empty where the file gave it none."""
    fields: Mapping[str, object]
    """What the file says, by field of an item; what it does not speak of is left out."""
    file: str
    line: int
    problems: tuple[Problem, ...] = ()
    """What of the row was not understood; its words are kept under what was done instead."""
    revision: int | None = None
    """Of the log, when the workbench wrote the file."""

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.fields.get("status") in ENDED


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A draft while its row is read."""

    row: Row
    fields: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: dict[str, Problem] = field(default_factory=dict)

    def lose(self, name: str, column: str, text: str) -> None:
        """Keep the words of a cell that was not understood, and say so."""
        self.notes.append(f"{column}: {text}")
        sentence = f"“{_shorten(text)}” under {column} is not {_TELL[name]}: it is kept as a note."
        self.problems.setdefault(name, Problem(field=name, sentence=sentence))


def draft_row(row: Row, mapping: Mapping[str, str | None]) -> Draft | Refused:
    """Read a row by a mapping of its columns; one without a title is refused."""
    building = _Draft(row=row)
    for name, column, text in _cells(row, _name_title(row, mapping)):
        if name == "title" or name in TEXTS - {"trigger"}:
            _add_text(building, name, column, text)
        elif name != "id":
            _add_value(building, name, column, text)
    _finish(building)
    if not building.fields.get("title"):
        return Refused(file=row.file, line=row.line, reason="it has no title")
    ident = next((text for name, _, text in _cells(row, mapping) if name == "id"), "")
    return Draft(
        id=" ".join(ident.strip("[]*` ").split()),
        fields=building.fields,
        file=row.file,
        line=row.line,
        problems=tuple(building.problems.values()),
    )


def draft_own(row: Row, mapping: Mapping[str, str | None]) -> Draft | Refused:
    """Read a row that the workbench wrote: what is not there is empty, and texts are taken as they are."""
    building = _Draft(row=row, fields=dict(DEFAULTS))
    named = {name: (column, text) for column, text in row.values.items() if (name := mapping.get(column))}
    for name, (column, text) in named.items():
        if name in TEXTS:
            building.fields[name] = text
        elif name not in KEPT and text.strip():
            building.fields.pop(name, None)
            _add_value(building, name, column, text)
    if not str(building.fields.get("title", "")).strip():
        return Refused(file=row.file, line=row.line, reason="it has no title")
    if building.notes:
        building.fields["instead"] = "\n".join(filter(None, (str(building.fields["instead"]), *building.notes)))
    revision = named.get("revision", ("", ""))[1]
    return Draft(
        id=named.get("id", ("", ""))[1],
        fields={**DEFAULTS, **building.fields},
        file=row.file,
        line=row.line,
        problems=tuple(building.problems.values()),
        revision=int(revision) if revision.isascii() and revision.isdigit() else None,
    )


def _name_title(row: Row, mapping: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """Let the description be the title of a row that has no other: its table may have other columns than the first."""
    if any(mapping.get(column) == "title" and not is_blank(text) for column, text in row.values.items()):
        return mapping
    may = [column for column in row.values if mapping.get(column) == "instead" and names_subject(column)]
    return {**mapping, min(may, key=rank_subject): "title"} if may else mapping


def _cells(row: Row, mapping: Mapping[str, str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield field, column and text of what a row says; what only its place says comes last."""
    for column, text in sorted(row.values.items(), key=lambda cell: cell[0] in _AT_PLACE):
        name = mapping.get(column)
        if name and (name not in KEPT or name == "id") and not is_blank(text):
            yield name, column, text


def _add_text(building: _Draft, name: str, column: str, text: str) -> None:
    said, before = text.strip(), str(building.fields.get(name, ""))
    is_own_word = fold(column) in _PLAIN or names_subject(column) or column == FREE
    if (name == "instead" and not is_own_word) or (before and name != "instead"):
        said = f"{column}: {said}"
    building.fields[name] = f"{before}\n{said}" if before else said


def _add_value(building: _Draft, name: str, column: str, text: str) -> None:
    meaning = read_cell(name, text)
    if meaning.value is None and name == "status":
        meaning = _read_closing(column, text) or meaning
    if meaning.value is None:
        if name == "risk":
            # A category of their own says where it is; a sentence, what may happen.
            _add_text(building, "area" if len(text) <= _LONGEST_CATEGORY else "consequence", column, text)
        elif column not in _AT_PLACE:
            building.lose(name, column, text.strip())
        return
    if meaning.field == "watch" and "watch" in building.fields:
        _add_text(building, "watch", column, str(meaning.value))
    elif meaning.field in building.fields:
        # Severity and priority, status and place: the first that says something counts.
        if meaning.field == "trigger":
            _add_text(building, "watch", column, text)
        return
    building.fields.setdefault(meaning.field, meaning.value)
    if meaning.rest and meaning.value is not None and column not in _AT_PLACE:
        _add_text(building, "reason", column, meaning.rest)


def _read_closing(column: str, text: str) -> Meaning | None:
    """Take a date or a number under *Resolved* or *Fixed in* for what it is: it is done."""
    closing = read_cell("status", column)
    is_mark = read_date(text[:10]) is not None or _MARK.match(fold(text))
    if closing.value == "repaid" and find_field(column) == "status" and is_mark:
        return Meaning(field="status", value="repaid", rest=f"{column}: {text.strip()}")
    return None


def _finish(building: _Draft) -> None:
    """Cut a title that is a paragraph, add the notes, and give a status that needs one a reason."""
    fields = building.fields
    title = " ".join(str(fields.get("title", "")).split())
    if len(title) > LONGEST_TITLE:
        building.notes.insert(0, str(fields["title"]))
        title = _shorten(_SENTENCE.split(title)[0].rstrip(" :;,"))
    fields["title"] = title
    if fields.get("status") in NEEDS_REASON and not fields.get("reason"):
        fields["reason"] = f"as {building.row.file} says"
    if building.notes:
        fields["instead"] = "\n".join(filter(None, (str(fields.get("instead", "")), *building.notes)))


def _shorten(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
