"""What was written once stays readable: these files are never made anew; a new schema gets files of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.registry import Event, Record, parse_event, parse_record, render_event, render_record
from tests.registry.values import EVENTS, FULL_RECORD

GOLDEN = Path(__file__).parent / "golden"
RECORD = GOLDEN / "churn" / "2026.11.1" / "version.json"
LEAST = GOLDEN / "churn" / "least" / "version.json"
TRAIL = GOLDEN / "churn" / "trail"


def test_a_record_of_schema_1_is_readable():
    assert parse_record(RECORD.read_bytes(), model="churn", version="2026.11.1") == FULL_RECORD


def test_the_least_record_of_schema_1_is_readable():
    assert parse_record(LEAST.read_bytes(), model="churn", version="least") == Record(model="churn", version="least")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_of_schema_1_is_readable(event: Event):
    content = (TRAIL / f"{event.id}.json").read_bytes()
    assert parse_event(content, key=f"churn/trail/{event.id}.json") == event


def test_there_is_a_golden_file_of_each_kind_of_event():
    assert {path.stem for path in TRAIL.iterdir()} == {event.id for event in EVENTS}


def test_a_record_is_written_as_it_always_was():
    assert render_record(FULL_RECORD) == RECORD.read_bytes()
    assert render_record(Record(model="churn", version="least")) == LEAST.read_bytes()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_is_written_as_it_always_was(event: Event):
    assert render_event(event) == (TRAIL / f"{event.id}.json").read_bytes()
