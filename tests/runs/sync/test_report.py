from __future__ import annotations

import pytest

from lean_core.runs.sync.report import seconds_left


@pytest.mark.parametrize(
    ("done", "elapsed", "bursts"),
    [(0.0, 60.0, 3), (0.02, 60.0, 3), (0.5, 0.4, 0), (0.5, 5.0, 0)],
    ids=["nothing is done", "too little is done", "nothing is written yet", "nor after five seconds"],
)
def test_an_estimate_waits_until_it_rests_on_something(done: float, elapsed: float, bursts: int):
    assert seconds_left(done, elapsed=elapsed, bursts=bursts) is None


@pytest.mark.parametrize(("elapsed", "bursts"), [(0.4, 1), (5.1, 0)], ids=["a burst was written", "reading is slow"])
def test_an_estimate_goes_on_as_it_went(elapsed: float, bursts: int):
    assert seconds_left(0.25, elapsed=elapsed, bursts=bursts) == pytest.approx(3 * elapsed)
