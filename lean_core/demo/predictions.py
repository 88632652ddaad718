"""The demo's prediction log: what the versions that were live really say, about customers who asked on past days."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_core.demo.plan import MODEL
from lean_core.demo.serve import Answer, Model, PredictionLog, answer_prediction
from lean_core.demo.story import STORY, Deployed, RolledBack
from lean_core.demo.traffic import LABEL, TRAINED_ON, Customer, read_customers

ENVIRONMENT = "prod"
SEED = 2026
LABELLED = dt.timedelta(days=3)
"""After so long it is said to be known who cancelled; really it takes 60 days."""
MEASURED = 50
"""So many predictions are timed; the latencies of the past are drawn from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which as many customers ask in each hour."""

    until: dt.timedelta
    """How long before the demo is made it ends."""
    per_hour: int


TRAFFIC = (
    Stretch(until=dt.timedelta(days=1), per_hour=10),
    Stretch(until=dt.timedelta(hours=1), per_hour=60),
    Stretch(until=dt.timedelta(0), per_hour=480),
)
"""One after another, from the first deployment on: the campaign began yesterday, and now the new app is tried."""


def write_predictions(folder: Path, now: dt.datetime) -> None:
    """Write the log into the demo's folder, in which the versions are registered and the last one is deployed.

    Args:
        folder: the demo's.
        now: when the demo is made; naive UTC.
    """
    chance = random.Random(SEED)  # noqa: S311 - the same customers in each demo, not a secret
    table = folder / "data" / "churn.csv"
    customers, labels = read_customers(table), _read_labels(table)
    seconds = _measure(folder / "deployed" / ENVIRONMENT, customers[:MEASURED])
    log = PredictionLog(folder=folder / "logs" / "predictions" / ENVIRONMENT)
    served = list(_tell_live(now))
    models = {version: Model.read(folder / "registry" / MODEL / version / "model") for _, version in served}
    _write_reference(folder / "logs" / "reference.jsonl", models[served[-1][1]], read_customers(table, TRAINED_ON))
    for at in _draw_moments(served[0][0], now, chance):
        version = next(version for since, version in reversed(served) if since <= at)
        customer = chance.choice(customers)
        said = {"version": version, "churn": round(models[version].predict(customer), 4)}
        row = Answer(status=200, said=said).row(customer, at=at, seconds=chance.choice(seconds))
        known = labels[str(customer["customer_id"])] if at <= now - LABELLED else None
        log.append(row | {LABEL: known})


def _write_reference(path: Path, model: Model, customers: Sequence[Customer]) -> None:
    """Write what distributions are held against: the customers of the training, and what the live version says."""
    path.parent.mkdir()
    rows = (customer | {"prediction": round(model.predict(customer), 4)} for customer in customers)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _read_labels(table: Path) -> dict[str, int]:
    with table.open(encoding="utf-8", newline="") as file:
        return {row["customer_id"]: int(row[LABEL]) for row in csv.DictReader(file)}


def _measure(deployed: Path, customers: Sequence[Customer]) -> list[float]:
    """Return how many seconds it takes to answer each."""
    took: list[float] = []
    for customer in customers:
        began = time.perf_counter()
        answer_prediction(deployed, customer)
        took.append(time.perf_counter() - began)
    return took


def _tell_live(now: dt.datetime) -> Iterator[tuple[dt.datetime, str]]:
    """Yield since when which version was live."""
    served: list[str] = []
    for deed in (deed for deeds in STORY.values() for deed in deeds if deed.environment == ENVIRONMENT):
        match deed:
            case Deployed():
                served.append(deed.version)
            case RolledBack():
                served.append(served[-2])
            case _:
                continue
        yield now - dt.timedelta(days=deed.days_ago), served[-1]


def _draw_moments(begin: dt.datetime, now: dt.datetime, chance: random.Random) -> Iterator[dt.datetime]:
    for stretch in TRAFFIC:
        end = now - stretch.until
        step = dt.timedelta(hours=1) / stretch.per_hour
        yield from (begin + step * (number + chance.random()) for number in range((end - begin) // step))
        begin = end
