"""Pick a number out of JSON."""

from __future__ import annotations

import json
import re

from lean_core.signals.sources.failure import LOGIN_PAGE, NO_JSON, Failure, quote
from lean_core.signals.sources.number import take_number
from lean_core.signals.sources.web import is_web_page

JSON_PATH = re.compile(r"(\$\.)?([^\s.\[\]$]+|\[[0-9]{1,6}\])(\.[^\s.\[\]]+|\[[0-9]{1,6}\])*")
"""Names of keys and numbers of elements: ``model.age_hours``, ``models[0].n``."""
_STEP = re.compile(r"\[(\d+)\]|[^.\[\]]+")


def pick_number(content: bytes, path: str) -> float | Failure:
    """Return the number, or the boolean as 1 or 0, at a path in JSON."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return LOGIN_PAGE if is_web_page(content) else NO_JSON
    where = quote(path, None)
    for step in _STEP.finditer(path.removeprefix("$.")):
        if step[1] is not None and isinstance(value, list) and int(step[1]) < len(value):
            value = value[int(step[1])]
        elif step[1] is None and isinstance(value, dict) and step[0] in value:
            value = value[step[0]]
        else:
            return Failure(trouble="malformed", reason=f"the answer has nothing at {where}")
    if value is None:
        return Failure(trouble="empty", reason=f"the answer has null at {where}")
    if not isinstance(value, int | float):
        return Failure(trouble="malformed", reason=f"what the answer has at {where} is neither a number nor a boolean")
    return take_number(value)
