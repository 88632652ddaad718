"""The page Compare: exactly the selected runs side by side, and no winner without the same data."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame
from streamlit.testing.v1 import AppTest

from lean_core.workbench import Workbench
from pages._ui import compared_metrics, keys
from tests.run_workspaces import HOSTILE, make_demo_workspace, make_workspace_of, ref, runs_by_name
from tests.runs.builders import START, ARun

SAME = [("churn", "d1", "eval")]
OTHER = [("churn-new", "d2", "eval")]
GREEN, RED = "rgba(21, 128, 61", "rgba(180, 35, 24"

Open = Callable[..., AppTest]


def points(key: str, *values: float) -> list[tuple[str, int | None, dt.datetime | None, float]]:
    return [(key, step, START + dt.timedelta(seconds=step), value) for step, value in enumerate(values)]


def a_run(key: str, *, auc: float, inputs: list[tuple[str, str, str]], **more: object) -> ARun:
    return ARun(
        key=key,
        name=f"run {key}",
        points=[*points("auc", auc), *points("score", 2 * auc), *points("same", 1.0)],
        inputs=inputs,
        **{"params": {"depth": key, "kind": "tree"}} | more,
    )


DESCRIBED = [
    a_run("a", auc=0.80, inputs=SAME),
    a_run("b", auc=0.85, inputs=SAME),
    a_run("c", auc=0.75, inputs=SAME),
    a_run("elsewhere", auc=0.99, inputs=OTHER),
    a_run("silent", auc=0.99, inputs=[]),
    ARun(key="odd", points=[*points("nan", math.nan), *points("up", math.inf), *points("huge", 1e300)], inputs=SAME),
    ARun(key="odder", points=[*points("nan", math.nan), *points("up", 1.0), *points("huge", 2e300)], inputs=SAME),
    ARun(key="empty", inputs=SAME),
    ARun(key="hostile", name=HOSTILE, params={HOSTILE: HOSTILE}, tags={HOSTILE: HOSTILE}, points=points(HOSTILE, 1, 2)),
    ARun(key="0/odd key&run=x#y", name="odd key"),
    ARun(key="wide", points=[each for at in range(30) for each in points(f"m{at:02}", at)], inputs=OTHER),
    *(a_run(f"s{at:02}", auc=0.5 + at / 100, inputs=SAME) for at in range(20)),
]


@pytest.fixture(scope="module")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo_workspace(tmp_path_factory)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of described runs, which nobody writes to."""
    gone = a_run("gone", auc=0.7, inputs=SAME)
    return make_workspace_of(tmp_path_factory.mktemp("described") / "w", [*DESCRIBED, gone], later=DESCRIBED)


@pytest.fixture
def workspace(described: Path, tmp_path: Path) -> Path:
    """Return a copy, to save directions in."""
    return Path(shutil.copytree(described, tmp_path / "w"))


@pytest.fixture
def compare(open_app, described: Path) -> Open:
    """Return a function that opens the page on described runs."""

    def open_(*names: str, folder: Path = described, **asked: str) -> AppTest:
        app = open_app(folder, "compare", run=[ref(name) for name in names], **asked)
        assert not app.exception
        assert not app.error
        return app

    return open_


@pytest.fixture
def compare_demo(open_app, demo_workspace: Path) -> Open:
    """Return a function that opens the page on runs of the demo."""

    def open_(*names: str, **asked: str) -> AppTest:
        runs = runs_by_name(demo_workspace)
        return open_app(demo_workspace, "compare", run=[runs[name].ref for name in names], **asked)

    return open_


def said(app: AppTest) -> str:
    elements = (*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(element.value for element in elements).replace("\\", "")


def element(app: AppTest, alt: str):
    (found,) = [each for each in app.dataframe if each.proto.alt == alt]
    return found


def table(app: AppTest, alt: str) -> DataFrame:
    found = element(app, alt).value
    return found.set_index(found.columns[0])


def styles(app: AppTest) -> str:
    return element(app, "Compared metrics").proto.arrow_data.styler.styles


def metrics(app: AppTest) -> DataFrame:
    return table(app, "Compared metrics")


def lines(app: AppTest) -> list[dict]:
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)["data"]


