from __future__ import annotations

import string

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.runs.readers.mlflow_folder.meta_yaml import _parse_plain, millis_of, parse_meta, text_of

KEYS = st.text(string.ascii_letters + "_", min_size=1, max_size=12).filter(lambda key: not key.startswith("__"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=120)
NUMBERS = st.integers(-(10**15), 10**15)
RUN = """\
artifact_uri: file:///home/ana/mlruns/0/4fb06428dfe34952bf94285071010ed2/artifacts
end_time: 1795474925279
entry_point_name: ''
experiment_id: '0'
lifecycle_stage: active
run_id: 4fb06428dfe34952bf94285071010ed2
run_name: first
source_type: 4
start_time: null
tags: []
"""


def dump(meta: object) -> str:
    """Write as MLflow does."""
    return yaml.dump(meta, default_flow_style=False, allow_unicode=True, sort_keys=True, Dumper=yaml.CSafeDumper)


def test_a_usual_file_is_read_without_pyyaml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lean_core.runs.readers.mlflow_folder.meta_yaml.load_yaml", pytest.fail)
    meta = parse_meta(RUN.encode())
    assert (meta["run_id"], meta["run_name"], meta["start_time"], meta["entry_point_name"]) == (
        "4fb06428dfe34952bf94285071010ed2",
        "first",
        None,
        "",
    )


@given(st.dictionaries(KEYS, TEXTS | st.none() | NUMBERS, max_size=6).filter(bool))
def test_what_mlflow_writes_is_read_back(meta: dict[str, object]):
    expected = {key: str(value) if isinstance(value, int) else value for key, value in meta.items()}
    assert parse_meta(dump(meta).encode()) == expected


LINES = st.builds(
    "{}:{}{}\n".format,
    st.sampled_from("abc"),
    st.sampled_from(["", " ", "  ", "\t"]),
    st.text("ab1 '\"#:,-?&*!|>%@`[]{}~\t\\nul", max_size=8),
)


@settings(max_examples=1_000)
@given(st.lists(LINES, min_size=1, max_size=3).map("".join))
def test_the_quick_way_never_says_anything_else_than_pyyaml(text: str):
    plain = _parse_plain(text)
    if not plain:
        return
    try:
        loaded = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        pytest.fail(f"PyYAML refuses {text!r}")
    nulls = {"", "~", "null", "Null", "NULL"}
    expected = {key: None if value in nulls else value for key, value in loaded.items()}
    assert {key: value or None for key, value in plain.items()} == {
        key: None if value in ([], {}) else value for key, value in expected.items()
    }


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mapping_or_an_error_that_says_why(data: bytes):
    try:
        found: object = parse_meta(data)
    except ValueError as error:
        found = str(error)
    assert isinstance(found, dict | str)
    assert found != ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name: 'it''s'\n", "it's"),
        ("name: a very\n  long name\n", "a very long name"),
        ("name: |\n  two\n  lines\n", "two\nlines\n"),
        ("name: x # a comment\n", "x"),
        ("name: yes\n", "yes"),
        ("name: 0x1F\n", "0x1F"),
        ("name: 2026-11-01\n", "2026-11-01"),
        ("name: 12:30\n", "12:30"),
        ("name: -1\n", "-1"),
        ("name: http://x:8/y#z\n", "http://x:8/y#z"),
        ("name: one\nname: two\n", "two"),
        ("name: windows\r\n", "windows"),
        ("name: no end", "no end"),
        ("name: !!python/name:os.system x\n", None),
    ],
)
def test_a_scalar_is_text_as_it_was_written(text: str, value: str | None):
    if value is None:
        with pytest.raises(ValueError, match="not YAML"):
            parse_meta(text.encode())
    else:
        assert parse_meta(text.encode()) == {"name": value}


@pytest.mark.parametrize("text", ["[" * 5_000, "{a: " * 5_000, "- " * 50_000 + "x", "a:\n" + " " * 600 + "x"])
def test_a_file_nested_so_deeply_that_pyyaml_would_crash_is_refused(text: str):
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_meta(text.encode())


@pytest.mark.parametrize(
    ("written", "millis"),
    [
        ("1730000000000", 1_730_000_000_000),
        ("1.73e12", 1_730_000_000_000),
        ("soon", None),
        (None, None),
        ("1e30", None),
    ],
)
def test_a_time_is_milliseconds_or_none(written: str | None, millis: int | None):
    assert millis_of({"start_time": written}, "start_time") == millis


def test_the_first_entry_that_says_something_counts():
    assert text_of({"a": None, "b": "", "c": ["x"], "d": "y"}, "a", "b", "c", "d") == "y"
