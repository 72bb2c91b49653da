"""Bills, requests and price lists in workbooks: their columns, sections, sums and type; layouts of real ones, figures made up."""

import io

import pytest
from openpyxl import Workbook

from kraftd_core.adapters.readers.local.office.sheets import read_csv, read_workbook

HEAD = ["Item", "Description", "Unit", "Qty", "Rate", "Amount"]


def book(rows, *others, formats=()):
    workbook = Workbook()
    for n, held in enumerate((rows, *others)):
        sheet = workbook.active if n == 0 else workbook.create_sheet(f"Sheet{n + 1}")
        for row in held:
            sheet.append(row)
    for address, shown in formats:
        workbook.worksheets[0][address].number_format = shown
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def read(rows, *others, formats=()):
    return read_workbook(book(rows, *others, formats=formats))


def lines(reading, *columns):
    table = next(table for table in reading.tables if table.name == "line_items")
    return [tuple(row[column].value if column in row else "absent" for column in columns) for row in table.rows]


def columns_of(reading):
    return list(reading.tables[0].rows[0])


def values(reading):
    return {role: found.value for role, found in reading.fields.items()}


# Sections


@pytest.mark.parametrize("first, second", [("A", "B"), ("1", "2"), (1, 2), ("I", "II"), (None, None)])
def test_headings_with_letters_or_numbers_are_sections_and_no_lines(first, second):
    reading = read([
        HEAD, [first, "EARTHWORK"], [1, "Excavation", "m3", 10, 5, 50], [second, "CONCRETE"], [1, "C25", "m3", 2, 100, 200],
    ])
    assert lines(reading, "description", "amount", "section") == [("Excavation", 50, "EARTHWORK"), ("C25", 200, "CONCRETE")]
    assert reading.document_type == "boq"


def test_sections_within_sections_are_a_path():
    reading = read([
        HEAD, ["3", "CIVIL"], ["3.1", "Roads"], ["3.1.1", "Kerb", "m", 5], ["3.2", "Drains"], ["3.2.1", "Pipe", "m", 6],
        ["4", "STEEL"], ["4.1", "Beam", "kg", 7],
    ])
    assert lines(reading, "position", "section") == [
        ("3.1.1", "CIVIL > Roads"), ("3.2.1", "CIVIL > Drains"), ("4.1", "STEEL"),
    ]


def test_a_long_text_above_its_lines_is_their_section():
    reading = read([
        HEAD, [1, "Supply and laying of pipes, complete:"], [None, "DN 50", "m", 10, 5, 50], [None, "DN 40", "m", 20, 4, 80],
        [2, "Painting of pipes"], [None, "any size", "m2", 5, 1, 5],
    ])
    assert lines(reading, "description", "section") == [
        ("DN 50", "Supply and laying of pipes, complete:"), ("DN 40", "Supply and laying of pipes, complete:"),
        ("any size", "Painting of pipes"),
    ]


def test_a_note_is_no_section():
    reading = read([
        HEAD, ["A", "PIPES"], [1, "DN 50", "m", 10, 5, 50], [None, "Note: rates hold for a year"],
        [2, "DN 40", "m", 1, 4, 4],
    ])
    assert lines(reading, "section") == [("PIPES",), ("PIPES",)]
    assert values(reading)["notes"] == "Note: rates hold for a year"


def test_a_heading_without_lines_is_kept_as_a_note():
    reading = read([HEAD, ["3", "Structure"], [None, "The whole shall be braced"], ["4", "Diffractor"], [None, "Cowl", "m", 55]])
    assert lines(reading, "section") == [("Diffractor",)]
    assert values(reading)["notes"] == "Structure\nThe whole shall be braced"


def test_a_text_that_goes_on_below_its_line_is_part_of_it():
    reading = read([HEAD, [1, "Door", "no", 2, 100, 200], [None, "incl. fittings"], [2, "Window", "no", 3, 50, 150]])
    assert lines(reading, "description", "section") == [("Door\nincl. fittings", "absent"), ("Window", "absent")]


