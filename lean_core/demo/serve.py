"""Serve the model that is deployed: which version it is, and who will cancel.

python serve.py
curl http://127.0.0.1:8765/version
head -2 data/churn.csv   # what a customer looks like
curl http://127.0.0.1:8765/predict -d '{"plan": "team", "billing": "monthly", "country": "DE", "channel": "ads",
    "tenure_months": 2, "seats": 8, "active_seats": 3, "monthly_price": 152.0, "logins_30d": 4,
    "days_since_login": 12, "tickets_90d": 0, "failed_payments_6m": 1}'
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
CATEGORIES = ("country", "channel", "plan", "billing")
LARGEST = 100_000  # bytes of a request


class BadRequestError(Exception):
    """The customer is not described as the model needs it."""


def read_version(place: Path) -> str:
    """Return the version that is deployed."""
    return (place / "VERSION").read_text(encoding="utf-8").strip()


def read_input(customer: dict[str, object], column: str) -> float:
    """Return what the model calls ``column``: a category as 0 or 1, a number as its logarithm."""
    name, _, value = column.partition("_")
    if name in CATEGORIES:
        return float(customer.get(name) == value)
    number = customer.get(column)
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not number >= 0:
        raise BadRequestError(f"{column} must be a number from 0 on")
    return math.log1p(number)


def predict(place: Path, customer: object) -> float:
    """Return the probability that a customer cancels within 60 days."""
    if not isinstance(customer, dict):
        raise BadRequestError("a customer is a JSON object")
    scale = json.loads((place / "model" / "model.json").read_text(encoding="utf-8"))["scale"]
    x = np.array([(read_input(customer, name) - mean) / deviation for name, (mean, deviation) in scale.items()])
    with np.load(place / "model" / "weights.npz", allow_pickle=False) as weights:
        if "w_hidden" in weights:
            x = np.maximum(x @ weights["w_hidden"] + weights["b_hidden"], 0)
        return float(1 / (1 + np.exp(-(x @ weights["w"] + weights["b"])))[0])


class Handler(BaseHTTPRequestHandler):
    """Answers /version and /predict; what is deployed is read anew each time."""

    place: Path

    def do_GET(self) -> None:
        """Answer /version."""
        if self.path != "/version":
            self.answer(404, {"error": "ask for /version, or post a customer to /predict"})
            return
        try:
            self.answer(200, {"model": "churn", "version": read_version(self.place)})
        except OSError:
            self.answer(503, {"error": "nothing is deployed"})

    def do_POST(self) -> None:
        """Answer /predict."""
        if self.path != "/predict":
            self.answer(404, {"error": "post a customer to /predict"})
            return
        try:
            customer = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length", "0")), LARGEST)))
            self.answer(200, {"version": read_version(self.place), "churn": round(predict(self.place, customer), 4)})
        except (BadRequestError, ValueError) as error:
            self.answer(400, {"error": str(error)})
        except OSError:
            self.answer(503, {"error": "nothing is deployed"})

    def answer(self, status: int, said: dict[str, object]) -> None:
        """Send JSON."""
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8765, help="default: %(default)s; 0 takes a free one")
    parser.add_argument("--env", default="prod", help="default: %(default)s")
    options = parser.parse_args()
    Handler.place = HERE / "deployed" / options.env
    with ThreadingHTTPServer(("127.0.0.1", options.port), Handler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/version\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
