"""Workbooks of every format are read alike; what is no workbook of ours is refused with the way out."""

import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.local.guards import kind_of_file
from kraftd_core.adapters.readers.local.office.contents import contents_of
from kraftd_core.adapters.readers.local.office.sheets import NOTHING_FOUND, read_workbook

OLD = Path(__file__).parents[2] / "fixtures" / "bill.xls"
ROWS = [[n, f"Concrete C{20 + n}", "m3", 10 * n, 5.5, 55 * n, date(2026, 5, n)] for n in range(1, 5)]
GRID = [
    ["Bill of quantities"], ["Project:", "Tower 2"], ["Item", "Description", "Unit", "Qty", "Rate", "Amount", "Delivery"], *ROWS,
    [None, "Total", None, None, None, 550],
]  # fmt: skip


def xlsx(grid=GRID):
    book = Workbook()
    book.active.title = "Bill"
    for row in grid:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content, changes):
    """The archive with the texts of its XML parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in changes:
                part = part.replace(before, after)
            new.writestr(name, part)
    return out.getvalue()


def strict():
    base, office = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    return repacked(
        xlsx(),
        [
            (base + b"spreadsheetml/2006/main", office + b"spreadsheetml/main"),
            (base + b"officeDocument/2006/relationships", office + b"officeDocument/relationships"),
        ],
    )


def with_macros():
    plain = b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return repacked(xlsx(), [(plain, b"ms-excel.sheet.macroEnabled.main+xml")])


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods(rows, mimetype=MIMETYPE):
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    sheet = f'<table:table table:name="Bill">{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return out.getvalue()


def ods_row(row):
    return f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(cell, more=""):
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"{more}><text:p>{cell}</text:p></table:table-cell>'
    kind, name = ("date", "date-value") if isinstance(cell, date) else ("float", "value")
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{cell}"{more}><text:p>{cell}</text:p></table:table-cell>'


def record(kind, payload=b""):
    """A record of a binary workbook: its type and length in sevens of bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(payload), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + length + payload


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_cell(column, cell):
    where = struct.pack("<II", column, 0)
    if isinstance(cell, str):
        return record(6, where + wide(cell))  # BrtCellSt
    return record(5, where + struct.pack("<d", cell))  # BrtCellReal


def xlsb(grid):
    rows = b""
    for n, row in enumerate(grid):
        rows += record(0, struct.pack("<IIHBBBI", n, 0, 300, 0, 0, 0, 0))  # BrtRowHdr
        rows += b"".join(xlsb_cell(at, cell) for at, cell in enumerate(row) if isinstance(cell, (str, int, float)))
    extent = struct.pack("<IIII", 0, len(grid) - 1, 0, 6)
    sheet = record(129) + record(148, extent) + record(145) + rows + record(146) + record(130)
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("Bill")
    book = record(131) + record(153, b"\0" * 12) + record(143) + record(156, bundle) + record(144) + record(132)
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        target = f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{links}">{target}</Relationships>')
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


FILES = {
    "bill.xlsx": xlsx, "bill.xlsm": with_macros, "strict.xlsx": strict, "bill.xls": OLD.read_bytes,
    "bill.ods": lambda: ods(map(ods_row, GRID)), "bill.xlsb": lambda: xlsb(GRID),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bill_is_read_alike_in_every_format(name):
    content = FILES[name]()

    reading = read_workbook(content, kind_of_file(content, name))

    (table,) = reading.tables
    rows = [{column: found.value for column, found in row.items()} for row in table.rows]
    assert reading.document_type == "boq"
    assert reading.fields["project_name"].value == "Tower 2"
    assert [(row["position"], row["description"], row["quantity"], row["amount"]) for row in rows] == [
        (n, f"Concrete C{20 + n}", 10 * n, 55 * n) for n in range(1, 5)
    ]
    assert reading.ledger is not None
    assert [entry.as_json()["left_out"] for entry in reading.ledger] in ([[]], [[{"why": "total", "rows": 1}]])


@pytest.mark.parametrize("name", [name for name in FILES if name != "bill.xlsb"])  # which is made without formats of dates
def test_dates_are_dates_in_every_format(name):
    content = FILES[name]()

    (table,) = read_workbook(content, kind_of_file(content, name)).tables

    assert [row["delivery"].value for row in table.rows] == [f"2026-05-0{n}" for n in range(1, 5)]


@pytest.mark.parametrize("name", FILES)
def test_every_format_can_be_looked_at(name):
    content = FILES[name]()

    (sheet,) = contents_of(content, kind_of_file(content, name))

    assert sheet["title"] == "Bill"
    assert "Concrete C21" in [cell for row in sheet["rows"] for cell in row]


def test_a_hidden_sheet_of_an_old_workbook_is_told():
    assert read_workbook(OLD.read_bytes(), "xls").notices == ["1 hidden or surplus sheet was not read."]


def test_a_workbook_is_what_its_content_is_whatever_its_ending():
    assert kind_of_file(OLD.read_bytes(), "bill.xlsx") == "xls"
    assert kind_of_file(xlsx(), "bill.xls") == "xlsx"


def test_a_workbook_in_which_nothing_was_found_says_so():
    assert NOTHING_FOUND in read_workbook(xlsx([])).notices


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.doc", OLE + "WordDocument".encode("utf-16-le"), "save it as .docx or PDF"),
        ("letter.docx", OLE + "WordDocument".encode("utf-16-le"), "save it as .docx or PDF"),
        ("letter.doc", b"anything", "save it as .docx or PDF"),
        ("letter.odt", ods([], "application/vnd.oasis.opendocument.text"), "save it as .docx or PDF"),
        ("bill.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password protected"),
        ("bill.xls", OLE, "upload it as a PDF"),
        ("bill.xls", b"<html><table><tr><td>Pump</td></tr></table></html>", "Save it as the right kind"),
    ],
)
def test_what_is_not_read_is_refused_with_the_way_out(name, content, said):
    with pytest.raises(Refused, match=said):
        kind_of_file(content, name)


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
@pytest.mark.parametrize("length", [0.3, 0.6, 0.95])
def test_a_workbook_that_breaks_off_is_refused_or_read_in_part(kind, length):
    content = FILES[f"bill.{kind}"]()
    cut = content[: int(len(content) * length)]

    try:
        read_workbook(cut, kind_of_file(cut, f"bill.{kind}"))
    except Refused as refusal:
        assert "damaged" in str(refusal) or "content is not" in str(refusal)


def test_a_cell_that_is_said_to_be_repeated_without_end_is_refused():
    bomb = ods(['<table:table-row table:number-rows-repeated="1048576">' + ods_cell(7, ' table:number-columns-repeated="1048576"')
                + "</table:table-row>"])  # fmt: skip

    with pytest.raises(Refused, match="range is too large"):
        read_workbook(bomb, "ods")


def test_empty_cells_to_the_end_of_the_sheet_are_no_harm():
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'

    (table,) = read_workbook(ods([*map(ods_row, GRID), rest]), "ods").tables

    assert len(table.rows) == 4


def test_hidden_columns_are_told():
    book = Workbook()
    for row in GRID:
        book.active.append(row)
    book.active.column_dimensions["E"].hidden = True
    out = io.BytesIO()
    book.save(out)

    assert "1 hidden column was read like the others." in read_workbook(out.getvalue()).notices
