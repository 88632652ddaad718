"""Offers what may come next at a place in an expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lean_core.errors import FilterError
from lean_core.runs.filter.expectation import COMPARISONS, Expect, State
from lean_core.runs.filter.lexer import Lexeme, split, unquote
from lean_core.runs.filter.nodes import PREFIX, Key, Kind, quote_key
from lean_core.runs.filter.reading import Reader
from lean_core.runs.filter.vocabulary import ATTRIBUTES, CHOICES, DATASET_KEYS, KINDS, ValueType, value_type

MOST = 20
"""Completions at a time."""

_ANY_TIME = datetime(2000, 1, 1)  # noqa: DTZ001  # which symbols may come next does not depend on the time
_TEXT_OPERATORS = ("=", "!=", "in (", "not in (", "like", "not like", "ilike", "not ilike", "~", "!~")
_OPERATORS: dict[ValueType, tuple[str, ...]] = {
    "text": _TEXT_OPERATORS,
    "any": (*_TEXT_OPERATORS, *COMPARISONS[2:], "between", "not between"),
    "number": (*COMPARISONS, "between", "not between", "in (", "not in ("),
    "seconds": (*COMPARISONS, "between", "not between"),
    "time": (">", ">=", "<", "<=", "=", "!=", "between", "not between"),
}
_TIMES = ("now() - 1d", "now() - 7d", "now() - 4w", "today()", "yesterday()")
_LENGTHS = ("1m", "10m", "1h", "1d")
_FIXED: dict[Expect, tuple[str, ...]] = {
    Expect.LIST: ("(",),
    Expect.NULL: ("null", "not null"),
    Expect.NOT_NULL: ("null",),
    Expect.UPPER: ("and",),
    Expect.MORE: (",", ")"),
    Expect.JOIN: ("and", "or", ")"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One way to go on."""

    label: str
    """What is offered."""
    text: str
    """The whole expression with it."""
    cursor: int
    """Where the cursor stands in that."""


def complete(text: str, cursor: int, known: Mapping[str, Sequence[str]]) -> tuple[Completion, ...]:
    """Offer ways to go on at ``cursor``, the likely ones first; none where the text before it is wrong.

    ``known`` holds what exists: the names of keys by kind (``metric``, ``param``, ``tag``, ``local``), and, where they
    are few enough to offer, the values of a key under the key as it is written (``params.model``, ``experiment``).
    """
    head, rest = text[:cursor], text[cursor:]
    start = _begin_of_typed(split(head), len(head))
    before, typed = head[:start], head[start:]
    found = _offer(before, typed, known)
    completions = [_insert(before, label, rest) for label in found if label != typed]
    if typed and (not completions or typed in found):
        # What was typed is whole already: offer what follows it.
        completions += [_insert(head, label, rest) for label in _offer(head, "", known)]
    return tuple(completions[:MOST])


def _begin_of_typed(lexemes: Sequence[Lexeme], end: int) -> int:
    """Return where the word begins that is being typed at the end; it may hold a dot and an open quote."""
    begin = end
    for lexeme in reversed(lexemes):
        is_part = lexeme.sort in ("word", "path", "open") or lexeme.text == "."
        if not is_part or lexeme.end != begin:
            break
        begin = lexeme.start
    return begin


def _offer(before: str, typed: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    reader = Reader(text=before, now=_ANY_TIME)
    try:
        reader.scan()
    except FilterError:
        return []
    prefix, _, name = typed.partition(".")
    kind = KINDS.get(prefix.casefold())
    if reader.state.expect is Expect.CONDITION and kind and prefix != typed:
        return _best(name.strip('`"'), _keys_of(kind, known))
    opened = sum({"(": 1, ")": -1}.get(symbol.name, 0) for symbol in reader.symbols)
    labels = (label for label in _labels(reader.state, known) if label != ")" or opened > 0)
    return _best(typed.lstrip("'\""), ((unquote(label), label) for label in labels))


def _best(typed: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Return the labels of the names that begin with what was typed, then of those that hold it."""
    folded = typed.casefold()
    holding = [(name.casefold(), label) for name, label in named if folded in name.casefold()]
    holding.sort(key=lambda pair: not pair[0].startswith(folded))
    return list(dict.fromkeys(label for _, label in holding))


def _insert(before: str, label: str, rest: str) -> Completion:
    glue = " " if before and not before[-1].isspace() and before[-1] != "(" and label not in (",", ")") else ""
    tail = "" if label.endswith((".", "(")) or rest.startswith(" ") else " "
    begun = f"{before}{glue}{label}{tail}"
    return Completion(label=label, text=begun + rest, cursor=len(begun))


def _labels(state: State, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    key = state.key
    if state.expect is Expect.CONDITION:
        yield from (f"{prefix}." for prefix in PREFIX.values())
        yield from ATTRIBUTES
        yield from ("not", "isnan(")
        for kind in PREFIX:
            yield from (label for _, label in _keys_of(kind, known))
    elif state.expect in _FIXED:
        yield from _FIXED[state.expect]
    elif state.expect is Expect.OPERATOR and key:
        yield from (*_OPERATORS[value_type(key)], "is null", "is not null")
    elif state.expect is Expect.RANGE and key:
        yield from (label.removeprefix("not ") for label in _OPERATORS[value_type(key)] if label.startswith("not "))
    elif state.expect is not Expect.PATTERN and key:
        yield from _values(key, known)


def _values(key: Key, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if value_type(key) == "time":
        yield from _TIMES
    elif value_type(key) == "seconds":
        yield from _LENGTHS
    else:
        choices = CHOICES.get(key.name, ()) if key.kind == "attribute" else ()
        yield from ("'" + value.replace("'", "''") + "'" for value in (choices or known.get(str(key), ())))


def _keys_of(kind: Kind, known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    names: Iterable[str] = known.get(kind, ())
    if kind == "attribute":
        names = ATTRIBUTES
    elif kind == "dataset":
        names = DATASET_KEYS
    return ((name, quote_key(kind, name)) for name in names)
