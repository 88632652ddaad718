"""`lean-mlops claim`: say what nothing that can be opened says, and until when it is good."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.evidence import value_text
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json, write_json_list, write_table
from lean_core.errors import UsageError

if TYPE_CHECKING:
    from lean_core.checkpoint import Claim, Value
    from lean_core.workbench import Workbench

_LONGEST = 60
"""Characters of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    subject: str | None
    text: str | None
    value: str | None
    until: str | None
    link: str | None
    withdraw: bool
    by: str | None
    as_json: bool

    @property
    def states(self) -> bool:
        """Whether it says anything about the subject."""
        return any(each is not None for each in (self.text, self.value, self.until, self.link))


@click.command("claim")
@click.argument("subject", required=False)
@click.argument("text", required=False)
@click.option("--value", metavar="VALUE", help="The fact that it states: a number, true, false, a date, or a text.")
@click.option("--until", metavar="TIME", help="A date (its first moment, UTC) or a duration such as 30d.")
@click.option("--link", metavar="URL", help="Where it can be seen.")
@click.option("--withdraw", is_flag=True, help="Take the claim back.")
@by_option
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the class above names
    """Claim TEXT about SUBJECT, until a date; a claim about the same subject gives way.

    Without TEXT, show the claim about SUBJECT; without either, list all claims, those that have expired too. A claim is
    shown as one everywhere, and counts half of what evidence does.
    """
    given = _Said(**said)
    if given.withdraw and given.states:
        raise click.UsageError("--withdraw takes SUBJECT and nothing else that is claimed")
    if given.text is None and given.states:
        raise click.UsageError("say in TEXT what you claim about SUBJECT, and how you know")
    if given.subject is None and given.withdraw:
        raise click.UsageError("name the SUBJECT of the claim that is taken back")
    workbench = open_workbench()
    if given.withdraw and given.subject is not None:
        _withdraw(workbench, given.subject, given)
    elif given.text is None:
        _show(workbench, given)
    else:
        _make(workbench, given)


def read_value(text: str) -> Value:
    """Read a value as JSON has it, or a date; anything else is a text.

    Raises:
        UsageError: there is no such day.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise UsageError(f"there is no day {text}: write a date as 2027-03-31") from None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    is_plain = isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))
    return value if is_plain else text


def _make(workbench: Workbench, given: _Said) -> None:
    from lean_core import clock
    from lean_core.checkpoint import Claim
    from lean_core.releases.statements import read_until

    now = clock.now()
    claim = Claim(
        subject=given.subject or "",
        says=(given.text or "").strip(),
        value=None if given.value is None else read_value(given.value),
        link=given.link or "",
        claimed_at=now,
        claimed_by=workbench.actor(given.by),
        good_until=read_until(given.until, now=now) if given.until else now + workbench.settings.checkpoint.claims,
    )
    workbench.claim(claim)
    if given.as_json:
        write_json(_describe(claim, now))
    else:
        click.echo(plain(_tell(claim)))


def _withdraw(workbench: Workbench, subject: str, given: _Said) -> None:
    actor = workbench.actor(given.by)
    workbench.withdraw_claim(subject, actor=actor)
    if given.as_json:
        write_json({"subject": subject, "withdrawn_by": actor})
    else:
        click.echo(plain(f"{actor} takes back what was claimed about {subject}."))


def _show(workbench: Workbench, given: _Said) -> None:
    from lean_core import clock

    now, claims = clock.now(), workbench.claims()
    if given.subject is not None:
        claims = [claim for claim in claims if claim.subject == given.subject]
        if not claims:
            raise UsageError(
                f"nobody claims anything about {given.subject[:80]!r}: `lean-mlops claim` lists the claims"
            )
    if given.as_json:
        write_json_list(_describe(claim, now) for claim in claims)
    elif claims:
        _write(claims, now)
    else:
        say("nobody claims anything; `lean-mlops checkpoint` says where a claim would help")


def _write(claims: Sequence[Claim], now: dt.datetime) -> None:
    head = ["subject", "state", "good until (UTC)", "by", "value", "says"]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    write_table(head, [_row(claim, now) for claim in claims], width=width, longest=_LONGEST)


def _row(claim: Claim, now: dt.datetime) -> list[str]:
    return [
        claim.subject,
        "expired" if claim.good_until <= now else "good",
        f"{claim.good_until:%Y-%m-%d %H:%M}",
        claim.claimed_by,
        "" if claim.value is None else value_text(claim.value),
        claim.says,
    ]


def _tell(claim: Claim) -> str:
    value = "" if claim.value is None else f" ({value_text(claim.value)})"
    until = f"until {claim.good_until:%Y-%m-%d %H:%M} UTC"
    return f"{claim.claimed_by} claims of {claim.subject}{value}, {until}: {claim.says}"


def _describe(claim: Claim, now: dt.datetime) -> dict[str, object]:
    return {
        "subject": claim.subject,
        "says": claim.says,
        "value": claim.value,
        "link": claim.link or None,
        "claimed_at": claim.claimed_at,
        "claimed_by": claim.claimed_by,
        "good_until": claim.good_until,
        "expired": claim.good_until <= now,
    }
