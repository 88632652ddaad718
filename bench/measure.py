"""Measure one side of a comparison in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one side took."""

    seconds: float
    peak_mb: float
    """The most memory that the process had, imports included."""


def measure(side: str, *arguments: str) -> Measured:
    """Run a side of `bench.sides` in a fresh process and return what it measured."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "bench.sides", side, *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def report(seconds: float) -> None:
    """Print, as a side's last line, what it took."""
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mb": peak_kb / (1024 * (1024 if sys.platform == "darwin" else 1))}))


def once(work: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], object], *, times: int) -> float:
    """Return the median seconds of several calls."""
    return statistics.median(once(work) for _ in range(times))
