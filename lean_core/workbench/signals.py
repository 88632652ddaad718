"""What a workbench does with signals: read them, show what was read, and hear the heartbeats of jobs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import LeanError, SettingsError, UsageError
from lean_core.workbench.releases import ReleasesBench

if TYPE_CHECKING:
    from lean_core.settings import SignalSettings, TelemetrySettings
    from lean_core.signals import Reading, Signal, Unread
    from lean_core.signals.heartbeats import Beat, Details, Heartbeat, Said
    from lean_core.signals.log.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """The signals of a workspace."""

    at: dt.datetime
    """Naive UTC."""
    signals: tuple[Signal, ...]
    """In the order in which a customer notices."""
    notes: tuple[str, ...] = ()
    """What could not be read, or not be kept: sentences."""


@dataclass(frozen=True, kw_only=True)
class SignalsBench(ReleasesBench):
    """Whether anybody would notice that it broke, or that jobs don't do what they should."""

    # Signals

    def signals(self, model: str | None = None) -> Signals:
        """Return every signal with its last reading and its state now; nothing is asked but the heartbeats.

        Raises:
            StoreError: the workspace's file can't be read.
        """
        from lean_core.signals import NEWEST, last_readings

        with self.store.read() as cursor:
            readings = last_readings(cursor, most=NEWEST)
        return self._show(readings, model=model, now=clock.now())

    def read_signals(
        self,
        model: str | None = None,
        *,
        names: Sequence[str] | None = None,
        tell: Callable[[str, int, int], None] = lambda *_: None,
    ) -> Signals:
        """Read signals now, all at once, judge them, and keep the readings.

        Args:
            model: only those of a model.
            names: only these.
            tell: is told which telemetry has answered, how many have, and how many there are.

        Raises:
            UsageError: lean.toml declares no signal of a name.
            StoreError: the workspace's file can't be read.
        """
        with self.store.kept():
            return self._read_signals(model, self._wanted(model, names), tell)

    def _read_signals(
        self, model: str | None, wanted: Mapping[str, SignalSettings], tell: Callable[[str, int, int], None]
    ) -> Signals:
        from lean_core.signals import NEWEST, collect, judge, last_readings, note_readings

        with self.store.read() as cursor:
            before = last_readings(cursor, most=NEWEST)
        now = clock.now()
        answers = collect(self.settings.telemetry, wanted, self._telemetry_may_use(), now=now, tell=tell)
        new = [
            judge(name, wanted[name], answer, earlier=before.get(name, ()), now=now) for name, answer in answers.items()
        ]
        after = dict(before) | {each.signal: [each, *before.get(each.signal, ())] for each in new}
        shown = self._show(after, model=model, now=now)
        try:
            with self.store.write() as cursor:
                note_readings(cursor, new, now=now)
        except LeanError as error:
            shown = dataclasses.replace(shown, notes=(*shown.notes, f"What was read is not kept: {error}"))
        return shown

    def try_signal(self, name: str, signal: SignalSettings, telemetry: Mapping[str, TelemetrySettings]) -> Reading:
        """Read a signal that is not declared yet, by telemetry that may not be either; nothing is kept."""
        from lean_core.signals import collect, judge

        now = clock.now()
        answers = collect(telemetry, {name: signal}, self._telemetry_may_use(), now=now)
        return judge(name, signal, answers[name], earlier=(), now=now)

    def check_signal(self, name: str, block: str) -> SignalSettings:
        """Return what a block of lean.toml would declare, beside all that the file says already.

        Raises:
            UsageError: the file declares a signal of that name already.
            SettingsError: the block says something that is not allowed.
        """
        from lean_core.settings import FILE_NAME, parse_settings

        if name in self.settings.signals:
            raise UsageError(f"lean.toml declares a signal {name!r} already: choose another name")
        path = self.folder / FILE_NAME
        return parse_settings(f"{path.read_text(encoding='utf-8-sig')}\n\n{block}", path=path).signals[name]

    def signal_history(self, name: str, days: int) -> list[Reading]:
        """Return a signal's readings of the last days, newest first; of those older than 90 days the worst of each."""
        from lean_core.signals import readings_since

        with self.store.read() as cursor:
            return readings_since(cursor, name, clock.now() - dt.timedelta(days=days))

    def sample_signal(self, name: str, at: dt.datetime, limit: int) -> Sample | Unread | None:
        """Return rows that a reading at a time, naive UTC, was made of; None where its telemetry has no rows at hand.

        Raises:
            UsageError: lean.toml declares no signal of that name.
            StoreError: the workspace's file can't be read.
        """
        from lean_core.signals import Question
        from lean_core.signals.log.sample import sample_rows

        signal = self._wanted(None, [name])[name]
        telemetry = self.settings.telemetry.get(signal.source)
        if telemetry is None or telemetry.kind != "log":
            return None
        question = Question(signal=name, expression=signal.expression, window=signal.window, at=at)
        return sample_rows(telemetry, question, self._telemetry_may_use(), limit)

    def _wanted(self, model: str | None, names: Sequence[str] | None) -> dict[str, SignalSettings]:
        declared = self.settings.signals
        for name in names or ():
            if name not in declared:
                known = ", ".join(declared) or "none"
                raise UsageError(f"lean.toml declares no signal {name[:80]!r}; there are: {known}")
        return {
            name: signal
            for name, signal in declared.items()
            if (names is None or name in names) and model in {None, signal.model}
        }

    def _show(self, readings: Mapping[str, Sequence[Reading]], *, model: str | None, now: dt.datetime) -> Signals:
        from lean_core.signals import sort_signals, view_heartbeat, view_signals

        shown, notes = view_signals(self._wanted(model, None), readings, now=now), list[str]()
        try:
            beats = self.heartbeats()
        except SettingsError:
            beats = []  # no registry: no job can have written a beat
        except LeanError as error:
            beats = []
            notes.append(f"The heartbeats of jobs can't be read: {error}")
        shown += [view_heartbeat(each, now) for each in beats if model is None or each.model in {None, model}]
        return Signals(at=now, signals=tuple(sort_signals(shown)), notes=tuple(notes))

    def declared_signals(self) -> list[Signal]:
        """Return the signals of lean.toml with their last readings, without the heartbeats of jobs.

        Raises:
            StoreError: the workspace's file can't be read.
        """
        from lean_core.signals import read_declared

        with self.store.read() as cursor:
            return read_declared(cursor, self.settings.signals, now=clock.now())

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
