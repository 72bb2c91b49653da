"""What every store must do; runs on each store that is there."""

import asyncio
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from cosmos_standin import KEY, CosmosStandin
from emulator import cosmos_emulator  # noqa: F401  a fixture
from fakes import OWNER, SUMMARY, Clock, invoice_data

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.document.jsontypes import same
from kraftd_core.errors import StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.ports.keeping import Choices, Draft, HistoryFilter, StoredDocument
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.lessons import LearningChoice
from kraftd_core.records.stages import HistoryEntry, Look, Suggestion, UserPreferences

pytestmark = pytest.mark.slow

LOOP = asyncio.Runner()  # a store belongs to the loop that first uses it


@pytest.fixture(scope="module", autouse=True)
def _loop_ends():
    yield
    LOOP.close()


def on_sqlite(request):
    return SqliteStore(request.getfixturevalue("tmp_path") / "records.sqlite3", now=request.getfixturevalue("clock"))


def on_cosmos(request):
    """The real client against the emulator, in a database of the test's own."""
    return cosmos_store(request, request.getfixturevalue("cosmos_emulator"))


def on_cosmos_standin(request):
    """The real client against the stand-in, so that the stand-in is held to what the emulator does."""
    standin = CosmosStandin()
    request.addfinalizer(standin.stop)
    standin.start()
    return cosmos_store(request, standin.endpoint)


def cosmos_store(request, endpoint):
    connect = partial(cosmos_client, endpoint, KEY, enable_endpoint_discovery=False)
    return CosmosStore(connect, f"test-{uuid4()}", now=request.getfixturevalue("clock"))


def on_spool(request):
    """The spool in front of the stand-in, which it reaches."""
    path = request.getfixturevalue("tmp_path") / "spool.sqlite3"
    return SpoolStore(path, on_cosmos_standin(request), now=request.getfixturevalue("clock"))


STORES = {
    "sqlite": on_sqlite,
    "cosmos": pytest.param(on_cosmos, marks=pytest.mark.emulator),
    "cosmos stand-in": on_cosmos_standin,
    "spool": on_spool,
}


@pytest.fixture(params=STORES.values(), ids=STORES)
def store(request):
    made = request.param(request)
    yield made
    run(made.close())


@pytest.fixture
def drafts(tmp_path):
    made = SqliteStore(tmp_path / "drafts.sqlite3")
    yield made
    run(made.close())


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracking(store, clock, tmp_path: Path):
    return ExportTrackingService(store, LocalFiles(tmp_path / "files"), now=clock)


def run(verb):
    return LOOP.run(verb)


def opened(tracking, owner=OWNER, name="invoice.pdf", document_type="invoice", **changes):
    data = invoice_data() | {"document_type": document_type} | changes
    return run(
        tracking.record_stage_1_initial_summary(str(uuid4()), owner, document_type, data, SUMMARY, document_name=name)
    )


def stages(store, workflow, owner=OWNER):
    return [dict(record) for record in run(store.stages(owner, workflow))]


def reviewed(tracking, store, workflow, **edits):
    (record,) = stages(store, workflow)
    data, document = record["initial_extracted_data"], record["document_id"]
    run(tracking.record_stage_2_user_modifications(workflow, document, OWNER, data, data | edits, {"export_format": "excel"}))


def test_a_record_comes_back_as_it_was_appended(store, tracking):
    workflow = opened(tracking)
    (record,) = stages(store, workflow)
    assert record["initial_extracted_data"] == invoice_data()
    assert record["stage"] == "initial_ai_summary"


def test_the_same_content_again_gives_the_stored_record(store, tracking):
    workflow = opened(tracking)
    (record,) = stages(store, workflow)
    later = record | {"timestamp": "2027-01-01T00:00:00.000Z", "record_hash": "other"}
    assert run(store.append(later))["timestamp"] == record["timestamp"]
    assert stages(store, workflow) == [record]


def test_other_content_for_a_recorded_stage_is_refused_and_nothing_changes(store, tracking):
    workflow = opened(tracking)
    (record,) = stages(store, workflow)
    with pytest.raises(StageAlreadyRecorded):
        run(store.append(record | {"document_name": "other.pdf"}))
    assert stages(store, workflow) == [record]


