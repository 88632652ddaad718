"""The repository keeps what its README and its gates promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def readme_command(which: str) -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"<!-- {which} command -->\n```sh\n(.*?)\n```", readme, flags=re.DOTALL)
    return block


@pytest.mark.parametrize("which", ["app", "test"])
def test_the_readme_has_one_line_for_each_command(which: str):
    command = readme_command(which)
    assert len(command.splitlines()) == 1
    files = re.findall(r"[\w./-]+\.(?:txt|py|sh)\b", command)
    assert files
    assert all((ROOT / name).is_file() for name in files)
    assert all(os.access(ROOT / name, os.X_OK) for name in files if name.endswith(".sh"))


def test_ci_runs_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (extraction,) = re.findall(r"^command=\$\((.*)\)$", script, flags=re.MULTILINE)
    found = subprocess.run(["bash", "-c", extraction], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.strip() == readme_command("test")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-test.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
    ],
)
def test_every_dependency_is_pinned_to_a_version_that_is_allowed(lock: str, requirements: list[str]):
    pinned: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        pin = Requirement(line)
        (version,) = [each.version for each in pin.specifier if each.operator == "=="]
        pinned.setdefault(canonicalize_name(pin.name), []).append(version)
    for wanted in map(Requirement, requirements):
        versions = pinned[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), wanted


def test_every_runtime_dependency_says_why_it_is_here():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for dependency in PROJECT["dependencies"]:
        assert re.search(rf'^    "{re.escape(dependency)}", +# \w', text, flags=re.MULTILINE), dependency


def run_pytest(folder: Path, **environment: str) -> str:
    plain = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-q", "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env=plain | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip().splitlines()[-1]


def test_a_skipped_test_is_a_failure_in_ci_only(tmp_path: Path):
    (tmp_path / "test_one.py").write_text(
        "import pytest\n"
        "def test_skips(): pytest.skip('no Chromium')\n"
        "@pytest.mark.skip\ndef test_marked(): pass\n"
        "@pytest.mark.xfail\ndef test_known(): assert False\n"
        "def test_passes(): pass\n"
    )
    (tmp_path / "test_two.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    assert run_pytest(tmp_path).startswith("1 passed, 3 skipped, 1 xfailed")
    assert run_pytest(tmp_path, CI="true").startswith("1 error")
    (tmp_path / "test_two.py").unlink()
    assert run_pytest(tmp_path, CI="true").startswith("1 failed, 1 passed, 1 xfailed, 1 error")
