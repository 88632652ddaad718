"""Checks what somebody types before it is kept."""

from __future__ import annotations

from collections.abc import Collection

from lean_core.debt.trigger.known import ALWAYS
from lean_core.debt.trigger.names import suggest_name
from lean_core.debt.trigger.nodes import Expression, find_facts
from lean_core.debt.trigger.parse import parse
from lean_core.errors import TriggerError


def check(text: str, names: Collection[str]) -> Expression:
    """Return the expression that a text stands for, whose facts are all among ``names`` or always there.

    Raises:
        TriggerError: the text is wrong or names no fact, and at which place.
    """
    expression = parse(text)
    known = {*names, *ALWAYS}
    for fact in find_facts(expression):
        if fact.name not in known:
            problem = f"there is no fact {fact.name!r}{suggest_name(fact.name, known)}"
            raise TriggerError(problem, text=text, start=fact.start, end=fact.end)
    return expression


def check_text(text: str, names: Collection[str] | None = None) -> str | None:
    """Return the mistake in a text in one line with its column, or None where there is none.

    Args:
        text: of a trigger.
        names: of the facts that there are; None: whatever they are.
    """
    try:
        if names is None:
            parse(text)
        else:
            check(text, names)
    except TriggerError as error:
        return str(error)
    return None
