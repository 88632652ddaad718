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
    reason = explain_refusal(key)
    if reason:
        raise NameRefused(f"the path {key[:100]!r} {reason}: name a place below the registry's root, with slashes")
    return key


def explain_refusal(key: str) -> str:
    """Return what is wrong with a key, or nothing."""
    parts = key.split("/")
    if not key.isprintable():  # lone surrogates, which stand for bytes that are not UTF-8, count among these
        return "has control characters or bytes that are not UTF-8 in it"
    if not key or len(key.encode()) > _LONGEST:
        return "is empty or longer than 1,000 bytes"
    if key.startswith("/") or re.match(r"[A-Za-z]:", key) or "\\" in key:
        return "is absolute or a Windows path"
    if any(part in {"", ".", ".."} for part in parts):
        return "has empty parts, . or .. in it"
    return ""
