"""The local extractor on every kind of document, and the limits in which it works."""

import asyncio
import io
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from shared_files import DOCUMENTS, needs_documents

from kraftd_core.adapters.readers.local.extractor import ChildLimits, LocalExtractor
from kraftd_core.adapters.readers.local.places import SMALL_BYTES
from kraftd_core.desk.samples import make_sample
from kraftd_core.document.jsontypes import ROW_ID, is_table, without_row_ids
from kraftd_core.errors import DocumentRefused, ReadingTooSlow

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space limits and /proc are Linux's")


def extract(content, name, **settings):
    return asyncio.run(LocalExtractor(**settings).extract(content, name, lambda _: None))


def refusal(content, name, **settings):
    with pytest.raises(DocumentRefused) as refused:
        extract(content, name, **settings)
    return str(refused.value)


def bare(extraction):
    return without_row_ids(extraction.data)


# Text PDFs


def pdf(*lines, pages=1):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, pagesize=(595, 842), invariant=1)
    for _ in range(pages):
        for x, y, text in lines:
            page.setFont("Helvetica", 10)
            page.drawString(x, 842 - y, text)
        page.showPage()
    page.save()
    return out.getvalue()


GERMAN_INVOICE = (
    (60, 60, "Nordlicht Werkzeuge GmbH - Hafenweg 3 - 24103 Kiel"),
    (60, 110, "Backstube Ahrens OHG"),
    (60, 124, "Am Markt 7"),
    (60, 138, "23552 Lübeck"),
    (60, 200, "Rechnung"),
    (60, 230, "Rechnungsnummer:"),
    (200, 230, "NW-0815"),
    (60, 245, "Rechnungsdatum:"),
    (200, 245, "03.11.2025"),
    (60, 260, "Fällig am:"),
    (200, 260, "17.11.2025"),
    (60, 300, "Pos."),
    (90, 300, "Bezeichnung"),
    (300, 300, "Menge"),
    (380, 300, "Einzelpreis"),
    (480, 300, "Betrag"),
    (60, 320, "1"),
    (90, 320, "Teigschaber, Edelstahl"),
    (300, 320, "12 Stk"),
    (380, 320, "8,50"),
    (480, 320, "102,00"),
    (60, 340, "2"),
    (90, 340, "Knethaken für Rührwerk"),
    (300, 340, "1 Stk"),
    (380, 340, "1.298,00"),
    (480, 340, "1.298,00"),
    (90, 352, "mit Kupplung"),
    (380, 380, "Nettobetrag"),
    (480, 380, "1.400,00"),
    (380, 395, "MwSt. 19 %"),
    (480, 395, "266,00"),
    (380, 410, "Gesamtbetrag"),
    (480, 410, "1.666,00 EUR"),
    (60, 700, "IBAN: DE02 1203 0000 0000 2020 51"),
)


@pytest.fixture(scope="module")
def invoice():
    return extract(pdf(*GERMAN_INVOICE), "rechnung.pdf")


def test_a_text_pdf_gives_its_fields_with_names_after_its_kind(invoice):
    fields = {name: value for name, value in invoice.data.items() if name != "line_items"}
    assert fields == {
        "document_type": "invoice",
        "vendor_name": "Nordlicht Werkzeuge GmbH",
        "customer_name": "Backstube Ahrens OHG",
        "invoice_id": "NW-0815",
        "invoice_date": "2025-11-03",
        "due_date": "2025-11-17",
        "currency": "EUR",
        "subtotal": 1400,
        "total_tax": 266,
        "invoice_total": 1666,
        "iban": "DE02 1203 0000 0000 2020 51",
    }
    assert next(iter(invoice.data)) == "document_type"
    assert (invoice.method, invoice.document_type, invoice.page_count) == ("LOCAL", "invoice", 1)


