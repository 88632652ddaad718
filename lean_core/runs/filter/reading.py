"""Turns the pieces of a text into symbols: every key and value becomes a leaf, the rest are keywords and signs.

What a person typed is left behind here: sqlglot's parser sees symbols and numbers only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lean_core.errors import FilterError
from lean_core.runs.filter.expectation import VALUES, Expect, State
from lean_core.runs.filter.keys import read_key, tail_end
from lean_core.runs.filter.lexer import Lexeme, read_path, split, unquote
from lean_core.runs.filter.moments import UNITS, Length, Moment, call_time, read_number
from lean_core.runs.filter.nodes import IsNaN, Key
from lean_core.runs.filter.vocabulary import ALIASES, ATTRIBUTES, FUNCTIONS, KEYWORDS, KINDS

DEEPEST = 20
"""Levels of parentheses, ``not`` and sums: more than anybody needs, and less than Python's stack allows sqlglot."""

Leaf = Key | IsNaN | str | float | Length | Moment

_SIGNS = {"==": "=", "<>": "!=", "!~": "~"}
_STRAY = {
    ";": "one expression at a time, without a semicolon",
    "--": "a comment is not part of the filter language",
    "/*": "a comment is not part of the filter language",
    "&": "'&' is written and",
    "|": "'|' is written or",
}
_NUMBERS = {"inf": float("inf"), "infinity": float("inf")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A keyword, a sign, or ``key``, ``test`` or ``value`` with its leaf."""

    name: str
    start: int
    end: int
    before: State
    """What was expected where this symbol came."""
    leaf: Leaf | None = None


@dataclass(kw_only=True)
class Reader:
    """Reads one expression."""

    text: str
    now: datetime
    symbols: list[Symbol] = field(default_factory=list)
    state: State = field(default_factory=State)

    def read(self) -> list[Symbol]:
        """Return the symbols of the text, whose parentheses are in balance.

        Raises:
            FilterError: something in it is not part of the language.
        """
        self.scan()
        self._check_balance()
        return self.symbols

    def scan(self) -> None:
        """Read as far as the text goes, wherever that is.

        Raises:
            FilterError: something in it is not part of the language.
        """
        lexemes = iter(split(self.text))
        for lexeme in lexemes:
            if lexeme.sort in ("word", "path"):
                self._name(lexeme, lexemes)
            elif lexeme.sort in ("string", "number"):
                self._literal(lexeme)
            elif lexeme.sort == "sign":
                self._sign(lexeme)
            elif lexeme.sort == "open":
                problem = f"the quote {lexeme.text[0]} is never closed"
                raise self._error(problem, lexeme.start, lexeme.end, f"another {lexeme.text[0]}")
            else:
                problem = _STRAY.get(lexeme.text, f"unexpected {lexeme.text!r}")
                raise self._error(problem, lexeme.start, lexeme.end, self.state.describe())

    def _error(self, problem: str, start: int, end: int, expected: str = "") -> FilterError:
        return FilterError(problem, text=self.text, start=start, end=end, expected=expected)

    def _add(self, name: str, start: int, end: int, leaf: Leaf | None = None) -> None:
        if not self.state.allows(name):
            raise self._error(f"unexpected {self.text[start:end]!r}", start, end, self.state.describe())
        self.symbols.append(Symbol(name=name, start=start, end=end, before=self.state, leaf=leaf))
        self.state = self.state.after(name, leaf if isinstance(leaf, Key) else None)

    def _name(self, lexeme: Lexeme, rest: Iterator[Lexeme]) -> None:
        folded = lexeme.text.casefold()
        if lexeme.sort == "word" and folded in KEYWORDS:
            self._keyword(lexeme, KEYWORDS[folded])
        elif lexeme.sort == "word" and self.text[lexeme.end :].lstrip().startswith("("):
            self._call(lexeme, rest)
        elif self.state.expect in VALUES:
            self._named_value(lexeme)
        elif self.state.expect is Expect.CONDITION:
            self._add("key", lexeme.start, lexeme.end, read_key(lexeme, self.text))
        else:
            self._add("key", lexeme.start, tail_end(lexeme, self.text))

    def _keyword(self, lexeme: Lexeme, keyword: str) -> None:
        if keyword == "null" and not self.state.allows("null"):
            raise self._error("a key is asked for null with is", lexeme.start, lexeme.end, "is null or is not null")
        self._add(keyword, lexeme.start, lexeme.end)

    def _named_value(self, lexeme: Lexeme) -> None:
        """Read what stands, without single quotes, where a value must."""
        path = read_path(lexeme.text)
        end = tail_end(lexeme, self.text)
        if path.prefix is None and lexeme.text[0] == '"' and end == lexeme.end:
            self._add("value", lexeme.start, end, path.name)
        elif lexeme.text.casefold() in _NUMBERS:
            self._add("value", lexeme.start, lexeme.end, _NUMBERS[lexeme.text.casefold()])
        elif lexeme.text.casefold() == "nan":
            raise self._error("nothing equals nan", lexeme.start, end, "isnan(...) as a condition of its own")
        elif lexeme.text.casefold() in FUNCTIONS:
            raise self._error(f"{lexeme.text!r} needs parentheses", lexeme.start, lexeme.end, f"{lexeme.text}()")
        elif (path.prefix or "").casefold() in KINDS or path.name.casefold() in {*ATTRIBUTES, *ALIASES}:
            raise self._error("a key stands to the left of an operator", lexeme.start, end, self.state.describe())
        else:
            written = unquote(lexeme.text) if path.prefix is None else lexeme.text
            meant = "'" + (written + self.text[lexeme.end : end]).replace("'", "''") + "'"
            expected = meant if meant.isprintable() else "text in single quotes"
            raise self._error("text needs quotes", lexeme.start, end, expected)

    def _call(self, lexeme: Lexeme, rest: Iterator[Lexeme]) -> None:
        function = lexeme.text.casefold()
        if function not in FUNCTIONS:
            known = "isnan(...), now(), today() or yesterday()"
            raise self._error(f"there is no function {lexeme.text!r}", lexeme.start, lexeme.end, known)
        self._expect_next(rest, "(", lexeme)
        if function == "isnan":
            self._isnan(lexeme, rest)
            return
        end = self._expect_next(rest, ")", lexeme).end
        self._value(lexeme.start, end, call_time(function, self.now))

    def _isnan(self, lexeme: Lexeme, rest: Iterator[Lexeme]) -> None:
        inner = next(rest, None)
        example = "a metric such as metrics.auc"
        if inner is None or inner.sort not in ("word", "path"):
            place = inner or lexeme
            raise self._error("isnan asks for a metric", place.start, place.end, example)
        key = read_key(inner, self.text)
        if key.kind != "metric":
            raise self._error("only a metric can be not a number", inner.start, inner.end, example)
        end = self._expect_next(rest, ")", lexeme).end
        self._add("test", lexeme.start, end, IsNaN(key=key))

    def _expect_next(self, rest: Iterator[Lexeme], sign: str, function: Lexeme) -> Lexeme:
        lexeme = next(rest, None)
        if lexeme is None or lexeme.text != sign:
            place = lexeme or function
            found = f"unexpected {lexeme.text!r}" if lexeme else f"{function.text!r} is not finished"
            raise self._error(found, place.start, place.end, sign)
        return lexeme

    def _literal(self, lexeme: Lexeme) -> None:
        if lexeme.sort == "string":
            self._value(lexeme.start, lexeme.end, unquote(lexeme.text))
            return
        try:
            number = read_number(lexeme.text)
        except ValueError as error:
            units = f"a number, or one with a unit ({' '.join(UNITS)})"
            raise self._error(str(error), lexeme.start, lexeme.end, units) from None
        self._value(lexeme.start, lexeme.end, number)

    def _value(self, start: int, end: int, leaf: Leaf) -> None:
        if self.state.expect is Expect.CONDITION:
            raise self._error("a condition begins with a key, not with a value", start, end, self.state.describe())
        self._add("value", start, end, leaf)

    def _sign(self, lexeme: Lexeme) -> None:
        if lexeme.text == "!~":
            self._add("not", lexeme.start, lexeme.end)
        if lexeme.text == ")" and self.symbols and self.symbols[-1].name == "(":
            start = self.symbols[-1].start
            raise self._error("nothing is in these parentheses", start, lexeme.end, self.state.describe())
        self._add(_SIGNS.get(lexeme.text, lexeme.text), lexeme.start, lexeme.end)

    def _check_balance(self) -> None:
        opened: list[Symbol] = []
        prefixes = 0
        for symbol in self.symbols:
            if symbol.name == "(":
                opened.append(symbol)
            elif symbol.name == ")" and not opened:
                raise self._error("this parenthesis was never opened", symbol.start, symbol.end)
            elif symbol.name == ")":
                opened.pop()
            if symbol.name != "value":
                prefixes = prefixes + 1 if symbol.name in ("not", "+", "-") else 0
            if len(opened) + prefixes > DEEPEST:
                raise self._error(f"nested deeper than {DEEPEST} levels", symbol.start, symbol.end, "fewer levels")
        if opened:
            raise self._error("this parenthesis is never closed", opened[-1].start, opened[-1].end, "a ) for it")
