"""What docs/ci.md offers to paste is run here, step by step, as the CI would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from tests.ceph import Ceph

TEXT = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
GATE = """
[workspace]
name = "startup"

[registry]
uri = "{uri}"
{more}
owner = "ana"

[gates.churn.prod.metrics]
auc = {{ min = 0.8 }}
"""
TRAIN = """
import json, pathlib
pathlib.Path("model.joblib").write_bytes(b"weights")
pathlib.Path("metrics.json").write_text(json.dumps({"auc": AUC}))
"""
DEPLOY = '#!/bin/sh\nset -eu\necho "$LEAN_VERSION $LEAN_ARTIFACT" > live.txt\n'


def block(name: str) -> str:
    (found,) = re.findall(rf"<!-- {name} -->\n```\w+\n(.*?)\n```", TEXT, flags=re.DOTALL)
    return found


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return what a job's shell has: the programs, and the files that GitHub reads afterwards."""
    (tmp_path / "variables").touch()
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ENV": str(tmp_path / "variables"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_SERVER_URL": "https://git.example",
        "GITHUB_REPOSITORY": "startup/churn",
        "GITHUB_RUN_ID": "7",
        "CI_JOB_URL": "https://git.example/jobs/7",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
    }


@pytest.fixture(params=["folder", "S3"])
def repository(request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str]) -> Path:
    """Return a startup's repository whose registry lies in a folder, or in a bucket."""
    uri, more = str(tmp_path / "registry"), ""
    (tmp_path / "registry").mkdir()
    if request.param == "S3":
        ceph: Ceph = request.getfixturevalue("ceph")
        environment["AWS_ACCESS_KEY_ID"] = ceph.owner.access_key
        environment["AWS_SECRET_ACCESS_KEY"] = ceph.owner.secret_key
        uri, more = f"s3://{make_bucket(ceph)}/registry", f'endpoint = "{ceph.http}"\nregion = "default"'
    folder = tmp_path / "startup"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "train.csv").write_text("customer,cancelled\n1,0\n2,1\n")
    (folder / "lean.toml").write_text(GATE.format(uri=uri, more=more))
    (folder / "deploy.sh").write_text(DEPLOY)
    (folder / "deploy.sh").chmod(0o755)
    (folder / ".gitignore").write_text("lean.duckdb*\nmodel.joblib\nmetrics.json\nlive.txt\ngate.xml\n")
    (folder / "requirements.txt").write_text("joblib==1.5.2\n")
    write_training(folder, auc=0.84)
    return folder


def make_bucket(ceph: Ceph) -> str:
    import boto3

    name = f"ci-{uuid.uuid4().hex[:12]}"
    client = boto3.client(
        "s3",
        endpoint_url=ceph.http,
        region_name="default",
        aws_access_key_id=ceph.owner.access_key,
        aws_secret_access_key=ceph.owner.secret_key,
    )
    client.create_bucket(Bucket=name)
    return name


def write_training(folder: Path, *, auc: float) -> None:
    """Commit a training script whose model reaches a score."""
    (folder / "train.py").write_text(TRAIN.replace("AUC", str(auc)))
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
        git(folder, "config", "user.name", "Ana")
        git(folder, "config", "user.email", "ana@example.com")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"Train to {auc}")


def run_github(folder: Path, environment: dict[str, str]) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the steps of the workflow until one fails, and return them by name."""
    (job,) = yaml.safe_load(block("github workflow"))["jobs"].values()
    done = {}
    for step in job["steps"]:
        if "run" not in step or step["name"] == "Install":
            continue
        lines = Path(environment["GITHUB_ENV"]).read_text(encoding="utf-8").splitlines()
        more = dict(line.split("=", 1) for line in lines)
        done[step["name"]] = shell("bash", step["run"], folder, environment | job["env"] | more)
        if done[step["name"]].returncode:
            break
    return done


def shell(program: str, script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, "-e", "-c", script], cwd=folder, env=environment, check=False, capture_output=True, encoding="utf-8"
    )


def run_gitlab(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    job = yaml.safe_load(block("gitlab pipeline"))["release"]
    lines = [line for line in job["script"] if "pip install" not in line]
    return shell("bash", "\n".join(lines), folder, environment | job["variables"])


def live(folder: Path, environment: dict[str, str]) -> str | None:
    told = shell("sh", "lean-mlops live churn --env prod --json", folder, environment)
    assert told.returncode == 0, told.stderr
    (prod,) = json.loads(told.stdout)
    return prod["version"]


def test_a_good_model_goes_through_every_step_of_the_workflow(repository: Path, environment: dict[str, str]):
    done = run_github(repository, environment)
    assert {name: step.returncode for name, step in done.items()} == dict.fromkeys(
        ["Name the version", "Train", "Register", "Gate", "Deploy"], 0
    ), done
    version = (repository / "live.txt").read_text().split()[0]
    assert version.endswith(git(repository, "log", "-1", "--format=%h"))
    assert live(repository, environment) == version
    assert "auc" in Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


def test_a_bad_model_stops_at_the_gate_and_what_was_live_stays(repository: Path, environment: dict[str, str]):
    run_github(repository, environment)
    before = live(repository, environment)
    write_training(repository, auc=0.71)
    Path(environment["GITHUB_ENV"]).write_text("")
    done = run_github(repository, environment)
    assert [name for name, step in done.items() if step.returncode] == ["Gate"]
    assert done["Gate"].returncode == 1
    assert "::error" in done["Gate"].stdout + done["Gate"].stderr
    assert live(repository, environment) == before
    assert list(ET.parse(repository / "gate.xml").iter("failure"))


def test_the_pipeline_of_gitlab_releases_too(repository: Path, environment: dict[str, str]):
    del environment["GITHUB_ACTIONS"], environment["GITHUB_STEP_SUMMARY"]
    done = run_gitlab(repository, environment)
    assert done.returncode == 0, done.stderr
    assert live(repository, environment) == (repository / "live.txt").read_text().split()[0]


def test_the_shell_script_releases_and_stops_at_a_bad_model(repository: Path, environment: dict[str, str]):
    done = shell("sh", block("shell script"), repository, environment)
    assert done.returncode == 0, done.stderr
    first = live(repository, environment)
    write_training(repository, auc=0.5)
    assert shell("sh", block("shell script"), repository, environment).returncode == 1
    assert live(repository, environment) == first


@pytest.mark.parametrize(
    ("name", "schema"), [("github workflow", "vendor.github-workflows"), ("gitlab pipeline", "vendor.gitlab-ci")]
)
def test_what_is_to_be_pasted_follows_the_schema_of_its_ci(tmp_path: Path, name: str, schema: str):
    (tmp_path / "ci.yml").write_text(block(name))
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", schema, tmp_path / "ci.yml"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


def test_the_workflow_has_no_known_weakness(tmp_path: Path):
    (tmp_path / "release.yml").write_text(block("github workflow"))
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", tmp_path / "release.yml"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
