"""The demo's debt log: the shortcuts of an invented startup, and what was done about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Fields = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that a person wrote into the log."""

    days_ago: float
    """Before the demo is made."""
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added(Entry):
    """A new item; the first one is D-1."""

    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Entry):
    """Another word on an item."""

    item: str
    changes: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Entry):
    """Somebody went through all of it."""

    note: str


def tell_debt(today: dt.date) -> Sequence[Entry]:
    """Return what was written, oldest first.

    Args:
        today: the day on which the demo is made.
    """

    def day(days: int) -> dt.date:
        return today + dt.timedelta(days=days)

    return (
        Added(days_ago=8.6, by="ana", fields=_OPEN_FOLDER | {"created": day(-31), "trigger": f"date >= {day(30)}"}),
        Added(days_ago=8.59, by="ana", fields=_LAPTOP | {"created": day(-60)}),
        Added(days_ago=8.57, by="ana", fields=_NOTEBOOK | {"created": day(-75)}),
        Added(days_ago=8.55, by="ana", fields=_LEFT_SERVER | {"created": day(-45)}),
        Added(days_ago=7.4, by="ben", fields=_BILLING_ALERT | {"created": day(-52)}),
        Added(days_ago=7.38, by="ben", fields=_PINNED | {"created": day(-20)}),
        Changed(days_ago=6.5, by="dora", item="D-1", changes={"severity": "high", "reviewer": "dora"}),
        Changed(
            days_ago=5.0,
            by="ana",
            item="D-3",
            changes={
                "status": "repaid",
                "reason": "train.py is in git and makes the same model; the notebook is gone.",
            },
        ),
        Added(days_ago=4.8, by="ana", fields=_GENERATED | {"created": day(-5)}),
        Added(days_ago=3.9, by="ben", fields=_ONE_PROCESS | {"created": day(-4)}),
        Changed(
            days_ago=3.0,
            by="ben",
            item="D-6",
            changes={
                "status": "accepted",
                "accepted_until": day(60),
                "reviewer": "dora",
                "reason": "The store is small yet, and this version does what we need.",
            },
        ),
        Reviewed(days_ago=2.1, by="ana", note="With ben. The open folder comes first; then the deployments."),
    )


_OPEN_FOLDER: Fields = {
    "title": "The customer export lies in a folder that anybody with the link can open",
    "instead": "Each night's scores go there with names and e-mail addresses, so that the callers have them.",
    "area": "customer data",
    "owner": "ana",
    "risk": "data leak",
    "severity": "medium",
    "consequence": "Names, addresses and who is about to cancel get out; every customer must be told.",
    "blocks": ("customer", "compliance"),
    "control": "The link is changed on the first of each month; two people have it.",
    "location": "https://files.example.com/exports/churn",
    "ai_assisted": False,
    "valuable_data": True,
    "effort_days": 2,
}
_LAPTOP: Fields = {
    "title": "Versions are deployed from Ana's laptop",
    "instead": "deploy.sh copies the artifact from there; no pipeline can do it.",
    "area": "deployment",
    "owner": "ana",
    "risk": "lock-in",
    "severity": "medium",
    "consequence": "While the laptop is away, nobody can deploy or go back.",
    "blocks": ("migration", "customer"),
    "trigger": "live_models >= 2",
    "control": "A rollback is rehearsed now and then.",
    "location": "deploy.sh",
    "ai_assisted": False,
    "effort_days": 3,
}
_NOTEBOOK: Fields = {
    "title": "The model is trained in a notebook",
    "instead": "Cells are run by hand, in an order that only Ana remembers.",
    "area": "training",
    "owner": "ana",
    "risk": "maintainability",
    "severity": "medium",
    "consequence": "Nobody else can train it again.",
    "trigger": "builders >= 2",
    "effort_days": 2,
}
_LEFT_SERVER: Fields = {
    "title": "Upsell runs on a server that Carl set up in the console",
    "instead": "There was a list for sales within a day.",
    "area": "upsell",
    "risk": "maintainability",
    "consequence": "When it stops, nobody knows how to start it again.",
    "blocks": ("migration",),
}
_BILLING_ALERT: Fields = {
    "title": "Only Ben knows how the billing alert is set",
    "instead": "It was clicked together in the console, and nothing in the repository says how.",
    "area": "cloud account",
    "owner": "ben",
    "risk": "cost",
    "severity": "medium",
    "consequence": "The credits end unnoticed, and the bill goes to a card that has a limit.",
    "blocks": ("migration",),
    "trigger": "credits.days_left < 60",
    "control": "The invoice is read each month.",
    "effort_days": 0.5,
}
_PINNED: Fields = {
    "title": "MLflow is pinned below its next major version",
    "instead": "The store stays as it is, so that nothing has to be migrated now.",
    "area": "experiment tracking",
    "owner": "ben",
    "risk": "lock-in",
    "severity": "low",
    "consequence": "Moving the store takes longer the more runs are in it.",
    "blocks": ("migration",),
    "trigger": 'dep("mlflow-skinny") >= "4"',
    "location": "requirements.txt",
    "effort_days": 1,
}
_GENERATED: Fields = {
    "title": "An assistant wrote the code of the features, and nobody reviewed it",
    "instead": "It was merged because the numbers looked right.",
    "area": "features",
    "owner": "ana",
    "risk": "correctness",
    "severity": "high",
    "consequence": "A column that is computed wrongly sends the callers to the wrong customers.",
    "watch": "Whoever touches the features next reads all of it first, with somebody beside them.",
    "location": "train.py",
    "ai_assisted": True,
    "effort_days": 1,
}
_ONE_PROCESS: Fields = {
    "title": "The API is one process, and nobody counts how many requests wait",
    "instead": "serve.py, with the server that comes with Python.",
    "area": "serving",
    "owner": "ben",
    "risk": "correctness",
    "severity": "medium",
    "consequence": "With more callers at once they wait in line, and the call list is empty at nine.",
    "blocks": ("customer",),
    "trigger": "signals.waiting.value > 20 for 3d",
    "location": "serve.py",
    "ai_assisted": False,
    "effort_days": 2,
}
