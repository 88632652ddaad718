"""What real folder stores hold besides what MLflow writes today."""

from __future__ import annotations

import math
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import SourceUnreadable
from lean_core.runs.reader import Listing
from lean_core.runs.readers.mlflow_folder import MlflowFolderReader
from tests.runs.readers.folder_stores import START, run_id, write_experiment, write_run, write_text
from tests.runs.readers.mlflow_stores import loaded

START_TIME = datetime(1970, 1, 1) + timedelta(milliseconds=START)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "mlruns"


@pytest.fixture
def experiment(root: Path) -> Path:
    return write_experiment(root)


@pytest.fixture
def reader(root: Path) -> Iterator[MlflowFolderReader]:
    with closing(MlflowFolderReader(root)) as opened:
        yield opened


def read(reader: MlflowFolderReader) -> dict[str, list[dict[str, Any]]]:
    return {name: table.to_pylist() for name, table in loaded(reader.load(None)).items()}


def pairs(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["key"]: row["value"] for row in rows}


def warned(reader: MlflowFolderReader) -> dict[str, int]:
    return dict(Counter(warning.kind for warning in reader.warnings.found))


# Runs that are none


def test_a_run_folder_without_meta_file_is_skipped_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment)
    (experiment / run_id(2) / "artifacts").mkdir(parents=True)
    assert [run["run_id"] for run in read(reader)["run"]] == [run_id(1)]
    [warning] = reader.warnings.found
    assert (warning.kind, warning.place) == ("run folder without meta.yaml", f"1/{run_id(2)}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"artifact_uri: file:///x\nend_time: 17300",
        b"a: b: c\n",
        b"{",
        b"- a\n",
        b"a: \xff\xfe\n",
        b"\0" * 512,
        b"[" * 50_000,
        b"key: *unknown\n",
    ],
)
def test_a_run_whose_meta_file_is_broken_is_skipped_with_a_warning(
    experiment: Path, reader: MlflowFolderReader, content: bytes
):
    write_run(experiment)
    (write_run(experiment, 2, params={"a": "1"}) / "meta.yaml").write_bytes(content)
    tables = read(reader)
    assert [run["run_id"] for run in tables["run"]] == [run_id(1)]
    assert tables["param"] == []
    assert warned(reader) == {"broken meta.yaml": 1}


def test_a_run_with_a_broken_meta_file_is_still_listed_so_that_it_does_not_count_as_gone(
    experiment: Path, reader: MlflowFolderReader
):
    (write_run(experiment) / "meta.yaml").write_bytes(b"")
    listing = reader.scan(None)
    assert isinstance(listing, Listing)
    assert listing.runs["run_key"].to_pylist() == [run_id(1)]


def test_folders_that_systems_and_notebooks_leave_are_passed_over(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment, params={"a": "1", ".DS_Store": "\0\1"}, metrics={"m": "1 2 3\n", "._m": "\0"})
    write_text(experiment / ".ipynb_checkpoints" / "meta.yaml", "run_id: x\n")
    write_text(run / "tags" / ".ipynb_checkpoints" / "note-checkpoint", "x")
    write_text(experiment.parent / ".DS_Store", "\0")
    tables = read(reader)
    assert (len(tables["run"]), pairs(tables["param"]), tables["tag"]) == (1, {"a": "1"}, [])
    assert [point["key"] for point in tables["point"]] == ["m"]
    assert warned(reader) == {"file that is not MLflow's": 5}


def test_folders_of_mlflow_that_are_no_runs_are_not_taken_for_runs(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment)
    for name in ("datasets", "models", "tags", "traces"):
        write_text(experiment / name / "something" / "else", "")
    write_text(experiment / "tags" / "mlflow.note.content", "about it")
    assert len(read(reader)["run"]) == 1
    assert reader.warnings.found == []


