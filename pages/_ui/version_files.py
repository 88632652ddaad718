"""A version's files: a list, and the beginning of one of them. Nothing is ever loaded as a model."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import File, Version
from lean_core.runs import Preview, loading_risk
from pages._ui import artifacts, boundary, keys, text
from pages._ui.workbench import reader

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_MOST = 200
"""Each is a button."""
_ONLY_IF_ALLOWED = "allow_pickle"


@reader
def _preview(workbench: Workbench, key: str, size: int, modified: dt.datetime | None) -> Preview:  # noqa: ARG001 - a key
    return workbench.preview_file(File(key, size))


@boundary.fragment()
def draw(workbench: Workbench, version: Version) -> None:
    """Draw the files, and the one that is looked at."""
    prefix = f"{version.model}/{version.version}/"
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(gap="xxsmall"):
        for file in version.files[:_MOST]:
            _draw_button(file, file.key.removeprefix(prefix))
        if len(version.files) > _MOST:
            st.caption(f"The first {_MOST} of {len(version.files):,} are listed.")
    opened = st.query_params.get(keys.FILE, "")
    shown = next((file for file in version.files if file.key == f"{prefix}{opened}"), None)
    with right:
        if shown is not None:
            st.caption(text.code(opened))
            artifacts.draw_preview(_preview(workbench, shown.key, shown.bytes, version.modified))
        elif opened:
            st.caption(f"There is no file {text.code(opened)} in this version.")
        else:
            st.caption("Click a file to see how it begins.")


def _draw_button(file: File, path: str) -> None:
    risk = loading_risk(path)
    mark = ""
    if risk and _ONLY_IF_ALLOWED in risk:  # NumPy's, which is data unless a person asks for more
        mark = f" :gray-badge[code only with {_ONLY_IF_ALLOWED}]"
    elif risk:
        mark = " :orange-badge[code that runs on loading]"
    st.button(
        f"{text.plain(path)} :gray[{text.size(file.bytes)}]{mark}",
        key=f"file-{path}",
        type="tertiary",
        icon=":material/warning:" if "orange" in mark else ":material/draft:",
        help=text.plain(f"Never loaded here: {risk}.") if risk else None,
        on_click=_open,
        args=(path,),
    )


def _open(path: str) -> None:
    st.query_params[keys.FILE] = path
