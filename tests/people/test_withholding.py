"""Values of persons and accounts are kept out of what a service is told, wherever they stand; all else stays."""

import json

import pytest

from kraftd_core.people.withholding import EVERY_WITHHELD, Withholding

DATA = {
    "iban": "GB33 BUKB 2020 1555 5555 55", "phone": 4930123456, "vendor_email": "Bob.Miller@mill.example",
    "birth_date": "1980-05-01",
    "account_manager": "Ann Lee", "invoice_total": 1234.56,
    "notes": "Call +49 30 98765432 or 0171 2345678; tel: 555 123 4567. Mail ann@mill.example. Born on 1 May 1980."
    " To GB33BUKB20201555555555.",
    "line_items": [{"description": "Valve DN 50, 0012-34", "quantity": 12, "ean": "4006381333931", "unit_price": 49.3}],
}  # fmt: skip
SECRETS = ("BUKB", "4930123456", "98765432", "2345678", "555 123", "mill.example", "1 May 1980", "1980-05-01", "15555555")


def test_what_stands_under_such_a_name_or_looks_like_it_is_withheld():
    told = json.dumps(Withholding(EVERY_WITHHELD, DATA).told(DATA))
    assert [secret for secret in SECRETS if secret in told] == []
    assert "[withheld: account number]" in told and "Ann Lee" in told


def test_figures_days_codes_and_lines_stay():
    told = Withholding(EVERY_WITHHELD, DATA).told(DATA)
    assert told["line_items"] == DATA["line_items"]
    text = "RE-2026-0815 of 01.02.2026, 1 234 567,00 EUR, 10 000 000.00, order 4500012345, VAT DE123456789, 30/60/90 days"
    assert Withholding(EVERY_WITHHELD, {}).text(text) == text


@pytest.mark.parametrize("text", [
    "paid to GB33BUKB20201555555555", "IBAN GB33 BUKB 2020 1555 5555 55", "49 30 123456", "geboren am 01.05.1980",
    "born 1980-05-01",
    "bob.miller@mill.example", "bob.miller (at) mill.example",
])  # fmt: skip
def test_a_value_is_withheld_in_other_words_too(text):
    assert "[withheld: " in Withholding(EVERY_WITHHELD, DATA).text(text)


def test_a_change_is_withheld_by_the_field_that_it_is_in():
    change = {"where": "iban", "from": "X", "to": "Y", "reason": "typed wrongly"}
    told = Withholding(EVERY_WITHHELD, {}).told(change)
    assert (told["from"], told["reason"]) == ("[withheld: account number]", "typed wrongly")


def test_only_what_is_chosen_is_withheld():
    told = Withholding(["email"], DATA).told(DATA)
    assert told["iban"] == DATA["iban"] and told["vendor_email"] == "[withheld: e-mail address]"
    assert Withholding([], DATA).told(DATA) == DATA
