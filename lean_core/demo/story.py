"""What happened to the demo's versions, in order: who did what, and how many days ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that a person did to a version."""

    SAYS: ClassVar[str] = ""
    days_ago: float
    by: str
    version: str
    environment: str = "prod"
    why: str = ""
    """A reason or a note."""

    @property
    def sentence(self) -> str:
        """What to say while it is done."""
        return self.SAYS.format(version=self.version, environment=self.environment, days_ago=self.days_ago)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Deed):
    """Made a version of a registered model of MLflow."""

    SAYS: ClassVar[str] = "Registering version {version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Deed):
    """Ran the gate."""

    SAYS: ClassVar[str] = "Judging version {version} for {environment}, {days_ago:g} days ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested(Deed):
    """Did what the checklist asks for."""

    SAYS: ClassVar[str] = "Attesting the checklist of version {version}"
    item: str = "The report of the run was read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Deed):
    """Agreed to a release."""

    SAYS: ClassVar[str] = "Approving version {version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived(Deed):
    """Let one check through."""

    SAYS: ClassVar[str] = "Waiving a check of version {version} for {environment}"
    check: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed(Deed):
    """Ran deploy.sh; with a reason where the gate did not pass."""

    SAYS: ClassVar[str] = "Deploying version {version} to {environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack(Deed):
    """Went back from the version to the one before."""

    SAYS: ClassVar[str] = "Rolling {environment} back from version {version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed(Deed):
    """Rehearsed a rollback from the version."""

    SAYS: ClassVar[str] = "Rehearsing a rollback from version {version}"


_FIRST: tuple[Deed, ...] = (
    Registered(days_ago=9.1, by="ana", version="1", why="Scores all customers each night; ten percent get a call."),
    Judged(days_ago=9.05, by="ana", version="1", environment="test"),
    Deployed(days_ago=9.04, by="ana", version="1", environment="test"),
    Attested(days_ago=8.95, by="ana", version="1", why="The confusion matrix is as expected."),
    Waived(
        days_ago=8.94,
        by="ana",
        version="1",
        check="baseline.test_recall_top_10pct",
        why="It is the first release: nothing is live that it could be compared with.",
        until="3d",
    ),
    Approved(days_ago=8.92, by="ben", version="1", why="Better than calling at random."),
    Judged(days_ago=8.9, by="ana", version="1"),
    Deployed(days_ago=8.89, by="ana", version="1"),
)
_SECOND: tuple[Deed, ...] = (
    Registered(days_ago=4.3, by="ana", version="2", why="As version 1, and ready for the calls on Monday."),
    Judged(days_ago=4.25, by="ana", version="2", environment="test"),
    Deployed(days_ago=4.24, by="ana", version="2", environment="test"),
    Attested(days_ago=4.2, by="ana", version="2"),
    Approved(days_ago=4.18, by="ben", version="2", why="Finds more of those who cancel, on the same customers."),
    Judged(days_ago=4.1, by="ana", version="2"),
    Waived(
        days_ago=4.05,
        by="ben",
        version="2",
        check="business.calls_answered",
        why="The phone system exports the new numbers next week; the old ones were far above the threshold.",
        until="21d",
    ),
    Judged(days_ago=4.0, by="ana", version="2"),
    Deployed(days_ago=3.99, by="ana", version="2"),
    Registered(days_ago=1.1, by="ben", version="3", why="Trained for longer."),
    Judged(days_ago=1.05, by="ben", version="3", environment="test"),
    Deployed(days_ago=1.04, by="ben", version="3", environment="test"),
    Judged(days_ago=0.95, by="ben", version="3"),
    Deployed(days_ago=0.9, by="ben", version="3", why="The campaign starts tonight, and its validation AUC is higher."),
    RolledBack(days_ago=0.7, by="ana", version="3", why="It finds fewer of those who cancel, as its gate had said."),
    Rehearsed(days_ago=0.5, by="ana", version="2"),
)
STORY: Mapping[str, tuple[Deed, ...]] = {"train_first.py": _FIRST, "train.py": _SECOND}
"""By the script of the chapter whose runs are made before."""
