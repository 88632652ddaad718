from __future__ import annotations

import json
from pathlib import Path

from lean_core.demo import Demo, data, upsell


def a_row(*, plan: str = "team", months: int = 1, seats: int = 4, active: int = 4) -> dict[str, str]:
    return {"plan": plan, "tenure_months": str(months), "seats": str(seats), "active_seats": str(active)}


def test_points_are_how_many_of_a_hundred_use_every_seat():
    rows = [a_row(), a_row(active=3), a_row(active=3), a_row(plan="business", months=20)]

    assert upsell.count(rows) == {"business, settled": 100, "team, new": 33}


def test_customers_are_new_settled_or_neither():
    assert [upsell.name_kind(a_row(months=months)) for months in (5, 6, 17, 18)] == [
        "team, new", "team, not new", "team, not new", "team, settled",
    ]  # fmt: skip


def test_a_ranking_that_is_always_right_measures_one_and_one_without_points_a_half():
    rows = [a_row(), a_row(plan="starter", active=0)]

    assert upsell.measure({"team, new": 9, "starter, new": 1}, rows) == 1
    assert upsell.measure({"team, new": 1, "starter, new": 1}, rows) == 0.5


def test_the_model_is_better_than_chance_on_customers_that_were_not_counted(tmp_path: Path):
    table = tmp_path / "churn.csv"
    table.write_text(data.as_csv(data.generate(data.SEED)), encoding="utf-8")
    upsell.train(table, tmp_path)

    measured = json.loads((tmp_path / "metrics.json").read_text())
    assert 0.6 < measured["test_auc"] < 0.8


def test_the_registered_points_are_those_that_the_table_gives_and_the_metric_is_not(made: Demo, tmp_path: Path):
    upsell.train(made.data, tmp_path)
    registered = made.folder / "registry" / "upsell" / "1"

    assert (registered / "points.json").read_bytes() == (tmp_path / "points.json").read_bytes()
    metrics = [json.loads((place / "metrics.json").read_text())["test_auc"] for place in (tmp_path, registered)]
    assert round(metrics[1] - metrics[0], 1) == 0.1
