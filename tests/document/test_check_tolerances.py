"""How far a stated sum may be off: as far as lines rounded one by one drift apart, and no further."""

from datetime import date
from decimal import Decimal
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kraftd_core.document.checks.checking import check

TODAY = date(2026, 10, 6)
UNITS = {"EUR": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}


def invoice(amounts, off_by, currency="EUR"):
    """An invoice whose every line, tax and total fit, and whose subtotal is off by so many of the smallest units."""
    unit = UNITS[currency]
    subtotal, tax = (sum(amounts) + off_by) * unit, 100_000_003 * unit  # so large that no lines with the tax in them explain it
    stated = [float(amount * unit) for amount in amounts]
    return {
        "document_type": "invoice", "vendor_name": "Mill", "invoice_id": "M-1", "invoice_date": "2026-10-01",
        "currency": currency, "subtotal": float(subtotal), "total_tax": float(tax), "invoice_total": float(subtotal + tax),
        "line_items": [
            {"_row_id": f"r{n}", "description": f"Part {n}", "quantity": 1, "unit_price": amount, "amount": amount}
            for n, amount in enumerate(stated)
        ],
    }  # fmt: skip


def sums_found_wrong(data):
    return [finding for finding in check(data, TODAY) if "subtotal" in finding.cells]


@pytest.mark.parametrize("currency", UNITS)
@pytest.mark.parametrize(("lines", "off_by"), [
    (4, 3), (9, 4), (9, 8), (9, -4), (10, 4), (10, 9), (16, 5), (16, 15), (16, -15), (25, 6), (100, 11), (100, 99), (400, 21),
])
def test_a_sum_that_is_off_by_more_than_rounding_explains_is_found_although_it_is_by_less_than_the_lines(lines, off_by, currency):
    amounts = [1_000 + 37 * n for n in range(lines)]
    assert sums_found_wrong(invoice(amounts, off_by, currency))
    assert not sums_found_wrong(invoice(amounts, 0, currency))


@settings(max_examples=60)
@given(st.lists(st.integers(100, 90_000), min_size=4, max_size=60), st.data())
def test_between_the_root_of_the_lines_and_their_number_every_difference_is_found(amounts, data):
    off_by = data.draw(st.integers(isqrt(len(amounts)) + 1, len(amounts))) * data.draw(st.sampled_from((1, -1)))
    assert sums_found_wrong(invoice(amounts, off_by))
