from __future__ import annotations

import shutil
import threading
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lean_core.runs import rows
from lean_core.workbench import Workbench
from pages._ui import jobs, keys, source_models, warnings
from tests.run_workspaces import SOURCE, import_runs, make_workspace_of
from tests.runs.builders import START, ARun, MemoryReader
from tests.small_store import RUNS

TOML = """
[workspace]
name = "churn"

[sources.laptop]
uri = "mlflow.db"

[sources.lost]
uri = "nowhere.db"
"""
PATIENCE_SECONDS = 60


VERSIONS = source_models.ROWS_A_PAGE + 9


class WithModels(MemoryReader):
    """A source with a registry of its own: versions of one model, and a model that has none."""

    def catalog(self) -> dict[str, pa.Table]:
        versions = [
            {"model": "churn", "version": str(number), "stage": "None", "run_id": "elsewhere", "status": "READY"}
            for number in range(1, VERSIONS + 1)
        ]
        versions[-1] |= {"stage": "Production", "aliases": ["best", "champion"], "run_id": "a", "created_at": START}
        models = [{"name": "churn"}, {"name": "empty"}]
        return super().catalog() | {
            "registered_model": pa.Table.from_pylist(models, schema=rows.REGISTERED_MODEL),
            "model_version": pa.Table.from_pylist(versions, schema=rows.MODEL_VERSION),
        }


@pytest.fixture
def workspace(project: Path) -> Path:
    """Return a workspace of two sources, of which one is not there."""
    (project / "lean.toml").write_text(TOML, encoding="utf-8")
    return project


def sync(app: AppTest, folder: Path, button: str) -> AppTest:
    app.button(button).click().run()
    job = jobs.newest(folder)
    assert job is not None
    assert job.wait(PATIENCE_SECONDS)
    app.run()
    assert not app.exception
    return app


def open_tab(app: AppTest, name: str) -> AppTest:
    app.session_state[keys.SECTION] = name
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info)).replace("\\", "")


def links(app: AppTest) -> list[str]:
    return [link.label for link in app.sidebar.get("page_link")]


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_sources_that_were_never_synced_say_so(open_app, workspace: Path):
    app = open_app(workspace, "workspace")
    assert said(app).count("Not synced]") == 2
    assert metrics(app) == {"Runs": "0", "Experiments": "0", "Sources synced": "0 of 2", "Warnings": "0"}
    assert "Not synced yet" in app.sidebar.markdown[0].value


def test_a_sync_imports_what_it_can_and_says_why_the_rest_failed(open_app, workspace: Path):
    app = sync(open_app(workspace, "workspace"), workspace, "sync-all")
    assert metrics(app)["Runs"] == str(RUNS)
    assert metrics(app)["Sources synced"] == "1 of 2"
    assert "Synced]" in said(app)
    assert "Failed]" in said(app)
    assert "there is nothing at" in said(app)
    assert "Synced just now" in app.sidebar.markdown[0].value
    table = app.dataframe[0].value.set_index("Source")
    assert table.loc["laptop", "Imported"] == RUNS
    assert table.loc["lost", "Result"] == "failed"
    assert table.loc["lost"].isna()["Imported"], "what failed has no counts"


def test_the_sidebar_says_the_oldest_sync_and_leads_to_why_it_is_old(open_app, workspace: Path, clock):
    Workbench.open(workspace).sync()
    app = open_app(workspace, "runs")
    assert "Synced just now · 1 failed" in app.sidebar.markdown[0].value
    shutil.copy(workspace / "mlflow.db", workspace / "nowhere.db")
    Workbench.open(workspace).sync()
    assert app.run().sidebar.markdown[0].value.endswith("Synced just now]]")
    assert links(app) == ["Open another workspace"]
    (workspace / "nowhere.db").unlink()
    clock.advance(days=3)
    Workbench.open(workspace).sync()
    assert "Synced 3 days ago · 1 stale" in app.run().sidebar.markdown[0].value
    assert links(app) == ["See why on Workspace", "Open another workspace"]
    assert "Stale, the last sync failed: `lost` (synced 3 days ago)" in said(app)
    app.multiselect(keys.SOURCES).set_value(["laptop"]).run()
    assert "Stale" not in said(app), "what is shown is fresh"


def test_one_source_can_be_synced_alone(open_app, workspace: Path):
    app = sync(open_app(workspace, "workspace"), workspace, "sync-laptop")
    assert list(app.dataframe[0].value["Source"]) == ["laptop"]
    assert said(app).count("Not synced]") == 1


def test_a_click_while_a_sync_runs_joins_it(open_app, workspace: Path):
    app = open_app(workspace, "workspace")
    gate = threading.Event()
    job = jobs.start(workspace, lambda _: ()[: gate.wait(PATIENCE_SECONDS)], says="Starting")
    app.button("sync-all").click().run()
    assert jobs.newest(workspace) is job
    assert all(button.disabled for button in app.button if button.key.startswith("sync-"))
    gate.set()
    assert job.wait(PATIENCE_SECONDS)
    assert not app.run().button("sync-all").disabled


