"""Any text as one line of Markdown in which nothing is live: no picture, no HTML, no emphasis."""

from __future__ import annotations

import re

GUARD = "<!-- -->"
"""Stands before and after a text that begins or ends with a blank: Markdown would take the blank off."""
_LIVE = re.compile(r"[\\`*~\[\]#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_NAMED = {"&": "&amp;", "<": "&lt;", "|": "&#124;", "\t": "&#9;", "\r": "&#13;", "\n": "<br>"}
_CODED = re.compile("[" + re.escape("".join(_NAMED)) + "]")


def escape_line(text: str) -> str:
    """Return Markdown that says exactly this text, on one line, in a cell or a heading."""
    quiet = _LIVE.sub(lambda match: f"\\{match[0]}", text)
    line = _CODED.sub(lambda match: _NAMED[match[0]], quiet)
    return f"{GUARD}{line}{GUARD}" if text != text.strip() else line
