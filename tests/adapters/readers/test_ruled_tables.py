"""Tables of PDFs by the lines ruled around their cells: heads, pages, sections, sums, and bills of thousands of rows."""

import math
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase.pdfmetrics import stringWidth
from ruled_pages import BILL, BILL_HEAD, Sheets, bill, bill_lines

from kraftd_core.adapters.readers.local.pages.paged import read_pdf

EDGES = (40, 80, 300, 350, 410, 470, 555)
HEAD = ("Item", "Description", "Unit", "Qty", "Rate", "Amount")


def read(pdf):
    return read_pdf(pdf, lambda step: None, math.inf, math.inf)


def values(reading, *names):
    """The line items as tuples of these columns."""
    rows = [row for table in reading.tables if table.name == "line_items" for row in table.rows]
    return [tuple(row[name].value if name in row else None for name in names) for row in rows]


def table(*rows, edges=EDGES, title=None):
    sheets = Sheets()
    if title:
        sheets.text(40, title, 24)
    sheets.table(edges, rows)
    return sheets.pdf()


def field(reading, name):
    return reading.fields[name].value if name in reading.fields else None


# Large bills


def recalled(count, *, ruled, heads):
    lines = bill_lines(count)
    reading = read(bill(lines, ruled=ruled, heads=heads))
    found = set(values(reading, "position", "description", "quantity", "unit_price", "amount"))
    wanted = {(x.position, x.description, float(x.quantity), float(x.price), float(x.amount)) for x in lines}
    assert len(found) == len(lines)
    return len({(*row[:2], *map(float, row[2:])) for row in found} & wanted) / len(wanted)


@pytest.mark.parametrize(("ruled", "heads"), [(True, True), (True, False), (False, True), (False, False)])
def test_every_row_of_a_bill_of_three_pages_is_read_with_its_exact_figures(ruled, heads):
    assert recalled(100, ruled=ruled, heads=heads) == 1


@pytest.mark.large
@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "bare"])
@pytest.mark.parametrize("count", [800, 1_600, 3_200])
def test_every_row_of_a_large_bill_is_read_with_its_exact_figures(count, ruled):
    assert recalled(count, ruled=ruled, heads=True) == 1


def test_the_sections_and_the_total_of_a_bill_over_pages_are_no_lines():
    reading = read(bill(bill_lines(100), ruled=True))
    assert {section for (section,) in values(reading, "section")} == {"PART 1 WORKS", "PART 2 WORKS", "PART 3 WORKS"}
    assert field(reading, "total") == float(sum(line.amount for line in bill_lines(100)))


def test_each_cell_has_its_place_on_its_page():
    reading = read(bill(bill_lines(100), ruled=True))
    last = reading.tables[0].rows[-1]
    assert last["amount"].spot.page == reading.page_count == 3
    left, right = min(last["amount"].spot.polygon[::2]), max(last["amount"].spot.polygon[::2])
    assert BILL[-2] / 595 <= left < right <= BILL[-1] / 595


# Heads


def test_a_head_of_two_rows_names_the_columns_under_its_groups():
    reading = read(table(
        ("Sr. No.", "Description", "Unit", "Total Qty", "Supply", None), ("", "", "", "", "Rate Rs", "Amount Rs"),
        ("1", "PIPING", "", "", "", ""), ("1.1", "DN 150", "m", "270", "10", "2700"), ("1.2", "DN 80", "m", "45", "8", "360"),
    ))  # fmt: skip
    assert values(reading, "position", "description", "quantity", "unit_price", "amount", "section") == [
        ("1.1", "DN 150", 270, 10, 2700, "PIPING"), ("1.2", "DN 80", 45, 8, 360, "PIPING"),
    ]


def test_a_head_that_a_narrow_column_cuts_within_a_word_is_understood():
    reading = read(table(
        ("Item", "Description", "Unit", "Quanti\nty", "Rat\ne", "Amount"),
        ("1", "Cable", "m", "10", "5", "50"), ("2", "Rack", "no", "2", "7", "14"),
    ))  # fmt: skip
    assert values(reading, "quantity", "unit_price", "amount") == [(10, 5, 50), (2, 7, 14)]


def test_rows_without_a_head_are_told_by_their_units_and_quantities():
    reading = read(table(
        ("F", "THERMAL INSULATION", "", "", "Remarks"), ("11.1", "40 mm insulation", "Sqm", "1800", ""),
        ("#REF!", "Pipes, complete:", "", "", "Comply"),
        ("11.2", "25 mm insulation", "Sqm", "RO", ""), ("11.3", "DN 50", "Rmt", "45", ""), edges=EDGES[:6],
    ))  # fmt: skip
    assert values(reading, "position", "unit", "quantity", "remarks") == [
        ("11.1", "Sqm", 1800, None), ("11.2", "Sqm", None, "RO"), ("11.3", "Rmt", 45, None),
    ]
    assert values(reading, "section")[0] == ("THERMAL INSULATION",)


