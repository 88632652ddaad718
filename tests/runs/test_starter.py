from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs import Detected, FoundStore, starter_toml
from lean_core.settings import RegistrySettings, Settings, SourceSettings, parse_settings

FOLDER = Path("/home/ana/churn")


def detected(*stores: FoundStore, repository: Path | None = FOLDER) -> Detected:
    return Detected(folder=FOLDER, stores=stores, passed_over=(), repository=repository, lock_files=())


def read(text: str) -> Settings:
    return parse_settings(text, path=FOLDER / "lean.toml")


def test_what_was_found_becomes_sources():
    text = starter_toml(
        detected(
            FoundStore(form="database file", uri="mlflow.db", runs=12),
            FoundStore(form="MLflow folder", uri="notebooks/mlruns", kind="mlflow"),
            FoundStore(form="tracking URI", uri="http://127.0.0.1:5000", kind="mlflow"),
        )
    )
    assert "# mlflow.db (an MLflow database, 12 runs)" in text
    assert dict(read(text).sources) == {
        "mlflow": SourceSettings(uri="mlflow.db"),
        "notebooks-mlruns": SourceSettings(uri="notebooks/mlruns", kind="mlflow"),
        "server": SourceSettings(uri="http://127.0.0.1:5000", kind="mlflow"),
    }


def test_without_a_name_the_folder_gives_it():
    assert read(starter_toml(detected())).workspace.name == "churn"
    assert read(starter_toml(detected(), "Who cancels?")).workspace.name == "Who cancels?"


def test_with_all_comments_taken_away_it_still_reads_and_shows_every_default():
    text = starter_toml(detected())
    bare = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    assert bare != text
    shown, defaults = read(bare), read("")
    examples = {
        "sources": SourceSettings,
        "registry": RegistrySettings,
        "gates": None,
        "probes": None,
        "heartbeats": None,
        "telemetry": None,
        "signals": None,
    }
    for section in dataclasses.fields(Settings):
        assert f"\n[{section.name}" in bare
        shape = examples.get(section.name, getattr(defaults, section.name))
        if section.name in examples:
            assert getattr(shown, section.name)
        else:
            assert getattr(shown, section.name) == shape
        if shape is None:
            continue
        for field in dataclasses.fields(shape):
            assert re.search(rf"^{field.name} = ", bare, flags=re.MULTILINE)


def test_a_password_of_the_environment_does_not_get_into_the_file():
    text = starter_toml(detected(FoundStore(form="tracking URI", uri="postgresql://ana:hunter2@db/m", kind="mlflow")))
    assert "hunter2" not in text
    assert read(text).sources == {}
    assert '# uri = "postgresql://ana:***@db/m"' in text


def test_sources_of_one_name_are_numbered():
    stores = [FoundStore(form="database file", uri=uri) for uri in ("a b.db", "a-b.sqlite", "a_b.db", "书.db", "..")]
    assert list(read(starter_toml(detected(*stores))).sources) == ["a-b", "a-b-2", "a_b", "local", "local-2"]


@pytest.mark.parametrize("repository", [None, FOLDER, Path("/x\n[server]\ntimeout = 1\n")])
def test_the_repository_is_told_in_a_comment(repository: Path | None):
    assert read(starter_toml(detected(repository=repository))) == read("")


@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=80), max_size=4),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=100),
)
def test_any_name_and_path_survives(uris: list[str], name: str):
    paths = [f"./{uri}" for uri in uris]
    settings = read(starter_toml(detected(*(FoundStore(form="MLflow folder", uri=path) for path in paths)), name))
    assert settings.workspace.name == name
    assert all(source.uri in paths for source in settings.sources.values())
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key) for key in settings.sources)
