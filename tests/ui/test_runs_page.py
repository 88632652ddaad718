"""The page Runs without a browser: what it shows for an address, and what its widgets do."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.workbench import Workbench
from pages._ui import keys
from tests.runs.builders import START, ARun
from tests.runs.many import IMAGE, NAMELESS, ODD_NAMES, RUNS, auc, key_of, make_many, model, ref_of
from tests.ui.conftest import APP, PATIENCE_SECONDS

NEWEST = RUNS - 1
A_PAGE = 100
WORD_JOINER = "\u2060"
Visit = Callable[..., AppTest]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_many(tmp_path_factory.mktemp("many") / "workspace")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "workspace"))


@pytest.fixture
def visit(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Return a function that follows a link to the page in a new session."""

    def visit(folder: Path = workspace, **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("LEAN_WORKSPACE", str(folder))
        app = AppTest.from_file(str(APP), default_timeout=PATIENCE_SECONDS)
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.switch_page("pages/runs.py").run()

    return visit


def names(app: AppTest) -> list[str]:
    return [name.removeprefix(WORD_JOINER) for name in app.dataframe[0].value["name"]]


def columns(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value.columns)


def found(app: AppTest) -> str:
    """Return the number beside the title."""
    return next(each.value for each in app.main.markdown if each.value.startswith(":small"))


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.info, *app.error, *app.warning, *app.caption)).replace("\\", "")


def test_without_a_choice_the_newest_come_first_with_the_columns_in_which_they_differ(visit: Visit) -> None:
    app = visit()
    assert names(app)[:3] == list(ODD_NAMES)
    assert columns(app)[:5] == ["name", "status", "start_time", "duration", "experiment"]
    assert set(columns(app)[5:]) == {
        *("metrics.auc", "metrics.loss", "params.depth", "params.`learning rate`", "params.model", "params.seed"),
        *("params.recipe", "tags.größe", f"tags.`{IMAGE}`"),
    }
    assert "source" not in columns(app), "all are of one"
    assert found(app) == f":small[:gray[{RUNS}]]"


def test_a_filter_narrows_the_table_and_its_number(visit: Visit) -> None:
    app = visit(q="params.model = 'xgb' and metrics.auc > 0.9")
    wanted = [at for at in reversed(range(RUNS)) if model(at) == "xgb" and auc(at) > 0.9]
    assert len(app.dataframe[0].value) == len(wanted)
    assert found(app) == f":small[:gray[{len(wanted)}]]"


def test_the_second_page_follows_the_first(visit: Visit) -> None:
    app = visit(page="2", sort="run_id", asc="true", column="run_id")
    assert list(app.dataframe[0].value["run_id"]) == [key_of(at) for at in range(A_PAGE, 2 * A_PAGE)]
    assert f"101 to 200 of {RUNS} runs" in said(app)


@pytest.mark.parametrize("page", ["0", "-1", "4", "²", "1.5", "9" * 5000, "2-ffffffff"])
def test_a_page_that_is_none_gives_way_to_the_first(page: str, visit: Visit) -> None:
    app = visit(page=page)
    assert not app.error
    assert f"1 to 100 of {RUNS} runs" in said(app)
    assert keys.PAGE not in app.query_params


def test_another_filter_begins_at_its_first_page(visit: Visit) -> None:
    app = visit(page="2")
    app.text_input(keys.FILTER).input("status = 'FINISHED'").run()
    assert names(app)[:3] == list(ODD_NAMES)


def test_a_run_without_a_name_is_called_by_its_id(visit: Visit) -> None:
    app = visit(q=f"run_id = '{key_of(NAMELESS)}'")
    assert names(app) == [key_of(NAMELESS)[:8]]


def test_a_name_that_looks_like_a_list_is_no_menu(visit: Visit) -> None:
    app = visit(q="name like '[%'")
    assert list(app.dataframe[0].value["name"]) == [f"{WORD_JOINER}{ODD_NAMES[2]}"]


def test_the_table_says_what_it_was_narrowed_to_in_a_closed_menu(visit: Visit) -> None:
    app = visit(experiment=["experiment-1", "experiment-2"], lifecycle="all")
    assert "only `experiment-1`, `experiment-2`, deleted ones included" in said(app)
    assert set(app.dataframe[0].value["experiment"]) == {"experiment-1", "experiment-2"}