def test_a_text_pdf_gives_its_line_items_with_wrapped_descriptions_joined(invoice):
    assert bare(invoice)["line_items"] == [
        {
            "position": "1",
            "description": "Teigschaber, Edelstahl",
            "quantity": 12,
            "unit": "Stk",
            "unit_price": 8.5,
            "amount": 102,
        },
        {
            "position": "2",
            "description": "Knethaken für Rührwerk mit Kupplung",
            "quantity": 1,
            "unit": "Stk",
            "unit_price": 1298,
            "amount": 1298,
        },
    ]


def test_each_value_of_a_pdf_has_its_place_on_the_page(invoice):
    place = invoice.places["invoice_id"]
    assert place.page == 1
    xs, ys = place.polygon[0::2], place.polygon[1::2]
    assert min(xs) == pytest.approx(200 / 595, abs=0.002)
    assert min(ys) < 230 / 842 < max(ys) + 0.003
    assert all(0 <= share <= 1 for share in place.polygon)
    row = invoice.data["line_items"][1]
    assert invoice.places[f"line_items[{row[ROW_ID]}].amount"].confidence > 0.8
    assert all(place.confidence is None or 0 < place.confidence < 1 for place in invoice.places.values())


def test_a_pdf_without_any_known_field_says_so():
    found = extract(pdf((60, 100, "lorem ipsum dolor")), "a.pdf")
    assert found.document_type == "other"
    assert "line_items" not in found.data


def test_a_sentence_that_speaks_of_a_total_is_not_the_total():
    found = extract(pdf((60, 100, "Invoice 7 total 100.00"), (60, 130, "Report total as 0.00 and approve.")), "a.pdf")
    assert found.data["invoice_total"] == 100


def test_a_made_french_invoice_with_a_stacked_head_and_a_discount_is_read_whole():
    rows = (
        ("Levain de seigle 1 kg", "4", "5,00", "10 %", "18,00"), ("Pétrin, location", "1", "300,00", "0 %", "300,00"),
    )
    lines = [
        (60, 60, "Moulin de la Combe SARL"), (60, 75, "3 chemin du Bief"), (330, 105, "Facturé à"), (330, 120, "Boutique du Lac"),
        (60, 170, "Facture n°"), (200, 170, "Date"), (60, 185, "FA-2031"), (200, 185, "13/11/2025"),
        (60, 230, "Désignation"), (260, 230, "Quantité"), (330, 224, "Prix"), (330, 236, "unitaire"), (410, 236, "Remise"),
        (490, 224, "Montant"), (490, 236, "HT"),
        *((x, 260 + 15 * n, text) for n, row in enumerate(rows) for x, text in zip((60, 260, 330, 410, 490), row, strict=True)),
        (380, 320, "Total HT"), (490, 320, "318,00"), (380, 335, "TVA 20 %"), (490, 335, "63,60"),
        (380, 350, "Total TTC"), (490, 350, "381,60 EUR"),
    ]
    data = bare(extract(pdf(*lines), "a.pdf"))
    expected = {
        "vendor_name": "Moulin de la Combe SARL", "customer_name": "Boutique du Lac", "invoice_id": "FA-2031",
        "invoice_date": "2025-11-13", "currency": "EUR", "subtotal": 318, "total_tax": 63.6, "invoice_total": 381.6,
    }
    assert {name: data.get(name) for name in expected} == expected
    assert data["line_items"] == [
        {"description": "Levain de seigle 1 kg", "quantity": 4, "unit_price": 5, "discount_percent": 10, "amount": 18},
        {"description": "Pétrin, location", "quantity": 1, "unit_price": 300, "discount_percent": 0, "amount": 300},
    ]


@needs_documents
def test_a_french_invoice_with_a_stacked_head_and_a_discount_is_read_whole():
    path = DOCUMENTS / "fx_d05_au-bon-moulin.plain.pdf"
    data = bare(extract(path.read_bytes(), path.name))
    expected = {
        "vendor_name": "Au bon moulin",
        "customer_name": "Ma jolie boutique",
        "invoice_id": "FA-2017-0010",
        "invoice_date": "2017-11-13",
        "currency": "EUR",
        "subtotal": 624.9,
        "total_tax": 46.25,
        "invoice_total": 671.15,
    }
    assert {name: data[name] for name in expected} == expected
    assert data["line_items"][0] == {
        "description": "Nougat de l'Abbaye 250g",
        "quantity": 20,
        "unit": "Unit(s)",
        "unit_price": 4.55,
        "discount_percent": 10,
        "amount": 81.9,
    }
    assert [row["amount"] for row in data["line_items"]] == [81.9, 48, 495]


