"""Cuts a text into words, quoted names, strings, numbers and signs, and never fails: what fits nothing is ``stray``.

sqlglot's own tokenizer is not used: it drops comments, reads ``{# #}`` as Jinja and ``7d`` as two things, and doesn't
say where an open quote began. Its parser gets tokens made from these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

Sort = Literal["word", "path", "string", "number", "sign", "stray", "open"]
"""``word`` is a bare ``\\w+``; ``path`` a key with a prefix or quotes; ``open`` a quote that never closes."""

# Possessive, so that an open quote is not read as closed by the first half of a doubled one.
_QUOTED = r'`(?:[^`]|``)*+`|"(?:[^"]|"")*+"'
_PLAIN = r"\w+(?:\.\w+)*"
_LEXEME = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<string>'(?:[^']|'')*+')
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[^\W\d]\w*)?)
    | (?P<path>(?:\w+|{_QUOTED})\.(?:{_PLAIN}|{_QUOTED})|{_QUOTED})
    | (?P<word>\w+)
    | (?P<open>['"`])
    | (?P<sign>==|!=|<>|<=|>=|!~|[=<>~(),+]|-(?!-))
    | (?P<stray>--|/\*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH = re.compile(rf"(?:(?P<prefix>\w+|{_QUOTED})\.)?(?P<name>{_PLAIN}|{_QUOTED})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexeme:
    """A piece of the text, with its place in it."""

    sort: Sort
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A key as it was written."""

    prefix: str | None
    name: str
    quoted: bool


def split(text: str) -> list[Lexeme]:
    """Cut a text into its pieces, leaving out the space between them."""
    lexemes: list[Lexeme] = []
    for match in _LEXEME.finditer(text):
        start, end = match.span()
        if match.lastgroup == "open":
            return [*lexemes, Lexeme(sort="open", text=text[start:], start=start, end=len(text))]
        if match.lastgroup != "space":
            lexemes.append(Lexeme(sort=cast("Sort", match.lastgroup), text=match[0], start=start, end=end))
    return lexemes


def read_path(written: str) -> Path:
    """Take a word or a path apart, its quotes removed."""
    match = _PATH.fullmatch(written)
    if match is None:
        message = f"not a key: {written!r}"
        raise ValueError(message)
    prefix, name = match["prefix"], match["name"]
    return Path(prefix=None if prefix is None else unquote(prefix), name=unquote(name), quoted=name[0] in '`"')


def unquote(written: str) -> str:
    """Remove the quotes around a text, and one of each two within it."""
    quote = written[0]
    return written[1:-1].replace(quote * 2, quote) if quote in "'`\"" else written
