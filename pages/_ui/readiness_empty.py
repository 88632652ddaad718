"""Where there is no model to tell of: the five questions, and how the first one gets an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lean_core.checkpoint.check import NAMES, QUESTIONS, Name
from lean_core.settings import FILE_NAME
from lean_core.workbench import Workbench
from pages._ui import boundary, text
from pages._ui.workbench import read_sources

if TYPE_CHECKING:
    from lean_core.checkpoint import Look

_REGISTRY = '[registry]\nuri = "registry"  # a folder beside lean.toml, or s3://bucket/prefix\n'
_REGISTER = "lean-mlops register churn 1 --artifact model.joblib --metrics metrics.json --data train=data/train.csv"
_ANSWERED_BY: dict[Name, str] = {
    "live": "the deployments that are recorded, and what the running system says",
    "provenance": "the version's record, held against the repository, the data and the metrics file",
    "deployment": "the command of the last deployment, and the file that defines it",
    "signal": "the last readings of its signals, the probe of the running system, and the heartbeats of its jobs",
    "debt": "the debt log, which somebody reviews every month",
}


def explain_no_registry(workbench: Workbench) -> None:
    """Say how a workspace gets a registry."""
    file = text.code(str(workbench.folder / FILE_NAME))
    with st.container(border=True):
        st.markdown(f"**To begin, say where versions are kept.** Add these lines to {file}, then reload this page:")
        st.code(_REGISTRY, language="toml")
        _explain_first(workbench)
    _ask_five()
    if runs := sum(state.runs for state in read_sources(workbench)):
        st.page_link(
            "pages/runs.py", label=f"{text.count(runs, 'run')} imported", icon=":material/table_rows:", help=""
        )


def explain_none(workbench: Workbench, look: Look) -> None:
    """Say why no model is known: the registry can't be read, or none is in it yet, and how the first one gets there."""
    if look.notes:
        boundary.show("info", "Nothing was found earlier either: mend what is said above, then look again.")
    else:
        with st.container(border=True):
            st.markdown("**The registry has no model yet.**")
            _explain_first(workbench)
    _ask_five()


def _explain_first(workbench: Workbench) -> None:
    st.markdown("Register the first version of a model; the commit and the Python are found by themselves:")
    st.code(_REGISTER, language=None, wrap_lines=True)
    st.markdown("Say that it is live, and how it got there. That answers the first question:")
    last = workbench.checked_environment
    st.code(f"lean-mlops deploy churn 1 --env {last} --run 'make deploy'", language=None, wrap_lines=True)


def _ask_five() -> None:
    st.markdown("**Five questions say whether a model may be relied on.** Each is answered from evidence:")
    st.markdown(
        "\n".join(
            f"{number}. {QUESTIONS[name]}  \n{text.small(f'By {_ANSWERED_BY[name]}.')}"
            for number, name in enumerate(NAMES, start=1)
        )
    )
