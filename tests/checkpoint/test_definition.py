from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.checkpoint.definition import Definition, Undefined, find_definition
from tests.repo import Repo

FILES = {
    "Makefile": "DEPLOY := x\n\ndeploy: build\n\t./go\n",
    "justfile": "ship target:\n    echo\n",
    "package.json": '{"scripts": {"deploy": "x"}}',
    "deploy.sh": "#!/bin/sh\n",
    "jobs/deploy.py": "",
    "Dockerfile": "FROM scratch\n",
    "fly.toml": "",
    "Procfile": "web: x\n",
    "main.tf": "",
    ".gitlab-ci.yml": "deploy: {}\n",
    ".github/workflows/aaa.yml": "on: push\n",
    ".github/workflows/release.yml": "run: lean-mlops deploy churn 1 --env prod\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    found = Repo(tmp_path / "repo")
    found.commit("Begin", FILES)
    return found


def find(repo: Repo, how: str) -> Definition | Undefined:
    return find_definition(how, folder=repo.folder, root=repo.folder)


@pytest.mark.parametrize(
    ("how", "path"),
    [
        ("make deploy", "Makefile"),
        ("make -s ENV=prod deploy", "Makefile"),
        ("just ship prod", "justfile"),
        ("npm run deploy", "package.json"),
        ("sh deploy.sh", "deploy.sh"),
        ("./deploy.sh --env 'prod'", "deploy.sh"),
        ("python -m jobs.deploy", "jobs/deploy.py"),
        ("env ENV=prod sh deploy.sh", "deploy.sh"),
        ("docker push registry/churn", "Dockerfile"),
        ("fly deploy", "fly.toml"),
        ("git push heroku main", "Procfile"),
        ("terraform apply", "main.tf"),
        ("https://github.com/us/churn/actions/runs/12345", ".github/workflows/release.yml"),
        ("https://gitlab.com/us/churn/-/jobs/1", ".gitlab-ci.yml"),
    ],
)
def test_the_file_that_defines_it_is_found(repo: Repo, how: str, path: str):
    found = find(repo, how)
    assert isinstance(found, Definition), found
    assert (found.path, found.committed) == (path, True)


@pytest.mark.parametrize(
    "how",
    [
        "make undeploy",
        "make DEPLOY",
        "npm run undeploy",
        "kubectl set image x",
        "by hand in the console",
        "copied model.pkl as README says",
        "cat /etc/hostname",
        "sh ../outside.sh",
        "an open 'quote",
        "https://ci.example.com/42",
        "x" * 5000,
    ],
)
def test_what_no_file_defines_is_said_to_be_undefined(repo: Repo, how: str):
    for name in ("README", "model.pkl"):
        (repo.folder / name).write_text("")
    (repo.folder.parent / "outside.sh").write_text("")
    found = find(repo, how)
    assert isinstance(found, Undefined)
    assert "only who did it knows how" in found.sentence


def test_a_file_that_changed_since_its_commit_is_not_committed(repo: Repo):
    (repo.folder / "deploy.sh").write_text("#!/bin/sh\nexit 1\n")
    found = find(repo, "sh deploy.sh")
    assert isinstance(found, Definition)
    assert not found.committed


def test_a_file_that_git_does_not_have_is_not_committed(repo: Repo):
    (repo.folder / "new.sh").write_text("")
    found = find(repo, "sh new.sh")
    assert isinstance(found, Definition)
    assert not found.committed


def test_outside_of_a_repository_it_can_not_be_looked_up(tmp_path: Path):
    found = find_definition("make deploy", folder=tmp_path, root=None)
    assert isinstance(found, Undefined)
    assert "in no git repository" in found.sentence
