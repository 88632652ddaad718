"""The names of facts: parts joined by dots, such as ``prod."my.model".version_age_days``."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

_QUOTED = re.compile(r'"([A-Za-z0-9_-]+)"')


def simplify_name(name: str) -> str:
    """Take the quotes off the parts that do without: ``prod."churn".x`` is ``prod.churn.x``."""
    return _QUOTED.sub(r"\1", name)


def suggest_name(name: str, known: Collection[str]) -> str:
    """Return the end of a sentence that names the fact that was meant, or nothing where none is like it."""
    near = get_close_matches(name[:200], known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
