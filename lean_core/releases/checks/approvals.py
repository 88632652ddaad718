"""People who agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lean_core.registry import Approval, CheckResult
from lean_core.settings import ApprovalSettings

NAME = "approvals"
Standing = Literal["counts", "own", "unclear", "stranger"]
"""Whether an approval counts; ``own``: its giver registered the version; ``unclear``: who did is not recorded;
``stranger``: the settings name others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An approval, and whether it counts."""

    approval: Approval
    own: bool
    """Whether its giver registered the version."""
    standing: Standing

    @property
    def label(self) -> str:
        """Who it is of, always with what must be known of it."""
        remarks = {
            "counts": "self-approval" if self.own else "",
            "own": "self-approval, which does not count here",
            "unclear": "does not count: who registered the version is not recorded",
            "stranger": "does not count: not among those who may approve",
        }
        remark = remarks[self.standing]
        if self.standing == "stranger" and self.own:
            remark = f"self-approval, {remark}"
        return f"{self.approval.by} ({remark})" if remark else self.approval.by


def judge_approvals(
    approvals: Iterable[Approval], settings: ApprovalSettings, *, registered_by: str | None
) -> list[Judged]:
    """Say of each person's newest approval whether it counts, in the order in which they were first given."""
    newest: dict[str, Approval] = {}
    for approval in sorted(approvals, key=lambda each: (each.at, each.id)):
        newest[_person(approval.by)] = approval
    judged = []
    for approval in newest.values():
        # The event may say so too: the version may have been registered under another name.
        own = approval.self or is_own(approval.by, registered_by)
        standing = _standing(approval.by, settings, own=own, registered_by=registered_by)
        judged.append(Judged(approval=approval, own=own, standing=standing))
    return judged


def is_own(by: str, registered_by: str | None) -> bool:
    """Whether somebody registered the version, as far as it is known."""
    return registered_by is not None and _person(by) == _person(registered_by)


def may_approve(by: str, settings: ApprovalSettings) -> bool:
    """Whether the settings let somebody approve."""
    return not settings.by or _person(by) in {_person(name) for name in settings.by}


def check_approvals(judged: Iterable[Judged], settings: ApprovalSettings) -> CheckResult:
    """Judge whether enough people agreed."""
    judged = list(judged)
    counting = [each for each in judged if each.standing == "counts"]
    unclear = [each for each in judged if each.standing == "unclear"]
    who = f" of {', '.join(settings.by)}" if settings.by else ""
    alone = "" if settings.self_approval else ", not by who registered it"
    if len(counting) >= settings.count:
        verdict, what_next = "pass", ""
    else:
        # With those who can't be told it might be enough.
        verdict = "unknown" if len(counting) + len(unclear) >= settings.count else "fail"
        what_next = f"; {settings.count - len(counting)} more needed: run “lean-mlops approve”"
    given = ", ".join(each.label for each in judged)
    return CheckResult(
        name=NAME,
        verdict=verdict,  # type: ignore[arg-type]  # one of the three, whichever branch
        value=float(len(counting)),
        threshold=f"at least {settings.count}{who}{alone}",
        reason=(f"approved by {given}" if given else "nobody approved it") + what_next,
        evidence=tuple(each.approval.id for each in judged),
    )


def _standing(by: str, settings: ApprovalSettings, *, own: bool, registered_by: str | None) -> Standing:
    if not may_approve(by, settings):
        return "stranger"
    if settings.self_approval:
        return "counts"
    return "own" if own else "unclear" if registered_by is None else "counts"


def _person(name: str) -> str:
    return " ".join(name.split()).casefold()
