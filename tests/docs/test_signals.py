"""What docs/signals.md shows to paste is what lean.toml takes."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from lean_core.settings import SignalSettings, parse_settings
from lean_core.settings.signals import TelemetryKind
from lean_core.signals import CLASSES, WORST_FIRST
from lean_core.signals.log import Expression, parse_expression

DOCS = (Path(__file__).parents[2] / "docs" / "signals.md").read_text(encoding="utf-8")


def test_the_smallest_set_is_settings():
    (block,) = re.findall(r"^```toml\n(.*?)^```", DOCS, flags=re.MULTILINE | re.DOTALL)
    settings = parse_settings(block, path=Path("lean.toml"))
    assert list(settings.signals) == ["errors", "latency", "drift", "age"]
    columns = settings.telemetry["predictions"].columns
    assert columns is not None
    for signal in settings.signals.values():
        assert isinstance(parse_expression(signal.expression, columns), Expression)


def test_every_key_class_state_and_kind_is_told():
    told = set(re.findall(r"`([a-z_]+)`", DOCS))
    assert {field.name.removesuffix("_") for field in fields(SignalSettings)} <= told
    assert set(CLASSES) <= told
    assert set(get_args(get_args(TelemetryKind)[0])) <= told
    assert set(WORST_FIRST) == set(re.findall(r"^\| (\w+) \| ", DOCS, flags=re.MULTILINE)) - {"state", "key"}
