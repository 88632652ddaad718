"""A first lean.toml: the sources that were found, and every other setting as a comment with its default."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator

from lean_core.runs.detect import Detected, FoundStore
from lean_core.settings import redact, scheme_of

_HEAD = """\
# The settings of a Lean MLOps workspace. Lines that begin with # are comments; settings among them show the default.

[workspace]
{name}
# repository = "."          # the git repository in which the commits of the runs are looked up{repository}

# Where runs come from: any number of tables [sources.NAME], each with a uri and a kind.
#   uri   a path from this file (mlflow.db, mlruns, a folder of run folders), or
#         sqlite:///mlflow.db, postgresql://user@host/db, mysql://user@host/db, http://127.0.0.1:5000
#   kind  "auto" looks what is there; "mlflow" is an MLflow store or server; "folder" has one folder a run
"""
_NO_SOURCE = """
# [sources.local]
# uri = "mlflow.db"
# kind = "auto"
"""
_TAIL = """
# Where versions of models lie: a folder, or a prefix in a bucket, whose credentials come from the usual AWS chain.
# [registry]
# uri = "registry"                      # a path from this file, or s3://bucket/prefix
# endpoint = "http://127.0.0.1:9000"    # of an S3 server that is not Amazon's
# region = "eu-central-1"
# single_writer = false                 # true: nobody else writes; only for a server that is asked for it
# owner = "Ana"                         # of versions that name none; else git's user

[environments]
# order = ["dev", "test", "prod"]       # in promotion order

# What a version must pass before it may go to an environment: docs/gates.md has all that can be asked.
# [gates.churn.prod.metrics]
# auc = { min = 0.8 }

# How to ask a running system which version it runs: docs/releases.md has all ways.
# [probes.churn.prod]
# url = "http://127.0.0.1:8000/version"
# json_path = "version"

# How often a job must send a heartbeat: docs/heartbeats.md has the rest.
# [heartbeats.retrain]
# model = "churn"
# every = "1d"
# grace = "1h"

# What can be asked for numbers, and which of them must not go too far: docs/signals.md has a set to begin with.
# [telemetry.api]
# kind = "http"
# url = "http://127.0.0.1:8000/health"

# [signals.health]
# source = "api"
# expression = "status"
# class = "errors"
# model = "churn"
# max = 299

[checkpoint]
# environment = ""          # whose answers to the five checks count; empty: the last one of the order
# live = "1d"               # how long an answer stays fresh: since the running system said what it runs
# declared = "30d"          # since a deployment that nothing but its own record speaks for
# provenance = "7d"         # since code, data and metrics were held against the record
# deployment = "180d"       # since the last deployment, rollback or drill
# signal = "1d"             # since the last reading of a signal that names no limit of its own
# debt = "30d"              # since somebody reviewed the debt log
# claims = "90d"            # how long a claim is good for, unless it says so itself
# ml_test_score = false     # whether the ML Test Score is asked for as well

[runs]
# abandoned_after = "1d"    # RUNNING without a sign of life for so long is shown as ABANDONED (units: s m h d w)

[server]
# timeout = "10s"           # how long a tracking server or a database may take to answer

[store]
# busy_timeout = "8s"       # how long to wait for another program that has lean.duckdb open
"""


def starter_toml(detected: Detected, name: str | None = None) -> str:
    """Render a lean.toml for what was detected; without a name, the workspace is called as its folder."""
    inside = "; none was found here"
    if detected.repository:
        # Relative, since the file is shared and the next person's folder is another one.
        inside = f"; found in {_comment(os.path.relpath(detected.repository, detected.folder))}"
    called = f"name = {_quote(name)}" if name else f"# name = {_quote(_comment(detected.folder.name))}"
    parts = [_HEAD.format(name=called, repository=inside)]
    parts += [_source(key, store) for key, store in _named(detected.stores)] or [_NO_SOURCE]
    return "".join([*parts, _TAIL])


def sources_toml(stores: tuple[FoundStore, ...], taken: Iterable[str]) -> str:
    """Render the tables [sources.NAME] of stores, under names that are not taken yet."""
    return "".join(_source(key, store) for key, store in _named(stores, taken)).lstrip("\n")


def _source(name: str, store: FoundStore) -> str:
    lines = [f"[sources.{name}]", f"uri = {_quote(store.uri)}", f"kind = {_quote(store.kind)}"]
    shown = redact(store.uri)
    if shown != store.uri:
        # A password that stands in the environment must not end up in a file that git keeps.
        lines = [f"# {line}" for line in (lines[0], f"uri = {_quote(shown)}", lines[2])]
        lines.insert(0, "# Not used yet: fill in the secret, or better leave it to ~/.pgpass or the environment.")
    return "\n".join(["", f"# {_comment(str(store))}", *lines, ""])


def _named(stores: tuple[FoundStore, ...], used: Iterable[str] = ()) -> Iterator[tuple[str, FoundStore]]:
    taken = set(used)
    for store in stores:
        base = "server" if scheme_of(store.uri) not in {None, "sqlite", "file"} else _slug(store.uri)
        name = next(
            name for name in (base, *(f"{base[:60]}-{number}" for number in range(2, 1000))) if name not in taken
        )
        taken.add(name)
        yield name, store


def _slug(path: str) -> str:
    """Return a source's name for a path: ``notebooks/mlruns`` is ``notebooks-mlruns``."""
    stem = re.sub(r"\.(db|sqlite3?)$", "", path)
    return re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-")[:64].strip("-") or "local"


def _quote(text: str) -> str:
    # What JSON writes between quotes is TOML too, but for the one control character that only TOML forbids.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
