"""What a workbench does with the checkpoint: look, answer, record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import ObjectsError, StoreError, UsageError
from lean_core.workbench.situation import Log, SituationBench

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint, Fact, Look, Score
    from lean_core.checkpoint.facts.releases import Released
    from lean_core.checkpoint.ml_test import MlTestScore
    from lean_core.checkpoint.situation import Situation
    from lean_core.debt.trigger import Reading, TriggerState
    from lean_core.signals import Signal

_MONTH = dt.timedelta(days=30)
_TREND = dt.timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class CheckpointBench(SituationBench):
    """Five questions, and what their answers rest on."""

    # Looking

    def look(self, *, ask: bool = True) -> Look:
        """Look at everything anew, answer the checks, evaluate the triggers, and record what changed.

        What can't be read is said, and never keeps the rest from being answered; nor does a file that can't be written.

        Args:
            ask: whether to ask the running systems.

        Raises:
            StoreError: the workspace's file can't be read.
        """
        with self.store.kept():
            return self._look(ask=ask)

    def _look(self, *, ask: bool) -> Look:
        from lean_core.checkpoint import Look
        from lean_core.checkpoint.facts import fact_of_triggers
        from lean_core.checkpoint.situation import answer

        now, notes = clock.now(), list[str]()
        log = self._read_log()
        released: Released | None = None
        situations: list[Situation] = []
        try:
            released = self._read_releases(ask=ask)
            reach = self._reach_for_look()
            situations = [self._situation(trail, released, log, reach, now=now) for trail in released.trails]
            checkpoints = [answer(each) for each in situations]
        except (ObjectsError, UsageError) as error:
            notes.append(str(error))
            released, checkpoints = None, self._last_known(str(error), now=now)
        facts = list(self._gather_facts(released, checkpoints, log, now=now))
        facts += self._missed_facts(facts, notes[0]) if released is None else []
        readings = self._evaluate(log.items, facts, now=now)
        states = self._states(readings, now=now)
        fired = {state.item: state.sentence for state in states if state.state == "fired"}
        facts.append(fact_of_triggers(len(fired), now))
        if situations:
            checkpoints = [answer(_with_fired(each, fired)) for each in situations]
        try:
            self._record(checkpoints if released else [], facts, readings, released, now=now)
        except StoreError as error:
            notes.append(f"What was found is not recorded: {error}")
        return Look(
            at=now,
            checkpoints=tuple(checkpoints),
            facts=tuple(facts),
            triggers=tuple(states),
            signals=_show_signals(log, released, now=now),
            ml_tests=self._score_tests(situations),
            notes=tuple(notes),
        )

    def _score_tests(self, situations: Sequence[Situation]) -> tuple[MlTestScore, ...]:
        from lean_core.checkpoint.ml_test import score_tests
        from lean_core.checkpoint.ml_test.found import find_tests

        wanted = situations if self.settings.checkpoint.ml_test_score else ()
        return tuple(score_tests(each.about, find_tests(each)) for each in wanted)

    def _last_known(self, problem: str, *, now: dt.datetime) -> list[Checkpoint]:
        from lean_core.checkpoint.record import grow_old

        return [grow_old(each, now=now, problem=problem) for each in self.checkpoints_at(now)]

    def _record(
        self,
        checkpoints: Sequence[Checkpoint],
        facts: Sequence[Fact],
        readings: Mapping[str, tuple[str, Reading]],
        released: Released | None,
        *,
        now: dt.datetime,
    ) -> None:
        from lean_core.checkpoint.record import note_checkpoints, note_facts, note_observations
        from lean_core.debt.trigger import note_readings

        with self.store.write() as cursor:
            note_checkpoints(cursor, checkpoints, now=now)
            if released is not None:
                note_observations(cursor, tuple(released.observations.values()))
            note_facts(cursor, facts, now=now)
            note_readings(cursor, readings, now=now)

    def debt_triggers(self) -> list[TriggerState]:
        """Return the state of every trigger, after a look at everything."""
        return list(self.look().triggers)

    # Facts

    def facts(self) -> list[Fact]:
        """Return what is known now, by name, after a look at everything.

        Raises:
            StoreError: the workspace's file can't be read.
        """
        return sorted(self.look().facts, key=lambda fact: fact.name)

    def _gather_facts(
        self, released: Released | None, checkpoints: Sequence[Checkpoint], log: Log, *, now: dt.datetime
    ) -> Iterator[Fact]:
        from lean_core.checkpoint import facts
        from lean_core.runs import read_activity

        if released is not None:
            # Who was not asked now is known by what was said last.
            told = dataclasses.replace(released, observations={**log.seen, **released.observations})
            yield from facts.facts_of_releases(told, now)
            yield from facts.facts_of_jobs(released.heartbeats, now)
        yield from facts.facts_of_checks(checkpoints)
        with self.store.read() as cursor:
            activity = read_activity(cursor, since=now - _MONTH)
        yield from facts.facts_of_runs(activity, synced_at=self.last_sync(), now=now)
        yield from facts.facts_of_repository(self.repository, now)
        yield from facts.facts_of_debt(log.items, reviewed_at=log.debt.reviewed_at, now=now)
        yield from facts.facts_of_signals(log.signals, now)
        yield from facts.facts_of_claims(list(log.claims.values()), now)

    def _missed_facts(self, found: Sequence[Fact], problem: str) -> list[Fact]:
        """Return the facts that were known before and can't be read now: they are unknown, not gone."""
        from lean_core.checkpoint.fact import unknown
        from lean_core.checkpoint.facts import FIRED
        from lean_core.checkpoint.record import known_names

        with self.store.read() as cursor:
            names = known_names(cursor) - {fact.name for fact in found} - {FIRED}
        return [unknown(name, "as it was when the registry could be read", problem) for name in sorted(names)]

    # Results

    def checkpoints_at(self, moment: dt.datetime) -> list[Checkpoint]:
        """Return what was known of each model at a moment: the last that had been found by then."""
        from lean_core.checkpoint.record import checkpoints_at

        with self.store.read() as cursor:
            return checkpoints_at(cursor, self.checked_environment, moment)

    def trend(self, model: str) -> list[Score]:
        """Return how a model's score went in the last 90 days, oldest first."""
        from lean_core.checkpoint.record import trend

        with self.store.read() as cursor:
            return trend(cursor, model, self.checked_environment, since=clock.now() - _TREND)


def _show_signals(log: Log, released: Released | None, *, now: dt.datetime) -> tuple[Signal, ...]:
    from lean_core.signals import sort_signals, view_heartbeat

    beats = released.heartbeats if released else ()
    return tuple(sort_signals([*log.signals, *(view_heartbeat(each, now) for each in beats)]))


def _with_fired(situation: Situation, fired: Mapping[str, str]) -> Situation:
    return dataclasses.replace(situation, debt=dataclasses.replace(situation.debt, fired=fired))
