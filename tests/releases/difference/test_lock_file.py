from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_core.objects import LocalObjects
from lean_core.registry import Environment, read_version
from lean_core.releases.difference import read_packages
from lean_core.releases.difference.lock_file import parse_lock_file
from tests.registry.folders import FILES, a_record, write_version

TOML = '[[{0}]]\nname = "numpy"\nversion = "2.3.0"\n[[{0}]]\nname = "scikit.learn"\nversion = "1.7.2"\n'
FORMATS = {
    "requirements.lock": "numpy==2.3.0 \\\n    --hash=sha256:aa\nScikit_Learn[all]==1.7.2 ; python_version > '3'\n",
    "requirements-dev.txt": "numpy==2.3.0\nscikit-learn==1.7.2\n",
    "uv.lock": "version = 1\n" + TOML.format("package"),
    "poetry.lock": TOML.format("package"),
    "pylock.toml": TOML.format("packages"),
    "pylock.prod.toml": TOML.format("packages"),
    "Pipfile.lock": json.dumps(
        {"_meta": {}, "default": {"numpy": {"version": "==2.3.0"}}, "develop": {"scikit-learn": {"version": "==1.7.2"}}}
    ),
    "renv.lock": json.dumps({"Packages": {"numpy": {"Version": "2.3.0"}, "scikit-learn": {"Version": "1.7.2"}}}),
    "conda-lock.yml": "package:\n- name: numpy\n  version: 2.3.0\n- name: scikit-learn\n  version: 1.7.2\n",
    "pixi.lock": "version: 6\npackages:\n- conda: https://conda.anaconda.org/x/linux-64/numpy-2.3.0-py311_0.conda\n"
    "- pypi: https://x/scikit_learn.whl\n  name: scikit-learn\n  version: 1.7.2\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_lock_file_names_its_packages(name: str):
    found = parse_lock_file(f"locks/{name}", FORMATS[name].encode())
    assert (dict(found.versions), found.problem) == ({"numpy": "2.3.0", "scikit-learn": "1.7.2"}, None)


def test_a_package_in_several_versions_has_all_of_them():
    text = "".join(f'[[package]]\nname = "numpy"\nversion = "{version}"\n' for version in ("2.3.0", "1.26.4"))
    assert parse_lock_file("uv.lock", text.encode()).versions == {"numpy": "1.26.4, 2.3.0"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("uv.lock", b"{", "is damaged"),
        ("uv.lock", b"\xff", "is damaged"),
        ("uv.lock", b"", "names no package"),
        ("uv.lock", b"package = 3", "is damaged"),
        ("Pipfile.lock", b"[]", "is damaged"),
        ("pixi.lock", b"a: [", "is damaged"),
        ("conda-lock.yml", b"3", "is damaged"),
        ("Cargo.lock", b"", "is of a format that is not read"),
    ],
)
def test_what_can_not_be_read_says_why(name: str, content: bytes, words: str):
    found = parse_lock_file(name, content)
    assert not found.versions
    assert words in (found.problem or "")


def test_the_lock_file_of_a_version_is_read_from_the_registry(tmp_path: Path):
    write_version(tmp_path)
    objects = LocalObjects(tmp_path)
    version = read_version(objects, "churn", "1")
    assert read_packages(objects, version).versions == {"scikit-learn": "1.7.2"}


def test_a_lock_file_that_is_not_there_or_not_named_says_so(tmp_path: Path):
    write_version(tmp_path, files={name: FILES[name] for name in FILES if name != "requirements.lock"})
    write_version(tmp_path, a_record(version="2", environment=Environment(python="3.11")))
    objects = LocalObjects(tmp_path)
    problems = [read_packages(objects, read_version(objects, "churn", name)).problem for name in ("1", "2")]
    assert problems == ["its lock file requirements.lock is not there", "its record names no lock file"]
