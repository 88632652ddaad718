from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lean_core.runs.readers.mlflow_folder import helpers
from lean_core.runs.readers.mlflow_folder.helpers import Helpers
from lean_core.runs.readers.mlflow_folder.run_files import NO_META, RunFolders
from tests.runs.readers.folder_stores import write_experiment, write_run


@pytest.fixture
def pieces(tmp_path: Path) -> list[list[str]]:
    experiment = write_experiment(tmp_path / "mlruns")
    folders = [str(write_run(experiment, number, params={"größe": str(number)})) for number in range(1, 41)]
    return [folders[start : start + 4] for start in range(0, 40, 4)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_piece_is_done_once_and_the_same_whoever_does_it(pieces: list[list[str]], count: int):
    with closing(Helpers(count)) as crew:
        read = sorted(crew.run("read", pieces))
        marks = sorted(crew.run("fingerprint", [*pieces, [str(Path(pieces[0][0]).parent.parent)]]))
    assert [(number, [tuple(run) for run in found]) for number, found in read] == [
        (number, [tuple(RunFolders().read(folder)) for folder in piece]) for number, piece in enumerate(pieces)
    ]
    assert marks[:10] == [
        (number, [RunFolders().fingerprint(folder) for folder in piece]) for number, piece in enumerate(pieces)
    ]
    assert marks[10] == (10, [NO_META])


def test_what_a_helper_that_died_had_taken_is_done_here(pieces: list[list[str]]):
    with closing(Helpers(2)) as crew:
        for process in crew._processes:
            os.kill(process.pid, signal.SIGKILL)
        assert sorted(number for number, _ in crew.run("read", pieces)) == list(range(10))
        assert sorted(number for number, _ in crew.run("read", pieces)) == list(range(10))


def test_work_that_is_given_up_leaves_the_helpers_fit_for_more(pieces: list[list[str]]):
    with closing(Helpers(1)) as crew:
        work = crew.run("read", pieces)
        next(work)
        work.close()
        assert sorted(number for number, _ in crew.run("fingerprint", pieces)) == list(range(10))


def test_helpers_that_cannot_be_started_are_done_without(pieces: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with closing(Helpers(2)) as crew:
        assert sorted(number for number, _ in crew.run("read", pieces)) == list(range(10))


def test_helpers_are_gone_when_they_are_sent_away():
    crew = Helpers(2)
    processes = list(crew._processes)
    crew.close()
    assert [process.poll() is not None for process in processes] == [True, True]


def test_a_helper_loads_neither_pyarrow_nor_yaml_nor_the_package():
    program = helpers._PROGRAM + "\nprint(*sorted(sys.modules), file=sys.stderr)"
    root = str(Path(helpers.__file__).parents[4])
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program, root], input=b"", capture_output=True, check=True)
    modules = set(done.stderr.decode().split())
    assert "lean_core.runs.readers.mlflow_folder.run_files" in modules
    assert not modules & {"pyarrow", "yaml", "lean_core.runs.reader", "lean_core.runs.rows", "site"}
