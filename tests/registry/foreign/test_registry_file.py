"""Self-made registries in the shapes in which people keep them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry.foreign.entry import read_entry
from lean_core.registry.foreign.registry_file import Sought, index_file, read_registry_file
from lean_core.registry.record import Data

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def read(document: Any, version: str = "v1", *, model: str | None = None, only: bool = False):
    sought = Sought(model="churn", version=version, files=("model.pkl",), is_only_model=only)
    return read_registry_file(index_file(document, place="registry.json", model=model), sought)


def metrics(document: Any, version: str = "v1", **said: Any):
    clues, problem = read(document, version, **said)
    assert not problem
    return clues.metric_values and dict(clues.metric_values.value)


AUC = {"auc": 0.9}


@pytest.mark.parametrize(
    "document",
    [
        {"models": [{"name": "churn", "version": "v1", "metrics": AUC}, {"name": "fraud", "version": "v1", "auc": 1}]},
        [{"model_name": "churn", "model_version": 1, "performance": AUC}],
        {"churn": {"versions": [{"version": "1", "evaluation_metrics": AUC}], "production": "v1"}},
        {"churn": {"v1": {"auc": 0.9, "stage": "Staging", "n_features": 12}, "v2": {"auc": 0.8}}},
        {"models": {"churn": {"versions": {"v1": {"metrics": AUC}}}}},
        {"models": {"v1": {"model_name": "churn", "metrics": AUC}}, "active_version": "v1"},
        {"entries": [{"path": "C:\\Users\\ana\\models\\churn\\v1\\model.pkl", "metrics": AUC}]},
        {"entries": [{"path": "./models/churn/v1/model.pkl", "id": 7, "metrics": AUC}]},
        {"schema_version": "1", "version": "1", "models": [{"name": "Churn", "version": 1.0, "metrics": AUC}]},
    ],
)
def test_a_version_is_found_whatever_the_shape(document: Any):
    version = "1.0" if "schema_version" in document else "v1"
    assert metrics(document, version) == AUC


def test_a_file_without_a_model_s_name_is_about_the_only_model_or_the_one_in_whose_folder_it_lies():
    document = {"models": [{"version": "v1", "metrics": AUC}]}
    assert metrics(document) is None
    assert metrics(document, only=True) == AUC
    assert metrics(document, model="churn") == AUC


def test_names_of_algorithms_do_not_matter_in_the_model_s_own_folder():
    document = {"models": [{"name": "RandomForest", "version": "v1", "metrics": AUC}]}
    assert metrics(document, model="churn") == AUC
    assert metrics(document, only=True) is None


def test_a_version_that_the_file_does_not_list_gets_nothing():
    clues, problem = read({"models": [{"name": "churn", "version": "v1", "metrics": AUC}]}, "v2")
    assert (clues.is_empty, problem) == (True, "")


def test_the_file_s_own_version_is_no_model_s():
    assert metrics({"version": 1, "auc": 0.1, "models": []}, only=True) is None


def test_different_things_said_of_one_version_are_not_believed():
    listed = [{"name": "churn", "version": "v1", "auc": 0.9}, {"name": "churn", "version": "v1", "auc": 0.8}]
    clues, problem = read(listed)
    assert clues.is_empty
    assert problem == "registry.json says 2 different things of churn/v1: none of them was believed"


def test_the_same_said_twice_is_believed_nan_or_not():
    listed = [{"name": "churn", "version": "v1", "loss": math.nan}] * 2
    clues, problem = read(listed)
    assert not problem
    assert clues.metric_values is not None
    assert math.isnan(clues.metric_values.value["loss"])


def test_a_path_into_the_folder_tells_among_several():
    listed = [
        {"name": "churn", "version": "v1", "auc": 0.8, "path": "old/model.pkl"},
        {"name": "churn", "version": "v1", "auc": 0.9, "path": "churn\\v1\\model.pkl"},
    ]
    assert metrics(listed) == AUC


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"churn": {"versions": ["v1", "v2"], "production": "v1"}}, "production"),
        ({"models": [], "active_version": "v1"}, "active"),
        ({"models": [{"name": "churn", "version": "v1", "status": "archived"}]}, "archived"),
        ({"models": [{"name": "churn", "version": "v1", "is_production": True}]}, "production"),
        ({"models": [{"name": "churn", "version": "v1", "is_production": False}]}, None),
    ],
)
def test_what_is_said_to_be_in_use_is_found_with_its_place(document: Any, status: str | None):
    clues, _ = read(document, only=True)
    assert (clues.status and clues.status.value) == status
    assert clues.status is None or clues.status.where.startswith("registry.json: ")


def test_every_field_is_found_with_its_place():
    entry = {
        "version": "v1",
        "model_path": "D:\\work\\models\\model.pkl",
        "sha256": "A" * 64,
        "git_commit": COMMIT,
        "repository": "https://token@host/churn.git",
        "dataset_version": "2025_Jan",
        "dataset_hash": "6d42",
        "test_metrics": {"auc": 0.9, "model": "x"},
        "validation_metrics": {"auc": 0.8},
        "hyperparameters": {"depth": 4},
        "python_version": "3.13.2 (tags/v3.13.2:4f8bb39)",
        "run_id": "r1",
        "owner": "Ana",
        "notes": "nightly job",
        "created_at": "2026-01-02T10:00:00",
        "status": "active",
    }
    clues = read_entry(entry, "registry.json: models[0]", ["model.pkl"])
    found = {
        "artifact": "model.pkl",
        "sha256": "a" * 64,
        "commit": COMMIT,
        "repo": "https://***@host/churn.git",
        "metric_values": {"test.auc": 0.9, "validation.auc": 0.8},
        "params": {"depth": 4},
        "python": "3.13.2",
        "run_id": "r1",
        "owner": "Ana",
        "note": "nightly job",
        "made_at": "2026-01-02T10:00:00",
        "status": "active",
    }
    assert {name: getattr(clues, name).value for name in found} == found
    assert clues.data[0].value == Data(name="training", ref="2025_Jan", digest="dataset_hash:6d42")
    assert clues.commit is not None
    assert clues.commit.where == "registry.json: models[0], git_commit"


@pytest.mark.parametrize(
    "entry",
    [
        {"owner": "", "commit": "v1.2", "python": "unknown", "sha256": "abc", "status": None, "notes": ["x"]},
        {"owner": True, "metrics": {"model": "xgb"}, "params": {}, "n_estimators": 3, "accuracy": "high"},
        {"path": "/elsewhere/other.pkl", "metrics": []},
    ],
)
def test_what_is_no_such_thing_is_not_taken_for_one(entry: dict[str, Any]):
    assert read_entry(entry, "x", ["model.pkl"]).is_empty


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["churn", "v1", "a\\churn\\v1\\x", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["churn", "v1", "models", "version", "name", "path", "metrics", "status", "active", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(json_values, st.booleans())
def test_no_document_is_too_odd(document: Any, only: bool):
    clues, problem = read(document, only=only)
    assert "\n" not in problem
    assert clues.metric_values is None or all(isinstance(each, float) for each in clues.metric_values.value.values())
