"""Who does something to the registry: the one place that decides."""

from __future__ import annotations

UNKNOWN = "unknown"


def choose_actor(*candidates: str | None) -> str:
    """Return the first of these names that is one: what was said, then who git takes the person for, then the account.

    Line breaks and control characters have no place in a name that stands in sentences.
    """
    for candidate in candidates:
        name = " ".join("".join(char if char.isprintable() else " " for char in candidate or "").split())
        if name:
            return name
    return UNKNOWN
