"""Reads a key from what a person wrote, and says what is wrong with it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lean_core.errors import FilterError
from lean_core.runs.filter.lexer import Lexeme, Path, read_path, split
from lean_core.runs.filter.nodes import Key, quote_key
from lean_core.runs.filter.vocabulary import ALIASES, ATTRIBUTES, DATASET_KEYS, KINDS

# What hangs on to a key without a space, such as a minus, a slash or a dot: it is part of a key that lacks its quotes.
_TAIL = re.compile(r"[^\s=<>!~(),;'\"`]+")


def parse_key(text: str) -> Key:
    """Read a key that stands alone, such as ``metrics.auc``, ``status`` or ``params.`learning rate```.

    Raises:
        FilterError: it is not a key, or there is more than a key.
    """
    lexemes = split(text)
    if not lexemes or lexemes[0].sort not in ("word", "path"):
        raise FilterError("this is not a key", text=text, start=0, end=len(text), expected="a key such as metrics.auc")
    key = read_key(lexemes[0], text)
    if len(lexemes) > 1:
        problem = f"unexpected {lexemes[1].text!r} after the key"
        raise FilterError(problem, text=text, start=lexemes[1].start, end=lexemes[1].end, expected="one key")
    return key


def read_key(lexeme: Lexeme, text: str) -> Key:
    """Turn a word or a path into the key that it names.

    Raises:
        FilterError: there is no such kind or attribute, or the key lacks its quotes.
    """
    path = read_path(lexeme.text)
    end = tail_end(lexeme, text)
    if end > lexeme.end:
        raise _unquoted(path, text=text, start=lexeme.start, end=end)
    if path.prefix is None:
        return _attribute(path.name, text=text, start=lexeme.start, end=lexeme.end)
    kind = KINDS.get(path.prefix.casefold())
    if kind is None:
        prefix_end = lexeme.start + text[lexeme.start : lexeme.end].index(path.prefix) + len(path.prefix)
        near = get_close_matches(path.prefix.casefold(), KINDS, n=1)
        expected = near[0] if near else "metrics, params, tags, local, dataset or attributes"
        problem = f"there is no kind of key named {path.prefix!r}"
        raise FilterError(problem, text=text, start=lexeme.start, end=prefix_end, expected=expected)
    start = lexeme.end - len(path.name) - 2 * path.quoted
    if kind == "attribute":
        return _attribute(path.name, text=text, start=start, end=lexeme.end)
    if kind == "dataset" and path.name not in DATASET_KEYS:
        problem, expected = f"datasets have no {path.name!r}", ", ".join(DATASET_KEYS)
        raise FilterError(problem, text=text, start=start, end=lexeme.end, expected=expected)
    if not path.name:
        problem = "the key is empty"
        raise FilterError(problem, text=text, start=start, end=lexeme.end, expected="a key such as metrics.auc")
    return Key(kind, path.name)


def tail_end(lexeme: Lexeme, text: str) -> int:
    """Return where the text that hangs on to a key ends; the key's own end where nothing does."""
    tail = _TAIL.match(text, lexeme.end)
    return tail.end() if tail else lexeme.end


def _attribute(name: str, *, text: str, start: int, end: int) -> Key:
    folded = name.casefold()
    folded = ALIASES.get(folded, folded)
    if folded in ATTRIBUTES:
        return Key("attribute", folded)
    if folded in KINDS:
        raise FilterError(
            f"{name!r} is a kind of key, not a key", text=text, start=start, end=end, expected=f"{name}. and a name"
        )
    near = get_close_matches(folded, (*ATTRIBUTES, *ALIASES), n=1)
    expected = near[0] if near else f"one of {', '.join(ATTRIBUTES)}; or a kind and a key, such as metrics.auc"
    raise FilterError(f"there is no attribute {name!r}", text=text, start=start, end=end, expected=expected)


def _unquoted(path: Path, *, text: str, start: int, end: int) -> FilterError:
    written = text[start:end]
    prefix, dot, name = written.partition(".")
    kind = KINDS.get(prefix.casefold())
    if written.endswith(".") and text[end : end + 1] in ("`", '"'):
        problem, expected = f"the quote {text[end]} is never closed", f"another {text[end]}"
        start, end = end, len(text)
    elif kind and dot and not name:
        problem, expected = f"no key after {written!r}", f"{written} and a name"
    elif path.quoted or kind in (None, "attribute", "dataset"):
        problem, expected = f"{written!r} is not a key", "a key such as metrics.auc"
    else:
        problem, expected = "a key with such characters needs quotes", quote_key(kind, name)
    return FilterError(problem, text=text, start=start, end=end, expected=expected)
