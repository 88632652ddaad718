"""Adopt folders that were there before the workbench: see what they are, preview the record, write it beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import Version, render_record, tell_nobody
from pages._ui import actor, boundary, keys, registry_work, text
from pages._ui.workbench import read_foreign

if TYPE_CHECKING:
    from lean_core.registry.adoption import Adoption
    from lean_core.registry.foreign import Foreign
    from lean_core.workbench import Workbench

_AS_FOUND = "(as found)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An adoption that waits for a person's yes."""

    model: str
    version: str
    adoption: Adoption


def draw(workbench: Workbench, versions: Sequence[Version]) -> None:
    """Draw what the foreign folders of a model are, and the form that adopts one."""
    if not versions:
        return
    st.subheader("Folders to adopt", anchor=False)
    st.caption("Files that nobody registered. Adopting writes a version.json beside them; nothing else is touched.")
    by_name = {version.version: version for version in versions}
    asked = st.query_params.get(keys.VERSION)  # by a link of the page Version
    names = list(by_name)
    at = names.index(asked) if asked in names else 0
    name = st.selectbox("Folder", names, index=at, key=f"{keys.FOREIGN}-{versions[0].model}")
    with boundary.catch_errors():
        foreign = read_foreign(workbench, versions[0].model, name)
        _draw_found(foreign)
        _draw_form(workbench, foreign)
        _draw_preview(workbench, foreign)


def _draw_found(foreign: Foreign) -> None:
    from lean_core.registry.foreign import Found

    files = text.count(len(foreign.files), "file")
    place = text.code(f"{foreign.model}/{foreign.version}/")
    missing = f"missing: {', '.join(foreign.missing)}" if foreign.missing else "nothing is missing"
    st.markdown(
        f"{place} :blue-badge[{foreign.kind}] {text.small(f'{files} · {text.size(foreign.bytes)} · {missing}')}"
    )
    each = [(field.name, getattr(foreign.clues, field.name)) for field in dataclasses.fields(foreign.clues)]
    found = [(name.replace("_", " "), str(clue.value), clue.where) for name, clue in each if isinstance(clue, Found)]
    found += [
        ("data", f"{clue.value.name} = {clue.value.ref or 'not said'}", clue.where) for clue in foreign.clues.data
    ]
    if found:
        columns = zip(*found, strict=True)
        st.dataframe(
            dict(zip(("Found", "Value", "Where"), map(list, columns), strict=True)),
            hide_index=True,
            height="content",
            placeholder="",
            alt="Found in the folder",
        )
    for problem in foreign.problems:
        st.markdown(text.small(f":material/info: {text.plain(problem)}"))


def _draw_form(workbench: Workbench, foreign: Foreign) -> None:
    prefix = f"adopt-{foreign.model}-{foreign.version}"
    files = [_AS_FOUND, *sorted(foreign.files)]
    with st.form(prefix):
        left, right = st.columns(2)
        left.selectbox("Artifact", [*files, "."], key=f"{prefix}-artifact", help="A dot is the whole folder.")
        right.selectbox("Metrics file", files, key=f"{prefix}-metrics")
        left.text_input("Owner", key=f"{prefix}-owner", placeholder="as lean.toml says")
        right.text_input("Commit", key=f"{prefix}-commit", placeholder="its hash, where it is known")
        left.text_area(
            "Training data", key=f"{prefix}-data", placeholder="train=data/train.csv", help="NAME=REF a line"
        )
        right.text_area("Note", key=f"{prefix}-note", placeholder="How and where it is meant to be deployed")
        if foreign.clues.metrics is None and foreign.clues.metric_values is not None:
            st.checkbox("Put the metrics that stand elsewhere into a metrics.json beside it", key=f"{prefix}-write")
        wanted = st.form_submit_button("Preview", key=f"{prefix}-preview", icon=":material/visibility:")
    if wanted:
        _prepare(workbench, foreign, prefix)


def _prepare(workbench: Workbench, foreign: Foreign, prefix: str) -> None:
    """Make the record; what goes wrong is said below the form."""
    from lean_core.registry.adoption import AdoptionRequest
    from lean_core.registry.data_reference import parse_data_reference

    st.session_state.pop(keys.ADOPTION, None)
    said = {
        name: (st.session_state[f"{prefix}-{name}"] or "").strip()
        for name in ("artifact", "metrics", "owner", "commit", "data", "note")
    }
    named = {name: value for name, value in said.items() if value and value != _AS_FOUND and name != "data"}
    request = AdoptionRequest(
        **named,
        data=tuple(parse_data_reference(line) for line in said["data"].splitlines() if line.strip()),
        folder=workbench.folder,
        writes_metrics=st.session_state.get(f"{prefix}-write", False),
    )
    adoption = registry_work.carry_out(
        lambda tell: workbench.prepare_adoption(foreign, request, tell=tell), says="Making the record"
    )
    st.session_state[keys.ADOPTION] = Prepared(model=foreign.model, version=foreign.version, adoption=adoption)


def _draw_preview(workbench: Workbench, foreign: Foreign) -> None:
    prepared: Prepared | None = st.session_state.get(keys.ADOPTION)
    if prepared is None or (prepared.model, prepared.version) != (foreign.model, foreign.version):
        return
    st.markdown(f"This is what {text.code(f'{foreign.model}/{foreign.version}/version.json')} will say:")
    st.code(render_record(prepared.adoption.record).decode(), language=None, wrap_lines=True)
    for remark in prepared.adoption.remarks:
        st.markdown(text.small(f":material/info: {text.plain(remark)}"))
    st.button(
        "Adopt", key="adopt", type="primary", icon=":material/check:", on_click=_adopt, args=(workbench, prepared)
    )


@boundary.guarded
def _adopt(workbench: Workbench, prepared: Prepared) -> None:
    st.session_state.pop(keys.ADOPTION, None)
    workbench.adopt(prepared.adoption, actor=workbench.actor(actor.signed_in()), tell=tell_nobody)
    st.session_state[keys.REFRESH] = True
    name = text.code(f"{prepared.model}/{prepared.version}")
    boundary.notify("success", f"Adopted {name}; its files were not touched.")
