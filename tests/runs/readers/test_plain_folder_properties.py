"""Whatever the files hold, a run is read, and what is handed over can be stored."""

from __future__ import annotations

import json
import math
import tempfile
from contextlib import closing
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.runs.readers.plain_folder import PlainFolderReader
from lean_core.runs.readers.plain_folder.documents import parse_yaml
from lean_core.runs.readers.plain_folder.flat import flatten, to_number, to_text
from lean_core.runs.readers.plain_folder.instant import to_millis
from tests.runs.readers.folder_stores import write_tree
from tests.runs.readers.mlflow_stores import loaded

NAMES = st.text(max_size=5) | st.sampled_from(
    ["step", "epoch", "time", "value", "metric", "steps", "values", "history"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.integers(0, 10**19)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
TABLES = st.lists(st.lists(st.sampled_from(["1", "0.5", "", "x", "nan", "1e400", '"', "\0"]), max_size=4), max_size=5)


def read(files: dict[str, str]) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        write_tree(Path(folder), {f"run/{name}": text for name, text in files.items()})
        with closing(PlainFolderReader(Path(folder))) as reader:
            return {name: table.num_rows for name, table in loaded(reader.load(None)).items()}


@settings(deadline=None)
@given(params=DOCUMENTS, metrics=DOCUMENTS, facts=DOCUMENTS)
def test_any_json_is_read(params: object, metrics: object, facts: object):
    documents = {"params.json": params, "metrics.json": metrics, "run.json": facts}
    assert read({name: json.dumps(document) for name, document in documents.items()})["run"] == 1


@settings(deadline=None)
@given(
    text=st.text(max_size=80), rows=TABLES, header=st.lists(NAMES, max_size=4), lines=st.lists(DOCUMENTS, max_size=3)
)
def test_any_text_is_read_as_a_table_or_yaml(text: str, rows: list[list[str]], header: list[str], lines: list[object]):
    clean = text.encode("utf-8", "replace").decode()
    table = "\n".join([",".join(header), *(",".join(row) for row in rows)]).encode("utf-8", "replace").decode()
    files = {"metrics.csv": table, "results.tsv": clean, "params.yaml": clean, "scores.yaml": clean}
    assert read(files | {"log.jsonl": "\n".join(map(json.dumps, lines))})["run"] == 1


@given(st.dictionaries(NAMES.filter(bool), DOCUMENTS, max_size=4))
def test_flat_entries_are_all_that_is_not_a_mapping(document: dict[str, object]):
    def count(value: object) -> int:
        if not isinstance(value, dict) or not value:
            return 1
        return sum(count(inner) for inner in value.values())

    found = list(flatten(document))
    assert len(found) == (count(document) if document else 0)
    assert all(to_text(value).encode() or to_text(value) == "" for _, value in found)


@given(st.floats(allow_nan=False) | st.integers(-(10**400), 10**400))
def test_a_number_is_read_from_its_text_as_from_itself(number: float):
    assert to_number(str(number)) == to_number(number)
    assert math.isnan(to_number("nan") or 0)


@given(st.one_of(SCALARS, st.datetimes().map(str), st.dates()))
def test_a_time_is_within_the_calendar_or_none(value: object):
    millis = to_millis(value)
    assert millis is None or -62_135_596_800_000 <= millis <= 253_402_300_799_999


@given(st.dictionaries(st.text("abc", min_size=1), st.integers() | st.booleans() | st.none() | st.text("ab cé:#-'\"")))
def test_what_yaml_writers_write_is_read_back(document: dict[str, object]):
    assert parse_yaml(yaml.safe_dump(document, allow_unicode=True)) == document
