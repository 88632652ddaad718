from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from lean_core.cli.main import COMMANDS, cli

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    found = re.search(rf"^## `lean-mlops {name}`$(.*?)(?=^## |\Z)", DOCS, flags=re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section `lean-mlops {name}`"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_that_names_all_its_options(name: str):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    text = section(name)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in text or parameter.opts[0] == "--workspace"
        else:
            assert str(parameter.human_readable_name).strip("[].") in text


def test_no_section_is_about_a_command_that_is_gone():
    assert set(re.findall(r"^## `lean-mlops (\w+)`$", DOCS, flags=re.MULTILINE)) == set(COMMANDS)


def test_every_exit_code_is_documented():
    for code in (0, 1, 2, 3, 4, 130, 141):
        assert f"| {code} |" in DOCS