def test_artifact_folders_may_have_any_name(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment)
    for name in ("datasets", "models", "metrics", "params", run_id(9)):
        write_text(run / "artifacts" / name / "meta.yaml", "run_id: x\n")
    assert len(read(reader)["run"]) == 1
    assert reader.warnings.found == []


def test_files_between_the_folders_are_of_no_concern(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment)
    write_text(experiment / "notes.txt", "")
    write_text(experiment.parent / "mlflow.log", "")
    assert len(read(reader)["run"]) == 1
    assert reader.warnings.found == []


# What runs say of themselves


@pytest.mark.parametrize(
    ("written", "status"),
    [
        (1, "RUNNING"),
        (2, "SCHEDULED"),
        (3, "FINISHED"),
        (4, "FAILED"),
        (5, "KILLED"),
        ("'3'", "FINISHED"),
        ("KILLED", "KILLED"),
        (9, None),
        ("ODD", None),
        (None, None),
        ("-", None),
    ],
)
def test_a_status_is_a_number_or_a_word_and_an_unknown_one_is_none(
    experiment: Path, reader: MlflowFolderReader, written: object, status: str | None
):
    write_run(experiment, status=written)
    assert read(reader)["run"][0]["status"] == status


@pytest.mark.parametrize(
    ("meta", "tags", "name"),
    [
        ({"run_name": "meta"}, {"mlflow.runName": "tag"}, "meta"),
        ({"run_name": "''", "name": "old"}, {"mlflow.runName": "tag"}, "tag"),
        ({"run_name": "-", "name": "''"}, {"mlflow.runName": "tag"}, "tag"),
        ({"run_name": "-", "name": "old"}, {}, "old"),
        ({"run_name": None, "name": "''"}, {}, None),
        ({"run_name": "'null'"}, {}, "null"),
        ({"run_name": "'007'"}, {}, "007"),
        ({"run_name": "1e5"}, {}, "1e5"),
        ({"run_name": '"a: \\"b\\" é"'}, {}, 'a: "b" é'),
    ],
)
def test_a_name_is_in_the_meta_file_or_in_a_tag(
    experiment: Path, reader: MlflowFolderReader, meta: dict[str, object], tags: dict[str, str], name: str | None
):
    write_run(experiment, tags=tags, **meta)
    assert read(reader)["run"][0]["name"] == name


def test_a_run_of_an_old_version_has_run_uuid_and_a_user_in_a_tag(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, run_id="-", run_uuid=f"'{run_id(1)}'", user_id="-", tags={"mlflow.user": "ben"})
    [run] = read(reader)["run"]
    assert (run["run_id"], run["user"]) == (run_id(1), "ben")


def test_runs_without_dates_and_running_ones_with_an_end_are_taken_as_they_are(
    experiment: Path, reader: MlflowFolderReader
):
    write_run(experiment, 1, start_time=None, end_time="-")
    write_run(experiment, 2, status=1)
    runs = {run["run_id"]: (run["status"], run["start_time"], run["end_time"]) for run in read(reader)["run"]}
    assert runs == {
        run_id(1): ("FINISHED", None, None),
        run_id(2): ("RUNNING", START_TIME, START_TIME + timedelta(milliseconds=1)),
    }
    assert reader.warnings.found == []


def test_a_time_that_no_calendar_has_is_left_out_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    nanoseconds = START * 1_000_000
    write_run(experiment, start_time=nanoseconds, metrics={"m": f"{nanoseconds} 0.5 1\n{START} 0.6 2\n"})
    tables = read(reader)
    assert tables["run"][0]["start_time"] is None
    assert {point["value"]: point["time"] for point in tables["point"]} == {0.5: None, 0.6: START_TIME}
    assert warned(reader) == {"time that no calendar has": 2}


def test_a_copied_run_folder_is_a_run_of_its_own_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, 2, run_id=f"'{run_id(1)}'")
    assert [run["run_id"] for run in read(reader)["run"]] == [run_id(2)]
    assert [(found.kind, found.skipped) for found in reader.warnings.found] == [
        ("run id differs from its folder", False)
    ]


