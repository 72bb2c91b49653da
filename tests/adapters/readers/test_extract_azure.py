import asyncio
import json
import socket
from functools import partial

import pytest
from di_answers import Writer, analyze_result, invoice_answer
from di_standin import KEY, DiStandin, failed, refused
from fakes import ACTOR, Clock, invoice_data, make_desk
from hypothesis import given
from hypothesis import strategies as st
from made_invoices import made
from shared_files import RECORDINGS, needs_documents, needs_recordings, truths

from kraftd_core.adapters.readers.azure import AzureExtractor
from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.azure.names import snake_case
from kraftd_core.adapters.readers.azure.service import document_client
from kraftd_core.adapters.readers.common.values import whole_date
from kraftd_core.document.jsontypes import is_table, tables_of, without_row_ids
from kraftd_core.errors import DocumentRefused, ExtractorUnavailable
from kraftd_core.ports.reading import Extraction

PDF = b"%PDF-1.7 whatever"
FAST = {"polling_interval": 0.01, "retry_backoff_factor": 0, "retry_backoff_max": 0}


class Local:
    """The reader on this machine: says what it is told to say, and remembers what it was asked."""

    def __init__(self, looks_like=None, refuses=None):
        self.looks_like = looks_like
        self.refuses = refuses
        self.asked = []

    async def look(self, content, name):
        if self.refuses:
            raise DocumentRefused(self.refuses)
        return self.looks_like

    async def extract(self, content, name, progress, document_type=None):
        self.asked.append((name, document_type))
        return Extraction("LOCAL", "local-1", "other", {"document_type": "other"}, {}, None, None, ["It is short."])

    async def close(self):
        pass

    async def page_image(self, content, name, page):
        return b"picture %d" % page


@pytest.fixture(scope="module")
def running_standin():
    standin = DiStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def standin(running_standin):
    running_standin.forget()
    return running_standin


def extractor(endpoint, local=None, models=None, seconds=10.0, key=KEY, **options):
    return AzureExtractor(partial(document_client, endpoint, key, **(FAST | options)), local or Local(), models, seconds)


def read(endpoint, content=PDF, name="a.pdf", document_type=None, progress=lambda _: None, **options):
    return asyncio.run(extractor(endpoint, **options).extract(content, name, progress, document_type))


def wire(value):
    """The answer as the adapter reads it from the wire."""
    from kraftd_core.adapters.readers.azure.service import _result

    return _result(json.dumps({"analyzeResult": value}))


def understood(answer, document_type=None):
    return extraction_of(wire(answer), document_type)


# One call, of the right model


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "looks_like", "model"),
    [
        ("invoice", None, "prebuilt-invoice"),
        ("receipt", "invoice", "prebuilt-receipt"),
        (None, "invoice", "prebuilt-invoice"),
        (None, "receipt", "prebuilt-receipt"),
        (None, "contract", "prebuilt-contract"),
        (None, "purchase_order", "prebuilt-invoice"),
        (None, "quotation", "prebuilt-invoice"),
        (None, "boq", "prebuilt-layout"),
        (None, "rfq", "prebuilt-document"),
        (None, "other", "prebuilt-document"),
        (None, None, "prebuilt-document"),
    ],
)
def test_one_call_is_paid_for_of_the_model_for_the_chosen_type_or_for_what_the_document_looks_like(
    standin, chosen, looks_like, model
):
    extraction = read(standin.endpoint, document_type=chosen, local=Local(looks_like))
    assert standin.asked == [model]
    assert standin.documents == [PDF]
    assert extraction.document_type == (chosen or looks_like or "other")
    assert extraction.method == "AZURE_DI"
    assert extraction.type_confidence is None


def test_a_model_of_ones_own_reads_the_type_that_it_was_set_for(standin):
    models = {"boq": "our-boq", "other": "our-all"}
    read(standin.endpoint, local=Local("boq"), models=models)
    read(standin.endpoint, local=Local(), models=models)
    read(standin.endpoint, local=Local("invoice"), models=models)
    assert standin.asked == ["our-boq", "our-all", "prebuilt-invoice"]


def test_a_document_that_could_not_be_told_says_so(standin):
    assert any("Choose its type" in notice for notice in read(standin.endpoint).notices)
    standin.answer = analyze_result("prebuilt-document", lines=["RECEIPT"])
    assert any("by its text: receipt" in notice for notice in read(standin.endpoint).notices)
    assert not any("Choose its type" in notice for notice in read(standin.endpoint, document_type="other").notices)


def test_what_must_not_be_sent_is_refused_before_anything_is_paid_for(standin):
    with pytest.raises(DocumentRefused, match="password protected"):
        read(standin.endpoint, local=Local(refuses="The PDF is password protected."), document_type="invoice")
    assert standin.operations == []


@pytest.mark.parametrize("content", [b"a,b\n1,2", b'{"a": 1}', b"PK\x03\x04...", b"RIFF\x00\x00\x00\x00WEBPVP8 "])
def test_kinds_that_the_service_does_not_take_are_read_locally_and_say_so(standin, content):
    local = Local()
    extraction = read(standin.endpoint, content, "a.csv", "invoice", local=local)
    assert extraction.method == "LOCAL"
    assert extraction.notices == [
        "Document Intelligence does not take files of this kind; the local reader read it.", "It is short.",
    ]  # fmt: skip
    assert local.asked == [("a.csv", "invoice")]
    assert standin.operations == []


