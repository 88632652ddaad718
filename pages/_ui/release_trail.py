"""The trail: everything that happened to versions, as sentences and as a timeline."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial

import streamlit as st

from lean_core import clock
from lean_core.releases import KnownEvent, KnownTrail, tell
from lean_core.releases.export import to_csv, to_document
from lean_core.workbench import Workbench
from pages._ui import asked, boundary, events, keys, text
from pages._ui.release_environments import list_environments

SENTENCES, TIMELINE = "Sentences", "Timeline"
EVENTS_A_PAGE = 25
MOST_WARNINGS = 5
"""More unreadable events are listed in an expander."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def draw(workbench: Workbench, trails: Sequence[KnownTrail]) -> None:
    """Draw what happened, newest first, or what was live where over time."""
    _warn(trails)
    if not any(trail.events for trail in trails):
        st.info(
            "Nothing has happened yet. Gates, approvals, deployments, rollbacks and drills each leave an event here: "
            "`lean-mlops gate MODEL VERSION --env ENV` leaves the first."
        )
        return
    environments = list_environments(workbench, trails)
    asked.explain_unknown(keys.TRAIL_ENVIRONMENTS, environments, "environment")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Show", [SENTENCES, TIMELINE], default=SENTENCES, key=keys.TRAIL_VIEW, bind="query-params", required=True
        )
        chosen = st.multiselect(
            "Environments",
            environments,
            key=keys.TRAIL_ENVIRONMENTS,
            bind="query-params",
            placeholder="All environments",
            width=260,
            help="What concerns every environment is told too.",
        )
        if view == SENTENCES:
            kinds, words = _choose(trails)
    if view == TIMELINE:
        from pages._ui import release_timeline

        release_timeline.draw(trails, chosen or environments)
        return
    found = sorted(
        (known for trail in trails for known in trail.events if _fits(known, chosen, kinds, words)),
        key=lambda known: (known.event.at, known.event.id),
        reverse=True,
    )
    _draw_events(found, (tuple(chosen), tuple(kinds), tuple(words)))
    _draw_export(workbench, found)


def _warn(trails: Sequence[KnownTrail]) -> None:
    sentences = [each.sentence for trail in trails for each in trail.unreadable]
    for sentence in sentences[:MOST_WARNINGS]:
        boundary.show("warning", f"{text.plain(sentence)}. What it says is missing here.")
    if more := sentences[MOST_WARNINGS:]:
        with st.expander(f"{text.count(len(more), 'more event')} that can't be read", icon=":material/warning:"):
            st.markdown("\n".join(f"- {text.plain(sentence)}" for sentence in more))


def _choose(trails: Sequence[KnownTrail]) -> tuple[list[str], list[str]]:
    """Let a person narrow the sentences down to kinds of events, and to those with all of some words."""
    known = sorted({each.event.kind for trail in trails for each in trail.events})
    kinds = st.multiselect(
        "Kinds", known, key=keys.TRAIL_KINDS, bind="query-params", placeholder="All kinds", width=260
    )
    words = st.text_input(
        "Words", key=keys.TRAIL_TEXT, bind="query-params", placeholder="Such as a name or a version", width=260
    )
    return kinds, words.lower().split()


def _fits(known: KnownEvent, environments: Sequence[str], kinds: Sequence[str], words: Sequence[str]) -> bool:
    event = known.event
    if (environments and event.environment not in {None, *environments}) or (kinds and event.kind not in kinds):
        return False
    said = tell(event).lower()
    return all(word in said for word in words)


def _draw_events(found: Sequence[KnownEvent], query: tuple[object, ...]) -> None:
    if not found:
        st.info("No event fits. Loosen the filters above.")
        return
    pages = -(-len(found) // EVENTS_A_PAGE)
    # Other filters begin at the first page: what is kept is the page of these.
    page = min(st.session_state.get(f"{keys.TRAIL_PAGE}-{hash(query)}", 1), pages)
    first = (page - 1) * EVENTS_A_PAGE
    st.markdown(events.tell_all(found[first : first + EVENTS_A_PAGE], clock.now()))
    if pages > 1:
        st.pagination(pages, key=f"{keys.TRAIL_PAGE}-{hash(query)}", width=320)


def _draw_export(workbench: Workbench, found: Sequence[KnownEvent]) -> None:
    if not found:
        return
    name = f"trail-{_NOT_IN_NAMES.sub('-', workbench.name)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, ending, write, mime in (
            ("CSV", "csv", to_csv, "text/csv"),
            ("JSON", "json", to_json, "application/json"),
        ):
            st.download_button(
                label,
                partial(write, found),
                file_name=f"{name}.{ending}",
                mime=mime,
                icon=":material/download:",
                key=f"trail-{ending}",
                on_click="ignore",
            )
        st.caption(text.count(len(found), "event"), width="content")


def to_json(found: Sequence[KnownEvent]) -> bytes:
    """Return events as a JSON list with times as they are in CSV."""
    documents = [
        to_document(known)
        | {"known_at": f"{known.known_at.isoformat(timespec='milliseconds')}Z" if known.known_at else None}
        for known in found
    ]
    return f"{json.dumps(documents, indent=1, ensure_ascii=False)}\n".encode()
