"""JUnit's XML: a failing check is a failure, one that could not be checked an error, a waived one skipped."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from lean_core.registry import CheckResult, Gate

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(gate: Gate) -> bytes:
    """Return the report of a verdict."""
    name = f"gate.{gate.model}.{gate.environment}"
    suite = ET.Element("testsuite", name=_text(name), timestamp=gate.at.isoformat(timespec="seconds"), time="0")
    properties = ET.SubElement(suite, "properties")
    told = {
        "model": gate.model,
        "version": gate.version,
        "environment": gate.environment or "",
        "verdict": gate.verdict,
        "baseline": gate.baseline or "",
        "policy_sha256": gate.policy_sha256,
        "evidence_sha256": gate.evidence_sha256 or "",
        "event": gate.id,
    }
    for key, value in told.items():
        ET.SubElement(properties, "property", name=key, value=_text(value))
    kinds = [_add_case(suite, name, check) for check in gate.checks]
    totals = {"tests": len(kinds), **{f"{kind}s": kinds.count(kind) for kind in ("failure", "error")}}
    for key, total in (totals | {"skipped": kinds.count("skipped")}).items():
        suite.set(key, str(total))
    root = ET.Element("testsuites", {key: suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")})
    root.append(suite)
    ET.indent(root)
    rendered: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return rendered + b"\n"


def _add_case(suite: ET.Element, name: str, check: CheckResult) -> str:
    case = ET.SubElement(suite, "testcase", classname=_text(name), name=_text(check.name), time="0")
    reason = _text(check.reason)
    if check.waived_by is not None:
        ET.SubElement(case, "skipped", message=reason)
        return "skipped"
    if check.verdict == "pass":
        return "passed"
    kind, what = ("failure", "CheckFailed") if check.verdict == "fail" else ("error", "CouldNotCheck")
    detail = ET.SubElement(case, kind, type=what, message=reason)
    detail.text = _text(f"{check.reason}\nvalue: {check.value}\nthreshold: {check.threshold}")
    return kind


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
