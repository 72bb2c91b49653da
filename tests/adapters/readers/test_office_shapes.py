"""How people set out workbooks and letters: labels over values, layout tables, controls, formats, merged cells."""

import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from openpyxl import Workbook

from kraftd_core.adapters.readers.local.office.sheets import read_csv, read_workbook
from kraftd_core.adapters.readers.local.office.word_documents import read_word

HEAD = ["Pos", "Description", "Quantity", "Unit price", "Amount"]
LINE = [1, "Pump", 2, 50, 100]


def workbook(*rows, change=lambda sheet: None, more=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    for title, others in more:
        sheet = book.create_sheet(title)
        for row in others:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue())


def values(reading):
    return {name: found.value for name, found in reading.fields.items()}


def lines(reading):
    table = next(table for table in reading.tables if table.name == "line_items")
    return [{name: found.value for name, found in row.items()} for row in table.rows]


# Workbooks


def test_labels_stand_over_their_values():
    labels, told = ["Invoice No", "Invoice Date", "Customer"], ["HV-1", date(2025, 3, 10), "Harrow Ltd"]
    read = values(workbook(labels, told, [], HEAD, LINE))
    assert (read["number"], read["date"], read["customer_name"]) == ("HV-1", "2025-03-10", "Harrow Ltd")


def test_a_row_of_labels_with_a_label_under_it_is_no_pair_of_rows():
    read = values(workbook(["Invoice No", "HV-1"], ["Invoice Date", date(2025, 3, 10)], [], HEAD, LINE))
    assert (read["number"], read["date"]) == ("HV-1", "2025-03-10")


def test_a_sheet_of_one_line_is_read():
    read = values(workbook(HEAD, LINE, more=[("Terms", [["Payment terms", "30 days net"]])]))
    assert read["payment_terms"] == "30 days net"


def test_numbers_of_documents_keep_the_zeros_that_their_format_shows():
    def change(sheet):
        sheet["B1"].number_format = "00000"

    assert values(workbook(["Invoice No", 123], [], HEAD, LINE, change=change))["number"] == "00123"


@pytest.mark.parametrize(
    ("shown", "code"), [("#,##0.00 [$€-407]", "EUR"), ('#,##0.00 "CHF"', "CHF"), ("[$£-809]#,##0.00", "GBP"), ("$#,##0.00", None)]
)
def test_the_currency_is_that_of_the_number_formats_unless_they_say_too_little(shown, code):
    def change(sheet):
        sheet["D2"].number_format = sheet["E2"].number_format = shown

    assert values(workbook(HEAD, LINE, change=change)).get("currency") == code


def test_days_kept_as_numbers_are_dates_under_a_label_and_in_a_column_of_dates_only():
    reading = workbook(["Invoice Date", 45726], [], ["Date", *HEAD[1:]], [45733, "Call", 45726, 1, 45726])
    assert values(reading)["date"] == "2025-03-10"
    assert [(line["date"], line["quantity"]) for line in lines(reading)] == [("2025-03-17", 45726)]


def test_a_text_merged_down_over_rows_holds_for_each_of_them():
    def change(sheet):
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("A4:A5")

    rows = [["Earth", "Dig", 2, 50, 100], [None, "Fill", 3, 20, 60], ["Walls", "Block", 1, 40, 40], [None, "Form", 2, 10, 20]]
    read = lines(workbook(["Section", *HEAD[1:]], *rows, change=change))
    assert [line["section"] for line in read] == ["Earth", "Earth", "Walls", "Walls"]


TOTALS = [[None, None, None, "Total", 100], [None, None, None, "VAT 20%", 20], [None, None, None, "Grand Total", 120]]


def test_of_two_totals_with_a_tax_between_them_the_last_is_the_total():
    read = values(workbook(HEAD, LINE, *TOTALS))
    assert (read["subtotal"], read["total_tax"], read["total"]) == (100, 20, 120)


def test_a_discount_and_shipping_under_the_lines_are_no_lines_and_not_lost():
    beside = [[None, None, None, "Subtotal", 100], [None, None, None, "Discount 10%", -10], [None, None, None, "Shipping", 5]]
    reading = workbook(HEAD, LINE, *beside, [None, None, None, "Total", 95])
    assert len(lines(reading)) == 1
    assert {-10, 5, 95} <= {value for value in values(reading).values() if isinstance(value, (int, float))}