@pytest.mark.parametrize("content", [b"\n%PDF-1.4", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM.."])
def test_pdfs_and_pictures_are_sent_as_they_are(standin, content):
    read(standin.endpoint, content)
    assert standin.documents == [content]


def test_pictures_of_pages_are_drawn_locally(standin):
    assert asyncio.run(extractor(standin.endpoint).page_image(PDF, "a.pdf", 2)) == b"picture 2"
    assert standin.operations == []


# While it goes on


def test_progress_is_told_while_the_service_reads(standin, monkeypatch):
    monkeypatch.setattr("kraftd_core.adapters.readers.azure.service._FIRST_TOLD_SECONDS", 0.05)
    standin.running, steps = 40, []
    read(standin.endpoint, progress=steps.append)
    assert steps[:2] == ["Looking at the document", "Document Intelligence is reading"]
    assert len(steps) > 2
    assert all(step.startswith("Document Intelligence is reading, ") for step in steps[2:])


def test_a_reading_that_takes_too_long_is_given_up_in_time(standin):
    standin.running = 10**9
    with pytest.raises(ExtractorUnavailable, match=r"did not finish within 0\.2 seconds"):
        read(standin.endpoint, seconds=0.2)


@pytest.mark.parametrize("operation", ["analyze", "poll"])
def test_a_service_that_never_answers_is_given_up_in_time(standin, operation):
    standin.fail(operation, *["hang"] * 9)
    with pytest.raises(ExtractorUnavailable, match="did not finish"):
        read(standin.endpoint, seconds=0.3)


def test_a_cancelled_reading_ends_and_leaves_nothing_running(standin):
    async def cancelled():
        standin.running = 10**9
        began = asyncio.Event()
        job = asyncio.create_task(extractor(standin.endpoint).extract(PDF, "a.pdf", lambda step: began.set()))
        await began.wait()
        while "poll" not in standin.operations:
            await asyncio.sleep(0.01)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        asked = len(standin.operations)
        await asyncio.sleep(0.05)
        return len(standin.operations) - asked, [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert asyncio.run(cancelled()) == (0, [])


# What goes wrong


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (refused(401, "401"), ExtractorUnavailable, "KRAFTD_DOCUMENT_INTELLIGENCE_KEY"),
        (refused(403, "403"), ExtractorUnavailable, "Cognitive Services User"),
        (
            refused(403, "403", message="Out of call volume quota for FormRecognizer F0 pricing tier."),
            ExtractorUnavailable, "free pages of Document Intelligence are used up",
        ),
        (refused(404, "404"), ExtractorUnavailable, "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT"),
        (refused(404, "NotFound", "ModelNotFound"), ExtractorUnavailable, 'the model "prebuilt-document"'),
        (refused(400, "InvalidRequest", "InvalidContent"), DocumentRefused, "damaged, protected or of another kind"),
        (refused(400, "InvalidRequest", "InvalidContentLength"), DocumentRefused, "too large"),
        (refused(400, "InvalidRequest", "InvalidContentDimensions"), DocumentRefused, "50 to 10,000 pixels"),
        (refused(400, "Whatever"), ExtractorUnavailable, "not the file's fault"),
        (refused(400, "InvalidRequest", "InvalidParameter"), ExtractorUnavailable, "not the file's fault"),
        (refused(413, "RequestEntityTooLarge"), DocumentRefused, "too large"),
        (refused(415, "InvalidRequest", "UnsupportedMediaType"), DocumentRefused, "cannot read the file"),
    ],
)  # fmt: skip
def test_a_refusal_is_said_in_one_sentence_with_what_to_do_and_is_not_asked_again(standin, answer, error, said):
    standin.fail("analyze", answer)
    with pytest.raises(error, match=said):
        read(standin.endpoint)
    assert standin.operations == ["analyze"]


def test_a_wrong_key_is_said_by_the_real_refusal(standin):
    with pytest.raises(ExtractorUnavailable, match="KRAFTD_DOCUMENT_INTELLIGENCE_KEY") as refusal:
        read(standin.endpoint, key="wrong-key")
    assert "wrong-key" not in str(refusal.value)


@pytest.mark.parametrize("operation", ["analyze", "poll"])
def test_a_busy_service_is_asked_again_and_reads(standin, operation):
    standin.fail(operation, refused(429, "429", **{"Retry-After": "0"}), refused(503, "503", **{"Retry-After": "0"}))
    assert read(standin.endpoint).method == "AZURE_DI"
    assert standin.asked == ["prebuilt-document"]


def test_a_service_that_stays_busy_is_given_up(standin):
    standin.fail("analyze", *[refused(429, "429", **{"Retry-After": "0"})] * 9)
    with pytest.raises(ExtractorUnavailable, match="too much to do right now"):
        read(standin.endpoint)
    assert len(standin.operations) == 4


def test_a_service_that_stays_broken_is_given_up(standin):
    standin.fail("poll", *[refused(500, "InternalServerError")] * 9)
    with pytest.raises(ExtractorUnavailable, match="failed on its side"):
        read(standin.endpoint)


def test_a_lost_answer_to_a_paid_call_is_not_asked_for_again(standin):
    standin.fail("analyze", "drop")
    with pytest.raises(ExtractorUnavailable, match="cannot be reached"):
        read(standin.endpoint)
    assert standin.operations == ["analyze"]


def test_a_lost_answer_to_a_question_how_far_it_is_is_asked_for_again(standin):
    standin.fail("poll", "drop")
    assert read(standin.endpoint).method == "AZURE_DI"
    assert standin.asked == ["prebuilt-document"]


@pytest.mark.parametrize(
    ("final", "error", "said"),
    [
        (failed("InternalServerError"), ExtractorUnavailable, "failed on its side"),
        (failed("InvalidRequest", "InvalidContent"), DocumentRefused, "cannot read the file"),
        ({"status": "succeeded"}, ExtractorUnavailable, "cannot be understood"),
        ({"status": "succeeded", "analyzeResult": [1]}, ExtractorUnavailable, "cannot be understood"),
        ({"status": "succeeded", "analyzeResult": {"tables": [{"cells": [{"rowIndex": "x"}]}]}}, ExtractorUnavailable, "answer"),
        ({"status": "succeeded", "analyzeResult": {"documents": 7}}, ExtractorUnavailable, "cannot be understood"),
    ],
)
def test_an_analysis_that_came_to_nothing_says_why(standin, final, error, said):
    standin.final = final
    with pytest.raises(error, match=said):
        read(standin.endpoint)


def test_a_dead_address_is_said_at_once():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ExtractorUnavailable, match="cannot be reached"):
        read(f"http://127.0.0.1:{port}")