# The samples


@pytest.mark.slow
def test_the_sample_invoice_is_read_with_its_wrong_line():
    data = bare(extract(make_sample("invoice"), "sample-invoice.pdf"))
    assert (data["document_type"], data["invoice_id"], data["invoice_total"]) == ("invoice", "BF-2026-1047", 3136.8)
    assert (data["vendor_name"], data["customer_name"]) == ("Brindlewick Fixings Ltd", "Halvery & Stroud Builders LLP")
    assert len(data["line_items"]) == 7
    assert data["line_items"][2] | {"quantity": 36, "unit_price": 14.9, "amount": 563.4} == data["line_items"][2]


def test_the_sample_bill_of_quantities_gives_sixty_lines_in_three_sections():
    found = extract(make_sample("boq"), "sample-boq.xlsx")
    rows = bare(found)["line_items"]
    assert found.document_type == "boq"
    assert len(rows) == 60
    assert [row["section"] for row in rows[::20]] == [
        "Groundworks and foundations",
        "Frame, walls and roof",
        "Finishes and services",
    ]
    assert not any("subtotal" in row["description"].lower() for row in rows)
    assert found.data["boq_total"] == pytest.approx(sum(row["amount"] for row in rows))
    assert (found.data["boq_number"], found.data["boq_date"], found.data["currency"]) == ("LPS-BOQ-003", "2026-09-14", "EUR")
    assert rows[9]["position"] == "1.10"
    assert found.confidence is None


def test_the_sample_quotation_is_read_from_word():
    data = bare(extract(make_sample("quotation"), "sample-quotation.docx"))
    items = data.pop("line_items")
    assert data == {
        "document_type": "quotation",
        "vendor_name": "Tessel & Rowe Office Interiors",
        "customer_name": "Osprey Lane Analytics GmbH",
        "quotation_number": "Q-2026-0318",
        "quotation_date": "2026-10-01",
        "valid_until": "2026-10-31",
        "currency": "EUR",
        "subtotal": 27948,
        "total_tax": 5589.6,
        "quotation_total": 33537.6,
    }
    assert len(items) == 6
    assert items[4] == {
        "description": "Lockable pedestal, three drawers",
        "unit": "pcs",
        "quantity": 24,
        "unit_price": 154.75,
        "amount": 3714,
    }


@pytest.mark.ocr
def test_the_sample_receipt_is_recognised_from_its_picture():
    steps = []
    found = asyncio.run(LocalExtractor(ocr_seconds=120).extract(make_sample("receipt"), "sample-receipt.png", steps.append))
    data = bare(found)
    assert (data["document_type"], data["receipt_total"], data["currency"]) == ("receipt", 31.5, "GBP")
    assert (data["receipt_number"], data["receipt_date"]) == ("20817", "2026-10-03")
    assert [row["amount"] for row in data["line_items"]] == [6.8, 5.25, 13.6, 5.85]
    assert found.model.endswith("+ocr")
    assert 0.3 < found.confidence < 1
    assert len(found.places["receipt_total"].polygon) == 8
    assert steps == ["Reading the document", "Preparing text recognition", "Recognising text"]


@pytest.mark.ocr
def test_a_pdf_of_a_scan_is_recognised_page_by_page_and_says_what_was_left_out():
    from PIL import Image

    page = Image.open(io.BytesIO(make_sample("receipt"))).convert("L")
    out = io.BytesIO()
    page.save(out, "PDF", save_all=True, append_images=[Image.new("L", (64, 64), 255)] * 5, resolution=120)
    found = extract(out.getvalue(), "scan.pdf", ocr_seconds=120)
    assert found.data["receipt_total"] == 31.5
    assert found.page_count == 6
    assert any("of 6 scanned pages were read" in notice for notice in found.notices)


