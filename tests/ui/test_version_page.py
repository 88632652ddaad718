from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.registry_workspaces import make_registry_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_registry_workspace(tmp_path / "startup")


def said(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(element.value for element in elements)


def graph(app: AppTest) -> str:
    return str(app.get("graphviz_chart")[0].proto.spec)


def test_a_live_version_says_where_and_what_happened(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="1")
    assert not app.exception
    assert ":green-badge[:material/rocket_launch: live in prod]" in said(app)
    assert "ben deployed churn 1 to prod" in said(app).replace("\\", "")
    assert "2026-03-11 12:00 UTC" in said(app)
    assert "prod\\nlive" in graph(app)


def test_a_dirty_version_says_so(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="2")
    assert ":orange-badge[dirty]" in said(app)
    assert "in no environment yet" in graph(app)


def test_the_note_is_shown_as_it_is_written(open_app, workspace: Path):
    assert r"a \*\*bold\*\* \!\[x\]" in said(open_app(workspace, "version", model="churn", version="1"))


def test_missing_fields_come_with_the_command_that_adds_them(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="3")
    assert "**artifact, commit, data, metrics, owner, note**" in said(app)
    assert "--artifact PATH --data train=PATH --metrics metrics.json --owner NAME --note" in app.code[0].value
    assert "no data recorded" in graph(app)
    assert "dirty or clean: not known" in said(app)


def test_a_pickle_is_marked_and_never_shown(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="1", file="model.pkl")
    label = next(button.label for button in app.button if button.key == "file-model.pkl")
    assert "code that runs on loading" in label
    assert "Not shown" in said(app)


def test_a_file_that_can_be_read_is_previewed(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="1")
    app.button("file-metrics.json").click().run()
    assert any('"auc": 0.8625' in code.value for code in app.code)


def test_an_incomplete_version_has_its_problem(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="4")
    assert not app.exception
    assert ":orange-badge[incomplete]" in said(app)
    assert "not finished" in said(app)


@pytest.mark.parametrize("asked", [{"model": "churn", "version": "99"}, {"model": "x", "version": "1"}])
def test_an_unknown_version_is_a_sentence_and_a_way_back(open_app, workspace: Path, asked: dict[str, str]):
    app = open_app(workspace, "version", **asked)
    assert "There is no version" in said(app)
    assert app.get("page_link")


def test_without_a_version_the_page_says_how_to_open_one(open_app, workspace: Path):
    assert "Open a version from the page Registry" in said(open_app(workspace, "version"))
