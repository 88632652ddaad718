"""Lets sqlglot's parser find the structure of an expression: what binds to what.

Imported late: sqlglot takes 70 ms.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from lean_core.errors import FilterError
from lean_core.runs.filter.expectation import Expect
from lean_core.runs.filter.reading import Symbol

_TOKENS = {
    "key": TokenType.IDENTIFIER,
    "test": TokenType.IDENTIFIER,
    "value": TokenType.NUMBER,
    "and": TokenType.AND,
    "or": TokenType.OR,
    "not": TokenType.NOT,
    "in": TokenType.IN,
    "between": TokenType.BETWEEN,
    "is": TokenType.IS,
    "null": TokenType.NULL,
    "like": TokenType.LIKE,
    "ilike": TokenType.ILIKE,
    "~": TokenType.RLIKE,
    "=": TokenType.EQ,
    "!=": TokenType.NEQ,
    "<": TokenType.LT,
    "<=": TokenType.LTE,
    ">": TokenType.GT,
    ">=": TokenType.GTE,
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
}
_NEVER_LAST = _TOKENS.keys() - {"key", "test", "value", "null", ")"}


class _Parser(Parser):
    def _negate_range(self, this: exp.Expression | None = None) -> exp.Expression | None:
        """Keep ``x not in (...)`` apart from ``not x in (...)``: they differ where a run has many values."""
        negated = super()._negate_range(this)
        if negated is not None:
            negated.meta["range"] = True
        return negated


def parse_symbols(symbols: Sequence[Symbol], text: str) -> exp.Expression:
    """Return the tree of an expression; the name of each identifier and literal is the number of its symbol.

    Raises:
        FilterError: the symbols are not in an order that makes sense.
    """
    last = symbols[-1]
    if last.name in _NEVER_LAST:
        expected = last.before.after(last.name).describe()
        problem = f"nothing follows {text[last.start : last.end]!r}"
        raise FilterError(problem, text=text, start=last.start, end=last.end, expected=expected)
    # A token's column carries the symbol's number, and an error of sqlglot's brings it back.
    tokens = [Token(_TOKENS[symbol.name], str(i), col=i) for i, symbol in enumerate(symbols)]
    try:
        parser = _Parser(error_level=ErrorLevel.IMMEDIATE)
        (tree,) = parser.parse_into(exp.Condition, tokens)
    except ParseError as error:
        raise _mistake(symbols, int(error.errors[0]["col"]), text) from None
    if tree is None:
        raise _mistake(symbols, 0, text)
    return tree


def _mistake(symbols: Sequence[Symbol], at: int, text: str) -> FilterError:
    symbol = symbols[at]
    found = text[symbol.start : symbol.end]
    after = symbol.before.after(symbol.name)
    if at == len(symbols) - 1 and after.expect is Expect.UPPER:
        # sqlglot names the last token when it misses something after it.
        problem, expected = f"something is missing after {found!r}", after.describe()
    else:
        problem, expected = f"unexpected {found!r}", symbol.before.describe()
    return FilterError(problem, text=text, start=symbol.start, end=symbol.end, expected=expected)
