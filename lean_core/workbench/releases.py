"""What a workbench does with releases."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lean_core import clock
from lean_core.errors import CreateUnsafe, NotInRegistry, UsageError
from lean_core.settings import FILE_NAME

if TYPE_CHECKING:
    from lean_core.registry import (
        Approval,
        Attestation,
        Deployment,
        Drill,
        Event,
        Gate,
        Version,
        Waiver,
        Withdrawal,
    )
    from lean_core.registry.record import Record
    from lean_core.registry.step import Tell
    from lean_core.releases import (
        DrillEvidence,
        EnvironmentState,
        KnownTrail,
        Matrix,
        NoWayBack,
        Observation,
        Order,
        Shell,
    )
    from lean_core.releases.case import Asked, Case, Reach
    from lean_core.releases.difference import Chosen, Difference
    from lean_core.releases.plan import DeploymentPlan, RollbackPlan
    from lean_core.releases.policy import Policy
    from lean_core.releases.probes import Said, Silent
    from lean_core.releases.self_test import Trial
    from lean_core.signals import Signal

from lean_core.workbench.registry import RegistryBench


@dataclass(frozen=True, kw_only=True)
class ReleasesBench(RegistryBench):
    """What went where, what a version must pass, and how to get back."""

    # Releases

    def check_environment(self, name: str) -> str:
        """Return the name of an environment of the settings, or refuse it.

        Raises:
            UsageError: there is none of that name.
        """
        order = self.settings.environments.order
        if name not in order:
            raise UsageError(f"there is no environment {name!r} in {FILE_NAME}; it has: {', '.join(order)}")
        return name

    def trail(self, model: str) -> KnownTrail:
        """Read what happened to the versions of a model, from the registry itself.

        Raises:
            NotInRegistry: there is no such model.
            ObjectsError: it can't be read.
        """
        from lean_core.registry import read_trail
        from lean_core.releases import know

        objects = self.objects()
        trail = know(model, read_trail(objects, model))
        is_known = trail.events or trail.unreadable or model in self.settings.probes
        if not (is_known or objects.list_folders(f"{model}/")):
            raise NotInRegistry(f"there is no model {model} in {objects.uri}: correct the name, or register it first")
        return trail

    def trails(self) -> list[KnownTrail]:
        """Read what happened to the versions of every model, from the registry itself.

        A model that only a probe names has an empty trail: it may run somewhere all the same.

        Raises:
            ObjectsError: it can't be read.
        """
        from lean_core.registry import list_models, read_trail
        from lean_core.releases import know

        objects = self.objects()
        models = dict.fromkeys([*list_models(objects), *self.settings.probes])
        return [know(model, read_trail(objects, model)) for model in models]

    def versions(self, model: str) -> list[Version]:
        """Read the versions of a model from the registry itself, the newest first.

        Raises:
            NotInRegistry: there is no such model.
            ObjectsError: it can't be read.
        """
        from lean_core.registry.read import newest_first, read_model

        return newest_first(read_model(self.objects(), model))

    def indexed_trails(self) -> list[KnownTrail]:
        """Return what `trails` would have told at the last look at the registry."""
        from lean_core.releases import know

        models = dict.fromkeys([*(model.name for model in self.registry_models()), *self.settings.probes])
        return [know(model, self.registry_trail(model)) for model in models]

    def made_dirty(self, states: Iterable[EnvironmentState]) -> dict[tuple[str, str], bool | None]:
        """Return of each live version, by model and version, whether it was made from a dirty tree; None: not known.

        Raises:
            ObjectsError: the registry can't be read.
        """
        from lean_core.registry import parallel
        from lean_core.registry.read import read_record

        objects = self.objects()
        live = list(dict.fromkeys((state.model, state.live.version) for state in states if state.live))
        records = parallel.each(lambda name: read_record(objects, *name), live, threads=parallel.threads_for(objects))
        return {name: record.dirty if record else None for name, record in zip(live, records, strict=True)}

    def matrix(self, trails: Sequence[KnownTrail], observations: Mapping[tuple[str, str], Observation]) -> Matrix:
        """Put models and environments side by side."""
        from lean_core.releases import build_matrix

        return build_matrix(trails, order=self.settings.environments.order, observations=observations)

    def observe(
        self, trails: Sequence[KnownTrail], environments: Sequence[str] | None = None
    ) -> dict[tuple[str, str], Observation]:
        """Ask the running systems what they run: where a probe is set, or something is declared live.

        Args:
            trails: of the models that are asked about.
            environments: which ones; None: all.

        Raises:
            ObjectsError: the registry can't be read.
        """
        from concurrent.futures import ThreadPoolExecutor

        from lean_core.releases import fold_environments

        order = self.settings.environments.order
        states = [
            state
            for trail in trails
            for state in fold_environments(trail, order)
            if (state.live or state.environment in self.settings.probes.get(trail.model, {}))
            and (environments is None or state.environment in environments)
        ]
        with ThreadPoolExecutor(max_workers=8) as threads:
            found = list(threads.map(self._observe, states))
        return {(each.model, each.environment): each for each in found}

    def _observe(self, state: EnvironmentState) -> Observation:
        from lean_core.releases import judge
        from lean_core.releases.probes import Said, Surroundings, ask, place_of

        probe = self.settings.probes.get(state.model, {}).get(state.environment)
        about = (state.model, state.environment)
        declared = state.live.version if state.live else None
        if probe is None:
            return judge(None, about=about, declared=declared, artifacts={}, asked=(None, clock.now()))
        variables = {"LEAN_MODEL": state.model, "LEAN_ENVIRONMENT": state.environment}
        surroundings = Surroundings(
            folder=self.folder,
            environ={**os.environ, **variables},
            open_object=self._open_object,
            ask_log=self._ask_log,
        )
        reading = ask(probe, surroundings)
        at = (reading.at if isinstance(reading, Said) else None) or clock.now()
        artifacts = self._artifacts(state.model, with_hashes=probe.compare == "digest")
        return judge(reading, about=about, declared=declared, artifacts=artifacts, asked=(place_of(probe), at))

    def _artifacts(self, model: str, *, with_hashes: bool) -> dict[str, str | None]:
        """Return the names of a model's versions, with the hashes of their artifacts where those are needed."""
        from lean_core.registry import is_name, read_model

        if not with_hashes:
            return {name: None for name in self.objects().list_folders(f"{model}/") if is_name(name)}
        try:
            versions = read_model(self.objects(), model)
        except NotInRegistry:
            return {}
        records = {each.version: each.record for each in versions}
        return {
            name: record.artifact.sha256 if record and record.artifact else None for name, record in records.items()
        }

    def _ask_log(self, name: str) -> Said | Silent:
        from lean_core.releases.probes import Said, Silent
        from lean_core.signals import Unread
        from lean_core.signals.log import observed_version

        found = observed_version(self.settings.telemetry[name], self._telemetry_may_use(), clock.now())
        if isinstance(found, Unread):
            return Silent(reason=found.sentence.rstrip("."))
        return Said(text=found.version, kind="version", at=found.at)

    def _open_object(self, uri: str) -> IO[bytes]:
        from lean_core.objects import open_objects

        place, _, key = uri.rpartition("/")
        settings = self.settings.registry
        return open_objects(
            place,
            folder=self.folder,
            endpoint=settings.endpoint if settings else "",
            region=settings.region if settings else "",
        ).open(key)

    def plan_deployment(self, model: str, version: str, environment: str, *, forced: bool) -> DeploymentPlan:
        """Look whether a version may go to an environment.

        Raises:
            NotInRegistry, UsageError: there is no such version, or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases import Terms
        from lean_core.releases.plan import plan_deployment
        from lean_core.releases.policy import NO_POLICY

        policy = self.policy(model, self.check_environment(environment))
        terms = Terms(
            environment=environment,
            order=self.settings.environments.order,
            policy_sha256=policy.sha256 if policy else NO_POLICY,
            forced=forced,
            now=clock.now(),
        )
        return plan_deployment(self.objects(), model, version, terms)

    def carry_out(self, order: Order, record: Record | None, shell: Shell | None) -> Deployment:
        """Deploy, or go back: run the command, if there is one, and record what came of it.

        Raises:
            UnavailableError: it can't be started, or can't be recorded.
        """
        from lean_core.releases import carry_out

        objects = self.objects()
        promised = self.settings.registry is not None and self.settings.registry.single_writer
        if shell is not None and not (objects.creates_safely() or promised):
            raise CreateUnsafe(
                f"nothing was deployed, since it could not be recorded in {objects.uri}, where of two writers both may"
                " win: say “single_writer = true” under [registry] if only one machine or CI job ever writes there"
            )
        return carry_out(objects, order, record, shell=shell, now=clock.now)

    def drill_evidence(self, trail: KnownTrail, environment: str) -> DrillEvidence:
        """Return the newest drill of an environment, with its age."""
        from lean_core.releases import find_drill, fold_environment

        live = fold_environment(trail, environment).live
        return find_drill(trail, environment, live=live.version if live else None, now=clock.now())

    def plan_rollback(
        self, trail: KnownTrail, environment: str, *, to: str | None, tell: Tell
    ) -> RollbackPlan | NoWayBack:
        """Choose the version to go back to, and look whether it could be deployed.

        Raises:
            UsageError: there is no such environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.plan import plan_rollback

        return plan_rollback(self.objects(), trail, self.check_environment(environment), to=to, tell=tell)

    def changes_of(self, trail: KnownTrail, plan: RollbackPlan) -> Difference:
        """Say what a rollback would change."""
        from lean_core.releases.plan import tell_changes

        return tell_changes(self.objects(), trail, plan, repository=self.repository)

    def record_drill(self, plan: RollbackPlan, *, seconds: float, actor: str) -> Drill:
        """Record that a rollback was rehearsed, and how it went.

        Raises:
            ObjectsError: it can't be recorded.
        """
        from lean_core.releases import Rehearsal, make_drill

        rehearsal = Rehearsal(
            environment=plan.environment,
            live=plan.live.version,
            preflight=plan.preflight,
            at=clock.now(),
            seconds=seconds,
        )
        drill = make_drill(plan.version.model, rehearsal, actor=actor)
        self.record(drill)
        return drill

    def difference(self, trail: KnownTrail, pair: tuple[Chosen, Chosen], environment: str) -> Difference:
        """Say what changed from the first of two versions to the second.

        Raises:
            NotInRegistry, UsageError: there is no such version, or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.difference import read_difference

        return read_difference(
            self.objects(),
            trail,
            pair,
            environment=self.check_environment(environment),
            repository=self.repository,
        )

    # Gates

    def policy(self, model: str, environment: str) -> Policy | None:
        """Return the policy of a model's gate for an environment, or None where lean.toml has none.

        Raises:
            UsageError: there is no such environment.
        """
        from lean_core.releases.policy import choose_policy

        return choose_policy(self.settings.gates, model, self.check_environment(environment))

    def judged_metrics(self, model: str) -> list[str]:
        """Return the metrics that a model's gates ask for, those of the last environment first."""
        from lean_core.releases.policy import choose_policy

        order = self.settings.environments.order
        found = (choose_policy(self.settings.gates, model, environment) for environment in reversed(order))
        return list(dict.fromkeys(name for each in found if each for name in each.metrics))

    def policies(self) -> list[Policy]:
        """Return every policy of lean.toml."""
        from lean_core.releases.policy import choose_policy

        gates = self.settings.gates
        found = (
            choose_policy(gates, model, name) for model, by_environment in gates.items() for name in by_environment
        )
        return [policy for policy in found if policy is not None]

    def waivers(self, trails: Iterable[KnownTrail]) -> list[Waiver]:
        """Return the waivers that are in force now, the one that ends first in front."""
        from lean_core.registry import Waiver
        from lean_core.releases.policy import choose_policy
        from lean_core.releases.waivers import sort_waivers
        from lean_core.settings import WaiverSettings

        groups: dict[tuple[str, str, str], list[Waiver]] = {}
        for trail in trails:
            for event in (known.event for known in trail.events):
                if isinstance(event, Waiver):
                    groups.setdefault((trail.model, event.version, event.environment or ""), []).append(event)
        found: list[Waiver] = []
        now = clock.now()
        for (model, _, environment), waivers in groups.items():
            policy = choose_policy(self.settings.gates, model, environment)
            longest = (policy.settings.waivers if policy else WaiverSettings()).longest
            found += sort_waivers(waivers, longest=longest, now=now).active.values()
        return sorted(found, key=lambda each: (each.expires_at, each.id))

    def case(self, model: str, version: str, environment: str) -> Case:
        """Read what is known about a version that wants into an environment.

        Raises:
            UsageError: there is no such version or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.case import read_case

        policy = self.policy(model, environment)
        return read_case(self.objects(), policy, model=model, version=version, environment=environment)

    def evaluate(self, case: Case, *, actor: str) -> Gate:
        """Judge a version by its gate; `record` writes down the verdict."""
        from lean_core.releases.gate import evaluate

        return evaluate(case, self._reach(), self._asked("gate", case.environment, actor))

    def try_policy(self, policy: Policy) -> Iterator[Trial]:
        """Feed every check of a policy with what must not pass."""
        from lean_core.releases.self_test import try_policy

        return try_policy(policy, self._reach(), now=clock.now())

    def approve(self, case: Case, *, actor: str, saw: Sequence[str] = (), note: str | None = None) -> Approval:
        """Approve a version for an environment.

        Raises:
            UsageError: it makes no sense; says why.
            ObjectsError: the registry can't be written to.
        """
        from lean_core.releases.statements import approve

        approval = approve(case, self._asked("approval", case.environment, actor), saw=saw, note=note)
        self.record(approval)
        return approval

    def attest(self, case: Case, *, actor: str, item: str, note: str | None = None) -> Attestation:
        """Attest that an item of the checklist is done.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import attest

        attestation = attest(case, self._asked("attestation", case.environment, actor), item=item, note=note)
        self.record(attestation)
        return attestation

    def waive(self, case: Case, *, actor: str, check: str, reason: str, until: str) -> Waiver:
        """Waive one check of a version for an environment, until a date or for a duration.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import read_until, waive

        asked = self._asked("waiver", case.environment, actor)
        waiver = waive(case, asked, check=check, reason=reason, until=read_until(until, now=asked.at))
        self.record(waiver)
        return waiver

    def withdraw(self, case: Case, *, actor: str, environment: str | None, reason: str) -> Withdrawal:
        """Say that a version must not be deployed again, to an environment or (None) to any.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import withdraw

        asked = self._asked("withdrawal", environment, actor)
        withdrawal = withdraw(case.version, case.trail, asked, environment=environment, reason=reason)
        self.record(withdrawal)
        return withdrawal

    def record(self, event: Event) -> None:
        """Add an event to the trail.

        Raises:
            ObjectsError: the registry can't be written to.
        """
        from lean_core.releases import record_event

        record_event(self.objects(), event)

    def _asked(self, kind: str, environment: str | None, actor: str) -> Asked:
        from lean_core.registry import new_event_id
        from lean_core.releases.case import Asked

        now = clock.now()
        return Asked(event_id=new_event_id(kind, environment=environment, at=now), actor=actor, at=now)

    def _reach(self) -> Reach:
        from lean_core.releases.case import Reach

        return Reach(folder=self.folder, fetch=self._fetch_table, environ=os.environ, read_signal=self._read_signal)

    def _read_signal(self, name: str) -> Signal | None:
        from lean_core.signals import read_declared

        with self.store.read() as cursor:
            found = read_declared(cursor, self.settings.signals, now=clock.now())
        return next((each for each in found if each.name == name), None)

    def _fetch_table(self, address: str, into: Path) -> Sequence[Path]:
        from lean_core.objects import open_objects
        from lean_core.releases.checks.fetch import fetch_table

        settings = self.settings.registry
        endpoint, region = (settings.endpoint, settings.region) if settings else ("", "")
        return fetch_table(
            lambda uri: open_objects(uri, folder=self.folder, endpoint=endpoint, region=region), address, into
        )
