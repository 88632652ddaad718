"""A run's artifacts: folders to walk, files to look at. Nothing is ever loaded as a model."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

import streamlit as st

from lean_core.runs import Artifact, ArtifactLocation, Preview, Run, Unreachable, list_artifacts, preview
from lean_core.settings import redact
from lean_core.workbench import Workbench
from pages._ui import boundary, keys, text

MOST_ENTRIES = 200
"""Of one folder: each is a button, and a folder of a checkpoint may hold thousands."""
TALLEST = 420
"""Pixels, of a text; a longer one scrolls."""
_LINES = 18
"""So many fit into it."""
_TTL = dt.timedelta(minutes=1)
"""Artifacts may still be written; a server is asked at most so often."""


@st.cache_data(ttl=_TTL, max_entries=64, show_spinner="Looking at the artifacts…")
def _list(location: ArtifactLocation, path: str) -> tuple[Artifact, ...] | Unreachable:
    return list_artifacts(location, path)


@st.cache_data(ttl=_TTL, max_entries=8, show_spinner="Reading the file…")
def _preview(location: ArtifactLocation, path: str) -> Preview | Unreachable:
    return preview(location, path)


@boundary.fragment()
def draw(workbench: Workbench, run: Run) -> None:
    """Draw the folder that is open, and the file that is looked at."""
    location = workbench.artifact_location(run)
    if location.uri is None and location.path is None:
        st.caption("The source does not say where this run's artifacts lie.")
        return
    st.caption(text.code(redact(location.uri or location.path or "")))
    opened = st.query_params.get(keys.ARTIFACT, "")
    folder = opened if opened.endswith("/") else str(PurePosixPath(opened).parent)
    folder = "" if folder in {".", "/"} else folder.rstrip("/")
    left, right = st.columns([2, 3])
    with left, st.container(gap="xxsmall"):
        _draw_folder(location, folder)
    with right:
        if opened and not opened.endswith("/"):
            _draw_file(location, opened)


def _draw_folder(location: ArtifactLocation, folder: str) -> None:
    if folder:
        above = str(PurePosixPath(folder).parent)
        _open_button("..", "" if above == "." else f"{above}/", ":material/arrow_upward:")
        st.caption(text.code(f"{folder}/"))
    found = _list(location, folder)
    if isinstance(found, Unreachable):
        boundary.show("info", text.plain(found.reason))
        return
    if not found:
        st.caption("There is nothing here.")
    for artifact in found[:MOST_ENTRIES]:
        if artifact.is_folder:
            _open_button(artifact.name, f"{artifact.path}/", ":material/folder:")
        else:
            size = f"  {text.size(artifact.bytes)}" if artifact.bytes is not None else ""
            icon = ":material/warning:" if artifact.risk else ":material/draft:"
            _open_button(artifact.name, artifact.path, icon, size=size, risk=artifact.risk)
    if len(found) > MOST_ENTRIES:
        st.caption(f"The first {MOST_ENTRIES} of {len(found):,} are listed.")


def _open_button(name: str, path: str, icon: str, *, size: str = "", risk: str | None = None) -> None:
    st.button(
        f"{text.plain(name)} :gray[{size}]" if size else text.plain(name),
        key=f"open-{path or '/'}-{name}",
        type="tertiary",
        icon=icon,
        help=text.plain(f"Never loaded here: {risk}.") if risk else None,
        on_click=_open,
        args=(path,),
    )


def _open(path: str) -> None:
    if path:
        st.query_params[keys.ARTIFACT] = path
    else:
        st.query_params.pop(keys.ARTIFACT, None)


def _draw_file(location: ArtifactLocation, path: str) -> None:
    st.caption(text.code(path))
    shown = _preview(location, path)
    if isinstance(shown, Unreachable):
        boundary.show("info", text.plain(shown.reason))
    else:
        draw_preview(shown)


def draw_preview(shown: Preview) -> None:
    """Draw what can be shown of a file."""
    if shown.note:
        st.caption(text.plain(shown.note))
    match shown.kind:
        case "table":
            columns = {name: [row[at] for row in shown.rows] for at, name in enumerate(shown.columns)}
            st.dataframe(columns, hide_index=True, alt=shown.path)
        case "image":
            _draw_image(shown.image)
        case "json" | "markdown" | "text":
            # Markdown is shown as it is written: drawn, an image in it would call a foreign host.
            _draw_text(shown.text)
        case _:
            pass


def _draw_text(said: str) -> None:
    few = said.count("\n") < _LINES and len(said) < _LINES * 80
    # Without a language: the colours that Streamlit gives to the parts of one are too pale to be read by all.
    # In a container that scrolls, since the keyboard reaches the button in it, and not a code that scrolls itself.
    with st.container(height="content" if few else TALLEST, border=False):
        st.code(said, language=None, height="content", wrap_lines=True)


def _draw_image(image: bytes) -> None:
    from PIL import Image

    try:
        st.image(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        st.caption("Not shown: the image breaks off, is damaged, or has too many pixels.")
