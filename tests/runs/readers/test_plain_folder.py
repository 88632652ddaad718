"""The shapes of plain run folders, as DVC, Lightning, Hydra, Keras, Sacred, Hugging Face and people write them."""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import SourceMissing, SourceUnreadable
from lean_core.runs.reader import Listing
from lean_core.runs.readers.plain_folder import PlainFolderReader
from lean_core.runs.readers.plain_folder.layout import COMMIT_FILES, FACT_FILES, METRIC_FILES, PARAM_FILES
from tests.runs.readers.folder_stores import see, write_text, write_tree
from tests.runs.readers.mlflow_stores import loaded

COMMIT = "4fb06428dfe34952bf94285071010ed2aaaaaaaa"


class Read:
    """Everything that was read of a folder."""

    def __init__(self, root: Path) -> None:
        with closing(PlainFolderReader(root)) as reader:
            self.tables = {name: table.to_pylist() for name, table in loaded(reader.load(None)).items()}
            self.experiments = reader.catalog()["experiment"].to_pylist()
            self.warned = dict(Counter(found.kind for found in reader.warnings.found))
            self.warnings = reader.warnings.found

    @property
    def run(self) -> dict[str, Any]:
        [run] = self.tables["run"]
        return run

    @property
    def params(self) -> dict[str, str]:
        return {row["key"]: row["value"] for row in self.tables["param"]}

    @property
    def tags(self) -> dict[str, str]:
        return {row["key"]: row["value"] for row in self.tables["tag"] if row["key"] != "files.modified"}

    @property
    def points(self) -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = {}
        for row in self.tables["point"]:
            found.setdefault(row["key"], []).append((row["step"], row["value"]))
        return found


def read(root: Path, files: dict[str, str]) -> Read:
    return Read(write_tree(root, files))


# Shapes


def test_a_run_is_a_folder_with_params_and_metrics(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "sweep/lr1/params.json": '{"lr": 0.1, "model": {"depth": 3, "name": "xgb"}, "early": true, "seed": null}',
            "sweep/lr1/metrics.json": '{"auc": 0.9, "test": {"f1": 0.8, "n": 100}}',
        },
    )
    assert found.params == {
        "lr": "0.1",
        "model.depth": "3",
        "model.name": "xgb",
        "early": "True",
        "seed": "None",
    }
    assert found.points == {"auc": [(0, 0.9)], "test.f1": [(0, 0.8)], "test.n": [(0, 100.0)]}
    run = found.run
    assert (run["run_key"], run["run_id"], run["name"], run["experiment_key"]) == (
        "sweep/lr1",
        "sweep/lr1",
        "lr1",
        "sweep",
    )
    assert (run["status"], run["start_time"], run["end_time"], run["user"]) == (None, None, None, None)
    assert (run["lifecycle"], run["artifact_path"]) == ("active", str(tmp_path / "sweep" / "lr1"))
    assert found.warned == {}


def test_runs_that_lie_in_the_source_itself_belong_to_an_experiment_of_its_name(tmp_path: Path):
    found = read(tmp_path / "runs", {"a/metrics.json": '{"m": 1}', "b/c/metrics.json": '{"m": 2}'})
    assert {run["run_id"]: run["experiment_key"] for run in found.tables["run"]} == {"a": ".", "b/c": "b"}
    assert {row["experiment_key"]: row["name"] for row in found.experiments} == {".": "runs", "b": "b"}


def test_the_source_itself_may_be_the_run_as_in_a_dvc_project(tmp_path: Path):
    found = read(
        tmp_path / "project",
        {
            "params.yaml": "train:\n  lr: 1e-3\n  layers: [64, 32]\n",
            "dvclive/metrics.json": '{"step": 1, "train": {"loss": 0.2}}',
            "dvclive/params.yaml": "epochs: 2\n",
            "dvclive/plots/metrics/train/loss.tsv": "timestamp\tstep\tloss\n1623671484747\t0\t0.4\n"
            "1623671484892\t1\t0.2\n",
            "dvclive/plots/metrics/val/acc.tsv": "step\tacc\n0\t0.5\n1\t0.7\n",
            "dvclive/plots/sklearn/confusion.json": "[]",
            "src/train.py": "",
        },
    )
    assert (found.run["run_id"], found.run["name"]) == (".", "project")
    assert found.params == {"train.lr": "0.001", "train.layers": "[64, 32]", "epochs": "2"}
    assert found.points == {"train.loss": [(1, 0.2), (0, 0.4), (1, 0.2)], "val.acc": [(0, 0.5), (1, 0.7)]}
    assert found.run["start_time"] == datetime(2021, 6, 14, 11, 51, 24, 747_000)
    assert found.warned == {}


