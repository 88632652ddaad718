"""Reads the dates that a person writes. Everything is UTC."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from lean_core.errors import UsageError

EXAMPLES = "2026-03-03, 2026-03-03 14:05, 3 March, March 2026, yesterday, monday or 3 days ago (all UTC)"
_DAY = dt.timedelta(days=1)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AGO = re.compile(r"(?P<number>\d{1,4}|an?|one) (?P<unit>minute|hour|day|week|month|year)s? ago")
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: ?utc|z)?"
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]+)\.?"
    r"|(?P<month2>[a-z]+)\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    rf"(?:,? (?P<year>\d{{4}}))?(?:,?(?: at)? {_TIME})?"
)
_MONTH_OF_YEAR = re.compile(r"(?:(?P<name>[a-z]+) )?(?P<year>\d{4})(?:-(?P<number>\d{1,2}))?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([t ].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time that was meant: a day is from its first moment up to the next day's."""

    start: dt.datetime
    """Naive UTC."""
    end: dt.datetime
    """The first moment that is not meant any more; the start itself where a moment is meant."""


def read_span(written: str, *, now: dt.datetime) -> Span:
    """Read a date, a time or a month, as a person writes it.

    Args:
        written: such as ``3 March``; without a year, the last one that has been.
        now: naive UTC.

    Raises:
        UsageError: it is none, there is no such day, or it is still to come.
    """
    text = re.sub(r"\s+", " ", written.strip().lower())
    try:
        span = _read(text, now)
    except (ValueError, OverflowError):
        span = None
    if span is None:
        raise UsageError(f"{written[:80]!r} is not a date that can be read: write {EXAMPLES}")
    if span.start > now:
        raise UsageError(f"{written[:80]!r} is still to come: name a date up to today, {now:%Y-%m-%d} (UTC)")
    return span


def _read(text: str, now: dt.datetime) -> Span | None:
    if text == "now":
        return Span(start=now, end=now)
    if _ISO.fullmatch(text):
        return _read_iso(text)
    return _read_word(text, now) or _read_ago(text, now) or _read_month(text) or _read_named(text, now)


def _read_iso(text: str) -> Span:
    time = dt.datetime.fromisoformat(text.upper().removesuffix(" UTC"))
    if len(text) == len("2026-03-03"):
        return _day(time)
    moment = time if time.tzinfo is None else time.astimezone(dt.UTC).replace(tzinfo=None)
    return Span(start=moment, end=moment)


def _read_word(text: str, now: dt.datetime) -> Span | None:
    if text in {"today", "yesterday"}:
        return _day(now - _DAY * (text == "yesterday"))
    name = text.removeprefix("last ")
    if name not in _WEEKDAYS:
        return None
    back = (now.weekday() - _WEEKDAYS.index(name)) % 7
    return _day(now - _DAY * (back or 7 * (name != text)))


def _read_ago(text: str, now: dt.datetime) -> Span | None:
    match = _AGO.fullmatch(text)
    if match is None:
        return None
    number = int(match["number"]) if match["number"].isdigit() else 1
    match match["unit"]:
        case "minute" | "hour" as unit:
            moment = now - dt.timedelta(minutes=number * (60 if unit == "hour" else 1))
            return Span(start=moment, end=moment)
        case "day" | "week" as unit:
            return _day(now - _DAY * number * (7 if unit == "week" else 1))
        case unit:
            months = now.year * 12 + now.month - 1 - number * (12 if unit == "year" else 1)
            first = dt.datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001 - naive UTC, as every time here
            return _day(first + _DAY * min(now.day - 1, (_next_month(first) - first).days - 1))


def _read_month(text: str) -> Span | None:
    match = _MONTH_OF_YEAR.fullmatch(text)
    if match is None or (match["name"] is None) == (match["number"] is None):
        return None
    month = int(match["number"]) if match["number"] else _month(match["name"])
    first = dt.datetime(int(match["year"]), month, 1)  # noqa: DTZ001
    return Span(start=first, end=_next_month(first))


def _read_named(text: str, now: dt.datetime) -> Span | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    month, day = _month(match["month"] or match["month2"]), int(match["day"] or match["day2"])
    # 29 February is looked for in the last eight years: 1900 and 2100 leave one out.
    years = [int(match["year"])] if match["year"] else range(now.year, now.year - 9, -1)
    for year in years:
        try:
            found = dt.datetime(year, month, day)  # noqa: DTZ001
        except ValueError:
            continue
        if match["year"] or found <= now:
            break
    else:
        return None
    if match["hour"] is None:
        return _day(found)
    moment = found.replace(hour=int(match["hour"]), minute=int(match["minute"]))
    return Span(start=moment, end=moment)


def _month(name: str) -> int:
    """Return a month's number.

    Raises:
        ValueError: there is no such month.
    """
    return (_MONTH_NAMES if name in _MONTH_NAMES else _MONTHS).index("sep" if name == "sept" else name) + 1


def _next_month(first: dt.datetime) -> dt.datetime:
    return (first + 31 * _DAY).replace(day=1)


def _day(time: dt.datetime) -> Span:
    start = time.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return Span(start=start, end=start + _DAY)