def test_the_line_that_tells_excel_the_mark_is_none_of_the_table():
    reading = read_csv(b"sep=;\nDescription;Qty;Unit price;Amount\nPump;2;50,00;100,00\n")
    assert (len(lines(reading)), values(reading).get("notes")) == (1, None)


# Word documents


def letter(*blocks, change=lambda xml: xml, header=""):
    """A document of paragraphs and tables (lists of rows), whose XML may be changed before it is read."""
    document = Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for cells, row in zip(table.rows, block, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = str(text)
    out = io.BytesIO()
    document.save(out)
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part.decode()).encode() if name == "word/document.xml" else part)
    return read_word(changed.getvalue())


def around(pattern, before, after):
    return lambda xml: re.sub(pattern, lambda found: before + found[0] + after, xml, flags=re.DOTALL)


CONTROL = ("<w:sdt><w:sdtPr/><w:sdtContent>", "</w:sdtContent></w:sdt>")
INSERTED = ('<w:ins w:id="9" w:author="a">', "</w:ins>")
FIELD = ('<w:fldSimple w:instr=" MERGEFIELD no ">', "</w:fldSimple>")


@pytest.mark.parametrize("wrapper", [CONTROL, INSERTED, FIELD], ids=["control", "insertion", "merge field"])
def test_what_a_wrapper_holds_within_a_paragraph_is_read(wrapper):
    change = around(r"<w:r><w:t[^>]*>Invoice No: X-5</w:t></w:r>", *wrapper)
    assert values(letter("INVOICE", "Invoice No: X-5", [HEAD, LINE], change=change))["number"] == "X-5"


def test_controls_around_a_cell_and_a_row_shift_nothing():
    def change(xml):
        cell = re.search(r"<w:tc>(?:(?!</w:tc>).)*>2</w:t>.*?</w:tc>", xml)[0]
        xml = xml.replace(cell, CONTROL[0] + cell + CONTROL[1], 1)
        row = re.findall(r"<w:tr>.*?</w:tr>", xml, flags=re.DOTALL)[-1]
        return xml.replace(row, CONTROL[0] + row + CONTROL[1], 1)

    read = lines(letter("INVOICE", [HEAD, LINE, [2, "Valve", 3, 20, 60]], change=change))
    assert [(line["quantity"], line["amount"]) for line in read] == [(2, 100), (3, 60)]


def test_a_text_box_is_read_once():
    inner = "<w:p><w:r><w:t>Invoice No: TB-7</w:t></w:r></w:p><w:p><w:r><w:t>Total: 119.00</w:t></w:r></w:p>"
    box = f"<v:textbox xmlns:v=\"urn:v\"><w:txbxContent>{inner}</w:txbxContent></v:textbox>"
    box = f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>"
    read = values(letter("INVOICE", [HEAD, LINE], change=lambda xml: xml.replace("<w:sectPr", box + "<w:sectPr", 1)))
    assert (read["number"], read["total"]) == ("TB-7", 119)


def test_a_table_that_sets_two_blocks_side_by_side_is_text():
    layout = [["Bill to:\nHarrow Ltd\n88 High Street", "Invoice No: LT-1\nInvoice Date: 10 March 2025"]]
    read = values(letter("INVOICE", layout, [HEAD, LINE]))
    assert (read["number"], read["date"], read["customer_name"]) == ("LT-1", "2025-03-10", "Harrow Ltd")


def test_pairs_that_tabs_part_in_a_header_are_two():
    read = values(letter("INVOICE", [HEAD, LINE], header="Invoice No: HD-3\tInvoice Date: 10.03.2025"))
    assert (read["number"], read["date"]) == ("HD-3", "2025-03-10")


def test_the_same_labels_of_two_parties_keep_both_values():
    read = values(letter("INVOICE", "Seller", "Phone: 040 55", "Buyer", "Phone: 0117 66", [HEAD, LINE]))
    assert (read["phone"], read["phone_2"]) == ("040 55", "0117 66")