class SignIn:
    """A sign-in to Azure that fails."""

    is_closed = False

    async def get_token(self, *scopes, **options):
        from azure.identity import CredentialUnavailableError

        raise CredentialUnavailableError("no account of ann@example.com")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.is_closed = True


def test_a_sign_in_that_fails_says_what_to_check_and_is_closed(monkeypatch):
    sign_in = SignIn()
    monkeypatch.setattr("kraftd_core.adapters.readers.azure.service._signed_in", lambda: sign_in)
    with pytest.raises(ExtractorUnavailable, match="the sign-in to Azure") as refusal:
        read("https://127.0.0.1:1", key=None)
    assert "ann@" not in str(refusal.value)
    assert sign_in.is_closed


def test_logs_hold_codes_and_counts_but_nothing_of_the_document(standin, caplog):
    caplog.set_level("INFO", "kraftd_core")
    standin.answer = invoice_answer(invoice_data())
    read(standin.endpoint)
    standin.fail("analyze", refused(400, "InvalidRequest", "InvalidContent", message="Mill & Sons is no PDF"))
    with pytest.raises(DocumentRefused) as refusal:
        read(standin.endpoint)
    assert "cause=status=400/InvalidContent/InvalidRequest" in caplog.text
    assert "Mill" not in caplog.text + str(refusal.value)


# What the answers become


def flat(extraction):
    """The data as truth is written: no row ids, numbers as numbers."""
    data = without_row_ids(extraction.data)
    return data | {"line_items": data.get("line_items", [])}


def test_an_invoice_comes_back_as_it_was_told_over_the_wire(standin):
    standin.answer = invoice_answer(invoice_data())
    extraction = read(standin.endpoint, document_type="invoice")
    assert flat(extraction) == without_row_ids(invoice_data())
    assert list(extraction.data)[:3] == ["document_type", "vendor_name", "invoice_id"]
    assert extraction.model == "prebuilt-invoice"
    assert extraction.page_count == 1
    assert extraction.confidence == 0.9
    assert extraction.notices == []


async def test_the_first_record_says_that_the_service_read_it_and_where_each_value_stands(standin, tmp_path):
    standin.answer = invoice_answer(invoice_data())
    desk = make_desk(tmp_path, Clock())
    desk._extractor = extractor(standin.endpoint, Local("invoice"))
    stage1 = (await desk.workflow(ACTOR, await desk.read(ACTOR, "a.pdf", PDF, lambda step: None))).stage1
    assert (stage1.source.extraction_method, stage1.source.di_model, stage1.source.di_confidence) == (
        "AZURE_DI", "prebuilt-invoice", 0.9,
    )  # fmt: skip
    row = stage1.initial_extracted_data["line_items"][0]["_row_id"]
    assert stage1.source.di_metadata[f"line_items[{row}].amount"].confidence == 0.9
    await desk.close()


async def test_a_service_that_fails_leaves_no_record(standin, tmp_path):
    standin.fail("analyze", refused(403, "403"))
    desk = make_desk(tmp_path, Clock())
    desk._extractor = extractor(standin.endpoint)
    with pytest.raises(ExtractorUnavailable):
        await desk.read(ACTOR, "a.pdf", PDF, lambda step: None)
    assert (await desk.history(ACTOR)).lines == []
    await desk.close()


def made_truths():
    return {f"made {seed}": made(seed)[1] for seed in range(40)}


def real_truths():
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in truths()}


@pytest.mark.parametrize("known", [made_truths, pytest.param(real_truths, marks=needs_documents)])
def test_invoices_with_truth_come_back_as_they_were_told(known):
    told = ("vendor_name", "customer_name", "invoice_id", "invoice_date", "due_date", "subtotal", "total_tax", "invoice_total")
    for document, truth in known().items():
        read_back = flat(understood(invoice_answer(truth), "invoice"))
        for name in told:
            assert read_back.get(name) == truth.get(name), (document, name)
        columns = ("description", "quantity", "unit_price", "amount")
        lines = [{c: line[c] for c in columns if line.get(c) is not None} for line in truth.get("line_items", [])]
        assert [{c: row[c] for c in columns if c in row} for row in read_back["line_items"]] == lines, document


def recording(name):
    return json.loads((RECORDINGS / name).read_text())["analyzeResult"]


@needs_recordings
def test_the_recorded_invoice_is_read(standin):
    standin.answer = recording("invoice_2022-preview_contoso_documents_only.json")
    extraction = read(standin.endpoint, local=Local("invoice"))
    assert flat(extraction) == {
        "document_type": "invoice",
        "vendor_name": "Contoso",
        "customer_name": "Microsoft",
        "invoice_id": "34278587",
        "invoice_date": "2017-06-18",
        "due_date": "2017-06-24",
        "currency": "USD",
        "invoice_total": 56651.49,
        "customer_address": "1020 Enterprise Way Sunnayvale, CA 87659",
        "customer_address_recipient": "Microsoft",
        "vendor_address": "1 Redmond way Suite 6000 Redmond, WA 99243",
        "line_items": [{"amount": 56651.49, "date": "2017-06-18", "item_number": "34278587", "tax": None}],
    }
    total = extraction.places["invoice_total"]
    assert (total.confidence, total.page) == (0.484, 1)
    assert total.polygon == [0.63378, 0.30952, 0.71414, 0.30952, 0.71414, 0.3211, 0.63378, 0.3211]
    assert extraction.places["currency"].confidence is None
    row = extraction.data["line_items"][0]["_row_id"]
    assert extraction.places[f"line_items[{row}].amount"].confidence == 0.861
    assert extraction.places[f"line_items[{row}].tax"].confidence is None


