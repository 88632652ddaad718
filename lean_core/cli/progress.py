"""How far a long job is: one line that is written over in a terminal, one line a phase in a log."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Self

import click

from lean_core.cli.output import duration, plain

if TYPE_CHECKING:
    from lean_core.runs import SyncProgress

_PAUSE = 0.1
"""Seconds between two writings of the line: more often only flickers."""
_TO_THE_START_AND_CLEAR = "\r\x1b[K"


class Progress:
    """Shows the progress on stderr while it is open."""

    def __init__(self) -> None:
        """Look whether there is a terminal."""
        self._in_terminal = sys.stderr.isatty()
        self._told = ""
        self._next = 0.0

    def __enter__(self) -> Self:
        """Begin; nothing is shown before there is something to tell."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        self.clear()

    def clear(self) -> None:
        """Take the line away: what is told next begins on a clean one."""
        if self._in_terminal and self._told:
            click.echo(_TO_THE_START_AND_CLEAR, err=True, nl=False, color=True)
            self._told = ""

    def tell(self, progress: SyncProgress) -> None:
        """Show where a sync is."""
        phase = f"{progress.source}: {progress.phase}"
        if progress.runs and progress.phase == "importing":
            phase = f"{phase} {progress.runs:,} runs"
        self.show(phase, done=progress.done if progress.phase == "importing" else 0.0, left=progress.seconds_left)

    def show(self, phase: str, *, done: float = 0.0, left: float | None = None) -> None:
        """Show what is being done, how much of it is (0 to 1), and an estimate of the seconds that are left."""
        phase_is_new, self._told = phase != self._told, phase
        if not self._in_terminal:
            if phase_is_new:
                click.echo(plain(phase), err=True)
            return
        if not phase_is_new and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PAUSE
        line = (
            plain(phase) + (f"  {done:.0%}" if done else "") + (f"  {duration(left)} left" if left is not None else "")
        )
        cut = line[: shutil.get_terminal_size().columns - 1]
        click.echo(f"{_TO_THE_START_AND_CLEAR}{cut}", err=True, nl=False, color=True)
