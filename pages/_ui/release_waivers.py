"""The waivers that are in force: shown before anything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lean_core.registry import Waiver
from pages._ui import boundary, text

MOST = 6


def draw(waivers: Sequence[Waiver], now: dt.datetime) -> None:
    """Draw a line a waiver, the one that ends first in front."""
    if not waivers:
        return
    lines = [_line(waiver, now) for waiver in waivers[:MOST]]
    if len(waivers) > MOST:
        lines.append(f"and {len(waivers) - MOST} more, on the trail of each model")
    boundary.show(
        "warning", f"**{text.count(len(waivers), 'waiver')} in force**\n\n" + "\n".join(f"- {line}" for line in lines)
    )


def _line(waiver: Waiver, now: dt.datetime) -> str:
    days = (waiver.expires_at - now).days
    left = f"{text.count(days, 'day')} left" if days else "less than a day left"
    where = f" for {text.plain(waiver.environment)}" if waiver.environment else ""
    return (
        f"{text.code(waiver.check)} of {text.plain(waiver.model)} {text.plain(waiver.version)}{where}, waived by"
        f" {text.plain(waiver.by)} until {waiver.expires_at:%Y-%m-%d %H:%M} UTC ({left}): {text.plain(waiver.reason)}"
    )