def test_a_run_moved_to_another_experiment_belongs_where_it_lies(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, experiment_id=7)
    assert [run["experiment_key"] for run in read(reader)["run"]] == ["1"]
    assert warned(reader) == {"experiment id differs from its folder": 1}


# Params, metrics and tags


def test_keys_may_hold_slashes_spaces_and_any_letter(experiment: Path, reader: MlflowFolderReader):
    keys = ["a/b/c", "Categorical Imputer", "Categorical Imputer ", " x", "größe", "学习率", "🎈", "a:b", "x=1", ".dot"]
    write_run(experiment, params={key: key.upper() for key in keys}, metrics=dict.fromkeys(keys, "1 0.5 0\n"))
    tables = read(reader)
    assert pairs(tables["param"]) == {key: key.upper() for key in keys}
    assert {point["key"] for point in tables["point"]} == set(keys)
    assert reader.warnings.found == []


def test_a_name_that_is_not_utf_8_is_escaped_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment, params={"plain": "1"})
    odd = os.fsencode(run / "params") + b"/caf\xe9"
    try:
        Path(os.fsdecode(odd)).write_bytes(b"2")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert pairs(read(reader)["param"]) == {"plain": "1", r"caf\xe9": "2"}
    assert [(found.kind, found.skipped) for found in reader.warnings.found] == [("name that is not UTF-8", False)]


def test_text_that_is_not_utf_8_is_escaped_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment)
    (run / "tags" / "note").write_bytes(b"caf\xe9")
    assert pairs(read(reader)["tag"]) == {"note": r"caf\xe9"}
    assert [(found.kind, found.skipped) for found in reader.warnings.found] == [("text that is not UTF-8", False)]


@pytest.mark.parametrize("value", ["", " ", "line\nline\r\n", "x" * 6_001, "é" * 300_000, "\ufeffbom", "a\0b"])
def test_a_param_is_all_that_its_file_holds(experiment: Path, reader: MlflowFolderReader, value: str):
    write_run(experiment, params={"p": value})
    assert pairs(read(reader)["param"]) == {"p": value}


def test_a_param_of_megabytes_is_skipped_with_a_warning(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, params={"huge": "x" * (5 << 20), "small": "1"})
    assert pairs(read(reader)["param"]) == {"small": "1"}
    assert warned(reader) == {"file that can't be read": 1}


def test_metric_lines_of_two_to_five_fields_are_read_with_the_step_that_was_written(
    experiment: Path, reader: MlflowFolderReader
):
    text = f"{START} 0.1\n{START} 0.2 3\n{START} 0.3 4 {run_id(1)}\n{START} 0.4 5 train 300830b9\n"
    write_run(experiment, metrics={"m": text})
    points = read(reader)["point"]
    assert [(point["step"], point["value"], point["time"]) for point in points] == [
        (0, 0.1, START_TIME),
        (3, 0.2, START_TIME),
        (4, 0.3, START_TIME),
        (5, 0.4, START_TIME),
    ]


def test_nan_and_infinities_survive(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, metrics={"m": "1 nan 0\n1 inf 1\n1 -Infinity 2\n"})
    values = [point["value"] for point in read(reader)["point"]]
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf]


def test_malformed_metric_lines_are_counted_and_the_others_read(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, metrics={"m": "1 0.5 0\nhello\n2 0.6 1\n\0\0\0\n", "n": "", "o": "x\n"})
    assert [point["value"] for point in read(reader)["point"]] == [0.5, 0.6]
    assert {(found.kind, found.place, found.message) for found in reader.warnings.found} == {
        ("malformed metric line", f"1/{run_id(1)}/metrics/m", "2 of its lines"),
        ("malformed metric line", f"1/{run_id(1)}/metrics/o", "1 of its lines"),
        ("empty metric file", f"1/{run_id(1)}/metrics/n", ""),
    }


