"""Make the demo: a folder as a data scientist in a startup may have it after ten days of work."""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lean_core import clock
from lean_core.demo.folder import take
from lean_core.errors import UnavailableError

_log = logging.getLogger(__name__)
IMPORT_ROOT = Path(__file__).parents[2]
"""The folder in which `lean_core` lies; the worker must find it wherever it was started from."""
UNWANTED = ("GIT_", "MLFLOW_")
"""Variables that would lead the worker into a store or a repository of the person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A folder with data, a script, and the runs that MLflow logged of it."""

    folder: Path

    @property
    def data(self) -> Path:
        """The table of customers."""
        return self.folder / "data" / "churn.csv"

    @property
    def script(self) -> Path:
        """What trained the models; a person can read and run it."""
        return self.folder / "train.py"

    @property
    def store(self) -> Path:
        """MLflow's sqlite store."""
        return self.folder / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """The store's address, as MLflow wants it."""
        return f"sqlite:///{self.store}"


def create_demo(folder: Path, *, progress: Callable[[str, float], None]) -> Demo:
    """Make the demo in an empty or new folder; tell ``progress`` each step and how much is behind it, from 0 to 1.

    A folder in which an earlier attempt was interrupted is started afresh.

    Raises:
        UsageError: the folder holds something else.
        UnavailableError: the folder can't be written to, the demo is being made there right now, or making it failed.
    """
    folder = folder.expanduser().absolute()
    with take(folder) as lock:
        _work(folder, lock, progress)
    progress("The demo is ready", 1.0)
    return Demo(folder=folder)


def _work(folder: Path, lock: int, progress: Callable[[str, float], None]) -> None:
    seconds = round(clock.now().replace(tzinfo=dt.UTC).timestamp())
    # -B: no byte code beside train.py.
    command = [sys.executable, "-B", "-m", "lean_core.demo.worker", str(folder), str(seconds)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            pass_fds=(lock,),  # the folder stays locked until the worker, too, is gone
        ) as worker,
    ):
        try:
            for line in worker.stdout or ():
                fraction, _, sentence = line.rstrip("\n").partition(" ")
                progress(sentence, float(fraction))
        except BaseException:  # Streamlit stops a script with one that is no Exception
            worker.kill()
            raise
        if worker.wait() != 0:
            raise UnavailableError(
                f"the demo could not be made in {folder}: {_last_line(complaints)}; try again when that is mended"
            )


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(UNWANTED)}
    paths = [str(IMPORT_ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    # One thread: for matrices this small more of them only wait for each other, and sums come out the same each time.
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _last_line(complaints: IO[str]) -> str:
    """Return what the worker died of, in its own last words; all that it said goes to the log."""
    complaints.seek(0)
    said = complaints.read().strip()
    _log.error("making the demo failed:\n%s", said)
    return said.rpartition("\n")[2] or "it was ended from outside"
