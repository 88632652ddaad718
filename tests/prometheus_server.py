"""A real Prometheus on a free port of this machine, and a small API that it scrapes four times a second."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import Metric

PROGRAM = "prometheus"
STARTUP_SECONDS = 60
LAST_SUCCESS = 1_700_000_000
"""When the API's nightly job last succeeded, in seconds of Unix time."""
_CONFIGURATION = """
global: {scrape_interval: 250ms}
scrape_configs:
- job_name: model-api
  static_configs: [{targets: ["127.0.0.1:PORT"]}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prometheus:
    """A server that has scraped the API more than once, so that rates are known."""

    uri: str
    process: subprocess.Popen[bytes]

    def ask(self, expression: str) -> list[dict]:
        """Return the series that answer an expression now, past the code under test."""
        query = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.uri}/api/v1/query?{query}", timeout=5) as answer:
            return json.load(answer)["data"]["result"]


class _Registry(CollectorRegistry):
    """An API under load that does not depend on time: between two scrapes come nine good requests and a failed one."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Counter("model_requests", "Requests.", ["model", "code"], registry=self)
        buckets = (0.01, 0.05, 0.1, 0.5)
        self.latency = Histogram("model_latency_seconds", "Latency.", ["model"], buckets=buckets, registry=self)
        self.success = Gauge("job_last_success_timestamp_seconds", "Last success.", ["job_name"], registry=self)
        self.success.labels("nightly").set(LAST_SUCCESS)
        self.success.labels("hourly").set(LAST_SUCCESS + 3600)
        Gauge("broken_gauge", "Not a number.", registry=self).set(float("nan"))

    def collect(self) -> Iterator[Metric]:
        self.requests.labels("churn", "200").inc(9)
        self.requests.labels("churn", "500").inc()
        for _ in range(10):
            self.latency.labels("churn").observe(0.03)
        return super().collect()


def missing_program() -> str:
    """Return the name of the program that is not installed, or nothing."""
    return "" if shutil.which(PROGRAM) else PROGRAM


@contextmanager
def start_prometheus(folder: Path) -> Iterator[Prometheus]:
    """Run `prometheus` with everything it keeps in ``folder``, beside the API that it scrapes."""
    api, thread = start_http_server(0, addr="127.0.0.1", registry=_Registry())
    configuration, log = folder / "prometheus.yml", folder / "prometheus.log"
    configuration.write_text(_CONFIGURATION.replace("PORT", str(api.server_port)), encoding="utf-8")
    address = f"127.0.0.1:{_free_port()}"
    command = [PROGRAM, f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'data'}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--web.listen-address={address}"], cwd=folder, stdout=output, stderr=output
        )
    server = Prometheus(uri=f"http://{address}", process=process)
    try:
        _wait_for_rates(server, log)
        yield server
    finally:
        process.kill()
        process.wait()
        api.shutdown()
        api.server_close()
        thread.join()


def _wait_for_rates(server: Prometheus, log: Path) -> None:
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end:
        if server.process.poll() is not None:
            break
        try:
            if server.ask('count_over_time(model_requests_total{code="500"}[1m]) >= 3'):
                return
        except (URLError, OSError):
            pass  # it does not listen yet
        time.sleep(0.1)
    raise RuntimeError(f"Prometheus did not scrape in time: {log.read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
