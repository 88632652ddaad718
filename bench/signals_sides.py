"""The sides of the comparisons on a prediction log: ours, pandas, and DuckDB when it does nothing but count."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench.measure import once, report
from bench.signals import DAYS, END, NUMBERS

PLAIN = (
    *("rows", "errors", "error_rate", "age", "label_share", "accuracy", "precision", "recall", "mae", "rmse"),
    *("latency.p50", "latency.p95", "latency.p99", "latency.mean"),
    *(f"nulls.{name}" for name in (*NUMBERS, "plan")),
)
DISTANCES = (
    *(f"{measure}.{name}" for measure in ("psi", "js", "wasserstein", "ks", "out_of_range") for name in NUMBERS),
    *("psi.plan", "js.plan", "unseen.plan"),
)
DRIFT = (*(f"wasserstein.{name}" for name in NUMBERS), "js.plan")
"""What Evidently's preset takes by itself on so many rows."""


def ours_signals(workspace: str) -> None:
    """Answer all signals of a log, from whatever was counted of it before."""
    _ask(workspace, (*PLAIN, *DISTANCES))


def ours_drift(workspace: str) -> None:
    """Answer how far five features drifted."""
    _ask(workspace, DRIFT)


def _ask(workspace: str, expressions: tuple[str, ...]) -> None:
    import datetime as dt

    import duckdb  # noqa: F401
    import ibis
    import ibis.backends.sql.compilers  # noqa: F401
    import pyarrow.compute as pc  # noqa: F401

    from lean_core.settings import load_settings
    from lean_core.signals import Measured, Question, Surroundings
    from lean_core.signals.sources.log import read
    from lean_core.store import Store

    folder = Path(workspace)
    telemetry = load_settings(folder).telemetry["log"]

    def no_bucket(*_: str) -> None:
        sys.exit("there is no bucket here")

    store = Store(folder / "lean.duckdb")
    around = Surroundings(folder=folder, environ={}, store=store, open_bucket=no_bucket)  # type: ignore[arg-type]
    end = END + dt.timedelta(days=1) - dt.timedelta(seconds=1)
    asked = [Question(signal=each, expression=each, window=dt.timedelta(days=DAYS + 1), at=end) for each in expressions]

    def ask() -> None:
        with store.kept():  # as the workbench does
            answers = read(telemetry, asked, around)
        for each in expressions:
            if not isinstance(answers[each], Measured):
                sys.exit(f"{each} has no number: {answers[each]}")

    report(once(ask))


def pandas_signals(workspace: str) -> None:
    """Do the same with pandas, NumPy and SciPy."""
    import pandas as pd
    import scipy.spatial.distance
    import scipy.stats  # noqa: F401

    folder = Path(workspace)

    def ask() -> None:
        log, reference = pd.read_parquet(folder / "log"), pd.read_parquet(folder / "reference.parquet")
        found = _plain(log) | _distances(log, reference)
        if len(found) != len(PLAIN) + len(DISTANCES):
            sys.exit(f"{len(found)} numbers")

    report(once(ask))


def _plain(log: object) -> dict[str, float]:
    import pandas as pd

    assert isinstance(log, pd.DataFrame)  # noqa: S101 - for the type
    errors = log["status"] >= 500
    known = log[log["label"].notna()]
    positive, label, missed = known["prediction"] >= 0.5, known["label"] == 1, known["prediction"] - known["label"]
    right = (positive & label).sum()
    found = {
        "rows": len(log),
        "errors": errors.sum(),
        "error_rate": errors.mean(),
        "age": (pd.Timestamp(END) - log["at"].max()).total_seconds() / 3600,
        "label_share": log["label"].notna().mean(),
        "accuracy": (positive == label).mean(),
        "precision": right / positive.sum(),
        "recall": right / label.sum(),
        "mae": missed.abs().mean(),
        "rmse": (missed**2).mean() ** 0.5,
        "latency.mean": log["latency_ms"].mean(),
    }
    quantiles = log["latency_ms"].quantile([0.5, 0.95, 0.99])
    found |= {f"latency.p{round(share * 100)}": value for share, value in quantiles.items()}
    return found | {f"nulls.{name}": log[name].isna().mean() for name in (*NUMBERS, "plan")}


def _distances(log: object, reference: object) -> dict[str, float]:
    import numpy as np
    import pandas as pd
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import ks_2samp, wasserstein_distance

    assert isinstance(log, pd.DataFrame)  # noqa: S101 - for the type
    assert isinstance(reference, pd.DataFrame)  # noqa: S101
    found: dict[str, float] = {}
    for name in NUMBERS:
        one, other = reference[name].dropna().to_numpy(), log[name].dropna().to_numpy()
        edges = np.quantile(one, np.arange(1, 10) / 10)
        p, q = (np.bincount(np.searchsorted(edges, each), minlength=10) / len(each) for each in (one, other))
        found[f"psi.{name}"] = float(np.sum((p - q) * np.log(p / q)))
        found[f"js.{name}"] = jensenshannon(p, q, base=2)
        found[f"wasserstein.{name}"] = wasserstein_distance(one, other)
        found[f"ks.{name}"] = ks_2samp(one, other, method="asymp").statistic
        found[f"out_of_range.{name}"] = float(np.mean((other < one.min()) | (other > one.max())))
    p, q = reference["plan"].value_counts(normalize=True), log["plan"].value_counts(normalize=True)
    found["unseen.plan"] = float(q[~q.index.isin(p.index)].sum())
    q = q.reindex(p.index, fill_value=0)
    found["psi.plan"] = float(((p - q) * np.log(p / q)).sum())
    found["js.plan"] = jensenshannon(p, q, base=2)
    return found


def duckdb_count(workspace: str) -> None:
    """Count every column once: all of the log is decoded, and nothing else is done."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "800MB"}) as connection:
        files = str(Path(workspace) / "log" / "*.parquet")
        report(once(lambda: connection.execute("select count(columns(*)) from read_parquet(?)", [files]).fetchall()))


SIDES: dict[str, Callable[..., None]] = {
    side.__name__: side for side in (ours_signals, ours_drift, pandas_signals, duckdb_count)
}
