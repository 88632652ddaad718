"""No credential gets into the log: not into the file, not into a message, not into what is logged."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from lean_core.debt import Edit, find_secrets, refuse_secrets
from lean_core.debt.fields import FIELDS
from lean_core.errors import DebtRefused
from tests.debt.builders import a_log, some_fields

TOKEN = "pylf_v1_us_" + "kN3p" * 8
CREDENTIALS = {
    "AWS Access Key": "AKIA" + "IOSFODNN7EXAMPL3",
    "Basic Auth Credentials": "postgres://churn:hunter2@db:5432/churn",
    "GitHub Token": "ghp_" + "a1B2" * 9,
    "Logfire Token": TOKEN,
    "Private Key": "-----BEGIN RSA PRIVATE KEY-----",
    "Slack Token": "xoxb-123456789012-123456789012-abcdefghijkl",
    "Stripe Access Key": "sk_live_" + "a1" * 12,
    "Hugging Face Token": "hf_" + "aB3" * 11,
    "OpenAI or Anthropic Key": "sk-proj-" + "aB3d" * 10,
    "Secret Keyword": "password = 'hunter2'",
}
PROSE = [
    "The API key of the vendor is kept in 1Password, not in the repo.",
    "The password comes from the environment: DB_PASSWORD=$DB_PASSWORD",
    "Password: must be rotated every 90 days",
    'The secret: "who may read what" is undocumented',
    "secret=projects/churn/secrets/db-password",
    'password = os.environ["DB_PASSWORD"]',
    "api_key: '<your key>'",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 5d41402abc4b2a76b9719d911017c592, run 12345678-1234-1234-1234-123456789012",
    "mlflow 3.17.2.1 at 203.0.113.7",
    "https://github.com/acme/churn/blob/main/src/serve.py#L12",
    'dep("mlflow-secret") >= "4"',
]


@pytest.fixture
def log(tmp_path, clock):
    return a_log(tmp_path / "workspace")


@pytest.mark.parametrize(("kind", "text"), CREDENTIALS.items(), ids=CREDENTIALS)
def test_a_credential_is_found_with_its_line_and_kind(kind, text):
    found = find_secrets(f"Two lines,\nand in the second {text} stands.")
    assert (2, kind) in [(secret.line, secret.kind) for secret in found]
    assert text not in repr(found)


@pytest.mark.parametrize("text", PROSE)
def test_prose_digests_and_references_are_no_credentials(text):
    assert find_secrets(text) == ()


def test_a_password_without_quotes_is_found():
    assert find_secrets("Run it with DB_PASSWORD=Sup3rS3cret make deploy")


def test_a_credential_far_into_a_long_line_is_found():
    for before in range(480, 520):
        assert find_secrets("x" * before + " " + TOKEN)


def test_a_mark_that_allows_secrets_in_code_allows_none_here():
    assert find_secrets("password = 'hunter2'  # pragma: allowlist secret")


def test_a_credential_behind_a_screen_of_blanks_is_found():
    assert find_secrets(f"password{' ' * 9_000}= 'hunter2'")  # without folding the blanks, this takes minutes


@pytest.mark.parametrize("field", FIELDS)
def test_a_credential_is_refused_in_every_field_and_leaves_no_trace(log, field, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    kept = log.add_debt(some_fields(), actor="ana")
    for attempt in (
        lambda: log.add_debt(some_fields(**{field: TOKEN}), actor="ana"),
        lambda: log.edit_debt([Edit(id=kept.id, seen=1, changes={field: f"first line\n{TOKEN}"})], actor="ana"),
    ):
        with pytest.raises(DebtRefused) as refused:
            attempt()
        assert field in str(refused.value)
        assert "Logfire Token" in str(refused.value)
        check_no_trace(log, str(refused.value), caplog.text, *capfd.readouterr())
    assert log.debt_items() == [kept]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda log: log.add_debt(some_fields(blocks=[TOKEN]), actor="ana"),
        lambda log: log.add_debt(some_fields(blocks={TOKEN}), actor="ana"),
        lambda log: log.add_debt(some_fields(), actor=TOKEN),
        lambda log: log.add_debt(some_fields(**{TOKEN: "x"}), actor="ana"),
        lambda log: log.edit_debt([Edit(id=TOKEN, seen=1, changes={})], actor="ana"),
        lambda log: log.review_debt(actor="ana", note=f"saw {TOKEN}"),
        lambda log: log.revert_debt(TOKEN, 1, actor="ana"),
    ],
)
def test_a_credential_where_none_is_expected_leaves_no_trace_either(log, attempt, caplog):
    caplog.set_level(logging.DEBUG)
    log.add_debt(some_fields(), actor="ana")
    with pytest.raises(DebtRefused) as refused:
        attempt(log)
    check_no_trace(log, str(refused.value), caplog.text)


def check_no_trace(log, *texts):
    files = [path.read_bytes() for path in log.folder.iterdir()]
    assert files
    assert not any(TOKEN.encode() in content for content in files)
    assert not any(TOKEN in text for text in texts)


def test_the_refusal_says_where_and_what_to_do():
    with pytest.raises(DebtRefused) as refused:
        refuse_secrets({"title": "fine", "control": f"ok\n\n{TOKEN}"}, where="D-7")
    assert str(refused.value) == (
        "D-7: control, line 3, holds what looks like a credential (Logfire Token). Nothing was saved: say where it is"
        " kept instead, and replace it if somebody else may have seen it"
    )


def test_the_settings_of_detect_secrets_stay_as_they_were():
    from detect_secrets.settings import get_settings

    before = get_settings().json()
    find_secrets(TOKEN)
    assert get_settings().json() == before


def test_importing_the_log_brings_nothing_heavy():
    code = (
        "import sys, lean_core.debt, lean_core.workbench.debt\n"
        "print([name for name in ('detect_secrets', 'duckdb', 'lark', 'markdown_it', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
