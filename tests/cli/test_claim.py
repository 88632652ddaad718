from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from lean_core.cli.claim import read_value
from lean_core.errors import UsageError

SAYS = ("claim", "debt.none.migration", "We stay where we are", "--by", "ana")


@pytest.fixture
def folder(make_workspace, clock) -> Path:
    return make_workspace()


def claims(call, folder: Path) -> list[dict]:
    done = call("claim", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_claim_is_kept_for_as_long_as_the_settings_say(call, folder: Path):
    done = call(*SAYS, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("ana claims of debt.none.migration, until 2027-02-21 12:00 UTC: We stay where we are\n")
    assert claims(call, folder) == [
        {
            "subject": "debt.none.migration",
            "says": "We stay where we are",
            "value": None,
            "link": None,
            "claimed_at": "2026-11-23T12:00:00.000Z",
            "claimed_by": "ana",
            "good_until": "2027-02-21T12:00:00.000Z",
            "expired": False,
        }
    ]


@pytest.mark.parametrize(("until", "ends"), [("2026-12-24", "2026-12-24T00:00"), ("30d", "2026-12-23T12:00")])
def test_its_end_is_a_date_or_a_duration(call, folder: Path, until: str, ends: str):
    done = call(*SAYS, "--until", until, "--link", "https://wiki.example/x", "--json", cwd=folder)
    told = json.loads(done.stdout)
    assert told["good_until"] == f"{ends}:00.000Z"
    assert told["link"] == "https://wiki.example/x"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("2027-03-31", dt.date(2027, 3, 31)),
        ("AWS", "AWS"),
        ('"3"', "3"),
        ("null", "null"),
        ("NaN", "NaN"),
        ("[1]", "[1]"),
        ("", ""),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object):
    read = read_value(written)
    assert (read, type(read)) == (value, type(value))


def test_a_day_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="there is no day 2027-02-30"):
        read_value("2027-02-30")


def test_a_new_claim_about_the_same_takes_the_place_of_the_old_one(call, folder: Path):
    call(*SAYS, cwd=folder)
    call(*SAYS[:2], "We move in June", "--by", "bo", cwd=folder)
    (claim,) = claims(call, folder)
    assert (claim["says"], claim["claimed_by"]) == ("We move in June", "bo")


def test_the_list_marks_what_has_expired(call, folder: Path, clock):
    call(*SAYS, "--until", "1d", cwd=folder)
    call("claim", "credits.ends", "As the contract says", "--value", "2027-03-31", cwd=folder)
    clock.advance(days=2)
    head, ends, migration = call("claim", cwd=folder).stdout.splitlines()
    assert head.split("  ")[0] == "subject"
    assert ends.split()[:2] == ["credits.ends", "good"]
    assert "2027-03-31" in ends
    assert migration.split()[:2] == ["debt.none.migration", "expired"]
    assert [claim["expired"] for claim in claims(call, folder)] == [False, True]


def test_one_claim_can_be_asked_for(call, folder: Path):
    call(*SAYS, cwd=folder)
    call("claim", "credits.ends", "As the contract says", cwd=folder)
    assert len(call("claim", "credits.ends", cwd=folder).stdout.splitlines()) == 2
    done = call("claim", "credits.start", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody claims anything about 'credits.start'" in done.stderr


def test_a_claim_is_taken_back(call, folder: Path):
    call(*SAYS, cwd=folder)
    done = call("claim", "debt.none.migration", "--withdraw", "--by", "bo", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "bo takes back what was claimed about debt.none.migration.\n")
    assert claims(call, folder) == []
    again = call("claim", "debt.none.migration", "--withdraw", cwd=folder)
    assert again.returncode == 2


def test_nobody_claims_anything_at_first(call, folder: Path):
    done = call("claim", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nobody claims anything" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("credits.ends", "--value", "3"), "say in TEXT what you claim"),
        (("credits.ends", "--until", "3d"), "say in TEXT what you claim"),
        (("credits.ends", "x", "--withdraw"), "--withdraw takes SUBJECT and nothing else"),
        (("--withdraw",), "name the SUBJECT"),
        (("credits", "x"), "words joined by dots"),
        (("credits.ends", " "), "says something in one line"),
        (("credits.ends", "x", "--until", "2026-01-01"), "2026-01-01 has been"),
        (("credits.ends", "x", "--until", "soon"), "'soon' is no time"),
        (("credits.ends", "x", "--link", "javascript:alert(1)"), "http:// or https:// address"),
        (("credits.ends", "x", "--value", "2027-02-30"), "there is no day"),
        (("credits.ends", "the key is AKIAIOSFODNN7EXAMPLE"), "looks like a credential"),
    ],
)
def test_what_makes_no_sense_is_code_2_and_is_not_kept(call, folder: Path, arguments, said: str):
    done = call("claim", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "AKIA" not in done.stderr
    assert claims(call, folder) == []
