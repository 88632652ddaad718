from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core import clock
from lean_core.demo import past
from lean_core.demo.job import JOB, heard
from lean_core.objects import LocalObjects
from lean_core.signals.heartbeats import read_beats

STARTED = dt.datetime(2026, 11, 20, 3)


def test_a_run_that_raises_is_heard_to_have_failed(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), heard(LocalObjects(tmp_path), STARTED):
        raise ZeroDivisionError

    start, end = read_beats(LocalObjects(tmp_path), [JOB], now=STARTED + dt.timedelta(hours=1))[JOB].beats
    assert (start.said, start.at, end.said, end.exit_code) == ("start", STARTED, "fail", 1)
    assert start.run == end.run


def test_on_a_past_day_the_clock_says_so_and_afterwards_it_goes_on():
    before = clock.now()
    with pytest.raises(KeyError), past.at(STARTED):
        assert clock.now() == STARTED
        raise KeyError
    assert clock.now() >= before
