"""A registry on disk with versions that can be judged, made without the command."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lean_core.objects import LocalObjects
from lean_core.registry import (
    Data,
    Deployment,
    Event,
    Metrics,
    Record,
    event_key,
    new_event_id,
    record_key,
    render_event,
    render_record,
)
from lean_core.registry.hashing import hash_bytes
from lean_core.releases.case import Asked, Reach, read_case
from lean_core.releases.policy import choose_policy
from lean_core.settings import parse_settings

NOW = dt.datetime(2026, 11, 23, 12)
TEST = (Data(name="test", ref="test.csv", digest="sha256:" + "a" * 64),)


class GateRegistry:
    """Versions, events and policies of the model churn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "registry").mkdir()
        self.objects = LocalObjects(folder / "registry")
        self.days = 0

    def add_version(self, version: str, metrics: Mapping[str, Any] | None = None, **said: Any) -> Record:
        """Register a version with metrics."""
        given: dict[str, Any] = {"data": TEST, "created_by": "ana", "created_at": NOW - dt.timedelta(days=9)} | said
        if metrics is not None:
            content = json.dumps(metrics).encode()
            self.objects.create(f"churn/{version}/metrics.json", content)
            given["metrics"] = Metrics(path="metrics.json", sha256=hash_bytes(content))
        record = Record(model="churn", version=version, **given)
        self.objects.create(record_key("churn", version), render_record(record))
        return record

    def add_event(self, kind: type[Event], version: str, *, at: dt.datetime | None = None, **fields: Any) -> Event:
        """Write an event for prod, an hour after the one before."""
        self.days += 1
        moment = at or NOW - dt.timedelta(days=8) + dt.timedelta(hours=self.days)
        name = kind.__name__.lower()
        environment = fields.pop("environment", "prod")
        event = kind(
            id=new_event_id(name, environment=environment, at=moment),
            at=moment,
            actor=fields.pop("actor", "bo"),
            model="churn",
            version=version,
            environment=environment,
            **fields,
        )
        self.objects.create(event_key("churn", event.id), render_event(event))
        return event

    def deploy(self, version: str) -> Event:
        """Make a version live in prod."""
        return self.add_event(Deployment, version, outcome="succeeded")

    def case(self, version: str, policy: str = "", *, environment: str = "prod"):
        """Read a case; the policy is the TOML below ``[gates.churn.prod]``."""
        gates = parse_settings(f"[gates.churn.prod]\n{policy}", path=self.folder / "lean.toml").gates if policy else {}
        chosen = choose_policy(gates, "churn", environment)
        return read_case(self.objects, chosen, model="churn", version=version, environment=environment)

    def asked(self, kind: str = "gate", *, actor: str = "bo", at: dt.datetime = NOW) -> Asked:
        """Return who asks, and when."""
        return Asked(event_id=new_event_id(kind, environment="prod", at=at), actor=actor, at=at)

    def reach(self) -> Reach:
        """Return what checks can reach: the folder, and no network."""
        return Reach(folder=self.folder, fetch=_no_network, environ={})


def _no_network(address: str, _: Path) -> list[Path]:
    raise AssertionError(address)