def test_a_head_whose_text_is_the_title_of_its_section_is_a_head():
    reading = read(table(
        ("SR NO", "ACOUSTIC INSULATION", "UOM", "QTY"),
        ("a", "Lining, 25 mm", "Sqm", "1242"), ("b", "Lining, 15 mm", "Sqm", "379"), edges=EDGES[:5],
    ))  # fmt: skip
    assert values(reading, "position", "quantity", "section") == [
        ("a", 1242, "ACOUSTIC INSULATION"), ("b", 379, "ACOUSTIC INSULATION"),
    ]


def test_of_two_columns_that_describe_the_one_that_stays_the_same_is_the_section():
    floors = ("GROUND FLOOR",) * 3 + ("FIRST FLOOR",) * 4
    rows = [(f"2.{n}", at, f"Panel type {n % 3}", "m2", str(n), "10", str(10 * n)) for n, at in enumerate(floors, 2)]
    reading = read(table(("No.", "Item Name", "Item Details", "UOM", "Qty", "Rate", "Amount"), *rows,
                         edges=(40, 80, 190, 320, 360, 410, 470, 555)))  # fmt: skip
    assert values(reading, "description", "section")[0] == ("Panel type 2", "GROUND FLOOR")
    assert values(reading, "description", "section")[-1] == ("Panel type 2", "FIRST FLOOR")


# Pages


def test_a_row_that_a_page_end_cuts_amid_a_sentence_is_one_line():
    sheets = Sheets()
    lines = [("1", "Providing and fixing", "m", "10", "5", "50"), ("2", "Laying of pipes with all", "m", "2", "3", "6")]
    sheets.table(EDGES, [HEAD, *lines])
    sheets.page()
    sheets.table(EDGES, [HEAD, ("", "fittings and supports", "", "", "", ""), ("3", "Painting", "m", "4", "5", "20")])
    assert values(read(sheets.pdf()), "position", "description", "amount") == [
        (1, "Providing and fixing", 50), (2, "Laying of pipes with all fittings and supports", 6), (3, "Painting", 20),
    ]


def test_a_table_that_loses_its_last_column_on_the_next_page_goes_on():
    sheets = Sheets()
    sheets.table(EDGES[:6], [("Item", "Description", "Unit", "Qty", "Remarks"), ("1", "Pipe", "m", "10", "Comply")])
    sheets.page()
    sheets.table(EDGES[:5], [("2", "Valve", "no", "3")])
    assert values(read(sheets.pdf()), "position", "description", "quantity") == [(1, "Pipe", 10), (2, "Valve", 3)]


def test_several_tables_on_a_page_keep_their_titles_and_none_of_their_totals_is_the_whole():
    sheets = Sheets()
    sheets.text(40, "BILL OF QUANTITIES", 24)
    services, cameras = (("Switch", "2", "10", "20"), ("Router", "1", "30", "30")), (("Camera", "4", "5", "20"),)
    for title, things in (("IT SERVICES", services), ("CCTV", cameras)):
        sheets.text(40, title, 8)
        rows = [(str(n), text, "no", *figures) for n, (text, *figures) in enumerate(things, 1)]
        total = str(sum(int(row[-1]) for row in rows))
        sheets.table(EDGES, [HEAD, *rows, ("", "Total", "", "", "", total)])
        sheets.y += 40
    reading = read(sheets.pdf())
    assert values(reading, "description", "section") == [("Switch", "IT SERVICES"), ("Router", "IT SERVICES"), ("Camera", "CCTV")]
    assert field(reading, "total") is None


# Rows


def test_total_tax_and_grand_total_within_the_table_are_the_documents():
    reading = read(table(
        HEAD, ("1", "Cable", "m", "10", "5", "50"), ("2", "Rack", "no", "2", "25", "50"),
        ("", "Total", "", "", "", "100.00"), ("", "VAT", "", "", "", "5.00"), ("", "G.Total", "", "", "", "105.00"),
        title="BILL OF QUANTITIES",
    ))  # fmt: skip
    assert [field(reading, name) for name in ("subtotal", "total_tax", "total")] == [100, 5, 105]
    assert len(values(reading, "amount")) == 2


def test_amounts_that_stand_all_alone_below_the_lines_are_no_lines():
    alone = [("", "", "", "", "", text) for text in ("50", "10", "60")]
    reading = read(table(HEAD, ("1", "Cable", "m", "10", "5", "50"), *alone))
    assert values(reading, "description", "amount") == [("Cable", 50)]


def test_texts_that_say_more_of_the_line_above_are_no_sections():
    reading = read(table(
        HEAD, ("1", "Steel coil", "pc", "10", "5", "50"), ("", "Gross price: 6.00", None, None, None, None),
        ("2", "Bumper", "pc", "2", "25", "50"), ("", "Country of origin: DE", None, None, None, None),
    ))  # fmt: skip
    assert values(reading, "description", "section") == [
        ("Steel coil\nGross price: 6.00", None), ("Bumper\nCountry of origin: DE", None),
    ]


