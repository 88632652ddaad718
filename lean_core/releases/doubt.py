"""What a file of the trail that can't be read may hold: its name tells time, kind and environment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from lean_core.registry import UnreadableEvent


def may_be(
    unreadable: UnreadableEvent, *, kinds: Collection[str], environment: str, since: dt.datetime | None = None
) -> bool:
    """Whether a file may be an event of some kinds for an environment, or for all of them.

    Args:
        unreadable: the file.
        kinds: of events.
        environment: the one that is asked about.
        since: leave out what happened before; None: nothing.
    """
    stamp, _, rest = unreadable.key.rpartition("/")[2].removesuffix(".json").partition("-")
    kind, _, rest = rest.partition("-")
    try:
        at = dt.datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ")  # noqa: DTZ007 - naive UTC, as every time here
    except ValueError:
        return True  # a name that tells nothing
    if kind not in kinds or rest.rpartition("-")[0] not in {"all", environment}:
        return False
    return since is None or at >= since
