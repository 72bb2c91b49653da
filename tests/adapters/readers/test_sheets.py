"""Workbooks and CSV texts as people send them: every row arrives, and what was left out is said."""

import io

import pytest
from openpyxl import Workbook

from kraftd_core.adapters.readers.local.office.sheets import read_csv, read_workbook


def book(*sheets, change=lambda workbook: None):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def rows_of(reading, name="line_items"):
    table = next(table for table in reading.tables if table.name == name)
    return [{column: found.value for column, found in row.items()} for row in table.rows]


def test_positions_and_versions_of_several_levels_stay_as_they_are_written():
    lines = ("Pos;Beschreibung;Version;Menge;EP;GP", "1.9;Abfuhr;2.0;10;5,00;50,00", "1.10;Aushub;1.10;4;25,00;100,00")
    reading = read_csv("\n".join(lines).encode())
    assert [(row["position"], row["version"]) for row in rows_of(reading)] == [("1.9", "2.0"), ("1.10", "1.10")]


HEAD = ["Item", "Description", "Unit", "Qty", "Rate", "Amount"]


def priced(n, quantity=2, rate=3.5):
    return [f"A.{n}", f"Work {n}", "m", quantity, rate, quantity * rate]


@pytest.mark.slow
def test_five_thousand_lines_in_four_sheets_all_arrive_with_section_and_sheet():
    sheets = []
    for s in range(4):
        rows = [["Bill of Quantities"], ["Project: Larkmoor"], [], HEAD]
        for n in range(1250):
            if n % 250 == 0:
                rows.append([None, f"Part {n // 250 + 1}"])
            rows.append(priced(s * 1250 + n))
        sheets.append((f"Bill {s + 1}", rows))
    rows = rows_of(read_workbook(book(*sheets)))
    assert [row["description"] for row in rows] == [f"Work {n}" for n in range(5000)]
    assert {row["section"] for row in rows} == {f"Part {n}" for n in range(1, 6)}
    assert [row["sheet"] for row in rows] == [f"Bill {n // 1250 + 1}" for n in range(5000)]


def test_heads_and_sections_in_merged_cells_are_found():
    def merge(workbook):
        sheet = workbook.active
        sheet.merge_cells("A1:F1")
        sheet.merge_cells("A4:F4")

    rows = [["Bill of Quantities for the new hall"], [], HEAD, ["Groundworks"], priced(1), priced(2)]
    found = rows_of(read_workbook(book(("BOQ", rows), change=merge)))
    assert [(row["description"], row["section"]) for row in found] == [("Work 1", "Groundworks"), ("Work 2", "Groundworks")]


def test_hidden_rows_are_read_and_said():
    def hide(workbook):
        workbook.active.row_dimensions[3].hidden = True

    reading = read_workbook(book(("BOQ", [HEAD, priced(1), priced(2), priced(3)]), change=hide))
    assert len(rows_of(reading)) == 3
    assert any("hidden row" in notice for notice in reading.notices)


def test_a_hidden_sheet_is_said():
    def hide(workbook):
        workbook["Old"].sheet_state = "hidden"

    reading = read_workbook(book(("BOQ", [HEAD, priced(1)]), ("Old", [HEAD, priced(2)]), change=hide))
    assert len(rows_of(reading)) == 1
    assert any("hidden" in notice for notice in reading.notices)


def test_numbers_kept_as_text_count_and_identifiers_stay_text():
    rows = [["Article no", "Description", "Quantity", "Price", "Amount"], ["00123", "Bolt", "2", "1.234,50", "2.469,00"]]
    found = rows_of(read_workbook(book(("List", rows))))
    assert found == [{"item_number": "00123", "description": "Bolt", "quantity": 2, "unit_price": 1234.5, "amount": 2469}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp1250"])
def test_a_csv_in_any_usual_encoding_keeps_its_letters(encoding):
    western, polish = ["Größe für Türen", "Éclairage façade", "Señal año"], ["Żółta ścianka", "Łącznik kątowy", "Śruba zębata"]
    names = polish if encoding == "cp1250" else western
    text = "Description;Quantity;Unit price;Amount\r\n" + "".join(f"{name};2;1,50;3,00\r\n" for name in names * 4)
    found = rows_of(read_csv(text.encode(encoding)))
    assert [row["description"] for row in found] == names * 4


def test_lines_before_the_head_of_a_csv_do_not_hide_its_delimiter():
    text = (
        "Export of orders, made on 3 May, by hand\nCustomer, town: Hale, York\n\n"
        "Description;Quantity;Unit price;Amount\nBolt, long;2;1,50;3,00\nNut, wide;4;0,25;1,00\n"
    )
    found = [(row["description"], row["unit_price"], row["amount"]) for row in rows_of(read_csv(text.encode()))]
    assert found == [("Bolt, long", 1.5, 3), ("Nut, wide", 0.25, 1)]


def test_a_quoted_line_break_in_a_csv_stays_within_its_cell():
    text = 'Description,Quantity,Unit price,Amount\n"Bolt\nlong, zinc",2,1.50,3.00\n"Nut",4,0.25,1.00\n'
    found = rows_of(read_csv(text.encode()))
    assert [row["description"] for row in found] == ["Bolt\nlong, zinc", "Nut"]


def test_a_csv_that_names_its_delimiter_first_is_taken_at_its_word():
    found = rows_of(read_csv(b"sep=;\r\nDescription;Quantity;Unit price;Amount\r\nBolt, long;2;1,50;3,00\r\n"))
    assert [row["description"] for row in found] == ["Bolt, long"]


def test_dates_and_percentages_of_a_sheet_come_as_they_are_meant():
    from datetime import datetime

    def format_rate(workbook):
        workbook.active["C2"].number_format = "0%"

    rows = [["Description", "Quantity", "VAT %", "Date", "Amount"], ["Bolt", 2, 0.19, datetime(2024, 3, 1), 3]]
    found = rows_of(read_workbook(book(("List", rows), change=format_rate)))
    assert found == [{"description": "Bolt", "quantity": 2, "tax_rate": 19, "date": "2024-03-01", "amount": 3}]


def test_a_csv_in_cyrillic_of_a_windows_code_page_is_read():
    text = "Description;Quantity;Unit price;Amount\r\n" + "Болт оцинкованный;2;1,50;3,00\r\n" * 3
    assert [row["description"] for row in rows_of(read_csv(text.encode("cp1251")))] == ["Болт оцинкованный"] * 3
