"""A workspace with a registry: whole versions, one without most fields, one interrupted, one somebody's own."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from lean_core.registry import (
    Artifact,
    Code,
    Data,
    Deployment,
    Metrics,
    Record,
    event_key,
    new_event_id,
    render_event,
    render_record,
)

AT = dt.datetime(2026, 3, 1, 12)
ARTIFACT = b"not really a pickle"
HOSTILE = "a **bold** ![x](http://example.com/x.png) note"
TOML = """
[workspace]
name = "startup"

[registry]
uri = "registry"
owner = "ana"
"""


def make_registry_workspace(folder: Path) -> Path:
    """Make it, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lean.toml").write_text(TOML, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "train.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    registry = folder / "registry"
    for number in (1, 2):
        write_version(registry, "churn", str(number), auc=0.8 + number / 16)
    bare = registry / "churn" / "3"
    bare.mkdir()
    (bare / "version.json").write_bytes(
        render_record(Record(model="churn", version="3", created_at=AT + dt.timedelta(days=3)))
    )
    (registry / "churn" / "4").mkdir()
    (registry / "churn" / "4" / "upload.json").write_text("{}", encoding="utf-8")
    deploy(registry, "churn", "1", "prod")
    legacy = registry / "legacy" / "7"
    legacy.mkdir(parents=True)
    (legacy / "model.pkl").write_bytes(b"w")
    (legacy / "metrics.json").write_text('{"auc": 0.7}', encoding="utf-8")
    return folder


def write_version(registry: Path, model: str, version: str, *, auc: float) -> None:
    """Write a version that fills all seven fields."""
    place = registry / model / version
    place.mkdir(parents=True)
    metrics = f'{{"auc": {auc}}}'.encode()
    (place / "model.pkl").write_bytes(ARTIFACT)
    (place / "metrics.json").write_bytes(metrics)
    record = Record(
        model=model,
        version=version,
        artifact=Artifact(path="model.pkl", sha256=hashlib.sha256(ARTIFACT).hexdigest(), bytes=len(ARTIFACT)),
        code=Code(commit="a" * 40, dirty=version == "2"),
        data=(Data(name="train", ref="data/train.csv"),),
        metrics=Metrics(path="metrics.json", sha256=hashlib.sha256(metrics).hexdigest()),
        owner="ana",
        note=HOSTILE,
        created_at=AT + dt.timedelta(days=int(version)),
        created_by="ana",
    )
    (place / "version.json").write_bytes(render_record(record))


def deploy(registry: Path, model: str, version: str, environment: str) -> None:
    """Note that a version was deployed."""
    at = AT + dt.timedelta(days=10)
    event = Deployment(
        id=new_event_id("deployment", environment=environment, at=at),
        at=at,
        actor="ben",
        model=model,
        version=version,
        environment=environment,
        outcome="succeeded",
    )
    path = registry / event_key(model, event.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render_event(event))
