"""What users, MLflow or files say, made safe and short enough to draw.

Streamlit reads Markdown in nearly every label, and a Markdown image makes the viewer's browser call a foreign host.
So nothing from outside is drawn but through `plain` or `code`, or in `st.dataframe`, which shows text as it is.
"""

from __future__ import annotations

import datetime as dt
import math
import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # all ASCII punctuation: CommonMark lets each be escaped
_TYPESET = re.compile(r"(?<=[<>~])(?==)|(?<=-)(?=[->])|(?<=<)(?=-)")  # <= -> -- and the like become one character
_WORD_JOINER = "\u2060"
_SPACE = re.compile(r"\s+")


def plain(said: str) -> str:
    """Return Markdown that shows ``said`` as it is, on one line."""
    apart = _TYPESET.sub(_WORD_JOINER, _SPACE.sub(" ", said).strip())
    return _MARKDOWN.sub(r"\\\1", apart)


def code(said: str) -> str:
    """Return Markdown that shows ``said`` in the fixed-width face, on one line: a name, a path, an address."""
    line = _SPACE.sub(" ", said).strip() or " "
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if line.startswith("`") or line.endswith("`") else f"{fence}{line}{fence}"


def small(markdown: str) -> str:
    """Return Markdown in the small grey face of what matters less."""
    return f":small[:gray[{markdown}]]"


def count(number: int, noun: str) -> str:
    """Say how many, such as ``1 run`` or ``12,480 runs``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def age(then: dt.datetime | None, now: dt.datetime) -> str:
    """Say how long ago a time was, or that it never was. Both are naive UTC."""
    if then is None:
        return "never"
    seconds = (now - then).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{count(int(seconds // length), unit)} ago"
    return "just now"


def size(number: int) -> str:
    """Say a number of bytes, such as ``3.4 MB``."""
    amount = float(number)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:  # noqa: PLR2004 - powers of 1000, as disks are sold
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"  # noqa: PLR2004
        amount /= 1000
    return f"{amount:.1f} GB"


def duration(seconds: float) -> str:
    """Say a length of time, such as ``0.4 s``, ``12 s`` or ``3 min``."""
    if seconds < 10:  # noqa: PLR2004 - a tenth matters only below ten
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"  # noqa: PLR2004


def number(value: float) -> str:
    """Say a metric's value with six digits; what is no finite number by the names that JSON and MLflow use."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.6g}"
