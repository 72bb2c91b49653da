"""From the lines to the subtotal, to the total, to the balance: each thing that stands between is taken in once."""

from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import Finding, answers, check
from kraftd_core.document.checks.words import doubts, verdict
from kraftd_core.document.jsontypes import Data

TODAY = date(2026, 11, 27)


def line(quantity: Any, price: Any, amount: Any, **cells: Any) -> Data:
    return {"description": f"Part {quantity} {price}", "quantity": quantity, "unit_price": price, "amount": amount} | cells


def invoice(*rows: Data, **fields: Any) -> Data:
    lines = list(rows) or [line(1, 1000, 1000)]
    head = {
        "document_type": "invoice",
        "vendor_name": "Mill",
        "invoice_id": "A-1",
        "invoice_date": "2026-11-01",
        "currency": "EUR",
    }
    return head | {"line_items": lines, "subtotal": 1000, "total_tax": 190, "invoice_total": 1190} | fields


def boq(*rows: Data, **fields: Any) -> Data:
    return {"document_type": "boq", "currency": "EUR", "line_items": list(rows)} | fields


def text(description: str, amount: float | None = None) -> Data:
    return {"description": description} | ({} if amount is None else {"amount": amount})


def wrong(data: Data) -> list[str]:
    return [finding.check for finding in doubts(check(data, TODAY)) if finding.answer == "differs"]


def given(data: Data, name: str) -> Finding:
    return next(finding for finding in answers(data, TODAY) if finding.check == name)


@pytest.mark.parametrize(
    ("fields", "reading"),
    [
        ({}, None),
        ({"discount": 100, "total_tax": 171, "invoice_total": 1071}, "with the discount of 100.00"),
        ({"discount_percent": 10, "total_tax": 171, "invoice_total": 1071}, "with the 10 % discount"),
        ({"shipping": 50, "total_tax": 199.5, "invoice_total": 1249.5}, "with the shipping of 50.00"),
        (
            {"discount": 100, "shipping": 50, "total_tax": 180.5, "invoice_total": 1130.5},
            "with the discount of 100.00 and with the shipping of 50.00",
        ),
        ({"retention_percent": 5, "invoice_total": 1140}, "with the 5 % retention"),
        (
            {"irpf": 150, "garantia_retencion_percent": 5, "invoice_total": 990},
            "with the irpf of 150.00 and with the 5 % garantia retencion",
        ),
        ({"city_tax": 12, "invoice_total": 1202}, "with the city tax of 12.00"),
        (
            {"total_tax": None, "gst": 50, "qst": 99.75, "invoice_total": 1149.75},
            "with the GST of 50.00 and with the QST of 99.75",
        ),
        ({"gst_amount": 90, "qst_amount": 100}, None),  # the tax told apart
        ({"advance_payment": 300, "invoice_total": 890}, "with the advance payment of 300.00"),
        ({"total_tax": 190, "invoice_total": 1000, "notes": "Reverse charge"}, "the customer owes the tax"),
        ({"currency": "INR", "invoice_total": 1190.4, "rounding": 0.4}, "with the rounding of 0.40"),
        ({"currency": "SEK", "total_tax": 190.3, "invoice_total": 1190}, "rounded to what is paid"),
        ({"currency": "INR", "total_tax": 190.4, "invoice_total": 1190}, "rounded to what is paid"),
    ],
)
def test_a_total_holds_by_what_stands_between(fields, reading):
    assert wrong(invoice(**fields)) == []
    assert (given(invoice(**fields), "total").answer, given(invoice(**fields), "total").reading) == ("held", reading)


