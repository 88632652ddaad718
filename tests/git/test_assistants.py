from __future__ import annotations

import pytest

from lean_core.git.assistants import recognise, split_person


@pytest.mark.parametrize(
    ("person", "assistant"),
    [
        ("Claude <noreply@anthropic.com>", "Claude"),
        ("Claude Opus 4.5 <noreply@anthropic.com>", "Claude"),
        ("Claude Code <ana@example.org>", "Claude"),
        ("Copilot <175728472+Copilot@users.noreply.github.com>", "GitHub Copilot"),
        ("GitHub Copilot <copilot@github.com>", "GitHub Copilot"),
        ("copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>", "GitHub Copilot"),
        ("Codex <noreply@openai.com>", "OpenAI Codex"),
        ("ChatGPT", "OpenAI Codex"),
        ("Cursor <cursoragent@cursor.com>", "Cursor"),
        ("aider (gpt-4o) <noreply@aider.chat>", "Aider"),
        ("Ana (aider) <ana@example.org>", "Aider"),
        ("gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>", "Gemini"),
        ("google-labs-jules[bot] <161369871+google-labs-jules[bot]@users.noreply.github.com>", "Gemini"),
        ("devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>", "Devin"),
        ("Amazon Q <amazonq@example.org>", "Amazon Q or Kiro"),
        ("openhands <openhands@all-hands.dev>", "OpenHands"),
        ("Junie <junie@jetbrains.com>", "JetBrains Junie"),
        ("opencode <noreply@opencode.ai>", "opencode"),
    ],
)
def test_assistants_are_recognised_by_what_they_write(person: str, assistant: str):
    assert recognise(*split_person(person)) == assistant


@pytest.mark.parametrize(
    "person",
    [
        "Claude Monet <claude@giverny.fr>",
        "Claude <claude.martin@example.org>",
        "Jules Verne <jules@example.org>",
        "Cody Miller <cody@example.org>",
        "Devin Townsend <devin@example.org>",
        "Amp Ere <amp@example.org>",
        "Junie Moon <junie@example.org>",
        "Ana <ana@anthropic.com>",
        "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
        "",
    ],
)
def test_people_who_are_called_alike_and_other_robots_are_none(person: str):
    assert recognise(*split_person(person)) is None
