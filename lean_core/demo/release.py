"""Carry out the story: register, judge, deploy and go back by the same functions as the commands, on past days."""

from __future__ import annotations

import datetime as dt
import os
import platform
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.demo import story
from lean_core.demo.plan import MODEL
from lean_core.errors import UnavailableError
from lean_core.git import read_tree
from lean_core.objects import LocalObjects, open_objects
from lean_core.registry import (
    Data,
    Dataset,
    Event,
    MlflowVersion,
    Request,
    RunFacts,
    Surroundings,
    new_event_id,
    read_trail,
    register,
    tell_nobody,
)
from lean_core.registry.gather import gather
from lean_core.releases import NoWayBack, Order, Rehearsal, Shell, Terms, carry_out, know, make_drill, record_event
from lean_core.releases.case import Asked, Case, Reach, read_case
from lean_core.releases.checks.fetch import fetch_table
from lean_core.releases.gate import evaluate
from lean_core.releases.plan import RollbackPlan, order_deployment, order_rollback, plan_deployment, plan_rollback
from lean_core.releases.policy import Policy, choose_policy
from lean_core.releases.statements import approve, attest, read_until, waive
from lean_core.settings import FILE_NAME, Settings, path_of
from lean_core.settings.parse import parse_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from lean_core.registry import Record

SOURCE = "mlflow"
"""What lean.toml calls the store."""
DEPLOY = "sh deploy.sh"
PROMISED = dt.timedelta(days=60)
"""How long after the demo is made the business signal must exist."""


