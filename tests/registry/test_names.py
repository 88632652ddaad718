from __future__ import annotations

import datetime as dt
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import NameRefused
from lean_core.objects import check_key
from lean_core.registry import check_name, event_key, is_event_id, is_name, new_event_id, record_key
from tests.registry.values import AT, NAMES

ALLOWED = set(string.ascii_letters + string.digits + "._-")


@given(st.text(max_size=110) | st.text(sorted(ALLOWED), max_size=110))
def test_a_name_is_1_to_100_of_the_allowed_characters_without_a_dot_at_the_start(text: str):
    expected = 0 < len(text) <= 100 and set(text) <= ALLOWED and not text.startswith(".") and text != "trail"
    assert is_name(text) == expected


@given(NAMES, NAMES)
def test_a_name_that_is_allowed_is_a_folder_that_stays_in_the_root(model: str, version: str):
    assert check_name(model, what="model") == model
    assert check_key(record_key(model, version)).count("/") == 2


@pytest.mark.parametrize("name", ["", ".", "..", ".git", "a/b", "a\\b", "a b", "a\n", "é", "a" * 101, "C:"])
def test_a_name_that_is_refused_is_told_with_what_is_allowed(name: str):
    with pytest.raises(NameRefused, match=re.escape("use 1 to 100 of A-Z a-z 0-9 . _ -")) as raised:
        check_name(name, what="version")
    assert len(str(raised.value).splitlines()) == 1


def test_the_reserved_name_is_told_apart():
    with pytest.raises(NameRefused, match="where events lie"):
        check_name("trail", what="version")


@given(
    kind=st.text(string.ascii_lowercase, min_size=1, max_size=12),
    environment=st.none() | st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True),
    at=st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31)),
)
def test_an_events_id_is_one_and_names_a_file_in_the_trail(kind: str, environment: str | None, at: dt.datetime):
    event = new_event_id(kind, environment=environment, at=at)
    assert is_event_id(event)
    assert is_name(event)
    assert check_key(event_key("churn", event)) == f"churn/trail/{event}.json"
    assert f"-{kind}-{environment or 'all'}-" in event


@given(times=st.lists(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31)), min_size=2, max_size=5))
def test_ids_sort_as_their_times_do(times: list[dt.datetime]):
    whole = [time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times]
    ids = {new_event_id("gate", environment="prod", at=time): time for time in whole}
    assert [ids[each] for each in sorted(ids)] == sorted(ids.values())


def test_two_events_of_one_millisecond_have_ids_of_their_own():
    ids = {new_event_id("gate", environment="prod", at=AT) for _ in range(100)}
    assert len(ids) > 90


@pytest.mark.parametrize(
    "text", ["", "x", "20261123T201502123Z-deployment-prod-", "../20261123T201502123Z-gate-prod-4f1c2a"]
)
def test_other_texts_are_no_ids(text: str):
    assert not is_event_id(text)
