"""The job that trains churn, and says by heartbeats how it went."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lean_core.objects import Objects
from lean_core.signals.heartbeats import Details, Said, make_beat, write_beat

JOB = "retrain"
HOST = "ana-laptop"


@contextmanager
def heard(objects: Objects, started: dt.datetime) -> Iterator[None]:
    """Write a beat before and after what is done inside, as `lean-mlops beat retrain -- python train.py` does.

    Args:
        objects: the registry.
        started: when it is said to have begun; naive UTC. How long it takes is measured.
    """
    about, began = Details(run=secrets.token_hex(6), host=HOST), time.monotonic()

    def write(said: Said, at: dt.datetime, details: Details) -> None:
        write_beat(objects, make_beat(JOB, said, at=at, details=details))

    def end(said: Said, exit_code: int) -> None:
        seconds = round(time.monotonic() - began, 3)
        details = replace(about, seconds=seconds, exit_code=exit_code)
        write(said, started + dt.timedelta(seconds=seconds), details)

    write("start", started, about)
    try:
        yield
    except Exception:
        end("fail", 1)
        raise
    end("success", 0)