# Heads


def test_long_heads_with_prices_in_rupees_are_understood():
    head = ["Sr.No", "Particulars", "Unit", "Total Qty", "Rate Rs", "Amount Rs"]
    reading = read([head, [1, "Cable", "m", 10, 5, 50], [2, "Rack", "no", 1, 7, 7]])
    assert lines(reading, "position", "description", "unit", "quantity", "unit_price", "amount") == [
        (1, "Cable", "m", 10, 5, 50), (2, "Rack", "no", 1, 7, 7),
    ]
    assert (reading.document_type, reading.type_confidence) == ("boq", 0.5)  # only the units speak for it, so it is asked


@pytest.mark.parametrize(
    "head",
    [
        ["Item", "Description of Work", "Units", "Estimated Quantity", "Unit Rate (OMR)", "Total Amount (OMR)"],
        ["Code", "Description and Area", "Unit", "Total Quantity", "Unit Rate", "Total Amount"],
        ["Pos.", "Artikel | Bezeichnung", "Einheit", "Menge", "Einzelpreis / EUR netto", "Gesamtpreis / EUR netto"],
        ["OZ", "Kurztext", "ME", "LV-Menge", "EP in EUR", "GP in EUR"],
        ["N°", "Désignation des ouvrages", "U", "Quantité", "P.U. HT", "Montant HT"],
        ["Partida", "Descripción", "Ud", "Medición", "Precio unitario", "Importe Total"],
        ["ลำดับ", "รายการ", "หน่วย", "จำนวน", "ราคาต่อหน่วย", "จำนวนเงิน"],
        ["S.No", "Name of Item / Particulars", "UOM", "Qty.", "Rate (in Rs.)", "Total Amt."],
    ],
)
def test_the_heads_of_a_bill_are_understood_by_their_words(head):
    reading = read([head, ["1", "Cable", "m", 10, 5, 50], ["2", "Lamp", "no", 3, 7, 21]])
    assert lines(reading, "description", "unit", "quantity", "unit_price", "amount") == [
        ("Cable", "m", 10, 5, 50), ("Lamp", "no", 3, 7, 21),
    ]


def test_the_currency_of_a_head_is_the_documents():
    reading = read([["Item", "Description of Work", "Units", "Quantity", "Unit Rate (OMR)"], [1, "Cable", "m", 10, 5]])
    assert values(reading)["currency"] == "OMR"


def test_a_total_column_of_quantities_is_no_amount():
    head = ["Sr", "Description", "Unit", "Block A", "Block B", "TOTAL"]
    reading = read([head, [1, "50 mm pipe", "m", 10, 20, 30], [2, "80 mm pipe", "m", 1, 2, 3]])
    assert lines(reading, "position", "quantity", "amount", "block_a") == [(1, 30, "absent", 10), (2, 3, "absent", 1)]


def test_quantity_price_and_amount_prove_each_other_amid_many_columns_of_numbers():
    floors = [f"L{n}" for n in range(1, 16)]
    head = ["DESCRIPTION", "UNIT", *floors, "QTY", "MAT.", "LAB.", "TOTAL", "AMOUNT"]
    reading = read([
        head, ["Pile", "No.", *range(1, 16), 106, 335, 1730, 2065, 218890], ["Rebar", "kg", *range(3, 18), 280, 22, 5, 27, 7560],
        ["Form", "m2", *range(2, 17), 9, 4, 2, 6, 54],
    ])
    assert lines(reading, "quantity", "unit_price", "amount", "l1", "mat") == [
        (106, 2065, 218890, 1, 335), (280, 27, 7560, 3, 22), (9, 6, 54, 2, 4),
    ]