@pytest.mark.parametrize(
    "fields",
    [
        {"invoice_total": -1190},
        {"invoice_total": 1000},
        {"invoice_total": 1380},
        {"discount": 100},  # stated, and taken off nowhere
        {"discount": 100, "subtotal": 900, "total_tax": 171, "invoice_total": 971},  # taken off twice
        {"shipping": 50, "invoice_total": 1140},  # taken off rather than added
        {"irpf": 150, "invoice_total": 1340},
        {"rounding": 9, "invoice_total": 1199},  # no rounding is so large
        {"rounding": -0.4, "invoice_total": 1190.4},
        {"currency": "EUR", "total_tax": 190.4, "invoice_total": 1190},
        {"credit_limit": 5000, "invoice_total": 6190},
        {"payment_days": 30, "invoice_total": 1220},
        {"discount_percent": 2, "discount_days": 10, "invoice_total": 1166.2},  # offered for paying early
        {"subtotal": -1000, "total_tax": -190},  # a credit note with a positive total
        {"total_tax": -190, "invoice_total": 810},
        {"total_tax": None, "invoice_total": 900},
    ],
)
def test_a_total_differs_where_nothing_explains_it(fields):
    assert wrong(invoice(**fields))


def test_a_discount_that_is_in_no_step_is_named():
    finding = given(invoice(discount=100), "total")
    assert finding.message == (
        "The subtotal 1,000.00 plus the tax 190.00, with the discount of 100.00, is 1,090.00, but the total says 1,190.00."
    )
    assert (finding.expected, finding.found) == ("1090.00", "1190.00")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"prepaid_amount": 500, "balance_due": 690}, "held"),
        ({"payments": [{"amount": 300}, {"amount": 200}], "balance_due": 690}, "held"),
        ({"retention_percent": 10, "balance_due": 1071}, "held"),
        ({"previous_balance": 30, "balance_due": 1220}, "held"),
        ({"amount_paid": 1190, "amount_due": 0}, "held"),
        ({"balance_due": 790}, "not_checked"),  # nobody says what was paid
        ({"balance_due": 0}, "not_checked"),
        ({"prepaid_amount": 500, "balance_due": 790}, "differs"),
        ({"prepaid_amount": 500, "balance_due": 1690}, "differs"),
        ({"balance_due": 1690}, "differs"),
        ({"retention_percent": 5, "balance_due": 1090}, "differs"),
    ],
)
def test_what_is_left_is_the_total_less_what_was_paid_or_kept_back(fields, answer):
    assert given(invoice(**fields), "balance").answer == answer


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"retention_percent": 5, "retention": 50, "balance_due": 1140}, "held"),
        ({"withholding_rate": 20, "withholding_amount": 150, "balance_due": 1040}, "differs"),
        ({"discount_percent": 10, "discount_amount": 50, "total_tax": 180.5, "invoice_total": 1130.5}, "differs"),
    ],
)
def test_a_rate_and_the_amount_beside_it_are_compared(fields, answer):
    assert given(invoice(**fields), "rate").answer == answer


# Lines that are more than lines


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"subtotal": 950, "total_tax": 180.5, "invoice_total": 1130.5}, "held"),  # in the subtotal
        ({"total_tax": 180.5, "invoice_total": 1130.5}, "held"),  # below it
        ({"total_tax": 190, "invoice_total": 1190}, "differs"),  # in neither
        ({"subtotal": 950, "total_tax": 180.5, "invoice_total": 1080.5}, "differs"),
    ],
)
@pytest.mark.parametrize("discount", [-100, 100])
def test_a_discount_or_freight_among_the_lines_is_taken_in_once(fields, answer, discount):
    rows = (line(4, 250, 1000), text("Document discount 10 %", discount), text("Freight", 50))
    assert bool(wrong(invoice(*rows, **fields))) is (answer == "differs")


def test_a_line_tells_a_charge_again_only_if_it_is_called_so():
    other = (line(1, 900, 900), line(1, 100, 100))
    assert wrong(invoice(*other, discount=100)) == ["total"]
    freight = (line(1, 950, 950), line(1, 50, 50, description="Freight"))
    assert wrong(invoice(*freight, freight=50)) == []
    assert wrong(invoice(line(1, 950, 950), line(1, 50, 50), freight=50)) == ["total"]


