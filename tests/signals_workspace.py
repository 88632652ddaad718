"""A workspace whose signals stand differently: a service that answers, one that is gone, jobs that beat or fell silent.

The readings of six days are noted as a scheduler would have; the share of errors rises with the last release.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lean_core.signals import Bins, Reading, Source, note_readings, threshold_of
from lean_core.signals.answer import Answer as Told
from lean_core.signals.answer import Measured, Unread
from lean_core.signals.heartbeats import Details
from lean_core.signals.judge import judge
from lean_core.workbench import Workbench
from tests.http_stub import Answer, Request, http_stub, refused
from tests.registry.folders import a_record, write_event, write_version
from tests.releases.builders import a_deployment

NOTE = "PSI over ten bins, deciles of the reference; empty bins count as 0.0001."
HOSTILE = "ben ![x](http://example.com/x.png)"
BINS = Bins(
    labels=tuple(f"{low / 10:.1f} to {low / 10 + 0.1:.1f}" for low in range(10)),
    reference=(100,) * 10,
    current=(12, 20, 31, 33, 40, 46, 58, 70, 88, 102),
)
HEALTH = b'{"share_of_errors": 0.031, "orders": {"age_hours": 2.5}, "psi": 0.34, "left": 0.02}'
SIGNALS = """
[telemetry.api]
kind = "http"
url = "{api}"

[telemetry.billing]
kind = "http"
url = "{gone}"
timeout = "2s"

[signals.churn-errors]
source = "api"
class = "errors"
model = "churn"
expression = "json:share_of_errors"
max = 0.01
warn = 0.008
for = "15m"
unit = "ratio"
owner = "ana"
runbook = "https://wiki.example.com/churn-errors"

[signals.churn-latency]
source = "api"
class = "latency"
model = "churn"
expression = "latency"
max = 5000
owner = "ana"

[signals.orders-age]
source = "api"
class = "missing_inputs"
model = "churn"
expression = "json:orders.age_hours"
max = 24
unit = "h"
fresh = "6h"

[signals.score-drift]
source = "api"
class = "prediction_drift"
model = "churn"
expression = "json:psi"
max = 0.25
owner = "{hostile}"
window = "1d"

[signals.churn-left]
source = "api"
class = "business"
model = "churn"
expression = "json:left"
max = 0.05
unit = "ratio"
paused = "no labels before December"

[signals.fraud-errors]
source = "billing"
class = "errors"
model = "fraud"
expression = "status"
max = 399
"""
JOBS = """
[heartbeats.nightly-train]
model = "churn"
every = "1d"
grace = "2h"
owner = "ana"

[heartbeats.score-orders]
model = "churn"
every = "1h"
grace = "10m"

[heartbeats.retrain-fraud]
model = "fraud"
every = "1w"
"""


@contextmanager
def health(body: Callable[[], bytes] = lambda: HEALTH) -> Iterator[str]:
    """Serve a service's health, and yield its address."""

    def answer(request: Request) -> Answer:
        return Answer(body=body()) if request.path == "/health" else Answer(status=404)

    with http_stub(answer) as url:
        yield f"{url}/health"


def make(folder: Path, *, api: str, now: dt.datetime, extra: str = "") -> Path:
    """Make it; nothing is read yet, and no job has said anything."""
    folder.mkdir(parents=True)
    settings = SIGNALS.format(api=api, gone=f"{refused()}/health", hostile=HOSTILE)
    head = '[workspace]\nname = "startup"\n\n[registry]\nuri = "registry"\n'
    (folder / "lean.toml").write_text(head + settings + JOBS + extra, encoding="utf-8")
    for version, days in (("12", 5.0), ("13", 1.0)):
        write_version(folder / "registry", a_record(version=version))
        event = replace(a_deployment(version), at=now - dt.timedelta(days=days))
        write_event(folder / "registry", event, at=event.at)
    return folder


def fill(folder: Path, *, now: dt.datetime) -> Workbench:
    """Add what was read in six days, every two hours, and what jobs said."""
    bench = Workbench.open(folder)
    with bench.store.write() as cursor:
        note_readings(cursor, list(_readings(bench, now)), now=now)
    for at in range(5, -1, -1):
        _beat(bench, "nightly-train", now - dt.timedelta(days=at, hours=2), seconds=610)
    _beat(bench, "score-orders", now - dt.timedelta(hours=9), seconds=12)
    return bench


def _readings(bench: Workbench, now: dt.datetime) -> Iterator[Reading]:
    for name, tell in _TOLD.items():
        signal = bench.settings.signals[name]
        earlier: list[Reading] = []
        for step in range(72, -1, -1):
            at = now - dt.timedelta(hours=2 * step, minutes=5)
            reading = judge(name, signal, tell(step, at), earlier=earlier, now=at)
            if step > 40 and name == "churn-errors":  # the threshold was another one then
                reading = replace(reading, threshold=replace(threshold_of(signal), max=0.02, warn=None))
            earlier.insert(0, reading)
            yield reading


def _wave(step: int) -> float:
    return (math.sin(step) + 1) / 2


def _measured(value: float, at: dt.datetime, **fields: object) -> Measured:
    source = Source(place="http://api.internal/health", query="GET http://api.internal/health")
    return replace(Measured(value=value, observed_at=at, source=source), **fields)


def _errors(step: int, at: dt.datetime) -> Told:
    if step in {20, 21}:
        source = Source(place="http://api.internal/health", query="GET http://api.internal/health")
        return Unread(
            trouble="unreachable", sentence="http://api.internal/health: nothing listens there.", source=source
        )
    return _measured(0.002 + 0.004 * _wave(step) + (0.02 if step < 11 else 0), at, n=4_000 + 10 * step)


def _old(step: int, at: dt.datetime) -> Told:
    return _measured(3 + 2 * _wave(step), at - dt.timedelta(hours=7) * (step == 0))


def _drift(step: int, at: dt.datetime) -> Told:
    since = at - dt.timedelta(days=1)
    return _measured(0.1 + 0.002 * (72 - step), at, bins=BINS, note=NOTE, n=500, since=since)


_TOLD: dict[str, Callable[[int, dt.datetime], Told]] = {
    "churn-errors": _errors,
    "churn-latency": lambda step, at: _measured(120 + 40 * _wave(step), at, unit="ms"),
    "orders-age": _old,
    "score-drift": _drift,
}


def _beat(bench: Workbench, job: str, at: dt.datetime, *, seconds: float) -> None:
    from lean_core.signals.heartbeats import make_beat

    bench.beat(make_beat(job, "success", at=at, details=Details(seconds=seconds, host="worker-1")))


LOG = """
[telemetry.predictions]
kind = "log"
path = "log"

[telemetry.predictions.columns]
time = "at"
version = "version"
prediction = "score"
status = "status"
features = ["plan"]

[signals.failed-predictions]
source = "predictions"
class = "errors"
model = "churn"
expression = "error_rate"
max = 0.05
window = "1d"
"""
"""What declares a prediction log, and a signal of it."""


def write_log(folder: Path, *, now: dt.datetime, rows: int = 300) -> None:
    """Write the log: a row every two minutes, every tenth of which failed; the newest has a text that is a formula."""
    lines = ["at,version,score,status,plan"]
    for number in range(rows):
        at = now - dt.timedelta(minutes=2 * number + 1)
        status, plan = (500 if number % 10 == 9 else 200), ("=SUM(A1)" if number == 0 else "pro")
        lines.append(f"{at.isoformat()}Z,13,{number / rows:.3f},{status},{plan}")
    (folder / "log").mkdir(exist_ok=True)
    (folder / "log" / "today.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