def test_a_history_of_many_points_comes_in_chunks(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment, metrics={"m": "".join(f"{START + step} {step / 7} {step}\n" for step in range(150_000))})
    points = loaded(reader.load(None))["point"]
    assert points["step"].to_pylist() == list(range(150_000))
    assert points["value"][149_999].as_py() == 149_999 / 7


def test_an_input_names_its_dataset_and_context(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment)
    write_text(
        experiment / "datasets" / "d1" / "meta.yaml", "digest: abc\nname: train\nsource: s\nsource_type: local\n"
    )
    said = "destination_id: x\ndestination_type: RUN\nsource_id: {}\nsource_type: {}\ntags: {}\n"
    write_text(run / "inputs" / "1" / "meta.yaml", said.format("d1", "DATASET", "\n  mlflow.data.context: eval"))
    write_text(run / "inputs" / "2" / "meta.yaml", said.format("m-1", "MODEL", "{}"))
    write_text(run / "inputs" / "3" / "meta.yaml", said.format("gone", "DATASET", "{}"))
    write_text(run / "inputs" / "4" / "meta.yaml", "")
    (run / "inputs" / "5").mkdir()
    [found] = read(reader)["input"]
    assert found == {
        "run_key": run_id(1),
        "name": "train",
        "digest": "abc",
        "context": "eval",
        "source_type": "local",
        "source": "s",
    }
    assert warned(reader) == {"file that can't be read": 2, "broken meta.yaml": 1}


# Experiments and the trash


def test_what_lies_in_the_trash_is_deleted_whatever_its_meta_file_says(root: Path, reader: MlflowFolderReader):
    write_run(write_experiment(root / ".trash", "5"), 1)
    write_run(write_experiment(root, "6", lifecycle_stage="deleted"), 2)
    assert {row["experiment_id"]: row["lifecycle"] for row in reader.catalog()["experiment"].to_pylist()} == {
        "5": "deleted",
        "6": "active",
    }
    assert {run["run_id"]: run["lifecycle"] for run in read(reader)["run"]} == {
        run_id(1): "deleted",
        run_id(2): "active",
    }


def test_ids_that_are_both_live_and_in_the_trash_stay_apart(root: Path, reader: MlflowFolderReader):
    write_run(write_experiment(root), 1, params={"from": "live"})
    write_run(write_experiment(root / ".trash"), 1, params={"from": "trash"})
    tables = read(reader)
    trashed = f".trash/1/{run_id(1)}"
    assert {run["run_key"]: (run["run_id"], run["experiment_key"], run["lifecycle"]) for run in tables["run"]} == {
        run_id(1): (run_id(1), "1", "active"),
        trashed: (run_id(1), ".trash/1", "deleted"),
    }
    assert {param["run_key"]: param["value"] for param in tables["param"]} == {run_id(1): "live", trashed: "trash"}
    experiments = reader.catalog()["experiment"].to_pylist()
    assert [(row["experiment_key"], row["experiment_id"]) for row in experiments] == [("1", "1"), (".trash/1", "1")]
    assert warned(reader) == {"run id that occurs twice": 1}


def test_an_experiment_that_lost_its_meta_file_keeps_its_runs(root: Path, reader: MlflowFolderReader):
    write_run(root / "1")
    assert [run["experiment_key"] for run in read(reader)["run"]] == ["1"]
    assert [row["name"] for row in reader.catalog()["experiment"].to_pylist()] == [None]
    assert warned(reader) == {"experiment without meta.yaml": 1}


def test_an_experiment_with_a_broken_meta_file_keeps_its_runs(experiment: Path, reader: MlflowFolderReader):
    write_run(experiment)
    (experiment / "meta.yaml").write_text("name: [")
    assert len(read(reader)["run"]) == 1
    assert [row["experiment_key"] for row in reader.catalog()["experiment"].to_pylist()] == ["1"]
    assert warned(reader) == {"broken meta.yaml": 1}


