"""Syncing a folder store again: what counts as a change, and runs that are being written meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lean_core.runs.reader import Listing
from lean_core.runs.readers.mlflow_folder import MlflowFolderReader
from tests.runs.readers.folder_stores import START, run_id, write_experiment, write_run, write_text
from tests.runs.readers.mlflow_stores import column, loaded


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store of three runs; all of its times lie in the past."""
    path = tmp_path / "mlruns"
    experiment = write_experiment(path)
    for number in (1, 2, 3):
        write_run(
            experiment, number, params={"a": "1", "b/c": "2"}, metrics={"m": f"{START} 0.5 0\n"}, tags={"t": "old"}
        )
    write_text(path / "models" / "churn" / "meta.yaml", "name: churn\n")
    write_text(path / "models" / "churn" / "version-1" / "meta.yaml", "version: 1\n")
    write_text(path / "models" / "churn" / "aliases" / "champion", "1")
    write_text(experiment / "models" / "m-1" / "meta.yaml", "model_id: m-1\n")
    for folder, _, files in os.walk(path):
        for name in files:
            os.utime(Path(folder, name), ns=(START * 1_000_000, START * 1_000_000))
    return path


def scan(root: Path, bookmark: bytes | None = None) -> Listing:
    with closing(MlflowFolderReader(root)) as reader:
        found = reader.scan(bookmark)
        assert isinstance(found, Listing)
        return found


def is_unchanged(root: Path, bookmark: bytes) -> bool:
    with closing(MlflowFolderReader(root)) as reader:
        return reader.scan(bookmark) is None


def changed(root: Path, before: Listing) -> set[str]:
    was, now = (column(listing.runs, "run_key", "fingerprint") for listing in (before, scan(root, before.bookmark)))
    return {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}


def overwrite(path: Path, text: str) -> None:
    """Write in place, as MLflow does: the folder's own time stays."""
    with path.open("r+") as file:
        file.truncate()
        file.write(text)


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_an_unchanged_store_says_so(root: Path):
    assert is_unchanged(root, scan(root).bookmark)


def test_a_bookmark_that_is_not_understood_counts_as_none(root: Path):
    assert scan(root, b"of another reader").runs.num_rows == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda run: append(run / "metrics" / "m", f"{START} 0.6 1\n"),
        lambda run: overwrite(run / "tags" / "t", "new"),
        lambda run: overwrite(run / "params" / "a", "7"),
        lambda run: overwrite(run / "params" / "b" / "c", "7"),
        lambda run: overwrite(run / "meta.yaml", (run / "meta.yaml").read_text().replace("status: 3", "status: 4")),
        lambda run: write_text(run / "params" / "new", "1"),
        lambda run: write_text(run / "inputs" / "1" / "meta.yaml", "source_type: MODEL\n"),
        lambda run: (run / "tags" / "t").unlink(),
        lambda run: (run / "params" / "a").rename(run / "params" / "z"),
        lambda run: (run / "artifacts").rmdir(),
        shutil.rmtree,
    ],
    ids=["metric", "tag", "param", "nested", "status", "new", "input", "unset", "renamed", "artifacts", "removed"],
)
def test_a_change_of_one_run_changes_only_that_run(root: Path, change: Callable[[Path], object]):
    before = scan(root)
    change(root / "1" / run_id(2))
    assert changed(root, before) == {run_id(2)}


def test_a_new_run_is_seen(root: Path):
    before = scan(root)
    write_run(root / "1", 4)
    assert changed(root, before) == {run_id(4)}


def test_new_artifacts_change_nothing(root: Path):
    bookmark = scan(root).bookmark
    write_text(root / "1" / run_id(1) / "artifacts" / "model.pkl", "x")
    assert is_unchanged(root, bookmark)


def test_moving_an_experiment_to_the_trash_changes_its_runs(root: Path):
    before = scan(root)
    (root / ".trash").mkdir()
    (root / "1").rename(root / ".trash" / "1")
    assert changed(root, before) == {run_id(1), run_id(2), run_id(3)}


@pytest.mark.parametrize(
    "name",
    [
        "1/meta.yaml",
        "1/models/m-1/meta.yaml",
        "1/models/m-2/meta.yaml",
        "models/churn/meta.yaml",
        "models/churn/version-1/meta.yaml",
        "models/churn/version-2/meta.yaml",
        "models/churn/aliases/champion",
        "models/churn/aliases/new",
    ],
)
def test_a_change_of_the_catalog_is_seen_although_no_run_changed(root: Path, name: str):
    before = scan(root)
    write_text(root / name, "name: new\n")
    assert changed(root, before) == set()
    assert not is_unchanged(root, before.bookmark)


def test_a_half_written_last_line_is_left_for_the_next_time(root: Path):
    run = write_run(root / "1", 4, status=1, metrics={"m": f"{START} 0.1 0\n{START} 0.2"})
    with closing(MlflowFolderReader(root)) as reader:
        before = reader.scan(None)
        assert isinstance(before, Listing)
        assert loaded(reader.load([run_id(4)]))["point"]["value"].to_pylist() == [0.1]
        assert [(found.kind, found.place) for found in reader.warnings.found] == [
            ("half-written metric line", f"1/{run_id(4)}/metrics/m")
        ]
    append(run / "metrics" / "m", "5 1\n")
    assert changed(root, before) == {run_id(4)}
    with closing(MlflowFolderReader(root)) as reader:
        assert loaded(reader.load([run_id(4)]))["point"]["value"].to_pylist() == [0.1, 0.25]


def test_a_last_line_without_its_end_counts_once_the_run_has_ended(root: Path):
    write_run(root / "1", 4, status=3, metrics={"m": f"{START} 0.1 0\n{START} 0.2 1"})
    with closing(MlflowFolderReader(root)) as reader:
        assert loaded(reader.load([run_id(4)]))["point"]["value"].to_pylist() == [0.1, 0.2]
        assert reader.warnings.found == []


def test_a_line_written_after_the_scan_is_a_change_at_the_next_one(root: Path):
    metric = root / "1" / run_id(1) / "metrics" / "m"
    with closing(MlflowFolderReader(root)) as reader:
        before = reader.scan(None)
        assert isinstance(before, Listing)
        append(metric, f"{START} 0.9 9\n")
        assert loaded(reader.load([run_id(1)]))["point"]["value"].to_pylist() == [0.5, 0.9]
    assert changed(root, before) == {run_id(1)}


def test_a_run_removed_between_scan_and_load_is_left_out_with_a_warning(root: Path):
    with closing(MlflowFolderReader(root)) as reader:
        reader.scan(None)
        shutil.rmtree(root / "1" / run_id(2))
        assert set(loaded(reader.load(None))["run"]["run_key"].to_pylist()) == {run_id(1), run_id(3)}
        assert [found.kind for found in reader.warnings.found] == ["file that can't be read"]