def render_settings(now: dt.datetime) -> str:
    """Return the demo's lean.toml."""
    template = (Path(__file__).parent / "workspace.toml").read_text(encoding="utf-8")
    return string.Template(template).substitute(by=(now + PROMISED).date().isoformat())


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where versions are released, and when it is said to be now."""

    folder: Path
    client: MlflowClient
    now: dt.datetime
    """Naive UTC."""

    @cached_property
    def settings(self) -> Settings:
        """What lean.toml will say; it is written last, since a folder that has one counts as ready."""
        return parse_settings(render_settings(self.now), path=self.folder / FILE_NAME)

    @cached_property
    def objects(self) -> LocalObjects:
        """The registry."""
        root = self.folder / "registry"
        root.mkdir(exist_ok=True)
        return LocalObjects(root)

    def carry_out(self, deeds: Sequence[story.Deed]) -> Iterator[str]:
        """Do what is told, one by one; yield a sentence before each."""
        for deed in deeds:
            yield deed.sentence
            self._do(deed)

    def _do(self, deed: story.Deed) -> None:
        match deed:
            case story.Registered():
                self._register(deed)
            case story.Deployed():
                self._deploy(deed)
            case story.RolledBack():
                plan = self._plan_rollback(deed)
                self._run(replace(order_rollback(plan, actor=deed.by), note=deed.why), plan.version.record, deed)
            case story.Rehearsed():
                self._rehearse(deed)
            case _:
                record_event(self.objects, self._state(deed))

    def _at(self, deed: story.Deed) -> dt.datetime:
        return self.now - dt.timedelta(days=deed.days_ago)

    def _policy(self, environment: str) -> Policy:
        policy = choose_policy(self.settings.gates, MODEL, environment)
        if policy is None:
            raise UnavailableError(f"the demo has no gate for {environment}")
        return policy

    def _state(self, deed: story.Deed) -> Event:
        """Return the event of a verdict or a statement."""
        case = self._case(deed)
        match deed:
            case story.Attested():
                return attest(case, self._asked("attestation", deed), item=deed.item, note=deed.why or None)
            case story.Approved():
                return approve(case, self._asked("approval", deed), saw=(), note=deed.why or None)
            case story.Waived():
                asked = self._asked("waiver", deed)
                until = read_until(deed.until, now=asked.at)
                return waive(case, asked, check=deed.check, reason=deed.why, until=until)
            case _:
                return evaluate(case, self._reach, self._asked("gate", deed))

    def _case(self, deed: story.Deed) -> Case:
        policy, environment = self._policy(deed.environment), deed.environment
        return read_case(self.objects, policy, model=MODEL, version=deed.version, environment=environment)

    def _asked(self, kind: str, deed: story.Deed) -> Asked:
        at = self._at(deed)
        return Asked(event_id=new_event_id(kind, environment=deed.environment, at=at), actor=deed.by, at=at)

    @property
    def _reach(self) -> Reach:
        def fetch(address: str, into: Path) -> Sequence[Path]:
            return fetch_table(lambda uri: open_objects(uri, folder=self.folder), address, into)

        return Reach(folder=self.folder, fetch=fetch, environ=os.environ)

    def _register(self, deed: story.Deed) -> None:
        registered = self.client.get_model_version(MODEL, deed.version)
        run = self.client.get_run(str(registered.run_id))
        request = Request(
            model=MODEL,
            version=deed.version,
            artifact=path_of(run.info.artifact_uri, self.folder) / "model",
            data=(Data(name="customers", ref="data/churn.csv"),),
            folder=self.folder,
            lock_file=self.folder / "requirements.txt",
            note=deed.why,
        )
        around = Surroundings(
            folder=self.folder,
            tree=read_tree(self.folder),
            python=platform.python_version(),
            owner=self.settings.registry.owner if self.settings.registry else None,
            run=_run_facts(run),
            mlflow=MlflowVersion(source=SOURCE, model=MODEL, version=deed.version, aliases=tuple(registered.aliases)),
        )
        draft = gather(request, around, tell=tell_nobody)
        register(self.objects, draft, at=self._at(deed), actor=deed.by, tell=tell_nobody)

    def _deploy(self, deed: story.Deed) -> None:
        terms = Terms(
            environment=deed.environment,
            order=self.settings.environments.order,
            policy_sha256=self._policy(deed.environment).sha256,
            forced=bool(deed.why),
            now=self._at(deed),
        )
        plan = plan_deployment(self.objects, MODEL, deed.version, terms)
        if plan.permission.refused:
            raise UnavailableError(plan.permission.refused)
        self._run(order_deployment(plan, actor=deed.by, reason=deed.why or None), plan.version.record, deed)

    def _run(self, order: Order, record: Record | None, deed: story.Deed) -> None:
        shell = Shell(command=DEPLOY, folder=self.folder, environ=os.environ, tell=lambda _: None)
        deployment = carry_out(self.objects, order, record, shell=shell, now=lambda: self._at(deed))
        if deployment.outcome != "succeeded":
            raise UnavailableError(f"{DEPLOY} failed: {deployment.tail}")

    def _plan_rollback(self, deed: story.Deed) -> RollbackPlan:
        trail = know(MODEL, read_trail(self.objects, MODEL))
        plan = plan_rollback(self.objects, trail, deed.environment, to=None, tell=tell_nobody)
        if isinstance(plan, NoWayBack):
            raise UnavailableError(plan.sentence)
        return plan

    def _rehearse(self, deed: story.Deed) -> None:
        began = time.monotonic()
        plan = self._plan_rollback(deed)
        rehearsal = Rehearsal(
            environment=deed.environment,
            live=plan.live.version,
            preflight=plan.preflight,
            at=self._at(deed),
            seconds=time.monotonic() - began,
        )
        record_event(self.objects, make_drill(MODEL, rehearsal, actor=deed.by))


def _run_facts(run: Run) -> RunFacts:
    return RunFacts(
        source=SOURCE,
        run_id=run.info.run_id,
        status=run.info.status,
        commit=run.data.tags.get("mlflow.source.git.commit"),
        params=run.data.params,
        metrics=run.data.metrics,
        datasets=tuple(
            Dataset(
                name=given.dataset.name,
                ref="data/churn.csv",
                digest=f"mlflow:{given.dataset.digest}",
                context=next((tag.value for tag in given.tags if tag.key == "mlflow.data.context"), None),
            )
            for given in (run.inputs.dataset_inputs if run.inputs else ())
        ),
    )
