from __future__ import annotations

import threading
from pathlib import Path

from lean_core.errors import StoreBusy
from pages._ui import jobs

PATIENCE_SECONDS = 30


def test_a_job_that_fails_says_why(tmp_path: Path):
    def fail(_: jobs.Tell) -> tuple[()]:
        raise StoreBusy("somebody holds the file")

    job = jobs.start(tmp_path, fail, says="Starting")
    assert job.wait(PATIENCE_SECONDS)
    assert (job.running, job.problem, job.reports) == (False, "somebody holds the file", ())


def test_a_folder_has_one_job_at_a_time(tmp_path: Path):
    gate = threading.Event()

    def work(_: jobs.Tell) -> tuple[()]:
        gate.wait(PATIENCE_SECONDS)
        return ()

    first = jobs.start(tmp_path, work, says="Starting")
    assert jobs.start(tmp_path, work, says="Starting") is first
    assert jobs.running(tmp_path) is first
    assert jobs.running(tmp_path / "other") is None
    gate.set()
    assert first.wait(PATIENCE_SECONDS)
    assert jobs.running(tmp_path) is None
    assert jobs.newest(tmp_path) is first
    assert jobs.start(tmp_path, work, says="Starting") is not first
