"""Who orders and who supplies, by how orders, requests and tenders are laid out."""

import pytest

from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages


def page(*lines):
    """A page of phrases, each with its left edge and its top; a letter is 5 wide and 10 high."""
    words = []
    for x, y, text in lines:
        for word in text.split():
            words.append(Word(word, x, y, x + 5 * len(word), y + 10))
            x += 5 * len(word) + 3
    return page_of(words, 1, 595, 842)


def fields(kind, *lines):
    return {role: found.value for role, found in read_pages([page(*lines)], kind).fields.items()}


def test_boxes_with_labels_over_their_values_name_both_parties():
    found = fields(
        "purchase_order",
        (250, 40, "PURCHASE ORDER"),
        (42, 60, "Invoice To"), (320, 60, "Voucher No."), (440, 60, "Dated"),
        (42, 72, "Orchid Engineers"), (320, 72, "OE/481"), (440, 72, "9-Mar-26"),
        (42, 84, "14 Mill Road"), (320, 84, "Mode/Terms of Payment"),
        (42, 96, "Pune 411001"), (320, 96, "45 Days Credit"),
        (42, 116, "Consignee (Ship to)"), (320, 116, "Dispatched through"),
        (42, 128, "Orchid Engineers"), (320, 128, "By Road"),
        (42, 160, "Supplier (Bill from)"), (320, 160, "Terms of Delivery"),
        (42, 172, "Kaveri Motors Ltd."), (320, 172, "Immediate"),
    )  # fmt: skip
    assert found["customer_name"] == "Orchid Engineers"
    assert found["vendor_name"] == "Kaveri Motors Ltd."
    assert found["payment_terms"] == "45 Days Credit"
    assert (found["number"], found["date"]) == ("OE/481", "2026-03-09")


def test_the_letterhead_of_an_order_is_the_buyers_and_its_box_the_suppliers():
    found = fields(
        "purchase_order",
        (200, 30, "NORTHFIELD STEEL LIMITED"), (200, 44, "Works Road, Raipur 492001"), (230, 64, "PURCHASE ORDER"),
        (40, 90, "Vendor:700215"), (305, 90, "PURCHASE ORDER No:4700012345"),
        (40, 102, "R.K. ENGINEERING"), (305, 102, "Purchase Order Date: 12.02.2026"),
        (40, 114, "5 Garden Street"), (305, 114, "Contact Person : Purchasing"),
        (40, 126, "Raipur 492001"),
    )  # fmt: skip
    assert found["customer_name"] == "NORTHFIELD STEEL LIMITED"
    assert found["vendor_name"] == "R.K. ENGINEERING"
    assert found["number"] == "4700012345"


def test_three_blocks_side_by_side_are_three_parties():
    found = fields(
        "purchase_order",
        (380, 40, "Purchase Order"), (380, 54, "PO Number 6120045 OP"), (380, 68, "PO Creation Date: 04/25/22"),
        (40, 110, "Supplier:"), (220, 110, "Bill To:"), (400, 110, "Ship To:"),
        (40, 122, "CRATES EXAMPLE INC - 104"), (220, 122, "HARVEST FOODS - WEST"), (400, 122, "HARVEST FOODS - PLANT 2"),
        (40, 134, "8 Dock Street"), (220, 134, "1 Grain Avenue"), (400, 134, "77 Silo Road"),
    )  # fmt: skip
    assert found["vendor_name"] == "CRATES EXAMPLE INC - 104"
    assert found["customer_name"] == "HARVEST FOODS - WEST"
    assert found.get("ship_to", "HARVEST FOODS - PLANT 2").startswith("HARVEST FOODS - PLANT 2")


@pytest.mark.parametrize("kind", ["rfq", "boq"])
def test_nobody_supplies_what_is_only_asked_for(kind):
    found = fields(
        kind,
        (200, 30, "Westmarch Water Board"), (200, 44, "Canal Street 3, 12345 Westmarch"), (200, 64, "INVITATION TO TENDER"),
        (40, 100, "Contractor"), (40, 112, "The Contractor shall provide all plant and labour for the works."),
        (40, 140, "Supplier"), (40, 152, "The supplier must sign each page."),
    )  # fmt: skip
    assert "vendor_name" not in found


@pytest.mark.parametrize(
    "line",
    ["Terms of Delivery Immediate", "Terms and Condition :", "Contact us at any time", "Project Manager", "Works as per drawing"],
)
def test_a_label_counts_only_where_it_stands_as_one(line):
    found = fields("invoice", (50, 40, "INVOICE"), (50, 60, "Acorn Tools Ltd"), (50, 100, line), (50, 114, "of the seller apply"))
    assert not {"payment_terms", "contact", "project_name"} & found.keys()


@pytest.mark.parametrize(
    "line, value", [("Payment terms: 30 days net", "30 days net"), ("Payment terms 14 days net", "14 days net")]
)
def test_a_labelled_text_is_whole(line, value):
    assert fields("invoice", (50, 40, "INVOICE"), (50, 100, line))["payment_terms"] == value


def test_both_halves_of_a_tax_are_told_apart_and_added():
    pages = [page(
        (50, 40, "PURCHASE ORDER"), (50, 60, "Supplier: Kaveri Motors Ltd."),
        (50, 300, "INPUT CGST @9%"), (480, 300, "11,160.00"),
        (50, 320, "INPUT SGST @9%"), (480, 320, "11,160.00"), (50, 340, "Total"), (480, 340, "Rs. 1,46,320.00"),
    )]  # fmt: skip
    reading = read_pages(pages, "purchase_order")
    table = next(table for table in reading.tables if table.name == "tax_breakdown")
    assert [[cell.value for cell in row.values()] for row in table.rows] == [["CGST", 9, 11160], ["SGST", 9, 11160]]
    assert reading.fields["total_tax"].value == 22320


def test_taxes_that_every_line_repeats_are_no_split_of_the_order():
    lines = [(50, 300 + 20 * n, "CGST 9.00 %  90.00") for n in range(3)]
    reading = read_pages([page((50, 40, "PURCHASE ORDER"), *lines)], "purchase_order")
    assert "tax_breakdown" not in [table.name for table in reading.tables]
