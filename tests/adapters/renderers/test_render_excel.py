"""The Excel deliverable: typed values, inert texts, sheets that LibreOffice opens."""

import io
import re
from datetime import datetime

import openpyxl
import pytest
from compositions import DATA, HOSTILE_TEXTS, hostile, invoice, with_rows

from kraftd_core.adapters.renderers.excel import renderer as render_excel
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.delivery.layout import GROUNDS
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.nouns import Addition
from kraftd_core.errors import RenderingError
from kraftd_core.records.plan import (
    DocumentTemplate,
    ExportFormat,
    Formatting,
    Highlight,
    Language,
    PresentationPlan,
    Renaming,
    Sorting,
    Target,
    Visibility,
)


def opened(composition, **how):
    rendered = ExcelRenderer().render(composition)
    assert rendered.suffix == "xlsx"
    return openpyxl.load_workbook(io.BytesIO(rendered.content), **how)


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def fields(book):
    return {row[4].value: row[1] for row in book["Fields"].iter_rows(min_row=2)}


def column(sheet, head, rows=None):
    """What stands below a head, in the rows of the table."""
    told = values(sheet)
    return [row[told[0].index(head)] for row in told[1 : rows and rows + 1]]


def shown_as_changed(sheet):
    """The cells that the conditional format marks, worked out as a spreadsheet does."""
    (cells, (rule,)), = ((found.sqref, found.rules) for found in sheet.conditional_formatting)
    note = re.search(r"\$([A-Z]+)2", rule.formula[0])[1]
    marked = set()
    for row in sheet[str(cells)]:
        for cell in row:
            told = sheet[f"{note}{cell.row}"].value or ""
            head = sheet.cell(1, cell.column).value
            is_one = bool(told) if "FIND" not in rule.formula[0] else told == "added" or f"; {head}; " in f"; {told}; "
            marked |= {cell.coordinate} if is_one else set()
    return marked, rule


def test_a_standard_workbook_has_its_sheets():
    assert opened(invoice()).sheetnames == ["Summary", "Fields", "Line items", "Changes", "Audit"]


def test_the_executive_summary_has_no_tables():
    book = opened(invoice(DocumentTemplate.EXECUTIVE_SUMMARY))
    assert book.sheetnames == ["Summary", "Audit"]
    told = values(book["Summary"])
    assert [row[0] for row in told if row[0]][2] == "Recommended decision"
    assert ["Total", 1141.03] in told


def test_tables_hold_the_values_with_their_types():
    sheet = opened(invoice())["Line items"]
    assert values(sheet)[0] == [
        "Position", "Article", "Description", "Quantity", "Unit", "Unit price", "Amount", "Check", "Review",
    ]
    assert [row[1:7] for row in values(sheet)[1:5]] == [
        [line[name] for name in ("article", "description", "quantity", "unit", "unit_price", "amount")]
        for line in DATA["line_items"]
    ]
    assert sheet["G2"].number_format == "#,##0.00 [$EUR]"
    assert sheet["F5"].number_format == "#,##0.00###### [$EUR]"
    assert sheet["D2"].number_format == "General"
    assert sheet["B5"].data_type == "s"


def test_fields_come_with_priority_first_and_with_their_types():
    book = opened(invoice())
    assert list(fields(book))[:2] == ["invoice_total", "due_date"]
    told = fields(book)
    assert told["invoice_total"].value == 1141.03
    assert told["due_date"].value == datetime(2024, 4, 13)
    assert told["due_date"].number_format == "yyyy-mm-dd"
    assert told["document_type"].value == "Invoice"
    assert told["payment_reference"].value is None
    assert told["order_numbers"].value == "4500012345; 4500012399"


def test_changed_values_are_marked_by_a_conditional_format_and_told_in_words():
    book = opened(invoice())
    sheet = book["Fields"]
    told = column(sheet, "Name")
    assert shown_as_changed(sheet)[0] == {f"B{told.index('vendor_name') + 2}"}
    assert [name for name, note in zip(told, column(sheet, "Review"), strict=True) if note == "changed"] == ["vendor_name"]
    marked, rule = shown_as_changed(book["Line items"])
    assert marked == {"D3"} | {f"{letter}5" for letter in "ABCDEFG"}
    assert rule.dxf.fill.bgColor.rgb == book["Line items"]["I1"].fill.fgColor.rgb, "the head of the notes is the legend"
    assert column(book["Line items"], "Review", 4) == [None, "Quantity", None, "added"]


