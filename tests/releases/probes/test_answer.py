from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.releases.probes import Said, Silent
from lean_core.releases.probes.answer import LIMIT, read_answer


def read(content: bytes | str, *, at: str = "", compare="version") -> Said | Silent:
    return read_answer(content.encode() if isinstance(content, str) else content, json_path=at, compare=compare)


def text_of(content: bytes | str, **how) -> str | None:
    found = read(content, **how)
    return found.text if isinstance(found, Said) else None


def reason(content: bytes | str, **how) -> str:
    found = read(content, **how)
    assert isinstance(found, Silent)
    return found.reason


def test_a_plain_answer_is_the_version():
    assert text_of("12\n") == "12"
    assert text_of("\ufeff2026.11.1 ") == "2026.11.1"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"version": "12"}, "version"),
        ({"model": {"version": "12"}}, "model.version"),
        ({"model": {"version": "12"}}, "$.model.version"),
        ({"models": [{"version": "11"}, {"version": "12"}]}, "models[1].version"),
        (["12"], "[0]"),
        ({"version": 12}, "version"),
    ],
)
def test_a_path_leads_into_json(document, path: str):
    assert text_of(json.dumps(document), at=path) == "12"


def test_a_number_keeps_its_digits():
    assert text_of('{"version": 1.10}', at="version") == "1.10"


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (b"", "", "is empty"),
        (b"   \n", "", "is empty"),
        (b"\xff\xfe\x00", "", "is not text"),
        (b"12\n13", "", "several lines"),
        (b"x" * 300, "", "several lines or over 200"),
        (b"x" * (LIMIT + 1), "", "longer than 64 kB"),
        (b"<!doctype html><html>", "", "web page"),
        (b"  <html>", "version", "web page"),
        (b"12", "version", "nothing at version"),
        (b"not json", "version", "is not JSON"),
        (b"[" * 60_000, "version", "is not JSON"),
        (b'{"other": 1}', "version", "nothing at version"),
        (b'{"version": [1]}', "version[1]", "nothing at version[1]"),
        (b'{"version": null}', "version", "neither a text nor a number"),
        (b'{"version": true}', "version", "neither a text nor a number"),
        (b'{"version": NaN}', "version", "neither a text nor a number"),
        (b'{"version": ""}', "version", "is empty"),
    ],
)
def test_each_bad_answer_has_its_reason_and_does_not_quote_it(content: bytes, path: str, words: str):
    assert words in reason(content, at=path)


def test_a_digest_is_64_hex_digits():
    for written in ("a" * 64, "A" * 64, f"sha256:{'a' * 64}"):
        assert read(written, compare="digest") == Said(text="a" * 64, kind="digest")
    assert "not a SHA-256" in reason("a" * 40, compare="digest")


@given(st.binary(max_size=200), st.sampled_from(["", "a", "a[0].b", "[3]"]), st.sampled_from(["version", "digest"]))
def test_no_answer_raises(content: bytes, path: str, compare):
    assert isinstance(read(content, at=path, compare=compare), Said | Silent)
