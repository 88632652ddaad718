from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import UsageError
from lean_core.releases import read_span

NOW = dt.datetime(2026, 11, 24, 10, 30)  # a Tuesday


def day(year: int, month: int, number: int) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime(year, month, number)
    return start, start + dt.timedelta(days=1)


def moment(*parts: int) -> tuple[dt.datetime, dt.datetime]:
    return dt.datetime(*parts), dt.datetime(*parts)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-03", day(2026, 3, 3)),
        ("3 March", day(2026, 3, 3)),
        ("March 3", day(2026, 3, 3)),
        ("  3rd  of MARCH ", day(2026, 3, 3)),
        ("3 Mar 2025", day(2025, 3, 3)),
        ("Sept 3, 2025", day(2025, 9, 3)),
        ("30 November", day(2025, 11, 30)),
        ("29 feb", day(2024, 2, 29)),
        ("today", day(2026, 11, 24)),
        ("yesterday", day(2026, 11, 23)),
        ("tuesday", day(2026, 11, 24)),
        ("last tuesday", day(2026, 11, 17)),
        ("friday", day(2026, 11, 20)),
        ("3 days ago", day(2026, 11, 21)),
        ("a week ago", day(2026, 11, 17)),
        ("9 months ago", day(2026, 2, 24)),
        ("March 2026", (dt.datetime(2026, 3, 1), dt.datetime(2026, 4, 1))),
        ("2026-02", (dt.datetime(2026, 2, 1), dt.datetime(2026, 3, 1))),
        ("now", (NOW, NOW)),
        ("2 hours ago", moment(2026, 11, 24, 8, 30)),
        ("2026-03-03 14:05", moment(2026, 3, 3, 14, 5)),
        ("2026-03-03T14:05:06Z", moment(2026, 3, 3, 14, 5, 6)),
        ("2026-03-03T14:05+02:00", moment(2026, 3, 3, 12, 5)),
        ("2026-03-03 14:05 UTC", moment(2026, 3, 3, 14, 5)),
        ("3 March 2026 at 14:05", moment(2026, 3, 3, 14, 5)),
    ],
)
def test_dates_are_read_as_a_person_writes_them(written: str, meant: tuple[dt.datetime, dt.datetime]):
    span = read_span(written, now=NOW)
    assert (span.start, span.end) == meant


@pytest.mark.parametrize("written", ["", "soon", "03/04/2026", "31 February", "2026-02-30", "3 March 25:00", "3 Marz"])
def test_what_is_no_date_or_could_be_two_is_refused_with_examples(written: str):
    with pytest.raises(UsageError, match="is not a date that can be read: write 2026-03-03"):
        read_span(written, now=NOW)


@pytest.mark.parametrize("written", ["2026-11-25", "1 December 2026", "2026-11-24 10:31"])
def test_a_time_that_is_still_to_come_is_refused(written: str):
    with pytest.raises(UsageError, match="still to come"):
        read_span(written, now=NOW)


@given(st.text(max_size=40))
def test_any_other_text_is_a_usage_error(written: str):
    try:
        span = read_span(written, now=NOW)
    except UsageError:
        return
    assert span.start <= span.end <= NOW + dt.timedelta(days=32)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2026, 11, 24)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y"]))
def test_every_day_is_read_in_every_form(date: dt.date, form: str):
    assert read_span(date.strftime(form), now=NOW).start == dt.datetime.combine(date, dt.time())