def test_a_ground_that_the_user_chose_stays_where_a_value_was_changed():
    red = Highlight(words="red", targets=[Target(kind="column", table="line_items", name="quantity")], colour="red", bold=True)
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=[red])
    sheet = opened(invoice(plan=plan))["Line items"]
    assert sheet["D3"].fill.fgColor.rgb.endswith(GROUNDS["red"][0]) and sheet["D3"].font.b
    assert shown_as_changed(sheet)[1].dxf.fill is None


def test_nothing_is_marked_where_nothing_was_changed():
    book = opened(invoice(changes=[], change_sentences=[]))
    assert not list(book["Fields"].conditional_formatting) and not list(book["Line items"].conditional_formatting)
    assert "Review" not in values(book["Line items"])[0]


def test_tables_have_a_frozen_head_and_a_filter():
    sheet = opened(invoice())["Line items"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I5"


def test_each_line_is_checked_and_the_sum_of_the_lines_stands_below():
    sheet = opened(invoice())["Line items"]
    assert column(sheet, "Check", 4) == ["adds up", "adds up", "differs by -1.00", "adds up"]
    assert values(sheet)[5:] == [[None] * 9, ["Sum of the lines", *[None] * 5, "=SUM(G2:G5)", "adds up (Subtotal)", None]]


def test_totals_are_checked_against_their_parts():
    sheet = opened(invoice())["Fields"]
    told = dict(zip(column(sheet, "Name"), column(sheet, "Check"), strict=True))
    assert {name: verdict for name, verdict in told.items() if verdict} == {"invoice_total": "adds up", "subtotal": "adds up"}
    wrong = Finding("total", "error", "It does not.", ("subtotal", "total_tax", "invoice_total"), "1141.03", "1241.03")
    data = DATA | {"invoice_total": 1241.03, "subtotal": 958.8}
    sheet = opened(invoice(data=data, findings=[wrong]))["Fields"]
    assert dict(zip(column(sheet, "Name"), column(sheet, "Check"), strict=True))["invoice_total"] == "differs by 100.00"


def test_a_sum_that_fits_with_a_discount_only_is_told_so():
    lines = [*({"_row_id": f"row{n}", "quantity": 2, "unit_price": 10, "discount": 5, "amount": 19} for n in range(2))]
    data = {"document_type": "invoice", "subtotal": 36.1, "discount": 1.9, "line_items": lines}
    sheet = opened(invoice(data=data, findings=[]))["Line items"]
    otherwise = "adds up with taxes, discounts or the like"
    assert column(sheet, "Check") == [otherwise, otherwise, None, f"{otherwise} (Subtotal)"]


def test_sections_that_a_bill_sums_up_itself_are_not_counted_twice():
    lines = [{"description": "Roof", "amount": 30}, {"quantity": 1, "unit_price": 10, "amount": 10},
             {"quantity": 2, "unit_price": 10, "amount": 20}]  # fmt: skip
    rows = [row | {"_row_id": f"row{n}"} for n, row in enumerate(lines)]
    data = {"document_type": "boq", "boq_total": 30, "line_items": rows}
    sheet = opened(invoice(data=data, document_type="boq", findings=[]))["Line items"]
    assert [row[1] for row in values(sheet)][-1] == 30
    assert column(sheet, "Check")[-1] == "adds up (Total)"
    without_prices = [{"_row_id": row["_row_id"], "amount": row["amount"]} for row in rows[1:]]
    sheet = opened(invoice(data=data | {"line_items": without_prices}, document_type="boq", findings=[]))["Line items"]
    assert column(sheet, "Check") == [None, None, None, "adds up (Total)"]


def test_a_sum_is_a_formula_only_where_it_comes_to_the_sum_of_the_lines():
    book = opened(invoice(), data_only=True)
    assert values(book["Line items"])[6][6] == 958.85, "what it comes to stands in the file, for those who do not reckon"
    lines = [{"amount": 30}, {"quantity": 1, "unit_price": 10, "amount": 10}, {"quantity": 2, "unit_price": 10, "amount": 20}]
    rows = [row | {"_row_id": f"row{n}"} for n, row in enumerate(lines)]
    sheet = opened(invoice(data={"line_items": rows}, changes=[], findings=[]))["Line items"]
    assert values(sheet)[-1][0] == 30, "the section's own sum is left out"
    hundredths = [{"_row_id": f"row{n}", "description": "a", "amount": 0.1} for n in range(1000)]
    sheet = opened(invoice(data={"line_items": hundredths}, changes=[], findings=[]))["Line items"]
    assert values(sheet)[-1][1] == "=SUM(B2:B1001)"


def test_a_sum_that_is_not_compared_is_not_said_to_add_up():
    lines = [{"description": "one", "quantity": 1, "amount": 2000}, {"description": "two", "quantity": 3, "amount": None}]
    rows = [row | {"_row_id": f"row{n}"} for n, row in enumerate(lines)]
    data = {"document_type": "invoice", "currency": "EUR", "subtotal": 9000, "line_items": rows}
    book = opened(invoice(data=data, changes=[], findings=[]))
    told = dict(zip(column(book["Fields"], "Name"), column(book["Fields"], "Check"), strict=True))
    assert told["subtotal"] == "known amounts 2,000.00 of 9,000.00; 1 line has none"
    assert values(book["Line items"])[-1][-1] == "known amounts 2,000.00 of 9,000.00; 1 line has none (Subtotal)"


def test_figures_that_nothing_explains_are_not_said_to_add_up():
    lines = [{"_row_id": f"row{n}", "quantity": 2, "unit_price": 10, "amount": 17} for n in range(2)]
    sheet = opened(invoice(data={"document_type": "invoice", "subtotal": 90, "line_items": lines}, findings=[]))["Line items"]
    assert column(sheet, "Check") == [None] * 4


def test_there_is_no_sheet_of_changes_where_nothing_was_changed():
    assert "Changes" not in opened(invoice(changes=[], change_sentences=[])).sheetnames


def test_figures_that_name_something_are_neither_counted_nor_days():
    data = {"currency": "JPY", "cost_centre": 4100, "invoice_id": "2026-03-15", "net_weight": 1250.5, "account": 123456789012,
            "invoice_total": 1098, "order_total": 970.9300000000001}  # fmt: skip
    told = fields(opened(invoice(data=data, changes=[], findings=[])))
    assert (told["cost_centre"].number_format, told["account"].number_format) == ("General", "0")
    assert told["invoice_id"].value == "2026-03-15" and told["invoice_id"].data_type == "s"
    assert told["net_weight"].number_format == "General"
    assert told["invoice_total"].number_format == "#,##0 [$JPY]"
    assert (told["order_total"].value, told["order_total"].number_format) == (970.93, "#,##0.######## [$JPY]")


def test_what_the_template_or_the_user_hides_is_not_checked():
    assert "Check" not in values(opened(invoice(DocumentTemplate.TECHNICAL_SPEC))["Line items"])[0]
    hide = Visibility(kind="hide", words="no checks", targets=[Target(kind="section", name="checks")])
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=[hide])
    assert "Check" not in values(opened(invoice(plan=plan))["Line items"])[0]


