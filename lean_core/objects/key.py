"""Keys that stay inside the root."""

from __future__ import annotations

import re

from lean_core.errors import NameRefused

_LONGEST = 1_000
"""S3 allows 1,024 bytes for prefix and key together; names in the registry are far shorter."""


def check_key(key: str) -> str:
    """Return a key of an object, or refuse it.

    Raises:
        NameRefused: it is empty, absolute, a Windows path, too long, or leaves the root.
    """
    reason = _reason(key)
    if reason:
        raise NameRefused(f"the path {key[:100]!r} {reason}: name a place below the registry's root, with slashes")
    return key


def _reason(key: str) -> str:
    parts = key.split("/")
    if not key or len(key.encode()) > _LONGEST:
        return "is empty or longer than 1,000 bytes"
    if key.startswith("/") or re.match(r"[A-Za-z]:", key) or "\\" in key:
        return "is absolute or a Windows path"
    if any(part in {"", ".", ".."} for part in parts):
        return "has empty parts, . or .. in it"
    if not key.isprintable():
        return "has control characters in it"
    return ""
