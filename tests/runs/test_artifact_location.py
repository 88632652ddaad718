from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from lean_core.runs.artifact_location import ArtifactFolders, candidates, resolve

RUN = "0a" * 16
TAIL = f"1/{RUN}/artifacts"
SAID = [
    f"/home/ana/project/mlruns/{TAIL}",
    f"file:///home/ana/project/mlruns/{TAIL}",
    f"file://localhost/home/ana/my%20project/mlruns/{TAIL}",
    f"file:///C:/Users/ana/project/mlruns/{TAIL}",
    f"C:\\Users\\ana\\project\\mlruns\\1/{RUN}/artifacts",
    f"/mnt/c/Users/ana/project/mlruns/{TAIL}",
    f"//wsl.localhost/Ubuntu/home/ana/project/mlruns/{TAIL}",
    f"\\\\wsl$\\Ubuntu\\home\\ana\\mlruns\\1\\{RUN}\\artifacts",
    f"./mlruns/{TAIL}",
    f"mlruns/{TAIL}",
    f"mlflow-artifacts:/{TAIL}",
    f"mlflow-artifacts://tracking.example:5000/{TAIL}",
    f"/data/tracking/{TAIL}",
    "",
]


def find(uri: str, folder: Path) -> Path | None:
    return resolve(uri, store_folder=folder, experiment_id="1", run_id=RUN)


@pytest.mark.parametrize("uri", SAID)
@pytest.mark.parametrize("place", ["mlruns", ".", "mlartifacts"])
def test_artifacts_beside_the_store_are_found_whatever_the_store_says(uri: str, place: str, tmp_path: Path) -> None:
    there = tmp_path / place / TAIL
    there.mkdir(parents=True)
    assert find(uri, tmp_path) == there


@pytest.mark.parametrize("uri", SAID)
def test_artifacts_that_are_nowhere_are_none(uri: str, tmp_path: Path) -> None:
    assert find(uri, tmp_path) is None


def test_a_server_keeps_its_artifacts_in_mlartifacts_first(tmp_path: Path) -> None:
    for root in ("mlruns", "mlartifacts"):
        (tmp_path / root / TAIL).mkdir(parents=True)
    assert find(f"mlflow-artifacts:/{TAIL}", tmp_path) == tmp_path / "mlartifacts" / TAIL


def test_a_copy_beside_the_store_comes_before_the_literal_path(tmp_path: Path) -> None:
    original, copy = tmp_path / "original" / "mlruns" / TAIL, tmp_path / "copy" / "mlruns" / TAIL
    original.mkdir(parents=True)
    assert find(str(original), tmp_path / "copy") == original
    copy.mkdir(parents=True)
    assert find(str(original), tmp_path / "copy") == copy


def test_a_path_with_signs_that_a_uri_escapes_is_found(tmp_path: Path) -> None:
    there = tmp_path / "50% é #1" / TAIL
    there.mkdir(parents=True)
    assert find(there.as_uri(), tmp_path / "elsewhere") == there
    assert find(str(there), tmp_path / "elsewhere") == there


@pytest.mark.parametrize(
    "uri",
    [
        f"../mlruns/{TAIL}",
        f"/home/../etc/{TAIL}",
        f"file:///home/%2e%2e/{TAIL}",
        f"mlruns\\..\\..\\{TAIL}",
        "a/..",
        "a\0b",
    ],
)
def test_nothing_leaves_through_dots(uri: str, tmp_path: Path) -> None:
    assert candidates(uri, store_folder=tmp_path, experiment_id="1", run_id=RUN) == ()


@pytest.mark.parametrize(("experiment", "run"), [("..", ".."), ("1", "../../x"), ("/etc", "x")])
def test_ids_that_are_paths_are_not_followed(experiment: str, run: str, tmp_path: Path) -> None:
    assert candidates("", store_folder=tmp_path, experiment_id=experiment, run_id=run) == ()


@pytest.mark.parametrize("uri", [f"s3://bucket/{TAIL}", f"gs://bucket/{TAIL}", f"dbfs:/{TAIL}", f"wasbs://c@h/{TAIL}"])
def test_remote_artifacts_are_never_looked_for_here(uri: str, tmp_path: Path) -> None:
    (tmp_path / "mlruns" / TAIL).mkdir(parents=True)
    assert find(uri, tmp_path) is None


def test_relative_paths_are_never_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mlruns" / TAIL).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert find(f"./mlruns/{TAIL}", tmp_path / "elsewhere") is None


def test_many_runs_are_found_with_one_look_for_each_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mlruns" / "1").mkdir(parents=True)
    looked: list[Path] = []
    is_dir = Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: looked.append(path) or is_dir(path))
    folders = ArtifactFolders(tmp_path)
    ids = [f"{number:032x}" for number in range(1000)]
    for experiment, expected in (("1", str(tmp_path / "mlruns" / "1")), ("2", None), ("1", str(tmp_path / "mlruns/1"))):
        uris = [f"/dead/mlruns/{experiment}/{run}/artifacts" for run in ids]
        found = folders.resolve(pa.array(uris), pa.array(ids)).to_pylist()
        assert found == [expected and f"{expected}/{run}/artifacts" for run in ids]
    assert len(looked) < 20


def test_among_many_runs_odd_ones_have_no_path(tmp_path: Path) -> None:
    (tmp_path / "mlruns" / "1").mkdir(parents=True)
    uris = ["mlruns/1/a/artifacts", "mlruns/1/elsewhere", None, "s3://b/1/d/artifacts", "mlruns/1/é/artifacts", "x"]
    found = ArtifactFolders(tmp_path).resolve(pa.array(uris), pa.array(["a", "b", "c", "d", "é", None]))
    here = str(tmp_path / "mlruns" / "1")
    assert found.to_pylist() == [f"{here}/a/artifacts", None, None, None, f"{here}/é/artifacts", None]
