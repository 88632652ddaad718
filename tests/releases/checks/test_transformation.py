from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from lean_core.registry import Answer
from lean_core.registry.hashing import hash_file
from lean_core.releases.checks.transformation import check_transformation
from lean_core.settings import TransformationSettings

TESTS = """
import os, time, pytest
def test_passes(): pass
@pytest.mark.parametrize("n", range(3))
def test_some(n): assert n < 2, "secret"
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.xfail
def test_known(): assert False
@pytest.fixture
def database(): raise RuntimeError("password")
def test_needs(database): pass
def test_sleeps(): time.sleep(60)
def test_dies(): os._exit(7)
def test_surroundings(): assert os.environ["WANTED"] == "yes" and os.path.exists("features.py")
"""


@pytest.fixture
def check(tmp_path: Path):
    (tmp_path / "features.py").write_text(TESTS)

    def run(target: str, **settings):
        wanted = TransformationSettings(pytest=target, **settings)
        environ = os.environ | {
            "WANTED": "yes",
            "PYTEST_ADDOPTS": "--collect-only",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        return check_transformation("features", wanted, folder=tmp_path, environ=environ)

    return run


@pytest.mark.parametrize(
    ("target", "verdict", "said"),
    [
        ("features.py::test_passes", "pass", "features.py::test_passes: 1 passed"),
        ("features.py::test_surroundings", "pass", "1 passed"),
        ("features.py::test_some", "fail", "failed: features::test_some[2]"),
        ("features.py::test_skipped", "unknown", "has no test that ran"),
        ("features.py::test_known", "unknown", "has no test that ran"),
        ("features.py::test_needs", "unknown", "could not run (features::test_needs): repair what it needs"),
        ("features.py::test_dies", "unknown", "could not be run (pytest ended with code 7)"),
        ("features.py::test_gone", "unknown", "is not there: correct the name in lean.toml"),
        ("gone.py", "unknown", "is not there: correct the name in lean.toml"),
        (".", "unknown", "has no test that ran"),
    ],
)
def test_a_test_passes_fails_or_is_unknown(check, target: str, verdict: Answer, said: str):
    result = check(target)
    assert (result.name, result.verdict) == ("transformation.features", verdict)
    assert said in result.reason
    assert "secret" not in result.reason
    assert "password" not in result.reason


def test_a_file_that_cannot_be_imported_is_unknown(check, tmp_path: Path):
    (tmp_path / "broken.py").write_text("import no_such_module\ndef test_x(): pass")
    assert check("broken.py").verdict == "unknown"


def test_a_test_that_takes_too_long_is_ended_and_unknown(check):
    result = check("features.py::test_sleeps", timeout=dt.timedelta(seconds=2))
    assert result.verdict == "unknown"
    assert "was not done after 2 seconds" in result.reason


def test_the_digest_of_the_test_is_evidence(check, tmp_path: Path):
    digest = hash_file(tmp_path / "features.py")
    assert check("features.py::test_passes").evidence == (f"features.py::test_passes sha256:{digest}",)


def test_a_python_that_is_not_there_is_unknown(check):
    result = check("features.py::test_passes", python="no/python")
    assert (result.verdict, result.value) == ("unknown", None)
    assert "could not be run (No such file or directory)" in result.reason


def test_a_python_without_pytest_is_unknown(check, tmp_path: Path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    result = check("features.py::test_passes", python="python")
    assert result.verdict == "unknown"
    assert "is pytest installed for that Python?" in result.reason