def test_a_head_of_two_rows_is_one_head():
    reading = read([
        ["Sr. No.", "Description", "Unit", "Total Qty", "Supply", None, "Erection", None, "Total amount"],
        [None, None, None, None, "Unit rate Rs", "Amount Rs", "Unit rate Rs", "Amount Rs"],
        [1, "PIPING"], [1.1, "DN 150", "m", 270], [1.2, "DN 80", "m", 45],
    ])
    assert lines(reading, "description", "unit", "quantity", "section") == [
        ("DN 150", "m", 270, "PIPING"), ("DN 80", "m", 45, "PIPING"),
    ]
    assert reading.document_type == "boq"


def test_prices_of_supply_and_of_erection_keep_their_own_names():
    reading = read([
        [None, None, None, None, "Supply", None, "Erection", None],
        ["S.No", "Description", "Unit", "Qty", "Rate", "Amount", "Rate", "Amount"],
        [1, "Cable", "m", 10, 5, 50, 2, 20], [2, "Tray", "m", 8, 9, 72, 3, 24],
    ])
    assert lines(reading, "quantity", "supply_rate", "erection_amount", "unit_price") == [
        (10, 5, 20, "absent"), (8, 9, 24, "absent"),
    ]


def test_of_several_quantities_the_total_is_the_lines():
    head = ["Item", "Description", "UOM", "Ground Floor Qty", "First Floor Qty", "Total Qty", "Rate", "Amount"]
    reading = read([head, [1, "AHU", "Nos", 1, 2, 3, 100, 300], [2, "FCU", "Nos", 4, 5, 9, 50, 450]])
    assert lines(reading, "quantity", "ground_floor_qty") == [(3, 1), (9, 4)]


def test_counted_columns_below_the_head_are_no_line():
    assert lines(read([HEAD, [1, 2, 3, 4, 5, 6], [1, "Cable", "m", 10, 5, 50]]), "description") == [("Cable",)]


def test_a_head_far_down_is_found():
    above = [[f"Clause {n} of the preamble applies to all work."] for n in range(70)]
    assert lines(read([*above, HEAD, [1, "Cable", "m", 10, 5, 50]]), "quantity") == [(10,)]


def test_rows_without_a_head_are_told_by_their_units():
    reading = read([["11.1", "40 mm insulation", "Sqm", 1800], ["11.2", "25 mm insulation", "Sqm", 7400]])
    assert lines(reading, "position", "description", "unit", "quantity") == [
        ("11.1", "40 mm insulation", "Sqm", 1800), ("11.2", "25 mm insulation", "Sqm", 7400),
    ]
    assert reading.document_type == "boq"


def test_the_first_item_may_sit_in_the_head_row():
    reading = read([
        [1, "Wall insulation", "UNIT", "QTY (m2)", "Rate"], [None, "Providing and fixing wall insulation, 50 mm", "SQM", 1300],
        [2, "Noise barrier"], [None, "Providing and fixing noise barrier, 100 mm", "SQM", 350],
    ])
    assert lines(reading, "description", "unit", "quantity", "section") == [
        ("Providing and fixing wall insulation, 50 mm", "SQM", 1300, "Wall insulation"),
        ("Providing and fixing noise barrier, 100 mm", "SQM", 350, "Noise barrier"),
    ]


def test_a_price_list_keeps_its_categories_and_its_currency():
    content = (
        "Category,Sub-Category,Model_Code,Item_Description,UOM,Unit_Rate_OMR\n"
        'Flooring,Stone,ST-201,"Marble, 20 mm",m2,26\nFlooring,Carpet,CA-101,"Carpet tile, 9 mm",m2,19\n'
    )
    reading = read_csv(content.encode())
    assert (reading.document_type, values(reading)["currency"]) == ("boq", "OMR")
    assert lines(reading, "section", "description", "unit", "unit_price") == [
        ("Flooring", "Marble, 20 mm", "m2", 26), ("Flooring", "Carpet tile, 9 mm", "m2", 19),
    ]


# Numbers of items and figures that are none


def test_item_numbers_are_kept_as_they_are_shown():
    rows = [HEAD, [1.9, "DN 50", "m", 1, 1, 1], [1.1, "DN 40", "m", 1, 1, 1], [1.11, "DN 32", "m", 1, 1, 1]]
    reading = read(rows, formats=[("A3", "0.00"), ("A4", "0.00")])
    assert lines(reading, "position") == [("1.9",), ("1.10",), ("1.11",)]


