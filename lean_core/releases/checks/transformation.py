"""A data transformation test: a pytest target that is run, and whose result counts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from lean_core.registry import CheckResult
from lean_core.registry.hashing import hash_file
from lean_core.releases.times import tell_duration
from lean_core.settings import TransformationSettings

_PASSED, _FAILED, _INTERRUPTED, _USAGE, _NONE = 0, 1, 2, 4, 5
"""pytest's exit codes."""
_NAMED = 3
"""How many failing tests a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """What came of running a target."""

    __test__ = False  # pytest takes every class that is called so for tests

    exit_code: int | None
    """None where time was up."""
    passed: int = 0
    failed: tuple[str, ...] = ()
    """The names of tests that failed."""
    broken: tuple[str, ...] = ()
    """The names of tests that could not run, because what they need failed before."""
    has_report: bool = True


def check_transformation(
    name: str, settings: TransformationSettings, *, folder: Path, environ: Mapping[str, str]
) -> CheckResult:
    """Run a test and judge it; one that could not run, or of which nothing ran, is unknown."""
    result = CheckResult(name=f"transformation.{name}", verdict="unknown", threshold="passes")
    test = folder / settings.pytest.partition("::")[0]
    try:
        if test.is_file():
            result = replace(result, evidence=(f"{settings.pytest} sha256:{hash_file(test)}",))
        with tempfile.TemporaryDirectory(prefix="lean-mlops-") as scratch:
            run = run_target(settings, folder=folder, environ=environ, report=Path(scratch, "report.xml"))
    except OSError as error:
        return replace(
            result, reason=f"{settings.pytest} could not be run ({error.strerror}): correct the path in lean.toml"
        )
    return judge_run(result, run, settings)


def judge_run(result: CheckResult, run: TestRun, settings: TransformationSettings) -> CheckResult:
    """Judge what came of a test."""
    value = f"{run.passed} passed, {len(run.failed)} failed" if run.exit_code is not None else None
    result = replace(result, value=value)
    if run.exit_code == _FAILED and run.failed:
        named = ", ".join(run.failed[:_NAMED]) + (", …" if run.failed[_NAMED:] else "")
        return replace(result, verdict="fail", reason=f"failed: {named}")
    if run.exit_code == _PASSED and run.passed and run.has_report:
        return replace(result, verdict="pass", reason=f"{settings.pytest}: {run.passed} passed")
    return replace(result, reason=f"{settings.pytest} {_obstacle(run, settings)}")


def run_target(settings: TransformationSettings, *, folder: Path, environ: Mapping[str, str], report: Path) -> TestRun:
    """Run pytest on a target in a process of its own, and end it with all that it started when time is up.

    Raises:
        OSError: there is no such Python.
    """
    # Only a path with a slash is looked up from where the process starts.
    python = str(folder / settings.python) if settings.python else sys.executable
    options = ["-q", "--color=no", "-p", "no:cacheprovider", f"--junitxml={report}"]
    process = subprocess.Popen(
        [python, "-m", "pytest", *options, settings.pytest],
        cwd=folder,
        # Options of whoever called us could narrow down or only list what is run.
        env={name: value for name, value in environ.items() if name != "PYTEST_ADDOPTS"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code: int | None = process.wait(timeout=settings.timeout.total_seconds())
    except subprocess.TimeoutExpired:
        code = None
    finally:
        if process.poll() is None:
            _kill(process)
    return read_report(report, exit_code=code)


def read_report(report: Path, *, exit_code: int | None) -> TestRun:
    """Read the report that pytest wrote."""
    try:
        cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - as above
    except (OSError, ET.ParseError):
        return TestRun(exit_code=exit_code, has_report=False)
    failed = tuple(_name(case) for case in cases if case.find("failure") is not None)
    broken = tuple(_name(case) for case in cases if case.find("error") is not None)
    others = [case for case in cases if case.find("failure") is None and case.find("error") is None]
    passed = sum(case.find("skipped") is None for case in others)
    return TestRun(exit_code=exit_code, passed=passed, failed=failed, broken=broken)


def _obstacle(run: TestRun, settings: TransformationSettings) -> str:
    if run.exit_code is None:
        return f"was not done after {tell_duration(settings.timeout)}: give it more time, or fewer rows"
    if run.broken:
        return f"could not run ({', '.join(run.broken[:_NAMED])}): repair what it needs"
    if run.exit_code == _NONE or (run.exit_code == _PASSED and run.has_report):
        return "has no test that ran: correct the name, or see why all are skipped"
    if run.exit_code == _USAGE:
        return "is not there: correct the name in lean.toml"
    if run.exit_code == _FAILED and not run.has_report:
        return "could not be run, is pytest installed for that Python? name another under python in lean.toml"
    return f"could not be run (pytest ended with code {run.exit_code}): try it by hand"


def _name(case: ET.Element) -> str:
    return "::".join(part for part in (case.get("classname", ""), case.get("name", "")) if part)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # what it started, too
        else:
            process.kill()
    process.wait()
