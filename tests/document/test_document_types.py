"""What each kind of document is made of."""

from datetime import date

import pytest

from kraftd_core.document.checks.checking import check
from kraftd_core.document.kinds import KINDS, kind_of
from kraftd_core.document.wording import label_of

MONEY = {"subtotal", "total_tax"}


def test_every_kind_a_business_user_works_with_is_there():
    assert list(KINDS) == ["invoice", "quotation", "purchase_order", "rfq", "boq", "contract", "receipt", "other"]
    assert len({kind.label for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("name", ["no such kind", None, "", 7, "Invoice"])
def test_a_kind_that_is_not_known_is_another_document(name):
    assert kind_of(name) is KINDS["other"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_field_is_asked_for_once_and_has_a_label(kind):
    asked = (*kind.required, *kind.expected)
    assert len(set(asked)) == len(asked)
    assert all(label_of(name)[0].isupper() for name in (*asked, kind.number, kind.date, kind.due, kind.total) if name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_no_two_parts_of_a_kind_are_one_field(kind):
    parts = [part for part in (kind.number, kind.date, kind.due, kind.total) if part]
    assert len(set(parts)) == len(parts)


def test_who_and_how_much_is_required_where_money_is_asked_for():
    for name in ("invoice", "quotation", "receipt"):
        assert {"vendor_name", KINDS[name].date, KINDS[name].total} <= set(KINDS[name].required)
        assert "currency" in KINDS[name].expected


def test_prices_are_not_asked_of_who_asks_for_prices():
    asked = {*KINDS["rfq"].required, *KINDS["rfq"].expected}
    assert KINDS["rfq"].total is None and not asked & {"currency", "vendor_name", *MONEY}
    assert {"line_items", "response_due_date"} <= asked


def test_tables_are_required_where_they_are_the_document():
    assert {name for name, kind in KINDS.items() if "line_items" in kind.required} == {"rfq", "boq"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_required_field_is_missed_in_an_empty_document(kind):
    missed = [finding.cells for finding in check({"document_type": kind.name}, date(2026, 11, 20)) if finding.check == "required"]
    assert missed == [(name,) for name in kind.required]
