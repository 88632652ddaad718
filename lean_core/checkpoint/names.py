"""Names with dots: of facts, and of the subjects of claims."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def join(*parts: str) -> str:
    """Join parts by dots; one that is more than letters, digits, ``_`` and ``-`` stands in quotes."""
    return ".".join(part if _PLAIN.fullmatch(part) else f'"{part}"' for part in parts)