@needs_recordings
def test_the_recorded_receipt_is_read(standin):
    standin.answer = recording("receipt_2022+_contoso_documents_only.json")
    extraction = read(standin.endpoint, b"\xff\xd8\xff", "a.jpg")
    assert flat(extraction) == {
        "document_type": "receipt",
        "vendor_name": "Contoso",
        "receipt_date": "2019-06-10",
        "subtotal": 1098.99,
        "total_tax": 104.4,
        "receipt_total": 1203.39,
        "vendor_address": "123 Main Street, Redmond, WA 98052",
        "vendor_phone": "+11234567890",
        "currency": "USD",
        "receipt_time": "13:59:00",
        "line_items": [
            {"description": "Surface Pro 6", "quantity": 1, "amount": 999},
            {"description": "SurfacePen", "quantity": 1, "amount": 99.99},
        ],
    }
    assert extraction.places["vendor_name"].polygon[:2] == [round(324 / 1688, 5), round(588 / 3000, 5)]


@needs_recordings
def test_the_recorded_layout_keeps_every_table_and_every_row(standin):
    standin.answer = recording("layout_2024-11-30_bcgov_form.json")
    extraction = read(standin.endpoint, b"\xff\xd8\xff", "a.jpg", "boq")
    tables = dict(tables_of(extraction.data))
    heads = [0, 1, 2, 1, 1]
    assert [len(rows) for rows in tables.values()] == [
        table["rowCount"] - head for table, head in zip(standin.answer["tables"], heads, strict=True)
    ]
    assert "declare_all_income" in " ".join(tables)
    shown = json.dumps(without_row_ids(extraction.data))
    for table in standin.answer["tables"]:
        for cell in table["cells"]:
            if cell.get("kind") != "columnHeader" and not cell["content"].startswith(":"):
                text = cell["content"].replace(":selected:", "[x]").replace(":unselected:", "[ ]")
                day = whole_date(text)
                kept = day.isoformat() if day else " ".join(text.split())
                assert json.dumps(kept).replace('""', "") in shown


def document(model="prebuilt-invoice", **fields):
    return analyze_result(model, documents=[{"docType": model.removeprefix("prebuilt-"), "fields": fields, "confidence": 0.8}])


@pytest.mark.parametrize(
    ("kind", "value", "content", "becomes"),
    [
        ("string", "ACME\nLtd.", "ACME\nLtd.", "ACME Ltd."),
        ("string", None, "as printed", "as printed"),
        ("date", "2026-02-28", "28 Feb", "2026-02-28"),
        ("date", None, "next Monday", "next Monday"),
        ("time", "13:59:00", "13:59", "13:59:00"),
        ("phoneNumber", "+49301234", "030 1234", "+49301234"),
        ("countryRegion", "DEU", "Germany", "DEU"),
        ("number", 1.5, "1,5", 1.5),
        ("number", None, "one", None),
        ("integer", 3, "3", 3),
        ("integer", 10**15, "1000000000000000", "1000000000000000"),
        ("number", 1203.3900000000001, "1,203.39", 1203.39),
        ("number", 1250.0000000000002, "1.250", 1250),
        ("currency", {"amount": 1234567890123456.78}, "1,234,567,890,123,456.78", "1234567890123456.78"),
        ("currency", {}, "PT", None),
        ("currency", None, "free", None),
        ("boolean", True, "yes", True),
        ("selectionMark", "selected", ":selected:", True),
        ("selectionMark", "unselected", ":unselected:", False),
        ("signature", "signed", "", "signed"),
        ("address", {"road": "x"}, "1 High St\nOxford,\nOX1", "1 High St, Oxford, OX1"),
        ("address", {"streetAddress": "1 High St", "city": "Oxford"}, "", "1 High St, Oxford"),
        ("array", [{"type": "string", "valueString": "UK"}, {"type": "string", "valueString": "US"}], "", "UK, US"),
        ("somethingNew", None, "as printed", "as printed"),
        ("string", "a\u0000b", "a\u0000b", "a\ufffdb"),
    ],
)
def test_each_type_of_value_is_kept_as_our_own(kind, value, content, becomes):
    extraction = understood(document(Thing=Writer().field(kind, value, content)), "invoice")
    assert extraction.data["thing"] == becomes
    assert type(extraction.data["thing"]) is type(becomes)
    assert is_table(extraction.data["thing"]) is False


@pytest.mark.parametrize(
    ("kind", "value", "content", "becomes"),
    [
        ("currency", {"amount": 3}, "3 038,14 EUR", 3038.14),
        ("currency", {"amount": 1}, "1'250.–", 1250),
        ("number", 12, "12,50", 12.5),
        ("currency", {"amount": 15}, "1.500", 15),  # two readings, neither of them what was told
        ("date", "2024-01-01", "2024", "2024-01-01"),
        ("date", None, "2024", "2024"),
        ("date", "2025-03-05", "5 April 2025", "2025-03-05"),
    ],
)
def test_a_typed_value_that_what_is_printed_contradicts_is_doubtful(kind, value, content, becomes):
    extraction = understood(document(Thing=Writer().field(kind, value, content)), "invoice")
    assert extraction.data["thing"] == becomes
    assert extraction.places["thing"].confidence <= 0.6


