from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from lean_core import __version__
from lean_core.cli.main import COMMANDS
from tests.cli.every_command import EVERY_COMMAND, find_command

ROOT = Path(__file__).parents[2]
HEAVY = {"streamlit", "pandas", "mlflow", "boto3", "duckdb", "pyarrow", "sqlglot", "numpy", "yaml", "msgspec"}

MODULES_AFTER = """
import json, sys
from lean_core.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([*name.split(), "--help"] for name in EVERY_COMMAND)]
)
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


@pytest.mark.parametrize("arguments", [["debt", "list"], ["debt", "list", "--json"], ["claim"]])
def test_what_only_reads_the_file_imports_nothing_heavy_but_duckdb(make_workspace, arguments: list[str]):
    folder = make_workspace()
    added = subprocess.run(
        [sys.executable, "-m", "lean_core", "--workspace", str(folder), "debt", "add", "No backups"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert added.returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", MODULES_AFTER, "--workspace", str(folder), *arguments],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    heavy = {
        "streamlit",
        "plotly",
        "pandas",
        "numpy",
        "pyarrow",
        "mlflow",
        "boto3",
        "lark",
        "markdown_it",
        "detect_secrets",
    }
    assert not heavy & set(modules)


def test_the_version_is_printed(shell):
    done = shell("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"lean-mlops, version {__version__}\n", "")


def test_the_help_names_every_command(shell):
    done = shell("--help")
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


PRINTS_NOTHING_ELSE = {"grafana"}


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_can_print_json(name: str):
    command = find_command(name)
    options = [option for parameter in command.params for option in parameter.opts]
    assert "--json" in options or name in PRINTS_NOTHING_ELSE or isinstance(command, click.Group)


def test_a_terminal_without_utf8_shows_what_it_can(shell, make_workspace):
    folder = make_workspace('[workspace]\nname = "Bücher 書"\n')
    done = shell("doctor", cwd=folder, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0, done.stderr
    assert "Bücher \\u66f8" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_json_in_every_encoding(shell, make_workspace, encoding: str):
    folder = make_workspace('[workspace]\nname = "Bücher 書"\n')
    done = shell("doctor", "--json", cwd=folder, PYTHONIOENCODING=encoding)
    assert any("Bücher 書" in finding["message"] for finding in json.loads(done.stdout))