# CSV


def test_a_csv_of_any_content_keeps_numbers_as_numbers_and_identifiers_as_texts():
    found = extract(
        b"account,delta,phone,id,day\nA,-12.50,+44 20 7946 0958,000123,2020-05-01\nB,-1.2e3,+1-202-555-0100,0007,2020-05-02\n",
        "a.csv",
    )
    assert bare(found)["rows"] == [
        {"account": "A", "delta": -12.5, "phone": "+44 20 7946 0958", "id": "000123", "day": "2020-05-01"},
        {"account": "B", "delta": -1200, "phone": "+1-202-555-0100", "id": "0007", "day": "2020-05-02"},
    ]


def test_a_csv_of_lines_gives_line_items_under_their_usual_names():
    content = "Artikelnr;Bezeichnung;Menge;Einzelpreis;Betrag\n4711;Schraube;1.000;0,05;50,00\n"
    content += "0815;Mutter;12;1,25;15,00\n;Summe;;;65,00\n"
    found = extract(content.encode("cp1252"), "a.csv")
    assert bare(found)["line_items"] == [
        {"item_number": "4711", "description": "Schraube", "quantity": 1000, "unit_price": 0.05, "amount": 50},
        {"item_number": "0815", "description": "Mutter", "quantity": 12, "unit_price": 1.25, "amount": 15},
    ]
    assert found.data["total"] == 65


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_csv_is_decoded_from_what_its_bytes_say(encoding):
    found = extract("name;betrag\nMüller;-1,50\n".encode(encoding), "a.csv")
    assert bare(found)["rows"] == [{"name": "Müller", "betrag": -1.5}]


def test_an_ambiguous_number_in_a_csv_stays_text():
    assert bare(extract(b'a,b\nx,"1,234"\n', "a.csv"))["rows"] == [{"a": "x", "b": "1,234"}]


def test_a_csv_without_a_head_keeps_every_row():
    assert bare(extract(b"1,2\n3,4\n", "a.csv"))["rows"] == [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]


def test_nul_characters_in_a_csv_are_replaced_visibly_and_counted():
    found = extract(b"a,b\nx\x00y,1\n", "a.csv")
    assert bare(found)["rows"] == [{"a": "x\ufffdy", "b": 1}]
    assert any(notice.startswith("1 NUL character") for notice in found.notices)


@pytest.mark.slow
def test_ten_thousand_rows_of_a_csv_all_arrive():
    content = "n,v\n" + "".join(f"{n},{n / 4}\n" for n in range(10_000))
    rows = bare(extract(content.encode(), "a.csv", parse_seconds=60))["rows"]
    assert len(rows) == 10_000
    assert sum(row["v"] for row in rows) == sum(n / 4 for n in range(10_000))


# Workbooks


def workbook(**sheets):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["Description", "Qty", "Unit price", "Amount"]


def test_sheets_with_equal_heads_become_one_table_with_their_names_as_sections():
    found = extract(workbook(North=[HEAD, ["Door", 2, 10, 20]], South=[HEAD, ["Gate", 1, 30, 30]]), "a.xlsx")
    assert [(row["section"], row["description"]) for row in found.data["line_items"]] == [("North", "Door"), ("South", "Gate")]


def test_sheets_with_other_heads_become_tables_of_their_own():
    from datetime import datetime

    content = workbook(Items=[HEAD, ["Door", 2, 10, 20]], Staff=[["Name", "Since"], ["Ada", datetime(2020, 5, 1)]])
    data = bare(extract(content, "a.xlsx"))
    assert data["line_items"] == [{"description": "Door", "quantity": 2, "unit_price": 10, "amount": 20}]
    assert data["staff"] == [{"name": "Ada", "since": "2020-05-01"}]


