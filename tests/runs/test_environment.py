from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs.artifacts import ArtifactLocation
from lean_core.runs.environment import (
    Environment,
    Missing,
    compare_environments,
    parse_environment,
    parse_requirements,
    read_environment,
)
from tests.http_stub import refused
from tests.mlflow_server import Server

CONDA = """
name: mlflow-env
channels: [conda-forge]
dependencies:
  - python=3.10.4
  - conda-forge::numpy=1.26.4=py310h
  - scipy>=1.10
  - zlib
  - pip<=23.0
  - pip:
      - mlflow==3.17.2
      - scikit-learn[alldeps]==1.5.1
"""
PYTHON_ENV = "python: 3.11.7\nbuild_dependencies: [pip==24.0]\ndependencies: [-r requirements.txt]\n"


def write(folder: Path, **files: str) -> ArtifactLocation:
    """Write files by path (``__`` for ``/``, ``_0`` for the dot) below a run's artifacts."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_0", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return ArtifactLocation(uri=folder.as_uri(), path=str(folder))


def environment(*locations: ArtifactLocation) -> Environment:
    found = read_environment(locations)
    assert isinstance(found, Environment)
    return found


# The files


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("numpy==1.26.4", "numpy", "1.26.4"),
        ("numpy === 1.26.4", "numpy", "1.26.4"),
        ("numpy", "numpy", ""),
        ("numpy >= 1.20, < 2", "numpy", ">=1.20,<2"),
        ("numpy==1.*,<1.9", "numpy", "==1.*,<1.9"),
        ("numpy==1.26.*", "numpy", "==1.26.*"),
        ("numpy~=1.26", "numpy", "~=1.26"),
        ("Scikit_Learn.x==1", "scikit-learn-x", "1"),
        ("uvicorn[standard]==0.30", "uvicorn", "0.30"),
        ("tomli==2.0 ; python_version < '3.11'", "tomli", "2.0"),
        ("tomli; python_version < '3.11'", "tomli", ""),
        ("pandas==3.1.0  # pinned", "pandas", "3.1.0"),
        ("torch==2.4.0+cu121", "torch", "2.4.0+cu121"),
        ("pandas==3.1.0 --hash=sha256:abc", "pandas", "3.1.0"),
        ("ours @ git+https://example.org/ours.git@v1", "ours", "@git+https://example.org/ours.git@v1"),
        ("ours @ https://ada:hunter2@example.org/o.whl", "ours", "@https://ada:***@example.org/o.whl"),
    ],
)
def test_a_line_of_requirements_names_a_package_and_its_version(line: str, name: str, version: str) -> None:
    assert parse_requirements([line]) == {name: version}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# a comment",
        "-r other.txt",
        "-e .",
        "--index-url https://ada:hunter2@example.org/simple",
        "./wheels/ours.whl",
        "wheels/ours.whl",
        "https://example.org/ours.whl",
        "git+https://example.org/ours.git",
    ],
)
def test_a_line_without_a_package_is_passed_over(line: str) -> None:
    assert parse_requirements([line]) == {}


def test_a_line_that_goes_on_in_the_next_is_one() -> None:
    assert parse_requirements(["numpy==1.26.4 \\", "    --hash=sha256:aa \\", "    --hash=sha256:bb", "scipy==1"]) == {
        "numpy": "1.26.4",
        "scipy": "1",
    }


@given(st.lists(st.text()))
def test_any_lines_are_taken(lines: list[str]) -> None:
    for name in parse_requirements(lines):
        assert name == name.lower()


def test_a_conda_file_gives_python_and_both_kinds_of_packages() -> None:
    assert parse_environment("model/conda.yaml", CONDA) == Environment(
        python="3.10.4",
        packages={
            "numpy": "1.26.4",
            "scipy": ">=1.10",
            "zlib": "",
            "pip": "<=23.0",
            "mlflow": "3.17.2",
            "scikit-learn": "1.5.1",
        },
    )


def test_a_python_env_file_gives_python() -> None:
    assert parse_environment("python_env.yaml", PYTHON_ENV) == Environment(python="3.11.7")


@pytest.mark.parametrize("name", ["conda.yaml", "python_env.yaml"])
@pytest.mark.parametrize(
    "text", ["", "- a\n- b", "{", "dependencies: 3", "dependencies: [3, null, {pip: 4}]", "python: "]
)
def test_a_file_that_makes_no_sense_gives_nothing(name: str, text: str) -> None:
    assert parse_environment(name, text) == Environment(python=None)


# Where they are


def test_the_environment_of_a_model_folder_is_read_with_its_evidence(tmp_path: Path) -> None:
    location = write(
        tmp_path,
        model__python_env_0yaml=PYTHON_ENV,
        model__requirements_0txt="mlflow==3.17.2\nnumpy==2.4.0\n",
        model__conda_0yaml=CONDA,
        model__MLmodel="flavors: {}",
    )
    assert environment(location) == Environment(
        python="3.11.7",
        packages={"mlflow": "3.17.2", "numpy": "2.4.0"},
        evidence=("model/python_env.yaml", "model/requirements.txt", "model/conda.yaml"),
    )


def test_a_conda_file_alone_is_enough(tmp_path: Path) -> None:
    found = environment(write(tmp_path, conda_0yaml=CONDA))
    assert (found.python, found.evidence) == ("3.10.4", ("conda.yaml",))


def test_a_model_two_folders_deep_is_found_and_deeper_is_not(tmp_path: Path) -> None:
    deep = write(tmp_path / "deep", a__b__requirements_0txt="numpy==1")
    assert environment(deep).evidence == ("a/b/requirements.txt",)
    deeper = write(tmp_path / "deeper", a__b__c__requirements_0txt="numpy==1")
    assert isinstance(read_environment([deeper]), Missing)


def test_the_nearest_folder_wins(tmp_path: Path) -> None:
    location = write(tmp_path, a__requirements_0txt="numpy==1", requirements_0txt="numpy==2")
    assert environment(location).packages == {"numpy": "2"}


def test_a_logged_model_tells_where_the_run_does_not(tmp_path: Path) -> None:
    run = write(tmp_path / "run", notes_0txt="nothing here")
    model = write(tmp_path / "model", requirements_0txt="numpy==2.4.0")
    assert environment(run, model).packages == {"numpy": "2.4.0"}


def test_a_run_that_left_nothing_is_missing_its_environment(tmp_path: Path) -> None:
    found = read_environment([write(tmp_path, notes_0txt="nothing here")])
    assert isinstance(found, Missing)
    assert "no python_env.yaml, requirements.txt or conda.yaml" in found.reason


def test_artifacts_out_of_reach_are_another_reason(tmp_path: Path) -> None:
    found = read_environment([ArtifactLocation(uri="mlflow-artifacts:/1/x", tracking_uri=refused())])
    assert isinstance(found, Missing)
    assert "can't be seen from here" in found.reason


def test_files_that_can_t_be_read_are_another_reason(tmp_path: Path) -> None:
    found = read_environment([write(tmp_path, conda_0yaml="{")])
    assert isinstance(found, Missing)
    assert "conda.yaml could not be read" in found.reason


@pytest.mark.server
def test_the_environment_of_a_model_that_mlflow_logged_is_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlflow

    class Model(mlflow.pyfunc.PythonModel):
        def predict(self, context: object, model_input: list[str]) -> list[str]:
            return model_input

    monkeypatch.setattr(mlflow.tracking.fluent, "_active_experiment_id", None)
    mlflow.set_tracking_uri(server.uri)
    try:
        with mlflow.start_run():
            logged = mlflow.pyfunc.log_model(
                name="model", python_model=Model(), pip_requirements=["numpy==2.4.0", "mlflow==3.17.2"]
            )
        location = mlflow.MlflowClient().get_logged_model(logged.model_id).artifact_location
    finally:
        mlflow.set_tracking_uri(None)
    found = environment(ArtifactLocation(uri=location, tracking_uri=server.uri))
    assert found.python is not None
    assert found.python.startswith("3.")
    assert found.packages == {"numpy": "2.4.0", "mlflow": "3.17.2"}
    assert found.evidence == ("python_env.yaml", "requirements.txt", "conda.yaml")


# Side by side


def test_environments_differ_by_package_and_python() -> None:
    rows = compare_environments(
        [
            Environment(python="3.11.7", packages={"numpy": "2.4.0", "scipy": "1.1"}),
            Environment(python="3.10.4", packages={"numpy": "2.4.0"}),
            Missing(reason="no files"),
        ]
    )
    assert [(row.key, row.values, row.differs) for row in rows] == [
        ("numpy", ("2.4.0", "2.4.0", None), False),
        ("python", ("3.11.7", "3.10.4", None), True),
        ("scipy", ("1.1", None, None), True),
    ]