def test_item_numbers_in_texts_are_no_figures():
    reading = read_csv(b"Item,Description,Unit,Qty\n1.9,DN 50,m,1\n1.10,DN 40,m,1\n1E5,DN 32,m,1\n")
    assert lines(reading, "position") == [("1.9",), ("1.10",), ("1E5",)]


def test_rate_only_and_for_memory_are_remarks_and_no_figures():
    reading = read([HEAD, [1, "50 mm pipe", "m", "RO", 5], [2, "80 mm pipe", "m", 10, 5, "PM"]])
    assert lines(reading, "quantity", "amount", "remarks") == [(None, None, "RO"), (10, None, "PM")]
    assert reading.document_type == "boq"


# Sums


@pytest.mark.parametrize(
    "label",
    [
        "INPUT CGST @9%", "Add: SGST 9%", "IGST @ 18%", "VAT 5%", "TVA 20,00 %", "TVA à 20 %",
        "zzgl. 19 % MwSt.", "IVA 21%", "Brought forward", "Carried over to next page", "Übertrag", "Less : R/off", "Sub Total",
        "Sous-total 3.1", "Zwischensumme",
        "TOTAL", "Total of EARTHWORK", "Round off",
    ],
)
def test_taxes_sums_and_sums_carried_over_are_no_lines(label):
    reading = read([HEAD, [1, "Motor", "no", 2, 500, 1000], [2, "Fan", "no", 4, 25, 100], [None, label, None, None, None, 99]])
    assert lines(reading, "description") == [("Motor",), ("Fan",)]


def test_a_tax_with_its_rate_beside_it_is_no_line_and_taxes_are_added_up():
    reading = read([
        HEAD, [1, "Motor", "no", 2, 500, 1000], [2, "Fan", "no", 4, 250, 1000],
        [None, "INPUT CGST @9%", "%", 9, None, 180], [None, "INPUT SGST @9%", "%", 9, None, 180],
        [None, "Total", None, None, None, 2360],
    ])
    assert lines(reading, "amount") == [(1000,), (1000,)]
    assert (values(reading)["total_tax"], values(reading)["total"]) == (360, 2360)


def test_no_sum_of_a_part_is_given_as_the_sum_of_the_whole():
    reading = read([
        ["IT SERVICES"], HEAD, [1, "Switch", "no", 1, 10, 10], ["TOTAL", None, None, None, None, 10],
        ["CCTV"], HEAD[:5],
        [1, "Camera", "no", 2, 20],
        ["Total", None, None, None, None, 40],
    ])
    assert lines(reading, "description", "section") == [("Switch", "IT SERVICES"), ("Camera", "CCTV")]
    assert "total" not in values(reading)
    assert reading.document_type == "boq"


def test_a_last_row_without_words_that_sums_up_the_others_is_the_total():
    reading = read([HEAD, [1, "Motor", "no", 2, 500, 1000], [2, "Fan", "no", 4, 25, 100], [None, None, None, None, None, 1100]])
    assert (len(lines(reading, "amount")), values(reading)["total"]) == (2, 1100)


def test_a_second_table_with_other_columns_is_read_by_its_own_head():
    reading = read([
        ["PUMPS"], HEAD, [1, "Pump", "no", 2, 500, 1000], ["Total", None, None, None, None, 1000],
        ["HIRE"], ["Item", "Description", "Qty", "Unit", "Days", "Rate"], [1, "Crane", 3, "no", 5, 70],
    ])
    assert lines(reading, "description", "unit", "quantity", "unit_price", "days", "section") == [
        ("Pump", "no", 2, 500, None, "PUMPS"), ("Crane", "no", 3, 70, 5, "HIRE"),
    ]
    assert "total" not in values(reading)


# Sheets