def test_lightnings_csv_logger_leaves_blanks_and_a_step(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "lightning_logs/version_0/hparams.yaml": "lr: 0.1\nopt: !!python/object:argparse.Namespace\n  name: adam\n"
            "shape: !!python/tuple\n- 1\n- 2\n",
            "lightning_logs/version_0/metrics.csv": "epoch,step,train_loss,val_loss\n0,9,0.5,\n0,9,,0.6\n1,19,0.4,\n",
        },
    )
    assert found.params == {"lr": "0.1", "opt.name": "adam", "shape": "[1, 2]"}
    assert found.points == {
        "epoch": [(9, 0.0), (9, 0.0), (19, 1.0)],
        "train_loss": [(9, 0.5), (19, 0.4)],
        "val_loss": [(9, 0.6)],
    }
    assert found.run["experiment_key"] == "lightning_logs"


def test_hydra_keeps_its_config_in_a_hidden_folder(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "multirun/2026-11-01/12-00-00/multirun.yaml": "hydra: {}\n",
            "multirun/2026-11-01/12-00-00/0/.hydra/config.yaml": "db:\n  user: ${oc.env:USER}\n",
            "multirun/2026-11-01/12-00-00/0/.hydra/hydra.yaml": "x: 1\n",
            "multirun/2026-11-01/12-00-00/0/train.log": "",
        },
    )
    assert found.run["run_id"] == "multirun/2026-11-01/12-00-00/0"
    assert found.params == {"db.user": "${oc.env:USER}"}


def test_keras_writes_a_log_or_a_history_of_lists(tmp_path: Path):
    found = read(tmp_path / "log", {"a/training.log": "epoch,accuracy,loss\n0,0.5,1.2\n1,0.6,0.9\n"})
    assert found.points == {"accuracy": [(0, 0.5), (1, 0.6)], "loss": [(0, 1.2), (1, 0.9)]}
    found = read(tmp_path / "history", {"a/history.json": '{"loss": [1.2, 0.9], "val_loss": [1.3, NaN]}'})
    assert found.points["loss"] == [(0, 1.2), (1, 0.9)]
    assert math.isnan(found.points["val_loss"][1][1])


def test_sacred_notes_state_times_commit_and_histories(tmp_path: Path):
    repository = {"url": "git@x:y.git", "commit": COMMIT, "dirty": False}
    found = read(
        tmp_path,
        {
            "sacred/1/config.json": '{"seed": 7}',
            "sacred/1/run.json": json.dumps(
                {
                    "experiment": {"name": "iris", "repositories": [repository]},
                    "host": {"os": ["Linux", "6.1"], "cpu": "x"},
                    "result": 0.97,
                    "start_time": "2026-11-01T10:00:00.500000",
                    "status": "COMPLETED",
                    "stop_time": "2026-11-01T10:01:00",
                }
            ),
            "sacred/1/metrics.json": '{"loss": {"steps": [0, 5], "timestamps": ["2026-11-01T10:00:01",'
            ' "2026-11-01T10:00:02"], "values": [0.5, 0.25]}}',
            "sacred/1/cout.txt": "",
            "sacred/_sources/x.py": "",
        },
    )
    run = found.run
    assert (run["status"], run["start_time"], run["end_time"]) == (
        "FINISHED",
        datetime(2026, 11, 1, 10, 0, 0, 500_000),
        datetime(2026, 11, 1, 10, 1),
    )
    assert found.points == {"loss": [(0, 0.5), (5, 0.25)]}
    assert found.params == {"seed": "7"}
    assert found.tags["mlflow.source.git.commit"] == COMMIT
    assert (found.tags["host.os"], found.tags["experiment.name"]) == ('["Linux", "6.1"]', "iris")


