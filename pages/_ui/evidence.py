"""Where evidence can be opened: a page of the app, an address outside of it, or a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from pages._ui import keys, text

_PAGES = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page of the app with its query, or an address."""

    label: str
    """As it is; drawing makes it safe."""
    page: str = ""
    """The page's file name; empty: it is an address."""
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to type to see it."""

    sentence: str
    line: str


def find_way(source: str) -> Link | Command | None:
    """Return how the source of evidence can be opened; None: it can only be named.

    Args:
        source: as `Evidence.source`.
    """
    kind, _, rest = source.partition(":")
    if kind in {"http", "https"}:
        return Link(label=urlsplit(source).hostname or source, url=source)
    return _WAYS[kind](rest) if kind in _WAYS else None


def link_to(page: str, label: str = "") -> Link:
    """Return the link of an action: a page's name with its query, such as ``releases?model=churn``."""
    name, _, query = page.partition("?")
    return Link(label=label or _TITLES.get(name, name.capitalize()), page=name, query=dict(parse_qsl(query)))


def draw(link: Link, *, icon: str = "") -> None:
    """Draw a link."""
    shown = f":small[:blue[{text.plain(link.label)}]]"
    if link.url:
        st.page_link(link.url, label=shown, icon=":material/open_in_new:", help="")
    elif not (_PAGES / f"{link.page}.py").is_file():  # what was recorded long ago may name a page that is no more
        st.markdown(shown)
    else:
        st.page_link(f"pages/{link.page}.py", label=shown, icon=icon, query_params=dict(link.query), help="")


def _of_trail(rest: str) -> Link:
    model = rest.partition("/")[0]
    return Link(label="Trail", page="releases", query={keys.RELEASED_MODEL: model, keys.SECTION: "Trail"})


def _of_version(rest: str) -> Link:
    model, _, version = rest.partition("/")
    return Link(label=f"Version {version}", page="version", query={keys.MODEL: model, keys.VERSION: version})


def _of_object(rest: str) -> Link | None:
    model, _, below = rest.partition("/")
    version, _, path = below.partition("/")
    if not path:
        return None
    query = {keys.MODEL: model, keys.VERSION: version, keys.FILE: path}
    return Link(label=path, page="version", query=query)


def _of_commit(rest: str) -> Command:
    return Command(sentence=f"commit {rest[:10]}", line=f"git show {rest}")


def _of_run(rest: str) -> Link:
    return Link(label="Run", page="run", query={keys.SELECTED: rest}) if rest else Link(label="Runs", page="runs")


def _of_probe(rest: str) -> Link | None:
    return Link(label="Probe", url=rest) if urlsplit(rest).scheme in {"http", "https"} else None


def _of_data(rest: str) -> Link | None:
    return Link(label="Data", url=rest) if urlsplit(rest).scheme in {"http", "https"} else None


def _of_signal(rest: str) -> Link:
    query = {"signal": rest} if rest else {}
    return Link(label=rest or "Signals", page="signals", query=query)


def _of_debt(rest: str) -> Link:
    return Link(label=rest, page="debt", query={keys.DEBT_ITEM: rest}) if rest else Link(label="Debt", page="debt")


def _of_checkpoint(rest: str) -> Link:
    return Link(label=f"Checkpoint of {rest}", page="checkpoint", query={keys.CHECKED_MODEL: rest})


_WAYS: Mapping[str, Callable[[str], Link | Command | None]] = {
    "trail": _of_trail,
    "version": _of_version,
    "object": _of_object,
    "commit": _of_commit,
    "run": _of_run,
    "runs": _of_run,
    "probe": _of_probe,
    "data": _of_data,
    "signal": _of_signal,
    "signals": _of_signal,
    "debt": _of_debt,
    "checkpoint": _of_checkpoint,
}
_TITLES = {"debt": "Debt log"}
