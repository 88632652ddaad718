from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lean_core.objects import ObjectInfo
from lean_core.registry import arrange
from tests.registry.values import AT


def infos(*keys: str, at: dt.datetime = AT) -> list[ObjectInfo]:
    return [ObjectInfo(key=key, bytes=1, modified=at, tag=f"tag of {key}") for key in keys]


def test_versions_events_and_the_rest_are_told_apart():
    layout = arrange(
        infos(
            "churn/1/version.json",
            "churn/1/model/weights.bin",
            "churn/1/model/version.json",
            "churn/trail/a.json",
            "churn/trail/a.txt",
            "churn/trail/old/a.json",
            "churn/model.pkl",
            "registry.json",
            "fraud/trail/b.json",
        )
    )
    assert list(layout.folders) == [("churn", "1")]
    assert [info.key for info in layout.folders["churn", "1"].infos] == [
        "churn/1/version.json",
        "churn/1/model/weights.bin",
        "churn/1/model/version.json",
    ]
    assert {model: [info.key for info in found] for model, found in layout.events.items()} == {
        "churn": ["churn/trail/a.json"],
        "fraud": ["fraud/trail/b.json"],
    }
    assert {info.key for info in layout.strays} == {
        "churn/trail/a.txt",
        "churn/trail/old/a.json",
        "churn/model.pkl",
        "registry.json",
    }
    assert layout.models == ["churn", "fraud"]


def test_what_is_hidden_is_passed_over():
    layout = arrange(infos(".git/config", ".DS_Store", "churn/.ipynb_checkpoints/a.ipynb", "churn/.DS_Store", ".a/1/b"))
    assert (layout.folders, layout.strays, layout.refused) == ({}, [], {})


def test_names_that_the_convention_refuses_are_counted():
    layout = arrange(infos("my model/1/a", "my model/2/a", "churn/v 1/a", "churn/v 1/b", "my model/trail/a.json"))
    assert layout.refused == {"my model/": 3, "churn/v 1/": 2}
    assert layout.models == []


KEYS = st.lists(st.sampled_from("abcd.").map(lambda name: f"churn/1/{name}"), unique=True, min_size=1)


@given(KEYS, st.randoms())
def test_a_folders_tag_does_not_depend_on_the_order_of_the_listing(keys: list[str], random):
    listed = infos(*keys)
    before = arrange(listed).folders["churn", "1"].tag
    random.shuffle(listed)
    assert arrange(listed).folders["churn", "1"].tag == before


@given(KEYS, KEYS)
def test_a_folders_tag_changes_with_its_files(one: list[str], other: list[str]):
    tags = [arrange(infos(*keys)).folders["churn", "1"].tag for keys in (one, other)]
    assert (tags[0] == tags[1]) == (sorted(one) == sorted(other))


@given(KEYS)
def test_a_folders_tag_changes_with_a_files_tag(keys: list[str]):
    listed = infos(*keys)
    before = arrange(listed).folders["churn", "1"].tag
    listed[0] = replace(listed[0], tag="another")
    assert arrange(listed).folders["churn", "1"].tag != before