@pytest.mark.parametrize(
    ("notes", "is_right"),
    [
        ("All prices include 19 % VAT.", True),
        ("Preise inkl. 19 % MwSt.", True),
        ("Prix TTC", True),
        ("Delivery included, including packing", False),
        (None, False),
    ],
)
def test_a_total_may_hold_the_tax_only_where_the_document_says_so(notes, is_right):
    data = invoice(line(1, 1190, 1190), subtotal=1190, total_tax=190, invoice_total=1190, notes=notes)
    assert (wrong(data) == []) is is_right


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"tip": 50}, "not_checked"),
        ({"tip": 50, "invoice_total": 1240}, "held"),
        ({"tip": 50, "invoice_total": 1250}, "differs"),
        ({"contingency_percent": 10}, "not_checked"),
        ({"contingency_percent": 10, "invoice_total": 1290}, "held"),
        ({"insurance": 30}, "not_checked"),
        ({"insured_value": 5000}, "held"),
    ],
)
def test_what_may_be_in_the_total_already_or_come_after_it_is_not_known(fields, answer):
    assert given(invoice(**fields), "total").answer == answer


def test_what_is_withheld_is_kept_back_once_and_all_of_it():
    both = {"isr_retenido": 100, "iva_retenido": 106.67}
    assert given(invoice(**both, invoice_total=983.33), "total").answer == "held"
    assert given(invoice(**both, invoice_total=1083.33), "total").answer == "differs"
    twice = invoice(retention_amount=100, invoice_total=1090, balance_due=990)
    assert given(twice, "balance").answer == "differs"
    assert given(twice | {"balance_due": 1090}, "balance").answer == "held"


def test_taxes_that_are_stated_in_parts_are_all_in_the_total():
    parts = {"total_tax": None, "state_tax": 60, "county_tax": 10}
    assert given(invoice(**parts, invoice_total=1070), "total").answer == "held"
    assert given(invoice(**parts, invoice_total=1010), "total").answer == "differs"


def test_a_discount_below_zero_lowers_all_the_same():
    assert given(invoice(discount=-100, total_tax=171, invoice_total=1071), "total").answer == "held"
    assert given(invoice(discount=-100, total_tax=209, invoice_total=1309), "total").answer == "differs"
    cancelled = invoice(allowance_total=-100, line_total=1000, subtotal=1100, total_tax=209, invoice_total=1309)
    assert given(cancelled, "line_sum").answer == "held"


def test_a_discount_is_not_known_to_be_left_out_where_the_lines_are_not_known():
    bare = invoice(discount=100, subtotal=900, total_tax=171, invoice_total=1071) | {"line_items": []}
    assert given(bare, "total").answer == "not_checked"
    assert given(bare, "total").message.endswith("only if the discount stands elsewhere.")
    assert given(bare | {"subtotal": 1000}, "total").answer == "held"


SECTIONS = (
    text("Section A"), line(10, 5, 50), line(2, 20, 40), text("Preliminaries, lump sum", 500), text("Total section A", 590),
    text("Section B"), line(1, 10, 10), text("Site clearance", 300), text("Subtotal B", 310),
)  # fmt: skip


def test_sections_and_lump_sums_are_added_up_once():
    assert verdict(answers(boq(*SECTIONS, boq_total=900), TODAY)) == "held"
    assert wrong(boq(*SECTIONS, boq_total=1800)) == ["line_sum"]
    summary = (text("SUMMARY"), text("Section A", 590), text("Section B", 310))
    assert wrong(boq(*SECTIONS, *summary, text("Grand total", 900), boq_total=900)) == []
    above = (text("Section 1", 150), line(1, 50, 50), line(2, 50, 100), text("Section 2", 80), line(1, 30, 30), line(1, 50, 50))
    assert wrong(boq(*above, boq_total=230)) == []