def test_hugging_face_logs_into_its_trainer_state(tmp_path: Path):
    history = [{"epoch": 0.5, "loss": 0.7, "step": 10}, {"epoch": 1.0, "eval_loss": 0.6, "step": 20}]
    state = json.dumps({"best_metric": 0.6, "global_step": 20, "log_history": history})
    found = read(
        tmp_path / "done",
        {"out/trainer_state.json": state, "out/all_results.json": '{"eval_loss": 0.6}', "out/config.json": "{}"},
    )
    assert found.points == {"epoch": [(10, 0.5), (20, 1.0)], "loss": [(10, 0.7)], "eval_loss": [(20, 0.6)]}
    running = read(
        tmp_path / "running",
        {"out/checkpoint-9/trainer_state.json": '{"log_history": []}', "out/checkpoint-20/trainer_state.json": state},
    )
    assert (running.run["run_id"], running.points["loss"]) == ("out", [(10, 0.7)])


def test_yolo_pads_its_header_and_logs_durations(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "detect/train/args.yaml": "imgsz: 640\nname: train\n",
            "detect/train/results.csv": "                  epoch,         time,  train/box_loss\n"
            "                      1,      12.4317,          0.9\n                      2,      24.1,          0.8\n",
        },
    )
    assert found.points == {"time": [(1, 12.4317), (2, 24.1)], "train/box_loss": [(1, 0.9), (2, 0.8)]}
    assert found.run["start_time"] is None


def test_ray_tune_writes_json_lines_under_the_name_json(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "t/params.json": '{"lr": 1}',
            "t/result.json": '{"training_iteration": 1, "acc": 0.5, "timestamp": 1730000000, "config": {"lr": 1}}\n'
            '{"training_iteration": 2, "acc": 0.6, "timestamp": 1730000060, "config": {"lr": 1}}\n',
        },
    )
    assert found.points["acc"] == [(1, 0.5), (2, 0.6)]
    assert (found.run["start_time"], found.run["end_time"]) == (
        datetime(2024, 10, 27, 3, 33, 20),
        datetime(2024, 10, 27, 3, 34, 20),
    )


def test_one_file_may_say_it_all(tmp_path: Path):
    document = {
        "name": "best",
        "user": "ana",
        "state": "failed",
        "started_at": "2026-11-01T12:00:00+02:00",
        "git_commit": COMMIT.upper(),
        "params": {"lr": 0.1},
        "metrics": {"auc": 0.9},
    }
    found = read(tmp_path, {"a/run.json": json.dumps(document)})
    run = found.run
    assert (run["name"], run["user"], run["status"], run["start_time"]) == (
        "best",
        "ana",
        "FAILED",
        datetime(2026, 11, 1, 10),
    )
    assert (found.params, found.points) == ({"lr": "0.1"}, {"auc": [(0, 0.9)]})
    assert found.tags["mlflow.source.git.commit"] == COMMIT


@pytest.mark.parametrize("file", ["git_commit", "git_sha.txt", "commit.txt"])
def test_a_commit_may_lie_in_a_file_of_its_own(tmp_path: Path, file: str):
    found = read(tmp_path, {"a/metrics.json": '{"m": 1}', f"a/{file}": f"{COMMIT}\n"})
    assert found.tags == {"mlflow.source.git.commit": COMMIT}


def test_what_is_no_commit_is_not_taken_for_one(tmp_path: Path):
    found = read(tmp_path, {"a/metrics.json": '{"m": 1, "commit": "latest"}', "a/git_commit": "unknown"})
    assert "mlflow.source.git.commit" not in found.tags


def test_toml_is_read_too(tmp_path: Path):
    found = read(tmp_path, {"a/params.toml": "lr = 0.1\nday = 2026-11-01\n[model]\ndepth = 3\n"})
    assert found.params == {"lr": "0.1", "day": "2026-11-01", "model.depth": "3"}