# Sums and their roles


def below(*sums):
    return [[None, None, None, label, value] for label, value in sums]


@pytest.mark.parametrize(("sums", "expected"), [
    ([("Total", 100), ("Discount", -10), ("VAT 20%", 18), ("Grand total", 108)],
     {"subtotal": 100, "total_tax": 18, "total": 108}),
    ([("Net", 100), ("VAT", 20), ("Gross", 120), ("Paid in advance", 50), ("Total due", 70)],
     {"subtotal": 100, "total": 120, "balance_due": 70, "paid_in_advance": 50}),
    ([("Sub Total", 100), ("CGST @ 9%", 9), ("SGST @ 9%", 9), ("Grand Total", 118)], {"total_tax": 18, "total": 118}),
    ([("Zwischensumme", 100), ("10 % Rabatt", -10), ("Nettobetrag", 90), ("19 % USt", 17.1), ("Gesamtbetrag", 107.1)],
     {"subtotal": 90, "total_tax": 17.1, "total": 107.1, "zwischensumme": 100}),
    ([("Zwischentotal", 100), ("MWST 8.1%", 8.1), ("Rundung", -0.05), ("Total CHF", 108.05)],
     {"subtotal": 100, "total": 108.05, "rundung": -0.05}),
], ids=["discount", "paid", "two taxes", "two subtotals", "rounding"])
def test_each_sum_below_the_lines_has_its_role(sums, expected):
    reading = workbook(HEAD, LINE, *below(*sums))
    assert len(lines(reading)) == 1
    assert expected.items() <= values(reading).items()


def test_a_charge_among_lines_is_a_line_where_lines_follow_it():
    reading = workbook(HEAD, LINE, [None, "Subtotal", None, None, 100], [None, "Freight", None, None, 5], [2, "Valve", 1, 20, 20])
    assert [line["description"] for line in lines(reading)] == ["Pump", "Freight", "Valve"]


def test_figures_beside_labels_of_letters_are_figures():
    sums = [["Net", "EUR 100.00"], ["Total", "EUR 100.00"], ["Deposit received", "EUR 40.00"], ["Balance due", "EUR 60.00"]]
    read = values(letter("INVOICE", [HEAD, LINE], sums))
    assert (read["deposit_received"], read["balance_due"], read["total"]) == (40, 60, 100)


def test_a_text_behind_the_sums_says_nothing_more_of_the_last_line():
    reading = workbook(HEAD, LINE, *below(("Total", 100)), [], ["Thank you for your business!"])
    assert [line["description"] for line in lines(reading)] == ["Pump"]
    assert values(reading)["notes"] == "Thank you for your business!"


# Tables below, and labels below


SCHEDULE = [["Milestone", "Due", "Share"], ["Order", date(2025, 4, 1), 0.3], ["Delivery", date(2025, 5, 1), 0.7]]


def tables(reading):
    return {table.name: len(table.rows) for table in reading.tables}


@pytest.mark.parametrize(("title", "name"), [([], "sheet_table_2"), ([["Payment plan"]], "payment_plan")])
def test_a_second_table_below_the_lines_is_a_table_of_its_own(title, name):
    assert tables(workbook(HEAD, LINE, [2, "Valve", 3, 20, 60], [], *title, *SCHEDULE)) == {"line_items": 2, name: 2}


@pytest.mark.parametrize("rows", [
    [["B", "PLUMBING"], [2, "Pipe", 3, 20, 60]], [["Demolition", "by owner"], [2, "Pipe", 3, 20, 60]],
    [HEAD, [2, "Pipe", 3, 20, 60]],
], ids=["a section", "a remark", "the head again"])
def test_what_only_looks_like_a_head_behind_a_gap_parts_no_table(rows):
    reading = workbook(HEAD, LINE, [], *rows)
    assert [table.name for table in reading.tables] == ["line_items"]
    assert lines(reading)[-1]["description"] == "Pipe"


