"""Reads an expression from left to right with Lark, and says what is wrong at the place where it goes wrong.

Lark is imported late: it takes longer than all the rest of the debt log.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, cast

from lean_core.debt.trigger.nodes import TODAY
from lean_core.errors import TriggerError

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.parsers.lalr_interactive_parser import InteractiveParser
    from lark.tree import ParseTree

LONGEST_SHOWN = 40
"""Characters of what somebody wrote, in a message."""
DEEPEST = 20
"""Levels of parentheses."""
COMPARISON = "a comparison such as live_models >= 2"
OPERATORS = "one of = != < <= > >="
LENGTH = "a length of time such as 3d, 12h or 2w"
DATE = "a date such as 2027-01-01"
VERSION = 'a version in quotes such as "4.0"'
VALUE = 'a value such as 2, 2027-01-01, "text" or true, or the name of a fact'
_ARITHMETIC = "+-*/%^&|~"
_JOINS = {"_AND": "and", "_OR": "or", "_FOR": "for", "_CLOSE": ")", "$END": "the end"}
_OPERANDS = frozenset({"NAME", "NUMBER", "DATE", "TEXT", "TRUTH"})


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads one expression."""

    text: str
    parser: InteractiveParser
    tokens: list[Token] = field(default_factory=list)
    """What was read so far."""

    def read(self) -> None:
        """Read to the end of the text, which need not be the end of an expression.

        Raises:
            TriggerError: something can't stand where it stands.
        """
        from lark.exceptions import UnexpectedCharacters, UnexpectedToken

        depth = 0
        try:
            for token in self.parser.iter_parse():
                self.tokens.append(token)
                depth += {"_OPEN": 1, "_CLOSE": -1}.get(token.type, 0)
                if depth > DEEPEST:
                    raise self.refuse("this is nested too deeply", token, f"at most {DEEPEST} levels")
        except UnexpectedToken as error:
            self.tokens.pop()  # it was read, and then refused
            self._rewind()
            raise self.refuse(self._explain(error.token), error.token, self.describe_next()) from None
        except UnexpectedCharacters as error:
            raise self._refuse_character(cast("int", error.pos_in_stream)) from None

    def finish(self) -> ParseTree:
        """Return the tree.

        Raises:
            TriggerError: the expression isn't whole.
        """
        from lark.exceptions import UnexpectedToken

        try:
            tree: ParseTree = self.parser.feed_eof(self.tokens[-1] if self.tokens else None)  # type: ignore[no-untyped-call]
        except UnexpectedToken:
            self._rewind()
            end = len(self.text.rstrip())
            problem = self._explain_end()
            raise TriggerError(problem, text=self.text, start=end, end=end, expected=self.describe_next()) from None
        return tree

    def accepts(self) -> frozenset[str]:
        """Return the kinds of symbols that may come next; ``$END``: nothing more is needed."""
        return frozenset(self.parser.accepts())  # type: ignore[no-untyped-call]

    def describe_next(self) -> str:
        """Say what may come next."""
        accepted, last = self.accepts(), self.tokens[-1].type if self.tokens else ""
        if last == "OPERATOR":
            left = self.tokens[-2]
            return DATE if left == TODAY else VERSION if left.type == "_CLOSE" else VALUE
        if last in {"_FOR", "_DEP"} or self._in_call():
            return LENGTH if last == "_FOR" else 'the name of a package as in dep("mlflow")'
        if "OPERATOR" in accepted:
            return OPERATORS
        if "NAME" in accepted:
            return COMPARISON
        *words, last_word = [word for symbol, word in _JOINS.items() if symbol in accepted]
        return f"{', '.join(words)}, or {last_word}"

    def refuse(self, problem: str, token: Token, expected: str) -> TriggerError:
        """Make the error of a mistake at a symbol."""
        start, end = token.start_pos or 0, token.end_pos or 0
        return TriggerError(problem, text=self.text, start=start, end=end, expected=expected)

    def _rewind(self) -> None:
        """Go back to where all was well: before it refuses a symbol, the parser may close what could have gone on."""
        self.parser = _load_parser().parse_interactive("")
        for token in self.tokens:
            self.parser.feed_token(token)

    def _in_call(self) -> bool:
        """Say whether the reading stands between ``dep`` and its closing parenthesis."""
        return "_DEP" in [token.type for token in self.tokens[-3:]] and self.tokens[-1].type != "_CLOSE"

    def _explain(self, token: Token) -> str:
        last = self.tokens[-1] if self.tokens else None
        if last is not None and last.type in _OPERANDS | {"_CLOSE"}:
            if token.type == "_OPEN" and last.type == "NAME":
                return f"there is no function {_quote(last)}: dep is the only one"
            if token.type == "NUMBER" and token.startswith("-"):
                return "there is no arithmetic"
            if token.type == "OPERATOR" and "_AND" in self.accepts():
                return "comparisons don't chain: join two of them with and"
            if token.type == "_FOR" and last.type == "_CLOSE":
                return "for belongs to one comparison, not to several in parentheses"
        if token.type == "DURATION":
            return f"{_quote(token)} has a unit, and only a length of time after for has one"
        return f"{_quote(token)} can't stand here"

    def _explain_end(self) -> str:
        if not self.tokens:
            return "there is nothing here"
        last = self.tokens[-1]
        if last.type == "NAME" and "OPERATOR" in self.accepts():
            return f"nothing is asked of {_quote(last)}"
        return "it ends too early"

    def _refuse_character(self, at: int) -> TriggerError:
        character = self.text[at]
        end, expected = at + 1, self.describe_next()
        if character in "'\"" or self.text[at : at + 2] == '."':
            problem, end, expected = "this quote never closes", len(self.text), "a closing quote"
        elif character in _ARITHMETIC:
            problem = f"there is no arithmetic, so {character!r} can't stand here"
        elif character == ".":
            problem = "a dot stands between two parts of a name"
            expected = "letters, digits, _ and -, or a part in quotes"
        else:
            problem = f"{character!r} can't stand here"
        return TriggerError(problem, text=self.text, start=at, end=end, expected=expected)


def open_reader(text: str) -> Reader:
    """Return a reader at the begin of a text."""
    return Reader(text=text, parser=_load_parser().parse_interactive(text))


@functools.cache
def _load_parser() -> Lark:
    from lark import Lark

    grammar = resources.files("lean_core.debt.trigger").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", propagate_positions=True)


def _quote(token: Token) -> str:
    return repr(str(token) if len(token) <= LONGEST_SHOWN else f"{token[:LONGEST_SHOWN]}…")
