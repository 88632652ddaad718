"""Evidently's side of the comparison: it runs in an environment of its own, so it imports nothing of ours."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

NUMBERS, TEXTS = ["prediction", "age", "income", "tenure"], ["plan"]


def main(log: str, reference: str) -> None:
    """Read both sides, and compare all five columns."""
    began = time.perf_counter()
    definition = DataDefinition(numerical_columns=NUMBERS, categorical_columns=TEXTS)
    files = sorted(Path(log).glob("*.parquet"))
    sides = [
        Dataset.from_pandas(
            pd.concat([pd.read_parquet(each, columns=[*NUMBERS, *TEXTS]) for each in paths]), definition
        )
        for paths in (files, [Path(reference)])
    ]
    found = Report([DataDriftPreset()]).run(*sides).dict()
    seconds = time.perf_counter() - began
    if len(found["metrics"]) <= len(NUMBERS):
        sys.exit("it did not look at all columns")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
