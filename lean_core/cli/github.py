"""What GitHub Actions is told, where it runs us."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from lean_core.cli.output import plain, say


def append_summary(render: Callable[[int], str]) -> None:
    """Append Markdown to the summary of the step, where there is one.

    Args:
        render: returns it, within so many bytes.
    """
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    from lean_core.releases.reports import SUMMARY_BYTES

    try:
        with Path(place).open("ab") as file:
            file.write(render(SUMMARY_BYTES - file.tell()).encode())
    except OSError as error:
        say(f"note: GITHUB_STEP_SUMMARY {plain(place)} can't be written ({error.strerror})")
