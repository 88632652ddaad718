"""Blocks of lean.toml that declare telemetry and signals, to be pasted by a person."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from lean_core.settings import Class, TelemetryKind

Kind = TelemetryKind | Literal["runs"]
"""Of telemetry; ``runs``: the imported runs."""
KEYS = (
    "source", "class", "model", "environment", "expression", "max", "min", "warn", "for", "window", "fresh", "unit",
    "owner", "runbook",
)  # fmt: skip
"""What a block of a signal may say, in this order."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An expression that a kind of telemetry understands."""

    says: str
    """What number it is."""
    expression: str
    class_: Class
    unit: str = ""


def write_signal(name: str, fields: Mapping[str, object]) -> str:
    """Return the block that declares a signal; fields that are None or empty are left out."""
    lines = [f"[signals.{write_key(name)}]"]
    lines += [f"{key} = {_write(fields[key])}" for key in KEYS if fields.get(key) not in {None, ""}]
    return "\n".join(lines) + "\n"


def write_key(name: str) -> str:
    """Return a name as TOML writes a key."""
    return name if _BARE.fullmatch(name) else write_string(name)


def write_string(text: str) -> str:
    """Return a text as TOML writes it, on one line."""
    # JSON escapes what TOML wants escaped, but for DEL; a surrogate alone is no text in either.
    sound = text.encode(errors="replace").decode()
    return json.dumps(sound, ensure_ascii=False).replace("\x7f", "\\u007F")