# Which folders are runs


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        (["params.yaml", "a/metrics.json", "b/metrics.json"], ["a", "b"]),
        (["a/results.csv", "a/r1/metrics.json"], ["a", "a/r1"]),
        (["a/params.json", "a/fold0/metrics.json"], ["a/fold0"]),
        (["a/params.json"], ["a"]),
        (["a/config.yaml", "b/metrics.json"], ["b"]),
        (["a/config.yaml", "a/metadata.json"], ["a"]),
        (["a/metrics.json", "a/artifacts/metrics.json", "a/plots/metrics.json", "a/.cache/metrics.json"], ["a"]),
        (["node_modules/x/metrics.json", ".venv/metrics.json", "__pycache__/metrics.json", "z/metrics.json"], ["z"]),
        (["a/checkpoint-5/metrics.json", "a/metrics.json"], ["a"]),
        (["a/Metrics.json", "b/metrics.json"], ["b"]),
        (["mlruns/1/x/metrics.json", "b/metrics.json"], ["b"]),
    ],
)
def test_a_folder_with_metrics_is_a_run_and_one_with_params_where_no_run_lies_below(
    tmp_path: Path, files: list[str], runs: list[str]
):
    write_tree(tmp_path, dict.fromkeys(files, "{}"))
    assert [run["run_id"] for run in Read(tmp_path).tables["run"]] == runs


def test_links_to_folders_are_not_followed(tmp_path: Path):
    write_tree(tmp_path, {"a/metrics.json": '{"m": 1}'})
    (tmp_path / "latest").symlink_to("a", target_is_directory=True)
    (tmp_path / "a" / "loop").symlink_to("..", target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "a" / "params.json").symlink_to(write_text(tmp_path / "shared.json", '{"lr": 1}'))
    found = Read(tmp_path)
    assert (found.run["run_id"], found.params) == ("a", {"lr": "1"})


def test_every_name_in_the_documentation_is_understood_and_every_name_understood_is_in_it():
    text = Path(__file__).parents[3].joinpath("docs", "sources.md").read_text(encoding="utf-8")
    table = text[text.index("| what | names |") :].split("\n\n", 1)[0]
    said: set[str] = set()
    for row in table.splitlines()[2:]:
        stems, endings = re.findall(r"`([^`]+)`", row.split("|")[2]), re.findall(r"`([^`]+)`", row.split("|")[3])
        said |= {f"{stem}{ending}" for stem in stems for ending in endings or [""]}
    assert said == {*PARAM_FILES, *METRIC_FILES, *FACT_FILES, *COMMIT_FILES, ".hydra/config.yaml"}


def test_a_folder_without_runs_is_an_error_that_says_where_to_look(tmp_path: Path):
    with pytest.raises(SourceUnreadable, match=r"no run was found in .*docs/sources\.md"):
        PlainFolderReader(tmp_path).scan(None)
    with pytest.raises(SourceMissing, match="there is no folder"):
        PlainFolderReader(tmp_path / "gone").scan(None)


# Metrics


def test_what_stands_among_metrics_and_is_no_number_becomes_a_tag(tmp_path: Path):
    text = '{"auc": "0.9", "loss": "NaN", "model": "rf", "ok": true, "matrix": [[1, 2], [3, 4]], "none": null, "": {}}'
    found = read(tmp_path, {"a/metrics.json": text})
    assert set(found.points) == {"auc", "loss"}
    assert found.tags == {"model": "rf", "ok": "True", "matrix": "[[1, 2], [3, 4]]"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("NaN", math.nan), ("Infinity", math.inf), ("-Infinity", -math.inf), ('"nan"', math.nan), ('"-inf"', -math.inf)],
)
def test_nan_and_infinities_are_values(tmp_path: Path, text: str, value: float):
    [(_, found)] = read(tmp_path, {"a/metrics.json": f'{{"m": {text}}}'}).points["m"]
    assert found == value or (math.isnan(found) and math.isnan(value))