def test_a_number_in_a_line_is_not_the_documents():
    rows = [(f"Bill No. 2.{n}", "Panel", "m2", str(n), "10", str(10 * n)) for n in range(2, 6)]
    reading = read(table(("Item Code", *HEAD[1:]), *rows, title="BILL OF QUANTITIES", edges=(40, 120, *EDGES[2:])))
    assert values(reading, "item_number")[0] == ("Bill No. 2.2",)
    assert field(reading, "number") is None


def test_a_subtotal_between_the_lines_is_no_line_and_not_the_documents():
    lines = [(str(n), "Cable", "m", "10", str(n), str(10 * n)) for n in range(2, 6)]
    subtotal = ("", "Sub-total", "", "", "", "50")
    reading = read(table(HEAD, *lines[:2], subtotal, *lines[2:], ("", "Total", "", "", "", "140"), title="BILL OF QUANTITIES"))
    assert values(reading, "amount") == [(20,), (30,), (40,), (50,)]
    assert (field(reading, "subtotal"), field(reading, "total")) == (None, 140)


def test_a_row_of_unknown_words_over_units_and_figures_is_a_head():
    lines = [(str(n), "Cable", "m", "10", str(n), str(10 * n)) for n in range(2, 6)]
    reading = read(table(("Aa", "Bb", "Cc", "Dd", "Ee", "Ff"), *lines))
    assert values(reading, "quantity", "unit_price", "amount")[0] == (10, 2, 20)
    assert len(values(reading, "amount")) == 4


def test_a_section_of_a_table_without_lines_holds_on_the_next_page():
    sheets = Sheets()
    lines = [(str(n), f"Cable {n}", "m", "10.00", f"{n}.00", f"{10 * n}.00") for n in range(2, 8)]
    sheets.table(EDGES, [HEAD, ("A", "EARTHWORK", "", "", "", ""), *lines[:3]], ruled=False)
    sheets.page()
    sheets.table(EDGES, [HEAD, *lines[3:5], ("B", "CONCRETE WORK", "", "", "", ""), *lines[5:]], ruled=False)
    assert [section for (section,) in values(read(sheets.pdf()), "section")] == ["EARTHWORK"] * 5 + ["CONCRETE WORK"]


def test_number_1_10_stays_as_it_is_printed():
    reading = read(table(HEAD, *[(number, "Pipe", "m", "2", "3", "6") for number in ("1.9", "1.10", "1.11")]))
    assert values(reading, "position") == [("1.9",), ("1.10",), ("1.11",)]


def test_the_figure_of_a_note_in_a_cell_is_no_part_of_its_amount():
    sheets = Sheets()
    sheets.table(EDGES, [HEAD, ("1", "Cable", "m", "10", "5", "50.00"), ("2", "Rack", "no", "2", "7", "14.00")])
    sheets.canvas.setFont("Helvetica", 5)
    sheets.canvas.drawString(EDGES[5] + 3 + stringWidth("14.00", "Helvetica", 9), 842 - sheets.y + 10, "3")
    assert values(read(sheets.pdf()), "amount") == [(50,), (14,)]


def test_a_frame_around_a_text_is_no_table():
    sheets = Sheets()
    sheets.table((40, 555), [("Description Qty Amount",)])
    assert values(read(sheets.pdf()), "description") == []


def test_tables_of_a_page_that_is_turned_are_read_as_they_are_seen():
    upright = bill(bill_lines(12), ruled=True)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(upright)))
    writer.pages[0].transfer_rotation_to_content()
    writer.pages[0].rotate(90)
    out = BytesIO()
    writer.write(out)
    assert len(values(read(out.getvalue()), "amount")) == 12


@pytest.mark.parametrize("head", [BILL_HEAD, ("Pos.", "Bezeichnung", "Einheit", "Menge", "EP", "GP")])
def test_a_ruled_table_is_read_in_other_languages(head):
    figures = ("10,00", "5,00", "50,00") if head[0] == "Pos." else ("10.00", "5.00", "50.00")
    reading = read(table(head, ("1", "Kabel", "m", *figures), ("2", "Rohr", "m", *figures)))
    assert values(reading, "quantity", "unit_price", "amount") == [(10, 5, 50)] * 2


@pytest.mark.parametrize("unit, currency", [("RM", None), ("TL", None), ("m", None)])
def test_a_unit_that_is_a_currency_elsewhere_tells_no_currency(unit, currency):
    rows = [("1", "25 mm pipe", unit, "1507"), ("2", "50 mm pipe", unit, "522"), ("3", "80 mm pipe", "no", "4")]
    reading = read(table(HEAD[:4], *rows, edges=EDGES[:5]))

    assert field(reading, "currency") == currency
    assert values(reading, "unit", "quantity")[0] == (unit, 1507)


def test_the_number_of_a_part_is_not_that_of_the_whole_bill():
    sheets = Sheets()
    sheets.text(40, "BILL OF QUANTITIES", 24)
    sheets.text(40, "Bill No: 3", 40)
    sheets.table(EDGES, [HEAD, ("A", "Blinding", "m2", "10", "5.00", "50.00"), ("B", "Footings", "m3", "2", "20.00", "40.00")])

    assert field(read(sheets.pdf()), "number") is None
