from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import jobs
from tests.small_store import RUNS


def text_of(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.title, *app.markdown, *app.caption, *app.code, *app.error))


def title(app: AppTest) -> str:
    assert not app.exception
    return app.title[0].value


def sources(folder: Path) -> list[str]:
    return list(tomllib.loads((folder / "lean.toml").read_text(encoding="utf-8"))["sources"])


def test_an_empty_folder_is_told_what_to_do(open_app, tmp_path: Path):
    app = open_app(tmp_path)
    assert title(app) == "Welcome"
    assert "No MLflow store and no folder of runs lies here" in text_of(app)
    assert "[sources.team]" in text_of(app)


def test_a_folder_that_is_not_there_is_said_so_and_offers_no_button(open_app, tmp_path: Path):
    app = open_app(tmp_path / "gone")
    assert "There is no such folder" in app.warning[0].value
    assert [button.key for button in app.button] == []


def test_what_lies_in_the_folder_is_named(open_app, project: Path):
    app = open_app(project)
    assert f"an MLflow database, {RUNS} runs" in text_of(app).replace("\\", "")
    assert 'uri = "mlflow.db"' in text_of(app)


def test_one_click_writes_the_settings_imports_the_runs_and_opens_it(open_app, settle, project: Path):
    app = open_app(project)
    app.button("use-folder").click().run()
    settle(app, project)
    assert title(app) == "Readiness"
    assert f"{RUNS} new runs" in app.success[0].value
    assert sources(project) == ["mlflow"]
    assert not app.run().success, "a message is shown once"


def test_two_clicks_at_once_make_one_workspace(open_app, settle, project: Path):
    first, second = open_app(project), open_app(project)
    first.button("use-folder").click().run()
    second.button("use-folder").click().run()
    job = jobs.newest(project)
    for app in (first, second):
        assert title(settle(app, project)) == "Readiness"
    assert jobs.newest(project) is job


def test_settings_that_somebody_wrote_meanwhile_are_kept(open_app, settle, project: Path):
    app = open_app(project)
    (project / "lean.toml").write_text("[workspace]\nname = 'theirs'\n", encoding="utf-8")
    app.button("use-folder").click().run()
    assert title(app) == "Readiness"
    assert (project / "lean.toml").read_text(encoding="utf-8") == "[workspace]\nname = 'theirs'\n"


def test_a_folder_that_can_not_be_written_is_refused_with_a_sentence(open_app, settle, project: Path):
    if os.geteuid() == 0:
        project = Path("/sys/kernel")  # the kernel's own: not even root may make a file there
    else:
        project.chmod(0o555)
    app = open_app(project)
    app.button("use-folder").click().run()
    settle(app, project)
    assert title(app) == "Welcome"
    assert "can't be written" in app.error[0].value.replace("\\", "")


def test_the_demo_is_one_click(open_app, settle, tmp_path: Path):
    app = open_app(tmp_path)
    app.button("make-demo").click().run()
    assert title(app) == "Making your workspace"
    settle(app, tmp_path / "demo")
    assert title(app) == "Readiness"
    assert "new runs" in app.success[0].value
    assert title(open_app(tmp_path)) == "Readiness", "a new session opens what was opened last"


def test_a_folder_in_the_way_of_the_demo_is_left_alone(open_app, settle, tmp_path: Path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("mine", encoding="utf-8")
    app = open_app(tmp_path)
    app.button("make-demo").click().run()
    settle(app, tmp_path / "demo")
    assert "is not empty" in app.error[0].value
    assert [entry.name for entry in (tmp_path / "demo").iterdir()] == ["mine.txt"]


def test_workspaces_below_are_one_click_away(open_app, make_workspace, tmp_path: Path):
    make_workspace(name="beta")
    make_workspace(name="alpha")
    app = open_app(tmp_path)
    assert title(app) == "Open a workspace"
    opens = [button for button in app.button if button.label == "Open"]
    assert [Path(button.key.removeprefix("open-")).name for button in opens] == ["alpha", "beta"]
    opens[1].click().run()
    assert title(app) == "Readiness"
    assert "**beta**" in app.sidebar.markdown[0].value


def test_a_session_keeps_its_workspace_when_another_one_opens_elsewhere(open_app, make_workspace, tmp_path: Path):
    alpha, beta = make_workspace(name="alpha"), make_workspace(name="beta")
    app = open_app(tmp_path)
    app.button(f"open-{alpha}").click().run()
    other = open_app(tmp_path, "welcome")
    other.button(f"open-{beta}").click().run()
    assert title(other) == "Readiness"
    assert "**alpha**" in app.run().sidebar.markdown[0].value
    assert "**beta**" in open_app(tmp_path).sidebar.markdown[0].value


@pytest.mark.parametrize("arguments", [["--workspace", "{}"], ["--workspace={}"]])
def test_the_command_line_goes_before_the_environment(
    arguments: list[str], open_app, make_workspace, monkeypatch: pytest.MonkeyPatch
):
    named, other = make_workspace(name="named"), make_workspace(name="other")
    monkeypatch.setattr(sys, "argv", ["app.py", *(argument.format(named) for argument in arguments)])
    assert "**named**" in open_app(other).sidebar.markdown[0].value


@pytest.mark.parametrize("page", ["readiness", "checkpoint", "runs", "run", "compare", "workspace"])
def test_without_a_workspace_every_page_is_the_welcome_page(page: str, open_app, tmp_path: Path):
    assert title(open_app(tmp_path, page)) == "Welcome"


def test_a_workspace_whose_settings_are_deleted_is_closed(open_app, make_workspace):
    folder = make_workspace()
    app = open_app(folder)
    assert title(app) == "Readiness"
    (folder / "lean.toml").unlink()
    assert title(app.run()) == "Welcome"
