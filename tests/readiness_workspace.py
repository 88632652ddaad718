"""A workspace of a startup: models that stand differently, a debt log, claims, and a repository of the code."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lean_core.checkpoint import Claim
from lean_core.registry import Artifact, Code, Data, Event, Metrics, hash_bytes
from lean_core.workbench import Workbench
from tests.cli.releases_workspace import POLICY, SETTINGS
from tests.registry.folders import a_record, write_event, write_version
from tests.releases import builders
from tests.releases.builders import a_deployment, a_drill, a_gate, a_waiver
from tests.repo import Repo

TRAIN = b"a,b\n1,2\n"
HOSTILE = "a **bold** ![x](http://example.com/x.png) title"
DEBT: Sequence[dict[str, object]] = (
    {
        "title": "Deployed from a laptop",
        "owner": "ana",
        "severity": "medium",
        "risk": "maintainability",
        "blocks": ("migration",),
        "trigger": "live_models >= 2",
    },
    {
        "title": HOSTILE,
        "severity": "high",
        "risk": "data leak",
        "blocks": ("customer",),
        "trigger": "live_models >= 99",
    },
    {"title": "No types in the feature code", "owner": "ben", "severity": "low", "trigger": "no_such_fact > 1"},
    {"title": "Retrained by hand", "owner": "ben", "risk": "correctness", "watch": "when a customer asks for it"},
)


def make(folder: Path, *, models: Sequence[str] = ("churn", "fraud", "price")) -> Path:
    """Make it: each model but the last one is live, the first with a drill, a waiver and all of its provenance."""
    repo = Repo(folder)
    commit = repo.commit(
        "Begin",
        {".gitignore": "registry/\nlean.duckdb*\n", "Makefile": "deploy:\n\ttrue\n", "data/train.csv": TRAIN},
    )
    (folder / "lean.toml").write_text(f'[workspace]\nname = "startup"\n{SETTINGS}', encoding="utf-8")
    for at, model in enumerate(models):
        for number, auc in enumerate((0.81, 0.84, 0.83), start=11):
            _write_version(folder / "registry", model, str(number), auc - at / 50, commit)
        if at < len(models) - 1 or len(models) == 1:
            for event in _served(model, rich=at == 0):
                write_event(folder / "registry", event, at=event.at)
    return folder


def fill(folder: Path, *, now: dt.datetime) -> Workbench:
    """Add what people wrote: the debt log, its review, a claim."""
    bench = Workbench.open(folder)
    for fields in DEBT:
        bench.add_debt(fields, actor="ana")
    bench.review_debt(actor="ana", note="all of it")
    bench.claim(a_claim(now=now))
    return bench


def a_claim(subject: str = "debt.none.compliance", *, now: dt.datetime) -> Claim:
    return Claim(
        subject=subject,
        says="we hold no personal data",
        link="https://wiki.example.com/data",
        claimed_at=now,
        claimed_by="ana",
        good_until=now + dt.timedelta(days=30),
    )


def _write_version(registry: Path, model: str, version: str, auc: float, commit: str) -> None:
    files = {"model.pkl": b"not really a pickle", "metrics.json": json.dumps({"auc": round(auc, 3)}).encode()}
    record = a_record(
        model=model,
        version=version,
        artifact=Artifact(path="model.pkl", sha256=hash_bytes(files["model.pkl"])),
        code=Code(commit=commit, dirty=False),
        data=(Data(name="train", ref="data/train.csv", digest=f"sha256:{hash_bytes(TRAIN)}"),),
        metrics=Metrics(path="metrics.json", sha256=hash_bytes(files["metrics.json"])),
        environment=None,
    )
    write_version(registry, record, files=files, at=builders.on(0))


def _served(model: str, *, rich: bool) -> list[Event]:
    gates = [a_gate(version, day=day, model=model, policy_sha256=POLICY) for version, day in (("11", 1), ("12", 4))]
    events: list[Event] = [
        *gates,
        *(
            a_deployment(gate.version, day=day, model=model, gate=gate.id, seconds=4.0)
            for gate, day in zip(gates, (2, 5), strict=True)
        ),
    ]
    if rich:
        last = a_gate("13", day=8, model=model, policy_sha256=POLICY)
        events += [
            last,
            a_deployment("13", day=9, model=model, gate=last.id, seconds=3.0),
            a_drill("12", day=9.5, live="13", model=model),
            replace(a_waiver("13", day=8.5), model=model),
        ]
    return events
