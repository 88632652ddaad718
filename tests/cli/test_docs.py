from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from lean_core.cli.main import COMMANDS
from tests.cli.every_command import EVERY_COMMAND, find_command

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    level = "##" if name in COMMANDS else "###"
    found = re.search(rf"^{level} `lean-mlops {name}`$(.*?)(?=^##|\Z)", DOCS, flags=re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section `lean-mlops {name}`"
    return found[1]


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_has_a_section_that_names_all_its_options(name: str):
    command = find_command(name)
    assert command.help
    text = section(name)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in text or parameter.opts[0] == "--workspace"
        else:
            assert str(parameter.human_readable_name).strip("[].") in text


def test_the_commands_of_a_group_stand_below_it_in_their_order():
    told = re.findall(r"^##+ `lean-mlops ([\w ]+)`$", DOCS, flags=re.MULTILINE)
    for group in (name for name in COMMANDS if isinstance(find_command(name), click.Group)):
        below = [name for name in EVERY_COMMAND if name.startswith(f"{group} ")]
        at = told.index(group) + 1
        assert told[at : at + len(below)] == below


def test_no_section_is_about_a_command_that_is_gone():
    assert set(re.findall(r"^##+ `lean-mlops ([\w ]+)`$", DOCS, flags=re.MULTILINE)) == set(EVERY_COMMAND)


def test_every_exit_code_is_documented():
    for code in (0, 1, 2, 3, 4, 130, 141):
        assert f"| {code} |" in DOCS