@pytest.mark.parametrize(
    ("kind", "value", "content"),
    [
        ("currency", {"amount": 3038.14}, "3 038,14 EUR"), ("currency", {"amount": 1500}, "1.500"), ("number", 1.5, "1.500"),
        ("currency", {"amount": 80}, "($80.00)"), ("number", 2, "2 pcs"), ("date", "2025-04-03", "03/04/2025"),
        ("date", "2025-03-04", "03/04/2025"), ("date", "2025-03-05", "5 mars 2025"), ("number", 36.5, "36:30"),
    ],
)  # fmt: skip
def test_a_typed_value_that_what_is_printed_bears_out_is_as_sure_as_the_service_is(kind, value, content):
    field = Writer().field(kind, value, content)
    extraction = understood(document(Thing=field), "invoice")
    assert extraction.places["thing"].confidence == field["confidence"]


def test_a_confidence_that_was_not_told_stays_null():
    extraction = understood(document(VendorName=Writer().field("string", "Mill", "Mill", confidence=None)))
    assert extraction.places["vendor_name"].confidence is None
    assert extraction.places["vendor_name"].page == 1
    assert extraction.confidence is None


def test_a_value_in_several_lines_is_shown_in_the_box_around_them_and_on_its_first_page():
    field = Writer().field("string", "Mill", "Mill") | {
        "boundingRegions": [
            {"pageNumber": 1, "polygon": [0.85, 1.1, 1.7, 1.1, 1.7, 2.2, 0.85, 2.2]},
            {"pageNumber": 1, "polygon": [1.7, 2.2, 4.25, 2.2, 4.25, 3.3, 1.7, 3.3]},
            {"pageNumber": 2, "polygon": [0, 0, 8.5, 0, 8.5, 11, 0, 11]},
        ]
    }
    assert understood(document(VendorName=field)).places["vendor_name"].polygon == [0.1, 0.1, 0.5, 0.1, 0.5, 0.3, 0.1, 0.3]


def test_a_polygon_beyond_its_page_is_cut_and_a_page_without_size_gives_none():
    field = Writer().field("string", "Mill", "Mill")
    field["boundingRegions"][0]["polygon"] = [-1, -1, 9, -1, 9, 12, -1, 12]
    assert understood(document(VendorName=field)).places["vendor_name"].polygon == [0, 0, 1, 0, 1, 1, 0, 1]
    sizeless = document(VendorName=field) | {"pages": [{"pageNumber": 1}]}
    assert understood(sizeless).places["vendor_name"].polygon is None


def test_an_amount_in_another_currency_than_the_others_carries_its_own():
    w = Writer()
    fields = {
        "SubTotal": w.plain(10, "EUR"), "InvoiceTotal": w.plain(12, "EUR"), "AmountDue": w.plain(15, "USD"),
        "Items": w.plain([{"Amount": 3}], "CHF"),
    }  # fmt: skip
    data = flat(understood(document(**fields), "invoice"))
    assert (data["currency"], data["balance_due"], data["balance_due_currency"]) == ("EUR", 15, "USD")
    assert data["line_items"] == [{"amount": 3, "amount_currency": "CHF"}]
    assert "subtotal_currency" not in data


@pytest.mark.parametrize(("symbol", "code"), [("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¤", "¤")])
def test_a_currency_without_a_code_is_told_by_its_symbol(symbol, code):
    amount = Writer().field("currency", {"amount": 1, "currencySymbol": symbol}, "1")
    assert understood(document(InvoiceTotal=amount), "invoice").data["currency"] == code


def test_a_currency_that_is_only_printed_is_told_by_the_print_and_none_is_guessed():
    assert understood(document(Total=Writer().field("number", 5, "CHF 5.00")), "receipt").data["currency"] == "CHF"
    assert "currency" not in understood(document(Total=Writer().field("number", 5, "5.00")), "receipt").data


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("invoice", {"invoice_id", "order_number", "invoice_date", "invoice_total", "due_date"}),
        ("purchase_order", {"order_number", "order_number_2", "order_date", "order_total", "due_date"}),
        ("quotation", {"quotation_number", "order_number", "quotation_date", "quotation_total", "valid_until"}),
        ("rfq", {"rfq_number", "order_number", "rfq_date", "invoice_total", "due_date"}),
    ],
)
def test_the_parts_of_a_document_are_called_as_its_kind_calls_them(kind, names):
    w = Writer()
    fields = {"InvoiceId": w.plain("A-1"), "PurchaseOrder": w.plain("P-1"), "InvoiceDate": w.plain("2026-01-02")}
    fields |= {"DueDate": w.plain("2026-02-03"), "InvoiceTotal": w.plain(5)}
    data = understood(document(**fields), kind).data
    assert data.keys() - {"document_type"} == names
    assert data["order_number"] == "P-1"


def test_a_contract_names_its_parties_as_it_calls_them():
    w = Writer()
    parties = [
        {"Name": "Mill Ltd", "ReferenceName": "the Client", "Address": "Oxford"},
        {"Name": "Pump AG", "ReferenceName": "Service Provider"},
    ]
    fields = {"Title": w.plain("Agreement"), "Parties": w.plain(parties), "ContractId": w.plain("C-1")}
    fields |= {"ExecutionDate": w.plain("2026-01-02"), "ExpirationDate": w.plain("2027-01-02")}
    extraction = understood(document("prebuilt-contract", **fields))
    data = extraction.data
    assert (data["vendor_name"], data["customer_name"]) == ("Pump AG", "Mill Ltd")
    assert (data["contract_number"], data["contract_date"], data["end_date"]) == ("C-1", "2026-01-02", "2027-01-02")
    assert [row["name"] for row in data["parties"]] == ["Mill Ltd", "Pump AG"]
    assert extraction.places["vendor_name"].confidence == 0.9


def test_parties_whose_part_is_not_said_are_not_guessed():
    parties = Writer().plain([{"Name": "Mill Ltd", "ReferenceName": "Party A"}, {"Name": "Pump AG"}])
    assert not {"vendor_name", "customer_name"} & understood(document("prebuilt-contract", Parties=parties)).data.keys()