def test_the_sum_of_a_section_is_compared_with_its_lines():
    rows = [*SECTIONS[:4], text("Total section A", 600), *SECTIONS[5:]]
    finding = next(f for f in check(boq(*rows, boq_total=900), TODAY) if f.check == "section_sum")
    assert (finding.severity, finding.expected, finding.found) == ("warning", "590.00", "600.00")
    assert finding.message == "Line 5 (Total section A): the lines above add up to 590.00, but the amount says 600.00."


def test_amounts_alone_that_happen_to_be_sums_are_counted():
    assert wrong(boq(text("A", 10), text("B", 10), text("C", 20), boq_total=40)) == []


@pytest.mark.parametrize(
    "offered",
    [
        line(1, 200, 200, description="Optional: cover"),
        line(1, 200, 200, optional=True),
        line(1, 200, 200, alternative="Alternative to 1"),
        line(1, 200, 200, description="Bedarfsposition Gerüst"),
    ],
)
def test_a_line_on_offer_is_in_the_sum_or_not(offered):
    assert wrong(invoice(line(1, 1000, 1000), offered)) == []
    assert wrong(invoice(line(1, 1000, 1000), offered, subtotal=1200, total_tax=228, invoice_total=1428)) == []
    assert wrong(invoice(line(1, 1000, 1000), offered, subtotal=1100, total_tax=209, invoice_total=1309)) == ["line_sum"]


@pytest.mark.parametrize("word", ["incl.", "RO", "rate only", "PM", "nil", "N/A", "Included elsewhere"])
def test_a_word_for_nothing_counts_as_nothing(word):
    rows = [line(10, 5, 50), line(2, word, None), line(3, word, word)]
    assert verdict(answers(boq(*rows, boq_total=50), TODAY)) == "held"
    assert wrong(boq(*rows, boq_total=9000)) == ["line_sum"]


def test_a_credit_note_may_print_its_lines_without_their_sign_and_nothing_else():
    back = {"subtotal": -1000, "total_tax": -190, "invoice_total": -1190}
    assert wrong(invoice(**back)) == wrong(invoice(line(-1, 1000, -1000), **back)) == []
    assert wrong(boq(line(1, 1000, 1000), boq_total=-1000)) == ["line_sum"]
    assert "line_sum" in wrong(invoice(line(-1, 1000, -1000)))


# Amounts that are lacking


def test_what_is_there_is_summed_and_told_where_a_line_has_no_amount():
    data = invoice(
        line(1, 1000, 1000),
        line(1, 1000, 1000),
        {"description": "Third", "quantity": 1},
        subtotal=None,
        total_tax=None,
        invoice_total=9000,
    )
    finding = given(data, "line_sum")
    assert (finding.answer, finding.severity) == ("not_checked", "note")
    assert finding.message == "Known amounts 2,000.00 of the total 9,000.00; 1 line has none."
    assert finding in check(data, TODAY)
    assert verdict(answers(data, TODAY)) == "not_checked"


def test_known_amounts_that_are_more_than_the_whole_differ():
    rows = (line(1, 1000, 1000), line(2, 1000, 2000), {"description": "Third", "quantity": 1})
    more = invoice(*rows, subtotal=None, total_tax=None, invoice_total=1500)
    assert given(more, "line_sum").answer == "differs"
    less_a_discount = invoice(
        *rows[:2], {"description": "Discount", "quantity": 1}, subtotal=None, total_tax=None, invoice_total=1500
    )
    assert given(less_a_discount, "line_sum").answer == "not_checked"


def test_an_amount_that_is_lacking_is_worked_out_where_quantity_and_price_stand():
    rows = (line(1, 600, 600), line(2, 200, None))
    assert given(invoice(*rows), "line_sum").answer == "held"
    assert given(invoice(*rows, subtotal=600, total_tax=114, invoice_total=714), "line_sum").answer == "not_checked"
    assert given(invoice(*rows, subtotal=900, total_tax=171, invoice_total=1071), "line_sum").answer == "differs"