def test_a_column_is_wide_enough_for_its_largest_figure_and_for_the_sum():
    rows = [{"_row_id": f"row{n}", "description": "a", "amount": 1} for n in range(600)]
    rows[-1]["amount"] = 987654321.5
    sheet = opened(invoice(data={"currency": "EUR", "line_items": rows}, changes=[], findings=[]))["Line items"]
    assert sheet.column_dimensions["B"].width >= len("987,654,921.50 EUR")


def test_a_sum_that_would_tell_a_hidden_total_is_not_shown():
    hide = Visibility(kind="hide", words="no subtotal", targets=[Target(kind="field", name="subtotal")])
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=[hide])
    book = opened(invoice(plan=plan))
    assert len(values(book["Line items"])) == 5
    assert "line_items_total" not in book.defined_names
    assert "adds up with taxes, discounts or the like" not in column(book["Fields"], "Check")


def test_tables_totals_and_fields_have_names_for_formulas():
    book = opened(invoice())
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert names["line_items"] == "'Line items'!$A$1:$G$5"
    sheet, cell = names["line_items_total"].split("!")
    assert book[sheet.strip("'")][cell].value == "=SUM(G2:G5)"
    sheet, cell = names["invoice_total"].split("!")
    assert book[sheet.strip("'")][cell].value == 1141.03


@pytest.mark.parametrize("name", ["A1", "R1C1", "true", "c", "print_area", "a b", "=x", "größe", "x" * 300])
def test_a_name_that_excel_would_not_take_is_not_defined(name):
    assert dict(opened(invoice(data={name: 1}, changes=[])).defined_names) == {}


