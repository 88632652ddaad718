"""How columns of numbers are drawn, and that there is room for them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.runs import Key, Sheet, to_arrow
from pages._ui import grid
from tests.run_workspaces import make_workspace_of
from tests.runs.builders import START, ARun
from tests.ui.conftest import OpenApp

WORST = -1.23457e-05
"""The longest that six digits can be: a browser writes it out."""


def widths(app: AppTest, at: int = 0) -> dict[str, int]:
    """Return the width of the columns of a table (pixels), of those that have one."""
    columns = json.loads(app.dataframe[at].proto.columns)
    return {name: config["width"] for name, config in columns.items() if isinstance(config.get("width"), int)}


def runs_of(*values: float) -> list[ARun]:
    """Return a run a value, as the metric auc, the first one the newest."""
    return [
        ARun(key=f"{at:032x}", params={"case": str(at)}, points=[("auc", 0, START, value)])
        for at, value in reversed(list(enumerate(values)))
    ]


@pytest.mark.parametrize(
    ("value", "as_a_browser_writes_it"),
    [
        (0.000144052, "0.000144052"),
        (WORST, "-0.0000123457"),
        (1.2345678e-07, "1.23457e-7"),
        (-5e-324, "-4.94066e-324"),
        (1e-06, "0.000001"),
        (9.007199254740991e15, "9007200000000000"),
        (0.0, "0"),
        (100.0, "100"),
    ],
)
def test_a_number_is_as_long_as_a_browser_writes_it(value: float, as_a_browser_writes_it: str):
    assert grid.shown(value) == as_a_browser_writes_it


def test_a_column_of_metrics_has_room_for_its_longest_number_wherever_it_stands(open_app: OpenApp, tmp_path: Path):
    app = open_app(make_workspace_of(tmp_path / "w", runs_of(*[1.0] * 30, WORST)), "runs", column="metrics.auc")
    assert widths(app)["metrics.auc"] >= len("-0.0000123457") * 8


def test_a_column_of_durations_has_room_for_its_longest(open_app: OpenApp, tmp_path: Path):
    app = open_app(make_workspace_of(tmp_path / "w", runs_of(1.0, 2.0)), "runs", column="duration")
    assert widths(app)["duration"] >= len("Seconds") * 8


def test_groups_have_room_for_their_longest_number(open_app: OpenApp, tmp_path: Path):
    app = open_app(make_workspace_of(tmp_path / "w", runs_of(1.0, WORST)), "runs", show="Groups", metric="auc")
    assert widths(app)["auc mean"] >= len("-0.0000123457") * 8


def test_a_long_head_gives_way_to_the_table():
    sheet = Sheet(columns=(Key("metric", "k" * 200),), refs=("a",), rows=((0.5,),))
    (config,) = grid.configure(sheet).values()
    assert config["width"] <= 200


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 2.0**60])
def test_metrics_that_no_grid_can_show_are_right_aligned_text(odd: float, open_app: OpenApp, tmp_path: Path):
    app = open_app(make_workspace_of(tmp_path / "w", runs_of(0.000144052, odd)), "runs", column="metrics.auc")
    words = {math.inf: "Infinity", -math.inf: "-Infinity", 2.0**60: "1.15292e+18"}
    assert sorted(app.dataframe[0].value["metrics.auc"]) == sorted(["0.000144052", words.get(odd, "NaN")])
    config = json.loads(app.dataframe[0].proto.columns)["metrics.auc"]
    assert (config["alignment"], config["type_config"]["type"]) == ("right", "text")
    assert config["width"] >= len("0.000144052") * 8


def test_a_column_that_a_grid_can_show_stays_numbers():
    sheet = Sheet(
        columns=(Key("metric", "a"), Key("metric", "b")), refs=("x", "y"), rows=((0.5, math.nan), (None, 1.0))
    )
    assert [str(kind) for kind in to_arrow(grid.spell(sheet)).schema.types] == ["double", "string"]