def choose_baseline(app: AppTest, at: int) -> AppTest:
    (box,) = [each for each in app.selectbox if each.label == "Baseline"]
    return box.set_value(at).run()


# Which runs


@pytest.mark.parametrize("names", [(), ("a",), ("a", "a"), ("a", "never there")])
def test_fewer_than_two_runs_are_not_compared(compare: Open, names: tuple[str, ...]):
    app = compare(*names)
    assert "Select two or more runs on the page Runs" in said(app)
    assert not app.dataframe


def test_what_is_not_there_any_more_is_named_and_the_rest_compared(compare: Open):
    app = compare("a", "never there", "b")
    assert "Not here any more: `hand:never there`." in said(app)
    assert list(table(app, "Compared runs")["Run"]) == ["run a", "run b"]


def test_exactly_the_selection_is_compared_in_its_order(compare: Open):
    app = compare("c", "0/odd key&run=x#y", "a", "c")
    assert app.title[0].value == "Compare 3 runs"
    assert list(table(app, "Compared runs")["Run"]) == ["run c", "odd key", "run a"]
    assert list(table(app, "Compared params").columns) == ["A  run c", "B  odd key", "C  run a"]


def test_the_way_back_keeps_the_selection(compare: Open):
    (link,) = [each.proto for each in compare("c", "a").get("page_link") if each.proto.label == "Back to the runs"]
    assert link.query_string == "run=hand%3Ac&run=hand%3Aa"


def test_twenty_runs_have_a_column_each(compare: Open):
    app = compare(*(f"s{at:02}" for at in range(20)))
    columns = list(metrics(app).columns)
    assert [name for name in columns if name.startswith(("A  ", "T  "))] == ["A  run s00", "T  run s19"]
    assert not [name for name in columns if name.startswith("Δ ")], "one column of differences a run is enough"
    assert sum(name.startswith("Δ% ") for name in columns) == 19
    assert metrics(app)["best"]["auc"] == "T"


def test_a_run_that_is_gone_from_its_source_says_so(compare: Open):
    assert "run gone is gone from the source: this is what was imported last." in said(compare("a", "gone"))


def test_hostile_runs_are_shown_as_they_are(compare: Open):
    app = compare("hostile", "a")
    assert table(app, "Compared params")[f"A  {HOSTILE}"][HOSTILE] == HOSTILE
    assert table(app, "Compared tags")[f"A  {HOSTILE}"][HOSTILE] == HOSTILE
    assert HOSTILE in metrics(app).index


# The baseline


def test_the_first_run_is_the_baseline(compare: Open):
    app = compare("a", "b")
    assert metrics(app)["Δ B  run b"]["auc"] == pytest.approx(0.05)
    assert metrics(app)["Δ% B  run b"]["auc"] == pytest.approx(0.0625)
    assert keys.BASELINE not in app.query_params


def test_another_baseline_changes_the_differences_and_stands_in_the_address(compare: Open):
    app = choose_baseline(compare("a", "b"), 1)
    assert metrics(app)["Δ A  run a"]["auc"] == pytest.approx(-0.05)
    assert not [name for name in metrics(app).columns if name.startswith("Δ B")]
    assert app.query_params[keys.BASELINE] == ref("b")


def test_an_address_with_a_baseline_opens_with_it(compare: Open):
    app = compare("a", "b", baseline=ref("b"))
    assert "Δ A  run a" in metrics(app).columns


def test_a_baseline_that_is_not_selected_is_passed_over(compare: Open):
    assert "Δ B  run b" in metrics(compare("a", "b", baseline=ref("c"))).columns


def test_what_is_shown_of_each_run_can_be_chosen(compare: Open):
    app = compare("a", "b", deltas="difference")
    assert list(metrics(app).columns) == ["best", "better", "Δ B  run b"]


# Differences


def test_only_differences_are_shown_until_all_is_asked_for(compare: Open):
    app = compare("a", "b")
    assert list(metrics(app).index) == ["auc", "score"]
    assert list(table(app, "Compared params").index) == ["depth"]
    assert "No difference in 1 dataset." in said(app)
    app.toggle(keys.EVERYTHING).set_value(True).run()
    assert list(metrics(app).index) == ["auc", "same", "score"]
    assert list(table(app, "Compared params").index) == ["depth", "kind"]
    assert list(table(app, "Compared datasets").index) == ["eval: churn"]


