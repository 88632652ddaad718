"""What a workbench does with signals: so far, the heartbeats of jobs."""

from __future__ import annotations

import dataclasses
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.workbench.releases import ReleasesBench

if TYPE_CHECKING:
    from lean_core.signals.heartbeats import Beat, Details, Heartbeat, Said


@dataclass(frozen=True, kw_only=True)
class SignalsBench(ReleasesBench):
    """Whether jobs do what they should."""

    # Heartbeats

    def make_beat(self, job: str, said: Said, details: Details) -> Beat:
        """Return what a job says now, without writing it yet.

        Raises:
            NameRefused: no job can be called so.
        """
        from lean_core.signals.heartbeats import make_beat

        named = dataclasses.replace(details, host=details.host or platform.node() or None)
        return make_beat(job, said, at=clock.now(), details=named)

    def beat(self, beat: Beat) -> None:
        """Write down what a job said; neither the workspace's file nor any model is touched.

        Raises:
            SettingsError: lean.toml names no registry.
            UnavailableError: the registry can't be written to.
        """
        from lean_core.signals.heartbeats import write_beat

        write_beat(self.objects(), beat)

    def heartbeats(self) -> list[Heartbeat]:
        """Return the heartbeats of all jobs that lean.toml declares or that ever beat, each with its state now.

        Raises:
            SettingsError: lean.toml names no registry.
            ObjectsError: it can't be read.
        """
        from lean_core.signals.heartbeats import read_heartbeats

        return read_heartbeats(self.objects(), self.settings.heartbeats, now=clock.now())
