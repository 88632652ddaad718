"""A command with a heartbeat around it. The command matters more: nothing that befalls the heartbeat stops it."""

from __future__ import annotations

import dataclasses
import secrets
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lean_core.cli.exits import PROGRAM
from lean_core.cli.options import open_workbench
from lean_core.cli.output import plain, say, write_json
from lean_core.errors import LeanError

if TYPE_CHECKING:
    from lean_core.signals.heartbeats import Beat, Details, Said
    from lean_core.workbench import Workbench

_PATIENCE = 30.0
"""Seconds that a beat may take, at most: a network share that hangs would keep us for ever."""


def wrap(job: str, command: Sequence[str], details: Details, *, as_json: bool) -> int:
    """Run a command, say when it began and how it ended, and return its exit code.

    Raises:
        NameRefused: no job can be called so.
    """
    from lean_core.signals.heartbeats import check_job, describe_beat, run_wrapped

    check_job(job)
    heart = _Heart(job)
    about = dataclasses.replace(details, run=secrets.token_hex(6))
    start = heart.begin(dataclasses.replace(about, note=None))
    ended = run_wrapped(command)
    if ended.problem:
        say(f"{PROGRAM}: {plain(ended.problem)}")
    start_problem = start.wait()
    end = heart.end(dataclasses.replace(about, seconds=round(ended.seconds, 3), exit_code=ended.exit_code))
    problem = end.wait() or start_problem
    if problem:
        say(f"{PROGRAM}: this run of {job} is not recorded as it should be: {plain(problem)}")
    elif as_json and end.beat is not None:
        write_json(describe_beat(end.beat))
    return ended.exit_code


class _Heart:
    """The job in its workspace, if that can be opened."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._workbench: Workbench | None = None
        self._problem = ""
        try:
            self._workbench = open_workbench()
        except LeanError as error:
            self._problem = str(error)

    def begin(self, details: Details) -> _Sending:
        """Say that the command begins."""
        return _Sending(self._workbench, self._make("start", details), self._problem)

    def end(self, details: Details) -> _Sending:
        """Say how the command ended."""
        return _Sending(self._workbench, self._make("fail" if details.exit_code else "success", details), self._problem)

    def _make(self, said: Said, details: Details) -> Beat | None:
        return self._workbench.make_beat(self._job, said, details) if self._workbench else None


class _Sending:
    """A beat that is being written while the command runs, so that a server that is slow delays nobody."""

    def __init__(self, workbench: Workbench | None, beat: Beat | None, problem: str) -> None:
        self.beat = beat
        self._workbench = workbench
        self._problem = problem
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def wait(self) -> str:
        """Return why the beat could not be written, or nothing."""
        self._thread.join(_PATIENCE)
        return f"the registry did not answer within {_PATIENCE:.0f} s" if self._thread.is_alive() else self._problem

    def _send(self) -> None:
        if self._workbench is None or self.beat is None:
            return
        try:
            self._workbench.beat(self.beat)
        except LeanError as error:
            self._problem = str(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not cost the command its exit code
            self._problem = f"unexpected {type(error).__name__}, a fault of the workbench: please report it"