def test_objects_within_objects_are_laid_flat_and_lists_of_objects_are_tables():
    w = Writer()
    fields = {
        "Site": w.plain({"Name": "North", "Contact": {"Phone": "1"}}),
        "TaxDetails": w.plain([{"Amount": 19, "Rate": "19 %"}, {"Amount": 7, "Rate": "7%"}], "EUR"),
        "PaymentDetails": w.plain([{"IBAN": "DE89370400440532013000", "SWIFT": "COBADEFF"}]),
        "Items": w.plain([{"Description": "Pump", "TaxRate": "19%", "Origin": {"Country": "DE"}, "Marks": ["a", {"of": 2}]}]),
    }
    data = flat(understood(document(**fields), "invoice"))
    assert (data["site_name"], data["site_contact_phone"]) == ("North", "1")
    assert data["tax_details"] == [{"amount": 19, "rate": 19}, {"amount": 7, "rate": 7}]
    assert (data["iban"], data["bic"]) == ("DE89370400440532013000", "COBADEFF")
    assert data["line_items"] == [{"description": "Pump", "tax_rate": 19, "origin_country": "DE", "marks": "a, 2"}]


def test_an_empty_list_is_nothing():
    assert understood(document(Items={"type": "array", "valueArray": []}), "invoice").data == {"document_type": "invoice"}


def test_rows_have_identities_and_a_field_of_that_name_gives_way():
    items = Writer().plain([{"_row_id": "x", "Amount": 1}, {"_row_id": "x", "Amount": 2}])
    rows = understood(document(Items=items), "invoice").data["line_items"]
    assert is_table(rows)
    assert [row["row_id"] for row in rows] == ["x", "x"]


def test_of_several_documents_in_one_file_the_first_is_shown_and_the_others_are_said():
    answer = document(VendorName=Writer().plain("Mill"))
    answer["documents"].append(answer["documents"][0])
    extraction = understood(answer)
    assert extraction.data["vendor_name"] == "Mill"
    assert any("2 documents" in notice for notice in extraction.notices)


def test_members_that_were_not_told_and_a_confidence_that_is_none_are_let_be():
    fields = {
        "VendorName": None, "Site": {"type": "object", "valueObject": {"Name": None}}, "Parties": Writer().plain("Mill and Pump"),
        "Items": {"type": "array", "valueArray": [None, Writer().plain({"Amount": 1}) | {"content": None}]},
        "Thing": Writer().field("string", "x", "x", confidence=1.2),
    }  # fmt: skip
    extraction = understood(document(**fields), "contract")
    assert flat(extraction) == {
        "document_type": "contract", "parties": "Mill and Pump", "thing": "x", "line_items": [{"amount": 1}],
    }  # fmt: skip
    assert extraction.places["thing"].confidence is None


@pytest.mark.parametrize("model", ["prebuilt-invoice", "prebuilt-layout", "prebuilt-document"])
def test_an_answer_with_nothing_in_it_says_so(model):
    extraction = understood(analyze_result(model), "invoice")
    assert extraction.data == {"document_type": "invoice"}
    assert any("found no fields and no tables" in notice for notice in extraction.notices)


def test_the_kind_of_a_general_document_is_told_by_its_text_where_nobody_said_it():
    assert understood(analyze_result("prebuilt-document", lines=["INVOICE", "Mill & Sons"])).document_type == "invoice"
    assert understood(analyze_result("prebuilt-document", lines=["INVOICE"]), "other").document_type == "other"


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("VendorTaxId", "vendor_tax_id"), ("KVKNumber", "kvk_number"), ("IBAN", "iban"), ("Bill of (lading)", "bill_of_lading"),
        ("  ", "field"), ("_row_id", "row_id"), ("Größe", "größe"), ("already_snake", "already_snake"),
    ],
)  # fmt: skip
def test_names_are_written_in_snake_case(name, becomes):
    assert snake_case(name) == becomes


# Key-value pairs


def pair(writer, key, value=None, confidence=0.7):
    told = {"value": {"content": value, **writer.where(value)}} if value is not None else {}
    return {"key": {"content": key, **writer.where(key)}, "confidence": confidence} | told


def test_key_value_pairs_become_fields_under_the_names_of_the_kind():
    w = Writer()
    pairs = [
        pair(w, "RFQ No:"), pair(w, "RFQ No:", "R-7"), pair(w, "Date", "3 March 2026"), pair(w, "Response due", "14/04/2026"),
        pair(w, "Total", "1.250,50 €"), pair(w, "Site visit", ":selected:"), pair(w, "Signed by"),
        pair(w, "RFQ No:", "R-7"), pair(w, "RFQ No:", "R-8"),
    ]  # fmt: skip
    answer = analyze_result("prebuilt-document", keyValuePairs=pairs, lines=["1.250,50"])
    extraction = understood(answer, "rfq")
    assert extraction.data == {
        "document_type": "rfq", "rfq_number": "R-7", "rfq_date": "2026-03-03", "response_due_date": "2026-04-14",
        "currency": "EUR", "total": 1250.5, "site_visit": True, "signed_by": None, "rfq_number_2": "R-8",
    }  # fmt: skip
    assert extraction.places["rfq_number"].confidence == 0.7
    assert extraction.places["signed_by"].confidence is None