def test_a_sheet_that_says_the_same_lines_again_is_a_table_of_its_own_and_that_is_said():
    rows = [[n, f"Pipe DN {n}", "m", n] for n in range(1, 6)]
    reading = read([HEAD[:4], *rows], [[*HEAD[:4], "Compliance"], *rows])
    assert [(table.name, len(table.rows)) for table in reading.tables] == [("line_items", 5), ("sheet2", 5)]
    assert "Sheet2 repeats lines of the sheet Sheet" in " ".join(reading.notices)


def test_a_summary_before_its_bills_is_not_the_line_items():
    summary = [["Bill", "Description", "Amount"], [1, "Earthwork", 50], [2, "Concrete", 200]]
    bills = [[HEAD, [1, f"Work {n}", "m3", 10, 5, 50], [2, "Fill", "m3", n, 5, 5 * n]] for n in (2, 3)]
    reading = read(summary, *bills)
    assert [(table.name, len(table.rows)) for table in reading.tables] == [("line_items", 4), ("sheet", 2)]


# The type


def test_no_word_for_the_type_but_unpriced_lines_are_a_bill():
    reading = read([["Project: Tower 2"], HEAD, [1, "Excavation", "m3", 10]])
    assert (reading.document_type, values(reading)["project_name"]) == ("boq", "Tower 2")
    assert reading.type_confidence < 0.6
    assert lines(reading, "quantity", "amount") == [(10, None)]


def test_a_quotation_without_a_single_price_is_a_request():
    reading = read([["QUOTATION"], HEAD, [1, "Cable", "m", 10], [2, "Rack", "no", 1]])
    assert (reading.document_type, reading.type_confidence) == ("rfq", 0.5)


def test_a_priced_offer_in_a_workbook_stays_a_quotation():
    above = [["QUOTATION"], ["Valid until:", "2026-05-01"]]
    reading = read([*above, HEAD, [1, "Cable", "m", 10, 5, 50], [2, "Rack", "no", 1, 7, 7]])
    assert reading.document_type == "quotation"
    assert reading.type_confidence >= 0.6


def test_a_list_of_other_things_is_no_bill():
    reading = read([["Name", "Department", "Start"], ["Ann", "Sales", "2024-01-01"], ["Bob", "IT", "2025-01-01"]])
    assert (reading.document_type, reading.type_confidence) == ("other", None)


def test_nobody_sells_in_a_bill_unless_the_sheet_says_so():
    plain = read([["Northfield Steel Ltd"], ["BILL OF QUANTITIES"], HEAD, [1, "Excavation", "m3", 10]])
    told = read([["Supplier:", "Kaveri Motors"], ["BILL OF QUANTITIES"], HEAD, [1, "Excavation", "m3", 10]])
    assert "vendor_name" not in values(plain)
    assert values(told)["vendor_name"] == "Kaveri Motors"


# Summaries, attributes, sentences between lines


@pytest.mark.parametrize("title", [
    "RECAPITULATIF", "Récapitulatif :", "General Summary", "Zusammenstellung", "COLLECTION", "Resumen de capítulos",
    "Summary of Bills",
])
def test_a_summary_of_the_parts_adds_no_lines_and_keeps_the_totals(title):
    reading = read([
        HEAD, ["1", "EARTHWORK"], ["1.1", "Excavation", "m3", 10, 5, 50], ["1.2", "Filling", "m3", 4, 5, 20],
        ["2", "CONCRETE"], ["2.1", "C25", "m3", 2, 100, 200],
        [None, title], ["1", "EARTHWORK", None, None, None, 70], ["2", "CONCRETE", None, None, None, 200],
        [None, "Total net", None, None, None, 270], [None, "VAT 10 %", None, None, None, 27],
        [None, "Grand total", None, None, None, 297],
    ])
    assert lines(reading, "position", "amount") == [("1.1", 50), ("1.2", 20), ("2.1", 200)]
    assert (values(reading)["total"], values(reading)["total_tax"]) == (297, 27)
    assert not any(count.left_out["not_understood"] for count in reading.ledger)


