from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from lean_core.settings import parse_settings
from lean_core.signals.heartbeats.beat import key_of, parse_beat, read_key

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "heartbeats.md").read_text(encoding="utf-8")


def block(language: str, *, having: str) -> str:
    """Return the code block of the docs in a language that has a text in it."""
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", DOCS, flags=re.DOTALL) if having in text)


def test_the_settings_are_valid():
    (job,) = parse_settings(block("toml", having="heartbeats"), path=Path("/x/lean.toml")).heartbeats.values()
    assert (job.model, job.environment, job.owner) == ("churn", "prod", "ana")


def test_the_beat_that_is_shown_is_one():
    beat_id = json.loads(block("json", having="schema"))["id"]
    named = read_key(f".heartbeats/nightly-scores/2026-11-23/{beat_id}.json")
    beat = parse_beat(block("json", having="schema").encode(), named, job="nightly-scores")
    assert key_of(beat) == named.key
    assert f"<registry>/{named.key}" in DOCS


def test_the_workflow_follows_its_schema_and_has_no_known_weakness(tmp_path: Path):
    workflow = tmp_path / ".github" / "workflows" / "retrain.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(block("yaml", having="jobs:"), encoding="utf-8")
    programs = Path(sys.executable).parent
    for command in (
        [programs / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        [programs / "zizmor", "--offline", "--no-progress", workflow],
    ):
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_tells_of_a_failure(make_workspace, tmp_path: Path):
    folder = make_workspace('[registry]\nuri = "registry"\n')
    (folder / "registry").mkdir()
    (folder / "load.sh").write_text("exit 1\n")
    (folder / "load.sh").chmod(0o755)
    program = tmp_path / "lean-mlops"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lean_core "$@"\n')
    program.chmod(0o755)
    environ = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    script = block("sh", having="set -e")
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    said = sorted(path.name.split("-")[1] for path in folder.glob("registry/.heartbeats/features/*/*.json"))
    assert said == ["fail", "start"]