def test_amounts_carry_the_currency_of_the_document_in_the_locale_of_the_plan():
    steps = [Language(words="in German", language="de"), Formatting(words="symbol", currency="symbol")]
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=steps)
    book = opened(invoice(plan=plan))
    assert book["Positionen"]["G2"].number_format == "#,##0.00 [$€-407]"
    plan = plan.model_copy(update={"steps": steps[1:]})
    assert opened(invoice(plan=plan))["Line items"]["G2"].number_format == "[$€]#,##0.00"
    assert opened(invoice(data=DATA | {"currency": None}))["Line items"]["G2"].number_format == "#,##0.00"


def test_changes_say_where_and_both_values():
    assert values(opened(invoice())["Changes"])[2] == [
        "Line items, row 2, Quantity", "modification", 35, 3.5, "the decimal sign was lost",
    ]


def test_a_moved_row_is_told_by_positions_from_one():
    assert values(opened(invoice())["Changes"])[5] == ["Line items, row 1", "move", 2, 1, None]


def test_a_text_of_several_lines_gets_a_row_high_enough():
    sheet = opened(invoice())["Fields"]
    heights = {row[4].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows(min_row=2)}
    assert heights["vendor_address"] == 2 * (heights["vendor_name"] or 15)


def test_the_file_says_where_it_comes_from():
    book = opened(invoice())
    audit = dict(row[:2] for row in values(book["Audit"]))
    assert audit["Workflow"] == invoice().export_workflow_id
    assert (audit["Stage 1 record"], audit["Stage 2 record"]) == invoice().stage_hashes
    assert (book.properties.creator, book.properties.subject) == ("demo@localhost", invoice().export_workflow_id)
    assert {told.name: told.value for told in book.custom_doc_props.props}["stage2_hash"] == invoice().stage_hashes[1]
    assert book.properties.created == book.properties.modified == datetime(2024, 3, 15, 9, 26, 53)


def test_no_text_ever_becomes_a_formula():
    book = opened(hostile())
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    told = fields(book)
    for name in ("formula", "plus", "minus", "at", "fullwidth", "tabbed"):
        assert (told[name].value, told[name].quotePrefix) == (HOSTILE_TEXTS[name], True)


def test_control_characters_are_replaced_and_long_numbers_kept():
    told = fields(opened(hostile()))
    assert told["controls"].value == "NUL\ufffd VT\ufffd BEL\ufffd end"
    assert told["long_number"].value == "100000000000000000000"
    assert told["leading_zeros"].value == "007"


def test_a_text_that_is_too_long_for_a_cell_is_cut_with_a_warning():
    rendered = ExcelRenderer().render(invoice(data={"note": "🧾" * 20_000}))
    assert any("were cut (1)" in warning for warning in rendered.warnings)
    text = fields(openpyxl.load_workbook(io.BytesIO(rendered.content)))["note"].value
    assert text.endswith("🧾…")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767


def test_sheet_names_are_allowed_and_unique():
    names = opened(hostile()).sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.casefold() for name in names}


def test_a_cell_that_was_filled_is_told_by_its_column_and_not_as_a_new_line():
    filled = Addition(field="line_items[rowaaaaaaaa1].unit", position=0, modified_value="Stück")
    sheet = opened(invoice(changes=[filled], change_sentences=["Filled."]))["Line items"]
    assert column(sheet, "Review", 4) == ["Unit", None, None, None]
    assert shown_as_changed(sheet)[0] == {"E2"}


def test_a_sorted_table_says_what_line_numbers_count():
    sort = Sorting(words="by amount", table="line_items", columns=["amount"])
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=[sort])
    told = values(opened(invoice(plan=plan))["Line items"])
    assert [row[6] for row in told[1:5]] == [34.5, 52.2, 136.15, 736]
    assert told[-1][0] == "Line numbers in the texts count the lines as they stand in the document."


def test_a_name_of_the_users_cannot_break_the_file():
    unit = Target(kind="column", table="line_items", name="unit")
    step = Renaming(words="x", label="a\x00b \ud800 <c> & =1+1", targets=[unit])
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.EXCEL, steps=[step])
    assert values(opened(invoice(plan=plan))["Line items"])[0][4] == "a\ufffdb \ufffd <c> & =1+1"


def test_a_table_larger_than_a_sheet_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(render_excel, "_MOST_ROWS", 102)
    with pytest.raises(RenderingError, match="Choose CSV or JSON"):
        ExcelRenderer().render(with_rows(100))
