"""Words and icons of debt items: never a colour alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lean_core.debt import Item, Severity, Status, find_gaps
from pages._ui import text

if TYPE_CHECKING:
    from lean_core.debt.trigger import TriggerState

_SEVERITIES: dict[Severity | None, tuple[str, str]] = {
    "high": ("red", "high"),
    "medium": ("orange", "medium"),
    "low": ("gray", "low"),
    None: ("orange", "not rated"),
}
_STATUSES: dict[Status, tuple[str, str]] = {
    "open": ("orange", "radio_button_unchecked"),
    "planned": ("blue", "event"),
    "accepted": ("violet", "handshake"),
    "repaid": ("green", "check_circle"),
    "dropped": ("gray", "cancel"),
}
_TRIGGERS = {
    "fired": ("red", "notifications_active", "fired"),
    "cannot evaluate": ("orange", "help", "can't be evaluated"),
    "snoozed": ("violet", "snooze", "snoozed"),
    "armed": ("gray", "notifications", "armed"),
}


def severity(item: Item) -> str:
    """Say how bad it is, as a badge."""
    colour, word = _SEVERITIES[item.severity]
    return f":{colour}-badge[{word}]"


def status(item: Item) -> str:
    """Say where it stands, as a badge."""
    colour, icon = _STATUSES[item.status]
    until = f" until {item.accepted_until}" if item.status == "accepted" and item.accepted_until else ""
    return f":{colour}-badge[:material/{icon}: {item.status}{until}]"


def trigger(state: TriggerState) -> str:
    """Say what its trigger says, as a badge."""
    colour, icon, word = _TRIGGERS[state.state]
    until = f" until {state.snoozed_until:%Y-%m-%d}" if state.snoozed_until else ""
    return f":{colour}-badge[:material/{icon}: {word}{until}]"


def trigger_word(state: TriggerState | None) -> str:
    """Say what its trigger says, in a cell."""
    return _TRIGGERS[state.state][2] if state else ""


def lacks(item: Item, today: dt.date) -> str:
    """Say which fields are missing, in a cell."""
    return ", ".join(gap.field.replace("_", " ") for gap in find_gaps(item, today=today))


def name(item: Item) -> str:
    """Return its id and title as Markdown."""
    return f"**{text.plain(item.id)}** {text.plain(item.title)}"
