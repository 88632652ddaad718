"""Repayment triggers: small safe expressions over facts. docs/triggers.md is the reference of their language.

`check` reads one while it is typed, `evaluate` says what it says now, `note_readings` keeps what came of it.
"""

from lean_core.debt.trigger.check import check, check_text
from lean_core.debt.trigger.complete import Suggestion, complete
from lean_core.debt.trigger.evaluate import Reading, State, evaluate
from lean_core.debt.trigger.known import ALWAYS, Facts, History, Known, Value, add_item_facts
from lean_core.debt.trigger.nodes import Expression
from lean_core.debt.trigger.parse import parse
from lean_core.debt.trigger.snooze import Snooze, end_snooze, snooze
from lean_core.debt.trigger.state import TriggerState, kept_states, note_readings, trigger_history, trigger_states

__all__ = [
    "ALWAYS",
    "Expression",
    "Facts",
    "History",
    "Known",
    "Reading",
    "Snooze",
    "State",
    "Suggestion",
    "TriggerState",
    "Value",
    "add_item_facts",
    "check",
    "check_text",
    "complete",
    "end_snooze",
    "evaluate",
    "kept_states",
    "note_readings",
    "parse",
    "snooze",
    "trigger_history",
    "trigger_states",
]
