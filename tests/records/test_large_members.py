import json
from hashlib import sha256

import pytest
from fakes import OWNER, SUMMARY, Clock, make_tracking
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.jsontypes import same
from kraftd_core.errors import FileDamaged, StageAlreadyRecorded
from kraftd_core.records.chain import canonical, content_of, sealed, verify
from kraftd_core.records.large_members import references, slimmed, whole

NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
REFERENCE_LIKE = st.fixed_dictionaries({"$file": TEXTS, "size": NUMBERS, "content": TEXTS})
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | REFERENCE_LIKE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.just("$file"), inner, max_size=4),
)
DATA = st.dictionaries(TEXTS, VALUES, max_size=4) | REFERENCE_LIKE


def body_of(original, modified):
    return {"id": "w:2", "timestamp": "t", "original_data": original, "modified_data": modified, "replaced_members": []}


def blobs_by_hash(blobs):
    return {"sha256:" + sha256(blob).hexdigest(): blob for blob in blobs}


@given(DATA, DATA, st.integers(0, 3000))
def test_what_was_replaced_is_put_back_whole_whatever_it_looks_like(original, modified, limit):
    body = body_of(original, modified)
    slim, blobs = slimmed(body, limit)
    back = whole(json.loads(json.dumps(slim)), blobs_by_hash(blobs))
    assert same(back, body)
    assert json.dumps(back) == json.dumps(body)  # the order of names is that of columns on screen
    assert sorted(references(slim)) == slim["replaced_members"]


@given(DATA, DATA, st.integers(0, 3000))
def test_the_record_is_within_the_limit_or_has_nothing_left_that_would_shrink(original, modified, limit):
    slim, _ = slimmed(body_of(original, modified), limit)
    left = [name for name in ("original_data", "modified_data") if name not in slim["replaced_members"]]
    assert len(canonical(content_of(slim))) <= limit + 500 or all(len(canonical(slim[name])) < 250 for name in left)
    assert len(canonical(slim)) <= len(canonical(body_of(original, modified))) + 60


@given(DATA, DATA, DATA, st.integers(0, 3000))
def test_two_slim_records_are_the_same_content_exactly_if_the_whole_ones_are(first, second, original, limit):
    def content(data):
        return content_of(slimmed(body_of(original, data), limit)[0])

    reordered = dict(reversed(first.items()))
    assert same(content(first), content(reordered))
    assert same(content(first), content(second)) == same(first, second)


def test_whether_a_record_is_replaced_does_not_hang_on_times_and_hashes():
    body = body_of({"a": "x" * 3000}, {})
    size = len(canonical(content_of(body)))
    for limit in range(size - 60, size + 200):
        early, late = (slimmed(body | {"timestamp": time, "previous_hash": time}, limit)[0] for time in ("t", "t" * 50))
        assert early["replaced_members"] == late["replaced_members"]


@pytest.mark.parametrize(
    "altered",
    [
        {"replaced_members": "original_data"},
        {"replaced_members": ["owner_email"], "owner_email": {"$file": "sha256:0"}},
        {"replaced_members": [["original_data"]]},
        {"replaced_members": ["source.di_metadata"]},
        {"original_data": {"$file": 1}},
        {"original_data": None},
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(altered):
    slim, _ = slimmed(body_of({"a": "x" * 3000}, {}), 1000)
    assert slim["replaced_members"] == ["original_data"]
    with pytest.raises(ValueError, match="replaced"):
        references(slim | altered)


# In the recorder


def large_data(rows):
    return {"$file": "sha256:0", "size": 7, "lines": [{"_row_id": f"r{n}", "text": f"Línea {n}", "a": n} for n in range(rows)]}


@pytest.fixture
def tracking(tmp_path):
    return make_tracking(tmp_path, Clock())


@pytest.mark.slow
@pytest.mark.parametrize("rows", [20_000, pytest.param(60_000, marks=pytest.mark.large)])
async def test_many_rows_are_recorded_small_and_read_back_whole(tracking, rows):
    data = large_data(rows)
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "boq", data, SUMMARY)
    modified = data | {"size": 8}
    stage2 = await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, modified, {})
    assert await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, modified, {}) == stage2
    with pytest.raises(StageAlreadyRecorded):
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"size": 9}, {})
    await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")

    stored = await tracking.stored_records(workflow, OWNER)
    assert max(len(canonical(record)) for record in stored) < 1_000_000
    assert [record["replaced_members"] for record in stored] == [
        ["initial_extracted_data"], ["modified_data", "original_data"], [],
    ]  # fmt: skip
    assert stored[1]["original_data"] == stored[0]["initial_extracted_data"]
    assert verify(stored) is None
    assert (await tracking.verified(workflow, OWNER)).holds
    stages = await tracking.get_workflow_stages(workflow, OWNER)
    assert json.dumps(stages["stage1"].initial_extracted_data) == json.dumps(data)
    assert stages["stage2"].original_data == data
    assert stages["stage2"].modified_data == modified
    assert stages["stage1"].replaced_members == []


@pytest.mark.slow
async def test_a_missing_or_altered_part_of_a_record_is_said_never_served(tracking, tmp_path):
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "boq", large_data(30_000), SUMMARY)
    stored = await tracking.stored_records(workflow, OWNER)
    digest = stored[0]["initial_extracted_data"]["$file"].removeprefix("sha256:")
    part = next((tmp_path / "files").rglob(digest))
    for spoil in (lambda: part.write_bytes(b'{"a":1}'), part.unlink):
        spoil()
        with pytest.raises(FileDamaged, match="part of this record"):
            await tracking.get_workflow_stages(workflow, OWNER)
        verdict = await tracking.verified(workflow, OWNER)
        assert (verdict.holds, verdict.stage) == (False, 1)
        with pytest.raises(FileDamaged):
            await tracking.bundled(stored)


async def test_a_record_that_fits_is_stored_as_it_is(tracking):
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "boq", large_data(10), SUMMARY)
    (record,) = await tracking.stored_records(workflow, OWNER)
    assert record["replaced_members"] == []
    assert record["initial_extracted_data"] == large_data(10)
    assert sealed(record)["record_hash"] == record["record_hash"]
