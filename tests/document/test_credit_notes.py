"""A credit note is known by its title in whatever language, and by no sentence that speaks of one."""

from datetime import date

import pytest

from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.local.office.sheets import read_csv
from kraftd_core.document.checks.checking import check
from kraftd_core.document.kinds import credit_title, is_credit_note
from kraftd_core.thinking.payment import payment_of

CREDIT = {"document_type": "invoice", "invoice_id": "7", "invoice_date": "2026-04-01", "vendor_name": "A", "currency": "EUR"}


@pytest.mark.parametrize(("line", "title"), [
    ("CREDIT NOTE", "CREDIT NOTE"),
    ("Credit Memo No. CM-1044", "Credit Memo"),
    ("Tax Credit Note", "Tax Credit Note"),
    ("Gutschrift", "Gutschrift"),
    ("Gutschrift Nr. 2026-17 zu Rechnung 4711", "Gutschrift"),
    ("Stornorechnung Nr. 88", "Stornorechnung"),
    ("Rechnungskorrektur RK-5", "Rechnungskorrektur"),
    ("Lampenhaus Roth        Rechnungskorrektur", "Rechnungskorrektur"),
    ("AVOIR N° AV-19", "AVOIR"),
    ("Facture d’avoir", "Facture d’avoir"),
    ("Note de crédit n° 12", "Note de crédit"),
    ("Nota de crédito", "Nota de crédito"),
    ("Nota di credito n. 8", "Nota di credito"),
    ("Nota di accredito", "Nota di accredito"),
    ("Factura de abono", "Factura de abono"),
    ("Creditnota 2026-3", "Creditnota"),
    ("Creditfactuur", "Creditfactuur"),
    ("Kreditnota 5512", "Kreditnota"),
])  # fmt: skip
def test_a_title_of_a_credit_note_is_known_as_printed(line: str, title: str):
    assert credit_title(line) == title
    assert is_credit_note({"document_title": line})


@pytest.mark.parametrize("line", [
    "Invoice", "Rechnung 4711", "Please ask for a credit note within 30 days.", "Gutschrift aus Vormonat  -12,50",
    "Credit card number 1234", "Savoir-faire depuis 1920", "Avoir fiscal 12,40", "Credit notes are issued on return of the goods",
    "Facture", "Crédit Agricole", "Korrekturrechnung", "Factura rectificativa", "Abonnement annuel", "Credit limit 5000",
])  # fmt: skip
def test_what_only_speaks_of_credits_is_no_title(line: str):
    assert credit_title(line) is None


def test_a_reader_keeps_the_title_of_an_invoice_that_gives_back():
    for kind, lines, kept in (
        ("invoice", ["Lampenhaus Roth", "Stornorechnung Nr. 88"], "Stornorechnung"),
        ("invoice", ["Lampenhaus Roth", "Rechnung Nr. 88", *["Lampe"] * 40, "Gutschrift"], None),
        ("quotation", ["Credit note"], None),
    ):
        reading = Reading(kind)
        reading.put_credit_title(lines)
        assert reading.as_json()["data"].get("invoice_type") == kept


def test_an_invoice_that_the_customer_writes_itself_gives_nothing_back():
    assert is_credit_note({"document_title": "Gutschrift"})
    assert not is_credit_note({"document_title": "Gutschrift", "notes": "Abrechnung im Gutschriftsverfahren"})
    assert not is_credit_note({"document_title": "Provisionsgutschrift 5/2026"})


@pytest.mark.parametrize("title", ["Credit note", "Gutschrift", "Stornorechnung", "Avoir", "Nota di credito", "Creditnota"])
def test_nobody_is_asked_to_pay_what_is_given_back_though_it_stands_without_its_sign(title: str):
    payment = payment_of(CREDIT | {"document_title": title, "invoice_total": 107.1, "due_date": "2026-04-30"})
    assert payment is not None
    assert payment.way == "credit"
    assert not payment.is_asked_for


def test_a_credit_note_is_never_overdue():
    late = {"document_title": "Avoir", "invoice_total": 107.1, "due_date": "2026-04-02"}
    assert "overdue" not in {finding.check for finding in check(CREDIT | late, date(2026, 6, 1))}
    assert "overdue" in {finding.check for finding in check(CREDIT | late | {"document_title": "Facture"}, date(2026, 6, 1))}


# Whichever reader read it


CREDIT_LINES = ["Lampenhaus Roth", "{title} No. CN-17", "Date 2026-04-01"]


@pytest.mark.parametrize(("title", "kept"), [("Credit note", "Credit note"), ("Invoice", None)])
def test_the_title_is_kept_by_each_reader_that_sees_texts(title: str, kept: str | None):
    lines = [line.format(title=title) for line in CREDIT_LINES]
    answer = {"pages": [{"pageNumber": 1, "width": 8.5, "height": 11, "lines": [{"content": line} for line in lines]}]}
    rows = [*([line] for line in lines), ["Description", "Quantity", "Unit price", "Amount"], ["Lamp", "2", "45.00", "90.00"]]
    sheet = "\n".join(",".join(row) for row in [*rows, ["Total", "", "", "90.00"]]).encode()
    assert extraction_of(answer, "invoice").data.get("invoice_type") == kept
    read = read_csv(sheet).as_json()["data"]
    assert (read["document_type"], read.get("invoice_type")) == ("invoice", kept)
    if kept:
        payment = payment_of(read | {"invoice_total": 90})
        assert payment is not None
        assert payment.way == "credit"
