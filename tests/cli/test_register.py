from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry import read_version
from tests.repo import Repo

MAKE_STORE = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import mlflow, pandas
from mlflow.pyfunc import PythonModel

class Model(PythonModel):
    def predict(self, context, model_input, params=None):
        return [0]

folder = Path(sys.argv[1])
mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
mlflow.create_experiment("churn", artifact_location=str(folder / "mlruns"))
mlflow.set_experiment("churn")
frame = pandas.DataFrame({"a": [1.0, 2.0]})
made = []
for depth, auc in ((3, 0.8), (4, 0.9)):
    with mlflow.start_run() as run:
        mlflow.log_params({"depth": depth, "db": "postgresql://ana:s3cret@host/db"})
        mlflow.log_metrics({"auc": auc, "loss": float("nan")})
        mlflow.log_input(mlflow.data.from_pandas(frame, source="s3://bucket/train.parquet", name="train"), "training")
        mlflow.log_input(mlflow.data.from_pandas(frame, name="frame"), "eval")
        mlflow.set_tag("mlflow.source.git.repoURL", "https://token@host/churn.git")
        mlflow.pyfunc.log_model(
            name="model", python_model=Model(), registered_model_name="churn", pip_requirements=["mlflow==3.17.2"]
        )
        made.append(run.info.run_id)
mlflow.MlflowClient().set_registered_model_alias("churn", "champion", 2)
(folder / "runs.txt").write_text(" ".join(made))
"""


@pytest.fixture(scope="session")
def mlflow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with MLflow's database, its artifacts, and the ids of the two runs."""
    folder = tmp_path_factory.mktemp("mlflow")
    subprocess.run([sys.executable, "-c", MAKE_STORE, str(folder)], check=True, capture_output=True, timeout=180)
    return folder


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Return a repository that is a workspace, with a trained model in it."""
    (tmp_path / "gitconfig").write_text("[user]\nname = Ana\nemail = ana@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    repo = Repo(tmp_path / "project")
    toml = '[registry]\nuri = "registry"\n[sources.local]\nuri = "mlflow.db"\n'
    files = {"lean.toml": toml, "train.py": "1\n", "uv.lock": "version = 1\n", ".gitignore": "out/\n", "t.csv": "1\n"}
    repo.commit("one", files)
    repo.git("remote", "add", "origin", "https://ana:s3cret@host/churn.git")
    (repo.folder / "out").mkdir()
    (repo.folder / "out" / "model.pkl").write_text("weights")
    return repo


@pytest.fixture
def with_runs(repo: Repo, mlflow_store: Path) -> list[str]:
    """Put MLflow's store into the repository, and return the ids of its two runs."""
    shutil.copy(mlflow_store / "mlflow.db", repo.folder)
    shutil.copytree(mlflow_store / "mlruns", repo.folder / "mlruns")
    return (mlflow_store / "runs.txt").read_text().split()


def record_of(repo: Repo, version: str = "1"):
    record = read_version(LocalObjects(repo.folder / "registry"), "churn", version).record
    assert record is not None
    return record


def test_a_model_becomes_a_version_with_all_that_can_be_found(call, repo: Repo):
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--data", "train=t.csv", cwd=repo.folder)
    assert (done.returncode, done.stdout) == (0, f"{repo.folder}/registry/churn/1\n"), done.stderr
    record = record_of(repo)
    assert record.artifact is not None
    assert (record.artifact.path, record.artifact.sha256) == ("model.pkl", hashlib.sha256(b"weights").hexdigest())
    assert record.code is not None
    assert (record.code.commit, record.code.repo, record.code.dirty) == (
        *(repo.git("rev-parse", "HEAD"), "https://host/churn.git", False),
    )
    assert [(data.name, data.ref) for data in record.data] == [("train", "t.csv")]
    assert record.environment is not None
    assert (record.environment.lockfile, record.owner, record.created_by) == ("uv.lock", "Ana", "Ana")
    assert "note: no metrics: --metrics FILE" in done.stderr
    assert done.stderr.splitlines()[-1] == "registered churn 1; next: lean-mlops gate churn 1 --env ENV"


def test_what_the_workbench_writes_does_not_make_the_tree_dirty(call, repo: Repo, with_runs: list[str]):
    for version in ("1", "2"):
        done = call("register", "churn", version, "--artifact", "out/model.pkl", "--run", with_runs[1], cwd=repo.folder)
        assert done.returncode == 0, done.stderr
        assert record_of(repo, version).code.dirty is False


