from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import (
    CheckResult,
    Event,
    Gate,
    UnreadableEvent,
    event_key,
    in_order,
    parse_event,
    render_event,
)
from tests.registry.values import ANY_EVENT, EVENTS, JSON, event_id, shared

LEAST = {
    "schema": 1,
    "kind": "withdrawal",
    "id": event_id("withdrawal"),
    "at": "2026-11-23T20:15:02.123Z",
    "actor": "ana",
    "model": "churn",
    "version": "7",
    "reason": "wrong data",
}
KEY = event_key("churn", event_id("withdrawal"))


def parse(document: object, *, key: str = KEY) -> Event | UnreadableEvent:
    return parse_event(json.dumps(document).encode(), key=key)


@given(ANY_EVENT)
def test_an_event_that_is_written_and_read_is_the_same(event: Event):
    assert parse_event(render_event(event), key=event_key(event.model, event.id)) == event


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_other_content_is_unreadable_and_never_an_exception(content: bytes):
    assert isinstance(parse_event(content, key=KEY), UnreadableEvent)


@given(st.dictionaries(st.sampled_from([*LEAST, "from", "checks", "expires_at", "note"]), JSON))
def test_an_event_with_any_values_is_read_or_refused_in_one_line(fields: dict):
    found = parse(LEAST | fields)
    assert isinstance(found, Event) or len(found.sentence.splitlines()) == 1


@given(st.lists(ANY_EVENT, max_size=6, unique_by=lambda event: event.id), st.randoms())
def test_events_are_folded_in_one_order_whatever_order_they_arrive_in(events: list[Event], random):
    arrived = list(events)
    random.shuffle(arrived)
    ordered = in_order(arrived)
    assert ordered == in_order(events) == in_order(ordered)
    assert [event.at for event in ordered] == sorted(event.at for event in events)


def test_an_event_under_another_name_or_of_another_model_does_not_count():
    for key in ("churn/trail/copy.json", event_key("fraud", event_id("withdrawal"))):
        found = parse(LEAST, key=key)
        assert isinstance(found, UnreadableEvent)
        assert found.sentence.startswith(f"{key} is the event churn/{event_id('withdrawal')}: ")


def test_a_newer_schema_is_told_by_name():
    found = parse(LEAST | {"schema": 2, "kind": "of the future"})
    assert found == UnreadableEvent(key=KEY, sentence=f"{KEY} has schema 2, newer than 1: upgrade the workbench")


def test_a_kind_that_is_not_known_is_told():
    found = parse(LEAST | {"kind": "party"})
    assert isinstance(found, UnreadableEvent)
    assert "of a kind that this version does not know" in found.sentence


@pytest.mark.parametrize("missing", ["id", "at", "actor", "model", "version", "reason"])
def test_an_event_without_what_it_needs_is_unreadable(missing: str):
    found = parse({name: value for name, value in LEAST.items() if name != missing})
    assert isinstance(found, UnreadableEvent)
    assert f"`{missing}`" in found.sentence


def test_a_metric_that_is_not_a_number_is_written_as_a_string():
    gate = Gate(
        **shared("gate"),
        verdict="unknown",
        policy_sha256="e" * 64,
        checks=(CheckResult(name="metric:auc", verdict="unknown", value=float("nan")),),
    )
    found = parse_event(render_event(gate), key=event_key("churn", gate.id))
    assert isinstance(found, Gate)
    assert found.checks[0].value == "NaN"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_says_nothing_of_what_it_does_not_know(event: Event):
    assert b"null" not in render_event(event)
