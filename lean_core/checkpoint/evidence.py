"""Evidence: a fact with a source that can be opened, and the time at which it was observed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Plain = bool | int | float | str | None
Value = bool | int | float | str | dt.date | None
"""What a fact may be."""
Kind = Literal["observed", "derived", "attested"]
"""By a probe or a query; from records; by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a statement rests on."""

    claim: str
    """A sentence."""
    value: Plain = None
    source: str
    """Where it can be opened: a URI, or one of these. ``trail:MODEL/EVENT``, ``version:MODEL/VERSION``, ``object:KEY``
    of the registry, ``repository:PATH``, ``commit:HASH``, ``data:REFERENCE``, ``run:REF``, ``runs:`` (those imported),
    ``probe:PLACE``, ``job:NAME``, ``signal:NAME``, ``signals:`` (the readings), ``debt:ID``, ``debt:`` (the log),
    ``claim:SUBJECT``, ``checkpoint:MODEL``."""
    digest: str | None = None
    """Of what was read, with its algorithm: ``sha256:…``."""
    kind: Kind
    observed_at: dt.datetime
    """Naive UTC."""
    good_until: dt.datetime | None = None
    """From then on it is stale; None: it does not age."""
    by: str | None = None
    """Who attested or did it."""

    def is_stale(self, now: dt.datetime) -> bool:
        """Whether its time is over."""
        return self.good_until is not None and now >= self.good_until
