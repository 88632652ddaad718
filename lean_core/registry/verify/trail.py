"""Whether what a trail says can be followed: to versions that exist, and to events that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lean_core.registry.names import event_key
from lean_core.registry.read import Trail
from lean_core.registry.trail import Deployment, Drill, Event, Gate
from lean_core.registry.verify.finding import Finding
from lean_core.registry.version import State

_SAYS = {
    "incomplete": "whose registration was never finished",
    "foreign": "which was never registered",
    "unreadable": "whose record can't be used",
}


def check_trail(trail: Trail, states: Mapping[str, State]) -> Iterator[Finding]:
    """Yield what is wrong with the events of a model.

    Args:
        trail: of the model.
        states: of the model's versions, by name.
    """
    for each in trail.unreadable:
        yield Finding(
            severity="error",
            subject="trail",
            where=each.key,
            what=each.sentence.removeprefix(f"{each.key} "),
            action="" if "upgrade" in each.sentence else "take it from a copy: what is live is folded without it",
        )
    ids = {event.id for event in trail.events}
    for event in trail.events:
        where = event_key(event.model, event.id)
        for name in _versions_of(event):
            if states.get(name) != "recorded":
                yield _explain(event, name, states.get(name), where)
        if isinstance(event, Deployment) and event.gate is not None and event.gate not in ids:
            what = f"it rests on the gate {event.gate}, which is not in the trail"
            yield Finding(severity="warning", subject="trail", where=where, what=what, action="take it from a copy")


def _versions_of(event: Event) -> list[str]:
    named: list[str | None] = [event.version]
    if isinstance(event, Deployment):
        named.append(event.rollback_of)
    elif isinstance(event, Drill):
        named += [event.from_version, event.to_version]
    elif isinstance(event, Gate):
        named.append(event.baseline)
    return list(dict.fromkeys(name for name in named if name))


def _explain(event: Event, name: str, state: State | None, where: str) -> Finding:
    says = "which does not exist" if state is None else _SAYS[state]
    return Finding(
        severity="error",
        subject="trail",
        where=where,
        what=f"the {event.kind} names version {name}, {says}",
        action=f"take {event.model}/{name}/ from a copy",
    )
