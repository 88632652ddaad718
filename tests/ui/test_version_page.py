from __future__ import annotations

import dataclasses
import json
import shlex
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.registry import (
    Artifact,
    Data,
    Environment,
    File,
    Metrics,
    MlflowVersion,
    Origin,
    Record,
    Version,
)
from pages._ui import version_gaps
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
    (command,) = [each.value for each in app.code if "register" in each.value]
    assert "--artifact PATH --data train=PATH --metrics metrics.json --owner NAME --note" in command
    assert "no data recorded" in graph(app)
    assert "dirty or clean: not known" in said(app)


def test_a_pickle_is_marked_and_never_shown(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="1", file="model.pkl")
    label = next(button.label for button in app.button if button.key == "file-model.pkl")
    assert "code that runs on loading" in label
    assert "Not shown" in said(app)


@pytest.mark.parametrize("name", ["weights.npz", "weights.npy"])
def test_arrays_are_data_unless_pickles_are_allowed(open_app, workspace: Path, name: str):
    (workspace / "registry/churn/1" / name).write_bytes(b"PK")
    app = open_app(workspace, "version", model="churn", version="1")
    label = next(button.label for button in app.button if button.key == f"file-{name}")
    assert "code only with allow_pickle" in label
    assert "orange" not in label


def test_a_file_that_can_be_read_is_previewed(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="1")
    app.button("file-metrics.json").click().run()
    assert any('"auc": 0.8625' in code.value for code in app.code)


def test_an_incomplete_version_has_its_problem(open_app, workspace: Path):
    app = open_app(workspace, "version", model="churn", version="4")
    assert not app.exception
    assert ":orange-badge[incomplete]" in said(app)
    assert "not finished" in said(app)
    assert "Missing until its record is written: **artifact, commit, data, metrics, owner, note**" in said(app)
    assert [each.value.split(" --")[0] for each in app.code] == ["lean-mlops register churn 4"]


def test_a_foreign_version_is_to_be_adopted_and_not_judged(open_app, workspace: Path):
    app = open_app(workspace, "version", model="legacy", version="7")
    assert "Missing: **" in said(app)
    assert "commit, data, owner, note**" in said(app)
    assert [each.value for each in app.code] == ["lean-mlops adopt legacy 7"]
    link = next(each.proto for each in app.get("page_link") if "Adopt" in each.proto.label)
    assert (link.page, link.query_string) == ("registry", "model=legacy&version=7")
    assert "lean-mlops gate" not in said(app)


def test_an_unreadable_version_comes_with_what_the_doctor_advises(open_app, workspace: Path):
    (workspace / "registry/churn/2/version.json").write_text("{")
    app = open_app(workspace, "version", model="churn", version="2")
    assert ":red-badge[unreadable]" in said(app)
    assert "take version\\.json from a copy" in said(app)
    assert [each.value for each in app.code if "lean-mlops" in each.value] == ["lean-mlops doctor churn/2"]


def test_the_suggested_command_drops_nothing_that_the_record_says(open_app, workspace: Path):
    path = workspace / "registry/churn/2/version.json"
    record = json.loads(path.read_text())
    del record["owner"]
    path.write_text(json.dumps(record))
    app = open_app(workspace, "version", model="churn", version="2")
    (command,) = [shlex.split(each.value) for each in app.code if "register" in each.value]
    given = dict(zip(command[4::2], command[5::2], strict=True))
    folder = workspace / "registry/churn/2"
    assert command[:4] == ["lean-mlops", "register", "churn", "NEXT"]
    assert given == {
        "--artifact": f"{folder}/model.pkl",
        "--data": "train=data/train.csv",
        "--metrics": f"{folder}/metrics.json",
        "--owner": "NAME",
        "--note": record["note"],
    }


A_RECORD = Record(
    model="churn",
    version="1",
    artifact=Artifact(path="model.pkl"),
    metrics=Metrics(path="metrics.json"),
    environment=Environment(lockfile="uv.lock"),
    run=Origin(source="mlflow", run_id="abc"),
    data=(
        Data(name="train", ref="s3://b/t.csv", digest="md5:0f"),
        Data(name="test", ref="", digest="mlflow:12"),
    ),
)
FILES = tuple(File(f"churn/1/{name}", 3) for name in ("metrics.json", "model.pkl", "uv.lock"))


@pytest.mark.parametrize(
    ("record", "place", "told"),
    [
        pytest.param(
            A_RECORD,
            "/r",
            "--artifact /r/churn/1/model.pkl --run mlflow:abc --data train=s3://b/t.csv@md5:0f --data test=PATH"
            " --metrics /r/churn/1/metrics.json --lock /r/churn/1/uv.lock --owner NAME",
            id="a folder",
        ),
        pytest.param(
            A_RECORD,
            "",
            "--artifact model.pkl --run mlflow:abc --data train=s3://b/t.csv@md5:0f --data test=PATH --owner NAME",
            id="a bucket, whose metrics the run tells",
        ),
        pytest.param(
            dataclasses.replace(A_RECORD, mlflow=MlflowVersion(source="mlflow", model="churn", version="3"), data=()),
            "",
            "--from-mlflow churn/3 --source mlflow --run mlflow:abc --data train=PATH --owner NAME",
            id="made from MLflow's registry",
        ),
    ],
)
def test_a_command_is_made_of_what_a_record_says(record: Record, place: str, told: str):
    version = Version(model="churn", version="1", state="recorded", record=record, files=FILES)
    command = version_gaps.suggest(version, record, place=place)
    assert command.removeprefix("lean-mlops register churn NEXT ").startswith(told)


@pytest.mark.parametrize("asked", [{"model": "churn", "version": "99"}, {"model": "x", "version": "1"}])
def test_an_unknown_version_is_a_sentence_and_a_way_back(open_app, workspace: Path, asked: dict[str, str]):
    app = open_app(workspace, "version", **asked)
    assert "There is no version" in said(app)
    assert app.get("page_link")


def test_without_a_version_the_page_says_how_to_open_one(open_app, workspace: Path):
    assert "Open a version from the page Registry" in said(open_app(workspace, "version"))