def test_an_address_can_ask_for_all(compare: Open):
    assert "kind" in table(compare("a", "b", everything="true"), "Compared params").index


def test_runs_that_agree_in_everything_say_so(compare: Open):
    app = compare("empty", "0/odd key&run=x#y")
    assert "None of these runs logged a metric." in said(app)
    assert "None of these runs recorded a param." in said(app)


def test_local_tags_stand_among_the_tags(compare: Open, workspace: Path):
    Workbench.open(workspace).set_local_tag(ref("b"), "keep", "yes", actor="ana")
    app = compare("a", "b", folder=workspace)
    assert table(app, "Compared tags")["B  run b"]["local.keep"] == "yes"


def test_metrics_that_are_no_finite_numbers_have_names(compare: Open):
    shown = metrics(compare("odd", "odder", everything="true"))
    assert list(shown["A  odd"]) == ["1e+300", "NaN", "Infinity"]
    assert list(shown["B  odder"]) == ["2e+300", "NaN", "1"]
    assert shown["Δ% B  odder"]["huge"] == pytest.approx(1)


def test_ordinary_metrics_stay_numbers_so_that_they_sort(compare: Open):
    assert metrics(compare("a", "b"))["A  run a"].dtype.kind == "f"


# Which is better


def test_on_the_same_data_the_best_is_named_and_bold(compare: Open):
    app = compare("a", "b", "c")
    assert metrics(app)["best"]["auc"] == "B"
    assert styles(app).count("font-weight: 700") == 1
    assert GREEN in styles(app)
    assert RED in styles(app)
    assert "the best value is bold" in said(app)


def test_on_different_data_a_warning_names_metrics_and_runs_and_nobody_wins(compare: Open):
    app = compare("a", "elsewhere")
    (warning,) = [each.value.replace("\\", "") for each in app.warning]
    assert warning == (
        "**No winner.** auc, same, score can't be compared: the runs were evaluated on different data: "
        "A run a on churn (d1); B run elsewhere on churn-new (d2)."
    )
    assert "best" not in metrics(app).columns
    assert "font-weight" not in styles(app)
    assert GREEN not in styles(app)
    assert RED not in styles(app)
    assert metrics(app)["Δ B  run elsewhere"]["auc"] == pytest.approx(0.19), "the difference is a fact all the same"
    assert "Differences are shown without a verdict." in said(app)
    assert "Green" not in said(app)


def test_a_warning_names_a_few_of_many_metrics(compare: Open):
    (warning,) = [each.value.replace("\\", "") for each in compare("a", "wide").warning]
    assert "auc, m00, m01, m02, m03, m04, m05, m06, and 25 more can't be compared" in warning


def test_where_the_data_is_not_known_nobody_is_the_best(compare: Open):
    app = compare("a", "silent")
    assert "Which data B run silent was evaluated on is not recorded" in said(app)
    assert not app.warning
    assert "best" not in metrics(app).columns
    assert "font-weight" not in styles(app)
    assert GREEN in styles(app)


def test_the_demo_s_runs_on_new_customers_have_no_winner(compare_demo: Open):
    app = compare_demo("16 hidden units", "16 hidden units on new customers")
    assert "churn-test-new-customers" in app.warning[0].value.replace("\\", "")
    assert "best" not in metrics(app).columns


def which_way(app: AppTest) -> tuple[Any, Any]:
    """Return the controls by which a direction is said: of which metrics, and which."""
    (metrics_box,) = [each for each in app.multiselect if each.key.startswith(keys.JUDGED)]
    (choice,) = [each for each in app.button_group if each.key == keys.DIRECTION]
    return metrics_box, choice


def save(app: AppTest) -> AppTest:
    (button,) = [each for each in app.button if each.label == "Save"]
    return button.click().run()


def say_direction(app: AppTest, choice: str, *names: str) -> AppTest:
    metrics_box, choices = which_way(app)
    metrics_box.set_value(list(names))
    choices.set_value(choice)
    return save(app)


