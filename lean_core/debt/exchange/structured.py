"""JSON: a list of objects, or an object that has one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lean_core.debt.exchange.rows import Row
from lean_core.errors import DebtRefused


def parse_json(name: str, text: str) -> object:
    """Parse a file.

    Raises:
        DebtRefused: it is not JSON; says where.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DebtRefused(f"{name}, line {error.lineno}, column {error.colno}: this is not JSON: {error.msg}") from None
    except RecursionError:
        raise DebtRefused(f"{name} is nested too deeply: a list of objects is expected") from None


def find_entries(content: object) -> list[Mapping[str, object]]:
    """Return the objects of the list that a document is, or of the longest one that it has."""
    if isinstance(content, list):
        return [entry for entry in content if isinstance(entry, dict)]
    if isinstance(content, dict):
        return max((find_entries(value) for value in content.values() if isinstance(value, list)), key=len, default=[])
    return []


def read_structured(name: str, content: object) -> list[Row]:
    """Return a row for each object; its line is its number in the list."""
    return [
        Row(values={key: text for key, value in entry.items() if (text := tell(value))}, line=number, file=name)
        for number, entry in enumerate(find_entries(content), start=1)
    ]


def tell(value: object) -> str:
    """Return a value of JSON as a person would write it into a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(tell(one) for one in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {tell(one)}" for key, one in value.items())
    return str(value)
