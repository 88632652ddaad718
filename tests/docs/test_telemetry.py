"""What the docs on telemetry show to paste is what lean.toml takes, and what they list is all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lean_core.settings import parse_settings
from lean_core.signals.log.expression import LATENCY, OF_FEATURE, PLAIN

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["prediction-logs.md", "scale.md", "telemetry.md"])
def test_every_block_is_settings(name: str):
    blocks = re.findall(r"^```toml\n(.*?)^```", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        settings = parse_settings(block, path=Path("lean.toml"))
        assert settings.telemetry or settings.signals, block


def test_every_number_of_a_log_is_told():
    told = set(re.findall(r"`([a-z0-9_.]+?)(?:\.FEATURE)?`", (DOCS / "prediction-logs.md").read_text(encoding="utf-8")))
    assert {*PLAIN, *LATENCY, *OF_FEATURE} <= told
