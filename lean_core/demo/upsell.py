"""The demo's second model: who may want more seats. A scoring table, counted without any library."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

MODEL = "upsell"
METRIC = "test_auc"
TEST = ("8", "9")
"""Last digits of the numbers of the customers that the points are tried on; the others are counted."""
NEW, SETTLED = 6, 18
"""Months."""

Row = Mapping[str, str]
Points = Mapping[str, int]
"""Of a hundred customers of a kind, how many use every seat that they pay for."""


def train(table: Path, into: Path) -> None:
    """Count the points on the table of customers, and write ``points.json`` and ``metrics.json``."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = count([row for row in rows if not row["customer_id"].endswith(TEST)])
    measured = {METRIC: measure(points, [row for row in rows if row["customer_id"].endswith(TEST)])}
    (into / "points.json").write_text(json.dumps(points, indent=1), encoding="utf-8")
    (into / "metrics.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")


def count(rows: Sequence[Row]) -> Points:
    """Return the points of each kind of customer."""
    seen: dict[str, list[bool]] = {}
    for row in rows:
        seen.setdefault(name_kind(row), []).append(uses_all_seats(row))
    return {kind: round(100 * sum(full) / len(full)) for kind, full in sorted(seen.items())}


def measure(points: Points, rows: Sequence[Row]) -> float:
    """Return how often a customer who uses every seat has more points than one who does not."""
    full = [points[name_kind(row)] for row in rows if uses_all_seats(row)]
    others = [points[name_kind(row)] for row in rows if not uses_all_seats(row)]
    won = sum((one > other) + (one == other) / 2 for one in full for other in others)
    return won / (len(full) * len(others))


def name_kind(row: Row) -> str:
    """Return which kind of customer it is: the plan, and for how long."""
    months = int(row["tenure_months"])
    stay = "new" if months < NEW else "settled" if months >= SETTLED else "not new"
    return f"{row['plan']}, {stay}"


def uses_all_seats(row: Row) -> bool:
    """Whether somebody used each seat in the last 30 days."""
    return row["active_seats"] == row["seats"]
