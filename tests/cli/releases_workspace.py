"""A workspace with a registry of two versions, the gates that let them in, and a repository of the code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from lean_core.registry import Artifact, Code, Environment, Event, Metrics, hash_bytes
from lean_core.releases.policy import Policy
from lean_core.settings import GateSettings, MetricSettings
from tests.registry.folders import a_record, write_event, write_version
from tests.releases.builders import a_deployment, a_gate
from tests.repo import Repo

SETTINGS = """
[registry]
uri = "registry"

[gates.churn.prod]
metrics.auc = { min = 0.8 }
"""
POLICY = Policy(place="", settings=GateSettings(metrics={"auc": MetricSettings(min=0.8)})).sha256


def make(folder: Path, *events: Event, extra: str = "", dirty: bool = False) -> Path:
    """Make a workspace whose trail has these events, each known as soon as it happened."""
    repo = Repo(folder)
    (folder / "lean.toml").write_text(SETTINGS + extra, encoding="utf-8")
    repo.commit("Begin", {".gitignore": "registry/\n"})
    for version, depth in (("12", 4), ("13", 6)):
        commit = repo.commit(f"Depth {depth}", {"train.py": f"depth = {depth}\n"})
        files = {
            "model.pkl": f"model of depth {depth}".encode(),
            "metrics.json": f'{{"auc": 0.9{depth}}}'.encode(),
            "requirements.lock": f"scikit-learn==1.7.{depth}\n".encode(),
        }
        record = a_record(
            version=version,
            artifact=Artifact(path="model.pkl", sha256=hash_bytes(files["model.pkl"])),
            code=Code(commit=commit, dirty=dirty),
            metrics=Metrics(path="metrics.json"),
            params={"depth": depth},
            environment=Environment(
                python="3.11.9", lockfile="requirements.lock", sha256=hash_bytes(files["requirements.lock"])
            ),
        )
        write_version(folder / "registry", record, files=files)
    for event in events:
        write_event(folder / "registry", event, at=event.at)
    return folder


def gates(*versions: str) -> list[Event]:
    """Return passing gates for prod."""
    return [a_gate(version, policy_sha256=POLICY) for version in versions]


def served(*versions: str) -> Sequence[Event]:
    """Return gates and deployments to prod, one a day."""
    passed = {version: a_gate(version, policy_sha256=POLICY) for version in versions}
    deployed = [a_deployment(version, day=day, gate=passed[version].id) for day, version in enumerate(versions, 1)]
    return [*passed.values(), *deployed]


def trail_of(folder: Path) -> list[dict]:
    """Return the files of the trail, in the order of their names."""
    return [json.loads(path.read_text()) for path in sorted((folder / "registry/churn/trail").glob("*.json"))]
