"""Documents made flat: nested mappings become keys with dots."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

MOST_ENTRIES = 20_000
"""A document that says more is data, not a description of a run (YAML's aliases can blow a line up to billions)."""
_DEEPEST = 50


def flatten(document: Any, *, whole: Callable[[Any], bool] = lambda _: False) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield key and value of everything that is not itself a mapping with entries; a list is one value.

    Args:
        document: a mapping.
        whole: says which mappings are one value too.

    Raises:
        ValueError: there are more than `MOST_ENTRIES`, or they are nested too deeply.
    """
    waiting: list[tuple[str, Any, int]] = [("", document, 0)]
    taken = 0
    while waiting:
        key, value, depth = waiting.pop()
        taken += 1
        if taken > MOST_ENTRIES or depth > _DEEPEST:
            raise ValueError(f"more than {MOST_ENTRIES} entries" if depth <= _DEEPEST else "nested too deeply")
        if isinstance(value, dict) and value and not whole(value):
            dotted = f"{key}." if key else ""
            waiting += [(f"{dotted}{name}", inner, depth + 1) for name, inner in reversed(value.items())]
        elif key:
            yield key, value


def to_text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return a value as MLflow would log it: strings as they are, ``True``, ``None``, lists as JSON."""
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)
    return clean(text)


def to_number(value: Any) -> float | None:  # noqa: ANN401 - whatever JSON holds
    """Return a number, or the number that a text spells (``nan`` and ``inf`` too); None of anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None
    except OverflowError:
        return math.inf if isinstance(value, int) and value > 0 else -math.inf


def clean(text: str) -> str:
    """Return a text that can be written as UTF-8: JSON can spell halves of characters."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()
