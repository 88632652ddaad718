from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from lean_core.runs import ArtifactLocation, Run, Source, SourceVersion, Unreachable, locate_version


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a folder with a store's database and two folders of artifacts."""
    (tmp_path / "mlflow.db").touch()
    for place in ("mlruns/1/r1/artifacts/model", "mlruns/1/models/m-1/artifacts"):
        (tmp_path / place).mkdir(parents=True)
    return tmp_path


def a_run(store: Path, **said: Any) -> Run:
    nothing = dict.fromkeys(field.name for field in dataclasses.fields(Run) if field.default is dataclasses.MISSING)
    empty = {"params": {}, "metrics": {}, "tags": {}, "local_tags": {}, "inputs": ()}
    known = {"source": "local", "run_key": "r1", "run_id": "r1", "lifecycle": "active"}
    places = {"artifact_path": str(store / "mlruns/1/r1/artifacts"), "artifact_uri": "mlflow-artifacts:/1/r1/artifacts"}
    return Run(**(nothing | empty | known | places | said))


def located(store: Path, uri: str | None, *, served: bool = False, **said: Any) -> ArtifactLocation | Unreachable:
    nothing = {"stage": None, "aliases": (), "run": None, "path": None, "name": None}
    version = SourceVersion(**({"source": "local", "model": "churn", "version": "1", "uri": uri} | nothing | said))
    address = "http://127.0.0.1:5000" if served else "mlflow.db"
    return locate_version(version, Source(name="local", uri=address, kind="auto", folder=store, timeout=1))


def path_of(found: ArtifactLocation | Unreachable) -> str | None:
    assert isinstance(found, ArtifactLocation), found
    return found.path


def test_a_logged_model_lies_where_it_was_found(store: Path):
    folder = store / "mlruns/1/models/m-1/artifacts"
    assert path_of(located(store, "/dead/mlruns/1/models/m-1/artifacts", path=str(folder))) == str(folder)


@pytest.mark.parametrize(
    "uri",
    [
        "/dead/machine/mlruns/1/r1/artifacts/model",
        "file:///C:/work/mlruns/1/r1/artifacts/model",
        "./mlruns/1/r1/artifacts/model",
    ],
)
def test_a_path_of_another_machine_is_found_beside_the_store(store: Path, uri: str):
    assert path_of(located(store, uri)) == str(store / "mlruns/1/r1/artifacts/model")


def test_a_place_in_a_run_is_followed(store: Path):
    found = located(store, "runs:/r1/model", run=a_run(store))
    assert path_of(found) == str(store / "mlruns/1/r1/artifacts/model")
    served = located(store, "runs:/r1/model", served=True, run=a_run(store, artifact_path=None))
    assert served == ArtifactLocation(
        uri="mlflow-artifacts:/1/r1/artifacts/model", path=None, tracking_uri="http://127.0.0.1:5000"
    )


def test_what_a_server_or_a_bucket_keeps_stays_there(store: Path):
    assert located(store, "mlflow-artifacts:/1/r1/artifacts/model", served=True) == ArtifactLocation(
        uri="mlflow-artifacts:/1/r1/artifacts/model", tracking_uri="http://127.0.0.1:5000"
    )
    assert located(store, "s3://bucket/model") == ArtifactLocation(uri="s3://bucket/model")


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        (None, "does not say where"),
        ("models:/m-7", "which the source does not have"),
        ("runs:/r9/model", "names a run that the source does not have"),
    ],
)
def test_what_leads_nowhere_says_so(store: Path, uri: str | None, words: str):
    found = located(store, uri)
    assert isinstance(found, Unreachable)
    assert words in found.reason


def test_a_place_outside_of_the_run_is_not_followed(store: Path):
    assert isinstance(located(store, "runs:/r1/../../secret", run=a_run(store)), Unreachable)