def test_a_dirty_tree_is_registered_as_dirty_and_said(call, repo: Repo):
    (repo.folder / "train.py").write_text("2\n")
    (repo.folder / "new.py").write_text("2\n")
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", cwd=repo.folder)
    assert record_of(repo).code.dirty is True
    assert "note: the working tree is dirty (1 changed, 1 untracked: train.py, new.py)" in done.stderr


def test_the_run_tells_params_metrics_and_data(call, repo: Repo, with_runs: list[str]):
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", with_runs[1], cwd=repo.folder)
    assert done.returncode == 0, done.stderr
    record = record_of(repo)
    assert record.params == {"depth": "4", "db": "postgresql://ana:***@host/db"}
    assert record.run.run_id == with_runs[1]
    found = {data.name: (data.ref, data.context) for data in record.data}
    assert found == {"train": ("s3://bucket/train.parquet", "training"), "frame": ("", "eval")}
    assert all(data.digest.startswith("mlflow:") for data in record.data)
    metrics = json.loads((repo.folder / "registry/churn/1/metrics.json").read_text())
    assert metrics == {"auc": 0.9, "loss": "NaN"}
    assert "does not say from where: --data frame=REF" in done.stderr
    assert "s3cret" not in done.stderr + (repo.folder / "registry/churn/1/version.json").read_text()


@pytest.mark.parametrize("form", ["{0}", "local:{0}", "{0:.12}", "local:{0:.12}"])
def test_a_run_is_named_by_its_id_its_reference_or_their_beginnings(call, repo, with_runs, form: str):
    name = form.format(with_runs[0])
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", name, cwd=repo.folder)
    assert done.returncode == 0, done.stderr
    assert record_of(repo).run.run_id == with_runs[0]


def test_a_name_that_means_several_runs_or_none_is_code_2(call, repo: Repo, with_runs: list[str]):
    for name, words in (("local:", f"names 2 runs: say which, of local:{with_runs[1]}"), ("nope", "no run 'nope'")):
        done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", name, cwd=repo.folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_what_was_logged_since_the_last_sync_counts(call, repo: Repo, with_runs: list[str]):
    assert call("sync", cwd=repo.folder).returncode == 0
    script = (
        "import sys, mlflow; client = mlflow.MlflowClient('sqlite:///mlflow.db');"
        " client.log_metric(sys.argv[1], 'late', 0.5)"
    )
    subprocess.run([sys.executable, "-c", script, with_runs[0]], cwd=repo.folder, check=True, capture_output=True)
    call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", with_runs[0], cwd=repo.folder)
    assert json.loads((repo.folder / "registry/churn/1/metrics.json").read_text())["late"] == 0.5


def test_a_source_that_is_gone_leaves_its_last_import_and_says_so(call, repo: Repo, with_runs: list[str]):
    assert call("sync", cwd=repo.folder).returncode == 0
    (repo.folder / "mlflow.db").rename(repo.folder / "out" / "away.db")
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", with_runs[0], cwd=repo.folder)
    assert done.returncode == 0, done.stderr
    assert "note: source local could not be synced, its last import was used" in done.stderr


