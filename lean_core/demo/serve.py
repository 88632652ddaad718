"""Serve the model that is deployed: which version it is, who will cancel, and a log of all that was predicted.

python serve.py
curl http://127.0.0.1:8765/version
curl http://127.0.0.1:8765/health
head -2 data/churn.csv   # what a customer looks like
curl http://127.0.0.1:8765/predict -d '{"plan": "team", "billing": "monthly", "country": "DE", "channel": "ads",
    "tenure_months": 2, "seats": 8, "active_seats": 3, "monthly_price": 152.0, "logins_30d": 4,
    "days_since_login": 12, "tickets_90d": 0, "failed_payments_6m": 1}'

Each request to /predict is one line in logs/predictions/ENVIRONMENT/, in one file a day. Who cancelled is known much
later: `churned` is null until then. traffic.py sends requests, and by a header can ask for a fault (FAULTS).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import math
import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeGuard

import numpy as np

HERE = Path(__file__).resolve().parent
CATEGORIES = ("country", "channel", "plan", "billing")
NUMBERS = (
    "tenure_months", "seats", "active_seats", "monthly_price", "logins_30d", "days_since_login", "tickets_90d",
    "failed_payments_6m",
)  # fmt: skip
FEATURES = (*CATEGORIES, *NUMBERS)
LARGEST = 100_000  # bytes of a request
FAULT = "X-Demo-Fault"
FAULTS = ("latency", "errors")  # what the header may ask for: an answer after SLOW seconds, or one failure in ODDS
SLOW = (0.4, 0.9)
ODDS = 3
CHANCE = random.Random()  # noqa: S311 - for faults, not for secrets


class BadRequestError(Exception):
    """The customer is not described as the model needs it."""


class FaultError(Exception):
    """Somebody asked for a fault."""


def read_version(place: Path) -> str:
    """Return the version that is deployed."""
    return (place / "VERSION").read_text(encoding="utf-8").strip()


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is one that a customer can have."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version of the model."""

    scale: dict[str, tuple[float, float]]  # mean and standard deviation of each input
    weights: dict[str, np.ndarray]

    @classmethod
    def read(cls, folder: Path) -> Model:
        """Read what train.py left."""
        scale = json.loads((folder / "model.json").read_text(encoding="utf-8"))["scale"]
        with np.load(folder / "weights.npz", allow_pickle=False) as weights:
            return cls(scale=scale, weights=dict(weights))

    def predict(self, customer: object) -> float:
        """Return the probability that a customer cancels within 60 days."""
        if not isinstance(customer, dict):
            raise BadRequestError("a customer is a JSON object")
        x = np.array([self.read_input(customer, name) for name in self.scale])
        if "w_hidden" in self.weights:
            x = np.maximum(x @ self.weights["w_hidden"] + self.weights["b_hidden"], 0)
        return float(1 / (1 + np.exp(-(x @ self.weights["w"] + self.weights["b"])))[0])

    def read_input(self, customer: dict[str, object], column: str) -> float:
        """Return what the model learned from: a category as 0 or 1, a number as its logarithm, each of them scaled.

        A number that is null counts as the average: nobody who asks notices, and that is why the log is watched.
        """
        name, _, value = column.partition("_")
        mean, deviation = self.scale[column]
        if name in CATEGORIES:
            return (float(customer.get(name) == value) - mean) / deviation
        number = customer.get(column, "absent")
        if number is None:
            return 0.0
        if not is_number(number):
            raise BadRequestError(f"{column} must be a number from 0 on, or null")
        return (math.log1p(number) - mean) / deviation


