"""Whether the registry is in order, and can be written to safely."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lean_core.doctor.finding import Finding, Severity
from lean_core.errors import ObjectsError, ObjectsForbidden, RootMissing, StoreError, UsageError
from lean_core.objects import Objects
from lean_core.registry import Tell, tell_nobody
from lean_core.registry.verify import Depth, Scope, Subject
from lean_core.settings import scheme_of
from lean_core.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryLook:
    """How to look at the registry."""

    scope: Scope = field(default_factory=Scope)
    depth: Depth = "records"
    most: int | None = None
    """Findings of a kind that are told one by one; None: all of them."""
    tell: Tell = tell_nobody


def check_registry(workbench: Workbench, look: RegistryLook) -> Iterator[Finding]:
    """Check the registry that lean.toml names, if it names one."""
    if workbench.settings.registry is None:
        return
    try:
        objects = workbench.objects()
    except UsageError as error:
        yield Finding(severity="error", about="registry", message=str(error))
        return
    try:
        yield from check_versions(workbench, look)
    except RootMissing as error:
        yield _explain_missing(str(error), is_local=scheme_of(objects.uri) is None)
    except ObjectsError as error:
        yield Finding(severity="error", about="registry", message=str(error))
    else:
        if scheme_of(objects.uri) is not None:
            yield _check_creating(workbench, objects)
        yield from _check_index(workbench)


def check_versions(workbench: Workbench, look: RegistryLook) -> Iterator[Finding]:
    """Check what the registry holds, or a model or a version of it.

    Raises:
        UsageError: lean.toml names no registry, or the registry has nothing of these names.
        ObjectsError: it can't be read.
    """
    told: Counter[tuple[Severity, Subject]] = Counter()
    for found in workbench.verify_registry(look.scope, depth=look.depth, tell=look.tell):
        kind = (found.severity, found.subject)
        told[kind] += 1
        if look.most is None or told[kind] <= look.most:
            about = "registry" if found.severity == "ok" else f"registry {found.where}"
            yield Finding(severity=found.severity, about=about, message=found.what, action=found.action)
    for (severity, subject), number in told.items():
        if look.most is not None and number > look.most:
            yield Finding(
                severity=severity,
                about="registry",
                message=f"{number - look.most:,} more of this kind ({subject})",
                action="lean-mlops doctor MODEL looks at one model, lean-mlops doctor --json lists all",
            )


def _explain_missing(message: str, *, is_local: bool) -> Finding:
    if is_local:
        action = "register a first version; mount the folder, or correct `uri` under [registry], if it should be there"
        return Finding(severity="warning", about="registry", message=message, action=action)
    return Finding(severity="error", about="registry", message=message)


def _check_creating(workbench: Workbench, objects: Objects) -> Finding:
    """Check whether two who register the same version at once can't overwrite each other."""
    promised = workbench.settings.registry is not None and workbench.settings.registry.single_writer
    try:
        is_safe = objects.creates_safely()
    except ObjectsForbidden:
        message = f"this account may read {objects.uri} and not write to it"
        return Finding(severity="warning", about="registry", message=message, action="use another one to register")
    except ObjectsError as error:
        return Finding(severity="unknown", about="registry", message=str(error))
    if is_safe:
        message = f"of two who write the same to {objects.uri} at once, exactly one wins"
        return Finding(severity="ok", about="registry", message=message)
    message = f"of two who write the same to {objects.uri} at once, both may think that they won"
    if promised:
        action = "let only one machine or CI job write there, as `single_writer = true` under [registry] promises"
        return Finding(severity="warning", about="registry", message=message, action=action)
    action = (
        "use a server whose If-None-Match is atomic; or let only one machine or CI job write there, and promise it:"
        " `single_writer = true` under [registry]"
    )
    return Finding(severity="error", about="registry", message=message, action=action)


def _check_index(workbench: Workbench) -> Iterator[Finding]:
    """Tell an index that is stale; the store's own troubles are told elsewhere."""
    if not workbench.store.path.exists():  # reading would make it
        return
    with contextlib.suppress(StoreError):
        index = workbench.registry_state()
        if index.state == "stale":
            when = f"{index.last_success:%Y-%m-%d %H:%M} UTC"
            message = f"its pages show the state of {when}; the last refresh failed: {index.message}"
            yield Finding(severity="warning", about="registry", message=message, action="refresh the page Registry")
