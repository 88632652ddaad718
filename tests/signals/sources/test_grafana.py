"""Signals as a dashboard of Grafana: the JSON is kept as it was, and Prometheus understands every panel."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from lean_core.settings import Settings, TelemetrySettings, load_settings
from lean_core.signals.answer import Measured
from lean_core.signals.grafana import make_dashboard
from lean_core.signals.sources.prometheus import read
from tests.prometheus_server import Prometheus

GOLDEN = Path(__file__).with_name("grafana.json")
TOML = """
[workspace]
name = "Mum's startup"

[telemetry.metrics]
kind = "prometheus"
url = "http://metrics.example:9090"
token_env = "METRICS_TOKEN"

[telemetry.edge-metrics]
kind = "prometheus"
url = "http://edge.example:9090"

[telemetry.unused]
kind = "prometheus"
url = "http://unused.example:9090"

[telemetry.orchestrator]
kind = "dagster"
url = "http://dagster.example:3000"

[signals.errors]
source = "metrics"
expression = 'sum(rate(model_requests_total{code=~"5..$"}[1m])) / sum(rate(model_requests_total[1m]))'
class = "errors"
model = "churn"
max = 0.02
warn = 0.01
for = "10m"
unit = "ratio"
owner = "ana"
runbook = "https://wiki.example.com/errors"

[signals.latency]
source = "metrics"
expression = '1000 * histogram_quantile(0.95, sum by (le) (rate(model_latency_seconds_bucket[1m])))'
class = "latency"
model = "churn"
max = 300
unit = "ms"

[signals.traffic]
source = "edge-metrics"
expression = 'sum(rate(model_requests_total[1m]))'
class = "missing_inputs"
model = "churn"
environment = "test"
min = 1
warn = 5
unit = "requests/s"

[signals.age]
source = "metrics"
expression = '(time() - max(job_last_success_timestamp_seconds{job_name="nightly"})) / 3600'
class = "stale_job"
model = "churn"
min = 0
max = 26
paused = "the job moves"

[signals.training]
source = "orchestrator"
expression = "job:train"
class = "stale_job"
model = "churn"
max = 26

[signals.experiment]
source = "runs"
expression = "churn"
class = "stale_job"
model = "churn"
max = 200
"""


@pytest.fixture
def settings(make_workspace) -> Settings:
    return load_settings(make_workspace(TOML))


def test_the_dashboard_is_as_it_was(settings: Settings):
    assert make_dashboard(settings) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_nothing_of_an_address_or_a_token_is_in_it(settings: Settings):
    text = json.dumps(make_dashboard(settings))
    assert "metrics.example" not in text
    assert "METRICS_TOKEN" not in text


def test_panels_have_names_of_their_own_and_do_not_lie_on_each_other(settings: Settings):
    panels = make_dashboard(settings)["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    cells = [
        (x, y)
        for each in panels
        for x in range(each["gridPos"]["x"], each["gridPos"]["x"] + each["gridPos"]["w"])
        for y in range(each["gridPos"]["y"], each["gridPos"]["y"] + each["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_the_colours_rise_with_the_numbers(settings: Settings):
    for panel in make_dashboard(settings)["panels"][:-1]:
        values = [each["value"] for each in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
        assert values[0] is None
        assert values[1:] == sorted(values[1:])


def test_without_signals_there_is_an_empty_dashboard(make_workspace):
    dashboard = make_dashboard(load_settings(make_workspace('[workspace]\nname = "new"')))
    assert dashboard["panels"] == []
    assert 8 <= len(dashboard["uid"]) <= 40


@pytest.mark.prometheus
def test_prometheus_has_a_number_for_every_panel(settings: Settings, prometheus: Prometheus, ask, around):
    telemetry = TelemetrySettings(kind="prometheus", url=prometheus.uri, timeout=dt.timedelta(seconds=30))
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    targets = [target for panel in make_dashboard(settings)["panels"] for target in panel.get("targets", [])]
    questions = [ask(each["expr"], signal=each["legendFormat"], at=now) for each in targets]
    answers = read(telemetry, questions, around)
    assert {name: type(each) for name, each in answers.items()} == dict.fromkeys(
        ("errors", "latency", "traffic", "age"), Measured
    )