@pytest.mark.parametrize("name", ["metrics.csv", "metrics.tsv", "metrics.jsonl", "results.csv", "progress.csv"])
def test_a_table_is_a_history_by_its_step(tmp_path: Path, name: str):
    separator = "\t" if name.endswith("tsv") else ","
    text = f"step{separator}loss\n5{separator}0.5\n10{separator}nan\n15{separator}inf\n"
    if name.endswith("jsonl"):
        text = '{"step": 5, "loss": 0.5}\n{"step": 10, "loss": NaN}\n\n{"step": 15, "loss": Infinity}'
    points = read(tmp_path, {f"a/{name}": text}).points["loss"]
    assert [step for step, _ in points] == [5, 10, 15]
    assert (points[0][1], math.isnan(points[1][1]), points[2][1]) == (0.5, True, math.inf)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("Step,loss", ["3,1", "4,2"], {"loss": [(3, 1.0), (4, 2.0)]}),
        ("epoch,loss", ["1,1", "2,2"], {"loss": [(1, 1.0), (2, 2.0)]}),
        ("epoch,loss", ["0.5,1", "1.0,2"], {"epoch": [(0, 0.5), (1, 1.0)], "loss": [(0, 1.0), (1, 2.0)]}),
        ("loss", ["1", "2"], {"loss": [(0, 1.0), (1, 2.0)]}),
        (",loss", ["7,1", "8,2"], {"loss": [(7, 1.0), (8, 2.0)]}),
        ("step;loss", ["1;0.5", "2;0.25"], {"loss": [(1, 0.5), (2, 0.25)]}),
        ("step,loss", ["1,", "2,None", "3,0.5"], {"loss": [(3, 0.5)]}),
        ("model,auc", ["rf,0.8", "xgb,0.9"], {"auc": [(0, 0.8), (1, 0.9)]}),
        ("metric,value", ["auc,0.8", "f1,0.7"], {"auc": [(0, 0.8)], "f1": [(1, 0.7)]}),
        ("name,step,value", ["auc,1,0.8", "auc,2,0.7"], {"auc": [(1, 0.8), (2, 0.7)]}),
        ("auc,f1", ["0.8,0.7"], {"auc": [(0, 0.8)], "f1": [(0, 0.7)]}),
        ("step,auc", ["3,0.8"], {"auc": [(3, 0.8)]}),
        ('"step","a, b"', ['1,"0.5"'], {"a, b": [(1, 0.5)]}),
    ],
)
def test_the_columns_of_a_table_are_understood(
    tmp_path: Path, header: str, rows: list[str], expected: dict[str, list[tuple[int, float]]]
):
    for end in ("\n", "\r\n"):
        text = "\ufeff" + end.join([header, *rows]) + end
        assert read(tmp_path / repr(end).strip("'").replace("\\", ""), {"a/metrics.csv": text}).points == expected


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("1730000000", datetime(2024, 10, 27, 3, 33, 20)),
        ("1730000000.5", datetime(2024, 10, 27, 3, 33, 20, 500_000)),
        ("1730000000000", datetime(2024, 10, 27, 3, 33, 20)),
        ("1730000000000000", datetime(2024, 10, 27, 3, 33, 20)),
        ("1730000000000000000", datetime(2024, 10, 27, 3, 33, 20)),
        ("2024-10-27 03:33:20", datetime(2024, 10, 27, 3, 33, 20)),
        ("2024-10-27T03:33:20Z", datetime(2024, 10, 27, 3, 33, 20)),
        ("2024-10-27T05:33:20+02:00", datetime(2024, 10, 27, 3, 33, 20)),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_in_a_table_may_be_a_number_of_any_unit_or_a_text(tmp_path: Path, cell: str, time: datetime | None):
    found = read(tmp_path, {"a/metrics.csv": f"step,timestamp,loss\n0,{cell},0.5\n1,{cell},0.4\n"})
    assert [row["time"] for row in found.tables["point"]] == [time, time]
    assert set(found.points) == {"loss"}
    assert (found.run["start_time"], found.run["end_time"]) == (time, time)


def test_a_result_stands_behind_its_history_unless_it_repeats_the_end_of_it(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "a/metrics.csv": "epoch,loss,auc\n1,0.5,0.8\n2,0.4,0.9\n",
            "a/summary.json": '{"loss": 0.4, "auc": 0.85, "new": 1}',
        },
    )
    assert found.points == {
        "loss": [(1, 0.5), (2, 0.4)],
        "auc": [(1, 0.8), (2, 0.9), (3, 0.85)],
        "new": [(0, 1.0)],
    }


