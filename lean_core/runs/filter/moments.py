"""Reads the times and the lengths of time that a person writes. Everything is UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
"""Seconds."""

_NUMBER = re.compile(r"(?P<number>[0-9.]+(?:[eE][+-]?[0-9]+)?)(?P<unit>.*)", re.DOTALL)
_TIME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[ Tt](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<zone>[Zz]|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2}))?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # naive UTC, as the store keeps it


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as it was written: '2026-11-01' is its first moment, exact to a day."""

    at: datetime
    """Naive UTC."""
    precision: timedelta = timedelta(0)

    @property
    def end(self) -> datetime:
        """The first moment after all that is meant."""
        try:
            return self.at + self.precision
        except OverflowError:
            return datetime.max  # noqa: DTZ901  # naive UTC; there is nothing after it

    def shift(self, seconds: float) -> Moment:
        """Return the moment so many seconds later.

        Raises:
            ValueError: that is before the year 1 or after 9999.
        """
        try:
            return Moment(at=self.at + timedelta(seconds=seconds))
        except OverflowError:
            message = "this time is too far away"
            raise ValueError(message) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length of time."""

    seconds: float


def read_number(written: str) -> float | Length:
    """Read ``0.8``, ``1e-3`` or ``7d``.

    Raises:
        ValueError: there is no such unit.
    """
    match = _NUMBER.fullmatch(written)
    unit = match["unit"] if match else written
    if match and not unit:
        return float(match["number"])
    if match and unit.casefold() in UNITS:
        return Length(seconds=float(match["number"]) * UNITS[unit.casefold()])
    message = f"there is no unit {unit!r}"
    raise ValueError(message)


def read_time(written: str) -> Moment:
    """Read a date, a date with a time, or RFC 3339; without a zone it is UTC.

    Raises:
        ValueError: it is none of these, or there is no such day or hour.
    """
    match = _TIME.fullmatch(written.strip())
    if match is None:
        message = "this is not a time"
        raise ValueError(message)
    parts = {name: int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    microsecond = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        at = datetime(**parts, microsecond=microsecond, tzinfo=_zone(match)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        message = "there is no such time"
        raise ValueError(message) from None
    return Moment(at=at, precision=_precision(match))


def from_milliseconds(number: float) -> Moment:
    """Read MLflow's own form, milliseconds since 1970.

    Raises:
        ValueError: that is before the year 1 or after 9999.
    """
    try:
        return Moment(at=_EPOCH + timedelta(milliseconds=number))
    except (ValueError, OverflowError):
        message = "this time is too far away"
        raise ValueError(message) from None


def call_time(function: str, now: datetime) -> Moment:
    """Return what ``now``, ``today`` or ``yesterday`` stands for."""
    if function == "now":
        return Moment(at=now)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(at=today - timedelta(days=function == "yesterday"), precision=timedelta(days=1))


def _zone(match: re.Match[str]) -> timezone:
    if match["sign"] is None:
        return UTC
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    return timezone(-offset if match["sign"] == "-" else offset)


def _precision(match: re.Match[str]) -> timedelta:
    if match["hour"] is None:
        return timedelta(days=1)
    if match["second"] is None:
        return timedelta(minutes=1)
    return timedelta(0) if match["fraction"] else timedelta(seconds=1)