def test_a_pair_within_a_table_is_left_to_the_table_unless_its_part_is_known():
    w = Writer()
    lines = w.table([["Item", "Remark"], ["Pump", "urgent"], ["Hose", "blue"]])
    form = w.table([["RFQ No", "R-1"], ["Site", "North"]], heads=0)
    of_form = [{"key": form["cells"][n], "value": form["cells"][n + 1], "confidence": 0.6} for n in (0, 2)]
    of_lines = [{"key": lines["cells"][2], "value": lines["cells"][3], "confidence": 0.6}]
    data = flat(understood(analyze_result("prebuilt-document", keyValuePairs=of_form + of_lines, tables=[lines, form]), "rfq"))
    assert data["rfq_number"] == "R-1"
    assert not {"site", "pump"} & data.keys()
    assert data["table_1"] == [{"description": "Pump", "remark": "urgent"}, {"description": "Hose", "remark": "blue"}]
    assert data["table_2"] == [{"column_1": "RFQ No", "column_2": "R-1"}, {"column_1": "Site", "column_2": "North"}]


# Tables of pages


def tables(*wire_tables, pages=1, kind="boq", **parts):
    extraction = understood(analyze_result("prebuilt-layout", tables=list(wire_tables), pages=pages, **parts), kind)
    return {name: [{k: v for k, v in row.items() if k != "_row_id"} for row in rows] for name, rows in tables_of(extraction.data)}


HEAD = ["Pos", "Description", "Qty", "Unit", "Unit price", "Amount"]


def test_a_table_of_lines_is_read_as_line_items_with_numbers():
    table = Writer().table([HEAD, ["1", "Pump", "2", "pcs", "1,200.50", "2,401.00"], ["2", "Hose", "n/a", "m", "", "on request"]])
    assert tables(table) == {
        "line_items": [
            {"position": "1", "description": "Pump", "quantity": 2, "unit": "pcs", "unit_price": 1200.5, "amount": 2401},
            {"position": "2", "description": "Hose", "quantity": "n/a", "unit": "m", "unit_price": None, "amount": "on request"},
        ]
    }


def test_numbers_in_tables_are_read_as_the_document_writes_them():
    table = Writer().table([["Description", "Amount"], ["Pump", "1.250"]])
    assert tables(table, lines=["Summe 99,50"])["line_items"][0]["amount"] == 1250
    assert tables(table, lines=["Total 99.50"])["line_items"][0]["amount"] == 1.25


def test_a_table_that_goes_on_over_pages_is_one_with_every_row():
    w = Writer()
    parts = [w.table([HEAD, *([f"{p}.{n}", "Pump", "1", "pcs", "2", "2"] for n in range(20))], page=p) for p in (1, 2, 3)]
    parts.append(w.table([[f"4.{n}", "Pump", "1", "pcs", "2", "2"] for n in range(20)], heads=0, page=4))
    read_back = tables(*parts, pages=4)
    assert list(read_back) == ["line_items"]
    assert [row["position"] for row in read_back["line_items"]] == [f"{p}.{n}" for p in (1, 2, 3, 4) for n in range(20)]
    assert read_back["line_items"][-1]["amount"] == 2


def test_tables_with_other_heads_stay_apart():
    w = Writer()
    read_back = tables(w.table([["Who", "Role"], ["Ann", "Buyer"]]), w.table([["Who", "Phone"], ["Ann", "007"]], page=2), pages=2)
    assert read_back == {"table_1": [{"who": "Ann", "role": "Buyer"}], "table_2": [{"who": "Ann", "phone": "007"}]}


def test_two_levels_of_heads_are_joined_and_a_title_over_all_columns_names_the_table():
    table = Writer().table([["Income", "", ""], ["", "Applicant", ""], ["Kind", "Net", "Gross"], ["Wage", "1", "2"]], heads=3)
    table["cells"][0]["columnSpan"] = 3
    table["cells"][4]["columnSpan"] = 2
    del table["cells"][5], table["cells"][1:3]
    assert tables(table) == {"income": [{"kind": "Wage", "applicant_net": "1", "applicant_gross": "2"}]}


def test_the_sections_of_a_bill_of_quantities_are_kept_as_a_column_and_its_lines_as_one_table():
    w, head = Writer(), ["Description", "Amount"]
    parts = [w.table([[title, ""], head, [line, "1"]], heads=2) for title, line in (("Civil works", "Dig"), ("Steel", "Weld"))]
    for part in parts:
        part["cells"][0]["columnSpan"] = 2
        del part["cells"][1]
    parts.append(w.table([head, ["Paint", "1"]], page=2))
    rows = tables(w.table([head, ["Survey", "1"]]), *parts, pages=2)["line_items"]
    assert [(row["section"], row["description"]) for row in rows] == [
        (None, "Survey"), ("Civil works", "Dig"), ("Steel", "Weld"), ("Steel", "Paint"),
    ]  # fmt: skip


def test_a_text_merged_over_rows_holds_for_each_and_a_number_counts_once():
    table = Writer().table([["Section", "Description", "Amount"], ["Civil", "Dig", "100"], ["", "Fill", ""]])
    for cell in (table["cells"][3], table["cells"][5]):
        cell["rowSpan"] = 2
    table["cells"] = [cell for cell in table["cells"] if cell["content"]]
    assert tables(table)["line_items"] == [
        {"section": "Civil", "description": "Dig", "amount": 100}, {"section": "Civil", "description": "Fill", "amount": None},
    ]  # fmt: skip


def test_a_head_that_is_not_marked_is_known_by_its_words_and_other_first_rows_are_rows():
    w = Writer()
    assert tables(w.table([HEAD, ["1", "Pump", "2", "pcs", "3", "6"]], heads=0))["line_items"][0]["amount"] == 6
    assert tables(w.table([["a", "b"], ["c", "d"]], heads=0)) == {
        "table_1": [{"column_1": "a", "column_2": "b"}, {"column_1": "c", "column_2": "d"}]
    }


def test_a_table_that_is_all_head_keeps_its_rows():
    assert tables(Writer().table([["a", "b"], ["c", "d"]], heads=2))["table_1"] == [
        {"column_1": "a", "column_2": "b"}, {"column_1": "c", "column_2": "d"},
    ]  # fmt: skip


