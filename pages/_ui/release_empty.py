"""Where there is nothing to show, say which line or command adds it."""

from __future__ import annotations

import streamlit as st

from lean_core.settings import FILE_NAME
from lean_core.workbench import Workbench
from pages._ui import boundary, text

_REGISTRY = '[registry]\nuri = "registry"  # a folder, or s3://bucket/prefix\n'


def explain_no_registry(workbench: Workbench) -> None:
    """Say how a workspace gets a registry."""
    file = text.code(str(workbench.folder / FILE_NAME))
    boundary.show(
        "info",
        "This workspace has no registry yet: a folder, or an S3 prefix, that keeps each version of a model with what"
        f" happened to it. Add this to {file}, then reload:",
    )
    st.code(_REGISTRY, language=None)


def explain_no_models(problem: str = "") -> None:
    """Say how the first version gets into the registry."""
    said = f"{text.plain(problem)}. " if problem else ""
    boundary.show("info", f"{said}The registry has no model yet. Register a version, and it can be released from here:")
    st.code("lean-mlops register churn 1 --artifact model.joblib --metrics metrics.json", language=None)


def explain_nothing_deployed(model: str, environment: str) -> None:
    """Say how a deployment is recorded."""
    boundary.show("info", "Nothing is declared live anywhere yet. A deployment is recorded by one command:")
    st.code(f"lean-mlops deploy {model} VERSION --env {environment}", language=None)


def explain_no_policy(model: str, environment: str) -> None:
    """Say how a gate is set."""
    shown = f'"{model}"' if "." in model else model
    boundary.show(
        "info",
        f"No gate is set for {text.plain(model)} in {text.plain(environment)}, so nothing can pass it. Add at least"
        f" one check to {text.code(FILE_NAME)}:",
    )
    st.code(f"[gates.{shown}.{environment}.metrics]\nauc = {{ min = 0.8 }}\n", language=None)
