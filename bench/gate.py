"""How long a gate takes from the start of its process to its verdict."""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measure import ROOT

VERSIONS, EVENTS = 50, 300
ROWS = 2_000_000
SETTINGS = """
[registry]
uri = "registry"
[gates.churn.prod]
metrics.auc = { min = 0.8 }
baseline.auc = { direction = "higher", max_regression = 0.01 }
checklist = ["Model card reviewed"]
[gates.churn.test.data.customers]
table = "customers.parquet"
rows = { min = 1000 }
freshness = { column = "at", max_age = "520w" }
columns.id = { type = "integer", nulls = 0, min = 0, unique = true }
columns.share = { type = "number", nulls = 0.1, min = 0, max = 1 }
columns.plan = { allowed = ["free", "pro"] }
"""


def make_gate(folder: Path) -> None:
    """Make a workspace with a registry, a trail and a table."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lean_core.objects import LocalObjects
    from lean_core.registry import (
        Attestation,
        Data,
        Deployment,
        Metrics,
        Record,
        event_key,
        new_event_id,
        record_key,
        render_event,
        render_record,
    )

    (folder / "registry").mkdir(parents=True)
    (folder / "lean.toml").write_text(SETTINGS, encoding="utf-8")
    objects = LocalObjects(folder / "registry")
    begin = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - naive UTC, as in the registry
    test = (Data(name="test", ref="test.csv", digest="sha256:" + "a" * 64),)
    for number in range(VERSIONS):
        record = Record(model="churn", version=str(number), data=test, metrics=Metrics(path="metrics.json"))
        objects.create(f"churn/{number}/metrics.json", json.dumps({"auc": 0.9}).encode())
        objects.create(record_key("churn", str(number)), render_record(record))
    for number in range(EVENTS):
        at = begin + dt.timedelta(hours=number)
        shared = {"at": at, "actor": "ana", "model": "churn", "version": str(number % VERSIONS), "environment": "prod"}
        if number % 3:
            name = new_event_id("attestation", environment="prod", at=at)
            event = Attestation(id=name, item="Model card reviewed", by="ana", **shared)  # type: ignore[arg-type]
        else:
            name = new_event_id("deployment", environment="prod", at=at)
            event = Deployment(id=name, outcome="succeeded", **shared)  # type: ignore[arg-type,assignment]
        objects.create(event_key("churn", name), render_event(event))
    random = np.random.default_rng(1)
    columns = {
        "id": np.arange(ROWS),
        "share": random.random(ROWS),
        "plan": random.choice(["free", "pro"], ROWS),
        "at": pa.array(np.full(ROWS, np.datetime64("2026-11-01", "us"))),
        **{f"feature{number}": random.random(ROWS) for number in range(6)},
    }
    pq.write_table(pa.table(columns), folder / "customers.parquet")


def gate_command(folder: Path, environment: str) -> list[str]:
    """Return the command that judges a version, and writes nothing."""
    gate = ["gate", str(VERSIONS - 1), "--env", environment, "--dry-run"]
    return [sys.executable, "-m", "lean_core", "--workspace", str(folder), gate[0], "churn", *gate[1:]]


def python_command(script: str) -> list[str]:
    """Return the command that runs a script."""
    return [sys.executable, "-c", script]


def seconds_side_by_side(one: Sequence[str], other: Sequence[str], *, times: int) -> tuple[float, float]:
    """Return the median seconds of two commands, run in turn, so that both meet the same machine."""
    pairs = [(_seconds(one), _seconds(other)) for _ in range(times)]
    first, second = (statistics.median(each) for each in zip(*pairs, strict=True))
    return first, second


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with code {done.returncode}: {done.stdout}{done.stderr}")
    return took