def test_files_that_contradict_each_other_are_warned_of(tmp_path: Path):
    found = read(
        tmp_path,
        {
            "a/params.json": '{"lr": 1, "same": 2}',
            "a/config.yaml": "lr: 3\nsame: 2\n",
            "a/metrics.json": '{"auc": 0.9}',
            "a/results.json": '{"auc": 0.8}',
        },
    )
    assert (found.params, found.points) == ({"lr": "1", "same": "2"}, {"auc": [(0, 0.9)]})
    assert found.warned == {"param that two files give differently": 1, "metric that two files give differently": 1}


# Odd files


@pytest.mark.parametrize(
    "files",
    [
        {"metrics.json": ""},
        {"metrics.json": '{"a": '},
        {"metrics.json": "0.9"},
        {"metrics.json": "[" * 100_000},
        {"metrics.yaml": "a: [1"},
        {"metrics.yaml": "[" * 5_000},
        {"metrics.yaml": "- a\n- b\n"},
        {"params.toml": "= 1", "metrics.json": "{}"},
        {"params.json": "[1, 2]", "metrics.json": "{}"},
        {"metrics.json": '{"a": ' * 100 + "1" + "}" * 100},
        {"metrics.jsonl": '{"step": 1, "a": 1}\n{"step": 2\n[1]\n'},
        {"metrics.csv": "a,b\n1,2,3\n1\n1,2\n"},
    ],
)
def test_a_file_that_cannot_be_understood_costs_only_itself(tmp_path: Path, files: dict[str, str]):
    write_tree(tmp_path / "odd", files)
    write_tree(tmp_path / "whole", {"metrics.json": '{"m": 1}'})
    found = Read(tmp_path)
    assert [run["run_id"] for run in found.tables["run"]] == ["odd", "whole"]
    assert found.points["m"] == [(0, 1.0)]
    assert len(found.warnings) == 1
    assert found.warnings[0].place.startswith("odd/")


def test_a_short_yaml_that_unfolds_to_billions_is_refused(tmp_path: Path):
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{level}: &a{level} {{x: *a{level - 1}, y: *a{level - 1}}}" for level in range(1, 40)]
    found = read(tmp_path, {"a/params.yaml": "\n".join(lines), "b/metrics.json": '{"m": 1}'})
    assert found.warned == {"file that can't be understood": 1}
    assert found.points == {"m": [(0, 1.0)]}


def test_yaml_words_stay_words(tmp_path: Path):
    text = "country: no\nat: 12:30\nday: 2026-11-01\noctal: 010\nbig: 1_000\nhex: 0x1F\nyes: true\nlr: 1e-05\n"
    assert read(tmp_path, {"a/params.yaml": text}).params == {
        "country": "no",
        "at": "12:30",
        "day": "2026-11-01",
        "octal": "10",
        "big": "1_000",
        "hex": "0x1F",
        "yes": "True",
        "lr": "1e-05",
    }


def test_windows_files_are_read(tmp_path: Path):
    found = read(
        tmp_path,
        {"a/params.json": '\ufeff{\r\n"lr": 1}', "a/metrics.yaml": "\ufeffauc: 0.9\r\n", "a/config.yaml": "x: 'y'\r\n"},
    )
    assert (found.params, found.points, found.warned) == ({"lr": "1", "x": "y"}, {"auc": [(0, 0.9)]}, {})


def test_of_a_key_given_twice_the_last_counts(tmp_path: Path):
    assert read(tmp_path, {"a/params.json": '{"a": 1, "a": 2}'}).params == {"a": "2"}


def test_halves_of_characters_are_escaped(tmp_path: Path):
    found = read(tmp_path, {"a/params.json": r'{"a\ud800": "b\udfff"}', "a/metrics.json": r'{"\ud800": 1}'})
    assert (found.params, list(found.points)) == ({r"a\ud800": r"b\udfff"}, [r"\ud800"])


