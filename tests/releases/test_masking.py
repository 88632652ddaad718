from __future__ import annotations

import pytest

from lean_core.releases import mask


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "github_pat_" + "a" * 40,
        "glpat-" + "a" * 20,
        "xoxb-1234567890-abc",
        "pylf_v1_eu_abcdefghij",
        "sk-proj-" + "a" * 40,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Bearer abcdef0123456789",
        "hunter2-the-second",
    ],
)
def test_what_looks_like_a_secret_or_is_one_of_the_environment_is_taken_out(secret: str):
    environ = {"DB_PASSWORD": "hunter2-the-second"}
    masked = mask(f"curl -H 'X: {secret}' failed", environ)
    assert secret.rpartition(" ")[2] not in masked
    assert masked.startswith("curl -H ")
    assert masked.endswith("failed")


def test_addresses_lose_their_passwords():
    assert mask("postgresql://ana:hunter2@db/x and ?token=abc", {}) == "postgresql://ana:***@db/x and ?token=***"


@pytest.mark.parametrize(
    ("name", "secret"), [("AWS_SECRET_ACCESS_KEY", True), ("API_KEY", True), ("KEYBOARD", False), ("PWD", False)]
)
def test_only_variables_that_are_named_like_secrets_hide_their_values(name: str, secret: bool):
    assert ("some-long-value" in mask("see some-long-value", {name: "some-long-value"})) != secret


def test_a_short_value_hides_no_words():
    assert mask("prod is up", {"TOKEN": "prod"}) == "prod is up"
