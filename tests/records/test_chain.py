import asyncio
import copy
import json
import random
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
import rfc8785
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.errors import SettingsError, StageAlreadyRecorded
from kraftd_core.records.chain import Signer, canonical, content_of, hash_of, sealed, stored_if_same, verdict_on, verify
from kraftd_core.settings import load_settings

SEED, OTHER_SEED = bytes(range(32)), bytes(32)


def recorded(tmp_path, signer=None):
    tracking = make_tracking(tmp_path, Clock())
    tracking._signer = signer

    async def whole_workflow():
        data = invoice_data()
        workflow = await tracking.record_stage_1_initial_summary(
            "d1", OWNER, "invoice", data, SUMMARY, di_metadata={"subtotal": {"confidence": 1.0, "polygon": [0.1, 1.0]}}
        )
        changed = data | {"vendor_name": "Mill"}
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, changed, {})
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")
        return [dict(record) for record in await tracking.stored_records(workflow, OWNER)]

    return asyncio.run(whole_workflow())


@pytest.fixture
def records(tmp_path):
    return recorded(tmp_path)


@pytest.fixture
def signed(tmp_path):
    return recorded(tmp_path, Signer(SEED))


def rechained(records, signer=None):
    """The records with hashes that fit what they now say, as one who rewrites the store would write them."""
    previous, chained = None, []
    for record in records:
        body = {k: v for k, v in record.items() if k != "signature"} | {"previous_hash": previous}
        chained.append(sealed(body, signer))
        previous = chained[-1]["record_hash"]
    return chained


