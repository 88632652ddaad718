"""Reading ``[heartbeats.JOB]``."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lean_core.errors import SettingsError
from lean_core.settings.heartbeats import JOB_PATTERN, HeartbeatSettings

if TYPE_CHECKING:
    from lean_core.settings.parse import SettingsFile


def parse_heartbeats(
    file: SettingsFile, tables: Mapping[str, Any], *, environments: Sequence[str]
) -> dict[str, HeartbeatSettings]:
    """Return what a lean.toml says of jobs, by their names.

    Raises:
        SettingsError: a mistake, or an environment that is not in ``environments``.
    """
    jobs: dict[str, HeartbeatSettings] = {}
    for job in tables:
        place = file.place("heartbeats", job)
        if not re.fullmatch(JOB_PATTERN, job):
            raise SettingsError(
                f"{file.path}: {place}: expected the name of a job, 1 to 100 of A-Z a-z 0-9 . _ - without a dot at the"
                " start"
            )
        found = file.section(HeartbeatSettings, file.table(tables, job, "heartbeats."), place)
        if not found.environment:
            found = dataclasses.replace(found, environment=environments[-1])
        if found.environment not in environments:
            raise file.mistake(f"{place}.environment", found.environment, f"one of {', '.join(environments)}")
        jobs[job] = found
    return jobs
