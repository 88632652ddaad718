from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from lean_core.runs import Input, Run, reference_of, repository_of


def dataset(source: object, kind: str | None = "local") -> Input:
    text = source if isinstance(source, str) or source is None else json.dumps(source)
    return Input(name="train", digest="1", context=None, source_type=kind, source=text)


def a_run(**said: Any) -> Run:
    nothing = dict.fromkeys(field.name for field in dataclasses.fields(Run) if field.default is dataclasses.MISSING)
    known = {"source": "local", "run_key": "r", "run_id": "r", "lifecycle": "active"}
    empty = {"params": {}, "metrics": {}, "tags": {}, "local_tags": {}, "inputs": ()}
    return Run(**(nothing | empty | known | said))


@pytest.mark.parametrize(
    ("source", "kind", "ref"),
    [
        ({"uri": "/data/x.csv"}, "local", "/data/x.csv"),
        ({"uri": "s3://b/x.parquet"}, "s3", "s3://b/x.parquet"),
        ({"url": "https://ana:pw@h/x.csv"}, "http", "https://ana:***@h/x.csv"),
        ({"path": "squad", "revision": "abc", "split": None}, "hugging_face", "hf://datasets/squad@abc"),
        ({"path": "squad"}, "hugging_face", "hf://datasets/squad"),
        ({"delta_table_name": "a.b", "delta_table_version": 3}, "delta_table", "a.b"),
        ({"path": "dbfs:/x", "delta_table_name": "a.b"}, "delta_table", "dbfs:/x"),
        ("data/train.csv", "local", "data/train.csv"),
        ('"data/train.csv"', "local", "data/train.csv"),
        ({"tags": {"mlflow.source.name": "train.py"}}, "code", None),
        ({"uri": ""}, "local", None),
        ({"sql": "select 1"}, "spark", None),
        ("[1]", "local", None),
        (None, "local", None),
    ],
)
def test_the_place_of_a_dataset_is_what_its_source_says(source: object, kind: str, ref: str | None):
    assert reference_of(dataset(source, kind)) == ref


def test_the_repository_of_a_run_is_its_tag_without_secrets():
    assert repository_of(a_run(tags={"mlflow.source.git.repoURL": "https://tok@h/x.git"})) == "https://***@h/x.git"
    assert repository_of(a_run(tags={})) is None
