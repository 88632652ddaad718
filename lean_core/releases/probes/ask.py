"""Ask a running system by the probe that the settings name."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lean_core.bound import Bound, run_within
from lean_core.errors import LeanError
from lean_core.releases.probes.answer import read_answer
from lean_core.releases.probes.command import ask_command
from lean_core.releases.probes.http import ask_http
from lean_core.releases.probes.observation import Said, Silent
from lean_core.releases.probes.stored import look, open_file
from lean_core.settings import ProbeSettings, redact


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a probe may use."""

    folder: Path
    """The workspace's: paths count from it, and commands run in it."""
    environ: Mapping[str, str]
    open_object: Callable[[str], IO[bytes]]
    """Opens an object by its URI, or raises a LeanError."""
    ask_log: Callable[[str], Said | Silent]
    """Returns the version of the newest row of a log, by the name of its telemetry."""


def place_of(probe: ProbeSettings) -> str:
    """Return where a probe asks, without secrets."""
    if probe.log:
        return f"the log {probe.log}"
    return redact(probe.url or probe.file or probe.object or shlex.join(probe.command))


def ask(probe: ProbeSettings, surroundings: Surroundings) -> Said | Silent:
    """Return what the running system says; a bad answer, or none, is a `Silent` with its reason and never an error."""
    seconds = probe.timeout.total_seconds()
    try:
        found = run_within(seconds, lambda bound: _fetch(probe, surroundings, bound))
    except TimeoutError:
        found = Silent(reason=f"it did not answer within {seconds:g} s")
    if isinstance(found, bytes):
        found = read_answer(found, json_path=probe.json_path, compare=probe.compare)
    return Silent(reason=f"{place_of(probe)}: {found.reason}") if isinstance(found, Silent) else found


def _fetch(probe: ProbeSettings, surroundings: Surroundings, bound: Bound) -> bytes | Said | Silent:
    if probe.url:
        return _ask_with_token(probe, surroundings, bound)
    if probe.log:
        return surroundings.ask_log(probe.log)
    if probe.command:
        return ask_command(probe.command, folder=surroundings.folder, environ=surroundings.environ, bound=bound)
    stream = _open(probe, surroundings)
    if isinstance(stream, Silent):
        return stream
    is_artifact = probe.compare == "digest" and not probe.json_path
    return look(stream, compare="content" if is_artifact else "text", bound=bound)


def _ask_with_token(probe: ProbeSettings, surroundings: Surroundings, bound: Bound) -> bytes | Silent:
    if not probe.token_env:
        return ask_http(probe.url, token=None, bound=bound)
    token = surroundings.environ.get(probe.token_env, "")
    if not token:
        return Silent(reason=f"the environment variable {probe.token_env} with its token is not set")
    if not (token.isascii() and token.isprintable()):
        return Silent(reason=f"the token in {probe.token_env} has characters that can't be sent")
    return ask_http(probe.url, token=token, bound=bound)


def _open(probe: ProbeSettings, surroundings: Surroundings) -> IO[bytes] | Silent:
    if probe.file:
        return open_file(surroundings.folder / probe.file)
    try:
        return surroundings.open_object(probe.object)
    except LeanError as error:
        return Silent(reason=str(error))
