"""What a colleague left: a model without commit and data reference, deployed by hand, its metrics file edited since."""

from __future__ import annotations

import datetime as dt
import json
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lean_core.demo.release import Desk
from lean_core.demo.upsell import METRIC, MODEL, train
from lean_core.git import read_tree
from lean_core.registry import Request, Surroundings, register, tell_nobody
from lean_core.registry.gather import gather
from lean_core.releases import Terms, carry_out
from lean_core.releases.plan import order_deployment, plan_deployment

NAME = "carl"
VERSION = "1"
REGISTERED, DEPLOYED = dt.timedelta(days=46), dt.timedelta(days=45)
"""So long ago."""
HOW = "by hand in the console"
WHY = "Sales waits for the list, and nobody has made a gate for it yet"
EMBELLISHED = 0.1
"""So much better the edited file says that the model is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who worked on a laptop of their own, and is gone."""

    desk: Desk

    def leave(self) -> Iterator[str]:
        """Leave the model, by the functions of the commands; yield a sentence before each step."""
        yield f"Registering {MODEL}, the model of a colleague"
        with tempfile.TemporaryDirectory() as laptop:
            self._register(Path(laptop))
        yield f"Recording that {MODEL} was deployed by hand, {DEPLOYED.days} days ago"
        self._deploy()
        yield f"Editing the metrics file of {MODEL}, as nobody should"
        path = self.desk.folder / "registry" / MODEL / VERSION / "metrics.json"
        measured = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({METRIC: round(measured[METRIC] + EMBELLISHED, 3)}), encoding="utf-8")

    def _register(self, laptop: Path) -> None:
        train(self.desk.folder / "data" / "churn.csv", laptop)
        request = Request(
            model=MODEL,
            version=VERSION,
            artifact=laptop / "points.json",
            folder=laptop,
            metrics=laptop / "metrics.json",
            owner=NAME,
        )
        # A laptop's folder in no repository: the record will name no commit, and no data.
        around = Surroundings(folder=laptop, tree=read_tree(laptop), python=platform.python_version())
        draft = gather(request, around, tell=tell_nobody)
        register(self.desk.objects, draft, at=self.desk.now - REGISTERED, actor=NAME, tell=tell_nobody)

    def _deploy(self) -> None:
        objects, at = self.desk.objects, self.desk.now - DEPLOYED
        order = self.desk.settings.environments.order
        terms = Terms(environment=order[-1], order=order, policy_sha256=None, forced=True, now=at)
        plan = plan_deployment(objects, MODEL, VERSION, terms)
        ordered = replace(order_deployment(plan, actor=NAME, reason=WHY), how=HOW)
        carry_out(objects, ordered, plan.version.record, shell=None, now=lambda: at)
