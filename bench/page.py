"""How long until a page can be used in Chromium, the cold start of its server included."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

CHROMIUM = "/usr/bin/chromium"
LONGEST_WAIT = 120.0
_IS_THERE = "selector => document.querySelector(selector) !== null"
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server to start, and what its page shows when it is ready."""

    command: Sequence[str]
    health: str
    page: str
    ready: str
    """A CSS selector; ``{port}`` is filled into the other texts."""
    environment: Mapping[str, str]


def hello(folder: Path) -> Served:
    """Return a Streamlit app that only imports streamlit and prints a line."""
    script = folder / "hello.py"
    script.write_text('import streamlit as st\n\nst.write("hello")\n', encoding="utf-8")
    return _streamlit(script, path="/", ready=f"{READY} [data-testid=stMarkdown]", environment={})


def runs_page(workspace: Path) -> Served:
    """Return our app at the page *Runs*."""
    environment = {"LEAN_WORKSPACE": str(workspace)}
    return _streamlit(
        ROOT / "app.py",
        path="/runs",
        ready=f"{READY} [data-testid=stDataFrame] [role=gridcell]",
        environment=environment,
    )


def mlflow_ui(uri: str, experiment: str) -> Served:
    """Return MLflow's own server and its table of runs."""
    return Served(
        command=[sys.executable, "-m", "mlflow", "server", "--backend-store-uri", uri, "--port", "{port}"],
        health="http://127.0.0.1:{port}/health",
        page=f"http://127.0.0.1:{{port}}/#/experiments/{experiment}/runs",
        ready="a[href*='/runs/']",
        environment={"MLFLOW_DISABLE_TELEMETRY": "true"},
    )


def seconds_to_ready(*compared: Served, times: int = 7) -> list[float]:
    """Start each server anew and open its page, in turn and so many times; return the fewest seconds of each.

    The fewest, because whatever else the machine does only ever adds to them.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        rounds = [[_open_cold(playwright, served) for served in compared] for _ in range(times)]
    return [min(taken) for taken in zip(*rounds, strict=True)]


def _open_cold(playwright: Playwright, served: Served) -> float:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    began = time.perf_counter()
    with _running(served) as port:
        page.goto(served.page.format(port=port))
        # Looks at each frame; a locator's own waiting looks twice a second.
        page.wait_for_function(_IS_THERE, arg=served.ready.format(port=port), timeout=LONGEST_WAIT * 1000)
        taken = time.perf_counter() - began
    browser.close()
    return taken


def _streamlit(script: Path, *, path: str, ready: str, environment: Mapping[str, str]) -> Served:
    options = ["--server.headless", "true", "--server.port", "{port}", "--server.address", "127.0.0.1"]
    return Served(
        command=[sys.executable, "-m", "streamlit", "run", str(script), *options],
        health="http://127.0.0.1:{port}/_stcore/health",
        page=f"http://127.0.0.1:{{port}}{path}",
        ready=ready,
        environment={"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false", **environment},
    )


@contextlib.contextmanager
def _running(served: Served) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [each.format(port=port) for each in served.command]
    environment = os.environ | dict(served.environment)
    # Where it is set, as in many containers, our own modules would be compiled anew at every start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    server = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(served.health.format(port=port)),  # noqa: S310 - loopback
            ):
                break
            time.sleep(0.02)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
