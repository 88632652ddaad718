"""Make MLflow folder stores of a stated size, file by file as MLflow's own FileStore lays them out.

MLflow writes a run in about 50 ms, so 5,000 runs would take minutes; a test compares this layout with MLflow's own.
"""

from __future__ import annotations

import random
from pathlib import Path

MODELS = ("xgb", "forest", "logit", "mlp")
FIRST_START_MS = 1_730_000_000_000
RUN_EVERY_MS = 60_000
EXPERIMENTS = 4


def make_folder_store(path: Path, *, runs: int, params: int = 20, metrics: int = 10) -> None:
    """Write ``runs`` finished runs, each with five tags and one value a metric, into the new folder ``path``."""
    path.mkdir(parents=True)
    (path / ".trash").mkdir()
    (path / "models").mkdir()
    for number in range(EXPERIMENTS):
        _write_experiment(path, number)
    for number in range(runs):
        _write_run(path, number, params=params, metrics=metrics)


def _write_experiment(path: Path, number: int) -> None:
    folder = path / str(number)
    folder.mkdir()
    lines = [
        f"artifact_location: {folder.as_uri()}",
        f"creation_time: {FIRST_START_MS}",
        f"experiment_id: '{number}'",
        f"last_update_time: {FIRST_START_MS}",
        "lifecycle_stage: active",
        f"name: experiment-{number}",
    ]
    (folder / "meta.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_run(path: Path, number: int, *, params: int, metrics: int) -> None:
    seeded = random.Random(number)  # noqa: S311 - values of a benchmark, not secrets
    run, experiment = f"{seeded.getrandbits(128):032x}", number % EXPERIMENTS
    folder, start = path / str(experiment) / run, FIRST_START_MS + number * RUN_EVERY_MS
    files = {
        "meta.yaml": _run_meta(folder, experiment, run, number, start),
        "params/model": seeded.choice(MODELS),
        "tags/mlflow.user": "ana",
        "tags/mlflow.source.name": "train.py",
        "tags/mlflow.source.type": "LOCAL",
        "tags/mlflow.source.git.commit": f"{seeded.getrandbits(160):040x}",
        "tags/mlflow.runName": f"run-{number}",
    }
    files |= {f"params/param_{key:02}": f"{seeded.randrange(1000) / 1000}" for key in range(1, params)}
    names = ["auc", *(f"metric_{key:02}" for key in range(1, metrics))]
    files |= {f"metrics/{name}": f"{start + 1_000} {seeded.random()} 0\n" for name in names}
    for part in ("", "params", "metrics", "tags", "artifacts"):
        (folder / part).mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _run_meta(folder: Path, experiment: int, run: str, number: int, start: int) -> str:
    return (
        f"artifact_uri: {folder.as_uri()}/artifacts\nend_time: {start + 30_000}\nentry_point_name: ''\n"
        f"experiment_id: '{experiment}'\nlifecycle_stage: active\nrun_id: {_scalar(run)}\nrun_name: run-{number}\n"
        f"source_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: {start}\nstatus: 3\ntags: []\nuser_id: ana\n"
    )


def _scalar(text: str) -> str:
    """Quote an id that YAML would read as a number, as MLflow's dumper does."""
    return f"'{text}'" if text.isdecimal() else text
