"""Make MLflow stores of a stated size: MLflow creates the tables or folders, this fills them."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

MODELS = ("xgb", "forest", "logit", "mlp")
FIRST_START_MS = 1_730_000_000_000
RUN_EVERY_MS = 60_000


def make_sqlite_store(path: Path, *, runs: int, params: int = 20, metrics: int = 10, points: int = 1) -> None:
    """Write an MLflow sqlite store of ``runs`` finished runs with ``points`` values of each metric.

    MLflow itself creates the schema; the rows have the columns, tags and order of its own `log_batch`.
    """
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{path}")
    experiments = [client.create_experiment(f"experiment-{number}") for number in range(4)]
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("pragma synchronous = off")
        for first in range(0, runs, 5_000):
            with db:
                _insert_runs(db, range(first, min(first + 5_000, runs)), experiments, (params, metrics, points))


def run_id(number: int) -> str:
    """Return the id of the run with this number: 32 hex digits, in no order, as MLflow's are."""
    return f"{random.Random(number).getrandbits(128):032x}"  # noqa: S311 - ids of a benchmark, not secrets


def _insert_runs(db: sqlite3.Connection, numbers: range, experiments: list[str], sizes: tuple[int, int, int]) -> None:
    n_params, n_metrics, n_points = sizes
    rows: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("runs", "params", "metrics", "latest_metrics", "tags")
    }
    for number in numbers:
        seeded = random.Random(number)  # noqa: S311 - values of a benchmark
        run, start = run_id(number), FIRST_START_MS + number * RUN_EVERY_MS
        experiment = experiments[number % len(experiments)]
        rows["runs"].append(
            (run, f"run-{number}", "LOCAL", "train.py", "", "ana", "FINISHED", start, start + 30_000, "", "active",
             f"mlruns/{experiment}/{run}/artifacts", experiment, None),
        )  # fmt: skip
        rows["params"] += [("model", seeded.choice(MODELS), run)]
        rows["params"] += [(f"param_{key:02}", f"{seeded.randrange(1000) / 1000}", run) for key in range(1, n_params)]
        for key in range(n_metrics):
            name = "auc" if key == 0 else f"metric_{key:02}"
            for step in range(n_points):
                value = seeded.random()
                rows["metrics"].append((name, value, start + step, run, step, 0))
            rows["latest_metrics"].append((name, value, start + n_points - 1, n_points - 1, 0, run))
        for key, value in (
            ("mlflow.user", "ana"),
            ("mlflow.source.name", "train.py"),
            ("mlflow.source.type", "LOCAL"),
            ("mlflow.runName", f"run-{number}"),
        ):
            rows["tags"].append((key, value, run))
    columns = {
        "runs": "run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,"
        " source_version, lifecycle_stage, artifact_uri, experiment_id, deleted_time",
        "params": "key, value, run_uuid",
        "metrics": "key, value, timestamp, run_uuid, step, is_nan",
        "latest_metrics": "key, value, timestamp, step, is_nan, run_uuid",
        "tags": "key, value, run_uuid",
    }
    for table, names in columns.items():
        marks = ", ".join("?" * (names.count(",") + 1))
        db.executemany(f"insert into {table} ({names}) values ({marks})", rows[table])  # noqa: S608 - names above


def change_runs(path: Path, *, runs: int, every: int) -> None:
    """Change every so many runs as training code would: a new value of a metric, an end, a tag.

    The runs lie all over the store, so that nothing can be gained by looking only at its end.
    """
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        for number in range(0, runs, every):
            run, at = run_id(number), FIRST_START_MS + runs * RUN_EVERY_MS + number
            db.execute(
                "insert into metrics (key, value, timestamp, run_uuid, step, is_nan) values ('auc', 0.99, ?, ?, 1, 0)",
                (at, run),
            )
            db.execute(
                "update latest_metrics set value = 0.99, timestamp = ?, step = 1 where key = 'auc' and run_uuid = ?",
                (at, run),
            )
            db.execute("update runs set end_time = ? where run_uuid = ?", (at, run))
            if number % (every * 10) == 0:
                db.execute("update tags set value = 'ben' where key = 'mlflow.user' and run_uuid = ?", (run,))
