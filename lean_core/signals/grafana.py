"""Declared signals as a dashboard of Grafana, in its classic JSON model.

Grafana keeps the history and draws it; thresholds, owner and runbook come along from lean.toml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from lean_core.settings import IMPORTED_RUNS, Settings, SignalSettings
from lean_core.signals.reading import threshold_of
from lean_core.signals.words import say_threshold

SCHEMA_VERSION = 39
"""Of Grafana 10; a newer one brings what it imports up to its own."""
_WIDTH, _HEIGHT, _COLUMNS = 24, 8, 2
"""Of the whole grid and of a panel, in Grafana's cells; panels in a row."""
_UNITS = {"ratio": "percentunit", "%": "percent", "s": "s", "ms": "ms", "min": "m", "h": "h", "d": "d", "": "none"}
"""Grafana's names of units by ours; others stand behind the number as they are."""
_GOOD, _WARNING, _BROKEN = "green", "yellow", "red"

_Json = dict[str, Any]


def make_dashboard(settings: Settings) -> _Json:
    """Return a dashboard with a panel for each signal that Prometheus answers, and a list of the others."""
    sources = _find_sources(settings)
    shown = {name: signal for name, signal in settings.signals.items() if signal.source in sources}
    others = {name: signal for name, signal in settings.signals.items() if signal.source not in sources}
    panels = [_make_panel(index, name, signal, sources) for index, (name, signal) in enumerate(shown.items())]
    if others:
        panels.append(_list_others(len(shown), others, settings))
    name = settings.workspace.name
    return {
        "uid": f"lean-{hashlib.sha256(name.encode()).hexdigest()[:16]}",  # stable: an import replaces the last one
        "title": f"Signals of {name}",
        "description": "Made from lean.toml by Lean MLOps Workbench: change it there.",
        "tags": ["lean-mlops"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "utc",
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "1m",
        "templating": {"list": list(_make_variables(sources))},
        "annotations": {"list": []},
        "links": [],
        "panels": panels,
    }


def _find_sources(settings: Settings) -> dict[str, str]:
    """Return the variable of each Prometheus that signals ask, by the name of its telemetry."""
    asked = {signal.source for signal in settings.signals.values()}
    names = [name for name, each in settings.telemetry.items() if each.kind == "prometheus" and name in asked]
    return {name: f"source_{number}" for number, name in enumerate(names, start=1)}


def _make_variables(sources: Mapping[str, str]) -> Iterator[_Json]:
    for name, variable in sources.items():
        yield {
            "type": "datasource",
            "name": variable,
            "label": f"Prometheus: {name}",
            "query": "prometheus",
            "regex": "",
            "refresh": 1,
            "hide": 0,
            "multi": False,
            "includeAll": False,
            "current": {},
            "options": [],
        }


def _make_panel(index: int, name: str, signal: SignalSettings, sources: Mapping[str, str]) -> _Json:
    datasource = {"type": "prometheus", "uid": f"${{{sources[signal.source]}}}"}
    width = _WIDTH // _COLUMNS
    return {
        "id": index + 1,
        "type": "timeseries",
        "title": name,
        "description": _describe(signal),
        "gridPos": {"x": index % _COLUMNS * width, "y": index // _COLUMNS * _HEIGHT, "w": width, "h": _HEIGHT},
        "datasource": datasource,
        "targets": [
            {
                "refId": "A",
                "datasource": datasource,
                "expr": signal.expression,
                "legendFormat": name,
                "range": True,
                "instant": False,
            }
        ],
        "fieldConfig": {
            "defaults": {
                "unit": _UNITS.get(signal.unit, f"suffix: {signal.unit}"),
                "thresholds": {"mode": "absolute", "steps": _make_steps(signal)},
                "custom": {"thresholdsStyle": {"mode": "line"}, "spanNulls": False, "showPoints": "auto"},
            },
            "overrides": [],
        },
        "options": {"legend": {"showLegend": False, "displayMode": "list", "placement": "bottom", "calcs": []}},
        "links": [{"title": "Runbook", "url": signal.runbook, "targetBlank": True}] if signal.runbook else [],
    }


def _make_steps(signal: SignalSettings) -> list[_Json]:
    """Return the colours from the lowest number on: each begins where the last one ends."""
    steps: list[tuple[str, float | None]] = [(_GOOD, None)]
    if signal.min is not None:
        steps = [(_BROKEN, None), (_GOOD, signal.min)]
        if signal.warn is not None:
            steps = [(_BROKEN, None), (_WARNING, signal.min), (_GOOD, signal.warn)]
    elif signal.warn is not None:
        steps.append((_WARNING, signal.warn))
    if signal.max is not None:
        steps.append((_BROKEN, signal.max))
    return [{"color": color, "value": value} for color, value in steps]


def _describe(signal: SignalSettings) -> str:
    said = say_threshold(threshold_of(signal), signal.unit)
    parts = [f"{signal.class_.replace('_', ' ').capitalize()} of {signal.model} in {signal.environment}: {said}."]
    if signal.owner:
        parts.append(f"Owner: {signal.owner}.")
    if signal.runbook:
        parts.append(f"Runbook: {signal.runbook}")
    if signal.paused:
        parts.append(f"Not read at the moment: {signal.paused}")
    return "\n\n".join(parts)


def _list_others(shown: int, others: Mapping[str, SignalSettings], settings: Settings) -> _Json:
    lines = [f"- **{name}**: {_name_source(signal.source, settings)}" for name, signal in others.items()]
    rows = -(-shown // _COLUMNS)
    return {
        "id": shown + 1,
        "type": "text",
        "title": "Not shown here",
        "gridPos": {"x": 0, "y": rows * _HEIGHT, "w": _WIDTH, "h": 3 + len(lines)},
        "options": {
            "mode": "markdown",
            "content": "\n".join(["These signals are not read from Prometheus:", "", *lines]),
        },
    }


def _name_source(source: str, settings: Settings) -> str:
    if source == IMPORTED_RUNS:
        return "the imported runs"
    return f"{settings.telemetry[source].kind}, `{source}`"
