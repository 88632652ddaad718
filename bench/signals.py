"""A prediction log, and what is asked of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from bench.measure import ROOT, Measured

DAYS = 30
ROWS = 10_000_000
DRIFT_ROWS = 1_000_000
END = dt.datetime(2026, 11, 20)  # noqa: DTZ001 - naive UTC
NUMBERS = ("prediction", "age", "income", "tenure")
EVIDENTLY = "evidently>=0.7,<0.8"

_SETTINGS = """
[workspace]
name = "log"
[telemetry.log]
kind = "log"
path = "log"
reference = "reference.parquet"
timeout = "10m"
[telemetry.log.columns]
time = "at"
version = "version"
prediction = "prediction"
latency = "latency_ms"
status = "status"
label = "label"
features = ["age", "income", "tenure", "plan"]
"""


def make_log(folder: Path, *, rows: int = ROWS, days: int = DAYS) -> None:
    """Make a workspace with a log of ten columns, a file for each day up to `END`, and a reference."""
    (folder / "log").mkdir(parents=True)
    (folder / "lean.toml").write_text(_SETTINGS, encoding="utf-8")
    for day in range(days):
        write_day(folder / "log" / f"{day:03}.parquet", END - dt.timedelta(days=days - day), rows // days, seed=day + 1)
    write_day(folder / "reference.parquet", END - dt.timedelta(days=365), 100_000, seed=0)


def write_day(path: Path, begin: dt.datetime, rows: int, *, seed: int) -> None:
    """Write the predictions of a day."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(seed)
    step = np.timedelta64(86_400_000_000 // rows, "us")
    columns = {
        "at": np.datetime64(begin, "us") + np.arange(rows) * step,
        "version": random.choice(["7", "8"], rows),
        "prediction": random.random(rows),
        "latency_ms": random.lognormal(3, 0.6, rows),
        "status": random.choice([200, 500], rows, p=[0.99, 0.01]),
        "label": pa.array(random.integers(0, 2, rows), mask=random.random(rows) < 0.2),
        "age": pa.array(random.normal(40, 10, rows), mask=random.random(rows) < 0.02),
        "income": random.lognormal(8, 1, rows),
        "tenure": random.integers(0, 37, rows),
        "plan": random.choice(["free", "pro", "team", "enterprise"], rows),
    }
    pq.write_table(pa.table(columns), path, row_group_size=122_880)


def measure_evidently(folder: Path) -> Measured:
    """Run Evidently's drift preset on the same log.

    It needs pandas before 3, so it has a virtual environment of its own in the folder.
    """
    python = folder / "evidently" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "evidently", with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--quiet", "--quiet", EVIDENTLY, "pandas<3", "pyarrow"],
            check=True,
        )
    command = [python, ROOT / "bench" / "signals_evidently.py", folder / "log", folder / "reference.parquet"]
    environment = os.environ | {"PYTHONWARNINGS": "ignore", "DO_NOT_TRACK": "1"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))
