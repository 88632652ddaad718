"""What a column or a label is called, and which field of an item that is."""

from __future__ import annotations

import re

from lean_core.debt.exchange.words import HEADERS, SUBJECTS, fold, fold_words, split_words

KNOWN = fold_words(HEADERS)
SUBJECT_RANKS = {fold(word): rank for rank, listed in enumerate(SUBJECTS, start=1) for word in split_words(listed)}
_TELLING = frozenset(
    map(
        fold,
        ("severity", "priority", "status", "owner", "effort", "impact", "schweregrad", "aufwand", "priorität", "statut",
         "priorité", "sévérité", "estado", "prioridad", "severidad", "esfuerzo"),
    )
)  # fmt: skip
"""Words that say it even among others: ``Current status``, ``Estimated effort (h)``."""
_MOST_WORDS = 3
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_IDENTIFIER = re.compile(
    r"^\[?(?P<id>#\d+|[A-Z][A-Za-z]*(?:[-_.][A-Z0-9]+)*[-_. ]?\d[\w.-]*|[A-Z]\d+)\]?"
    r"(?:\s*[:·|—\u2013)]\s*|\s+-\s+|\s+)(?P<title>\S.*)$",
    re.DOTALL,
)


def find_field(header: str) -> str | None:
    """Return the field that a header names, or None."""
    if header.strip() == "#":
        return "id"
    for text in (header, _IN_BRACKETS.sub(" ", header)):
        if field := KNOWN.get(fold(text)):
            return field
    words = fold(_IN_BRACKETS.sub(" ", header)).split()
    if len(words) > _MOST_WORDS:
        return None
    return next((KNOWN[word] for word in words if word in _TELLING), None)


def rank_subject(header: str) -> int:
    """Return how far a header is from naming the title: 0 it does, 1 and 2 it may, 3 it does not."""
    if find_field(header) == "title":
        return 0
    return SUBJECT_RANKS.get(fold(_IN_BRACKETS.sub(" ", header)), len(SUBJECTS) + 1)


def names_subject(header: str) -> bool:
    """Whether a column of that name may hold what it is about."""
    return rank_subject(header) <= len(SUBJECTS)


def split_identifier(heading: str) -> tuple[str, str]:
    """Return the ID that a heading begins with, and its title: ``TD-7: No retries``; the ID is empty without one."""
    match = _IDENTIFIER.match(heading.strip())
    return (match["id"], match["title"].strip()) if match else ("", heading.strip())
