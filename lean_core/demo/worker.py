"""Make what is in the demo's folder, as a process of its own: ``python -m lean_core.demo.worker FOLDER NOW``.

A process of its own, because MLflow keeps each store open, by its address, for as long as the process lives, sets up
logging, and takes some 150 MB: the app from which the demo was asked for shall have nothing of that.

Each line on stdout is a step that begins: the fraction of the work that is behind it, a space, a sentence. Where it
fails, the last line on stderr says why.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import importlib.util
import json
import os
import shutil
import string
import sys
import textwrap
import traceback
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from lean_core.demo import repository
from lean_core.demo.colleague import Colleague
from lean_core.demo.folder import STORE
from lean_core.demo.job import heard
from lean_core.demo.notes import write_down
from lean_core.demo.plan import CHAMPION, CHAPTERS, MODEL, Chapter, How, PlannedRun
from lean_core.demo.release import Desk, render_settings
from lean_core.demo.story import STORY
from lean_core.settings import FILE_NAME, create_settings
from lean_core.store import Store

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from lean_core.objects import Objects

PACKAGE = Path(__file__).parent
DAY = 86_400
STORE_READY = 0.4
"""Measured: importing MLflow and creating its tables takes as long as all the runs, and as long as all the releases."""
CALLS = {"days_ago": 10, "value": 0.62}
"""Of the customers who were called, how many answered; counted so many days before the demo is made."""
INVENTED = (
    "The models were really trained, when the demo of Lean MLOps Workbench was made;"
    " the days on which the runs started and versions were released, and the names of people, are invented."
)
IGNORED = "mlflow.db*\nmlruns/\nregistry/\ndeployed/\nlogs/\nlean.duckdb*\n.demo-in-progress\n__pycache__/\n.DS_Store\n"
OTHER_STEPS = 5
"""Three of the colleague's, the predictions, and the notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where the work is done, and when it is said to be now."""

    folder: Path
    client: MlflowClient
    registry: Objects
    now: int
    """Seconds since 1970."""

    def past(self, days_ago: float) -> int:
        """Return a moment in whole seconds since 1970."""
        return round(self.now - days_ago * DAY)


def make(folder: Path, now: int) -> Iterator[tuple[float, str]]:
    """Do it step by step; yield how far it is and what comes next."""
    yield 0.0, "Copying the table of customers"
    (folder / "data").mkdir()
    shutil.copy(PACKAGE / "churn.csv", folder / "data")
    readme = string.Template((PACKAGE / "workspace.md").read_text(encoding="utf-8"))
    (folder / "README.md").write_text(readme.substitute(invented=textwrap.fill(INVENTED, 120)), encoding="utf-8")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    for name in ("deploy.sh", "serve.py", "traffic.py"):
        shutil.copy(PACKAGE / name, folder)
    _write_calls(folder, now)

    yield 0.02, "MLflow is creating its store"
    from mlflow import MlflowClient

    store = f"sqlite:///{folder / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    client.delete_experiment("0")  # MLflow makes it by itself, and nothing will be in it
    client.create_registered_model(MODEL, description="The probability that a customer cancels within 60 days.")
    desk = Desk(folder=folder, client=client, now=dt.datetime.fromtimestamp(now, dt.UTC).replace(tzinfo=None))
    workshop = Workshop(folder=folder, client=client, registry=desk.objects, now=now)
    total = sum(len(chapter.runs) for chapter in CHAPTERS)
    steps = total + sum(len(deeds) for deeds in STORY.values()) + OTHER_STEPS
    for done, sentence in enumerate(_work(workshop, desk, total)):
        yield STORE_READY + (1 - STORE_READY) * done / steps, sentence
    create_settings(folder, render_settings(desk.now))
    repository.commit(folder, message=f"Keep the settings of the workspace in {FILE_NAME}", at=workshop.past(0.1))


