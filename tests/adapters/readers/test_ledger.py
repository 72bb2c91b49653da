"""The ledger of rows: what looks like a row is counted by the words and cells, and nothing of it is lost in silence."""

from decimal import Decimal

import pytest

from kraftd_core.adapters.readers.common.ledger.cells import count_cells
from kraftd_core.adapters.readers.common.ledger.counts import gaps_in, is_sum, why_by_words
from kraftd_core.adapters.readers.common.ledger.pages import TakenCell, count_pages
from kraftd_core.adapters.readers.common.words import Word, page_of

LEFTS = (40, 70, 300, 360, 420, 500)
HEAD = ("Pos", "Description", "Qty", "Unit", "Price", "Amount")
ROWS = (
    ("1", "Concrete C25", "10", "m3", "80.00", "800.00"),
    ("2", "Steel bars", "4", "t", "900.00", "3,600.00"),
    ("3", "Formwork", "25", "m2", "12.00", "300.00"),
    ("4", "Blinding", "6", "m3", "50.00", "300.00"),
)


def words_at(top, texts, lefts=LEFTS):
    """A line of cells: words five wide for each letter, figures and texts alike from the left of their column."""
    words = []
    for left, cell in zip(lefts, texts, strict=False):
        x = left
        for text in cell.split():
            words.append(Word(text, x, top, x + 5 * len(text), top + 9))
            x += 5 * len(text) + 3
    return words


def page(*lines, number=1):
    return page_of([word for n, line in enumerate(lines) for word in words_at(40 + 14 * n, line)], number, 595, 842)


def box(page, column, text, value, nth=0):
    """The cell that was taken where this text is printed."""
    found = [word for line in page.lines for word in line.words if word.text == text]
    spot = page.spot([found[nth]], 1.0)
    return TakenCell(column, value, spot.page, spot.polygon)


def taken(page, row):
    position, description, quantity, _, price, amount = row
    figures = {"quantity": quantity, "unit_price": price, "amount": amount}
    cells = [TakenCell(name, float(text.replace(",", "")), None, None) for name, text in figures.items()]
    return [box(page, "position", position, position), TakenCell("description", description, None, None), *cells]


def counted(pages, rows, known=()):
    return [count.as_json() for count in count_pages(pages, rows, [], known, ".")]


def test_a_page_whose_rows_were_all_taken_has_nothing_left_out():
    full = page(HEAD, *ROWS, ("", "Total", "", "", "", "5,000.00"))

    (entry,) = counted([full], [taken(full, row) for row in ROWS])

    assert (entry["rows_seen"], entry["rows_taken"], entry["left_out"]) == (4, 4, [])
    assert entry["sums"] == [{"column": "amount", "taken": 5000, "printed": 5000}]


@pytest.mark.parametrize("lost", range(4))
def test_a_row_that_was_not_taken_is_missed_wherever_it_stands(lost):
    full = page(HEAD, *ROWS)

    (entry,) = counted([full], [taken(full, row) for n, row in enumerate(ROWS) if n != lost])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}]
    assert entry["rows_seen"] == 4


def test_rows_are_seen_where_no_table_was_found_at_all():
    (entry,) = counted([page(HEAD, *ROWS)], [])

    assert (entry["rows_seen"], entry["rows_taken"]) == (4, 0)


def test_a_row_swallowed_by_the_description_of_the_one_above_is_missed():
    full = page(HEAD, *ROWS[:2])
    first = [box(full, "position", "1", 1), TakenCell("amount", 800.0, None, None)]
    swallowing = TakenCell("description", "Concrete C25 Steel bars 4 900.00", 1, full.spot(full.lines[2].words, 1.0).polygon)

    (entry,) = counted([full], [[*first, swallowing]])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}]


def test_of_two_equal_rows_one_that_was_not_taken_is_missed():
    full = page(HEAD, ROWS[0], ROWS[0], ROWS[1])
    unplaced = [TakenCell("quantity", 10, None, None), TakenCell("amount", 800.0, None, None)]

    (entry,) = counted([full], [unplaced, taken(full, ROWS[1])])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("", "Subtotal section A", "", "", "12.00", "4,700.00"), "total"),
        (("", "Carried forward", "", "", "12.00", "4,700.00"), "carried_over"),
        (("", "VAT 20%", "", "", "12.00", "940.00"), "total"),
        (("", "Note: prices hold until", "", "", "12.00", "940.00"), "note"),
    ],
)
def test_totals_taxes_and_notes_among_the_rows_are_no_rows(line, why):
    full = page(HEAD, *ROWS, line)

    (entry,) = counted([full], [taken(full, row) for row in ROWS])

    assert entry["left_out"] == [{"why": why, "rows": 1}]