def test_labels_below_a_table_are_no_rows_of_it():
    reading = workbook(HEAD, LINE, *below(("Total", 100)), [], ["Bank", "Sparkasse"], ["IBAN", "DE02120300000000202051"])
    assert tables(reading) == {"line_items": 1}
    assert (values(reading)["iban"], values(reading)["bank"]) == ("DE02120300000000202051", "Sparkasse")


# Cells that are pairs by themselves, and blocks side by side


def test_cells_that_hold_a_label_with_its_value_are_pairs_each():
    read = values(workbook(["Invoice No: S-5", "Date: 2025-03-10"], [], HEAD, LINE))
    assert (read["number"], read["date"]) == ("S-5", "2025-03-10")


def test_a_known_label_amid_a_row_has_the_cell_behind_it():
    read = values(workbook(["Nordwind Ltd", None, "INVOICE"], ["12 Main Street", None, "Invoice #", "1042"], [], HEAD, LINE))
    assert read["number"] == "1042"
    assert "nordwind_ltd" not in read


def test_blocks_of_two_parties_side_by_side_are_read_one_by_one():
    read = values(workbook(
        ["From:", None, "Bill to:"], ["Nordwind GmbH", None, "Musterbau AG"], ["Hafenweg 4", None, "Ring 7"],
        ["VAT No: DE136695976", None, "VAT No: DE129273398"], [], HEAD, LINE,
    ))
    assert (read["vendor_name"], read["customer_name"]) == ("Nordwind GmbH", "Musterbau AG")
    assert (read["vendor_tax_id"], read["customer_tax_id"]) == ("DE136695976", "DE129273398")


def test_tax_numbers_of_two_blocks_of_a_letter_have_their_owners():
    layout = [["Seller\nNordwind GmbH\nVAT No: DE136695976", "Buyer\nMusterbau AG\nVAT No: DE129273398"]]
    read = values(letter("INVOICE", layout, [HEAD, LINE]))
    assert (read["vendor_tax_id"], read["customer_tax_id"]) == ("DE136695976", "DE129273398")


def test_a_value_that_is_said_twice_in_two_ways_is_kept_twice():
    read = values(workbook(["Invoice No", "A-1"], ["Invoice Number", "A-2"], [], HEAD, LINE))
    assert (read["number"], read["invoice_number"]) == ("A-1", "A-2")


@pytest.mark.parametrize(("line", "role", "value"), [
    ("Angebot Nr. AN-77 vom 05.01.2026", "number", "AN-77"), ("Rechnung Nr. 2026-05", "number", "2026-05"),
    ("Köln, den 5. Januar 2026", "date", "2026-01-05"), ("Bitte überweisen Sie bis zum 19.01.2026.", "due", "2026-01-19"),
    ("Angebot Nr. AN-77\tDatum: 05.01.2026", "date", "2026-01-05"),
])
def test_titles_and_sentences_of_a_letter_tell_what_no_label_does(line, role, value):
    assert values(letter(line, [HEAD, LINE]))[role] == value


def test_the_day_of_a_discount_is_no_day_to_pay():
    assert "due" not in values(letter("Zahlen Sie mit 2 % Skonto bis zum 19.01.2026.", [HEAD, LINE]))


# Columns and cells


def test_articles_by_number_beside_their_names_are_item_numbers():
    reading = read_csv(b"Pos;Artikel;Bezeichnung;Menge;Preis;Betrag\n1;4711;Schraube;100;0,10;10,00\n2;4712;Mutter;9;1,00;9,00\n")
    assert [(line["item_number"], line["description"]) for line in lines(reading)] == [("4711", "Schraube"), ("4712", "Mutter")]


def test_a_word_for_no_figure_stays_in_its_cell_and_a_rate_only_is_a_remark():
    read = lines(workbook(HEAD, [1, "Pump", 2, "n/a", 100], [2, "Valve", 3, "rate only", 60]))
    assert [(line["unit_price"], line.get("remarks")) for line in read] == [("n/a", None), (None, "rate only")]


def test_a_table_of_two_columns_with_short_heads_is_no_list_of_labels():
    reading = read_csv(b"a;b\na;1,20\nb;22,3\nc;1.234,56\n")
    assert [row["b"].value for row in reading.tables[0].rows] == [1.2, 22.3, 1234.56]
