"""Offers what may come next while somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lean_core.debt.trigger.known import ALWAYS
from lean_core.debt.trigger.nodes import TODAY
from lean_core.debt.trigger.reading import Reader, open_reader
from lean_core.errors import TriggerError

MOST = 20
"""Suggestions at a time."""

_PART = r'(?:[A-Za-z0-9_-]+|"[^"\x00-\x1f]*"?)'
_BEFORE = re.compile(rf"(?<![A-Za-z0-9_.\"-])[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.{_PART}?)*$")
_AFTER = re.compile(rf"[A-Za-z0-9_-]*(?:\.{_PART})*")
_OPERATORS = {
    ">=": "at least",
    ">": "more than",
    "<=": "at most",
    "<": "less than",
    "=": "the same as",
    "!=": "other than",
}
_JOINS = {"_AND": ("and", "both"), "_OR": ("or", "one of them"), "_CLOSE": (")", "ends the group")}
_LENGTHS = {"1d": "a day", "3d": "three days", "1w": "a week", "12h": "twelve hours"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One way to go on: put ``text`` in place of what stands from ``start`` to ``end``."""

    text: str
    meaning: str
    start: int
    end: int


def complete(text: str, cursor: int, names: Mapping[str, str]) -> list[Suggestion]:
    """Offer ways to go on at a place, the likely ones first; none where the text before it is wrong.

    Args:
        text: what was typed so far.
        cursor: the place in it.
        names: of the facts that there are, with their meanings.
    """
    head, known = text[:cursor], {**names, **ALWAYS}
    match = _BEFORE.search(head)
    typed = match[0] if match else ""
    start, end = cursor - len(typed), _end_of_word(text, cursor)
    found = _rank(dict(_offer(head[:start], known)), typed)
    suggestions = [
        Suggestion(text=offer, meaning=meaning, start=start, end=end)
        for offer, meaning in found.items()
        if offer != typed
    ]
    if end == cursor and (not suggestions or typed in found):
        # What was typed is whole already: offer what follows it.
        space = "" if not head or head[-1].isspace() else " "
        for offer, meaning in _offer(head, known):
            suggestions.append(Suggestion(text=f"{space}{offer}", meaning=meaning, start=cursor, end=cursor))
    return suggestions[:MOST]


def _end_of_word(text: str, cursor: int) -> int:
    match = _AFTER.match(text, cursor)
    return match.end() if match else cursor


def _rank(offers: Mapping[str, str], typed: str) -> dict[str, str]:
    """Keep the offers that hold what was typed: those that begin with it come first."""
    folded = typed.casefold()
    fitting = [offer for offer in offers if folded in offer.casefold()]
    fitting.sort(key=lambda offer: not offer.casefold().startswith(folded))
    return {offer: offers[offer] for offer in fitting}


def _offer(before: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    reader = open_reader(before)
    try:
        reader.read()
    except TriggerError:
        return
    accepted, last = reader.accepts(), reader.tokens[-1].type if reader.tokens else ""
    if last == "_FOR":
        yield from _LENGTHS.items()
    if "OPERATOR" in accepted:
        yield from _OPERATORS.items()
    if "NAME" in accepted:
        yield from _offer_operands(reader, names)
    if "_FOR" in accepted and _is_remembered(reader):
        yield "for 3d", "all that time, without a break"
    yield from (_JOINS[symbol] for symbol in _JOINS if symbol in accepted)


def _offer_operands(reader: Reader, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not reader.tokens or reader.tokens[-1].type != "OPERATOR":
        yield from names.items()
        yield 'dep("', "the version of a package"
        if "_NOT" in reader.accepts():
            yield "not", "the opposite"
        yield "(", "begins a group"
    elif reader.tokens[-2].type != "_CLOSE" and reader.tokens[-2] != TODAY:
        # Today and versions are compared with what nobody could guess.
        yield from names.items()
        yield from (("true", "yes"), ("false", "no"))


def _is_remembered(reader: Reader) -> bool:
    """Say whether the last comparison takes a ``for``."""
    left, _, right = reader.tokens[-3:]
    return "_CLOSE" not in {left.type, right.type} and TODAY not in {left, right}