def test_hundreds_of_lines_of_which_some_say_included_are_added_up_all_the_same():
    rows = [line(n, 10, n * 10) for n in range(1, 300)] + [line(1, "incl.", None, description=f"In {n}") for n in range(24)]
    total = sum(row["amount"] or 0 for row in rows)
    assert wrong(boq(*rows, boq_total=total)) == []
    assert wrong(boq(*rows, boq_total=total + 453980)) == ["line_sum"]


def test_a_document_without_sums_is_not_called_right():
    assert (
        verdict(answers({"document_type": "rfq", "line_items": [{"description": "Pump", "quantity": 3}]}, TODAY)) == "not_checked"
    )
    assert verdict(answers({}, TODAY)) == "not_checked"


def test_a_form_that_is_not_filled_in_is_not_said_to_add_up():
    rows = [{"description": "A", "amount": 0}, *({"description": f"Work {n}", "unit": "m2"} for n in range(3))]
    given = answers({"document_type": "boq", "currency": "EUR", "boq_total": 0, "line_items": rows}, TODAY)
    assert [finding.answer for finding in given if finding.check == "line_sum"] == ["not_checked"]


@pytest.mark.parametrize(("fields", "answer"), [
    ({"ipt_rate": 12, "ipt": 12, "invoice_total": 112}, "held"),
    ({"ipt_rate": 12, "ipt": 12, "invoice_total": 100}, "not_checked"),
    ({"ipt_rate": 12, "ipt": 21, "invoice_total": 121}, "differs"),
    ({"xyz_percent": 2, "xyz_amount": 2, "invoice_total": 100, "net_payable": 98}, "held"),
    ({"xyz_percent": 2, "xyz_amount": 2, "invoice_total": 100, "net_payable": 89}, "differs"),
    ({"retention_amount": 10, "invoice_total": 100, "amount_payable": 90}, "held"),
    ({"retention_amount": 10, "invoice_total": 100, "amount_payable": 100}, "not_checked"),
    ({"inss_retido": 11, "iss_retido": 5, "valor_liquido": 84}, "held"),
    ({"inss_retido": 11, "iss_retido": 5, "valor_liquido": 95}, "differs"),
    ({"nhil_rate": 2.5, "nhil": 2.5, "getfund_rate": 2.5, "getfund": 2.5, "invoice_total": 105}, "held"),
    ({"nhil_rate": 2.5, "nhil": 2.5, "getfund_rate": 2.5, "getfund": 2.5, "invoice_total": 102.5}, "not_checked"),
    ({"nhil_rate": 2.5, "nhil": 2.5, "getfund_rate": 2.5, "getfund": 2.5, "invoice_total": 100}, "not_checked"),
    ({"tax_rate": 20, "total_tax": 16.67, "prices_include_tax": True, "tip": 10, "invoice_total": 110}, "held"),
    ({"tax_rate": 20, "total_tax": 20, "prices_include_tax": True, "tip": 10, "invoice_total": 110}, "differs"),
    ({"vat_base": 98, "vat_rate": 20, "vat": 19.6, "invoice_total": 119.6}, "held"),
    ({"gross_amount": 150, "retention": 15, "advance_recovery": 35, "invoice_total": 100}, "held"),
    ({"gross_amount": 150, "retention": 15, "advance_recovery": 53, "invoice_total": 100}, "differs"),
])  # fmt: skip
def test_what_stands_between_is_followed_whatever_it_is_called(fields, answer):
    data = {"document_type": "invoice", "vendor_name": "A", "invoice_id": "1", "invoice_date": "2026-01-01", "currency": "EUR"}
    assert verdict(answers(data | {"subtotal": 100} | fields, TODAY)) == answer


@pytest.mark.parametrize(("paid", "answer"), [(61.92, "held"), (51.92, "differs")])
def test_what_a_receipt_says_was_paid_in_several_ways_is_its_total(paid, answer):
    receipt = {"document_type": "receipt", "currency": "USD", "receipt_total": 81.92, "gift_card_paid": 20, "card_paid": paid}
    assert [f.answer for f in answers(receipt, TODAY) if f.check == "balance"] == [answer]
