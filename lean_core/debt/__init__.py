"""The debt log: shortcuts with an owner, a risk and a repayment trigger."""

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

__all__ = [
    "BLOCKED",
    "DEADLY",
    "ENDED",
    "RISKS",
    "SEVERITIES",
    "STATUSES",
    "Blocked",
    "Item",
    "Risk",
    "Severity",
    "Status",
    "sort_items",
]