def test_names_that_are_not_utf_8_are_escaped(tmp_path: Path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    write_text(folder / "metrics.json", '{"m": 1}')
    found = Read(tmp_path)
    assert (found.run["run_id"], found.run["name"]) == (r"caf\xe9", r"caf\xe9")


def test_a_file_that_fails_to_open_is_skipped_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: str, flags: int):
        raise PermissionError(13, "Permission denied", path)

    write_tree(tmp_path, {"a/metrics.json": '{"m": 1}', "a/git_commit": COMMIT})
    monkeypatch.setattr("lean_core.runs.readers.small_files.os.open", refuse)  # root may read anything
    found = Read(tmp_path)
    assert (found.run["run_id"], found.points) == ("a", {})
    assert {(warning.kind, warning.place, warning.message) for warning in found.warnings} == {
        ("file that can't be read", "a/metrics.json", "Permission denied"),
        ("file that can't be read", "a/git_commit", "Permission denied"),
    }


def test_pickles_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_tree(
        tmp_path, {"a/metrics.json": "{}", "a/metrics.pkl": "x", "a/training_args.bin": "x", "a/params.pkl": "x"}
    )
    opened: list[str] = []
    really = os.open
    monkeypatch.setattr(
        "lean_core.runs.readers.small_files.os.open", lambda path, flags: opened.append(path) or really(path, flags)
    )
    Read(tmp_path)
    assert {Path(path).name for path in opened} == {"metrics.json"}


def test_a_large_table_is_handed_over_while_it_is_read(tmp_path: Path):
    rows = "".join(f"{step},{step / 3},{step / 7}\n" for step in range(70_000))
    write_tree(tmp_path, {"a/metrics.csv": f"step,x,y\n{rows}"})
    with closing(PlainFolderReader(tmp_path)) as reader:
        chunks = [(chunk.table, chunk.rows.num_rows) for chunk in reader.load(None)]
    assert [count for table, count in chunks if table == "point"] == [65_536, 65_536, 140_000 - 2 * 65_536]
    assert chunks.index(("point", 65_536)) == 0


# Syncing again


def test_nothing_in_the_folder_changes(tmp_path: Path):
    write_tree(tmp_path, {"a/metrics.csv": "step,m\n1,2\n", "a/params.yaml": "a: 1", "b/run.json": '{"name": "x"}'})
    before = see(tmp_path)
    with closing(PlainFolderReader(tmp_path)) as reader:
        listing = reader.scan(None)
        assert isinstance(listing, Listing)
        loaded(reader.load(None))
        reader.catalog()
        assert reader.scan(listing.bookmark) is None
    assert see(tmp_path) == before


def test_a_change_of_one_run_changes_only_that_run(tmp_path: Path):
    write_tree(tmp_path, {"a/metrics.csv": "step,m\n1,2\n", "b/metrics.json": "{}", "b/note.txt": ""})

    def marks() -> dict[str, int]:
        listing = PlainFolderReader(tmp_path).scan(b"of another reader")
        assert isinstance(listing, Listing)
        return {row["run_key"]: row["fingerprint"] for row in listing.runs.to_pylist()}

    before = marks()
    with (tmp_path / "a" / "metrics.csv").open("a") as file:
        file.write("2,3\n")
    write_text(tmp_path / "b" / "note.txt", "nothing that is read")
    after = marks()
    assert before["a"] != after["a"]
    assert before["b"] == after["b"]
    write_text(tmp_path / "b" / "params.json", "{}")
    assert marks()["b"] != after["b"]


def test_some_runs_are_loaded_alone(tmp_path: Path):
    write_tree(tmp_path, {"a/metrics.json": '{"m": 1}', "b/metrics.json": '{"m": 2}'})
    with closing(PlainFolderReader(tmp_path)) as reader:
        tables = loaded(reader.load(["b", "unknown"]))
    assert (tables["run"]["run_id"].to_pylist(), tables["point"]["value"].to_pylist()) == (["b"], [2.0])


def test_the_newest_file_dates_a_run_by_a_tag_of_its_own_not_as_its_start(tmp_path: Path):
    write_tree(tmp_path, {"a/metrics.json": '{"m": 1}', "a/params.json": "{}"})
    os.utime(tmp_path / "a" / "metrics.json", (1_730_000_000, 1_730_000_000))
    os.utime(tmp_path / "a" / "params.json", (1_720_000_000, 1_720_000_000))
    found = Read(tmp_path)
    assert [row["value"] for row in found.tables["tag"]] == ["2024-10-27T03:33:20Z"]
    assert (found.run["start_time"], found.run["end_time"]) == (None, None)