@pytest.mark.slow
def test_cells_above_the_head_become_fields():
    rows = [["Request for quotation"], ["RFQ number", "R-7"], ["Response due:", "1 May 2026"], [], HEAD, ["Door", 2, None, None]]
    data = bare(extract(workbook(Sheet=rows), "a.xlsx"))
    assert (data["document_type"], data["rfq_number"], data["response_due_date"]) == ("rfq", "R-7", "2026-05-01")
    assert data["line_items"] == [{"description": "Door", "quantity": 2, "unit_price": None, "amount": None}]


def test_texts_in_a_workbook_stay_texts_however_numeric_they_look():
    rows = bare(extract(workbook(S=[["code", "size"], ["007", 5], ["008", 6.5]]), "a.xlsx"))["rows"]
    assert rows == [{"code": "007", "size": 5}, {"code": "008", "size": 6.5}]


def test_a_formula_without_a_stored_result_is_said_not_hidden():
    found = extract(workbook(S=[["name", "v"], ["=1+1", 5]]), "a.xlsx")
    assert any("Formulas without a stored result" in notice and "A2" in notice for notice in found.notices)


# Word


def test_a_word_table_of_labels_and_values_becomes_fields():
    from docx import Document

    document = Document()
    document.add_heading("Framework contract", 1)
    table = document.add_table(rows=0, cols=2)
    for label, value in (("Contract number", "C-9"), ("Contract date", "2 March 2025"), ("Contract value", "EUR 12,500.00")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    out = io.BytesIO()
    document.save(out)
    assert bare(extract(out.getvalue(), "a.docx")) == {
        "document_type": "contract",
        "contract_number": "C-9",
        "contract_date": "2025-03-02",
        "contract_value": 12500,
        "currency": "EUR",
    }


# JSON


def test_json_is_flattened_lists_are_tables_and_names_that_we_do_not_know_stay():
    content = {
        "document_type": "invoice",
        "total": 10.5,
        "seller": {"name": "A", "address": {"city": "B"}},
        "tags": ["x", "y"],
        "paid": True,
        "due": None,
        "line_items": [{"description": "d", "amount": 10.5, "unit": {"code": "C62"}}],
    }
    assert bare(extract(json.dumps(content).encode(), "a.json")) == {
        "document_type": "invoice",
        "invoice_total": 10.5,
        "vendor_name": "A",
        "seller_address_city": "B",
        "tags": "x, y",
        "paid": True,
        "due": None,
        "line_items": [{"description": "d", "amount": 10.5, "unit_code": "C62"}],
    }


def test_a_json_list_becomes_rows_and_long_numbers_stay_exact():
    rows = bare(extract(b'[{"n": 12345678901234567890, "f": 0.12345678901234567}]', "a.json"))["rows"]
    assert rows == [{"n": "12345678901234567890", "f": "0.12345678901234567"}]


def test_json_names_that_meet_by_flattening_are_all_kept():
    data = bare(extract(b'{"a_b": 1, "a": {"b": 2}, "": 3}', "a.json"))
    assert data == {"document_type": "other", "a_b": 1, "a_b_2": 2, "field": 3}


def test_every_table_has_row_ids_and_a_reserved_column_is_renamed():
    data = extract(b'[{"_row_id": "mine", "n": 1}]', "a.json").data
    assert is_table(data["rows"])
    assert data["rows"][0]["_row_id_"] == "mine"


# Pages as pictures


def png_size(content):
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


def test_a_page_of_a_pdf_is_drawn_within_the_width_of_a_screen():
    image = asyncio.run(LocalExtractor().page_image(pdf(*GERMAN_INVOICE), "a.pdf", 1))
    assert png_size(image) == (pytest.approx(595 * 160 / 72, abs=2), pytest.approx(842 * 160 / 72, abs=2))


def test_a_picture_is_shown_smaller_and_other_kinds_have_no_pages():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (3000, 1500), "white").save(out, "JPEG")
    assert png_size(asyncio.run(LocalExtractor().page_image(out.getvalue(), "a.jpg", 1))) == (1400, 700)
    assert asyncio.run(LocalExtractor().page_image(b"a,b\n1,2\n", "a.csv", 1)) is None