def _write(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - digits
    return write_string(str(value))


TELEMETRY: Mapping[Kind, str] = MappingProxyType(
    {
        "prometheus": '[telemetry.api]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n',
        "http": (
            '[telemetry.health]\nkind = "http"\nurl = "http://127.0.0.1:8000/health"\n'
            '# token_env = "HEALTH_TOKEN"  # the environment variable that holds a token\n'
        ),
        "log": (
            '[telemetry.predictions]\nkind = "log"\npath = "logs/predictions/*.parquet"\n'
            'reference = "28d"  # a past window, or the path of a table\n\n'
            '[telemetry.predictions.columns]\ntime = "time"\nversion = "version"\nprediction = "prediction"\n'
            'latency = "latency_ms"\nstatus = "status"\nfeatures = ["plan", "tenure_months"]\n'
        ),
        "sql": '[telemetry.shop]\nkind = "sql"\nuri_env = "SHOP_DATABASE_URI"\n',
        "table": '[telemetry.features]\nkind = "table"\npath = "data/features.parquet"\n',
        "logfire": (
            '[telemetry.logfire]\nkind = "logfire"\nurl = "https://logfire-api.pydantic.dev"\n'
            'token_env = "LOGFIRE_READ_TOKEN"\n'
        ),
        "dagster": '[telemetry.dagster]\nkind = "dagster"\nurl = "http://127.0.0.1:3000"\n',
    }
)
"""What declares telemetry, by kind."""

EXAMPLES: Mapping[Kind, tuple[Example, ...]] = MappingProxyType(
    {
        "prometheus": (
            Example(
                says="Share of answers that failed",
                expression=(
                    '(sum(rate(http_requests_total{status=~"5.."}[10m])) or vector(0))'
                    " / sum(rate(http_requests_total[10m]))"
                ),
                class_="errors",
                unit="ratio",
            ),
            Example(
                says="95th percentile of the latency",
                expression="histogram_quantile(0.95, sum by (le) (rate(http_request_seconds_bucket[10m])))",
                class_="latency",
                unit="s",
            ),
        ),
        "http": (
            Example(says="The status of the answer (an error from 400 on)", expression="status", class_="errors"),
            Example(says="How long an answer takes", expression="latency", class_="latency", unit="ms"),
            Example(
                says="A number in its JSON",
                expression="json:orders.age_hours",
                class_="missing_inputs",
                unit="h",
            ),
        ),
        "log": (
            Example(says="Share of predictions that failed", expression="error_rate", class_="errors", unit="ratio"),
            Example(says="95th percentile of the latency", expression="latency.p95", class_="latency", unit="ms"),
            Example(says="Share of nulls in a feature", expression="nulls.plan", class_="missing_inputs", unit="ratio"),
            Example(
                says="How far the predictions drifted (PSI)", expression="psi.prediction", class_="prediction_drift"
            ),
            Example(says="Accuracy, once labels are there", expression="accuracy", class_="business", unit="ratio"),
        ),
        "logfire": (
            Example(
                says="Share of spans with an exception",
                expression=(
                    "select avg(case when is_exception then 1.0 else 0.0 end), count(*) as n from records"
                    " where service_name = 'churn-api'"
                ),
                class_="errors",
                unit="ratio",
            ),
        ),
        "dagster": (
            Example(says="Hours since a job succeeded", expression="job:nightly_train", class_="stale_job"),
            Example(says="Hours since an asset was made", expression="asset:features/orders", class_="missing_inputs"),
            Example(
                says="Whether the last run of a job failed", expression="job_failed:nightly_train", class_="errors"
            ),
        ),
        "sql": (
            Example(
                says="Hours since the newest row",
                expression="select extract(epoch from now() - max(created_at)) / 3600 from orders",
                class_="missing_inputs",
                unit="h",
            ),
            Example(
                says="Share of customers who left, with n",
                expression=(
                    "select avg(has_left::int), count(*) as n from customers where seen_at > now() - interval '7 days'"
                ),
                class_="business",
                unit="ratio",
            ),
        ),
        "runs": (
            Example(
                says="Hours since an experiment had a finished run",
                expression="nightly-train",
                class_="stale_job",
                unit="h",
            ),
        ),
    }
)
"""Expressions to begin with, by kind of telemetry."""

FIRST_SIGNALS = (
    "**errors**: the share of answers that failed",
    "**latency**: what the slowest customers wait for",
    "**missing inputs**: how old the data is that the model is fed",
    "**a heartbeat**: whether the job that trains, or scores, still runs",
)
"""In Markdown."""


def write_telemetry(kind: Kind, taken: Container[str] = ()) -> tuple[str, str]:
    """Return a name for telemetry that is not taken yet, and the block that declares it, with an example's address."""
    block = TELEMETRY[kind]
    usual = block.removeprefix("[telemetry.").partition("]")[0]
    names = itertools.chain([usual], (f"{usual}-{number}" for number in itertools.count(2)))
    name = next(each for each in names if each not in taken)
    return name, re.sub(rf"\[telemetry\.{usual}\b", f"[telemetry.{name}", block)


def write_first_signals(model: str, *, taken: Container[str], with_registry: bool) -> str:
    """Return the blocks of the smallest set that is of use; the numbers and addresses are the person's to change.

    Args:
        model: which they watch.
        taken: names of telemetry that is declared already.
        with_registry: whether to name a registry too: heartbeats lie in one.
    """
    errors, latency = EXAMPLES["prometheus"]
    age = EXAMPLES["sql"][0]
    api, shop = (write_telemetry(kind, taken) for kind in ("prometheus", "sql"))
    signals = (
        ("api-errors", api[0], errors, 0.01, 0.005, "1h"),
        ("api-latency", api[0], latency, 0.5, None, "1h"),
        ("orders-age", shop[0], age, 24.0, None, "1d"),
    )
    blocks = ['[registry]\nuri = "registry"\n'] if with_registry else []
    blocks += [api[1], shop[1]]
    blocks += [
        write_signal(
            name,
            {
                "source": source, "class": example.class_, "model": model, "expression": example.expression,
                "max": most, "warn": warn, "fresh": fresh, "unit": example.unit,
            },
        )
        for name, source, example, most, warn, fresh in signals
    ]  # fmt: skip
    job = f'[heartbeats.nightly-train]\nmodel = {write_string(model)}\nevery = "1d"\ngrace = "2h"\n'
    return "\n".join([*blocks, job])
