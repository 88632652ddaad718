"""`lean-mlops live`: what is live where, or was."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.releases import EnvironmentState, Interval, KnownTrail, Observation, Then
    from lean_core.workbench import Workbench

_Observations = Mapping[tuple[str, str], "Observation"]


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
        return _tell_then(trails, environments, written, as_json=as_json)
    observations = workbench.observe(trails, environments) if probe else {}
    return _tell_now(trails, environments, observations, as_json=as_json)


def _environments(workbench: Workbench, trails: Iterable[KnownTrail], env: str | None) -> list[str]:
    from lean_core.releases import environments_in

    order = workbench.settings.environments.order
    known = list(dict.fromkeys([*order, *(name for trail in trails for name in environments_in(trail))]))
    return known if env is None else [env if env in known else workbench.check_environment(env)]


def _tell_now(
    trails: Iterable[KnownTrail], environments: Sequence[str], observations: _Observations, *, as_json: bool
) -> int:
    from lean_core.releases import fold_environment

    states = [fold_environment(trail, name) for trail in trails for name in environments]
    told = [state for state in states if state.live or state.failed or (state.model, state.environment) in observations]
    if as_json:
        write_json_list(_describe(state, observations) for state in told)
    else:
        _write_now(told, observations)
    for state in states:
        for doubt in state.doubts:
            say(f"note: {state.model} in {state.environment} is not sure: {plain(doubt)}")
    found = {observation.state for observation in observations.values() if observation.asked is not None}
    if found & {"disagree", "undeclared"}:
        return ExitCode.NO
    return ExitCode.COULD_NOT if "unobservable" in found else ExitCode.DONE


def _write_now(states: Sequence[EnvironmentState], observations: _Observations) -> None:
    if not states:
        say("nothing is declared live; `lean-mlops deploy MODEL VERSION --env ENV` records a deployment")
        return
    observed = ["observed"] if observations else []
    head = ["model", "environment", "version", *observed, "since (UTC)", "by", "rests on", "how"]
    _write(head, [_row(state, observations) for state in states])
    for state in states:
        for remark in _remarks(state, observations):
            say(f"note: {plain(remark)}")


def _row(state: EnvironmentState, observations: _Observations) -> list[str]:
    live = state.live
    observation = observations.get((state.model, state.environment))
    observed = [f"{observation.state} {observation.observed or ''}".strip()] if observation else [""]
    row = [state.model, state.environment, live.version if live else "none", *(observed if observations else [])]
    if live is None:
        return [*row, "", "", "", ""]
    basis = "rollback" if live.rollback else live.basis.kind
    return [*row, f"{live.since:%Y-%m-%d %H:%M}", live.by, basis, live.how or ""]


def _remarks(state: EnvironmentState, observations: _Observations) -> Iterable[str]:
    live, where = state.live, f"{state.model} in {state.environment}"
    if live is not None:
        if live.basis.kind not in {"passed", "rollback"}:
            yield f"{where}: what {live.version} rests on: {live.basis.sentence}."
        if live.withdrawn is not None:
            yield f"{where}: {live.version} was withdrawn by {live.withdrawn.actor}: {live.withdrawn.reason}"
        if live.late:
            yield f"{where}: {live.version} rests on an event that came late."
    if state.failed:
        newest = state.failed[-1]
        count = len(state.failed)
        attempts = "one attempt" if count == 1 else f"{count} attempts"
        yield f"{where}: {attempts} failed since, the last one of {newest.version} on {newest.at:%Y-%m-%d %H:%M} UTC."
    observation = observations.get((state.model, state.environment))
    if observation is not None:
        yield f"{observation.state}: {observation.sentence}"


def _describe(state: EnvironmentState, observations: _Observations) -> dict[str, object]:
    live = state.live
    observation = observations.get((state.model, state.environment))
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


def _tell_then(trails: Iterable[KnownTrail], environments: Sequence[str], written: str, *, as_json: bool) -> int:
    from lean_core import clock
    from lean_core.releases import live_between, read_span

    span = read_span(written, now=clock.now())
    answers = [live_between(trail, name, span.start, span.end) for trail in trails for name in environments]
    found = [(answer, interval) for answer in answers for interval in answer.intervals]
    if as_json:
        write_json_list(_describe_then(answer, interval) for answer, interval in found)
    else:
        head = ["model", "environment", "version", "from (UTC)", "until (UTC)", "by", "late"]
        if found:
            _write(head, [_row_then(interval) for _, interval in found])
    until = f" to {span.end:%Y-%m-%d %H:%M}" if span.end > span.start else ""
    say(f"{'declared live' if found else 'nothing was declared live'}, {span.start:%Y-%m-%d %H:%M}{until} UTC")
    for answer in answers:
        if answer.told_then is not None:
            then = ", ".join(answer.told_then) or "nothing"
            say(f"note: {answer.model} in {answer.environment}: at that time the trail said {then}; the rest came late")
    return ExitCode.DONE


def _row_then(interval: Interval) -> list[str]:
    until = f"{interval.end:%Y-%m-%d %H:%M}" if interval.end else "now"
    late = f"known since {interval.known_at:%Y-%m-%d %H:%M}" if interval.late and interval.known_at else ""
    return [
        interval.model,
        interval.environment,
        interval.version,
        f"{interval.start:%Y-%m-%d %H:%M}",
        until,
        interval.first.actor,
        late,
    ]


def _describe_then(answer: Then, interval: Interval) -> dict[str, object]:
    return {
        "model": interval.model,
        "environment": interval.environment,
        "version": interval.version,
        "from": interval.start,
        "until": interval.end,
        "by": interval.first.actor,
        "how": interval.first.how,
        "late": interval.late,
        "known_at": interval.known_at,
        "told_then": answer.told_then,
    }


def _write(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    write_table(head, rows, width=shutil.get_terminal_size().columns if sys.stdout.isatty() else None)
