"""Three-valued logic with reasons: what is not known is neither true nor false."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether something holds, and why."""

    holds: bool | None
    """None: it can't be told."""
    why: tuple[str, ...]
    """The sentences that decide it."""

    @property
    def sentence(self) -> str:
        """All of why, in one line."""
        return "; ".join(dict.fromkeys(self.why))


def oppose(verdict: Verdict) -> Verdict:
    """Turn it round, for the same reasons."""
    return verdict if verdict.holds is None else replace(verdict, holds=not verdict.holds)


def join_all(verdicts: Sequence[Verdict]) -> Verdict:
    """Return whether all hold: one that does not is enough to say no."""
    return _join(verdicts, decisive=False)


def join_any(verdicts: Sequence[Verdict]) -> Verdict:
    """Return whether any holds: one is enough to say yes."""
    return _join(verdicts, decisive=True)


def _join(verdicts: Sequence[Verdict], *, decisive: bool) -> Verdict:
    found = {verdict.holds for verdict in verdicts}
    holds = decisive if decisive in found else None if None in found else not decisive
    return Verdict(holds=holds, why=_reasons(verdict for verdict in verdicts if verdict.holds is holds))


def _reasons(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(reason for verdict in verdicts for reason in verdict.why)
