"""Which keys are taken."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import NameRefused
from lean_core.objects import check_key

ROOT = "/registry"


def refusal_of(key: str) -> str:
    try:
        assert check_key(key) == key
    except NameRefused as refusal:
        return str(refusal)
    return ""


@given(st.text(alphabet="./\\\\:aC~%ü\x00\n\u2028\udcff ", max_size=12) | st.text(max_size=12))
def test_whatever_is_taken_stays_below_the_root_under_its_own_name(key: str):
    refusal = refusal_of(key)
    assert refusal.isprintable()
    if not refusal:
        assert os.path.normpath(f"{ROOT}/{key}") == f"{ROOT}/{key}"
        assert f"{ROOT}/{key}".startswith(f"{ROOT}/")
        assert key.encode()


@given(
    st.lists(
        st.text(alphabet="abcXYZ019._- ü", min_size=1, max_size=8).filter(lambda part: part.strip(".")), min_size=1
    )
)
def test_ordinary_names_are_taken(parts: list[str]):
    assert check_key("/".join(parts)) == "/".join(parts)


def test_a_key_that_is_too_long_for_a_bucket_is_refused():
    assert check_key("a" * 1_000)
    with pytest.raises(NameRefused, match="is empty or longer than 1,000 bytes"):
        check_key("ü" * 501)
