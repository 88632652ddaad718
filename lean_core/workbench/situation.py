"""How a workbench gathers what the five checks of a model are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lean_core.workbench.triggers import TriggersBench

if TYPE_CHECKING:
    from lean_core.checkpoint import Claim
    from lean_core.checkpoint.about import About
    from lean_core.checkpoint.checks import DebtLog, Deployed, Provenance, Watch
    from lean_core.checkpoint.facts.releases import Released
    from lean_core.checkpoint.situation import Situation
    from lean_core.checkpoint.trace import Reach
    from lean_core.debt import Item
    from lean_core.releases import EnvironmentState, KnownTrail, Observation
    from lean_core.runs import Run
    from lean_core.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What the file holds."""

    claims: Mapping[str, Claim]
    items: Sequence[Item]
    debt: DebtLog
    seen: Mapping[tuple[str, str], Observation]
    """What each running system said when it last told."""
    signals: Sequence[Signal]
    """Those that lean.toml declares, with their last readings."""


@dataclass(frozen=True, kw_only=True)
class SituationBench(TriggersBench):
    """Where a model stands."""

    @property
    def checked_environment(self) -> str:
        """The environment whose answers count."""
        return self.settings.checkpoint.environment or self.settings.environments.order[-1]

    def _read_log(self) -> Log:
        from lean_core.checkpoint.checks import DebtLog

        items, review = self.debt_items(), self.debt_review()
        debt = DebtLog(
            items=tuple(items),
            reviewed_at=review.reviewed_at if review else None,
            reviewed_by=review.reviewed_by if review else "",
        )
        claims = {claim.subject: claim for claim in self.claims()}
        return Log(claims=claims, items=items, debt=debt, seen=self._seen(), signals=self.declared_signals())

    def _read_releases(self, *, ask: bool) -> Released:
        from lean_core.checkpoint.facts.releases import Released
        from lean_core.releases import fold_environments

        trails, environment = self.trails(), self.checked_environment
        observations = self.observe(trails, [environment]) if ask else {}
        order = self.settings.environments.order
        return Released(
            trails=trails,
            states=[state for trail in trails for state in fold_environments(trail, order)],
            last=environment,
            registry=self.objects().uri,
            waivers=self.waivers(trails),
            observations=observations,
            drills={trail.model: self.drill_evidence(trail, environment) for trail in trails},
            heartbeats=self.heartbeats(),
        )

    def _situation(
        self, trail: KnownTrail, released: Released, log: Log, reach: Reach, *, now: dt.datetime
    ) -> Situation:
        from lean_core.checkpoint.about import About
        from lean_core.checkpoint.situation import Situation
        from lean_core.releases.probes import place_of

        environment, model = self.checked_environment, trail.model
        probe = self.settings.probes.get(model, {}).get(environment)
        about = About(
            model=model,
            environment=environment,
            now=now,
            lifetimes=self.settings.checkpoint,
            probe=place_of(probe) if probe else None,
            claims=log.claims,
        )
        state = next(each for each in released.states if (each.model, each.environment) == (model, environment))
        observed = released.observations.get((model, environment))
        seen = log.seen.get((model, environment))
        return Situation(
            about=about,
            state=state,
            observed=observed,
            seen=seen,
            provenance=self._trace(model, state, reach),
            deployed=self._deployed(trail, released, reach),
            watches=self._watches(about, released, log),
            debt=log.debt,
        )

    def _trace(self, model: str, state: EnvironmentState, reach: Reach) -> Provenance | None:
        from lean_core.checkpoint.trace import trace
        from lean_core.releases.served import read_served

        if state.live is None:
            return None
        served = read_served(reach.objects, model, state.live.version)
        return trace(served, reach, judged=self.judged_metrics(model))

    def _reach_for_look(self) -> Reach:
        """Return what tracing may use, once for all models: a bucket that can't be reached is asked once."""
        from lean_core.checkpoint.hashed import hash_data
        from lean_core.checkpoint.trace import Reach
        from lean_core.git import find_root

        return Reach(
            objects=self.objects(),
            repository=self.repository,
            root=find_root(self.repository),
            data=self.data_places(),
            hash_data=partial(hash_data, store=self.store),
            find_run=self._imported_run,
            sources=frozenset(self.settings.sources),
        )

    def _imported_run(self, source: str, run_id: str) -> Run | None:
        from lean_core.runs import runs_named

        with self.store.read() as cursor:
            return next((run for run in runs_named(cursor, f"{source}:{run_id}", self._moment())), None)

    def _deployed(self, trail: KnownTrail, released: Released, reach: Reach) -> Deployed:
        from lean_core.checkpoint.checks import Deployed
        from lean_core.checkpoint.definition import Undefined, find_definition
        from lean_core.registry import Deployment

        events = (known.event for known in trail.events)
        ours = [each for each in events if isinstance(each, Deployment) and each.environment == released.last]
        last = ours[-1] if ours else None
        backs = [each for each in ours if each.rollback_of is not None and each.outcome == "succeeded"]
        return Deployed(
            last=last,
            definition=find_definition(last.how, folder=self.folder, root=reach.root)
            if last and last.how
            else Undefined(sentence="Which file defines its deployment is not known."),
            drill=released.drills[trail.model],
            rollback=backs[-1] if backs else None,
        )

    def _watches(self, about: About, released: Released, log: Log) -> Sequence[Watch]:
        from lean_core.checkpoint.watches import watch_jobs, watch_probe, watch_signals

        owner = self.settings.registry.owner if self.settings.registry else ""
        key = about.model, about.environment
        observed, seen = released.observations.get(key), log.seen.get(key)
        return [
            *watch_signals(about, log.signals),
            *watch_probe(about, observed=observed, seen=seen, owner=owner),
            *watch_jobs(about, released.heartbeats),
        ]

    def _seen(self) -> Mapping[tuple[str, str], Observation]:
        from lean_core.checkpoint.record import last_observations

        with self.store.read() as cursor:
            return last_observations(cursor)