def test_what_an_address_names_and_is_not_there_is_left_out(visit: Visit) -> None:
    app = visit(sort="metrics.gone", column=["metrics.gone", "params.depth"], show="Pie", source="nowhere")
    assert not app.error
    assert columns(app) == ["name", "params.depth"]
    assert names(app)[:3] == list(ODD_NAMES)


def test_a_mistake_leaves_the_table_of_the_last_filter_without_one(visit: Visit) -> None:
    app = visit(q="params.model = 'xgb'")
    before = names(app)
    app.text_input(keys.FILTER).input("params.model = 'xgb' adn x").run()
    assert "column 22: unexpected 'adn'" in app.error[0].value.replace("\\", "")
    assert app.code[0].value.splitlines()[1] == f"{' ' * 21}^^^"
    assert names(app) == before
    assert "Until then the filter is `params.model = 'xgb'`, as before." in said(app)
    assert app.text_input(keys.FILTER).value == "params.model = 'xgb' adn x"


def test_a_mistake_in_an_address_shows_no_runs(visit: Visit) -> None:
    app = visit(q="params.model = 'xgb' adn x", column="metrics.auc")
    assert app.error
    assert not app.dataframe
    assert app.query_params[keys.COLUMNS] == "metrics.auc", "and loses nothing of it"


@pytest.mark.parametrize("begun", ["params.", "metrics.auc >", "status = 'FIN", "status = 'FINISHED' and"])
def test_a_filter_that_is_only_begun_is_not_called_wrong(begun: str, visit: Visit) -> None:
    app = visit()
    app.text_input(keys.FILTER).input(begun).run()
    assert "filter, column" in app.caption[0].value
    assert not app.error


def test_a_suggestion_completes_the_filter(visit: Visit) -> None:
    app = visit()
    app.text_input(keys.FILTER).input("params.model = 'xgb' and metrics.a").run()
    app.button("suggest-params.model = 'xgb' and metrics.auc ").click().run()
    assert app.text_input(keys.FILTER).value == "params.model = 'xgb' and metrics.auc "


def test_a_whole_filter_needs_no_suggestions(visit: Visit) -> None:
    app = visit(q="params.model = 'xgb'")
    assert not [button for button in app.button if str(button.key).startswith("suggest-")]


def test_runs_that_are_not_found_are_explained_and_everything_can_be_cleared(visit: Visit) -> None:
    app = visit(q="params.model = 'none'", lifecycle="all", experiment="experiment-0", source="local")
    assert f"No run matches; there are {RUNS} runs in all." in said(app)
    app.button("clear-filter").click().run()
    assert found(app) == f":small[:gray[{RUNS}]]"
    assert not app.query_params


def test_runs_that_none_are_deleted_are_explained(visit: Visit) -> None:
    assert f"No deleted run matches; there are {RUNS} runs in all." in said(visit(lifecycle="deleted"))


def test_a_workspace_without_sources_says_so(visit: Visit, make_workspace) -> None:
    assert "lean.toml names no source of runs yet" in said(visit(make_workspace(name="empty")))


def test_sources_that_were_never_synced_say_so(visit: Visit, make_workspace) -> None:
    folder = make_workspace("[sources.local]\nuri = 'mlflow.db'\n", name="unsynced")
    assert "No source has been synced yet" in said(visit(folder))


def test_a_view_keeps_what_a_chart_shows_also_where_nobody_chose_it(visit: Visit) -> None:
    app = visit(show="Groups", q="status = 'FINISHED'")
    app.text_input(keys.VIEW_NAME).input("stable")
    next(button for button in app.button if button.label == "Save this view").click().run()
    app.multiselect(keys.BUT).set_value(["depth"]).run()
    app.text_input(keys.FILTER).input("").run()
    app.button("open-view-stable").click().run()
    assert app.multiselect(keys.BUT).value == ["seed"]
    assert app.text_input(keys.FILTER).value == "status = 'FINISHED'"


