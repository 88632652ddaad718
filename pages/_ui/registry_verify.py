"""Verify a model's versions, every byte of them, and show what was found; it counts for this session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from lean_core.registry import Version
from pages._ui import boundary, keys, registry_work, text

if TYPE_CHECKING:
    from lean_core.registry.verify import Finding, Severity
    from lean_core.workbench import Workbench

_BADGES: dict[Severity, str] = {
    "error": ":red-badge[Error]",
    "unknown": ":gray-badge[Unknown]",
    "warning": ":orange-badge[Warning]",
    "ok": ":green-badge[OK]",
}
_WORST_FIRST: tuple[Severity, ...] = ("error", "unknown", "warning", "ok")
_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found."""

    at: dt.datetime
    findings: Sequence[Finding]
    seen: Mapping[str, dt.datetime | None]
    """When the newest file of each version was written, as the index had it."""


def draw_button(model: str) -> None:
    """Draw the button that verifies a model."""
    st.button(
        "Verify",
        key="verify",
        icon=":material/fact_check:",
        help="Reads every file and compares its hash, and looks for the commits and the data.",
        on_click=_ask,
        args=(model,),
    )


def verify_if_asked(workbench: Workbench, model: str, versions: Sequence[Version]) -> None:
    """Verify the model, where somebody asked for it."""
    from lean_core.registry.verify import Scope

    if st.session_state.pop(keys.VERIFY, None) != model:
        return
    with boundary.catch_errors():
        scope = Scope(model=model)
        findings = registry_work.carry_out(
            lambda tell: list(workbench.verify_registry(scope, depth="hashes", tell=tell)),
            says=f"Verifying {text.plain(model)}",
        )
        seen = {version.version: version.modified for version in versions}
        kept = st.session_state.setdefault(keys.VERIFIED, {})
        kept[str(workbench.folder), model] = Verification(at=clock.now(), findings=findings, seen=seen)


def find(workbench: Workbench, model: str) -> Verification | None:
    """Return what was verified of a model in this session."""
    found: Verification | None = st.session_state.get(keys.VERIFIED, {}).get((str(workbench.folder), model))
    return found


def say(verification: Verification | None, version: Version, now: dt.datetime) -> str:
    """Say what the verification found of a version; of one that has changed since it says nothing."""
    if verification is None or verification.seen.get(version.version) != version.modified or not version.record:
        return "not verified"
    severities = {each.severity for each in verification.findings if _is_about(each.where, version)}
    age = text.age(verification.at, now)
    if "error" in severities:
        return f"✗ errors, {age}"
    if "unknown" in severities:
        return f"? not all could be checked, {age}"
    return f"! warnings, {age}" if "warning" in severities else f"✓ {age}"


def draw_findings(workbench: Workbench, model: str, now: dt.datetime) -> None:
    """Draw what the verification found, the worst first."""
    verification = find(workbench, model)
    if verification is None:
        return
    findings = sorted(verification.findings, key=lambda each: _WORST_FIRST.index(each.severity))
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**Verified** {text.small(text.age(verification.at, now))}")
        for each in findings[:_MOST]:
            action = f" — {text.plain(each.action)}" if each.action else ""
            where = text.code(each.where)
            st.markdown(f"{_BADGES[each.severity]} {where} {each.subject}: {text.plain(each.what)}{action}")
        if len(findings) > _MOST:
            st.caption(f"{len(findings) - _MOST:,} more: `lean-mlops doctor` lists all.")


def _is_about(where: str, version: Version) -> bool:
    name = f"{version.model}/{version.version}"
    return where == name or where.startswith(f"{name}/")


def _ask(model: str) -> None:
    st.session_state[keys.VERIFY] = model
