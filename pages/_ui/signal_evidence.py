"""What a reading rests on: enough to ask the same again by hand."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from lean_core.signals import Reading, say_threshold
from pages._ui import text


def draw(reading: Reading, now: dt.datetime) -> None:
    """Draw where it comes from."""
    st.markdown("**Evidence**")
    facts = {
        "Place": text.code(reading.source.place),
        "Digest": text.code(f"sha256:{reading.source.digest}") if reading.source.digest else None,
        "Window": _say_window(reading),
        "Rows": None if reading.n is None else f"{reading.n:,}",
        "Observed": _say_time(reading.observed_at, now),
        "Read": _say_time(reading.read_at, now),
        "Judged by": text.plain(say_threshold(reading.threshold, reading.unit)),
        "Trouble": reading.trouble,
        "Note": text.plain(reading.note) if reading.note and reading.bins is None else None,
    }
    st.markdown("  \n".join(f":gray[{name}] {said}" for name, said in facts.items() if said))
    if reading.source.query:
        st.code(reading.source.query, language=None, wrap_lines=True)


def _say_time(time: dt.datetime | None, now: dt.datetime) -> str | None:
    return None if time is None else f"{time:%Y-%m-%d %H:%M:%S} UTC, {text.age(time, now)}"


def _say_window(reading: Reading) -> str | None:
    if reading.since is None or reading.observed_at is None:
        return None
    return f"{reading.since:%Y-%m-%d %H:%M:%S} to {reading.observed_at:%Y-%m-%d %H:%M:%S} UTC"