def test_an_item_that_is_called_total_but_numbered_is_a_row():
    full = page(HEAD, *ROWS, ("5", "Total station rental", "2", "day", "40.00", "80.00"))

    (entry,) = counted([full], [taken(full, row) for row in ROWS])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}]


def test_numbered_positions_with_a_quantity_under_their_text_are_seen():
    lines = []
    for n in range(1, 5):
        lines += [(f"01.02.00{n}0", "Wall of bricks, laid in mortar"), ("", "and pointed on both sides"), ("", "", "12,000 m2")]

    (entry,) = counted([page(*lines)], [])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 4}]


def test_amounts_that_a_total_below_them_adds_up_are_rows_even_without_columns():
    bill = page(("", "Hosting plan M ........ 20.00"), ("", "Storage ....... 5.50"), ("", "Total ...... 25.50"))

    (entry,) = counted([bill], [])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 2}]


@pytest.mark.parametrize(
    "lines",
    [
        [("Invoice 4711", "12 Main Street, 12345 Town"), ("Customer 99", "Date 2026-01-02")],
        [("1.", "Scope. Delivery is within 30 days of the order."), ("2.", "Term. It ends after 24 months, on 90 days notice.")],
        [("Mo. - Fr.", "open from", "8.00", "to", "17.30 Uhr"), ("Sa. only", "open from", "9.00", "to", "12.30 Uhr")],
        [("IBAN", "DE89 3704 0044 0532 0130 00"), ("BIC", "COBADEFFXXX"), ("Tel", "+49 30 1234567")],
        [("", "VAT 19%", "", "", "10.00", "1.90"), ("", "VAT 7%", "", "", "50.00", "3.50"), ("", "Total", "", "", "60", "5.40")],
        [("19 %", "USt auf", "", "", "100.00", "19.00"), ("7 %", "USt auf", "", "", "50.00", "3.50")],
    ],
)
def test_what_stands_around_rows_raises_no_alarm(lines):
    assert not [left for entry in counted([page(*lines)], []) for left in entry["left_out"] if left["why"] == "not_understood"]


# Cells


GRID = [list(HEAD), *([int(row[0]), row[1], int(row[2]), row[3], float(row[4].replace(",", "")), float(row[5].replace(",", ""))]
                      for row in ROWS)]  # fmt: skip


def as_rows(grid):
    return [dict(zip(("position", "description", "quantity", "unit", "unit_price", "amount"), row, strict=True)) for row in grid]


@pytest.mark.parametrize("lost", range(1, 5))
def test_a_row_of_a_sheet_that_was_not_taken_is_missed(lost):
    kept = [row for n, row in enumerate(GRID) if n not in (0, lost)]

    count = count_cells("Bill", GRID, as_rows(kept), [], ".").as_json()

    assert count["left_out"] == [{"why": "not_understood", "rows": 1}]
    assert (count["sheet"], count["rows_seen"], count["rows_taken"]) == ("Bill", 4, 3)


def test_sections_totals_fields_and_counted_columns_of_a_sheet_are_no_lost_rows():
    around = [["Project:", "Tower", "No.", 17], [1, 2, 3, 4, 5, 6], ["A", "EARTHWORK", None, None, None, None]]
    grid = [around[0], GRID[0], *around[1:], *GRID[1:], [None, "Total", None, None, None, 5000.0]]

    count = count_cells("Bill", grid, as_rows(GRID[1:]), ["Project", "Tower", "No.", 17], ".").as_json()

    assert {left["why"] for left in count["left_out"]} <= {"head", "total", "note"}
    assert count["sums"] == [{"column": "amount", "taken": 5000, "printed": 5000}]


def test_texts_of_a_csv_are_found_again_as_the_numbers_they_became():
    grid = [list(HEAD), *map(list, ROWS)]

    count = count_cells("", grid, as_rows(GRID[1:]), [], ".").as_json()

    assert (count["rows_taken"], count["left_out"]) == (4, [])


# Numbers and words


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        (["1", "2", "3", "5", "6"], ["4"]),
        ([10, 20, 30, 60, 70], ["40", "50"]),
        (["1.1", "1.2", "1.3", "1.5", "2.1", "2.2"], ["1.4"]),
        (["1.8", "1.9", "1.10", "1.11"], []),
        (["1", "2", "3", "1", "2", "3"], []),
        (["3", "17", "22", "40"], []),
        ([None, "A", "", "B"], []),
        ([1, 2, 3, 4, 90001], []),
    ],
)
def test_numbers_left_out_of_a_regular_numbering_are_told(numbers, missing):
    assert [number for _, number in gaps_in(numbers)] == missing


@pytest.mark.parametrize("label", ["Total", "Zwischensumme", "VAT 20%", "Net amount EUR", "Total TTC", "Razem netto"])
def test_what_is_called_by_nothing_but_words_of_sums_is_a_sum(label):
    assert is_sum(label)


