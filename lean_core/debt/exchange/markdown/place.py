"""What the place of an item says of it: that it stands among what is done, or what is urgent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lean_core.debt.exchange.rows import SEVERITY_BY_PLACE, STATUS_BY_PLACE
from lean_core.debt.exchange.words import SEVERITIES, STATUSES, first_of, fold, fold_words, lead_with

_STATUSES, _SEVERITIES = fold_words(STATUSES), fold_words(SEVERITIES)
_CODE = re.compile(r"[ps]\d|sev\d")
_SPELT = {word: meaning for word, meaning in _SEVERITIES.items() if not _CODE.fullmatch(word)}
"""Without P1 and its like: in a heading with other words, P2 is as often the second phase of a project."""
_ENDING = re.compile(r"\s*(?:[-—\u2013]\s+|\(|\[)([^-—\u2013()\[\]]+?)[)\]]?\s*$")
_MOST_WORDS = 5
"""A longer heading is a sentence, in which the word may be about anything."""
STRUCK = "done (struck through)"


def read_place(path: Sequence[str]) -> dict[str, str]:
    """Return what the headings above a table or an item say, the nearest first, by column."""
    near = [heading for heading in reversed(path) if len(fold(heading).split()) <= _MOST_WORDS]
    coded = (heading for heading in near if _CODE.fullmatch(fold(heading).removeprefix("priority ")))
    severity = first_of(near, _SPELT)[0] or next(coded, "")
    found = {STATUS_BY_PLACE: first_of(near, _STATUSES)[0], SEVERITY_BY_PLACE: severity}
    return {column: heading for column, heading in found.items() if heading}


def read_ending(heading: str) -> dict[str, str]:
    """Return what a heading says at its end or with its first sign: ``✅ Retries - RESOLVED``, by column."""
    found: dict[str, str] = {}
    sign = heading.strip()[:1]
    if sign and not fold(sign) and lead_with(sign, _STATUSES)[0]:
        found[STATUS_BY_PLACE] = sign
    match = _ENDING.search(heading)
    if match and len(fold(match[1]).split()) <= _MOST_WORDS:
        for column, known in ((STATUS_BY_PLACE, _STATUSES), (SEVERITY_BY_PLACE, _SEVERITIES)):
            if lead_with(match[1], known)[0]:
                found[column] = match[1]
    return found
