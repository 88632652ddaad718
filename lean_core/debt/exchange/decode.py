"""The text of a file that somebody saved somewhere."""

from __future__ import annotations

import codecs

from lean_core.errors import DebtRefused

LIMIT = 10_000_000
"""Bytes of a file; the longest debt log seen had 0.3 million."""


def decode(name: str, content: bytes | str) -> str:
    """Return a file's text: UTF-8, UTF-16 with its mark, else Windows' Western European.

    Raises:
        DebtRefused: it is too large, or no text.
    """
    if len(content) > LIMIT:
        raise DebtRefused(f"{name} is larger than {LIMIT // 1_000_000} MB: export a smaller part of it")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        raise DebtRefused(f"{name} is no text: save it as CSV, Markdown or JSON")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