@pytest.mark.parametrize("label", ["Shipping container 20 ft", "Port wall", "Discount board with frame", "Netto shelf"])
def test_a_thing_whose_name_holds_such_a_word_is_none(label):
    assert why_by_words([label], is_numbered=True) is None
    assert not is_sum(label) or label == "Netto shelf"


def test_the_printed_total_nearest_to_the_rows_is_the_one_compared():
    full = page(HEAD, *ROWS, ("", "Total", "", "", "", "5,000.00"), ("", "Total incl. VAT", "", "", "", "6,000.00"))

    (entry,) = counted([full], [taken(full, row) for row in ROWS], known=[Decimal(5000)])

    assert entry["sums"][0]["printed"] == 5000


def prose_page(*texts):
    """A bill of three measured lines whose descriptions go on over lines of running text."""
    lines = [("1", "Lining", "10", "m2"), *(("", text) for text in texts), ("2", "Pipes", "20", "m"), ("3", "Valves", "5", "nos")]
    return page(("Item", "Description", "Qty", "Unit"), *lines), [line for line in lines if line[0]]


@pytest.mark.parametrize(
    "texts",
    [
        ("with joints of 50 mm wide and 3 mm thick tape", "sealed with 48 kg of adhesive in 0.6 mm sheets"),
        ("Base: 310.00 - Rate: 10.00 %", "Base: 210.00 - Rate: 12.00 %"),
        ("Drawing: 4711 Sheet: 12", "Drawing: 4712 Sheet: 13"),
    ],
)
def test_sizes_in_running_text_and_labelled_figures_are_no_rows(texts):
    full, rows = prose_page(*texts)
    taken_rows = [[box(full, "quantity", row[2], float(row[2])), TakenCell("unit", row[3], None, None)] for row in rows]

    (entry,) = counted([full], taken_rows)

    assert (entry["rows_taken"], entry["left_out"]) == (3, [])


def test_rows_of_embedded_data_are_found_on_the_lines_that_hold_most_of_them():
    lines = (
        ("", "Rebates", "10", "", "20.00", "5.00"),
        ("1", "Nuts", "10", "pcs", "20.00", "200.00"),
        ("2", "Bolts", "3", "pcs", "5.00", "15.00"),
    )
    rows = [
        [TakenCell(c, v, None, None) for c, v in zip(("quantity", "unit_price", "amount"), row, strict=True)]
        for row in ((10, 20, 200), (3, 5, 15))
    ]
    full = page(HEAD, *lines, ("", "Total", "", "", "", "215.00"))

    (entry,) = counted([full], rows)

    assert (entry["rows_taken"], entry["left_out"]) == (2, [{"why": "note", "rows": 1}])


def test_a_row_whose_quantity_is_rate_only_is_found_by_its_unit():
    full = page(
        HEAD[:4],
        ("1", "Pipes of 150 to", "10", "m"),
        ("", "180 mm complete", "RO", "Nos."),
        ("2", "Valves", "4", "nos"),
        ("3", "Taps", "6", "pcs"),
    )
    rows = [[box(full, "unit", unit, unit)] for unit in ("m", "Nos.", "nos", "pcs")]

    (entry,) = counted([full], rows)

    assert (entry["rows_taken"], entry["left_out"]) == (4, [])


@pytest.mark.parametrize("text", ["Transport", "Report on the soil", "Collection of waste"])
def test_a_lost_line_that_begins_like_a_sum_carried_over_is_missed(text):
    full = page(HEAD, *ROWS[:3], ("", text, "2", "nos", "40.00", "80.00"))

    (entry,) = counted([full], [taken(full, row) for row in ROWS[:3]])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}]


def test_a_line_that_repeats_the_sum_of_a_part_is_a_total_and_another_amount_is_missed():
    full = page(HEAD, *ROWS, ("1", "Works", "", "", "", "5,000.00"), ("2", "Others", "", "", "90.00", "4,900.00"))
    rows = [[*taken(full, row), TakenCell("section", "Works", None, None)] for row in ROWS]

    (entry,) = counted([full], rows)

    assert entry["left_out"] == [{"why": "not_understood", "rows": 1}, {"why": "total", "rows": 1}]


@pytest.mark.parametrize("code", ["SR", "STD", "A", "EUR", "T1"])
def test_figures_before_a_code_of_tax_are_figures_of_a_row(code):
    rows = [("1", "Rice", "1", "", "", f"70.00 {code}"), ("2", "Tea", "1", "", "", f"15.00 {code}")]

    (entry,) = counted([page(HEAD, *rows)], [])

    assert entry["left_out"] == [{"why": "not_understood", "rows": 2}]
