"""Line items of text PDFs, in layouts and wordings of many issuers, drawn for these tests."""

import math

import pytest
from table_pages import table_pdf

from kraftd_core.adapters.readers.local.pages.page import read_pages
from kraftd_core.adapters.readers.local.pages.paged import _printed, read_pdf

pytestmark = pytest.mark.slow

FIRST, SECOND = range(36), range(1000, 1036)


def items_of(pdf):
    tables = [table for table in read_pages(_printed(pdf, math.inf).pages).tables if table.name == "line_items"]
    return tables[0].rows if tables else []


def value(row, name):
    return row[name].value if name in row else None


def is_read(row, item):
    description, _, _, amount = item
    wanted = set(description.split())
    found = set(str(value(row, "description")).split())
    return value(row, "amount") == pytest.approx(float(amount)) and len(wanted & found) >= 0.6 * len(wanted)


def score(seeds, *, fresh):
    """F1 of the line items over all documents: right ones among those given and those printed."""
    hits = given = printed = 0
    for seed in seeds:
        pdf, truth = table_pdf(seed, fresh=fresh)
        left = items_of(pdf)
        given, printed = given + len(left), printed + len(truth)
        for item in truth:
            if row := next((row for row in left if is_read(row, item)), None):
                left.remove(row)
                hits += 1
    return 2 * hits / (given + printed)


def test_line_items_are_read_in_six_languages_and_many_layouts():
    assert score(FIRST, fresh=False) >= 0.97


def test_line_items_are_read_under_wordings_of_a_second_round():
    assert score(SECOND, fresh=True) >= 0.97


def test_columns_are_told_by_their_figures_when_no_heading_is_known(monkeypatch):
    monkeypatch.setattr("kraftd_core.adapters.readers.local.pages.tables.find_head", lambda page: None)
    assert score(FIRST, fresh=False) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize(("count", "pages"), [(1030, 20), pytest.param(3100, 60, marks=pytest.mark.large)])
def test_every_row_of_a_table_over_many_pages_arrives(count, pages):
    pdf, truth = table_pdf(7, count=count)
    reading = read_pdf(pdf, lambda step: None, 120.0, 120.0)
    rows = next(table.rows for table in reading.tables if table.name == "line_items")
    assert reading.page_count == pages
    assert reading.notices == []
    assert [value(row, "position") for row in rows] == [str(n) for n in range(1, count + 1)]
    assert [value(row, "amount") for row in rows] == [pytest.approx(float(item[3])) for item in truth]


def test_each_cell_of_a_late_page_has_its_place():
    pdf, _ = table_pdf(7, count=400)
    reading = read_pdf(pdf, lambda step: None, 120.0, 120.0)
    spot = reading.tables[0].rows[-1]["amount"].spot
    assert spot.page == reading.page_count
    assert spot.confidence == pytest.approx(0.97)
    assert all(0 <= part <= 1 for part in spot.polygon)


def drawn(*lines):
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 10)
    for x, y, text in lines:
        canvas.drawString(x, 842 - y, text)
    canvas.save()
    return out.getvalue()


def test_lines_that_add_up_to_the_next_are_line_items_without_any_head():
    rows = items_of(drawn(
        (60, 60, "Rechnung 17"), (60, 200, "Haftpflicht"), (400, 200, "50,00 €"), (60, 214, "Hausrat"), (400, 214, "25,50 €"),
        (60, 228, "Gesamtbeitrag"), (400, 228, "75,50 €"),
    ))
    assert [(value(row, "description"), value(row, "amount")) for row in rows] == [("Haftpflicht", 50), ("Hausrat", 25.5)]


def test_net_tax_and_total_that_add_up_are_no_line_items():
    assert items_of(drawn(
        (60, 60, "Invoice 17"), (60, 200, "Subtotal"), (400, 200, "50.00"), (60, 214, "VAT"), (400, 214, "10.00"),
        (60, 228, "Total"), (400, 228, "60.00"),
    )) == []


def test_a_subtotal_within_the_table_ends_it_not():
    head = ((50, "Description"), (300, "Qty"), (380, "Price"), (480, "Amount"))
    first = ((50, "Steel angle"), (300, "2"), (380, "10.00"), (480, "20.00"))
    last = ((50, "Glass pane"), (300, "3"), (380, "5.00"), (480, "15.00"))
    sums = ((50, "Subtotal"), (480, "20.00"))
    lines = [(x, 200 + 16 * n, text) for n, line in enumerate((head, first, sums, last)) for x, text in line]
    rows = items_of(drawn(*lines, (400, 280, "Total"), (480, 280, "35.00")))
    assert [value(row, "description") for row in rows] == ["Steel angle", "Glass pane"]


def test_a_section_within_the_table_stands_in_a_column_of_its_own():
    head = ((50, "Description"), (300, "Qty"), (380, "Price"), (480, "Amount"))
    first = ((50, "Steel angle"), (300, "2"), (380, "10.00"), (480, "20.00"))
    last = ((50, "Glass pane"), (300, "3"), (380, "5.00"), (480, "15.00"))
    lines = [(x, 200 + 16 * n, text) for n, line in enumerate((head, first, ((50, "Section 2"),), last)) for x, text in line]
    rows = items_of(drawn(*lines, (400, 280, "Total"), (480, 280, "35.00")))
    assert [value(row, "description") for row in rows] == ["Steel angle", "Glass pane"]
    assert [value(row, "section") for row in rows] == [None, "Section 2"]
