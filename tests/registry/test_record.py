from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import FIELDS, Code, Record, Unreadable, parse_record, present_fields, render_record
from tests.registry.values import AT, FULL_RECORD, JSON, NAMES, RECORDS

LEAST = {"schema": 1, "model": "churn", "version": "7"}


def parse(document: object) -> Record | Unreadable:
    return parse_record(json.dumps(document).encode(), model="churn", version="7")


@given(RECORDS)
def test_a_record_that_is_written_and_read_is_the_same(record: Record):
    assert parse_record(render_record(record), model=record.model, version=record.version) == record


@given(RECORDS)
def test_what_a_strict_parser_refuses_is_read_all_the_same(record: Record):
    content = render_record(record).decode().encode("utf-16")
    assert parse_record(content, model=record.model, version=record.version) == record


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_other_content_is_unreadable_and_never_an_exception(content: bytes):
    found = parse_record(content, model="churn", version="7")
    assert isinstance(found, Unreadable)
    assert found.kind == "damaged"


@given(st.dictionaries(st.sampled_from(["artifact", "code", "data", "params", "created_at", "note", "x"]), JSON))
def test_a_record_with_any_values_is_read_or_refused_in_one_line(fields: dict):
    found = parse(LEAST | fields)
    assert isinstance(found, Record) or len(found.sentence.splitlines()) == 1


@given(NAMES, NAMES)
def test_a_record_in_another_folder_than_its_own_is_misplaced(model: str, version: str):
    found = parse_record(render_record(Record(model=model, version=version)), model=model, version=f"{version}x")
    assert isinstance(found, Unreadable)
    assert found.kind == "misplaced"
    assert f"of {model}/{version}, " in found.sentence


@pytest.mark.parametrize("more", [{}, {"artifact": "of another shape"}, {"model": 7}])
def test_a_newer_schema_is_told_by_name_whatever_else_it_says(more: dict):
    found = parse(LEAST | {"schema": 2} | more)
    assert found == Unreadable(kind="newer", sentence="version.json has schema 2, newer than 1: upgrade the workbench")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"schema": "1"}, "$.schema"),
        ({"schema": True}, "$.schema"),
        ({"owner": 7}, "$.owner"),
        ({"code": {"commit": "main"}}, "$.code.commit"),
        ({"artifact": {"path": "a", "sha256": "a" * 63}}, "$.artifact.sha256"),
        ({"artifact": {}}, "$.artifact"),
        ({"data": {"name": "train"}}, "$.data"),
        ({"data": [{"name": "train"}]}, "$.data[0]"),
        ({"created_at": "yesterday"}, "$.created_at"),
    ],
)
def test_a_damaged_record_names_the_place(fields: dict, place: str):
    found = parse(LEAST | fields)
    assert isinstance(found, Unreadable)
    assert found.sentence.endswith(f"`{place}`")


def test_nan_in_the_params_nulls_and_unknown_fields_do_no_harm():
    found = parse(LEAST | {"params": {"eta": float("nan")}, "data": None, "stage": "gold"})
    assert isinstance(found, Record)
    assert str(found.params["eta"]) == "nan"
    assert found.data == ()


def test_nan_is_written_as_a_string_since_json_has_none():
    record = Record(model="churn", version="7", params={"eta": float("nan"), "most": [float("inf"), -float("inf")]})
    assert json.loads(render_record(record))["params"] == {"eta": "NaN", "most": ["Infinity", "-Infinity"]}


def test_bytes_of_a_file_name_that_is_not_utf8_survive():
    record = Record(model="churn", version="7", note=b"caf\xe9".decode(errors="surrogateescape"))
    assert parse_record(render_record(record), model="churn", version="7") == record


def test_what_a_record_does_not_say_is_not_written():
    record = Record(model="churn", version="7", code=Code(dirty=True), params={"seed": None})
    assert json.loads(render_record(record)) == LEAST | {"code": {"dirty": True}, "params": {"seed": None}}


def test_times_of_other_zones_are_read_as_utc():
    found = parse(LEAST | {"created_at": "2026-11-23T21:15:02.123+01:00"})
    assert isinstance(found, Record)
    assert found.created_at == AT


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_before_the_first_year_is_refused(time: str):
    found = parse(LEAST | {"created_at": time})
    assert isinstance(found, Unreadable)
    assert "out of range" in found.sentence


def test_a_full_record_has_all_seven_fields():
    assert present_fields(FULL_RECORD) == frozenset(FIELDS)


def test_a_record_that_says_nothing_has_the_folder_only():
    empty = Record(model="churn", version="7", code=Code(dirty=False), created_at=dt.datetime(2026, 1, 1))
    assert present_fields(empty) == {"folder"}
    assert present_fields(replace(empty, owner="ana")) == {"folder", "owner"}
