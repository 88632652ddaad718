"""What a cell means for the field that it is put into."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from lean_core.debt.exchange.words import (
    BLOCKED,
    NO,
    RISKS,
    SEVERITIES,
    STATUSES,
    YES,
    find_in,
    fold,
    fold_words,
    lead_with,
    split_words,
)
from lean_core.errors import TriggerError

_WORDS = {name: fold_words(known) for name, known in
          {"severity": SEVERITIES, "status": STATUSES, "risk": RISKS, "blocks": BLOCKED}.items()}  # fmt: skip
_ANSWERS = {fold(word) or word: answer for answer, listed in ((True, YES), (False, NO)) for word in split_words(listed)}
_HOURS_A_DAY = 8
_DAYS = {"d": 1.0, "w": 5.0, "month": 20.0, "h": 1 / _HOURS_A_DAY, "min": 1 / _HOURS_A_DAY / 60}
_UNITS = {
    "d": "d, day, days, tag, tage, jour, jours, j, dia, dias, personentage, pt, md, person days",
    "h": "h, hr, hrs, hour, hours, std, stunde, stunden, heure, heures, hora, horas",
    "min": "m, min, mins, minute, minutes, minuten, minuto, minutos",
    "w": "w, wk, week, weeks, woche, wochen, semaine, semaines, semana, semanas",
    "month": "month, months, monat, monate, mois, mes, meses",
}
_UNIT_OF = {word: unit for unit, listed in _UNITS.items() for word in split_words(listed)}
_EFFORT = re.compile(
    r"^\s*[~≈<>]?\s*(?P<low>\d+(?:[.,]\d+)?)\s*(?:(?:-|\u2013|to|bis|à|a)\s*(?P<high>\d+(?:[.,]\d+)?))?\s*(?P<unit>[^\W\d_]*)"
)
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_COMPARES = re.compile(r"[=<>]")
_DENIALS = frozenset({"not", "no", "non", "never", "nicht", "kein", "keine", "pas", "sin", "un"})
_MOST_WORDS = 5
"""A longer status is a sentence, in which a known word may mean anything."""
_LEFT_OVER = " \t\n:;,.—\u2013-|()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What was understood; nothing was where the value is None."""

    field: str
    """Where the value goes, which may be another field than was asked for."""
    value: object = None
    rest: str = ""
    """What the cell says besides."""


def read_cell(field: str, text: str) -> Meaning:
    """Return what a cell means for a field that does not hold any text."""
    if field == "status":
        return _read_status(text)
    if field == "trigger":
        return _read_trigger(text)
    return Meaning(field=field, value=_READERS[field](text))


def _read_word(text: str, known: Mapping[str, str]) -> str | None:
    return lead_with(text, known)[0] or find_in(text, known) or None


def _read_blocks(text: str) -> tuple[str, ...] | None:
    found = [lead_with(part, _WORDS["blocks"])[0] for part in re.split(r"[,;/\n]", text)]
    return tuple(dict.fromkeys(found)) if all(found) else None


def _read_answer(text: str) -> bool | None:
    return _ANSWERS.get(fold(text) or text.strip())


def read_date(text: str) -> dt.date | None:
    """Read a date in one of the forms that can't be mistaken; 3/4/2026 can, so it is none."""
    plain = text.strip().rstrip(".")
    slashed = _SLASHED.match(plain)
    if slashed:
        first, second, year = map(int, slashed.groups())
        month, day = (first, second) if second > 12 else (second, first)  # noqa: PLR2004  # there is no 13th month
        return _make_date(year, month, day) if first > 12 or second > 12 or first == second else None  # noqa: PLR2004
    for form in _DATES:
        try:
            return dt.datetime.strptime(plain, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(plain).date()
    except ValueError:
        return None


def _make_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def is_expression(text: str) -> bool:
    """Whether a text is an expression over facts: it compares something, and can be parsed."""
    from lean_core.debt.trigger import parse

    if not _COMPARES.search(text):
        return False  # ``migration`` alone would be the name of a fact
    try:
        parse(text)
    except TriggerError:
        return False
    return True


def _read_trigger(text: str) -> Meaning:
    """Take an expression as it is and a date as one; anything else is for a person to watch."""
    day = read_date(text)
    if day:
        return Meaning(field="trigger", value=f"date >= {day.isoformat()}")
    plain = text.strip()
    return Meaning(field="trigger" if is_expression(plain) else "watch", value=plain)


def _read_status(text: str) -> Meaning:
    meaning, said = lead_with(text, _WORDS["status"])
    if not meaning:
        words = fold(text).split()
        is_plain = len(words) <= _MOST_WORDS and _DENIALS.isdisjoint(words)
        found = find_in(text, _WORDS["status"]) if is_plain else ""
        return Meaning(field="status", value=found or None, rest=text.strip())
    rest = text.strip()
    if not fold(said):
        rest = rest.removeprefix(said).strip(_LEFT_OVER)
        again, said = lead_with(rest, _WORDS["status"])
        if again != meaning:
            return Meaning(field="status", value=meaning, rest=rest)
    for word in said.split():
        # The words of a vocabulary have no accents; those of the text may.
        match = re.match(r"\W*[\w']+", rest)
        rest = rest[match.end() :] if match and fold(match[0]).split()[:1] == [word] else rest
    return Meaning(field="status", value=meaning, rest=rest.strip(_LEFT_OVER))


def _read_effort(text: str) -> float | None:
    """Read days from ``3``, ``~4h``, ``1-2 days``, of which the greater counts, and ``2 Wochen``."""
    try:
        return float(text)
    except ValueError:
        match = _EFFORT.match(text)
    if not match:
        return None
    unit = _UNIT_OF.get(fold(match["unit"])) if match["unit"] else "d"
    amount = float((match["high"] or match["low"]).replace(",", "."))
    return round(amount * _DAYS[unit], 2) if unit else None


_READERS: Mapping[str, Callable[[str], object]] = {
    "severity": partial(_read_word, known=_WORDS["severity"]),
    "risk": partial(_read_word, known=_WORDS["risk"]),
    "blocks": _read_blocks,
    "ai_assisted": _read_answer,
    "valuable_data": _read_answer,
    "effort_days": _read_effort,
    "created": read_date,
    "accepted_until": read_date,
}
