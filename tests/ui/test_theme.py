"""The theme's colours can be told apart in light and dark: 4.5 to 1 for text, 3 to 1 for what is drawn (WCAG)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from pages._ui.theme import ON_DARK_PRIMARY
from tests.ui.conftest import APP

THEMES: dict[str, dict[str, Any]] = tomllib.loads(
    (APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)["theme"]
ON_PRIMARY = {"light": "#FFFFFF", "dark": ON_DARK_PRIMARY}
TEXT, DRAWN = 4.5, 3.0
WASH = 0.1
"""How much of the primary colour is mixed into the ground of a selected segment."""


def channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(parts: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: list[float], other: list[float]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def washed(colour: str, ground: str) -> list[float]:
    pairs = zip(channels(colour), channels(ground), strict=True)
    return [WASH * of_colour + (1 - WASH) * of_ground for of_colour, of_ground in pairs]


def test_the_contrast_of_black_on_white_is_21():
    assert contrast(channels("#000000"), channels("#FFFFFF")) == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_selected_tab_and_segment_can_be_read(theme: str):
    primary, ground = THEMES[theme]["primaryColor"], THEMES[theme]["backgroundColor"]
    assert contrast(channels(primary), channels(ground)) >= TEXT
    assert contrast(channels(primary), channels(THEMES[theme]["secondaryBackgroundColor"])) >= TEXT
    assert contrast(channels(primary), washed(primary, ground)) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_stands_on_the_primary_colour_can_be_read_and_its_white_ticks_be_seen(theme: str):
    primary = channels(THEMES[theme]["primaryColor"])
    assert contrast(primary, channels(ON_PRIMARY[theme])) >= TEXT
    assert contrast(primary, channels("#FFFFFF")) >= DRAWN


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("colour", ["textColor", "linkColor", "grayTextColor", "codeTextColor"])
def test_text_can_be_read(theme: str, ground: str, colour: str):
    assert contrast(channels(THEMES[theme][colour]), channels(THEMES[theme][ground])) >= TEXT
