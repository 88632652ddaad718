"""Train a model of who cancels on data/churn.csv, and log the run with MLflow.

python train.py --hidden-units 16 --learning-rate 0.2 --seed 3
python train.py --hidden-units 0 --features usage
python train.py --sweep
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # MLflow reads it while it is imported

import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param

HERE = Path(__file__).resolve().parent
EXPERIMENT = "churn-network"
USAGE = ["seats", "active_seats", "logins_30d", "days_since_login", "tickets_90d"]
ACCOUNT = ["tenure_months", "monthly_price", "failed_payments_6m"]
CATEGORIES = ["country", "channel", "plan", "billing"]
TRAIN, VALID, TEST = (0, 1, 2, 3, 4, 5), (6, 7), (8, 9)  # last digits of the customer's number
NEW = 12  # months
THRESHOLD = 0.5  # above it, a customer is said to cancel
SWEEP = (8, 16, 32)
LOG_EVERY = 10  # epochs: writing to the store takes longer than an epoch
ENVIRONMENT = f"python: {platform.python_version()}\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n"

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Weights = dict[str, Array]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is logged as params; each is an option of the command."""

    features: str = "all"  # or usage: without the columns of the account
    hidden_units: int = 16  # 0 makes it a logistic regression
    learning_rate: float = 0.2
    l2: float = 0.003
    batch_size: int = 64
    epochs: int = 40
    seed: int = 1
    test_on: str = "all"  # or new: only customers of less than a year

    def params(self) -> dict[str, object]:
        """Return what MLflow is told."""
        return {"model": "network" if self.hidden_units else "logistic"} | asdict(self)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some of the customers, as numbers to learn from."""

    name: str
    digest: str
    x: Array
    y: Array


@dataclass(frozen=True, kw_only=True)
class Data:
    """The table cut in three, and how its columns were scaled."""

    train: Part
    valid: Part
    test: Part
    scale: dict[str, tuple[float, float]]  # mean and standard deviation of each input


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run in MLflow, with a clock in milliseconds since 1970."""

    client: MlflowClient
    run_id: str
    started: int
    began: float = field(default_factory=time.monotonic)

    def now(self) -> int:
        """Return the time on the run's clock."""
        return self.started + round(1000 * (time.monotonic() - self.began))

    def stamp(self, metrics: dict[str, float], step: int) -> list[Metric]:
        """Return the metrics with the time at which they were measured."""
        now = self.now()
        return [Metric(key, value, now, step) for key, value in metrics.items()]

    def end(self, status: str) -> None:
        """Close the run."""
        self.client.set_terminated(self.run_id, status, self.now())


class DivergedError(Exception):
    """The loss is no longer a number."""


def load(settings: Settings) -> Data:
    """Read the table and cut it in three, the same three whatever the seed."""
    table = pd.read_csv(HERE / "data" / "churn.csv")
    x = table[USAGE if settings.features == "usage" else USAGE + ACCOUNT].apply(np.log1p)
    if settings.features == "all":
        x = x.join(pd.get_dummies(table[CATEGORIES], dtype=float))
    digit = table["customer_id"].str[-1].astype(int)
    training, testing, test_name = digit.isin(TRAIN), digit.isin(TEST), "churn-test"
    if settings.test_on == "new":
        testing, test_name = testing & (table["tenure_months"] < NEW), "churn-test-new-customers"
    mean, deviation = x[training].mean(), x[training].std()
    x = (x - mean) / deviation

    def part(name: str, chosen: pd.Series[bool]) -> Part:
        digest = hashlib.sha256(table[chosen].to_csv(index=False).encode()).hexdigest()[:16]
        return Part(name=name, digest=digest, x=x[chosen].to_numpy(), y=table["churned"][chosen].to_numpy(float))

    return Data(
        train=part("churn-train", training),
        valid=part("churn-valid", digit.isin(VALID)),
        test=part(test_name, testing),
        scale={name: (mean[name], deviation[name]) for name in x.columns},
    )


def draw_weights(settings: Settings, inputs: int) -> Weights:
    """Draw the weights to start from."""
    draw = np.random.default_rng(settings.seed)
    units = settings.hidden_units
    if not units:
        return {"w": draw.normal(0, 0.01, inputs), "b": np.zeros(1)}
    return {
        "w_hidden": draw.normal(0, np.sqrt(2 / inputs), (inputs, units)),
        "b_hidden": np.zeros(units),
        "w": draw.normal(0, np.sqrt(1 / units), units),
        "b": np.zeros(1),
    }