def test_true_in_place_of_1_is_other_content(store, tracking):
    workflow = opened(tracking, quantity=1)
    (record,) = stages(store, workflow)
    with pytest.raises(StageAlreadyRecorded):
        run(store.append(record | {"initial_extracted_data": record["initial_extracted_data"] | {"quantity": True}}))


@pytest.mark.parametrize(
    "fault",
    [{"owner_email": "eve@example.com"}, {"previous_hash": "0" * 64}, {"sequence": 3, "id": "?:3"}],
    ids=["wrong owner", "wrong previous hash", "out of order"],
)
def test_a_stage_that_does_not_follow_is_refused(store, tracking, fault):
    workflow = opened(tracking)
    (first,) = stages(store, workflow)
    second = first | {"id": f"{workflow}:2", "sequence": 2, "previous_hash": first["record_hash"]} | fault
    if "id" in fault:
        second["id"] = f"{workflow}:3"
    with pytest.raises(StageOutOfOrder):
        run(store.append(second))
    assert stages(store, workflow) == [first]


def test_a_stage_recorded_several_times_at_once_is_recorded_once(store, tracking):
    record = stages(store, opened(tracking))[0]
    again = str(uuid4())
    record |= {"id": f"{again}:1", "export_workflow_id": again}

    async def race():
        return await asyncio.gather(*(store.append(record | {"timestamp": f"2026-10-06T09:00:0{n}.000Z"}) for n in range(5)))

    assert len({stored["timestamp"] for stored in run(race())}) == 1
    assert len(stages(store, again)) == 1


def test_another_owner_sees_nothing_of_a_workflow(store, tracking):
    workflow = opened(tracking)
    assert stages(store, workflow, "eve@example.com") == []
    assert run(store.history("eve@example.com", HistoryFilter(), 10, None)).lines == []


@pytest.mark.slow
@pytest.mark.parametrize("order", ["newest", "oldest", "worked_on"])
def test_history_pages_in_its_order_without_gap_or_repeat(store, tracking, clock, order):
    workflows = []
    for _ in range(7):
        clock.forward(minutes=1)
        workflows.append(opened(tracking))
    clock.forward(minutes=1)
    reviewed(tracking, store, workflows[2])
    expected = {
        "newest": workflows[::-1],
        "oldest": workflows,
        "worked_on": [workflows[2], *(w for w in workflows[::-1] if w != workflows[2])],
    }
    seen, cursor, pages = [], None, 0
    while True:
        page = run(store.history(OWNER, HistoryFilter(order=order), 3, cursor))
        seen += [line.export_workflow_id for line in page.lines]
        pages += 1
        if (cursor := page.cursor) is None:
            break
    assert seen == expected[order]
    assert pages == 3


@pytest.mark.parametrize("order", ["newest", "oldest", "worked_on"])
def test_workflows_of_one_moment_are_paged_without_gap(store, tracking, order):
    workflows = {opened(tracking) for _ in range(5)}
    first = run(store.history(OWNER, HistoryFilter(order=order), 2, None))
    second = run(store.history(OWNER, HistoryFilter(order=order), 9, first.cursor))
    assert len(first.lines) + len(second.lines) == 5
    assert {line.export_workflow_id for line in first.lines + second.lines} == workflows


@pytest.mark.slow
@pytest.mark.parametrize(
    "wanted",
    [
        HistoryFilter(text="BAU-100%"),
        HistoryFilter(text="mill & s"),
        HistoryFilter(text="  sons  100% BAU", order="worked_on"),
        HistoryFilter(text="sons", order="oldest"),
        HistoryFilter(document_type="boq"),
        HistoryFilter(since=date(2026, 10, 8)),
        HistoryFilter(status="awaiting_user_review", document_type="boq", until=date(2026, 10, 8)),
    ],
)
def test_filters_show_what_they_say(store, tracking, clock, wanted):
    opened(tracking, name="other.pdf", vendor_name="Baker", invoice_id="X_1")
    clock.forward(days=2)
    wanted_one = opened(tracking, name="bau-100%_b.xlsx", document_type="boq")
    lines = run(store.history(OWNER, wanted, 10, None)).lines
    assert [line.export_workflow_id for line in lines] == [wanted_one]


