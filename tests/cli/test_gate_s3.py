from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from lean_core.objects import open_objects
from lean_core.registry import Metrics, Record, record_key, render_record
from lean_core.registry.read import read_trail
from tests.ceph import Ceph
from tests.contract.backends import name_owner


@pytest.mark.s3
def test_a_gate_reads_registry_and_tables_from_a_bucket_and_writes_its_event_there(
    call, make_workspace, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
):
    name_owner(ceph, monkeypatch)
    bucket, client = f"b{uuid.uuid4().hex}", ceph.client()
    client.create_bucket(Bucket=bucket)
    for number in range(2):
        client.put_object(Bucket=bucket, Key=f"data/{number}.csv", Body=f"id,plan\n{number},free\n".encode())
    uri = f"s3://{bucket}/registry"
    objects = open_objects(uri, folder=Path("/"), endpoint=ceph.http, region="default")
    objects.create("churn/7/metrics.json", json.dumps({"auc": 0.9}).encode())
    record = Record(model="churn", version="7", metrics=Metrics(path="metrics.json"), created_by="ana")
    objects.create(record_key("churn", "7"), render_record(record))
    folder = make_workspace(
        f'[registry]\nuri = "{uri}"\nendpoint = "{ceph.http}"\nregion = "default"\n'
        "[gates.churn.prod]\nmetrics.auc = { min = 0.8 }\n"
        f'[gates.churn.prod.data.t]\ntable = "s3://{bucket}/data/*.csv"\nrows = {{ min = 2, max = 2 }}\n'
        f'[gates.churn.test.data.t]\ntable = "s3://{bucket}/data/gone.csv"\nrows = {{ min = 2 }}\n'
    )
    done = call("gate", "churn", "7", "--env", "prod", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert {each["name"]: each["verdict"] for each in json.loads(done.stdout)["checks"]} == {
        "metrics.auc": "pass",
        "data.t.rows": "pass",
    }
    (event,) = read_trail(objects, "churn").events
    assert event.id == json.loads(done.stdout)["event"]
    assert call("gate", "churn", "7", "--env", "test", cwd=folder).returncode == 4
