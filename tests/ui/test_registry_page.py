from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.registry_workspaces import deploy, make_registry_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_registry_workspace(tmp_path / "startup")


def said(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success)
    return "\n".join(element.value for element in elements).replace("\\", "")


def column(app: AppTest, table: int, head: str) -> list[object]:
    return list(app.dataframe[table].value[head])


def test_the_first_visit_reads_the_registry_and_shows_models_and_versions(open_app, workspace: Path):
    app = open_app(workspace, "registry")
    assert not app.exception
    assert "as of just now" in said(app)
    assert column(app, 0, "Model") == ["churn", "legacy"]
    assert column(app, 0, "Live") == ["1", "none"]
    assert column(app, 0, "Versions") == [3, 0]
    assert [list(line) for line in column(app, 0, "Over versions")] == [[0.8625, 0.925], []]
    live = dict(zip(column(app, 1, "Version"), column(app, 1, "Live in"), strict=True))
    assert live == {"4": "", "3": "", "2": "", "1": "prod"}


def test_missing_fields_are_named_and_unknown_is_not_clean(open_app, workspace: Path):
    app = open_app(workspace, "registry", model="churn")
    fields = dict(zip(column(app, 1, "Version"), column(app, 1, "Fields"), strict=True))
    assert fields["1"] == "7 of 7"
    assert fields["3"] == "1 of 7 · no artifact, commit, data, metrics, owner, note"
    assert fields["4"] == "no record"
    dirty = dict(zip(column(app, 1, "Version"), column(app, 1, "Dirty"), strict=True))
    assert (dirty["1"], dirty["2"], dirty["3"]) == ("clean", "dirty", "not known")


def test_an_interrupted_registration_is_a_sentence(open_app, workspace: Path):
    assert "Version `4` is incomplete" in said(open_app(workspace, "registry", model="churn"))


def test_what_is_live_stands_in_badges_for_each_environment(open_app, workspace: Path):
    deploy(workspace / "registry", "churn", "2", "test")
    shown = said(open_app(workspace, "registry", model="churn"))
    assert ":gray-badge[nothing live in dev]" in shown
    assert ":green-badge[:material/rocket_launch: 2 live in test] :orange-badge[dirty]" in shown
    assert ":green-badge[:material/rocket_launch: 1 live in prod]" in shown
    assert "no probe" not in shown, "nobody asked"


@pytest.mark.parametrize(
    ("runs", "badge", "cell"),
    [("1", ":green-badge[observed]", "✓ 1"), ("2", ":red-badge[disagrees: runs 2]", "✗ runs 2")],
)
def test_what_runs_is_a_badge_and_without_a_probe_that_is_said(
    open_app, workspace: Path, runs: str, badge: str, cell: str
):
    with (workspace / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[probes.churn.prod]\nfile = "VERSION"\n')
    (workspace / "VERSION").write_text(runs)
    app = open_app(workspace, "registry", model="churn")
    app.button("observe").click().run()
    assert f"1 live in prod] {badge}" in said(app)
    assert ":gray-badge[nothing live in test] :gray-badge[no probe]" in said(app)
    assert column(app, 0, "Observed") == [cell, "no probe"]


def test_a_verification_finds_a_changed_artifact(open_app, workspace: Path):
    (workspace / "registry" / "churn" / "2" / "model.pkl").write_bytes(b"not really a pickl!")
    app = open_app(workspace, "registry", model="churn")
    assert set(column(app, 1, "Verified")) == {"not verified"}
    app.button("verify").click().run()
    verified = dict(zip(column(app, 1, "Version"), column(app, 1, "Verified"), strict=True))
    assert verified["2"].startswith("✗")
    assert not verified["1"].startswith("✗")
    assert verified["4"] == "not verified"
    assert ":red-badge[Error] `churn/2" in said(app)


def test_a_registry_that_went_away_leaves_what_was_known_as_stale(open_app, workspace: Path):
    app = open_app(workspace, "registry")
    shutil.move(workspace / "registry", workspace / "elsewhere")
    app.button("refresh").click().run()
    assert "Stale" in said(app)
    assert "could not be read" in said(app)
    assert column(app, 0, "Model") == ["churn", "legacy"]


def test_a_refresh_shows_what_is_new(open_app, workspace: Path):
    app = open_app(workspace, "registry")
    shutil.copytree(workspace / "registry" / "legacy", workspace / "registry" / "older")
    app.button("refresh").click().run()
    assert column(app, 0, "Model") == ["churn", "legacy", "older"]


def test_a_foreign_folder_is_adopted_after_a_preview(open_app, workspace: Path):
    folder = workspace / "registry" / "legacy" / "7"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    app = open_app(workspace, "registry", model="legacy")
    app.text_input("adopt-legacy-7-owner").set_value("cleo")
    app.text_area("adopt-legacy-7-data").set_value("train=data/train.csv")
    app.button("adopt-legacy-7-preview").click().run()
    assert json.loads(app.code[0].value)["owner"] == "cleo"
    assert not (folder / "version.json").exists()
    app.button("adopt").click().run()
    assert "Adopted `legacy/7`" in said(app)
    record = json.loads((folder / "version.json").read_text())
    assert (record["owner"], record["data"][0]["ref"]) == ("cleo", "data/train.csv")
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert column(app, 1, "State") == ["recorded"]


def test_a_link_of_the_page_version_opens_the_form_of_its_folder(open_app, workspace: Path):
    shutil.copytree(workspace / "registry/legacy/7", workspace / "registry/legacy/6")
    app = open_app(workspace, "registry", model="legacy", version="6")
    assert app.selectbox("foreign-legacy").value == "6"
    assert app.text_input("adopt-legacy-6-owner")


def test_data_that_is_no_reference_is_refused_below_the_form(open_app, workspace: Path):
    app = open_app(workspace, "registry", model="legacy")
    app.text_area("adopt-legacy-7-data").set_value("just words")
    app.button("adopt-legacy-7-preview").click().run()
    assert "is no reference to data" in said(app)
    assert not [button for button in app.button if button.key == "adopt"]


def test_an_unknown_model_is_a_sentence(open_app, workspace: Path):
    assert "There is no model `nope`" in said(open_app(workspace, "registry", model="nope"))


def test_without_a_registry_the_page_has_the_lines_to_add(open_app, tmp_path: Path):
    (tmp_path / "lean.toml").write_text('[workspace]\nname = "bare"\n', encoding="utf-8")
    app = open_app(tmp_path, "registry")
    assert "[registry]" in app.code[0].value


def test_an_empty_registry_has_the_command_that_fills_it(open_app, workspace: Path):
    shutil.rmtree(workspace / "registry")
    (workspace / "registry").mkdir()
    app = open_app(workspace, "registry")
    assert "lean-mlops register" in app.code[0].value
