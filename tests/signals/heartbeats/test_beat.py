from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import NameRefused
from lean_core.signals.heartbeats import Details, check_job, make_beat
from lean_core.signals.heartbeats.beat import beat_of, key_of, parse_beat, read_key, render_beat
from tests.signals.heartbeats.builders import NOON, a_beat

DETAILS = st.builds(
    Details,
    run=st.none() | st.text(),
    seconds=st.none() | st.floats(0, 1e9),
    exit_code=st.none() | st.integers(-(2**31), 2**31),
    every_seconds=st.none() | st.floats(1, 1e8),
    note=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
)


@given(
    DETAILS,
    st.sampled_from(["start", "success", "fail"]),
    st.datetimes(dt.datetime(1_000, 1, 1), dt.datetime(9_999, 12, 31)),
)
def test_what_is_written_is_read(details: Details, said, time: dt.datetime):
    beat = make_beat("nightly", said, at=time, details=details)
    assert parse_beat(render_beat(beat), read_key(key_of(beat)), job="nightly") == beat


def test_a_beat_lies_in_the_folder_of_its_job_and_day():
    beat = a_beat(job="nightly.scores")
    assert key_of(beat) == f".heartbeats/nightly.scores/2026-11-23/{beat.id}.json"
    assert beat.id.startswith("20261123T120000000Z-success-")


@pytest.mark.parametrize("job", ["", ".hidden", "a/b", "a b", "ä", "x" * 101, "a\n", ".."])
def test_a_name_that_can_be_no_folder_is_refused(job: str):
    with pytest.raises(NameRefused, match="no dot at the start"):
        check_job(job)


@pytest.mark.parametrize(
    "key", ["x.json", "20261123T120000000Z-success-abc.json", "20261399T120000000Z-fail-0123456789ab.json", ".DS_Store"]
)
def test_a_file_of_another_name_is_no_beat(key: str):
    assert read_key(f".heartbeats/nightly/2026-11-23/{key}") is None


def spoiled(beat, **changes):
    return json.dumps(json.loads(render_beat(beat)) | changes).encode()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"schema": 2}, "newer than 1: upgrade the workbench"),
        ({"every_seconds": -5}, "does not follow the convention"),
        ({"seconds": "long"}, "does not follow the convention"),
        ({"seconds": float("nan")}, "not a JSON object"),
        ({"job": "weekly"}, "moved, renamed or copied"),
        ({"said": "fail"}, "moved, renamed or copied"),
    ],
)
def test_what_can_not_be_believed_is_told(changes, why: str):
    beat = a_beat()
    assert why in parse_beat(spoiled(beat, **changes), read_key(key_of(beat)), job="nightly")


def test_fields_of_later_versions_are_passed_over():
    beat = a_beat(note="42 rows")
    assert parse_beat(spoiled(beat, weather="fine"), read_key(key_of(beat)), job="nightly") == beat


def test_the_name_alone_says_what_and_when():
    beat = a_beat("fail", note="gone")
    assert beat_of(read_key(key_of(beat)), job="nightly") == dataclasses.replace(beat, note=None)


def test_a_beat_of_the_first_version_can_still_be_read():
    key = ".heartbeats/nightly-scores/2026-11-23/20261123T030412123Z-success-3fa91c2b07de.json"
    content = b"""{"schema": 1, "kind": "heartbeat", "id": "20261123T030412123Z-success-3fa91c2b07de",
    "job": "nightly-scores", "said": "success", "at": "2026-11-23T03:04:12.123Z", "run": "b81d0c9e44f2",
    "seconds": 251.873, "exit_code": 0, "every_seconds": 86400.0, "grace_seconds": 3600.0,
    "note": "41,202 customers", "host": "web1"}"""
    beat = parse_beat(content, read_key(key), job="nightly-scores")
    assert (beat.at, beat.seconds, beat.note) == (
        NOON.replace(hour=3, minute=4, second=12, microsecond=123_000),
        251.873,
        "41,202 customers",
    )