def test_a_broken_model_is_skipped_and_the_others_read(experiment: Path, reader: MlflowFolderReader):
    root = experiment.parent
    write_text(root / "models" / "good" / "meta.yaml", "name: good\ncreation_timestamp: 1\n")
    write_text(root / "models" / "good" / "version-1" / "meta.yaml", "name: good\nversion: 1\nstatus: READY\n")
    write_text(root / "models" / "good" / "version-2" / "meta.yaml", "{")
    write_text(root / "models" / "good" / "version-3" / "meta.yaml", "current_stage: Deleted_Internal\nversion: 3\n")
    write_text(root / "models" / "bad" / "meta.yaml", "")
    write_text(experiment / "models" / "m-1" / "meta.yaml", "model_id: m-1\nstatus: 2\n")
    write_text(experiment / "models" / "m-2" / "meta.yaml", "- x")
    (experiment / "models" / "m-3" / "artifacts").mkdir(parents=True)
    catalog = reader.catalog()
    assert catalog["registered_model"]["name"].to_pylist() == ["good"]
    assert catalog["model_version"]["version"].to_pylist() == ["1"]
    assert catalog["logged_model"].select(["model_id", "status"]).to_pylist() == [
        {"model_id": "m-1", "status": "READY"}
    ]
    assert warned(reader) == {"broken meta.yaml": 3}


# Databases beside folders


def make_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("create table experiments (x); create table runs (x);")
    return path


def test_a_folder_that_holds_only_artifacts_names_the_database_of_their_runs(root: Path, reader: MlflowFolderReader):
    (root / "0" / run_id(1) / "artifacts").mkdir(parents=True)
    database = make_database(root.parent / "mlflow.db")
    with pytest.raises(SourceUnreadable, match=f"their runs are in {database}: name that file as the source"):
        reader.scan(None)


def test_a_mixed_folder_gives_its_runs_and_names_the_database_of_the_others(root: Path, reader: MlflowFolderReader):
    write_run(write_experiment(root))
    (root / "2" / run_id(2) / "artifacts").mkdir(parents=True)
    database = make_database(root / "tracking.sqlite")
    assert [run["run_id"] for run in read(reader)["run"]] == [run_id(1)]
    assert reader.catalog()["experiment"]["experiment_key"].to_pylist() == ["1"]
    assert warned(reader) == {"folder without meta.yaml": 1, "part of the folder belongs to a database": 1}
    assert str(database) in reader.warnings.found[-1].message


def test_artifacts_of_a_database_that_is_a_source_itself_are_no_reason_to_warn(root: Path):
    write_run(write_experiment(root))
    (root / "1" / run_id(3) / "artifacts").mkdir(parents=True)
    (root / "2" / run_id(2) / "artifacts").mkdir(parents=True)
    database = make_database(root.parent / "mlflow.db")
    with closing(MlflowFolderReader(root)) as alone:
        listed = alone.scan(None)
        assert sum(warned(alone).values()) == 3
    assert isinstance(listed, Listing)
    with closing(MlflowFolderReader(root, also=frozenset({database.resolve()}))) as reader:
        assert isinstance(reader.scan(listed.bookmark), Listing), "or the warnings of the last import would stay"
        assert [run["run_id"] for run in read(reader)["run"]] == [run_id(1)]
        assert warned(reader) == {}


def test_what_is_no_artifact_of_the_database_is_still_counted(root: Path):
    write_run(write_experiment(root))
    write_text(root / "2" / run_id(2) / "params" / "lr", "0.1")
    write_text(root / "1" / run_id(3) / "metrics" / "auc", "1 0.5 0")
    database = make_database(root.parent / "mlflow.db")
    with closing(MlflowFolderReader(root, also=frozenset({database.resolve()}))) as reader:
        reader.scan(None)
        assert warned(reader) == {"folder without meta.yaml": 1, "run folder without meta.yaml": 1}