def test_a_page_that_is_not_there_is_refused():
    with pytest.raises(DocumentRefused, match="no page 2"):
        asyncio.run(LocalExtractor().page_image(pdf((60, 60, "x")), "a.pdf", 2))


# Limits


def child(code):
    return (sys.executable, "-c", "import json, os, sys, time\n" + code)


READY = "print(json.dumps({'step': 'reading'}), flush=True)\n"


GIVEN = "given = {'data': {}, 'places': {}, 'document_type': 'other', 'notices': [], 'page_count': 1, 'recognised': 0}\n"


def test_what_a_child_answers_in_our_form_is_taken():
    assert extract(b"x", "a.csv", command=child(GIVEN + "print(json.dumps({'reading': given}))")).document_type == "other"


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_child_that_hangs_is_ended_with_a_sentence(tmp_path):
    code = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{READY}time.sleep(600)"
    assert "takes too long" in refusal(b"x", "a.csv", parse_seconds=0.02, command=child(code))
    assert is_gone(int((tmp_path / "pid").read_text()))


def test_a_clock_on_the_wall_stands_ten_times_behind_the_seconds_for_the_file_and_its_pages():
    limits = ChildLimits(parse_seconds=5, page_seconds=0.2, ocr_seconds=30)
    assert [limits.seconds_of("reading", pages) for pages in (0, 10, -7, 10**9)] == [50, 70, 50, 450]
    assert limits.seconds_of("recognising") == 300


MIXED = READY + GIVEN + "print(json.dumps({'pages': 4}))\n"
SCANS = "print(json.dumps({'step': 'recognising'}), flush=True)\ntime.sleep(600)"


@pytest.mark.parametrize(("scans", "said"), [([3], "Page 3 of the document"), ([2, 3, 5], "Pages 2, 3 and 5 of the document")])
def test_printed_pages_are_kept_when_a_scan_among_them_takes_too_long(scans, said):
    code = f"{MIXED}print(json.dumps({{'printed': {{'reading': given, 'scans': {scans}}}}}))\n{SCANS}"
    (notice,) = extract(b"x", "a.pdf", ocr_seconds=0.02, command=child(code)).notices
    assert notice.startswith(said)
    assert "Try again" in notice


NO_PAGES = ["7", "{'reading': given, 'scans': []}", "{'reading': given, 'scans': 'x'}", "{'scans': [1]}"]


@pytest.mark.parametrize("printed", NO_PAGES)
def test_printed_pages_that_are_none_are_refused(printed):
    code = f"{MIXED}print(json.dumps({{'printed': {printed}}}))\n{SCANS}"
    assert "broke off" in refusal(b"x", "a.pdf", ocr_seconds=0.02, command=child(code))


def test_a_file_that_takes_too_long_may_be_tried_again():
    with pytest.raises(ReadingTooSlow, match="try again"):
        extract(b"x", "a.csv", parse_seconds=0.02, command=child(f"{READY}time.sleep(600)"))


def test_a_child_cannot_wind_up_its_clock_by_repeating_a_step():
    code = f"while True:\n    {READY}"
    assert "broke off" in refusal(b"x", "a.csv", parse_seconds=600, command=child(code))


@LINUX
def test_a_child_that_holds_too_much_memory_is_ended_with_a_sentence():
    code = READY + "hold = bytearray(300 * 2**20)\ntime.sleep(600)"
    limits = ChildLimits(parse_seconds=60, resident_megabytes=150)
    assert "more memory" in refusal(b"x", "a.csv", limits=limits, command=child(code))


@LINUX
def test_a_document_that_needs_more_memory_than_allowed_is_refused_by_the_child_itself():
    content = json.dumps([{"n": n} for n in range(40_000)]).encode()
    assert "more memory" in refusal(content, "a.json", limits=ChildLimits(parse_seconds=60, parse_megabytes=4))