def test_warnings_are_listed_filtered_and_taken_away(open_app, workspace: Path):
    runs = workspace / "mlruns"
    (runs / "0").mkdir(parents=True)
    (runs / "0" / "meta.yaml").write_text("experiment_id: '0'\nname: Default\n", encoding="utf-8")
    for name in ("a", "b"):
        (runs / "0" / (name * 32)).mkdir()
    (runs / "0" / ("c" * 32)).mkdir()
    (runs / "0" / ("c" * 32) / "meta.yaml").write_text("=1+1: [", encoding="utf-8")
    (workspace / "lean.toml").write_text("[sources.old]\nuri = 'mlruns'\nkind = 'mlflow'\n", encoding="utf-8")
    app = open_tab(sync(open_app(workspace, "workspace"), workspace, "sync-all"), "Warnings")
    kinds = app.dataframe[0].value["Kind"]
    assert metrics(app)["Warnings"] == str(len(kinds)) == "3"
    chosen = kinds.value_counts().idxmax()
    app.multiselect(keys.WARNING_KINDS).select(chosen).run()
    assert list(app.dataframe[0].value["Kind"]) == [chosen, chosen]
    assert "2 warnings" in said(app)


def test_warnings_that_are_taken_away_run_nothing_in_a_spreadsheet():
    lines = warnings._write_csv([("kind", "=HYPERLINK(1)", "a, b", "left out")]).splitlines()
    assert lines == ["Kind,Where,What,Effect", 'kind,\'=HYPERLINK(1),"a, b",left out']


def test_no_warnings_is_said_to_be_none(open_app, workspace: Path):
    assert "No warnings" in said(open_tab(open_app(workspace, "workspace"), "Warnings"))


def test_the_file_s_tables_are_counted_and_empty_ones_only_said(open_app, workspace: Path):
    app = open_tab(sync(open_app(workspace, "workspace"), workspace, "sync-all"), "In the file")
    tables = app.dataframe[0].value.set_index("Table")["Rows"]
    assert tables["run"] == RUNS
    assert "note" not in tables
    assert tables.min() > 0
    empty = len(Workbench.open(workspace).contents()) - len(tables)
    assert f"{empty} more tables without a row." in said(app)
    assert "schema " in said(app)


def test_what_mlflow_has_registered_is_listed_page_by_page_with_its_runs(open_app, tmp_path: Path):
    folder = make_workspace_of(tmp_path / "w", [ARun(key="b")])
    import_runs(folder, WithModels(runs=[ARun(key="a", name="[tuned]"), ARun(key="b")], bookmark=b"2"))
    app = open_tab(open_app(folder, "workspace"), "MLflow models")
    table = app.dataframe[0].value
    assert len(table) == source_models.ROWS_A_PAGE
    assert list(table.columns) == ["Model", "Version", "Stage", "Aliases", "Run", "Source", "Created (UTC)"]
    assert list(table.iloc[0][:6]) == ["churn", str(VERSIONS), "Production", "best, champion", "\u2060[tuned]", SOURCE]
    assert list(table["Version"])[1:3] == [str(VERSIONS - 1), str(VERSIONS - 2)], "the newest first"
    assert f"{VERSIONS + 1} registered versions" in said(app)
    app.session_state["source-models-page"] = 2
    last = app.run().dataframe[0].value.iloc[-1]
    assert (last["Model"], bool(last.isna()["Version"])) == ("empty", True), "a model without a version is there, too"
    app.session_state[keys.OPEN] = f"{SOURCE}:a"  # as a click on the run does
    assert app.run().title[0].value.replace("\\", "") == "[tuned]"


def test_no_registered_model_is_said_to_be_none(open_app, workspace: Path):
    assert "No source has a registered model" in said(open_tab(open_app(workspace, "workspace"), "MLflow models"))


def test_settings_are_shown_without_secrets(open_app, make_workspace):
    folder = make_workspace(
        "[sources.team]\nuri = 'postgresql://ana:hunter2@db/mlflow'\n[server]\ntimeout = '90s'\n"
        "[gates.churn.prod]\nmetrics.auc = {min = 0.8}\n"
    )
    app = open_tab(open_app(folder, "workspace"), "Settings")
    settings = app.dataframe[0].value.set_index("Setting")["Value"]
    assert settings["sources.team.uri"] == "postgresql://ana:***@db/mlflow"
    assert settings["server.timeout"] == "90s"
    assert settings["runs.abandoned_after"] == "1d"
    assert settings["gates.churn.prod.metrics.auc.min"] == "0.8"
    assert "hunter2" not in said(app)


def test_what_else_lies_in_the_folder_comes_as_toml_to_add(open_app, workspace: Path):
    shutil.copy(workspace / "mlflow.db", workspace / "laptop.db")
    app = open_tab(open_app(workspace, "workspace"), "Also found here")
    block = app.code[0].value
    assert tomllib.loads((workspace / "lean.toml").read_text(encoding="utf-8") + block)["sources"]["laptop-2"] == {
        "uri": "laptop.db",
        "kind": "auto",
    }
    (workspace / "lean.toml").write_text(TOML + block, encoding="utf-8")
    assert "is a source already" in said(app.run())


def test_an_edit_of_the_settings_counts_at_once(open_app, workspace: Path):
    app = open_app(workspace, "workspace")
    (workspace / "lean.toml").write_text("[workspace]\nname = 'renamed'\n", encoding="utf-8")
    app.run()
    assert "**renamed**" in app.sidebar.markdown[0].value
    assert "names no source of runs yet" in said(app)


def test_a_mistake_in_the_settings_is_one_sentence(open_app, make_workspace):
    app = open_app(make_workspace("[workspace]\nnaem = 'x'\n"), "workspace")
    assert not app.exception
    (error,) = app.error
    assert "unknown key workspace.naem: did you mean workspace.name?" in error.value.replace("\\", "")


def test_a_store_that_is_no_duckdb_file_is_one_sentence(open_app, workspace: Path):
    (workspace / "lean.duckdb").write_text("this is no database" * 1000, encoding="utf-8")
    app = open_app(workspace, "workspace")
    assert not app.exception
    assert "is not a DuckDB file" in app.warning[0].value.replace("\\", "")
