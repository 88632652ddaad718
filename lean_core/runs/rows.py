"""The columns in which every reader hands over what it found: one Arrow schema a table.

``run_key`` names a run uniquely within its source. It is the run id, except where a store holds the same id twice
(a live and a trashed folder): then the later one's key is its path.
"""

from __future__ import annotations

import pyarrow as pa

MILLISECONDS = pa.timestamp("ms")
"""UTC, without a zone."""

SCAN = pa.schema([("run_key", pa.string()), ("fingerprint", pa.uint64())])
"""Every run that exists now, with a number that changes when the run does, or null where the reader has none."""

RUN = pa.schema(
    [
        ("run_key", pa.string()),
        ("run_id", pa.string()),
        ("experiment_key", pa.string()),
        ("name", pa.string()),
        ("status", pa.string()),  # RUNNING SCHEDULED FINISHED FAILED KILLED, or null where the source does not say
        ("start_time", MILLISECONDS),
        ("end_time", MILLISECONDS),
        ("user", pa.string()),
        ("lifecycle", pa.string()),  # active or deleted
        ("artifact_uri", pa.string()),  # as the source says it
        ("artifact_path", pa.string()),  # the local folder it resolves to from where the store lies, if it is there
    ]
)
PARAM = pa.schema([("run_key", pa.string()), ("key", pa.string()), ("value", pa.string())])
TAG = PARAM
POINT = pa.schema(
    [
        ("run_key", pa.string()),
        ("key", pa.string()),
        ("step", pa.int64()),
        ("time", MILLISECONDS),
        ("value", pa.float64()),  # NaN and infinities as such
    ]
)
"""One logged value of a metric: the whole history, not only the latest."""

INPUT = pa.schema(
    [
        ("run_key", pa.string()),
        ("name", pa.string()),
        ("digest", pa.string()),
        ("context", pa.string()),  # training, eval, ... or null
        ("source_type", pa.string()),
        ("source", pa.string()),
    ]
)
"""A dataset that a run read."""

OF_RUNS = {"run": RUN, "param": PARAM, "tag": TAG, "point": POINT, "input": INPUT}
"""The tables that `load` yields."""

EXPERIMENT = pa.schema(
    [
        ("experiment_key", pa.string()),  # unique within the source: the id, or a path where ids repeat
        ("experiment_id", pa.string()),
        ("name", pa.string()),
        ("lifecycle", pa.string()),
        ("artifact_uri", pa.string()),
    ]
)
REGISTERED_MODEL = pa.schema(
    [("name", pa.string()), ("description", pa.string()), ("created_at", MILLISECONDS), ("updated_at", MILLISECONDS)]
)
MODEL_VERSION = pa.schema(
    [
        ("model", pa.string()),
        ("version", pa.string()),
        ("stage", pa.string()),
        ("aliases", pa.list_(pa.string())),
        ("run_id", pa.string()),
        ("source_uri", pa.string()),
        ("status", pa.string()),
        ("description", pa.string()),
        ("created_at", MILLISECONDS),
    ]
)
LOGGED_MODEL = pa.schema(
    [
        ("model_id", pa.string()),
        ("name", pa.string()),
        ("run_id", pa.string()),
        ("model_type", pa.string()),
        ("status", pa.string()),  # PENDING READY FAILED
        ("artifact_uri", pa.string()),
        ("artifact_path", pa.string()),
        ("created_at", MILLISECONDS),
    ]
)
OF_SOURCE = {
    "experiment": EXPERIMENT,
    "registered_model": REGISTERED_MODEL,
    "model_version": MODEL_VERSION,
    "logged_model": LOGGED_MODEL,
}
"""The tables that `catalog` returns whole."""