def toasts(app: AppTest) -> list[str]:
    return [toast.value for toast in app.toast]


def test_a_direction_is_a_guess_until_somebody_says_it(compare: Open):
    app = compare("a", "b")
    assert list(metrics(app)["better"]) == ["higher, a guess", "not known"]
    assert [each.label for each in app.expander] == ["Which way is better? 3 not confirmed"]


def test_a_direction_that_was_said_turns_the_colour_and_holds_in_every_session(compare: Open, workspace: Path):
    app = compare("a", "b", folder=workspace)
    assert GREEN in styles(app)
    say_direction(app, "lower", "auc")
    assert toasts(app) == ["Saved 1 direction."]
    for session in (app, compare("b", "a", baseline=ref("a"), folder=workspace)):
        assert metrics(session)["better"]["auc"] == "lower"
        assert RED in styles(session)
        assert GREEN not in styles(session)
    assert metrics(app)["best"]["auc"] == "A"
    (change,) = Workbench.open(workspace).changes("metric_direction", "auc")
    assert (change.action, change.after) == ("create", {"direction": "lower"})


def test_one_save_says_it_of_many_metrics(compare: Open, workspace: Path):
    app = say_direction(compare("a", "wide", folder=workspace), "lower", *(f"m{at:02}" for at in range(30)))
    assert toasts(app) == ["Saved 30 directions."]
    assert Workbench.open(workspace).directions() == {f"m{at:02}": "lower" for at in range(30)}
    assert app.expander[0].label == "Which way is better? 3 not confirmed"
    assert [widget.value for widget in which_way(app)] == [[], None]


def test_metrics_that_nobody_spoke_of_come_first(compare: Open, workspace: Path):
    app = compare("a", "b", folder=workspace)
    assert which_way(app)[0].options == ["same (not known)", "score (not known)", "auc (higher, a guess)"]
    say_direction(app, "higher", "same")
    assert which_way(app)[0].options == ["score (not known)", "auc (higher, a guess)", "same (higher)"]


@pytest.mark.parametrize(("names", "choice"), [([], "lower"), (["auc"], None)])
def test_half_an_answer_is_kept_and_asked_to_be_completed(
    names: list[str], choice: str | None, compare: Open, workspace: Path
):
    app = compare("a", "b", folder=workspace)
    metrics_box, choices = which_way(app)
    metrics_box.set_value(names)
    choices.set_value(choice)
    save(app)
    assert toasts(app) == ["Choose metrics, and which way they are better."]
    assert [widget.value for widget in which_way(app)] == [names, choice]
    assert Workbench.open(workspace).directions() == {}


def test_saying_what_was_said_before_changes_nothing(compare: Open, workspace: Path):
    Workbench.open(workspace).set_directions({"auc": "lower"}, actor="ana")
    app = say_direction(compare("a", "b", folder=workspace), "lower", "auc")
    assert toasts(app) == ["No direction was changed: it has been said before."]
    assert len(Workbench.open(workspace).changes("metric_direction", "auc")) == 1


def test_a_direction_can_be_taken_back(compare: Open, workspace: Path):
    Workbench.open(workspace).set_directions({"auc": "lower"}, actor="ana")
    app = say_direction(compare("a", "b", folder=workspace), "guess", "auc")
    assert metrics(app)["better"]["auc"] == "higher, a guess"
    assert [each.action for each in Workbench.open(workspace).changes("metric_direction", "auc")] == [
        "delete",
        "create",
    ]


# Environment and code


def test_the_demo_s_environments_differ_in_packages(compare_demo: Open):
    app = compare_demo("logistic", "16 hidden units")
    packages = table(app, "Compared packages")
    assert list(packages.index) == ["alembic", "mlflow-skinny", "sqlalchemy"]
    assert packages["A  logistic"].isna().all()
    assert "Read from `model/python_env.yaml`, `model/requirements.txt`." in said(app)
    app.toggle(keys.EVERYTHING).set_value(True).run()
    assert "python" in table(app, "Compared packages").index


def test_why_an_environment_is_not_known_is_said_once_for_all_runs(compare: Open):
    assert said(compare("a", "b", "c")).count("environment can't be seen from here") == 1
    assert "A, B, C: Its environment can't be seen from here" in said(compare("a", "b", "c"))


