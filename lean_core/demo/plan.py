"""Which runs the demo makes, in which order, and on which day each is said to have started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

MODEL = "churn"
CHAMPION = "2"
"""The version that the alias points to; a later one waits to be looked at."""


class How(Enum):
    """What happens to a run."""

    TRAINED = "trained from beginning to end"
    SWEPT = "a parent with one child for each number of hidden units"
    DIVERGES = "trained until its loss is no longer a number"
    LEFT = "left RUNNING, as if the laptop had been closed on it"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A run to make."""

    name: str
    days_ago: float
    user: str = "ana"
    how: How = How.TRAINED
    settings: Mapping[str, str | float] = field(default_factory=dict)
    """Where it differs from the defaults of the script's own settings."""
    is_job: bool = False
    """Whether the job `retrain` made it, and said so by heartbeats."""
    version_note: str = ""
    """Not empty: the run's model becomes the next registered version, with this description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One state of the script: it is committed, and then these runs are made with it."""

    script: str
    """The file of this package that becomes `train.py`."""
    packages: tuple[str, ...]
    """What `requirements.txt` names."""
    message: str
    """Of the commit."""
    days_ago: float
    about: str
    """The description of the experiment."""
    runs: tuple[PlannedRun, ...]


BASELINE = Chapter(
    script="train_first.py",
    packages=("numpy", "pandas"),
    message="Train a logistic regression on the customers' table",
    days_ago=9.5,
    about="How far does a logistic regression get?",
    runs=(
        PlannedRun(name="logistic, usage only", days_ago=9.3, settings={"features": "usage"}),
        PlannedRun(
            name="logistic",
            days_ago=9.24,
            is_job=True,
            version_note="The baseline: a logistic regression on all columns.",
        ),
        PlannedRun(name="logistic", days_ago=9.23, settings={"seed": 2}),
        PlannedRun(name="logistic", days_ago=9.22, settings={"seed": 3}),
        PlannedRun(name="logistic, strong l2", days_ago=8.4, user="ben", settings={"l2": 0.3}),
    ),
)
NETWORK = Chapter(
    script="train.py",
    packages=("alembic", "mlflow-skinny", "numpy", "pandas", "sqlalchemy"),
    message="Add a hidden layer, and name what MLflow needs in the requirements",
    days_ago=5.1,
    about="Does a hidden layer pay? It can follow the steps that a straight line can't.",
    runs=(
        PlannedRun(name="how many hidden units?", days_ago=4.9, how=How.SWEPT),
        PlannedRun(
            name="16 hidden units",
            days_ago=4.4,
            is_job=True,
            settings={"seed": 2},
            version_note="A network of 16 hidden units: better than the baseline on each metric.",
        ),
        PlannedRun(name="16 hidden units", days_ago=4.39, settings={"seed": 3}),
        PlannedRun(
            name="learn faster",
            days_ago=3.6,
            user="ben",
            how=How.DIVERGES,
            is_job=True,
            settings={"learning_rate": 30.0},
        ),
        PlannedRun(name="64 hidden units", days_ago=3.5, user="ben", settings={"hidden_units": 64, "l2": 0.0}),
        PlannedRun(name="64 hidden units, l2", days_ago=2.2, user="ben", how=How.LEFT, settings={"hidden_units": 64}),
        PlannedRun(name="16 hidden units, usage only", days_ago=1.3, settings={"features": "usage"}),
        PlannedRun(
            name="small batches, longer",
            days_ago=1.2,
            is_job=True,
            settings={"batch_size": 32, "epochs": 60},
            version_note="Smaller batches for longer; not yet looked at by anybody else.",
        ),
        PlannedRun(name="16 hidden units on new customers", days_ago=0.2, settings={"test_on": "new"}),
    ),
)
CHAPTERS = (BASELINE, NETWORK)
