"""Learning never crosses suppliers, and nothing is ever offered for a bank detail that can be right."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from fakes import invoice_data
from hypothesis import given
from hypothesis import strategies as st
from made_suppliers import companies, iban, read, recorded, reviewed

from kraftd_core.document.bank_details import bank_kind, code_of
from kraftd_core.document.company_names import is_generic, likeness
from kraftd_core.recording.known_accounts import changed_bank_details
from kraftd_core.records.lessons import Lesson, lesson_of
from kraftd_core.records.suppliers import bonds, supplier_of
from kraftd_core.review.learning import offers_for

BEGAN = datetime(2026, 10, 3, 9, tzinfo=UTC)
ALPHA_TAX, GAMMA_TAX, CUSTOMERS_TAX = "DE136695976", "DE811115368", "GB123456789"
ALPHA_IBAN, GAMMA_IBAN, THIRD_IBAN = iban(1), iban(2), iban(3)
ALPHA = {"vendor_name": "Alpha GmbH", "vendor_tax_id": ALPHA_TAX}


def lesson(number, original, changed):
    original = {"document_type": "invoice"} | original
    return lesson_of(recorded(f"w{number}", BEGAN + timedelta(days=number), original, original | changed))


def twice(original, changed):
    return [lesson(number, original, changed) for number in (2, 1)]


def offered(lessons, read_now, **typed):
    data = {"document_type": "invoice"} | read_now
    return {offer.field: offer.suggested_value for offer in offers_for(lessons, "now", data, data | typed)}


def is_joined(earlier, now):
    """Whether what was corrected in two documents is offered for a third one."""
    return bool(offered(twice(earlier | {"currency": "EUR"}, {"currency": "CHF"}), now | {"currency": "EUR"}))


def test_a_customers_number_read_for_the_suppliers_brings_nobody_anothers_iban():
    alpha = twice({"vendor_name": "Alpha GmbH", "vendor_tax_id": CUSTOMERS_TAX}, {"iban": ALPHA_IBAN})
    assert offered(alpha, {"vendor_name": "Gamma Ltd", "vendor_tax_id": CUSTOMERS_TAX, "iban": GAMMA_IBAN}) == {}
    assert offered(alpha, {"vendor_name": "Gamma Ltd", "vendor_tax_id": CUSTOMERS_TAX}) == {}


@pytest.mark.parametrize(
    ("now", "joined"),
    [
        (ALPHA, True),
        (ALPHA | {"vendor_name": "ALPHA  GMBH"}, True),
        (ALPHA | {"vendor_name": "Alpha G.m.b.H."}, True),
        (ALPHA | {"vendor_name": "A1pha GrnbH"}, True),
        (ALPHA | {"vendor_name": "Alpha"}, True),
        (ALPHA | {"vendor_tax_id": "136 695 976"}, True),
        (ALPHA | {"iban": ALPHA_IBAN, "vendor_email": "a@alpha.example"}, True),
        (ALPHA | {"vendor_tax_id": GAMMA_TAX}, False),
        (ALPHA | {"vendor_name": "Gamma GmbH"}, False),
        (ALPHA | {"vendor_name": "Alpha AG"}, False),
        (ALPHA | {"vendor_name": "Alphabet GmbH"}, False),
        (ALPHA | {"vendor_name": "Invoice"}, False),
        (ALPHA | {"vendor_name": ""}, False),
        (ALPHA | {"vendor_name": "-"}, False),
        ({"vendor_tax_id": ALPHA_TAX}, False),
        ({"vendor_name": "Alpha GmbH"}, False),
        (ALPHA | {"vendor_tax_id": "-"}, False),
        (ALPHA | {"vendor_tax_id": "00000000"}, False),
        (ALPHA | {"customer_name": "Alpha GmbH"}, False),
        (ALPHA | {"customer_tax_id": ALPHA_TAX}, False),
    ],
)  # fmt: skip
def test_a_supplier_is_joined_by_what_agrees_and_parted_by_what_contradicts(now, joined):
    assert is_joined(ALPHA, now) is joined


@pytest.mark.parametrize("field", ["vendor_name", "vendor_tax_id"])
@pytest.mark.parametrize(
    "filler", ["", " ", "-", "–", "n/a", "N.A.", "none", "xxx", "Invoice", "Receipt no.", "RECHNUNG Nr. 12", "Page 1"]
)
def test_what_only_fills_a_place_joins_nobody(field, filler):
    assert not is_joined({field: filler}, {field: filler})
    with_number = {"vendor_name": filler, "vendor_tax_id": CUSTOMERS_TAX}
    assert not is_joined(with_number, with_number)


@pytest.mark.parametrize(
    ("mark", "other"),
    [
        ({"iban": ALPHA_IBAN}, {"iban": GAMMA_IBAN}),
        ({"vendor_email": "a@alpha.example"}, {"vendor_email": "a@gamma.example"}),
        ({"vendor_website": "www.alpha.co.uk"}, {"vendor_website": "https://gamma.co.uk/contact"}),
        ({"vendor_email": "alpha@gmail.com"}, {"vendor_email": "gamma@gmail.com"}),
        ({"vendor_address": "Quay 1, 20457 Hamburg"}, {"vendor_address": "Ring 9, 80331 München"}),
    ],
)
def test_branches_and_namesakes_are_parted_by_what_differs(mark, other):
    assert is_joined(ALPHA | mark, ALPHA | mark)
    assert not is_joined(ALPHA | mark, ALPHA | other)
    assert not is_joined({"vendor_name": "Alpha GmbH"} | mark, {"vendor_name": "Alpha GmbH"} | other)


def test_a_renamed_supplier_begins_anew():
    account = {"iban": ALPHA_IBAN, "currency": "EUR"}
    old = twice(ALPHA | account, {"currency": "CHF"})
    new = ALPHA | account | {"vendor_name": "Omega GmbH"}
    assert offered(old, new) == {}
    again = [lesson(number, new, {"currency": "CHF"}) for number in (4, 3)]
    assert offered([*again, *old], new) == {"currency": "CHF"}
    assert offered([*again, *old], new | {"vendor_name": "Invoice"}) == {}


def test_the_owners_own_company_read_for_the_supplier_joins_nobody():
    own = {"vendor_name": "My Company Ltd", "vendor_tax_id": CUSTOMERS_TAX, "currency": "EUR"}
    put_right = twice(own, {"vendor_name": "Alpha GmbH", "currency": "CHF"})
    assert offered(put_right, own) == {}
    left = [lesson(n, own | {"customer_name": "My Company Ltd."}, {"currency": "CHF"}) for n in (4, 3)]
    assert offered(left, own) == {}


def test_a_number_beside_the_names_of_several_companies_is_no_mark():
    shared = {"vendor_tax_id": CUSTOMERS_TAX, "currency": "EUR"}
    others = [lesson(n, shared | {"vendor_name": name}, {}) for n, name in ((9, "Delta Ltd"), (8, "Kestrel BV"))]
    alpha = twice(shared | {"vendor_name": "Alpha GmbH"}, {"vendor_tax_id": ALPHA_TAX, "iban": ALPHA_IBAN})
    assert offered([*others, *alpha], shared | {"vendor_name": "Alpha GmbH"}) == {}


def test_a_supplier_whose_name_is_never_read_is_known_by_its_number_and_its_iban():
    marks = {"vendor_name": "Invoice", "vendor_tax_id": ALPHA_TAX, "iban": ALPHA_IBAN}
    assert offered(twice(marks, {"vendor_name": "Alpha GmbH"}), marks) == {"vendor_name": "Alpha GmbH"}
    assert offered(twice(marks, {"vendor_name": "Alpha GmbH"}), marks | {"iban": GAMMA_IBAN}) == {}


def test_a_name_alone_fills_in_neither_a_place_to_pay_nor_a_number():
    named = {"vendor_name": "Alpha GmbH", "currency": "EUR"}
    filled = {"iban": ALPHA_IBAN, "vendor_tax_id": ALPHA_TAX, "vendor_address": "Quay 1", "currency": "CHF"}
    assert offered(twice(named, filled), named) == {"currency": "CHF"}
    known = named | ALPHA
    assert offered(twice(known, filled), known) == {"iban": ALPHA_IBAN, "vendor_address": "Quay 1", "currency": "CHF"}


def test_a_field_that_stays_is_offered_only_where_it_was_read_the_same_way():
    mended = twice(ALPHA | {"customer_name": "ACME"}, {"customer_name": "ACME Holding"})
    assert offered(mended, ALPHA | {"customer_name": "ACME"}) == {"customer_name": "ACME Holding"}
    assert offered(mended, ALPHA | {"customer_name": "Beta Ltd"}) == {}
    assert offered(twice(ALPHA | {"currency": "EUR"}, {"currency": "CHF"}), ALPHA | {"currency": "USD"}) == {}


# Names


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Müller & Söhne GmbH", "MULLER UND SOHNE GMBH", "same"),
        ("Müller Bau", "Mueller Bau", "like"),
        ("Straße AG", "STRASSE AG", "same"),
        ("\uff21lpha GmbH", "Alpha GmbH", "same"),
        ("Cafe\u0301 SARL", "Café S.A.R.L.", "same"),
        ("Mill & Sons", "MILL 50NS", "like"),
        ("Nordwind Bau GmbH", "Nordwjnd Bau GmbH", "like"),
        ("Alpha Ltd", "Alpha Limited", "same"),
        ("Alpha Co. Ltd", "Alpha Ltd", "same"),
        ("Alpha GmbH", "Alpha GmbH & Co. KG", "other"),
        ("Supplier AA", "Supplier AB", "other"),
        ("Supplier 17", "Supplier 18", "other"),
        ("Alpha", "Alpha Logistics", "other"),
        ("株式会社アルファ", "株式会社ベータ", "other"),
    ],
)
def test_names_are_the_same_misreadings_of_each_other_or_others(one, other, expected):
    assert likeness(one.casefold(), other.casefold()) == likeness(other.casefold(), one.casefold()) == expected


@pytest.mark.parametrize("name", ["Alpha", "Bill's Bakery", "3M", "HP Inc.", "Invoice Cloud Inc", "Кафе Пушкин", "株式会社"])
def test_a_name_that_says_anything_of_its_own_is_a_name(name):
    assert not is_generic(name)


# Bank details


BANK_NAMES = [
    "iban", "IBAN", "vendor_iban", "supplierIban", "iban_2", "bic", "swift", "BIC/SWIFT", "account_number", "Account No.",
    "bankAccount", "kontonummer", "Konto-Nr.", "sort_code", "SortCode", "blz", "bank", "bank_name", "Bankverbindung",
    "routing_number", "numéro de compte", "IFSC", "beneficiary_account", "rib",
    "cbu", "bankgiro", "plusgiro", "payee", "Beneficiary", "remit_to", "pix_key",
    "upi_id", "paypal", "wallet_address", "paymentLink",
]  # fmt: skip


@pytest.mark.parametrize("name", BANK_NAMES)
def test_a_bank_detail_that_was_read_is_never_offered_to_be_replaced(name):
    old, new = (ALPHA_IBAN, GAMMA_IBAN) if "iban" in name.lower() else ("DEUTDEFF", "COBADEFF")
    mended = twice(ALPHA | {name: old}, {name: new})
    assert bank_kind(name) is not None
    assert offered(mended, ALPHA | {name: old}) == {}


NO_BANK_NAMES = [
    "currency", "vendor_name", "discount", "account_manager", "embankment", "notes", "unit", "payment_terms", "swishes",
]  # fmt: skip


@pytest.mark.parametrize("name", NO_BANK_NAMES)
def test_what_is_no_bank_detail_is_not_taken_for_one(name):
    assert bank_kind(name, "Alpha") is None


def test_an_iban_is_a_bank_detail_under_any_name():
    noted = ALPHA | {"note": f"Pay to {ALPHA_IBAN}"}
    assert offered(twice(noted, {"note": GAMMA_IBAN}), noted) == {}


def test_an_iban_that_cannot_be_right_may_be_offered_to_be_put_right():
    misread = ALPHA_IBAN[:-1] + ("0" if ALPHA_IBAN[-1] != "0" else "1")
    mended = twice(ALPHA | {"iban": misread}, {"iban": ALPHA_IBAN})
    assert offered(mended, ALPHA | {"iban": misread}) == {"iban": ALPHA_IBAN}
    assert offered(mended, ALPHA | {"iban": GAMMA_IBAN}) == {}


READ = st.sampled_from(
    [None, "", "-", ALPHA_IBAN, GAMMA_IBAN, THIRD_IBAN.lower(), f"IBAN {GAMMA_IBAN}", "DEUTDEFF", "12345678", "DE00 1"]
)


@given(st.sampled_from(BANK_NAMES), READ, READ, READ)
def test_nothing_is_offered_over_a_bank_detail_that_can_be_right(name, before, after, now):
    for value in offered(twice(ALPHA | {name: before}, {name: after}), ALPHA | {name: now}).values():
        assert code_of(bank_kind(name, now, value), now) is None


# Changed bank details


def changed(lessons, **now):
    data = {"document_type": "invoice"} | now
    return changed_bank_details(lessons, data, data)


def test_a_supplier_that_is_to_be_paid_elsewhere_is_a_warning_with_the_cell():
    lessons = [lesson(n, ALPHA, {"iban": ALPHA_IBAN}) for n in range(4)]
    (finding,) = changed(lessons, **ALPHA, iban=GAMMA_IBAN)
    assert (finding.severity, finding.cells, finding.expected, finding.found) == ("warning", ("iban",), ALPHA_IBAN, GAMMA_IBAN)
    assert finding.message == f"This supplier's IBAN was {ALPHA_IBAN} in 4 documents; here it is {GAMMA_IBAN}."
    assert changed(lessons, **ALPHA, iban=" ".join(ALPHA_IBAN[n : n + 4] for n in range(0, 24, 4)).lower()) == []


def test_each_kind_of_bank_detail_is_held_against_its_own_kind_under_any_name():
    lessons = [lesson(1, ALPHA | {"bic": "DEUTDEFFXXX", "sort_code": "20-00-00", "account_number": "12345678"}, {})]
    told = changed(lessons, **ALPHA, swift="DEUTDEFF", sortCode="200000", accountNo="87654321")
    assert [(finding.cells, finding.expected) for finding in told] == [(("accountNo",), "12345678")]


@pytest.mark.parametrize(
    "now",
    [
        {"vendor_name": "Gamma GmbH", "vendor_tax_id": ALPHA_TAX},
        {"vendor_name": "Alpha GmbH", "vendor_tax_id": GAMMA_TAX},
        {"vendor_name": "Invoice", "vendor_tax_id": ALPHA_TAX},
        {},
    ],
)
def test_another_supplier_is_not_warned_of(now):
    assert changed([lesson(1, ALPHA, {"iban": ALPHA_IBAN})], **now, iban=GAMMA_IBAN) == []


def test_where_only_the_name_agrees_no_more_is_said():
    (finding,) = changed([lesson(1, ALPHA, {"iban": ALPHA_IBAN})], vendor_name="Alpha GmbH", iban=GAMMA_IBAN)
    assert finding.message == f"Under this supplier's name, the IBAN was {ALPHA_IBAN} in 1 document; here it is {GAMMA_IBAN}."


def test_a_branch_whose_account_was_reviewed_before_is_no_change():
    lessons = [lesson(1, ALPHA, {"iban": ALPHA_IBAN}), lesson(2, ALPHA, {"iban": GAMMA_IBAN})]
    assert changed(lessons, **ALPHA, iban=GAMMA_IBAN) == []
    (finding,) = changed(lessons, **ALPHA, iban=THIRD_IBAN)
    assert "in 1 document and" in finding.message


# At scale


@pytest.mark.slow
@pytest.mark.parametrize("shared_names", [0.15, 0.6])
def test_among_a_thousand_suppliers_no_offer_crosses_and_most_repeats_get_theirs(shared_names):
    draw, suppliers, customers = random.Random(7), companies(1000, 7, shared_names), companies(12, 1007)
    offers_made, decided, got = 0, 0, 0
    for start in range(0, len(suppliers), 66):  # with three reviews each, as many as are looked at
        some, lessons = suppliers[start : start + 66], []
        for supplier in some:
            for day in range(3):
                original = read(draw, supplier, draw.choice(customers), day)
                moment = BEGAN + timedelta(minutes=len(lessons))
                modified, workflow = reviewed(supplier, original), f"{supplier.number}/{day}"
                lessons.append(lesson_of(recorded(workflow, moment, original, modified)))
        for supplier in some:
            data = read(draw, supplier, draw.choice(customers), 9)
            offers = offers_for(lessons[::-1], "now", data, data)
            assert {workflow.split("/")[0] for offer in offers for workflow in offer.rests_on} <= {str(supplier.number)}, data
            assert not any(offer.field == "iban" and data.get("iban") for offer in offers)
            offers_made += len(offers)
            is_well_read = data["vendor_name"].lower() == supplier.name.lower() and data.get("iban") == supplier.iban
            decided += is_well_read
            got += is_well_read and any(offer.field == "currency" for offer in offers)
    assert offers_made > 500
    assert got > 0.9 * decided > 200


MARKS = st.fixed_dictionaries({}, optional={
    "vendor_name": st.sampled_from(["Alpha GmbH", "ALPHA GMBH", "A1pha GmbH", "Alpha AG", "Gamma Ltd", "Invoice", ""]),
    "vendor_tax_id": st.sampled_from([ALPHA_TAX, GAMMA_TAX, CUSTOMERS_TAX, "-"]),
    "iban": st.sampled_from([ALPHA_IBAN, GAMMA_IBAN]),
    "vendor_email": st.sampled_from(["a@alpha.example", "b@gamma.example", "c@gmail.com"]),
    "vendor_address": st.sampled_from(["Quay 1, 20457 Hamburg", "Ring 9, 80331 München"]),
    "customer_tax_id": st.just(CUSTOMERS_TAX),
})  # fmt: skip


@given(MARKS, MARKS)
def test_joining_is_mutual(one, other):
    a, b = supplier_of(one, one), supplier_of(other, other)
    assert bonds(a, [b]) == bonds(b, [a])


@given(MARKS, st.lists(MARKS, max_size=6))
def test_whoever_is_joined_contradicts_in_no_number_that_is_the_suppliers(one, others):
    mine, theirs = supplier_of(one, one), [supplier_of(other, other) for other in others]
    for other, bond in zip(theirs, bonds(mine, theirs), strict=True):
        for both in ((mine.ibans, other.ibans), (mine.domains, other.domains)):
            assert not bond or not all(both) or set(both[0]) & set(both[1])
        if bond and mine.names and other.names:
            assert any(likeness(a, b) != "other" for a in mine.names for b in other.names)


def test_lessons_of_earlier_versions_are_read_and_suggest_nothing():
    stored = lesson(1, invoice_data(), {"currency": "CHF"}).model_dump(mode="json")
    old = {name: value for name, value in stored.items() if name not in ("supplier", "bank", "confidence", "document_id")}
    lessons = [Lesson.model_validate(old | {"vendors": ["name mill & sons"], "export_workflow_id": f"w{n}"}) for n in range(2)]
    assert lessons[0].corrections
    assert offered(lessons, invoice_data()) == {}