def paths_of(value, at=()):
    """Every place of a JSON value, inner ones too."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield (*at, name)
        yield from paths_of(member, (*at, name))


def tamperings(record):
    """The record with one place of it altered, for every place and every way."""
    for *owner, name in paths_of(record):
        for act in (_changed, _retyped, _removed, _added):
            tampered = copy.deepcopy(record)
            place = tampered
            for step in owner:
                place = place[step]
            act(place, name)
            yield f"{act.__name__} {owner} {name}", tampered
    yield "member added", record | {"one_more": None}


def _changed(place, name):
    value = place[name]
    place[name] = (value + "x") if isinstance(value, str) else value + 1 if type(value) in (int, float) else "tampered"


def _retyped(place, name):
    place[name] = [] if place[name] is None else None


def _removed(place, name):
    del place[name]


def _added(place, name):
    if isinstance(place, dict):
        place[f"{name}_"] = place[name]
    else:
        place.insert(name, place[name])


def test_a_recorded_workflow_holds(records):
    assert len(records) == 3
    assert verify(records) is None
    assert verify(records[:2]) is None
    assert verdict_on(records).sentence.startswith("Stages 1 to 3 hold")


def test_the_hash_can_be_recomputed_from_the_json_alone(records):
    for record in json.loads(json.dumps(records)):
        body = {k: v for k, v in record.items() if k not in ("record_hash", "ttl")}
        assert sha256(rfc8785.dumps(body)).hexdigest() == record["record_hash"]


def test_what_a_store_adds_and_the_seconds_left_are_outside_the_hash(records):
    assert hash_of(records[0] | {"ttl": 1, "_etag": "x", "_ts": 5}) == records[0]["record_hash"]


@pytest.mark.slow
@pytest.mark.parametrize("stage", [1, 2, 3])
@pytest.mark.parametrize("kind", ["records", "signed"])
def test_every_tampering_with_one_place_of_a_record_is_found_and_its_stage_named(request, kind, stage):
    true = request.getfixturevalue(kind)
    tried = 0
    for what, tampered in tamperings(true[stage - 1]):
        found = verify([*true[: stage - 1], tampered])
        assert found is not None, what
        assert (found.stage, f"tage {stage}" in found.sentence) == (stage, True), (what, found)
        tried += 1
    assert tried > 200


@pytest.mark.parametrize("ttl", [0, -1, True, 2592001, 10.5, "60", None])
def test_a_ttl_that_is_none_or_outlives_the_workflow_is_found(records, ttl):
    assert "ttl" in verify([records[0] | {"ttl": ttl}]).sentence


def test_a_ttl_that_was_set_anew_when_the_record_was_sent_on_holds(records):
    assert verify([record | {"ttl": 5} for record in records]) is None


def test_a_missing_doubled_or_swapped_stage_is_found(records):
    one, two, three = records
    assert verify([]).sentence == "Stage 1 is missing."
    assert verify([one, three]).sentence == "Stage 2 is missing."
    assert verify([two, three]).sentence == "Stage 1 is missing."
    assert verify([one, one, three]).stage == 2
    assert verify([one, three, two]).stage == 2
    assert verify([one, two, three, three]).sentence == "Stage 4 is one too many: a workflow has 3."


@pytest.mark.parametrize(
    ("stage", "member", "says"),
    [(2, name, "than stage 1") for name in ("export_workflow_id", "owner_email", "document_id", "expiration_date")]
    + [(3, "regenerated_from", "than stage 1"), (2, "document_name", "than stage 1"), (3, "workflow_started_at", "than stage 1")]
    + [(1, "id", "id of another"), (2, "stage", "stage or the status"), (3, "status", "stage or the status")]
    + [(2, "stage1_id", "link to stage 1"), (3, "stage1_id", "link to stage 1"), (3, "stage2_id", "link to stage 2")]
    + [(1, "timestamp", "when it was recorded"), (2, "previous_hash", "before it")],
)
def test_a_record_that_was_hashed_anew_but_does_not_belong_is_found(records, stage, member, says):
    forged = records[stage - 1] | {member: "another"}
    found = verify([*records[: stage - 1], forged | {"record_hash": hash_of(forged)}])
    assert (found.stage, says in found.sentence) == (stage, True), found


def test_a_replaced_first_stage_is_found_by_the_second(records):
    forged = records[0] | {"document_type": "receipt"}
    found = verify([forged | {"record_hash": hash_of(forged)}, *records[1:]])
    assert found.stage == 2


def test_the_json_as_stored_is_hashed_so_a_record_of_a_later_schema_holds(records):
    later = [record | {"schema_version": 99, "new_member": {"deep": [1.0, None]}} for record in records]
    assert verify(rechained(later)) is None


def test_a_record_of_before_there_were_signatures_holds(records):
    older = [{k: v for k, v in r.items() if k not in ("signature", "replaced_members")} for r in records]
    assert verify(rechained(older)) is None


# Signatures


def test_signed_records_hold_alone_and_with_the_trusted_key(signed):
    assert verify(signed) is None
    assert verify(signed, Signer(SEED).public_key) is None
    assert "trusted key signed" in verdict_on(signed, Signer(SEED).public_key).sentence
    assert "public key" in verdict_on(signed).sentence


def test_without_a_trusted_key_rewriting_all_is_not_found_and_with_it_it_is(signed):
    signed[0]["document_type"] = "receipt"
    trusted = Signer(SEED).public_key
    for signer, says in ((None, "not signed"), (Signer(OTHER_SEED), "another key")):
        forged = rechained(signed, signer)
        assert verify(forged) is None
        found = verify(forged, trusted)
        assert (found.stage, says in found.sentence) == (1, True)


def test_an_unsigned_record_does_not_hold_before_a_trusted_key(records):
    assert "not signed" in verify(records, Signer(SEED).public_key).sentence


def test_a_signature_of_other_content_is_found(signed):
    forged = copy.deepcopy(signed)
    forged[2]["signature"]["value"] = signed[1]["signature"]["value"]
    assert verify(forged).sentence == "The signature of stage 3 is not that of its key."


def test_a_signature_given_to_another_key_is_found_by_the_hash(signed):
    other = Signer(OTHER_SEED)
    value = other.signature_of(signed[2]["record_hash"].encode())
    forged = [*signed[:2], signed[2] | {"signature": {"public_key": other.public_key, "value": value}}]
    assert verify(forged).sentence == "Stage 3 was altered after it was recorded."


def test_a_signature_written_otherwise_in_base64_is_found(signed):
    value = signed[0]["signature"]["value"]
    spare_bit_set = value[:-3] + chr(ord(value[-3]) + 1) + "=="
    assert b64decode(spare_bit_set) == b64decode(value)
    found = verify([signed[0] | {"signature": signed[0]["signature"] | {"value": spare_bit_set}}])
    assert found.sentence == "The signature of stage 1 is not that of its key."


@pytest.mark.parametrize("text", ["", "short", b64encode(bytes(31)).decode(), "ä" * 44, b64encode(bytes(33)).decode()])
def test_a_signing_key_that_is_none_is_refused_without_showing_it(text):
    with pytest.raises(SettingsError, match="KRAFTD_SIGNING_KEY") as refused:
        Signer.from_setting(text)
    assert not text or text not in str(refused.value)


def test_the_setting_gives_the_signer_and_is_not_shown(monkeypatch):
    text = b64encode(SEED).decode()
    monkeypatch.setenv("KRAFTD_SIGNING_KEY", text)
    settings = load_settings()
    assert Signer.from_setting(settings.signing_key.get_secret_value()).public_key == Signer(SEED).public_key
    assert text not in repr(settings)


def test_a_signature_is_no_content(records, signed):
    assert content_of(records[0] | {"signature": {"public_key": "a", "value": "b"}}) == content_of(records[0])


# Canonical JSON


NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)


@given(JSON)
def test_canonical_json_is_that_of_the_rfc(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_read_back_from_javascript_keeps_its_canonical_form(number):
    assert canonical(json.loads(canonical(number))) == canonical(number)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, 10**400, "\ud800", {"\ud800": 1}, {1: 2}, {"a": {1}}])
def test_what_json_cannot_hold_has_no_canonical_form(value):
    for held in (value, [value], {"a": 1.0, "b": value}):
        with pytest.raises(ValueError):
            canonical(held)


@given(JSON, st.integers(0, 2))
def test_any_json_in_the_place_of_a_record_is_answered(value, place):
    found = verify([value] * (place + 1))
    assert found.stage == 1


def test_a_record_nested_without_end_is_answered(records):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert verify([records[0] | {"source": deep}]).sentence == "Stage 1 is nested too deeply to be a record."


def test_the_order_of_names_does_not_matter(records):
    shuffled = []
    for record in records:
        members = list(record.items())
        random.Random(1).shuffle(members)
        shuffled.append(dict(members))
    assert verify(shuffled) is None


def test_what_other_reviews_taught_meanwhile_does_not_make_another_content():
    insights = {"user_corrected_fields": ["total"], "user_focus_areas": [], "confidence_improvement": None}
    record = {"id": "w:3", "schema_version": 3, "ai_final_summary": {"executive_summary": "x", "learning_insights": insights}}
    later = record["ai_final_summary"] | {"learning_insights": insights | {"user_focus_areas": ["Dates"]}}
    assert stored_if_same(record, record | {"ai_final_summary": later}) == record
    with pytest.raises(StageAlreadyRecorded):
        stored_if_same(record, record | {"ai_final_summary": later | {"executive_summary": "y"}})
