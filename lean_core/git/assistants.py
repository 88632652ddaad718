"""Who of a commit's authors is an AI assistant: the one list of them, by what they write into trailers."""

from __future__ import annotations

import re

_ROBOT = r"(?:no-?reply|agent|bot|ai|code|hello|[a-z-]*(?:agent|bot))"
"""Before the @ of an address that no person has."""

ASSISTANTS: dict[str, tuple[str, str]] = {
    "Claude": (r"(noreply|claude)@anthropic\.com|.*\+claude@users\.noreply\.github\.com",
               r"claude[ -](code|opus|sonnet|haiku|\d)\b.*"),
    "GitHub Copilot": (r".*\+copilot@users\.noreply\.github\.com|copilot@github\.com|.*copilot-swe-agent.*@.*",
                       r"(github )?copilot(-swe-agent)?(\[bot\])?( .*)?"),
    "OpenAI Codex": (r"(codex|chatgpt|noreply)@(chatgpt|openai)\.com|.*chatgpt-codex-connector.*@.*",
                     r"(openai )?codex( .*)?|chatgpt.*|gpt-?\d.*"),
    "Cursor": (rf"cursoragent@cursor\.com|{_ROBOT}@cursor\.(com|sh)", r"cursor( ?agent| ai)?(\[bot\])?"),
    "Aider": (rf"(aider|{_ROBOT})@aider\.chat", r"aider( \(.*\))?|.* \(aider\)"),
    "Gemini": (r".*gemini-code-assist.*@.*|.*google-labs-jules.*@.*|gemini(-cli)?@google\.com",
               r"gemini([ -](cli|code|\d).*)?(\[bot\])?|google-labs-jules(\[bot\])?"),
    "Devin": (rf".*devin-ai-integration.*@.*|{_ROBOT}@(devin\.ai|cognition\.ai|cognition-labs\.com)",
              r"devin ai.*|devin-ai-integration.*"),
    "Amazon Q or Kiro": (rf".*amazon-q-developer.*@.*|{_ROBOT}@kiro\.dev", r"amazon[ -]q\b.*|kiro (agent|ai)"),
    "Windsurf": (rf"(cascade|windsurf|{_ROBOT})@(windsurf|codeium)\.com", r"windsurf( .*)?|codeium( .*)?"),
    "OpenHands": (r".*@all-hands\.dev", r"openhands.*|opendevin.*"),
    "Amp or Cody": (rf"(amp|cody|{_ROBOT})@(ampcode|sourcegraph)\.com", r"amp code|sourcegraph cody"),
    "JetBrains Junie": (r"junie@jetbrains\.com", r"jetbrains junie|junie ai"),
    "Replit": (rf".*replit-agent.*@.*|{_ROBOT}@replit\.com", r"replit[ -]?(agent|ai).*"),
    "opencode": (rf"{_ROBOT}@opencode\.ai", r"opencode( .*)?"),
    "Lovable": (r".*(lovable-dev|gpt-engineer-app)\[bot\]@.*", r"lovable(-dev)?(\[bot\])?|gpt-engineer.*"),
    "Qwen Code": (r"qwen-coder@alibabacloud\.com", r"qwen[ -]?code.*"),
}  # fmt: skip
"""By name: a pattern for its addresses, and one for its names without those that a person may have too, such as Claude
or Cody alone."""

AUTHOR_TRAILERS = frozenset({"co-authored-by", "assisted-by", "generated-by"})
"""In which an assistant names itself: GitHub's, the Linux kernel's, Apache's."""
_PERSON = re.compile(r"(?P<name>[^<]*)(?:<(?P<email>[^>]*)>)?")


def recognise(name: str, email: str) -> str | None:
    """Return which assistant a name or an address belongs to; None for a person, as far as can be told."""
    plain_name, plain_email = name.strip().casefold(), email.strip().casefold()
    for assistant, (emails, names) in ASSISTANTS.items():
        if re.fullmatch(emails, plain_email) or re.fullmatch(names, plain_name):
            return assistant
    return None


def split_person(text: str) -> tuple[str, str]:
    """Return the name and the address in ``Ada <ada@example.org>``."""
    match = _PERSON.match(text)
    return (match["name"].strip(), (match["email"] or "").strip()) if match else ("", "")
