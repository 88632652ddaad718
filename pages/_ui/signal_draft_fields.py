"""The fields of a signal that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.errors import LeanError
from lean_core.settings import IMPORTED_RUNS
from lean_core.signals import CLASSES
from pages._ui import boundary, keys, release_reading, signal_marks, text

if TYPE_CHECKING:
    from lean_core.signals.draft import Example, Kind
    from lean_core.workbench import Workbench

_NO_MODEL = "churn"
"""What examples call a model where the workspace has none."""
_SECTIONS: Mapping[str, str] = {"name": "a name", "model": "a model", "expression": "an expression"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is written."""

    name: str
    telemetry: str
    """The block that declares its telemetry; empty: lean.toml does."""
    fields: Mapping[str, object]
    """By their names in lean.toml."""
    missing: tuple[str, ...]
    """What a signal can't do without."""


def key(field: str) -> str:
    """Return the key under which a field is being written."""
    return f"{keys.SIGNAL_DRAFT}-{field}"


def guess_model(workbench: Workbench) -> str:
    """Return a model that an example may be about."""
    return next(iter(_models(workbench)), _NO_MODEL)


def draw(workbench: Workbench) -> Draft:
    """Draw a widget a field."""
    from lean_core.signals.draft import EXAMPLES

    st.text_input("Name", key=key("name"), max_chars=64, placeholder="churn-errors")
    class_ = st.selectbox(
        "What it watches", CLASSES, key=key("class"), format_func=lambda each: signal_marks.CLASSES[each]
    )
    source, kind, telemetry = _choose_telemetry(workbench)
    model = st.selectbox("Model", _models(workbench), key=key("model"), accept_new_options=True, index=0)
    examples = EXAMPLES.get(kind, ())
    st.text_area(
        "Expression",
        key=key("expression"),
        height=100,
        max_chars=10_000,
        placeholder=examples[0].expression if examples else "",
    )
    with st.container(gap=None):
        for example in examples:
            st.button(
                f"Such as: {text.plain(example.says[0].lower() + example.says[1:])}",
                key=key(f"example-{kind}-{example.says}"),
                type="tertiary",
                icon=":material/edit_note:",
                on_click=_use,
                args=(example,),
            )
    log = workbench.settings.telemetry.get(source)
    if log is not None and log.columns is not None:
        from lean_core.signals.log import known_expressions

        st.caption(f"This log understands {', '.join(map(text.code, known_expressions(log.columns)))}.")
    _draw_threshold()
    with st.expander("More", icon=":material/tune:"):
        _draw_rest(workbench)
    fields = {name: st.session_state.get(key(name)) for name in _WRITTEN}
    fields |= {"source": source, "class": class_, "model": model}
    if fields["environment"] == workbench.settings.environments.order[-1]:
        fields["environment"] = None  # as it is without a word
    missing = [says for name, says in _SECTIONS.items() if not (st.session_state.get(key(name)) or "").strip()]
    if fields["max"] is None and fields["min"] is None:
        missing.append("a threshold")
    return Draft(
        name=(st.session_state.get(key("name")) or "").strip(),
        telemetry=telemetry,
        fields=fields,
        missing=tuple(missing),
    )


_WRITTEN = ("expression", "max", "min", "warn", "for", "window", "fresh", "unit", "owner", "runbook", "environment")


def _choose_telemetry(workbench: Workbench) -> tuple[str, Kind, str]:
    """Return the name of the telemetry, its kind, and the block that declares it; empty where lean.toml does."""
    from lean_core.signals.draft import TELEMETRY, write_telemetry

    declared: dict[str, Kind] = {name: each.kind for name, each in workbench.settings.telemetry.items()}
    declared[IMPORTED_RUNS] = "runs"
    options = [*declared, *(f"+{kind}" for kind in TELEMETRY)]

    def say(option: str) -> str:
        if option.startswith("+"):
            return f"declare new: {option[1:]}"
        return "the imported runs" if option == IMPORTED_RUNS else f"{option} ({declared[option]})"

    chosen = st.selectbox("Telemetry", options, key=key("source"), format_func=say)
    if not chosen.startswith("+"):
        return chosen, declared[chosen], ""
    kind: Kind = next(each for each in TELEMETRY if each == chosen[1:])
    name, block = write_telemetry(kind, declared)
    return name, kind, block


def _draw_threshold() -> None:
    one, two, three = st.columns(3)
    one.number_input("At most", key=key("max"), value=None, format="%g", step=None)
    two.number_input("At least", key=key("min"), value=None, format="%g", step=None)
    three.number_input("Warning from", key=key("warn"), value=None, format="%g", step=None)
    one, two = st.columns(2)
    one.text_input("Looks back", key=key("window"), placeholder="1h", help="`window`: such as 10m, 1h, 7d.")
    two.text_input("A reading counts for", key=key("fresh"), placeholder="1d", help="`fresh`: then it is stale.")


def _draw_rest(workbench: Workbench) -> None:
    one, two = st.columns(2)
    one.text_input("Broken after", key=key("for"), placeholder="at once", help="`for`: how long it has to be beyond.")
    two.text_input("Unit", key=key("unit"), placeholder="ratio, s, h", help="ratio: 0 to 1, shown as per cent.")
    one.text_input("Owner", key=key("owner"))
    order = workbench.settings.environments.order
    two.selectbox("Environment", order, key=key("environment"), index=len(order) - 1)
    st.text_input("Runbook", key=key("runbook"), placeholder="https://wiki.example.com/churn-errors")


@boundary.guarded
def _use(example: Example) -> None:
    st.session_state[key("expression")] = example.expression
    st.session_state[key("class")] = example.class_
    st.session_state[key("unit")] = example.unit


def _models(workbench: Workbench) -> list[str]:
    """Return the models that are known, those of the registry first; without any, what examples call one."""
    found: list[str] = []
    if workbench.settings.registry is not None:
        try:
            found = [each.model for each in release_reading.read_trails(workbench)[0]]
        except LeanError:  # it can't be read now, which is no reason not to add a signal
            found = []
    found += [each.model for each in workbench.settings.signals.values()]
    return list(dict.fromkeys(found)) or [_NO_MODEL]