def hidden_layer(weights: Weights, x: Array) -> Array:
    """Return what the last layer sees: the hidden units, or the inputs themselves."""
    if "w_hidden" not in weights:
        return x
    return np.maximum(x @ weights["w_hidden"] + weights["b_hidden"], 0)


def log_odds(weights: Weights, x: Array) -> Array:
    """Return the log-odds that each customer cancels."""
    return hidden_layer(weights, x) @ weights["w"] + weights["b"]


def probability(odds: Array) -> Array:
    """Return the probabilities for these log-odds."""
    return 1 / (1 + np.exp(-odds))


def slopes(weights: Weights, x: Array, y: Array) -> Weights:
    """Return the slope of the mean log loss in each weight."""
    seen = hidden_layer(weights, x)
    error = (probability(seen @ weights["w"] + weights["b"]) - y) / len(y)
    found = {"w": seen.T @ error, "b": error.sum(keepdims=True)}
    if "w_hidden" in weights:
        back = np.outer(error, weights["w"]) * (seen > 0)
        found |= {"w_hidden": x.T @ back, "b_hidden": back.sum(axis=0)}
    return found


def log_loss(weights: Weights, part: Part) -> float:
    """Return the mean log loss."""
    odds = log_odds(weights, part.x)
    return float((np.logaddexp(0, odds) - part.y * odds).mean())


def auc(weights: Weights, part: Part) -> float:
    """Return how often one who cancels is ranked above one who stays."""
    ranks = pd.Series(log_odds(weights, part.x)).rank(na_option="keep").to_numpy()
    cancel = part.y.sum()
    return float((ranks[part.y == 1].sum() - cancel * (cancel + 1) / 2) / (cancel * (len(part.y) - cancel)))


def fit(settings: Settings, data: Data) -> Iterator[tuple[Weights, dict[str, float]]]:
    """Learn by mini-batch gradient descent; yield the weights and how good they are after each epoch."""
    draw = np.random.default_rng(settings.seed)
    weights = draw_weights(settings, data.train.x.shape[1])
    for _ in range(settings.epochs):
        order = draw.permutation(len(data.train.y))
        with np.errstate(all="ignore"):  # a loss that diverges is to be seen in the history
            for first in range(0, len(order), settings.batch_size):
                batch = order[first : first + settings.batch_size]
                for key, slope in slopes(weights, data.train.x[batch], data.train.y[batch]).items():
                    decay = settings.l2 * weights[key] if key.startswith("w") else 0.0
                    weights[key] = weights[key] - settings.learning_rate * (slope + decay)
            losses = {"train_loss": log_loss(weights, data.train), "valid_loss": log_loss(weights, data.valid)}
            metrics = losses | {"valid_auc": auc(weights, data.valid)}
        yield weights, metrics


