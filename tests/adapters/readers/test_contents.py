"""Documents without pages are shown as what they hold, as far as a screen can take it, and read like all hostile input."""

import asyncio
import io
import zipfile
from datetime import date, datetime
from types import SimpleNamespace

import openpyxl
import pytest
from docx import Document
from fakes import ACTOR, Clock, make_desk

from kraftd_core.adapters.readers.azure import AzureExtractor
from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.readers.local.office.contents import _as_formatted, contents_of
from kraftd_core.errors import DocumentRefused, NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.ports.reading import SheetView, TextView


def workbook(**sheets):
    """A workbook of these sheets; a cell may be a value with its number format."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(rows, 1):
            for c, cell in enumerate(row, 1):
                value, number_format = cell if isinstance(cell, tuple) else (cell, None)
                sheet.cell(r, c, value)
                if number_format:
                    sheet.cell(r, c).number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def letter():
    """Two paragraphs, a table with a merged head, and a last paragraph."""
    document = Document()
    document.add_paragraph("Dear Ms Adler,")
    document.add_paragraph("we offer:\nthe following")
    table = document.add_table(2, 3)
    for cell, text in zip(table.rows[0].cells, ("Item", "", "Price"), strict=True):
        cell.text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    for cell, text in zip(table.rows[1].cells, ("Desk", "oak", "489.00"), strict=True):
        cell.text = text
    document.add_paragraph("Yours sincerely")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# Sheets


def test_the_cells_of_a_workbook_keep_their_places_and_look_as_they_are_formatted():
    rows = [["Bill"], [], [None, (1450, "#,##0.00"), (0.2, "0%"), 2.5, True, date(2026, 9, 14), datetime(2026, 9, 14, 8, 30)]]
    (sheet,) = contents_of(workbook(BOQ=rows), "xlsx")
    assert sheet["title"] == "BOQ"
    assert sheet["rows"] == [
        ["Bill", "", "", "", "", "", ""],
        [""] * 7,
        ["", "1,450.00", "20%", "2.5", "TRUE", "2026-09-14", "2026-09-14 08:30"],
    ]
    assert (sheet["more_rows"], sheet["more_columns"]) == (0, 0)


@pytest.mark.parametrize(("value", "number_format", "shown"), [
    (1450, "General", 1450), (-3.5, "#,##0.00;[Red]-#,##0.00", "-3.50"), (12.5, '#,##0.00 "€"', "12.50"),
    (0.125, "0.0%", "12.5%"), (1.5, "# ?/?", 1.5), (1e6, "0.00E+00", 1e6), (7, "@", 7), (True, "0", True), ("7", "0.00", "7"),
])  # fmt: skip
def test_a_number_looks_as_usual_formats_say_and_else_as_it_is(value, number_format, shown):
    assert _as_formatted(SimpleNamespace(value=value, number_format=number_format)) == shown


def test_of_a_large_sheet_the_first_part_is_shown_and_the_rest_counted():
    rows = [[f"{r}.{c}" for c in range(45)] for r in range(260)]
    (sheet,) = contents_of(workbook(Large=rows), "xlsx")
    assert (len(sheet["rows"]), {len(row) for row in sheet["rows"]}) == (200, {40})
    assert (sheet["more_rows"], sheet["more_columns"]) == (60, 5)
    assert sheet["rows"][-1][-1] == "199.39"


def test_empty_rows_at_the_end_are_neither_shown_nor_counted():
    rows = [["a"], *[[None]] * 300, [""]]
    (sheet,) = contents_of(workbook(Short=rows), "xlsx")
    assert (sheet["rows"], sheet["more_rows"]) == ([["a"]], 0)


def test_hidden_sheets_are_not_shown():
    book = openpyxl.load_workbook(io.BytesIO(workbook(Open=[["a"]], Secret=[["b"]])))
    book["Secret"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [sheet["title"] for sheet in contents_of(out.getvalue(), "xlsx")] == ["Open"]


def test_a_csv_is_shown_in_its_cells_whatever_its_delimiter():
    (sheet,) = contents_of("Größe;Preis\n10;\"1;5\"\n\x00;2\n".encode("cp1252"), "csv")
    assert sheet["rows"] == [["Größe", "Preis"], ["10", "1;5"], ["\ufffd", "2"]]


def test_a_long_cell_is_cut():
    (sheet,) = contents_of(b"a,b\n" + b"x" * 5_000 + b",2\n", "csv")
    assert len(sheet["rows"][1][0]) == 301


# Letters and texts


def test_a_letter_is_shown_in_its_order_and_a_merged_cell_once():
    before, table, after = contents_of(letter(), "docx")
    assert before["text"] == "Dear Ms Adler,\nwe offer:\nthe following"
    assert table["rows"] == [["Item", "", "Price"], ["Desk", "oak", "489.00"]]
    assert after["text"] == "Yours sincerely"


def test_json_is_set_out_in_lines_with_its_numbers_and_texts_as_written():
    (shown,) = contents_of(b'{"a":1.50,"b":["x",{"c":"1,\\"{"}],"d":{},"e":1e400}', "json")
    assert shown["text"].splitlines() == [
        "{", '  "a": 1.50,', '  "b": [', '    "x",', "    {", '      "c": "1,\\"{"', "    }", "  ],", '  "d": {', "  },",
        '  "e": 1e400', "}",
    ]  # fmt: skip
    assert shown["language"] == "json"


def test_deeply_nested_json_is_shown_without_growing_past_all_bounds():
    (shown,) = contents_of(b"[" * 100_000, "json")
    assert shown["more_lines"] > 90_000
    assert max(map(len, shown["text"].splitlines())) < 200


def test_xml_is_set_out_in_lines_and_one_that_declares_entities_is_refused():
    (shown,) = contents_of(b"<a><!-- x --><b>1</b><c/></a>", "xml")
    assert shown["text"] == "<a>\n  <b>1</b>\n  <c/>\n</a>"
    with pytest.raises(Refused):
        contents_of(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml")


def test_characters_that_no_screen_takes_are_replaced():
    (shown,) = contents_of(b'{"a":"\x07"}', "json")
    assert "\x07" not in shown["text"]


def test_a_workbook_that_cannot_be_opened_is_refused():
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(Refused):
        contents_of(broken.getvalue(), "xlsx")


# By the reader's process


def test_contents_come_from_the_readers_process_in_our_own_types():
    reader = LocalExtractor()
    assert asyncio.run(reader.content_view(b"a,b\n1,2\n", "a.csv")) == (SheetView("", (("a", "b"), ("1", "2"))),)
    assert asyncio.run(reader.content_view(b"{}", "a.json")) == (TextView("{\n}", "json"),)
    with pytest.raises(DocumentRefused, match="not an Excel workbook"):
        asyncio.run(reader.content_view(b"a,b\n1,2\n", "a.xlsx"))


def test_pictures_have_pages_and_no_contents_to_show():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    assert asyncio.run(LocalExtractor().content_view(out.getvalue(), "a.png")) is None


def test_the_azure_extractor_has_contents_read_on_this_machine():
    class Local:
        async def content_view(self, content, name):
            return (TextView(name),)

    assert asyncio.run(AzureExtractor(None, Local()).content_view(b"", "a.docx")) == (TextView("a.docx"),)


@pytest.mark.anyio
async def test_contents_are_read_once_and_shown_to_their_owner_alone(tmp_path, monkeypatch):
    desk = make_desk(tmp_path, Clock())
    asked = []

    async def read(content, name):
        asked.append(name)
        return (TextView("x"),)

    monkeypatch.setattr(desk._extractor, "content_view", read, raising=False)
    workflow = await desk.read(ACTOR, "in.docx", b"PK", lambda step: None)
    assert [await desk.content_view(ACTOR, workflow) for _ in range(3)] == [(TextView("x"),)] * 3
    assert asked == ["in.docx"]
    with pytest.raises(NotFound):
        await desk.content_view(Actor.of("eve@example.com"), workflow)
