"""Repayment triggers: small safe expressions over facts. docs/triggers.md is the reference of their language.

`check` reads one while it is typed, `evaluate` says what it says now, `note_readings` keeps what came of it.
"""

from lean_core.debt.trigger.check import check, check_text
from lean_core.debt.trigger.evaluate import Reading, evaluate
from lean_core.debt.trigger.known import ALWAYS, Facts, Known, add_item_facts
from lean_core.debt.trigger.parse import parse

__all__ = [
    "ALWAYS",
    "Facts",
    "Known",
    "Reading",
    "add_item_facts",
    "check",
    "check_text",
    "evaluate",
    "parse",
]