def measure(weights: Weights, test: Part) -> dict[str, float]:
    """Return how good the model is on customers that it has not seen."""
    chance = probability(log_odds(weights, test.x))
    top = np.argsort(-chance)[: len(chance) // 10]
    return {
        "test_auc": auc(weights, test),
        "test_logloss": log_loss(weights, test),
        "test_brier": float(((chance - test.y) ** 2).mean()),
        "test_accuracy": float(((chance > THRESHOLD) == test.y).mean()),
        "test_recall_top_10pct": float(test.y[top].sum() / test.y.sum()),
    }


def experiment_id(client: MlflowClient) -> str:
    """Return the experiment of the runs; the first run creates it."""
    found = client.get_experiment_by_name(EXPERIMENT)
    if found:
        return found.experiment_id
    return client.create_experiment(EXPERIMENT, (HERE / "mlruns" / EXPERIMENT).as_uri())


def start(client: MlflowClient, params: dict[str, object], tags: dict[str, str], started: int) -> Run:
    """Open a run that began at ``started``."""
    run_id = client.create_run(experiment_id(client), started, tags).info.run_id
    client.log_batch(run_id, params=[Param(key, str(value)) for key, value in params.items()])
    return Run(client=client, run_id=run_id, started=started)


def learn(run: Run, settings: Settings, data: Data) -> Weights:
    """Train, with the data and the history logged, and return the last weights."""
    inputs = []
    for part, context in ((data.train, "training"), (data.test, "eval")):
        source, profile = json.dumps({"uri": "data/churn.csv"}), json.dumps({"num_rows": len(part.y)})
        dataset = Dataset(part.name, part.digest, "local", source, profile=profile)
        inputs.append(DatasetInput(dataset, [InputTag("mlflow.data.context", context)]))
    run.client.log_inputs(run.run_id, inputs)
    weights: Weights = {}
    history: list[Metric] = []
    for epoch, (reached, metrics) in enumerate(fit(settings, data), start=1):
        weights = reached
        history += run.stamp(metrics, epoch)
        diverged = np.isnan(metrics["train_loss"])
        if diverged or epoch % LOG_EVERY == 0 or epoch == settings.epochs:
            run.client.log_batch(run.run_id, metrics=history)
            history = []
        if diverged:
            run.client.set_tag(run.run_id, "failure", f"the loss is not a number after epoch {epoch}")
            run.end("FAILED")
            raise DivergedError
    return weights


def finish(run: Run, settings: Settings, data: Data, weights: Weights) -> None:
    """Measure the model, keep it with what it needs to run, and close the run."""
    metrics = measure(weights, data.test)
    run.client.log_batch(run.run_id, metrics=run.stamp(metrics, settings.epochs))
    guess = probability(log_odds(weights, data.test.x)) > THRESHOLD
    confusion = pd.crosstab(data.test.y.astype(int), guess.astype(int), rownames=["churned"], colnames=["predicted"])
    rows = "".join(f"| {key} | {value:.4f} |\n" for key, value in metrics.items())
    note = f"Measured on {data.test.name}: {len(data.test.y)} customers, digest {data.test.digest}."
    with tempfile.TemporaryDirectory() as name:
        folder, model = Path(name), Path(name, "model")
        model.mkdir()
        np.savez(model / "weights.npz", allow_pickle=False, **weights)
        (model / "model.json").write_text(json.dumps({"settings": asdict(settings), "scale": data.scale}, indent=1))
        shutil.copy(HERE / "requirements.txt", model)
        (model / "python_env.yaml").write_text(ENVIRONMENT)
        (folder / "report.md").write_text(f"# Churn model\n\n{note}\n\n| metric | value |\n| --- | --- |\n{rows}")
        confusion.to_csv(folder / "confusion.csv")
        run.client.log_artifacts(run.run_id, name)
    run.end("FINISHED")


def train(client: MlflowClient, settings: Settings, tags: dict[str, str], started: int) -> Run:
    """Make one run from beginning to end."""
    run, data = start(client, settings.params(), tags, started), load(settings)
    finish(run, settings, data, learn(run, settings, data))
    return run


def sweep(client: MlflowClient, settings: Settings, tags: dict[str, str], started: int) -> list[Run]:
    """Train a network of each size as children of one run; return the parent and its children."""
    sizes = ", ".join(str(units) for units in SWEEP)
    parent = start(client, settings.params() | {"hidden_units": sizes}, tags, started)
    children = []
    for units in SWEEP:
        named = tags | {"mlflow.parentRunId": parent.run_id, "mlflow.runName": f"{units} hidden units"}
        children.append(train(client, replace(settings, hidden_units=units), named, parent.now()))
    best = max(client.get_run(child.run_id).data.metrics["valid_auc"] for child in children)
    client.log_batch(parent.run_id, metrics=parent.stamp({"best_valid_auc": best}, 0))
    parent.end("FINISHED")
    return [parent, *children]


def main() -> None:
    """Train with the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweep", action="store_true", help=f"train networks of {SWEEP} hidden units")
    for option in fields(Settings):
        name = f"--{option.name.replace('_', '-')}"
        parser.add_argument(name, type=type(option.default), default=option.default, help="default: %(default)s")
    options = vars(parser.parse_args())
    begin = sweep if options.pop("sweep") else train
    tags = {"mlflow.user": getpass.getuser(), "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}
    git = shutil.which("git")
    if git:
        head = subprocess.run([git, "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False)
        tags |= {"mlflow.source.git.commit": head.stdout.strip()} if head.returncode == 0 else {}
    try:
        begin(MlflowClient(f"sqlite:///{HERE / 'mlflow.db'}"), Settings(**options), tags, round(1000 * time.time()))
    except DivergedError:
        parser.exit(1, "the loss is not a number: try a lower --learning-rate\n")


if __name__ == "__main__":
    main()
