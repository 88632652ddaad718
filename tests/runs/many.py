"""A workspace with many runs, and with everything in them that a page could show wrongly."""

from __future__ import annotations

import datetime as dt
import math
import random
from pathlib import Path

from lean_core.runs import Source, sync_source
from lean_core.store import Store
from tests.runs.builders import ARun, MemoryReader

TOML = "[workspace]\nname = 'churn'\n[sources.local]\nuri = 'mlflow.db'\n"
RUNS = 250
EXPERIMENTS = 3
IMAGE = "![x](http://evil.example/a.png)"
ODD_NAMES = (IMAGE, "<b>bold</b>", '["naïve", "Bayes"]')
"""Of the newest runs, the newest first."""
NAMELESS = 0
WITHOUT_AUC = 7
FORMULA = "=1+1"
SPACED, FOREIGN = "learning rate", "größe"
MODELS = ("logit", "mlp", "xgb")
STEPS = 5
_START = dt.datetime(2026, 11, 1)


def make_many(folder: Path, runs: list[ARun] | None = None) -> Path:
    """Make a workspace of a folder: a source that was synced once and is no longer there."""
    folder.mkdir(exist_ok=True)
    (folder / "lean.toml").write_text(TOML, encoding="utf-8")
    source = Source(name="local", uri="mlflow.db", kind="auto", folder=folder, timeout=1)
    reader = MemoryReader(runs=many_runs() if runs is None else runs)
    report = sync_source(Store(folder / "lean.duckdb"), source, open_reader=lambda _: reader, tell=lambda _: None)
    assert report.imported == len(reader.runs)
    return folder


def many_runs() -> list[ARun]:
    """Return the runs, oldest first; run number ``i`` has the AUC `auc`."""
    return [_run(at) for at in range(RUNS)]


def name_of(at: int) -> str | None:
    """Return the name of a run by its number."""
    newest = RUNS - 1 - at
    if newest < len(ODD_NAMES):
        return ODD_NAMES[newest]
    return None if at == NAMELESS else f"run-{at:03}"


def key_of(at: int) -> str:
    """Return the run id of a run by its number."""
    return f"{at:032x}"


def ref_of(at: int) -> str:
    """Return the reference of a run by its number."""
    return f"local:{key_of(at)}"


def auc(at: int) -> float:
    """Return the last AUC of a run by its number: all differ, in an order of their own; one is NaN."""
    return math.nan if at == WITHOUT_AUC else (at * 101 % RUNS) / RUNS


def model(at: int) -> str:
    """Return the param ``model`` of a run by its number."""
    return MODELS[at % 3]


def _run(at: int) -> ARun:
    start = _START + dt.timedelta(hours=at)
    chance = random.Random(at)
    points = [
        (name, step, start + dt.timedelta(seconds=step), value * ((step + 1) / STEPS))
        for name, value in (("auc", auc(at)), ("loss", chance.random()))
        for step in range(STEPS)
    ]
    params = {"model": model(at), "depth": str(at % 7), "seed": str(at % 5), SPACED: str(10.0 ** -(at % 3))}
    newest = at == RUNS - 1
    return ARun(
        key=key_of(at),
        name=name_of(at),
        status="FAILED" if at % 11 == 3 else "FINISHED",
        start=start,
        end=start + dt.timedelta(minutes=1 + at % 50),
        experiment=str(at % EXPERIMENTS),
        params=params | ({"recipe": FORMULA} if newest else {}),
        tags={"team": "core", FOREIGN: f"λ{at % 2}"} | ({IMAGE: IMAGE} if newest else {}),
        points=points,
        inputs=[("customers", f"digest-{at % 2}", "training")],
    )
