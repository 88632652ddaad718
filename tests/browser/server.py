"""The app, served by a real Streamlit on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

ROOT = Path(__file__).parents[2]
STARTUP_SECONDS = 60
_OF_THE_DEVELOPER = ("AWS_", "LEAN_", "MLFLOW_")
_ports: list[int] = []
"""Of servers that have ended.

The browser keeps what it has fetched and compiled by address: on a new port it compiles all of Streamlit again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppServer:
    """A server that answers and has not run a script yet."""

    url: str
    output: Path
    """What it wrote to stdout and stderr."""

    def log(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def serve(workspace: Path, *, output: Path, customize: Path = ROOT) -> Iterator[AppServer]:
    """Serve the app for a workspace; kill the server and whatever it started at the end.

    Args:
        workspace: the folder that the app is started for.
        output: where its output goes.
        customize: a folder with a ``sitecustomize.py`` that breaks something.
    """
    port = _free_port()
    path = os.pathsep.join([str(customize), str(ROOT)])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_DEVELOPER)} | {
        "LEAN_WORKSPACE": str(workspace),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
    }
    address = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *address],
            cwd=ROOT,  # where .streamlit/config.toml lies
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = AppServer(url=f"http://127.0.0.1:{port}", output=output)
    try:
        _wait_until_healthy(server, process)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _ports.append(port)


def _free_port() -> int:
    """Return the port of a server that has ended, or else a new one."""
    while _ports:
        with contextlib.suppress(OSError):  # it is somebody else's by now
            return _probe(_ports.pop())
    return _probe(0)


def _probe(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: what was closed is not in the way
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: AppServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"streamlit ended with {process.returncode}:\n{server.log()}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except HTTPError as error:
            error.close()  # it holds the connection open
            time.sleep(0.05)
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"streamlit does not answer after {STARTUP_SECONDS} s:\n{server.log()}")
