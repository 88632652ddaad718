"""Keys that stay inside the root."""

from __future__ import annotations

import re

from lean_core.errors import NameRefused

_LONGEST = 1_000
"""S3 allows 1,024 bytes for prefix and key together; names in the registry are far shorter."""
_DRIVE = re.compile(r"[A-Za-z]:")
_NO_PARTS = frozenset({"", ".", ".."})


def check_key(key: str) -> str:
    """Return a key of an object, or refuse it.

    Raises:
        NameRefused: it is empty, absolute, a Windows path, too long, or leaves the root.
    """
    reason = explain_refusal(key)
    if reason:
        raise NameRefused(f"the path {key[:100]!r} {reason}: name a place below the registry's root, with slashes")
    return key


def check_folder(prefix: str) -> str:
    """Return a folder without the slash at its end, or refuse it; the root is empty.

    Raises:
        NameRefused: it has no slash at its end, or is no key.
    """
    folder, start = split_prefix(prefix)
    if start:
        raise NameRefused(f"the folder {prefix[:100]!r} has no slash at its end: write it with one")
    return folder


def split_prefix(prefix: str) -> tuple[str, str]:
    """Return the folder of a prefix and what names in it begin with, or refuse it.

    Raises:
        NameRefused: the folder is no key.
    """
    folder, _, start = prefix.rpartition("/")
    if prefix and not start:
        check_key(folder)
    return check_key(folder) if folder else "", start


def explain_refusal(key: str) -> str:
    """Return what is wrong with a key, or nothing."""
    if not key.isprintable():  # lone surrogates, which stand for bytes that are not UTF-8, count among these
        return "has control characters or bytes that are not UTF-8 in it"
    if not key or len(key.encode()) > _LONGEST:
        return "is empty or longer than 1,000 bytes"
    if key.startswith("/") or _DRIVE.match(key) or "\\" in key:
        return "is absolute or a Windows path"
    if not _NO_PARTS.isdisjoint(key.split("/")):
        return "has empty parts, . or .. in it"
    return ""
