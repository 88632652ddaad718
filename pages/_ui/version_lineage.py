"""Where a version comes from and where it went: data, commit, run, version, environments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import Deployment, Version
from pages._ui import registry_versions
from pages._ui.workbench import read_known_trail

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_INK = "#8290A0"
"""Of lines and of what is missing; readable on white and on black."""
_FILLS = {
    "data": "#1D4ED8",
    "commit": "#7C3AED",
    "run": "#B54708",
    "version": "#0F766E",
    "live": "#15803D",
    "served": "#5B6B7A",
}
_LONGEST = 28
_SHORT = 10


def draw(workbench: Workbench, version: Version) -> None:
    """Draw the lineage; what is not known is drawn as a gap."""
    st.graphviz_chart(describe(workbench, version), width="content")


def describe(workbench: Workbench, version: Version) -> str:
    """Return the lineage in Graphviz's language."""
    record = version.record
    data = [f"{each.name}\n{each.ref or each.digest or 'not said where'}" for each in record.data] if record else []
    code = record.code if record else None
    commit = f"{code.commit[:_SHORT]}{' (dirty)' if code.dirty else ''}" if code and code.commit else None
    run = f"{record.run.source}\n{record.run.run_id}" if record and record.run else None
    live = registry_versions.live_in(workbench, version)
    went = [
        known.event.environment
        for known in read_known_trail(workbench, version.model).events
        if isinstance(known.event, Deployment)
        and known.event.version == version.version
        and known.event.outcome == "succeeded"
        and known.event.environment
    ]
    ranks = [
        ("data", data),
        ("commit", [commit] if commit else []),
        ("run", [run] if run else []),
        ("version", [f"{version.model}\n{version.version}"]),
        ("environment", list(dict.fromkeys(went))),
    ]
    lines = [
        'digraph { rankdir=TB; bgcolor="transparent"; nodesep=0.2; ranksep=0.3;',
        'node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, fontcolor="white", penwidth=0];',
        f'edge [color="{_INK}", arrowsize=0.7];',
    ]
    before: list[str] = []
    for kind, labels in ranks:
        nodes = {f"{kind}{at}": label for at, label in enumerate(labels)}
        names = list(nodes) or [kind]
        for name, label in nodes.items():
            if kind == "environment":
                is_live = label in live
                said, look = f"{label}\n{'live' if is_live else 'served before'}", "live" if is_live else "served"
                lines.append(_node(name, look, said))
            else:
                lines.append(_node(name, kind, label))
        if not nodes:
            lines.append(_gap(kind))
        lines += [f"{one} -> {other};" for one in before for other in names]
        before = names
    return "\n".join([*lines, "}"])


def _node(name: str, kind: str, label: str) -> str:
    lines = (line if len(line) <= _LONGEST else f"…{line[1 - _LONGEST :]}" for line in label.split("\n"))
    return f'{name} [label={_quote(chr(10).join(lines))}, fillcolor="{_FILLS[kind]}"];'


def _gap(kind: str) -> str:
    said = "in no environment yet" if kind == "environment" else f"no {kind} recorded"
    look = f'style="rounded,dashed", penwidth=1, color="{_INK}", fontcolor="{_INK}"'
    return f"{kind} [label={_quote(said)}, {look}];"


def _quote(said: str) -> str:
    """Quote a text for Graphviz; a backslash of somebody's own is no escape there."""
    return json.dumps(said.replace("\\", "/"), ensure_ascii=False)