def test_every_word_must_stand_in_a_workflow_in_whatever_order(store, tracking):
    opened(tracking, name="winter.pdf")
    assert len(run(store.history(OWNER, HistoryFilter(text="sons winter f-10"), 10, None)).lines) == 1
    assert run(store.history(OWNER, HistoryFilter(text="sons summer f-10"), 10, None)).lines == []


def test_the_line_of_a_regenerated_workflow_says_what_it_was_made_from(store, tracking):
    source = opened(tracking)
    reviewed(tracking, store, source)
    made = run(tracking.record_regeneration(source, OWNER, {"export_format": "csv"}))
    lines = run(store.history(OWNER, HistoryFilter(), 10, None)).lines
    assert {line.export_workflow_id: line.regenerated_from for line in lines} == {source: None, made: source}


def test_a_filter_text_is_no_pattern(store, tracking):
    opened(tracking, name="plain.pdf")
    assert run(store.history(OWNER, HistoryFilter(text="pl_in"), 10, None)).lines == []


def test_the_line_of_a_workflow_follows_its_stages(store, tracking):
    workflow = opened(tracking)
    reviewed(tracking, store, workflow, vendor_name="Baker")
    (line,) = run(store.history(OWNER, HistoryFilter(export_format="excel", text="baker"), 10, None)).lines
    assert (line.status, line.changed_values, line.headline.vendor) == ("awaiting_final_processing", 1, "Baker")
    assert line.headline.total == "36.00 EUR"


def found(store, **wanted):
    """The workflows that the history shows."""
    return {line.export_workflow_id for line in run(store.history(OWNER, HistoryFilter(**wanted), 10, None)).lines}


def test_the_line_of_a_delivered_file_says_how_it_was_made_and_not_what_was_wished_for_before(store, tracking):
    workflow = delivered(tracking, store, template="financial_report")  # reviewed with a wish for a standard PDF
    (line,) = run(store.history(OWNER, HistoryFilter(), 10, None)).lines
    assert (line.template, line.export_format, line.filename) == ("financial_report", "json", "a.json")
    assert found(store, export_format="json") == found(store, template="financial_report") == {workflow}
    assert found(store, export_format="pdf") == found(store, template="standard") == set()


@pytest.mark.slow
@pytest.mark.parametrize("asked", [
    "müller", "mu\u0308ller", "MULLER", "muller", "ｍüｌｌｅｒ", "strasse", "Straße", "STRASSE",
    "istanbul", "İstanbul", "firma ISTANBUL", "Müller Straße ﬁrma", "1234567", "MÜLLER 1234567",
])  # fmt: skip
def test_a_word_is_found_however_it_is_written(store, tracking, asked):
    workflow = opened(tracking, name="ﬁrma Mu\u0308ller.pdf", vendor_name="Straße İstanbul", invoice_id=1234567)
    assert found(store, text=asked) == {workflow}
    assert found(store, text=f"{asked} Möller") == found(store, text="1,234,567") == set()


def test_a_record_of_an_earlier_version_that_comes_in_is_found_in_any_spelling_and_stays_as_it_was(store, tracking):
    (record,) = stages(store, opened(tracking))
    workflow = str(uuid4())
    earlier = record | {"id": f"{workflow}:1", "export_workflow_id": workflow, "search_text": "müller 1.pdf"}
    run(store.append(earlier))
    assert found(store, text="MULLER 1") == {workflow}
    assert stages(store, workflow)[0]["search_text"] == "müller 1.pdf"


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["\0", "\ud800", "％", "＿", "！", "'; --", "a" * 3000, " ".join(map(str, range(40)))])
def test_words_that_no_document_has_find_nothing_whatever_they_are_made_of(store, tracking, asked):
    opened(tracking)
    assert found(store, text=asked) == set()


def test_days_are_those_of_the_reader(store, tracking, clock):
    clock.now = datetime(2026, 10, 6, 23, 30, tzinfo=UTC)  # in Tokyo the 7th, in New York the 6th
    workflow = opened(tracking)
    for zone, day in (("UTC", 6), ("Asia/Tokyo", 7), ("America/New_York", 6)):
        for n in range(5, 9):
            only = {"since": date(2026, 10, n), "until": date(2026, 10, n), "zone": ZoneInfo(zone)}
            assert found(store, **only) == ({workflow} if n == day else set())


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_the_last_of_all_days_leave_nothing_out(store, tracking, zone):
    workflow = opened(tracking)
    assert found(store, since=date.min, until=date.max, zone=ZoneInfo(zone)) == {workflow}
    assert found(store, since=date.max, zone=ZoneInfo(zone)) == found(store, until=date.min, zone=ZoneInfo(zone)) == set()