@dataclass(frozen=True, kw_only=True)
class PredictionLog:
    """One JSON object a line, in one file a day."""

    folder: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    whole: set[Path] = field(default_factory=set)  # files that are known to end with a whole line

    def append(self, row: dict[str, object]) -> None:
        """Write a line at once: a crash leaves a last line that is cut off, and the next one begins anew."""
        path = self.folder / f"{str(row['time'])[:10]}.jsonl"
        line = json.dumps(row).encode() + b"\n"
        with self.lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("a+b", buffering=0) as file:
                if path not in self.whole and file.seek(0, os.SEEK_END):
                    file.seek(-1, os.SEEK_END)
                    line = line if file.read(1) == b"\n" else b"\n" + line
                file.write(line)
            self.whole.add(path)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API says to one request."""

    status: int
    said: dict[str, object]

    def row(self, customer: object, *, at: dt.datetime, seconds: float) -> dict[str, object]:
        """Return the line of the log; what is no value of a feature is null there."""
        given = customer if isinstance(customer, dict) else {}
        categories = {name: given[name] for name in CATEGORIES if isinstance(given.get(name), str)}
        numbers = {name: given[name] for name in NUMBERS if is_number(given.get(name))}
        return {
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
            "version": self.said.get("version"),
            "customer_id": given["customer_id"] if isinstance(given.get("customer_id"), str) else None,
            "prediction": self.said.get("churn"),
            "latency_ms": round(1000 * seconds, 3),
            "status": self.status,
            "churned": None,
            **{name: (categories | numbers).get(name) for name in FEATURES},
        }


def answer_prediction(place: Path, customer: object) -> Answer:
    """Return what is predicted, or why nothing is; what is deployed is read anew each time."""
    try:
        version = read_version(place)
        chance = Model.read(place / "model").predict(customer)
    except BadRequestError as error:
        return Answer(status=400, said={"error": str(error), "version": version})
    except OSError:
        return Answer(status=503, said={"error": "nothing is deployed"})
    return Answer(status=200, said={"version": version, "churn": round(chance, 4)})


def answer_health(place: Path) -> Answer:
    """Say whether a prediction could be made."""
    try:
        Model.read(place / "model")
        return Answer(status=200, said={"healthy": True, "version": read_version(place)})
    except (OSError, ValueError, KeyError):
        return Answer(status=503, said={"healthy": False})


class Handler(BaseHTTPRequestHandler):
    """Answers /version, /health and /predict."""

    place: Path
    log: PredictionLog

    def do_GET(self) -> None:
        """Answer /version and /health."""
        if self.path == "/health":
            self.answer(answer_health(self.place))
            return
        if self.path != "/version":
            self.answer(Answer(status=404, said={"error": "ask for /version or /health, or post to /predict"}))
            return
        try:
            self.answer(Answer(status=200, said={"model": "churn", "version": read_version(self.place)}))
        except OSError:
            self.answer(Answer(status=503, said={"error": "nothing is deployed"}))

    def do_POST(self) -> None:
        """Answer /predict, and write it down."""
        if self.path != "/predict":
            self.answer(Answer(status=404, said={"error": "post a customer to /predict"}))
            return
        at, began, customer = dt.datetime.now(dt.UTC), time.perf_counter(), None
        try:
            customer = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length", "0")), LARGEST)))
            self.suffer()
            answer = answer_prediction(self.place, customer)
        except ValueError as error:
            answer = Answer(status=400, said={"error": str(error)})
        except Exception as error:  # noqa: BLE001 - whatever it is, it gets an answer and a line in the log
            self.log_error("%r", error)
            answer = Answer(status=500, said={"error": "the model failed"})
        self.log.append(answer.row(customer, at=at, seconds=time.perf_counter() - began))
        self.answer(answer)

    def suffer(self) -> None:
        """Do what the header asks for."""
        match self.headers.get(FAULT):
            case "latency":
                time.sleep(CHANCE.uniform(*SLOW))
            case "errors" if CHANCE.randrange(ODDS) == 0:
                raise FaultError

    def answer(self, answer: Answer) -> None:
        """Send JSON."""
        content = json.dumps(answer.said).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave the terminal quiet: what was predicted is in the log."""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8765, help="default: %(default)s; 0 takes a free one")
    parser.add_argument("--env", default="prod", help="default: %(default)s")
    options = parser.parse_args()
    Handler.place = HERE / "deployed" / options.env
    Handler.log = PredictionLog(folder=HERE / "logs" / "predictions" / options.env)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    except OSError as error:
        parser.exit(1, f"port {options.port} can't be had ({error.strerror}): end what serves there, or use --port 0\n")
    with server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/version\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
