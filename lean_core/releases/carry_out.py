"""Deploy, and write down what came of it: an event in the trail, whether it worked or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from lean_core.errors import LeanError, NameRefused, UnavailableError
from lean_core.objects import Objects
from lean_core.registry import Deployment, Event, Record, check_path, event_key, new_event_id, render_event
from lean_core.releases.command import Shell, run_command
from lean_core.releases.masking import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be deployed, and what the trail is to say of it."""

    model: str
    version: str
    environment: str
    actor: str
    how: str | None = None
    """The command or the CI's URL; None: the command that is run."""
    target: str | None = None
    note: str | None = None
    gate: str | None = None
    reason: str | None = None
    rollback_of: str | None = None
    skipped: tuple[str, ...] = ()


def carry_out(
    objects: Objects, order: Order, record: Record | None, *, shell: Shell | None, now: Callable[[], dt.datetime]
) -> Deployment:
    """Run the command, if there is one, and record the deployment with its outcome.

    Args:
        objects: where the trail lies.
        order: what is deployed.
        record: the version's, which tells where its artifact lies.
        shell: the command; None: it was, or will be, deployed by other means, and is only recorded.
        now: the clock, asked when it is done.

    Raises:
        UnavailableError: it can't be started, or can't be recorded.
    """
    if shell is None:
        deployment = _succeeded(order, now())
        record_event(objects, deployment)
        return deployment
    environ = {**shell.environ, **variables(order, artifact_uri(objects, order, record))}
    ran = run_command(dataclasses.replace(shell, environ=environ))
    deployment = dataclasses.replace(
        _succeeded(order, now()),
        outcome="succeeded" if ran.succeeded else "failed",
        how=order.how or mask(shell.command, shell.environ),
        seconds=round(ran.seconds, 3),
        exit_code=ran.exit_code,
        tail=None if ran.succeeded else mask(ran.tail, shell.environ).strip() or None,
    )
    try:
        record_event(objects, deployment)
    except LeanError as error:
        raise UnavailableError(
            f"the command {deployment.outcome}, and that could not be recorded ({error});"
            f" once it can be, record it{_how_to_record(deployment)}"
        ) from None
    return deployment


def record_event(objects: Objects, event: Event) -> None:
    """Add an event to the trail.

    Raises:
        ObjectsError: it can't be written.
    """
    objects.create(event_key(event.model, event.id), render_event(event))


def variables(order: Order, artifact: str | None) -> dict[str, str]:
    """Return what a command finds in its environment."""
    known = {
        "LEAN_MODEL": order.model,
        "LEAN_VERSION": order.version,
        "LEAN_ENVIRONMENT": order.environment,
        "LEAN_ARTIFACT": artifact or "",
    }
    return {name: value for name, value in known.items() if value}


def artifact_uri(objects: Objects, order: Order, record: Record | None) -> str | None:
    """Return where the version's artifact lies: a path, or s3://…; None where the record does not say."""
    if record is None or record.artifact is None:
        return None
    folder = f"{objects.uri.rstrip('/')}/{order.model}/{order.version}"
    try:
        path = check_path(record.artifact.path)
    except NameRefused:
        return None
    return folder if path == "." else f"{folder}/{path}"


def _succeeded(order: Order, at: dt.datetime) -> Deployment:
    return Deployment(
        id=new_event_id("deployment", environment=order.environment, at=at),
        at=at,
        actor=order.actor,
        model=order.model,
        version=order.version,
        environment=order.environment,
        outcome="succeeded",
        how=order.how,
        target=order.target,
        note=order.note,
        gate=order.gate,
        reason=order.reason,
        rollback_of=order.rollback_of,
        skipped=order.skipped,
    )


def _how_to_record(deployment: Deployment) -> str:
    if deployment.outcome == "failed":
        return " with a note"
    words = ["lean-mlops", "deploy", deployment.model, deployment.version, "--env", deployment.environment or ""]
    return f": {shlex.join([*words, '--how', deployment.how or ''])}"
