"""Parses a filter expression."""

from __future__ import annotations

from datetime import UTC, datetime

from lean_core.errors import FilterError
from lean_core.runs.filter.nodes import Condition
from lean_core.runs.filter.reading import DEEPEST, Reader

LONGEST = 10_000
"""Characters of an expression."""


def parse(text: str, *, now: datetime) -> Condition | None:
    """Return the condition that an expression stands for, or None where it is empty.

    ``now`` is what ``now()``, ``today()`` and ``yesterday()`` are reckoned from; without a zone it is UTC.

    Raises:
        FilterError: the expression is wrong, and at which place.
    """
    _check_text(text)
    naive = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    symbols = Reader(text=text, now=naive).read()
    if not symbols:
        return None
    from lean_core.runs.filter.building import Builder
    from lean_core.runs.filter.grammar import parse_symbols

    try:
        return Builder(symbols, text).build(parse_symbols(symbols, text))
    except RecursionError:
        problem = "this is nested too deeply"
        raise FilterError(problem, text=text, start=0, end=len(text), expected=f"at most {DEEPEST} levels") from None


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        problem, expected = "the expression is too long", f"at most {LONGEST:,} characters"
        raise FilterError(problem, text=text, start=LONGEST, end=len(text), expected=expected)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        problem = "half a character (a lone surrogate)"
        raise FilterError(problem, text=text, start=error.start, end=error.end, expected="text") from None
