"""What changed in the cells of a notebook; its outputs and execution counts are noise, and can be megabytes."""

from __future__ import annotations

import difflib
import json


def diff_notebooks(path: str, before: str, after: str) -> str:
    """Return the difference of two notebooks' sources, as git would write it; empty where they are the same."""
    old, new = _sources(before), _sources(after)
    if old is None or new is None:
        return f"--- a/{path}\n+++ b/{path}\n@@ this notebook can't be read @@\n"
    lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _sources(text: str) -> list[str] | None:
    """Return the lines of all cells, each cell under a line that names its kind; None if it is no notebook."""
    if not text:
        return []  # the file was not there
    try:
        cells = json.loads(text)["cells"]
        lines: list[str] = []
        for cell in cells:
            source = cell["source"]
            joined = source if isinstance(source, str) else "".join(source)
            lines += [f"# %% [{cell['cell_type']}]", *joined.splitlines()]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return lines