# Links, pipes and what may not be read


def test_links_that_lead_back_into_the_store_are_not_followed(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment, params={"a": "1"})
    (experiment.parent / "loop").symlink_to(experiment.parent, target_is_directory=True)
    (experiment / "up").symlink_to("..", target_is_directory=True)
    (experiment / "latest").symlink_to(run, target_is_directory=True)
    (experiment / "self").symlink_to("self")
    (run / "params" / "again").symlink_to(run / "params", target_is_directory=True)
    (run / "params" / "dangling").symlink_to("nowhere")
    (run / "metrics" / "circle").symlink_to("circle")
    tables = read(reader)
    assert (len(tables["run"]), pairs(tables["param"])) == (1, {"a": "1"})
    assert warned(reader) == {
        "link to a folder of the same store": 3,
        "link to a folder": 1,
        "file that can't be read": 2,
    }


def test_an_experiment_linked_from_another_disk_is_read(root: Path, reader: MlflowFolderReader, tmp_path: Path):
    write_experiment(root, "0")
    elsewhere = write_experiment(tmp_path / "disk", "1")
    write_run(elsewhere)
    (root / "1").symlink_to(elsewhere, target_is_directory=True)
    assert [run["run_id"] for run in read(reader)["run"]] == [run_id(1)]


def test_a_pipe_among_the_files_does_not_hold_the_reader_up(experiment: Path, reader: MlflowFolderReader):
    run = write_run(experiment, params={"a": "1"})
    os.mkfifo(run / "params" / "pipe")
    os.mkfifo(run / "metrics" / "pipe")
    assert pairs(read(reader)["param"]) == {"a": "1", "pipe": ""}


def test_a_folder_that_fails_to_open_is_skipped_with_its_reason(
    experiment: Path, reader: MlflowFolderReader, monkeypatch: pytest.MonkeyPatch
):
    write_run(experiment, 1, params={"a": "1"}, metrics={"m": "1 2 3\n"})
    write_run(experiment, 2)
    really = os.listdir

    def refuse(path: str):
        if path.rstrip("/").endswith(("/metrics", run_id(2))):
            raise PermissionError(13, "Permission denied", path)
        return really(path)

    monkeypatch.setattr("lean_core.runs.readers.mlflow_folder.run_files.os.listdir", refuse)  # root may list anything
    listing = reader.scan(None)
    assert isinstance(listing, Listing)
    assert listing.runs["run_key"].to_pylist() == [run_id(1), run_id(2)]
    tables = read(reader)
    assert ([row["run_id"] for row in tables["run"]], pairs(tables["param"]), tables["point"]) == (
        [run_id(1)],
        {"a": "1"},
        [],
    )
    assert warned(reader) == {"file that can't be read": 2}


def test_a_file_that_fails_to_open_is_skipped_with_its_reason(
    experiment: Path, reader: MlflowFolderReader, monkeypatch: pytest.MonkeyPatch
):
    write_run(experiment, params={"a": "1", "b": "2"}, metrics={"m": "1 2 3\n"})
    really = os.open

    def refuse(path: str, flags: int):
        if path.endswith(("/params/a", "/metrics/m")):
            raise PermissionError(13, "Permission denied", path)
        return really(path, flags)

    monkeypatch.setattr("lean_core.runs.readers.small_files.os.open", refuse)
    tables = read(reader)
    assert (pairs(tables["param"]), tables["point"]) == ({"b": "2"}, [])
    assert {(found.kind, found.place, found.message) for found in reader.warnings.found} == {
        ("file that can't be read", f"1/{run_id(1)}/params/a", "Permission denied"),
        ("file that can't be read", f"1/{run_id(1)}/metrics/m", "Permission denied"),
    }
