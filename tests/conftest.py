"""What all tests share: a clock that stands still, workspaces, and no silent skips in CI."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.ceph import Ceph, missing_programs, start_ceph
from tests.swift import Swift, missing_parts, start_swift

# A shared machine may pause any example for longer than the 200 ms that hypothesis allows.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

MakeWorkspace = Callable[..., Path]


class FrozenClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 11, 23, 12, 0, 0)

    def advance(self, **by: float) -> dt.datetime:
        """Move on by ``dt.timedelta(**by)`` and return the new time."""
        self.time += dt.timedelta(**by)
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    frozen = FrozenClock()
    monkeypatch.setattr("lean_core.clock.now", lambda: frozen.time)
    return frozen


@pytest.fixture
def make_workspace(tmp_path: Path) -> MakeWorkspace:
    """Return a function that writes a lean.toml and returns its folder."""

    def make(toml: str = "", *, name: str = "workspace") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "lean.toml").write_text(toml, encoding="utf-8")
        return folder

    return make


@pytest.fixture(autouse=True)
def _neutral_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own workspace and servers out of the tests, and MLflow from calling home."""
    for name in ("LEAN_WORKSPACE", "LEAN_DEBUG", "MLFLOW_TRACKING_URI", "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")


# S3 servers. Starting one takes seconds, so all tests share it and keep apart by bucket or prefix.


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    """Return Ceph's RADOS gateway, whose create-if-absent is atomic, over http and https."""
    missing = missing_programs()
    if missing:
        pytest.skip(f"Ceph's RADOS gateway is not installed: there is no {', '.join(missing)}")
    with start_ceph() as running:
        yield running


@pytest.fixture(scope="session")
def swift() -> Iterator[Swift]:
    """Return OpenStack Swift, whose create-if-absent is not atomic."""
    missing = missing_parts()
    if missing:
        pytest.skip(f"OpenStack Swift is not installed: there is no {', '.join(missing)}")
    with start_swift() as running:
        yield running


def _fail_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and in CI every test must run: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _fail_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _fail_skip_in_ci(report)
    return report