def test_a_view_of_keys_that_are_gone_opens_without_them(visit: Visit, workspace: Path) -> None:
    query = "sort=metrics.gone&column=metrics.gone&column=metrics.auc&show=Scatter&x=params.gone&asc=true&page=2"
    Workbench.open(workspace).save_view("old", query, actor="ana")
    app = visit()
    app.button("open-view-old").click().run()
    assert not app.error
    assert app.multiselect(keys.COLUMNS).value == ["metrics.auc"]
    assert app.selectbox(keys.SORT).value == "start_time"
    assert app.toggle(keys.ASCENDING).value


def test_a_view_needs_a_name(visit: Visit) -> None:
    app = visit()
    next(button for button in app.button if button.label == "Save this view").click().run()
    assert "a view needs a name" in said(app)


def test_groups_have_the_params_that_name_them_first_and_a_spread_only_of_several(visit: Visit) -> None:
    app = visit(show="Groups", but="seed", metric="auc")
    table = app.dataframe[0].value
    row = table[(table["model"] == "logit") & (table["depth"] == "0") & table["recipe"].isna()].iloc[0]
    group = [auc(at) for at in range(RUNS) if (at % 3, at % 7) == (0, 0)]
    assert row["auc mean"] == pytest.approx(statistics.mean(group))
    assert row["auc sd"] == pytest.approx(statistics.stdev(group))
    assert (row["runs"], row["auc n"]) == (len(group), len(group))
    (alone,) = table[table["recipe"].notna()].to_dict("records")
    assert (alone["runs"], alone["auc mean"], str(alone["auc sd"])) == (1, auc(NEWEST), "nan")
    shown = list(app.dataframe[0].proto.column_order)
    assert shown[:1] == ["runs"]
    assert set(shown[1:5]) == {"model", "depth", "learning rate", "recipe"}


def test_parallel_coordinates_begin_with_axes_that_most_runs_are_on(visit: Visit) -> None:
    app = visit(show="Parallel coordinates")
    assert app.multiselect(keys.AXES).value == [
        *("params.depth", "params.`learning rate`", "params.model", "params.seed", "metrics.auc"),
    ]
    assert "1 run without a finite value" in said(app)


def test_a_param_that_only_some_runs_lack_is_no_usual_axis(visit: Visit, tmp_path: Path) -> None:
    points = [("auc", 0, START, 0.5)]
    runs = [ARun(key=f"{at:032x}", params={"lr": str(at), "model": "xgb"}, points=points) for at in range(4)]
    runs.append(ARun(key="f" * 32, params={"lr": "9"}, points=[("auc", 0, START, 0.7)]))
    app = visit(make_many(tmp_path / "few", runs), show="Parallel coordinates")
    assert app.multiselect(keys.AXES).value == ["params.lr", "metrics.auc"]


def test_no_more_runs_are_selected_than_an_address_can_hold() -> None:
    def script() -> None:
        from pages._ui import boundary, selection

        boundary.show_notices()
        selection.take_rows([f"local:{at:032x}" for at in range(300)], range(300))

    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS).run().run()
    assert len(app.query_params[keys.SELECTED]) == 200
    assert "No more than 200 runs can be selected" in said(app)


def test_the_order_of_selection_is_kept_and_a_run_taken_out_leaves_the_others() -> None:
    def script() -> None:
        from pages._ui import selection

        selection.take_rows(["local:b", "local:c", "local:d"], [2, 1])

    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS)
    app.query_params[keys.SELECTED] = ["local:c", "local:a", "local:b"]
    assert app.run().query_params[keys.SELECTED] == ["local:c", "local:a", "local:d"]


def test_selected_runs_can_be_compared_and_cleared_in_every_view(visit: Visit) -> None:
    app = visit(show="Scatter", run=[ref_of(1), ref_of(2)])
    assert "2 runs selected" in said(app)
    app.button("clear-selection").click().run()
    assert keys.SELECTED not in app.query_params


def test_one_run_is_no_reason_for_an_error(visit: Visit, tmp_path: Path) -> None:
    folder = make_many(tmp_path / "one", [ARun(key="a" * 32, start=None, end=None, status=None)])
    for shown in ("Table", "Groups", "Parallel coordinates", "Scatter"):
        app = visit(folder, show=shown)
        assert not app.error, shown