def _work(workshop: Workshop, desk: Desk, total: int) -> Iterator[str]:
    """Do what people are said to have done; yield a sentence before each step."""
    folder, client = workshop.folder, workshop.client
    yield from Colleague(desk=desk).leave()
    done = 0
    for chapter in CHAPTERS:
        commit = _write_script(workshop, chapter)
        script = _load_script(folder / "train.py", name=Path(chapter.script).stem)
        for planned in chapter.runs:
            done += 1
            yield f"Training {done} of {total}: {planned.name}"
            _make_run(workshop, script, planned, commit)
        client.set_experiment_tag(script.experiment_id(client), "mlflow.note.content", f"{chapter.about} {INVENTED}")
        yield from desk.carry_out(STORY[chapter.script])
    yield "Asking the versions that were live about customers"
    # Late: it imports NumPy, and the first step is to be told at once.
    from lean_core.demo.predictions import write_predictions

    write_predictions(folder, desk.now)
    yield from write_down(Store(folder / STORE), desk.now)


def _write_calls(folder: Path, now: int) -> None:
    counted = dt.datetime.fromtimestamp(now - CALLS["days_ago"] * DAY, dt.UTC).date()
    (folder / "reports").mkdir()
    content = json.dumps({"value": CALLS["value"], "as_of": counted.isoformat()})
    (folder / "reports" / "calls.json").write_text(content, encoding="utf-8")


def _write_script(workshop: Workshop, chapter: Chapter) -> str | None:
    """Put the chapter's script into the folder; return the commit that it is in, if git is at hand."""
    shutil.copy(PACKAGE / chapter.script, workshop.folder / "train.py")
    pins = [f"{name}=={importlib.metadata.version(name)}\n" for name in chapter.packages]
    (workshop.folder / "requirements.txt").write_text("".join(pins), encoding="utf-8")
    return repository.commit(workshop.folder, message=chapter.message, at=workshop.past(chapter.days_ago))


def _load_script(path: Path, *, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    # Dataclasses look their module up there.
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _make_run(workshop: Workshop, script: ModuleType, planned: PlannedRun, commit: str | None) -> None:
    client, settings = workshop.client, script.Settings(**planned.settings)
    started = 1000 * workshop.past(planned.days_ago)
    tags = {
        "mlflow.runName": planned.name,
        "mlflow.user": planned.user,
        "mlflow.source.name": "train.py",
        "mlflow.source.type": "LOCAL",
    }
    if commit:
        tags["mlflow.source.git.commit"] = commit
    began = dt.datetime.fromtimestamp(started / 1000, dt.UTC).replace(tzinfo=None)
    job = heard(workshop.registry, began) if planned.is_job else nullcontext()
    match planned.how:
        case How.TRAINED:
            with job:
                run = script.train(client, settings, tags, started)
            if planned.version_note:
                source = f"runs:/{run.run_id}/model"
                made = client.create_model_version(MODEL, source, run.run_id, description=planned.version_note)
                if str(made.version) == CHAMPION:
                    client.set_registered_model_alias(MODEL, "champion", CHAMPION)
        case How.SWEPT:
            script.sweep(client, settings, tags, started)
        case How.DIVERGES:
            with suppress(script.DivergedError), job:
                script.train(client, settings, tags, started)
        case How.LEFT:
            run = script.start(client, settings.params(), tags, started)
            script.learn(run, replace(settings, epochs=settings.epochs // 2), script.load(settings))


def main() -> None:
    """Do what `create_demo` starts this process for."""
    # Whatever a library prints goes to stderr: stdout is for the steps alone.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1) as steps:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        try:
            for fraction, sentence in make(Path(sys.argv[1]), int(sys.argv[2])):
                steps.write(f"{fraction:.3f} {sentence}\n")
        except Exception as error:  # noqa: BLE001 - whatever it is, a person gets one line of it; the log gets all
            traceback.print_exc()
            sys.exit(_reason(error))


def _reason(error: BaseException) -> str:
    """Return the first line of what lies at the bottom: MLflow and SQLAlchemy wrap it in pages of SQL."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).partition("\n")[0]


if __name__ == "__main__":
    main()
