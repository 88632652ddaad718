"""How a field of an item is written in a cell, and read from one: exactly, in the workbench's own files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from lean_core.debt.item import Item

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "id": "ID",
        "title": "Title",
        "status": "Status",
        "severity": "Severity",
        "risk": "Risk",
        "owner": "Owner",
        "trigger": "Repay when",
        "watch": "Watch for",
        "instead": "Done instead",
        "consequence": "What happens",
        "blocks": "Blocks",
        "control": "Limited by",
        "area": "Area",
        "location": "Location",
        "decision": "Decision",
        "reviewer": "Senior reviewer",
        "effort_days": "Effort in days",
        "ai_assisted": "AI-assisted",
        "valuable_data": "Valuable data",
        "accepted_until": "Accepted until",
        "reason": "Reason",
        "created": "Created",
        "revision": "Revision",
        "updated_at": "Last changed",
        "updated_by": "Changed by",
    }
)
"""What each field is called in a file, in the order in which it stands there."""
FIELD_OF: Mapping[str, str] = MappingProxyType({label: name for name, label in LABELS.items()})


def encode(value: object) -> str:
    """Write a field's value into a cell; nothing at all for None and nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def encode_item(item: Item) -> dict[str, str]:
    """Write all of an item, by field."""
    return {name: encode(getattr(item, name)) for name in LABELS}