def test_the_commits_between_two_runs_come_with_a_diff(compare_demo: Open):
    app = compare_demo("logistic", "16 hidden units")
    assert "16 hidden units has 1 commit more than logistic:" in said(app)
    assert "Add a hidden layer" in said(app)
    assert "Diff of 2 files" in [each.label for each in app.expander]
    assert "+sqlalchemy==" in app.code[0].value


def test_seen_from_the_later_run_the_earlier_one_lacks_commits(compare_demo: Open):
    assert "logistic lacks 1 commit that 16 hidden units has:" in said(compare_demo("16 hidden units", "logistic"))


def test_of_several_runs_one_of_another_commit_is_held_against_the_baseline(compare_demo: Open):
    app = compare_demo("16 hidden units", "64 hidden units", "logistic")
    (box,) = [each for each in app.selectbox if each.label == "Against the baseline"]
    assert box.value == 2
    box.set_value(1).run()
    assert "Both runs were made from the same commit." in said(app)


def test_runs_without_a_commit_are_named(compare: Open):
    assert "No commit is recorded for run a and run b." in said(compare("a", "b"))


def test_a_commit_that_is_not_here_is_a_sentence(open_app, demo_workspace: Path, tmp_path: Path):
    folder = tmp_path / "w"
    shutil.copytree(demo_workspace, folder, ignore=shutil.ignore_patterns(".git"))
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    runs = runs_by_name(folder)
    app = open_app(folder, "compare", run=[runs["logistic"].ref, runs["16 hidden units"].ref])
    assert f"Commit {runs['logistic'].commit[:10]} is not in" in said(app)


# Histories


def test_every_run_has_a_line_of_its_own_colour(compare_demo: Open):
    first, second = lines(compare_demo("logistic", "16 hidden units"))
    assert (first["name"], second["name"]) == ("A  logistic", "B  16 hidden units")
    assert first["line"]["color"] != second["line"]["color"]


def test_a_run_keeps_its_colour_where_another_lacks_the_metric(compare: Open):
    (alone,) = lines(compare("a", "hostile"))
    (alone_again,) = lines(compare("hostile", "a"))
    assert alone["line"]["color"] != alone_again["line"]["color"]
    assert alone["name"] == "B  ![x](http://evil.example/a.png) &lt;b>b…"


def test_smoothed_lines_leave_the_raw_ones_visible(compare_demo: Open):
    drawn = lines(compare_demo("logistic", "16 hidden units", smoothing="0.6"))
    assert [each["line"]["width"] for each in drawn] == [1, 2, 1, 2]
    assert drawn[0]["y"] != drawn[1]["y"]
    assert drawn[1]["customdata"] == drawn[0]["y"], "the raw value is read from the smoothed line, too"


def test_many_lines_are_named_by_letters_and_told_apart(open_app, tmp_path: Path):
    runs = [ARun(key=f"{at:02}", name=f"run {at:02}", points=points("loss", 1, 2)) for at in range(20)]
    app = open_app(make_workspace_of(tmp_path / "w", runs), "compare", run=[ref(run.key) for run in runs])
    drawn = lines(app)
    assert [each["name"] for each in drawn][:2] == ["A", "B"]
    assert drawn[1]["text"][0] == "B  run 01"
    assert len({(each["line"]["color"], each["line"]["dash"]) for each in drawn}) == 20


def test_a_head_is_short_enough_for_a_telephone(compare: Open):
    columns = json.loads(element(compare("hostile", "a"), "Compared params").proto.columns)
    assert columns[f"A  {HOSTILE}"]["label"] == f"A  {HOSTILE}"[:23] + "…"
    assert columns[f"A  {HOSTILE}"]["help"].replace("\\", "") == " ".join(f"A  {HOSTILE}".split())


def test_differences_are_headed_by_the_run_s_letter(compare: Open):
    columns = json.loads(element(compare("a", "b"), "Compared metrics").proto.columns)
    assert columns["Δ B  run b"]["label"] == "Δ B"
    assert columns["Δ% B  run b"]["label"] == "Δ% B"
    assert columns["Δ B  run b"]["width"] == compared_metrics.DELTA_WIDTH