def test_the_workflows_of_one_document_are_found(store, tracking):
    first, _ = opened(tracking), opened(tracking)
    (record,) = stages(store, first)
    assert found(store, document_id=record["document_id"]) == {first}
    assert found(store, document_id="none") == set()


def delivered(tracking, store, content=b"file", owner=OWNER, template="standard"):
    workflow = opened(tracking, owner)
    (record,) = stages(store, workflow, owner)
    data, document = record["initial_extracted_data"], record["document_id"]
    run(tracking.record_stage_2_user_modifications(workflow, document, owner, data, data, {}))
    file = ("json", "a.json", len(content), content, template)
    run(tracking.record_stage_3_final_deliverable(workflow, document, owner, SUMMARY, *file))
    return workflow


def test_a_delivered_file_is_found_by_its_hash_by_its_owner_alone(store, tracking, clock):
    content_hash = "sha256:" + sha256(b"file").hexdigest()
    assert run(store.delivered_as(OWNER, content_hash)) is None
    opened(tracking)
    delivered(tracking, store, b"another")
    delivered(tracking, store)
    clock.forward(minutes=1)
    newest = delivered(tracking, store)
    assert run(store.delivered_as(OWNER, content_hash)) == newest
    assert run(store.delivered_as("eve@example.com", content_hash)) is None


def test_a_workflow_is_found_by_the_beginning_of_its_id_by_its_owner_alone(store, tracking):
    workflow, other = opened(tracking), opened(tracking)
    assert run(store.workflow_beginning(OWNER, workflow[:8])) == workflow
    assert run(store.workflow_beginning(OWNER, other)) == other
    assert run(store.workflow_beginning("eve@example.com", workflow[:8])) is None
    assert run(store.workflow_beginning(OWNER, "zzzzzzzz")) is None


def test_the_newest_reviews_of_a_type_teach_without_the_rest_of_their_documents(store, tracking, clock):
    workflows = []
    for number in range(3):
        clock.forward(minutes=1)
        workflows.append(opened(tracking, due_date=None))
        reviewed(tracking, store, workflows[-1], currency="CHF", due_date=f"2026-11-0{number + 1}")
    opened(tracking)  # not reviewed
    reviewed(tracking, store, opened(tracking, document_type="boq"), currency="CHF")
    run(tracking.record_regeneration(workflows[0], OWNER, {"export_format": "csv"}))
    lessons = run(store.lessons(OWNER, "invoice", 2))
    assert [lesson.export_workflow_id for lesson in lessons] == workflows[:0:-1]
    assert (lessons[0].recorded_at, lessons[0].export_format, lessons[0].supplier.names) == (clock.now, "excel", ["mill & sons"])
    told = {(c.name, c.kind, c.read, c.became) for c in lessons[0].corrections}
    assert told == {("currency", "corrected", "EUR", "CHF"), ("due_date", "filled", None, None)}
    assert len(run(store.lessons(OWNER, "invoice", 9))) == 3
    assert run(store.lessons("eve@example.com", "invoice", 9)) == []


def test_what_an_owner_chose_about_learning_is_kept(store):
    assert run(store.learning_choice(OWNER)) == LearningChoice()
    for choice in (LearningChoice(is_on=False), LearningChoice(forget_before=datetime(2026, 10, 6, tzinfo=UTC))):
        run(store.keep_learning_choice(OWNER, choice))
        assert run(store.learning_choice(OWNER)) == choice
    assert run(store.learning_choice("eve@example.com")) == LearningChoice()


def test_the_trail_is_kept_in_order_beside_the_stages(store, tracking):
    workflow = opened(tracking)
    entries = [
        HistoryEntry(timestamp=datetime(2026, 10, day, tzinfo=UTC), action="downloaded", details="x.pdf", actor=OWNER)
        for day in (7, 8)
    ]
    for entry in entries:
        run(store.append_activity(OWNER, workflow, entry))
    assert run(store.activities(OWNER, workflow)) == entries
    assert run(store.activities("eve@example.com", workflow)) == []