def test_lines_go_on_after_a_collection():
    reading = read([
        HEAD, [None, "BILL NO. 3 - CONCRETE"], ["A", "Blinding", "m2", 10, 5, 50], ["B", "Footings", "m3", 1, 20, 20],
        [None, "COLLECTION"], [None, "Page 3/1", None, None, None, 70],
        [None, "BILL NO. 4 - MASONRY"], ["A", "Blockwork", "m2", 9, 10, 90],
    ])
    assert lines(reading, "description", "amount") == [("Blinding", 50), ("Footings", 20), ("Blockwork", 90)]


@pytest.mark.parametrize("text", ["Report", "Collection of waste", "Report on the soil", "Transport", "Transport to site"])
def test_what_begins_like_a_sum_carried_over_is_a_line_where_it_has_a_unit(text):
    reading = read([
        HEAD, ["1", "Survey", "m", 2, 5, 10], [None, "Summary"], ["2", text, "LS", None, None, 80], ["3", "Plan", "nos", 1, 7, 7],
    ])

    assert lines(reading, "description", "amount") == [("Survey", 10), (text, 80), ("Plan", 7)]


def test_labels_that_come_again_say_more_of_the_line_above_and_head_nothing():
    reading = read([
        HEAD, ["5.1", "WINDOWS"], ["5.1.1", "Window", "nos", 2, 5, 10], [None, "Make: to be named"],
        ["5.1.2", "Door", "nos", 1, 9, 9], [None, "Make: to be named"], ["5.1.3", "Shutter", "nos", 1, 4, 4],
    ])
    assert lines(reading, "description", "section") == [
        ("Window\nMake: to be named", "WINDOWS"), ("Door\nMake: to be named", "WINDOWS"), ("Shutter", "WINDOWS"),
    ]


def test_a_sentence_between_two_lines_that_follow_each_other_is_no_section():
    said = "The contractor shall allow for glands and lugs whether or not they are measured."
    reading = read([HEAD, ["A", "CABLES"], ["A.1", "Small", "m", 2, 5, 10], [said], ["A.2", "Large", "m", 1, 9, 9]])

    assert lines(reading, "description", "section") == [("Small", "CABLES"), ("Large", "CABLES")]
    assert said in str(values(reading))


def test_a_title_that_a_page_continues_is_one_section():
    reading = read([HEAD, ["WALLS"], ["1", "Brick", "m2", 2, 5, 10], ["WALLS (Cont'd)"], ["2", "Block", "m2", 1, 9, 9]])

    assert {section for (section,) in lines(reading, "section")} == {"WALLS"}


def test_a_rate_charged_on_the_total_is_no_line():
    reading = read([
        HEAD, ["1", "Kerb", "m", 2, 5, 10], ["2", "Drain", "m", 1, 9, 9], [None, "Total net", None, None, None, 19],
        [None, "Prorata 10 %", None, None, None, 1.9], [None, "Grand total", None, None, None, 20.9],
    ])
    assert lines(reading, "description") == [("Kerb",), ("Drain",)]
    assert values(reading)["total"] == 20.9


def test_prices_by_the_number_bought_keep_their_heads_and_are_no_quantities():
    head = ["Ref", "Product", "Unit", "1-9", "10-49", "50+"]
    reading = read([head, ["P-1", "Laptop", "each", 780, 755, 729], ["P-2", "Dock", "each", 145, 139, 128.5]])

    assert lines(reading, "description", "quantity", "1_9", "10_49", "50") == [
        ("Laptop", "absent", 780, 755, 729), ("Dock", "absent", 145, 139, 128.5),
    ]


def test_a_schedule_of_fees_has_its_amounts_and_no_line_for_the_total():
    head = ["Stage", "Service", "Due date", "Fee (GBP)"]
    reading = read([head, [1, "Study", "2026-02-28", 12000], [2, "Design", "2026-04-30", 24500], [None, "Total", None, 36500]])

    assert lines(reading, "description", "amount") == [("Study", 12000), ("Design", 24500)]