def test_columns_of_one_name_and_of_none_are_all_kept():
    table = Writer().table([["Note", "Note", "", "_row_id"], ["a", "b", "c", "d"]])
    assert tables(table)["table_1"] == [{"note": "a", "note_2": "b", "column_3": "c", "row_id": "d"}]


def test_check_boxes_in_cells_are_told_from_text():
    table = Writer().table([["A", "B", "C"], [":selected:", ":unselected:", ":selected: Yes\n:unselected: No"]])
    assert tables(table)["table_1"] == [{"a": True, "b": False, "c": "[x] Yes [ ] No"}]


def test_cells_have_their_place_and_no_confidence():
    table = Writer().table([["A"], ["x"]])
    extraction = understood(analyze_result("prebuilt-layout", tables=[table]), "boq")
    (path,) = extraction.places
    assert path == f"table_1[{extraction.data['table_1'][0]['_row_id']}].a"
    assert extraction.places[path].confidence is None
    assert extraction.places[path].page == 1
    assert extraction.confidence is None


# The same lines are not shown twice


def invoice_with_table(extra_rows=(), heads=1):
    """An invoice whose line items, subtotal and total stand in a table of its page."""
    w = Writer()
    table = w.table([HEAD, ["1", "Pump", "2", "pcs", "3", "6"], ["", "Subtotal", "", "", "", "6"], *extra_rows], heads)
    cells = {(cell["rowIndex"], cell["columnIndex"]): cell for cell in table["cells"]}

    def of(cell, kind, value):
        return {"type": kind, f"value{kind.title()}": value, "confidence": 0.9, **cell}

    item = {"Description": of(cells[1, 1], "string", "Pump"), "Amount": of(cells[1, 5], "number", 6)}
    fields = {
        "Items": {"type": "array", "valueArray": [{"type": "object", "valueObject": item}]},
        "SubTotal": of(cells[2, 5], "number", 6),
    }
    return document(**fields) | {"tables": [table]}


@pytest.mark.parametrize("heads", [0, 1])
def test_a_table_whose_every_row_is_told_by_the_fields_is_not_shown_twice(heads):
    extraction = understood(invoice_with_table(heads=heads), "invoice")
    assert dict(tables_of(extraction.data)).keys() == {"line_items"}
    assert len(extraction.data["line_items"]) == 1
    assert extraction.notices == []


def test_a_table_with_a_row_that_the_fields_do_not_tell_is_shown_whole_beside_them():
    extraction = understood(invoice_with_table([["2", "Forgotten hose", "1", "m", "4", "4"]]), "invoice")
    assert [row["description"] for row in extraction.data["table_1"]] == ["Pump", "Subtotal", "Forgotten hose"]
    assert any("stand in both" in notice for notice in extraction.notices)


# No row is lost


@st.composite
def grids(draw):
    """A table of distinct texts with cells merged at random, and its head's height."""
    height, width = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    heads = draw(st.integers(0, height - 1))
    taken, cells = set(), []
    for r in range(height):
        for c in range(width):
            if (r, c) in taken:
                continue
            limit = (heads if r < heads else height) - r
            rows, columns = draw(st.integers(1, min(2, limit))), draw(st.integers(1, min(3, width - c)))
            area = {(y, x) for y in range(r, r + rows) for x in range(c, c + columns)}
            if area & taken:
                area, rows, columns = {(r, c)}, 1, 1
            taken |= area
            span = {"rowSpan": rows, "columnSpan": columns} | ({"kind": "columnHeader"} if r < heads else {})
            cells.append({"rowIndex": r, "columnIndex": c, "content": f"r{r}c{c}x", "spans": []} | span)
    return {"rowCount": height, "columnCount": width, "cells": cells}, heads


@given(st.lists(st.tuples(grids(), st.integers(1, 3)), min_size=1, max_size=4))
def test_every_row_and_every_cell_of_every_table_comes_through(made):
    wire_tables = []
    for (table, _), page in sorted(made, key=lambda one: one[1]):
        wire_tables.append(table | {"boundingRegions": [{"pageNumber": page, "polygon": []}]})
    read_back = tables(*wire_tables, pages=3)
    rows = [row for table_rows in read_back.values() for row in table_rows]
    assert len(rows) == sum(table["rowCount"] - heads for (table, heads), _ in made)
    values = [value for row in rows for value in row.values()]
    for (table, heads), _ in made:
        for cell in table["cells"]:
            if cell["rowIndex"] >= heads:
                assert cell["content"] in values
    assert all(set(row) == set(table_rows[0]) for table_rows in read_back.values() for row in table_rows)


def test_a_client_is_closed_when_its_reading_is_over(standin):
    async def closed():
        async with document_client(standin.endpoint, KEY, **FAST) as client:
            session = client._client._client._pipeline._transport
            await client.begin_analyze_document("prebuilt-document", PDF)
            assert session.session is not None
        return session.session

    assert asyncio.run(closed()) is None


def test_unpriced_rows_of_a_table_tell_a_bill_where_no_word_does():
    rows = [("Item", "Description", "Unit", "Qty"), ("1", "25 mm pipe", "Rmt", "310"), ("2", "32 mm pipe", "Rmt", "20"),
            ("3", "Ducts", "Sqm", "90")]
    cells = [
        {"rowIndex": r, "columnIndex": c, "content": text, "kind": "columnHeader" if r == 0 else "content"}
        for r, row in enumerate(rows) for c, text in enumerate(row)
    ]
    table = {"rowCount": 4, "columnCount": 4, "cells": cells}
    told = understood(analyze_result("prebuilt-document", lines=["Thermal insulation"], tables=[table]))
    assert (told.document_type, told.type_confidence) == ("boq", 0.65)