def test_the_same_document_again_only_adds_its_workflow(store):
    document = StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {"total": 1}, ("w1",))
    run(store.keep(document))
    again = StoredDocument("d1", OWNER, "b.pdf", "invoice", "sha256:1", {"total": 2}, ("w2",))
    assert run(store.keep(again)).workflows == ("w1", "w2")
    found = run(store.find(OWNER, "sha256:1"))
    assert (found.name, found.original_extraction) == ("a.pdf", {"total": 1})
    assert run(store.find("eve@example.com", "sha256:1")) is None


def test_a_document_is_found_by_its_id_with_the_newest_reading(store):
    kept_until = "2026-11-05T09:00:00.000Z"
    run(store.keep(StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, (), None, "sha256:r1", kept_until)))
    run(store.keep(StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, (), None, "sha256:r2", kept_until)))
    run(store.keep(StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, ("w1",))))
    found = run(store.document(OWNER, "d1"))
    assert (found.reading_file, found.keep_until, found.workflows) == ("sha256:r2", kept_until, ("w1",))
    assert run(store.document("eve@example.com", "d1")) is None
    assert run(store.document(OWNER, "d2")) is None


def test_versions_added_at_once_are_all_kept(store):
    async def race():
        versions = (StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, (f"w{n}",)) for n in range(5))
        await asyncio.gather(*map(store.keep, versions))

    run(race())
    assert set(run(store.find(OWNER, "sha256:1")).workflows) == {f"w{n}" for n in range(5)}


def test_a_draft_comes_back_typed_and_is_gone_when_dropped(drafts):
    draft = Draft(
        {"a": True, "b": 1, "c": "1"}, UserPreferences(priority_fields=["a"]), {"a": "why"}, 12.5,
        datetime(2026, 10, 6, tzinfo=UTC), (Look(field="b", how="confirmed"),),
        (Suggestion(field="a", suggested_value=True, rests_on=["w0"], is_accepted=True),),
    )  # fmt: skip
    assert run(drafts.keep_draft(OWNER, "w1", draft)).revision == 1
    assert run(drafts.keep_draft(OWNER, "w1", draft)).revision == 2
    kept = run(drafts.draft(OWNER, "w1"))
    assert same(kept.modified_data, draft.modified_data)
    assert (kept.preferences, kept.reasons, kept.last_activity) == (draft.preferences, draft.reasons, draft.last_activity)
    assert (kept.looked_at, kept.suggestions) == (draft.looked_at, draft.suggestions)
    assert run(drafts.draft("eve@example.com", "w1")) is None
    run(drafts.drop_draft(OWNER, "w1"))
    assert run(drafts.draft(OWNER, "w1")) is None


def test_choices_for_a_file_come_back_and_are_gone_when_dropped_and_leave_the_draft_alone(drafts):
    draft = Draft({"a": 1}, UserPreferences(), {}, 1.0, Clock()())
    run(drafts.keep_draft(OWNER, "w1", draft))
    chosen = Choices(UserPreferences(transformation_instructions="in German", template_customization={"logo": "left"}), ("one",))
    run(drafts.keep_choices(OWNER, "w1", Choices(UserPreferences())))
    run(drafts.keep_choices(OWNER, "w1", chosen))
    assert run(drafts.choices(OWNER, "w1")) == chosen
    assert run(drafts.choices("eve@example.com", "w1")) is None
    assert run(drafts.choices(OWNER, "w2")) is None
    run(drafts.drop_choices(OWNER, "w1"))
    assert run(drafts.choices(OWNER, "w1")) is None
    assert run(drafts.draft(OWNER, "w1")).modified_data == {"a": 1}


def test_what_waits_for_its_owner_is_found_at_once_and_the_delivered_is_left_out(store, tracking, clock):
    made = []
    for stages_of_it in (3, 2, 1):
        made.append(opened(tracking))
        if stages_of_it > 1:
            reviewed(tracking, store, made[-1])
        if stages_of_it > 2:
            document = stages(store, made[-1])[0]["document_id"]
            run(tracking.record_stage_3_final_deliverable(made[-1], document, OWNER, SUMMARY, "json", "x.json", 2, b"{}"))
        clock.forward(minutes=1)
    lines = run(store.history(OWNER, HistoryFilter(order="worked_on", is_open=True), 10, None)).lines
    assert [line.export_workflow_id for line in lines] == [made[2], made[1]]
