from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_core.cli.exits import ExitCode

TOML = """
[telemetry.prom]
kind = "prometheus"
url = "http://127.0.0.1:9090"
token_env = "PROM_TOKEN"
[signals.errors]
source = "prom"
expression = 'sum(rate(requests_total{code=~"5.."}[5m]))'
class = "errors"
model = "churn"
max = 0.02
owner = "ana"
"""


@pytest.fixture
def folder(make_workspace) -> Path:
    return make_workspace(TOML)


def test_the_dashboard_is_json_with_a_panel_a_signal(call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PROM_TOKEN", "tok-12345")
    done = call("grafana", cwd=folder)
    dashboard = json.loads(done.stdout)
    assert done.returncode == ExitCode.DONE
    assert [panel["title"] for panel in dashboard["panels"]] == ["errors"]
    assert "tok-12345" not in done.stdout


def test_it_is_written_to_a_file(call, folder: Path):
    done = call("grafana", "--output", str(folder / "board.json"), cwd=folder)
    assert done.stdout == ""
    assert "import it in Grafana" in done.stderr
    assert json.loads((folder / "board.json").read_text())["panels"]


def test_a_file_that_can_not_be_written_is_said(call, folder: Path):
    done = call("grafana", "--output", str(folder / "no" / "board.json"), cwd=folder)
    assert done.returncode == ExitCode.COULD_NOT
    assert "can't be written" in done.stderr


def test_without_prometheus_it_says_that_there_is_no_panel(call, make_workspace):
    assert "no telemetry of kind" in call("grafana", cwd=make_workspace()).stderr