@pytest.mark.parametrize(("name", "at"), [("churn@champion", 1), ("churn/1", 0)])
def test_a_version_of_mlflow_s_registry_becomes_one_of_ours(call, repo, with_runs, name: str, at: int):
    done = call("register", "churn", "1", "--from-mlflow", name, "--note", "API", cwd=repo.folder)
    assert done.returncode == 0, done.stderr
    record = record_of(repo)
    assert (record.artifact.path, record.artifact.format) == ("model", "mlflow")
    assert (repo.folder / "registry/churn/1/model/MLmodel").is_file()
    assert record.run.run_id == with_runs[at]
    assert (record.mlflow.source, record.mlflow.model, record.mlflow.version) == ("local", "churn", str(at + 1))
    assert record.mlflow.aliases == (("champion",) if at else ())
    assert record.params["depth"] == ("4" if at else "3")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from-mlflow", "churn@gone"], "no alias 'gone' in any source; there is: champion"),
        (["--from-mlflow", "churn/7"], "no version '7' in any source; there is: 1, 2"),
        (["--from-mlflow", "fraud/1"], "no registered model 'fraud'"),
        (["--from-mlflow", "churn"], "write MODEL/VERSION or MODEL@ALIAS"),
        (["--from-mlflow", "churn/1", "--source", "nope"], "there is no source 'nope'"),
        (["--from-mlflow", "churn/1", "--artifact", "x"], "one of them"),
        ([], "one of them"),
        (["--artifact", "gone.pkl"], "there is no gone.pkl"),
        (["--artifact", "out/model.pkl", "--data", "train"], "write NAME=REF"),
        (["--artifact", "out/model.pkl", "--metrics", "uv.lock"], "uv.lock is not JSON"),
    ],
)
def test_what_can_t_be_registered_as_it_was_asked_is_code_2(call, repo, with_runs, arguments: list[str], words: str):
    done = call("register", "churn", "1", *arguments, cwd=repo.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert not (repo.folder / "registry").exists()


def test_a_version_that_is_there_is_code_2_with_who_and_when(call, repo: Repo):
    register = ("register", "churn", "1", "--artifact", "out/model.pkl")
    assert call(*register, "--by", "Bob", cwd=repo.folder).returncode == 0
    done = call(*register, cwd=repo.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "churn/1 is registered already, by Bob on 20" in done.stderr
    assert record_of(repo).created_by == "Bob"


def test_a_dry_run_shows_the_record_and_writes_nothing(call, repo: Repo):
    before = sorted(repo.folder.rglob("*"))
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--dry-run", cwd=repo.folder)
    shown = json.loads(done.stdout)
    assert (shown["written"], shown["record"]["artifact"]["path"]) == (False, "model.pkl")
    assert sorted(repo.folder.rglob("*")) == before


def test_json_says_what_was_written_and_what_is_missing(call, repo: Repo):
    arguments = ("--artifact", "out/model.pkl", "--owner", "Team", "--note", "API", "--json")
    done = call("register", "churn", "1", *arguments, cwd=repo.folder)
    said = json.loads(done.stdout)
    assert list(said) == ["model", "version", "uri", "written", "missing", "notes", "record"]
    assert (said["written"], said["missing"]) == (True, ["data", "metrics"])
    assert said["record"] == json.loads((repo.folder / "registry/churn/1/version.json").read_text())
    assert said["record"]["owner"] == "Team"


def test_paths_count_from_where_the_command_is_given(call, repo: Repo):
    arguments = ("--artifact", "model.pkl", "--data", "train=../t.csv", "--workspace", str(repo.folder))
    done = call("register", "churn", "1", *arguments, cwd=repo.folder / "out")
    assert done.returncode == 0, done.stderr
    assert record_of(repo).data[0].ref == "t.csv"
    assert record_of(repo).environment.lockfile == "uv.lock"


def test_without_a_registry_in_the_settings_it_says_how_to_name_one(call, make_workspace):
    done = call("register", "churn", "1", "--artifact", "x", cwd=make_workspace(""))
    assert done.returncode == 2
    assert "names no registry: add a line [registry]" in done.stderr


def test_a_registry_elsewhere_that_is_not_there_is_code_3_and_not_made(call, repo: Repo, tmp_path: Path):
    (repo.folder / "lean.toml").write_text(f'[registry]\nuri = "{tmp_path}/share/registry"\n')
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", cwd=repo.folder)
    assert done.returncode == 3
    assert "there is no folder" in done.stderr
    assert not (tmp_path / "share").exists()


HEAVY = {"streamlit", "pandas", "mlflow", "boto3", "pyarrow", "sqlglot", "numpy", "yaml"}
MODULES_AFTER = """
import json, sys
from lean_core.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""


def test_without_a_run_nothing_heavy_is_imported(repo: Repo):
    command = [sys.executable, "-c", MODULES_AFTER, "register", "churn", "1", "--artifact", "out/model.pkl"]
    root = Path(__file__).parents[2]
    env = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=repo.folder, env=env, capture_output=True, encoding="utf-8", check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert not HEAVY & set(modules)


def test_a_run_of_a_source_that_is_no_longer_named_is_taken_as_it_was_imported(call, repo: Repo, with_runs: list[str]):
    assert call("sync", cwd=repo.folder).returncode == 0
    (repo.folder / "lean.toml").write_text('[registry]\nuri = "registry"\n')
    done = call("register", "churn", "1", "--artifact", "out/model.pkl", "--run", with_runs[0], cwd=repo.folder)
    assert done.returncode == 0, done.stderr
    assert "note: source local is no longer in lean.toml, its last import was used" in done.stderr
    assert record_of(repo).params["depth"] == "3"
