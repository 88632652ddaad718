from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import CheckResult, Gate
from lean_core.releases.reports import render_annotations, render_junit, render_summary

AT = dt.datetime(2026, 11, 23, 12)
WAIVED = CheckResult(name="baseline.auc", verdict="fail", reason="waived by bo (late)", waived_by="w-1")
FAILED = CheckResult(name="metrics.auc", verdict="fail", value=0.7, threshold="at least 0.8", reason="0.7 is less")
UNKNOWN = CheckResult(name="data.t.rows", verdict="unknown", reason="there is no file")
PASSED = CheckResult(name="approvals", verdict="pass", value=1.0, reason="approved by bo")


def gate(*checks: CheckResult, **fields) -> Gate:
    given = {"verdict": "fail", "policy_sha256": "a" * 64, "evidence_sha256": "b" * 64} | fields
    return Gate(
        id="20261123T120000000Z-gate-prod-000000",
        at=AT,
        actor="bo",
        model="churn",
        version="7",
        environment="prod",
        checks=checks,
        **given,
    )


def cases(report: bytes) -> dict[str, list[str]]:
    root = ET.fromstring(report)
    return {case.attrib["name"]: [child.tag for child in case] for case in root.iter("testcase")}


def test_what_could_not_be_checked_is_an_error_and_no_failure():
    report = render_junit(gate(WAIVED, FAILED, UNKNOWN, PASSED))
    assert cases(report) == {
        "baseline.auc": ["skipped"],
        "metrics.auc": ["failure"],
        "data.t.rows": ["error"],
        "approvals": [],
    }
    suite = ET.fromstring(report)[0]
    told = {key: suite.attrib[key] for key in ("name", "tests", "failures", "errors", "skipped")}
    assert told == {"name": "gate.churn.prod", "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    properties = {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
    assert (properties["verdict"], properties["policy_sha256"]) == ("fail", "a" * 64)


ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
CHECKS = st.lists(
    st.builds(
        CheckResult,
        name=ANY,
        verdict=st.sampled_from(["pass", "fail", "unknown"]),
        reason=ANY,
        threshold=st.none() | ANY,
        value=st.none() | ANY | st.floats(),
        waived_by=st.none() | st.just("w-1"),
    ),
    max_size=30,
)


@given(CHECKS)
def test_whatever_a_check_says_the_report_is_xml(checks: list[CheckResult]):
    suite = ET.fromstring(render_junit(gate(*checks)))[0]
    assert len(list(suite.iter("testcase"))) == len(checks)


def test_a_check_that_fails_is_an_error_an_unknown_one_a_warning_and_a_waived_one_a_notice():
    assert render_annotations(gate(WAIVED, FAILED, UNKNOWN, PASSED)) == [
        "::error title=Gate churn 7 for prod%3A metrics.auc::0.7 is less",
        "::warning title=Gate churn 7 for prod%3A data.t.rows::there is no file",
        "::notice title=Gate churn 7 for prod%3A baseline.auc::waived by bo (late)",
    ]


def test_a_check_cannot_make_a_second_command():
    sly = CheckResult(name="a,b:\n::stop-commands::x", verdict="fail", reason="100 %\r\n::set-output name=x::y")
    (line,) = render_annotations(gate(sly))
    title = "Gate churn 7 for prod%3A a%2Cb%3A%0A%3A%3Astop-commands%3A%3Ax"
    assert line == f"::error title={title}::100 %25%0D%0A::set-output name=x::y"


@given(CHECKS)
def test_there_are_ten_annotations_a_kind_at_most_each_a_line(checks: list[CheckResult]):
    lines = render_annotations(gate(*checks))
    for kind in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{kind} ") for line in lines) <= 10
    assert all("\n" not in line and "\r" not in line for line in lines)


def test_of_eleven_the_first_nine_are_told_and_the_rest_named():
    checks = [CheckResult(name=f"c{number}", verdict="fail", reason="no") for number in range(11)]
    lines = render_annotations(gate(*checks))
    assert len(lines) == 10
    assert lines[-1] == "::error title=Gate churn 7 for prod%3A 2 more::c9, c10"


def test_a_summary_tells_waivers_first_and_all_checks():
    text = render_summary(gate(WAIVED, FAILED, UNKNOWN, PASSED, baseline="5", notes=("It was dirty.",)))
    lines = text.splitlines()
    assert lines[0] == "### ❌ Gate: churn 7 failed for prod"
    assert lines[2].startswith("- **Waived:** baseline.auc: waived by bo ")
    assert lines[3] == "- **Note:** It was dirty."
    assert "| metrics.auc | ❌ fail | 0.7 | at least 0.8 | 0.7 is less |" in lines
    assert "| data.t.rows | ❔ unknown |  |  | there is no file |" in lines
    assert any(line.startswith("| baseline.auc | ❌ fail (waived) | ") for line in lines)
    assert "Compared with 5. Asked by bo on 2026-11-23 12:00 UTC." in lines


@pytest.mark.parametrize(
    "sly", ["![x](http://evil/x.png)", "<img src=x>", "a|b", "`code`", "@ana", "x\n| y |", "[a](javascript:b)"]
)
def test_what_others_wrote_stays_text(sly: str):
    row = render_summary(gate(CheckResult(name=sly, verdict="fail", reason=sly))).splitlines()[6]
    assert not re.search(r"(?<!\\)[!\[\]<>`@]", row.replace("| ", "").replace(" |", ""))
    assert len(re.findall(r"(?<!\\)\|", row)) == 6


@given(CHECKS, st.integers(0, 4000))
def test_a_summary_never_takes_more_room_than_there_is(checks: list[CheckResult], most: int):
    assert len(render_summary(gate(*checks), most=most).encode()) <= most


def test_a_summary_that_is_cut_says_how_much_is_left_out():
    checks = [CheckResult(name=f"check{number}", verdict="fail", reason="x" * 100) for number in range(100)]
    text = render_summary(gate(*checks), most=5_000)
    shown = sum(line.startswith("| check") for line in text.splitlines()) - 1
    assert 10 < shown < 100
    assert f"… and {100 - shown} more checks" in text
