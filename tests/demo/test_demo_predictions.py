"""The demo's API writes down what it predicts, and so it did on the invented past days."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lean_core.demo import Demo
from lean_core.demo.data import SEED, generate
from lean_core.demo.serve import FEATURES, Answer, Model, PredictionLog
from tests.demo.conftest import port_of, run_traffic
from tests.demo.test_demo_releases import CUSTOMER

COLUMNS = ["time", "version", "customer_id", "prediction", "latency_ms", "status", "churned", *FEATURES]
Row = dict[str, Any]


def read_log(folder: Path) -> list[Row]:
    files = sorted((folder / "logs" / "predictions" / "prod").iterdir())
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def time_of(row: Row) -> dt.datetime:
    return dt.datetime.fromisoformat(row["time"]).replace(tzinfo=None)


@pytest.fixture(scope="module")
def past(made: Demo) -> list[Row]:
    return read_log(made.folder)


@pytest.fixture(scope="module")
def made_at(past: list[Row]) -> dt.datetime:
    return time_of(past[-1])


def test_the_past_is_in_order_and_ends_when_the_demo_was_made(made: Demo, past: list[Row], made_at: dt.datetime):
    times = [time_of(row) for row in past]
    assert times == sorted(times)
    assert all(list(row) == COLUMNS for row in past)
    written = dt.datetime.fromtimestamp((made.folder / "lean.toml").stat().st_mtime, dt.UTC).replace(tzinfo=None)
    assert dt.timedelta(0) <= written - made_at < dt.timedelta(hours=1)
    assert dt.timedelta(days=8) < times[-1] - times[0] < dt.timedelta(days=9)


def test_each_version_answered_while_it_was_live(past: list[Row], made_at: dt.datetime):
    days = {version: [made_at - time_of(row) for row in past if row["version"] == version] for version in "123"}
    assert min(days["1"]) > dt.timedelta(days=3.9)
    assert dt.timedelta(days=0.6) < min(days["3"]) < max(days["3"]) < dt.timedelta(days=0.95)
    assert max(days["2"]) < dt.timedelta(days=4)
    assert set(days) == {row["version"] for row in past}


def test_what_was_predicted_is_what_the_model_says(made: Demo, past: list[Row]):
    for version in "123":
        model = Model.read(made.folder / "registry" / "churn" / version / "model")
        row = next(row for row in past if row["version"] == version)
        assert row["prediction"] == round(model.predict(row), 4)


def test_only_for_the_older_days_it_is_known_who_cancelled(past: list[Row], made_at: dt.datetime):
    became = {customer.customer_id: customer.churned for customer in generate(SEED)}
    for row in past:
        # The last request came up to some seconds before the demo was made.
        age = made_at - time_of(row) - dt.timedelta(days=3)
        if abs(age) > dt.timedelta(minutes=1):
            assert row["churned"] == (became[row["customer_id"]] if age > dt.timedelta(0) else None)


def test_the_reference_is_the_customers_that_the_models_learned_from(made: Demo, past: list[Row]):
    lines = (made.folder / "logs" / "reference.jsonl").read_text().splitlines()
    learned = {json.loads(line)["customer_id"] for line in lines}
    assert len(learned) == len(lines) == 2_400
    assert not learned & {row["customer_id"] for row in past}


def ask(url: str, content: bytes, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(url), timeout=20)
    connection.request("POST", "/predict", content, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_each_request_is_a_line_also_one_that_is_refused(workspace: Path, api: str):
    before = len(read_log(workspace))
    sent = [CUSTOMER, CUSTOMER | {"seats": "many"}, CUSTOMER | {"days_since_login": None}]
    statuses = [ask(api, json.dumps(each).encode()) for each in sent] + [ask(api, b"no JSON")]

    rows = read_log(workspace)[before:]
    assert statuses == [row["status"] for row in rows] == [200, 400, 200, 400]
    assert all(list(row) == COLUMNS for row in rows)
    assert [row["seats"] for row in rows] == [8, None, 8, None]
    assert [row["days_since_login"] for row in rows] == [12, 12, None, None]
    assert [row["version"] for row in rows] == ["2", "2", "2", None]
    assert rows[0]["prediction"] != rows[2]["prediction"]
    assert rows[1]["prediction"] is None
    assert all(row["latency_ms"] > 0 for row in rows)


def test_the_api_is_healthy_while_a_version_is_deployed(workspace: Path, api: str):
    def health() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(api), timeout=20)
        connection.request("GET", "/health")
        status = connection.getresponse().status
        connection.close()
        return status

    assert health() == 200
    place = workspace / "deployed" / "prod"
    place.rename(place.with_name("away"))
    try:
        assert (health(), ask(api, json.dumps(CUSTOMER).encode())) == (503, 503)
    finally:
        place.with_name("away").rename(place)


def a_row(second: int) -> Row:
    at = dt.datetime(2026, 11, 23, 23, 59, second)
    return Answer(status=200, said={"version": "2", "churn": 0.5}).row(CUSTOMER, at=at, seconds=0.001)


def test_after_a_line_that_a_crash_cut_off_the_next_one_begins_anew(tmp_path: Path):
    file = tmp_path / "2026-11-23.jsonl"
    PredictionLog(folder=tmp_path).append(a_row(1))
    file.write_bytes(file.read_bytes()[:40])
    log = PredictionLog(folder=tmp_path)
    log.append(a_row(2))
    log.append(a_row(3))

    cut, second, third = file.read_text().splitlines()
    assert len(cut) == 40
    assert [json.loads(line)["time"] for line in (second, third)] == [
        "2026-11-23T23:59:02.000Z", "2026-11-23T23:59:03.000Z",
    ]  # fmt: skip


def send(workspace: Path, api: str, fault: str = "") -> tuple[str, list[Row]]:
    """Send a hundred requests; return what was said of them, and their rows."""
    before = len(read_log(workspace))
    said = run_traffic(workspace, api, fault)
    # The first one only finds out whether anybody answers.
    return said, read_log(workspace)[before + 1 :]


def test_customers_ask_and_are_answered(workspace: Path, api: str):
    said, rows = send(workspace, api)
    assert said == "100 requests, 0 of them failed\n"
    assert Counter(row["status"] for row in rows) == {200: 100}
    assert all(row["customer_id"][-1] in "6789" for row in rows)
    assert all(row[feature] is not None for row in rows for feature in FEATURES)


def test_a_fault_is_in_the_log_as_long_as_it_lasts(workspace: Path, api: str):
    _, errors = send(workspace, api, "errors")
    _, nulls = send(workspace, api, "nulls")
    _, drift = send(workspace, api, "drift")
    _, after = send(workspace, api)

    assert 10 < sum(row["status"] == 500 for row in errors) < 60
    assert 25 < sum(row["days_since_login"] is None for row in nulls) < 75
    assert {row["status"] for row in nulls} == {200}
    assert {(row["billing"], row["channel"]) for row in drift} == {("monthly", "ads")}
    assert max(row["tenure_months"] for row in drift) < 3
    assert {row["status"] for row in after} == {200}
    assert max(row["tenure_months"] for row in after) >= 3


def test_a_slow_api_is_slow_by_its_own_log(workspace: Path, api: str):
    _, rows = send(workspace, api, "latency")
    assert min(row["latency_ms"] for row in rows) >= 400


def test_when_nobody_asks_there_is_no_line(workspace: Path, api: str):
    said, rows = send(workspace, api, "stop")
    assert "the newest prediction grows old" in said
    assert rows == []


def test_without_the_api_it_is_told_how_to_start_it(workspace: Path):
    done = subprocess.run(
        [sys.executable, "traffic.py", "--port", "9"], cwd=workspace, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1, "nothing answers at port 9: start `python serve.py` in another terminal\n",
    )  # fmt: skip


def test_a_port_that_is_taken_is_said(workspace: Path, api: str):
    port = str(urlsplit(api).port)
    done = subprocess.run(
        [sys.executable, "serve.py", "--port", port], cwd=workspace, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"port {port} can't be had (Address already in use): ")
