from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lean_core import __version__

ROOT = Path(__file__).parents[2]
HEAVY = {"streamlit", "pandas", "mlflow", "boto3", "duckdb", "pyarrow", "sqlglot", "numpy", "yaml", "msgspec"}
COMMANDS = ("init", "sync", "runs", "demo", "doctor")

MODULES_AFTER = """
import json, sys
from lean_core.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-c", MODULES_AFTER, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert "click" in modules
    assert not HEAVY & set(modules)


def seconds_of(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - began


def test_help_starts_within_three_times_of_importing_click():
    for _ in range(3):  # other work on the machine can spoil one comparison
        pairs = [(seconds_of("-m", "lean_core", "--help"), seconds_of("-c", "import click")) for _ in range(7)]
        ours, click = (min(times) for times in zip(*pairs, strict=True))
        if ours < 3 * click:
            return
    pytest.fail(f"--help took {ours:.3f} s, `import click` {click:.3f} s")


def test_the_version_is_printed(shell):
    done = shell("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"lean-mlops, version {__version__}\n", "")


def test_the_help_names_every_command(shell):
    done = shell("--help")
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_print_json(shell, name: str):
    assert "--json" in shell(name, "--help").stdout


def test_output_survives_a_terminal_without_utf8(shell, make_workspace):
    done = shell("doctor", cwd=make_workspace(name="ünïcode"), PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    assert os.linesep in done.stdout
