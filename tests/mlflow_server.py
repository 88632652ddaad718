"""A real `mlflow server` on a free port of this machine, for tests that need one."""

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
from urllib.error import URLError

STARTUP_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answers."""

    uri: str
    database: Path
    """Its sqlite backend store."""
    artifacts: Path
    """The folder in which it keeps what clients send it as ``mlflow-artifacts:/``."""
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the server and the workers that it started; do nothing if it has ended already."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def mlflow_server(folder: Path, *arguments: str) -> Iterator[Server]:
    """Run `mlflow server` with everything it keeps in ``folder``; ``arguments`` are added to its command line."""
    folder.mkdir(parents=True, exist_ok=True)
    database, artifacts, log = folder / "mlflow.db", folder / "artifacts", folder / "server.log"
    uri = f"http://127.0.0.1:{_free_port()}"
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", uri.rpartition(":")[2]),
        *("--backend-store-uri", f"sqlite:///{database}", "--artifacts-destination", str(artifacts)),
        *("--workers", "1", *arguments),
    ]
    env = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=output, stderr=output, start_new_session=True)
    server = Server(uri=uri, database=database, artifacts=artifacts, process=process)
    try:
        _wait_until_healthy(server, log)
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(server: Server, log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.uri}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"mlflow server did not start:\n{log.read_text(errors='replace')[-3000:]}")
