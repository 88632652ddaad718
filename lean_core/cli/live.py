"""`lean-mlops live`: what is live where, or was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.live_then import tell_then
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, terminal_width, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.releases import EnvironmentState, KnownTrail, Observation, WaivedCheck
    from lean_core.workbench import Workbench


@click.command("live")
@click.argument("model", required=False)
@click.option("--env", metavar="ENV", help="One environment; else all.")
@click.option("--at", "written", metavar="DATE", help="When: 2026-03-03, '3 March 14:05', yesterday (UTC).")
@click.option("--probe", is_flag=True, help="Ask the running systems too, by the probes in lean.toml.")
@json_option
@workspace_option
def command(*, model: str | None, env: str | None, written: str | None, probe: bool, as_json: bool) -> int:
    """Say which version of each model, or of MODEL, is live in each environment, or was at a date.

    Exit codes: 0 told; with --probe also 1 where a running system contradicts the trail, and 3 where it can't be asked.
    """
    if written and probe:
        raise click.UsageError("--probe asks what runs now, and --at what was live then: use one of them")
    workbench = open_workbench()
    trails = [workbench.trail(model)] if model else workbench.trails()
    environments = _environments(workbench, trails, env)
    if written:
        return tell_then(trails, environments, written, as_json=as_json)
    observations = workbench.observe(trails, environments) if probe else {}
    return _tell_now(workbench, trails, environments, observations, as_json=as_json)


def _environments(workbench: Workbench, trails: Iterable[KnownTrail], env: str | None) -> list[str]:
    from lean_core.releases import environments_in

    order = workbench.settings.environments.order
    known = list(dict.fromkeys([*order, *(name for trail in trails for name in environments_in(trail))]))
    return known if env is None else [env if env in known else workbench.check_environment(env)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is said of one model in one environment."""

    state: EnvironmentState
    dirty: bool | None
    """Whether what is live was made from a dirty tree; None: not known."""
    waived: tuple[WaivedCheck, ...]
    """On which waivers its gate rested."""
    observation: Observation | None

    @property
    def where(self) -> str:
        return f"{self.state.model} in {self.state.environment}"


def _tell_now(
    workbench: Workbench,
    trails: Iterable[KnownTrail],
    environments: Sequence[str],
    observations: Mapping[tuple[str, str], Observation],
    *,
    as_json: bool,
) -> int:
    from lean_core import clock
    from lean_core.releases import fold_environment, waived_checks

    states = [fold_environment(trail, name) for trail in trails for name in environments]
    dirty, now = workbench.made_dirty(states), clock.now()
    told = [
        _Told(
            state=state,
            dirty=dirty[state.model, state.live.version] if state.live else None,
            waived=waived_checks(state.live, now) if state.live else (),
            observation=observations.get((state.model, state.environment)),
        )
        for state in states
        if state.live or state.failed or (state.model, state.environment) in observations
    ]
    if as_json:
        write_json_list(map(_describe, told))
    else:
        _write_now(told)
    for state in states:
        for doubt in state.doubts:
            say(f"note: {state.model} in {state.environment} is not sure: {plain(doubt)}")
    found = {observation.state for observation in observations.values() if observation.asked is not None}
    if found & {"disagree", "undeclared"}:
        return ExitCode.NO
    return ExitCode.COULD_NOT if "unobservable" in found else ExitCode.DONE


def _write_now(told: Sequence[_Told]) -> None:
    if not told:
        say("nothing is declared live; `lean-mlops deploy MODEL VERSION --env ENV` records a deployment")
        return
    head = ["model", "environment", "version", "observed", "since (UTC)", "by", "rests on", "rollback of", "how"]
    rows = [_row(each) for each in told]
    spare = {head.index(name) for name in ("observed", "rollback of")}  # where nobody has anything to say
    kept = [at for at in range(len(head)) if at not in spare or any(row[at] for row in rows)]
    shown = [[row[at] for at in kept] for row in (head, *rows)]
    write_table(shown[0], shown[1:], width=terminal_width())
    for each in told:
        for remark in _remarks(each):
            say(f"note: {plain(remark)}")


def _row(told: _Told) -> list[str]:
    state, live, seen = told.state, told.state.live, told.observation
    observed = f"{seen.state} {seen.observed or ''}".strip() if seen else ""
    row = [state.model, state.environment, live.version if live else "none", observed]
    if live is None:
        return [*row, "", "", "", "", ""]
    undone = live.deployment.rollback_of or ""
    return [*row, f"{live.since:%Y-%m-%d %H:%M}", live.by, live.basis.kind, undone, live.how or ""]


def _remarks(told: _Told) -> Iterable[str]:
    state, live, where = told.state, told.state.live, told.where
    if live is not None:
        if live.basis.kind not in {"passed", "rollback"}:
            yield f"{where}: what {live.version} rests on: {live.basis.sentence}."
        for waived in told.waived:
            yield f"{where}: the gate of {live.version} rests on a waiver: {waived.sentence}."
        if told.dirty:
            yield f"{where}: {live.version} was registered from a dirty working tree, so its commit can't rebuild it."
        if live.withdrawn is not None:
            yield f"{where}: {live.version} was withdrawn by {live.withdrawn.actor}: {live.withdrawn.reason}"
        if live.late:
            yield f"{where}: {live.version} rests on an event that came late."
    if state.failed:
        newest = state.failed[-1]
        count = len(state.failed)
        attempts = "one attempt" if count == 1 else f"{count} attempts"
        yield f"{where}: {attempts} failed since, the last one of {newest.version} on {newest.at:%Y-%m-%d %H:%M} UTC."
    if told.observation is not None:
        yield f"{told.observation.state}: {told.observation.sentence}"


def _describe(told: _Told) -> dict[str, object]:
    state, live, observation = told.state, told.state.live, told.observation
    return {
        "model": state.model,
        "environment": state.environment,
        "version": live.version if live else None,
        "since": live.since if live else None,
        "by": live.by if live else None,
        "how": live.how if live else None,
        "rests_on": live.basis.kind if live else None,
        "forced": live.forced if live else None,
        "rollback": live.rollback if live else None,
        "skipped": live.deployment.skipped if live else (),
        "late": live.late if live else None,
        "withdrawn": live.withdrawn.reason if live and live.withdrawn else None,
        "dirty": told.dirty,
        "waived": [
            {"check": each.check, "state": each.state, "until": each.until, "by": each.by, "reason": each.reason}
            for each in told.waived
        ],
        "failed_since": [{"version": each.version, "at": each.at, "by": each.actor} for each in state.failed],
        "doubts": state.doubts,
        "observed": None
        if observation is None
        else {
            "state": observation.state,
            "version": observation.observed,
            "sentence": observation.sentence,
            "observed_at": observation.observed_at,
            "asked": observation.asked,
        },
    }
