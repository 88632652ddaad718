"""A real `dagster-webserver` on a free port of this machine, whose jobs have run and whose asset was made."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STARTUP_SECONDS = 180
_INSTANCE = "telemetry: {enabled: false}\n"
_DEFINITIONS = """
import dagster as dg

@dg.asset(key=["churn", "features"])
def features():
    return dg.MaterializeResult(metadata={"rows": 1000})

@dg.asset
def never_made():
    return 1

@dg.op
def fail():
    raise ValueError("the database is down")

@dg.op
def succeed():
    pass

@dg.op(config_schema={"fails": bool})
def depend(context):
    if context.op_config["fails"]:
        raise ValueError("the database is down")

@dg.job
def flaky():
    fail()

@dg.job
def nightly():
    succeed()

@dg.job
def mended():
    depend()

@dg.job
def idle():
    succeed()

defs = dg.Definitions(assets=[features, never_made], jobs=[flaky, nightly, mended, idle])
"""
_RUN = """
import dagster as dg, definitions

with dg.DagsterInstance.get() as instance:
    dg.materialize([definitions.features], instance=instance)
    runs = [("nightly", None), ("flaky", None)]
    runs += [("mended", {"ops": {"depend": {"config": {"fails": fails}}}}) for fails in (True, False)]
    for name, config in runs:
        job = definitions.defs.resolve_job_def(name)
        job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dagster:
    """A server: of its jobs ``nightly`` succeeded, ``flaky`` failed, ``mended`` did both, ``idle`` never ran."""

    uri: str


@contextmanager
def start_dagster(folder: Path) -> Iterator[Dagster]:
    """Run `dagster-webserver` with everything it keeps in ``folder``."""
    (folder / "dagster.yaml").write_text(_INSTANCE, encoding="utf-8")
    (folder / "definitions.py").write_text(_DEFINITIONS, encoding="utf-8")
    env = os.environ | {"DAGSTER_HOME": str(folder), "PYTHONPATH": str(folder)}
    subprocess.run(
        [sys.executable, "-c", _RUN], cwd=folder, env=env, check=True, capture_output=True, timeout=STARTUP_SECONDS
    )

    uri, log = f"http://127.0.0.1:{_free_port()}", folder / "server.log"
    command = [sys.executable, "-m", "dagster_webserver", "-f", "definitions.py", "-h", "127.0.0.1"]
    command += ["-p", uri.rpartition(":")[2]]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait_until_it_answers(uri, process, log)
        yield Dagster(uri=uri)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with the code server that it started
        process.wait()


def _wait_until_it_answers(uri: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/server_info", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"dagster-webserver did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