@pytest.mark.parametrize(
    "code",
    [
        "sys.exit(3)",
        "print('rubbish')",
        "print('[1, 2]')",
        "print('[' * 100000)",
        "print(json.dumps({}))",
        "print(json.dumps({'refused': 5}))",
        "print(json.dumps({'fault': 'KeyError at x.py:1'}))",
        "print(json.dumps({'reading': 7}))",
        GIVEN + "given['document_type'] = 'poem'; print(json.dumps({'reading': given}))",
        GIVEN + "given['ledger'] = [{'rows_seen': 'many'}]; print(json.dumps({'reading': given}))",
        GIVEN + "given['data'] = {'a': {'b': 1}}; print(json.dumps({'reading': given}))",
        GIVEN + "given['places'] = {'a': [7, 1, None]}; print(json.dumps({'reading': given}))",
        "os.kill(os.getpid(), 9)",
    ],
)
def test_whatever_a_broken_child_says_is_refused_with_a_sentence(code):
    assert "broke off" in refusal(b"x", "a.csv", command=child(code))


def test_an_answer_without_end_is_refused():
    assert refusal(b"x", "a.csv", command=child("while True:\n    os.write(1, b'x' * 2**20)")).startswith(
        "The file needs more memory"
    )


def test_cancelling_ends_the_child(tmp_path):
    code = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{READY}time.sleep(600)"

    async def cancel_when_it_reads():
        reads = asyncio.Event()
        extractor = LocalExtractor(parse_seconds=600, command=child(code))
        work = asyncio.create_task(extractor.extract(b"x", "a.csv", lambda _: reads.set()))
        await reads.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancel_when_it_reads())
    assert is_gone(int((tmp_path / "pid").read_text()))


def test_no_more_than_two_large_documents_are_read_at_once(tmp_path):
    code = (
        f"here = {str(tmp_path)!r}\nmine = os.path.join(here, str(os.getpid()))\nopen(mine, 'w').close()\n{READY}"
        "print(json.dumps({'step': 'loading'}), flush=True)\nseen = len(os.listdir(here))\ntime.sleep(0.3)\n"
        "seen = max(seen, len(os.listdir(here)))\nos.remove(mine)\nprint(json.dumps({'refused': str(seen)}))"
    )

    async def five():
        extractor = LocalExtractor(command=child(code))
        large = b"x" * (SMALL_BYTES + 1)
        tasks = (extractor.extract(large, "a.csv", lambda _: None) for _ in range(5))
        return await asyncio.gather(*tasks, return_exceptions=True)

    seen = [int(str(refused)) for refused in asyncio.run(five())]
    assert len(seen) == 5
    assert max(seen) == 2


def test_the_child_sees_none_of_our_settings_or_keys(monkeypatch):
    monkeypatch.setenv("KRAFTD_OPENAI_API_KEY", "secret")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")
    names = refusal(b"x", "a.csv", command=child("print(json.dumps({'refused': ' '.join(sorted(os.environ))}))")).split()
    assert "PYTHONPATH" in names
    assert not [name for name in names if name.startswith(("KRAFTD", "AZURE"))]


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_the_child_reaches_neither_the_network_nor_other_programs(attempt):
    code = f"from kraftd_core.adapters.readers.local.child import _forbid_network_and_processes as f; f()\n{attempt}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert ran.returncode == 1
    assert "PermissionError" in ran.stderr


def test_a_csv_is_read_without_loading_any_parser_of_other_kinds_nor_what_only_the_application_needs():
    code = (
        "import sys; from kraftd_core.adapters.readers.local import child; child._import_for('csv')\n"
        "from kraftd_core.adapters.readers.local.office.sheets import read_csv; read_csv(b'a,b\\n1,2')\n"
        "heavy = 'pdfplumber pypdf pypdfium2 openpyxl docx numpy PIL rapidocr_onnxruntime pydantic asyncio'.split()\n"
        "print([module for module in heavy if module in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True)
    assert ran.stdout.strip() == "[]"
