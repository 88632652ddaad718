"""The debt log: shortcuts with an owner, a risk and a repayment trigger."""

from lean_core.debt.add import add_item, add_items
from lean_core.debt.change import Conflict, Edit, Outcome
from lean_core.debt.edit import change_items, find_item, history_of
from lean_core.debt.fields import FIELDS, NAMES
from lean_core.debt.history import Change, replay, revert, tell_history
from lean_core.debt.importing import ImportReport, import_plan
from lean_core.debt.item import (
    BLOCKED,
    DEADLY,
    ENDED,
    RISKS,
    SEVERITIES,
    STATUSES,
    Blocked,
    Item,
    Risk,
    Severity,
    Status,
    sort_items,
)
from lean_core.debt.markers import decide, decided, dismiss_markers, take_markers
from lean_core.debt.review import Review, last_review, record_review
from lean_core.debt.rules import Problem, check_item, find_gaps
from lean_core.debt.secrets import Secret, find_secrets, refuse_secrets
from lean_core.debt.table import all_items, item_of

__all__ = [
    "BLOCKED",
    "DEADLY",
    "ENDED",
    "FIELDS",
    "NAMES",
    "RISKS",
    "SEVERITIES",
    "STATUSES",
    "Blocked",
    "Change",
    "Conflict",
    "Edit",
    "ImportReport",
    "Item",
    "Outcome",
    "Problem",
    "Review",
    "Risk",
    "Secret",
    "Severity",
    "Status",
    "add_item",
    "add_items",
    "all_items",
    "change_items",
    "check_item",
    "decide",
    "decided",
    "dismiss_markers",
    "find_gaps",
    "find_item",
    "find_secrets",
    "history_of",
    "import_plan",
    "item_of",
    "last_review",
    "record_review",
    "refuse_secrets",
    "replay",
    "revert",
    "sort_items",
    "take_markers",
    "tell_history",
]
