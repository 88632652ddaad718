"""Data goes to stdout, narration to stderr."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import click

LONGEST_CELL = 28
_GAP = "  "


def say(text: str) -> None:
    """Tell the person something that is not the answer itself."""
    click.echo(text, err=True)


def write_json(value: object) -> None:
    """Print one JSON document; not a number and the infinities as strings, since JSON has none."""
    click.echo(_dump(value))


def write_json_list(values: Iterable[object]) -> None:
    """Print a JSON list with one element a line, as they come: friendly to memory, `grep` and `head`."""
    between = "[\n"
    for value in values:
        click.echo(f"{between}{_dump(value)}", nl=False)
        between = ",\n"
    click.echo("[]" if between == "[\n" else "\n]")


def write_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None, longest: int | None = LONGEST_CELL
) -> None:
    """Print columns side by side; those that do not fit into ``width`` characters are left out, the last ones first.

    Args:
        head: what the columns are called.
        rows: their cells.
        width: None: there is room for any number of characters.
        longest: how many characters of a cell are shown; None: all.
    """
    cells = [[plain(text) if longest is None else shorten(text, longest) for text in row] for row in (head, *rows)]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(head))]
    if width is not None:
        while len(widths) > 1 and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
            widths.pop()
    for row in cells:
        line = _GAP.join(text + " " * (size - _width(text)) for text, size in zip(row, widths, strict=False))
        click.echo(line.rstrip())


def terminal_width() -> int | None:
    """Return how many characters fit side by side where we write to; None: any number, since it is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def plain(text: str) -> str:
    """Return a text that came from elsewhere without line breaks and without codes that a terminal would obey."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shorten(text: str, longest: int = LONGEST_CELL) -> str:
    """Return a text as `plain` does, with so many characters at most."""
    text = plain(text)
    while _width(text) > longest:
        text = f"{text[:-2]}…"
    return text


def utc(time: dt.datetime | None) -> str | None:
    """Return a naive UTC time in RFC 3339, to the millisecond."""
    return None if time is None else f"{time.isoformat(timespec='milliseconds')}Z"


def duration(seconds: float) -> str:
    """Return a duration as a person says it: ``4.2 s``, ``3 min``, ``5.0 h``, ``12 d``."""
    for limit, size, unit in (
        (10, 1, ".1f} s"),
        (120, 1, ".0f} s"),
        (7_200, 60, ".0f} min"),
        (172_800, 3_600, ".1f} h"),
    ):
        if abs(seconds) < limit:
            return ("{:" + unit).format(seconds / size)
    return f"{seconds / 86_400:.0f} d"


def _dump(value: object) -> str:
    takes_all = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(_speakable(value), ensure_ascii=not takes_all, allow_nan=False)


def _speakable(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _speakable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_speakable(each) for each in value]
    if isinstance(value, dt.datetime):
        return utc(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)
