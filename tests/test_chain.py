import asyncio
import copy
import json
from hashlib import sha256

import pytest
import rfc8785
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking

from kraftd_core.chain import hash_of, verify


@pytest.fixture
def records(tmp_path):
    tracking = make_tracking(tmp_path, Clock())

    async def whole_workflow():
        data = invoice_data()
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
        changed = data | {"vendor_name": "Mill"}
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, changed, {})
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")
        return [dict(record) for record in await tracking.stored_records(workflow, OWNER)]

    return asyncio.run(whole_workflow())


def test_a_recorded_workflow_holds(records):
    assert len(records) == 3
    assert verify(records) is None


def test_the_hash_can_be_recomputed_from_the_json_alone(records):
    for record in json.loads(json.dumps(records)):
        body = {k: v for k, v in record.items() if k not in ("record_hash", "ttl")}
        assert sha256(rfc8785.dumps(body)).hexdigest() == record["record_hash"]


def test_what_a_store_adds_and_the_seconds_left_are_outside_the_hash(records):
    assert hash_of(records[0] | {"ttl": 1, "_etag": "x", "_ts": 5}) == records[0]["record_hash"]


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_every_altered_member_is_found_and_its_stage_named(records, stage):
    for name in set(records[stage]) - {"ttl"}:
        tampered = copy.deepcopy(records)
        tampered[stage][name] = "tampered" if name != "sequence" else 7
        assert f"Stage {stage + 1}" in verify(tampered), name


def test_a_missing_stage_is_found(records):
    assert verify([records[0], records[2]]) == "Stage 2 is missing."
