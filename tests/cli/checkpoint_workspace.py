"""A workspace in which every one of the five questions can be answered, at noon of 2026-03-11."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from lean_core.registry import Artifact, Code, Data, Event, Metrics, hash_bytes
from tests.cli.releases_workspace import POLICY, SETTINGS
from tests.registry.folders import a_record, write_event, write_version
from tests.releases.builders import a_deployment, a_drill, a_gate, on
from tests.repo import Repo

NOW = on(10)
TRAIN = b"a,b\n1,2\n"
CLAIMS = (
    ("console.churn", "none"),
    ("signal.churn.stale", "cron mails us when the job fails"),
)
ITEM = (
    *("Deployed from a laptop", "--owner", "ana", "--severity", "medium", "--risk", "maintainability"),
    *("--consequence", "nobody else can deploy", "--trigger", "live_models >= 2"),
    *("--blocks", "migration", "--blocks", "customer", "--blocks", "compliance"),
)


def make(folder: Path, *events: Event, address: str = "") -> Path:
    """Make a workspace with one version, which was let in, deployed and rehearsed."""
    repo = Repo(folder)
    ignored = {".gitignore": "registry/\nlean.duckdb*\nlean.toml\n", "Makefile": "deploy:\n\ttrue\n"}
    commit = repo.commit("Begin", {**ignored, "data/train.csv": TRAIN})
    probe = f'[probes.churn.prod]\nurl = "{address}/version"\njson_path = "version"\n' if address else ""
    (folder / "lean.toml").write_text(f"{SETTINGS}\n{probe}", encoding="utf-8")
    files = {"model.pkl": b"w", "metrics.json": b'{"auc": 0.94}'}
    record = a_record(
        version="12",
        artifact=Artifact(path="model.pkl", sha256=hash_bytes(b"w")),
        code=Code(commit=commit, dirty=False),
        data=(Data(name="train", ref="data/train.csv", digest=f"sha256:{hashlib.sha256(TRAIN).hexdigest()}"),),
        metrics=Metrics(path="metrics.json", sha256=hash_bytes(files["metrics.json"])),
        environment=None,
    )
    write_version(folder / "registry", record, files=files)
    gate = a_gate("12", day=8, policy_sha256=POLICY)
    deployed = a_deployment("12", day=9, gate=gate.id, seconds=2.0)
    for event in (gate, deployed, a_drill("11", day=9.5, live="12"), *events):
        write_event(folder / "registry", event, at=event.at)
    return folder


def answer_all(call: Callable, folder: Path) -> None:
    """Let people say what nothing in the workspace shows."""
    said = [("claim", subject, text, "--by", "ana") for subject, text in CLAIMS]
    # The item comes last: with it, everything is looked at and recorded for the first time.
    for arguments in (*said, ("debt", "review", "--by", "ana"), ("debt", "add", *ITEM, "--by", "ana")):
        done = call(*arguments, cwd=folder)
        assert done.returncode == 0, done.stderr
