"""Electronic invoices, embedded in a PDF or by themselves: exact values, differences from the page, and XML made to do harm."""

import asyncio
import io
import json
import zlib
from datetime import date

import pytest
from made_invoices import made
from shared_files import DOCUMENTS, needs_documents

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.local.e_invoices.invoices import read_e_invoice
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.readers.local.pages.paged import read_pdf
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import without_row_ids
from kraftd_core.errors import DocumentRefused

# Making e-invoices


def tags(**parts):
    """Elements of the parts: a text, a dict, a list of either; `unit` and the like stand in (text, attributes)."""
    return "".join(element(name, part) for name, part in parts.items())


def element(name, part):
    if isinstance(part, list):
        return "".join(element(name, one) for one in part)
    text, attributes = part if isinstance(part, tuple) else (part, {})
    inner = tags(**text) if isinstance(text, dict) else text
    said = "".join(f" {key}='{value}'" for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>"


def cii_day(text):
    return {"DateTimeString": (text, {"format": "102"})}


def cii_line(number, name, count, unit_price, amount, **more):
    return {
        "AssociatedDocumentLineDocument": {"LineID": number, **more.get("document", {})},
        "SpecifiedTradeProduct": {"SellerAssignedID": f"A-{number}", "Name": name, **more.get("product", {})},
        "SpecifiedLineTradeAgreement": {"NetPriceProductTradePrice": {"ChargeAmount": unit_price, **more.get("price", {})}},
        "SpecifiedLineTradeDelivery": {"BilledQuantity": (count, {"unitCode": more.get("unit", "H87")})},
        "SpecifiedLineTradeSettlement": {
            "ApplicableTradeTax": {"TypeCode": "VAT", "CategoryCode": "S", "RateApplicablePercent": "19.00"},
            **more.get("settlement", {}),
            "SpecifiedTradeSettlementLineMonetarySummation": {"LineTotalAmount": amount},
        },
    }


IN_14_DAYS = {"Description": "14 Tage netto", "DueDateDateTime": cii_day("20251117")}
LINES = [
    cii_line("1", "Teigschaber, Edelstahl", "12.0000", "8.5000", "102.00"), cii_line("2", "Knethaken", "1", "1298", "1298.00"),
]
SUMS = {
    "LineTotalAmount": "1400.00", "TaxBasisTotalAmount": "1400.00", "TaxTotalAmount": ("266.00", {"currencyID": "EUR"}),
    "GrandTotalAmount": "1666.00", "TotalPrepaidAmount": "66.00", "DuePayableAmount": "1600.00",
}


def cii(lines=LINES, code="380", sums=SUMS, number="NW-0815", seller="Nordlicht Werkzeuge GmbH", notes=(), settlement=None):
    """A Cross Industry Invoice."""
    body = {
        "ExchangedDocument": {
            "ID": number, "TypeCode": code, "IssueDateTime": cii_day("20251103"),
            "IncludedNote": [{"Content": note} for note in notes],
        },
        "SupplyChainTradeTransaction": {
            "IncludedSupplyChainTradeLineItem": list(lines),
            "ApplicableHeaderTradeAgreement": {
                "SellerTradeParty": {
                    "Name": seller,
                    "DefinedTradeContact": {"PersonName": "Ida Voss"},
                    "PostalTradeAddress": {
                        "PostcodeCode": "24103", "LineOne": "Hafenweg 3", "CityName": "Kiel", "CountryID": "DE",
                    },
                    "SpecifiedTaxRegistration": [
                        {"ID": ("21/815/08150", {"schemeID": "FC"})}, {"ID": ("DE136695976", {"schemeID": "VA"})},
                    ],
                },
                "BuyerTradeParty": {"ID": "K-77", "Name": "Backstube Ahrens\nOHG"},
                "BuyerOrderReferencedDocument": {"IssuerAssignedID": "PO-9"},
            },
            "ApplicableHeaderTradeDelivery": {
                "ActualDeliverySupplyChainEvent": {"OccurrenceDateTime": cii_day("20251031")},
                "DespatchAdviceReferencedDocument": {"IssuerAssignedID": "LS-4"},
            },
            "ApplicableHeaderTradeSettlement": {
                "InvoiceCurrencyCode": "EUR",
                "SpecifiedTradeSettlementPaymentMeans": {
                    "PayeePartyCreditorFinancialAccount": {"IBANID": "DE02120300000000202051"},
                },
                "ApplicableTradeTax": {
                    "CalculatedAmount": "266.00", "TypeCode": "VAT", "BasisAmount": "1400.00", "CategoryCode": "S",
                    "RateApplicablePercent": "19.00",
                },
                "SpecifiedTradePaymentTerms": IN_14_DAYS,
                "SpecifiedTradeSettlementHeaderMonetarySummation": sums,
                **(settlement or {}),
            },
        },
    }
    namespace = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    return f"<CrossIndustryInvoice xmlns='{namespace}'><!-- made for a test -->{tags(**body)}</CrossIndustryInvoice>"


def renamed(xml, *pairs):
    for old, new in pairs:
        xml = xml.replace(f"<{old}", f"<{new}").replace(f"</{old}", f"</{new}")
    return xml


def zugferd_1():
    return renamed(
        cii(), ("CrossIndustryInvoice", "CrossIndustryDocument"), ("ExchangedDocument", "HeaderExchangedDocument"),
        ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"),
        ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"), ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
        ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("RateApplicablePercent", "ApplicablePercent"), ("IssuerAssignedID", "ID"),
        ("DespatchAdviceReferencedDocument", "DeliveryNoteReferencedDocument"),
    )


def order_x():
    return renamed(
        cii(code="220"), ("CrossIndustryInvoice", "SCRDMCCBDACIOMessageStructure"), ("BilledQuantity", "RequestedQuantity"),
        ("InvoiceCurrencyCode", "OrderCurrencyCode"), ("ActualDeliverySupplyChainEvent", "RequestedDeliverySupplyChainEvent"),
    )


def ubl(root="Invoice", **changed):
    """A document of the Universal Business Language."""
    line, counted = {"Invoice": ("InvoiceLine", "InvoicedQuantity"), "CreditNote": ("CreditNoteLine", "CreditedQuantity")}.get(
        root, ("LineItem", "Quantity")
    )
    seller, buyer = ("SellerSupplier", "BuyerCustomer") if root == "Order" else ("AccountingSupplier", "AccountingCustomer")
    lines = [
        {
            "ID": number, counted: (count, {"unitCode": "H87"}), "LineExtensionAmount": amount,
            "Item": {
                "Description": name, "Name": name, "SellersItemIdentification": {"ID": f"A-{number}"},
                "ClassifiedTaxCategory": {"ID": "S", "Percent": "19"},
            },
            "Price": {"PriceAmount": price},
        }
        for number, name, count, price, amount in (
            ("1", "Teigschaber, Edelstahl", "12", "8.50", "102.00"), ("2", "Knethaken", "1", "1298", "1298.00"),
        )
    ]
    address = {"StreetName": "Hafenweg 3", "CityName": "Kiel", "PostalZone": "24103", "Country": {"IdentificationCode": "DE"}}
    schemes = [{"CompanyID": "21/815/08150", "TaxScheme": {"ID": "FC"}}, {"CompanyID": "DE136695976", "TaxScheme": {"ID": "VAT"}}]
    body = {
        "ID": "NW-0815", "IssueDate": "2025-11-03", "DueDate": "2025-11-17", "DocumentCurrencyCode": "EUR",
        "OrderReference": {"ID": "PO-9"}, "DespatchDocumentReference": {"ID": "LS-4"},
        f"{seller}Party": {"Party": {
            "PartyName": {"Name": "Nordlicht"}, "PostalAddress": address, "PartyTaxScheme": schemes,
            "PartyLegalEntity": {"RegistrationName": "Nordlicht Werkzeuge GmbH"}, "Contact": {"Name": "Ida Voss"},
        }},
        f"{buyer}Party": {"Party": {"PartyIdentification": {"ID": "K-77"}, "PartyName": {"Name": "Backstube Ahrens OHG"}}},
        "Delivery": {"ActualDeliveryDate": "2025-10-31", "RequestedDeliveryPeriod": {"EndDate": "2025-10-31"}},
        "PaymentMeans": {"PayeeFinancialAccount": {"ID": "DE02120300000000202051"}},
        "PaymentTerms": {"Note": "14 Tage netto"},
        "TaxTotal": [
            {"TaxAmount": ("2990.00", {"currencyID": "NOK"})},
            {"TaxAmount": ("266.00", {"currencyID": "EUR"}), "TaxSubtotal": {
                "TaxableAmount": "1400.00", "TaxAmount": "266.00",
                "TaxCategory": {"ID": "S", "Percent": "19", "TaxScheme": {"ID": "VAT"}},
            }},
        ],
        "AnticipatedMonetaryTotal" if root == "Order" else "LegalMonetaryTotal": {
            "LineExtensionAmount": "1400.00", "TaxExclusiveAmount": "1400.00", "TaxInclusiveAmount": "1666.00",
            "PrepaidAmount": "66.00", "PayableAmount": "1600.00",
        },
        **({"OrderLine": [{line: one} for one in lines]} if root == "Order" else {line: lines}),
        **changed,
    }
    return f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2">{tags(**body)}</{root}>'


PAGE = (
    (60, "Nordlicht Werkzeuge GmbH"), (80, "Backstube Ahrens OHG"), (110, "Rechnung"), (130, "Rechnungsnummer: NW-0815"),
    (145, "Rechnungsdatum: 03.11.2025"), (180, "Pos. Bezeichnung|Menge|Einzelpreis|Betrag"),
    (200, "1 Teigschaber, Edelstahl|12|8,50|102,00"), (215, "2 Knethaken|1|1.298,00|1.298,00"), (240, "||Nettobetrag|1.400,00"),
    (255, "||MwSt. 19 %|266,00"), (270, "||Gesamtbetrag|1.666,00 EUR"),
)


def page(changes=()):
    """A page that prints the invoice; `changes` are pairs of what is printed and what is printed instead."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for y, row in PAGE:
        for old, new in changes:
            row = row.replace(old, new)
        for x, text in zip((60, 300, 380, 480), row.split("|"), strict=False):
            canvas.drawString(x, 842 - y, text)
    canvas.save()
    return out.getvalue()


def pdf(xml, name="factur-x.xml", changes=(), **more):
    """The page with the XML and other files attached."""
    return attached(page(changes), {name: xml, **more})


def attached(printed, files):
    """The PDF with these files attached."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(printed)))
    for file, content in files.items():
        writer.add_attachment(file, content if isinstance(content, bytes) else content.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read(content):
    return read_pdf(content, lambda _: None, 20, 20)


def data_of(reading):
    return without_row_ids(reading.as_json()["data"])


def differences(reading):
    return [notice for notice in reading.notices if "says" in notice]


# Every standard


EXACT = {
    "vendor_name": "Nordlicht Werkzeuge GmbH",
    "customer_name": "Backstube Ahrens OHG",
    "currency": "EUR",
    "subtotal": 1400,
    "total_tax": 266,
    "vendor_address": "Hafenweg 3, 24103 Kiel, DE",
    "vendor_tax_id": "DE136695976",
    "vendor_tax_number": "21/815/08150",
    "vendor_contact": "Ida Voss",
    "customer_number": "K-77",
    "delivery_note_number": "LS-4",
    "iban": "DE02120300000000202051",
    "prepaid_amount": 66,
    "balance_due": 1600,
}
OF_INVOICE = {
    "invoice_id": "NW-0815", "invoice_date": "2025-11-03", "due_date": "2025-11-17", "invoice_total": 1666,
    "delivery_date": "2025-10-31", "order_number": "PO-9",
}
OF_ORDER = {
    "document_type": "purchase_order", "order_date": "2025-11-03", "delivery_date": "2025-10-31", "order_total": 1666,
    "order_number": "NW-0815", "order_reference": "PO-9",
}
EXACT_LINES = [
    {
        "position": "1", "item_number": "A-1", "description": "Teigschaber, Edelstahl", "quantity": 12, "unit": "piece",
        "unit_price": 8.5, "tax_rate": 19, "amount": 102,
    },
    {
        "position": "2", "item_number": "A-2", "description": "Knethaken", "quantity": 1, "unit": "piece",
        "unit_price": 1298, "tax_rate": 19, "amount": 1298,
    },
]


def test_every_standard_gives_the_exact_values_from_its_attachment():
    for xml, name, own in (
        (cii(), "factur-x.xml", OF_INVOICE), (cii(), "zugferd-invoice.xml", OF_INVOICE), (cii(), "xrechnung.xml", OF_INVOICE),
        (zugferd_1(), "ZUGFeRD-invoice.xml", OF_INVOICE), (order_x(), "order-x.xml", OF_ORDER),
        (ubl(), "any name.XML", OF_INVOICE),
    ):
        data = data_of(read(pdf(xml, name)))
        assert data | EXACT | own == data, name
        assert data["line_items"] == EXACT_LINES


@pytest.mark.parametrize(("xml", "own"), [
    (cii(), OF_INVOICE), (zugferd_1(), OF_INVOICE), (order_x(), OF_ORDER), (ubl(), OF_INVOICE), (ubl("Order"), OF_ORDER),
])
def test_every_standard_gives_the_same_values_as_a_file_of_its_own(xml, own):
    data = data_of(read_e_invoice(xml.encode()))
    assert data | EXACT | own == data
    assert data["line_items"] == EXACT_LINES
    assert data["tax_breakdown"] == [{"category": "S", "tax_rate": 19, "taxable_amount": 1400, "tax_amount": 266}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_that_the_xml_names_is_heeded(encoding):
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{cii(seller="Bäckerei Groß")}'
    assert data_of(read_e_invoice(xml.encode(encoding)))["vendor_name"] == "Bäckerei Groß"


def test_an_xml_file_is_taken_by_the_extractor():
    extraction = asyncio.run(LocalExtractor(parse_seconds=20).extract(cii().encode(), "rechnung.xml", lambda _: None))
    assert extraction.data["invoice_total"] == 1666
    assert extraction.confidence == 1.0
    assert extraction.page_count is None


# Credit notes


def test_a_credit_note_gets_the_sign_of_what_it_does():
    for xml in (cii(code="381"), ubl("CreditNote", CreditNoteTypeCode="381")):
        reading = read_e_invoice(xml.encode())
        data = data_of(reading)
        assert (data["subtotal"], data["total_tax"], data["invoice_total"], data["balance_due"]) == (-1400, -266, -1666, -1600)
        assert data["invoice_type"] == "Credit note"
        assert [(line["quantity"], line["unit_price"], line["amount"]) for line in data["line_items"]] == [
            (-12, 8.5, -102), (-1, 1298, -1298),
        ]
        assert data["tax_breakdown"][0]["tax_amount"] == -266
        assert any("credit note" in notice for notice in reading.notices)
        assert not differences(read(pdf(xml)))


def test_a_credit_note_that_states_negative_sums_is_left_as_it_is():
    reading = read_e_invoice(cii(code="381", sums=SUMS | {"GrandTotalAmount": "-1666.00"}).encode())
    assert data_of(reading)["invoice_total"] == -1666
    assert data_of(reading)["subtotal"] == 1400
    assert reading.notices == []


# What the data may state beside


def adjusted(*adjustments):
    return {"SpecifiedTradeAllowanceCharge": list(adjustments)}


def test_what_changes_a_line_is_kept_and_explains_its_amount():
    allowance = {"ChargeIndicator": {"Indicator": "false"}, "ActualAmount": "100"}
    charge = {"ChargeIndicator": {"Indicator": "true"}, "ActualAmount": "8.40"}
    trait = {"ApplicableProductCharacteristic": {"Description": "Farbe", "Value": "rot"}}
    lines = [
        cii_line("1", "Coil", "10", "100", "850", settlement=adjusted(allowance, allowance | {"ActualAmount": "50"})),
        cii_line("2", "Strom", "5000", "2.10", "113.40", unit="KWH", price={"BasisQuantity": "100"}, settlement=adjusted(charge)),
        cii_line("3", "Kiste", "1", "1", "1", unit="ZZ9", product={"Description": "Holz", **trait}),
    ]
    data = read_e_invoice(cii(lines, sums={}).encode()).as_json()["data"]
    first, second, third = data["line_items"]
    assert first["discount"] == 150
    assert (second["price_quantity"], second["charge"], second["unit"]) == (100, 8.4, "kWh")
    assert (third["unit"], third["details"]) == ("ZZ9", "Holz\nFarbe: rot")
    assert [finding.check for finding in check(data, date(2025, 11, 4))] == ["required"]


def test_sums_of_groups_do_not_count_as_amounts():
    group = cii_line("1", "Zimmer", "1", "102", "102.00", document={"LineStatusReasonCode": "GROUP"})
    data = data_of(read_e_invoice(cii([group, *LINES]).encode()))
    assert data["line_items"][0]["included_amount"] == 102
    assert [line.get("amount") for line in data["line_items"]] == [None, 102, 1298]


def test_lines_of_text_alone_join_the_notes():
    remark = {"AssociatedDocumentLineDocument": {"IncludedNote": {"Content": "Wir danken\n  für den Auftrag."}}}
    data = data_of(read_e_invoice(cii([*LINES, remark], notes=["Lieferung frei Haus"]).encode()))
    assert data["notes"] == "Lieferung frei Haus\n\nWir danken\nfür den Auftrag."
    assert data["line_items"] == EXACT_LINES


def test_allowances_and_charges_of_the_document_are_a_table_and_zero_sums_of_them_are_left_out():
    allowance = {
        "ChargeIndicator": {"Indicator": "false"}, "CalculationPercent": "2.5", "BasisAmount": "1400", "ActualAmount": "35",
        "Reason": "Rabatt",
    }
    data = data_of(read_e_invoice(cii(
        sums=SUMS | {
            "AllowanceTotalAmount": "35", "ChargeTotalAmount": "5", "TaxBasisTotalAmount": "1370", "RoundingAmount": "0",
        },
        settlement={
            "SpecifiedTradeAllowanceCharge": allowance,
            "SpecifiedLogisticsServiceCharge": {"Description": "Fracht", "AppliedAmount": "5"},
        },
    ).encode()))
    assert data["allowances_and_charges"] == [
        {"kind": "allowance", "reason": "Rabatt", "percent": 2.5, "base_amount": 1400, "amount": 35},
        {"kind": "charge", "reason": "Fracht", "amount": 5},
    ]
    assert (data["allowance_total"], data["charge_total"], data["line_total"]) == (35, 5, 1400)
    assert "rounding_amount" not in data


def test_what_is_no_number_or_day_is_left_out_rather_than_guessed():
    xml = cii(sums=SUMS | {"GrandTotalAmount": "1.666,00", "DuePayableAmount": "NaN"}).replace("20251103", "20251341")
    data = data_of(read_e_invoice(xml.encode()))
    assert {"invoice_total", "balance_due", "invoice_date"}.isdisjoint(data)


# What else the data states


def further(data):
    return {(row.get("line"), row["name"]): row["value"] for row in data.get("further_details", [])}


def terms(*parts):
    return {"SpecifiedTradePaymentTerms": [*parts, IN_14_DAYS]}


ACCOUNTS = ["DE02120300000000202051", "DE02500105170137075030", "DE12500105170648489890"]
OF_DISCOUNT = {
    "Description": "Bei früher Zahlung", "DueDateDateTime": cii_day("20251110"),
    "ApplicableTradePaymentDiscountTerms": {"BasisAmount": "1666.00", "CalculationPercent": "2.00"},
}


@pytest.mark.parametrize("xml", [
    cii(settlement=terms(OF_DISCOUNT)),
    cii(settlement=terms({"Description": "2 % Skonto bis", "DueDateDateTime": cii_day("20251110")})),
], ids=["by its terms", "by its words"])
def test_the_day_of_a_discount_is_not_the_day_that_the_invoice_is_due(xml):
    data = data_of(read_e_invoice(xml.encode()))
    assert data["due_date"] == "2025-11-17"
    assert [row["due"] for row in data["instalments"]] == ["2025-11-10", "2025-11-17"]


def test_discounts_for_paying_early_are_kept_from_terms_and_from_their_written_form():
    days = {"BasisPeriodMeasure": ("10", {"unitCode": "DAY"}), "CalculationPercent": "3.0"}
    data = data_of(read_e_invoice(cii(settlement=terms({"ApplicableTradePaymentDiscountTerms": days})).encode()))
    assert data["cash_discount_terms"] == [{"percent": 3, "days": 10}]
    written = "#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=14#PROZENT=1.50#BASISBETRAG=900.00#"
    data = data_of(read_e_invoice(ubl(PaymentTerms={"Note": written}).encode()))
    assert data["cash_discount_terms"] == [{"percent": 2, "days": 7}, {"percent": 1.5, "days": 14, "base_amount": 900}]
    settled = {"SettlementDiscountPercent": "2", "SettlementPeriod": {"EndDate": "2025-11-10"}, "PaymentDueDate": "2025-11-10"}
    data = data_of(read_e_invoice(ubl(PaymentTerms=settled).encode()))
    assert (data["cash_discount_terms"], data["due_date"]) == ([{"percent": 2, "until": "2025-11-10"}], "2025-11-17")


@pytest.mark.parametrize("xml", [
    cii(settlement={"SpecifiedTradeSettlementPaymentMeans": [
        {"TypeCode": "58", "PayeePartyCreditorFinancialAccount": {"IBANID": iban}} for iban in ACCOUNTS
    ]}),
    ubl(PaymentMeans=[{"PaymentMeansCode": "58", "PayeeFinancialAccount": {"ID": iban}} for iban in ACCOUNTS]),
], ids=["cii", "ubl"])
def test_all_accounts_are_kept(xml):
    data = data_of(read_e_invoice(xml.encode()))
    assert data["iban"] == ACCOUNTS[0]
    assert [row["iban"] for row in data["bank_accounts"]] == ACCOUNTS


def test_an_account_without_an_iban_is_not_called_one():
    data = data_of(read_e_invoice(ubl(PaymentMeans={"PayeeFinancialAccount": {"ID": "1234567"}}).encode()))
    assert (data.get("iban"), data["account_number"]) == (None, "1234567")


def test_what_was_paid_before_and_invoices_before_are_kept():
    stated = {
        "InvoiceReferencedDocument": [
            {"IssuerAssignedID": "AR-1", "FormattedIssueDateTime": cii_day("20250901")}, {"IssuerAssignedID": "AR-2"},
        ],
        "SpecifiedAdvancePayment": [
            {"PaidAmount": "40.00", "FormattedReceivedDateTime": cii_day("20250905")}, {"PaidAmount": "26.00"},
        ],
    }
    data = data_of(read_e_invoice(cii(settlement=stated).encode()))
    assert data["preceding_invoices"] == [{"number": "AR-1", "date": "2025-09-01"}, {"number": "AR-2"}]
    assert data["advance_payments"] == [{"date": "2025-09-05", "amount": 40}, {"amount": 26}]
    assert (data["preceding_invoice"], data["preceding_invoice_date"]) == ("AR-1", "2025-09-01")
    one = ubl(
        BillingReference={"InvoiceDocumentReference": {"ID": "AR-1", "IssueDate": "2025-09-01"}},
        PrepaidPayment={"ID": "P-1", "PaidAmount": "66.00", "ReceivedDate": "2025-09-05"},
    )
    data = data_of(read_e_invoice(one.encode()))
    assert (data["preceding_invoice_date"], "preceding_invoices" in data) == ("2025-09-01", False)
    assert data["advance_payments"] == [{"number": "P-1", "date": "2025-09-05", "amount": 66}]


def test_tax_in_another_currency_is_kept_beside_the_tax_and_not_in_its_breakdown():
    data = data_of(read_e_invoice(ubl().encode()))
    assert (data["total_tax"], data["tax_in_accounting_currency"], data["accounting_currency"]) == (266, 2990, "NOK")
    sums = SUMS | {"TaxTotalAmount": [("2990.00", {"currencyID": "NOK"}), ("266.00", {"currencyID": "EUR"})]}
    data = data_of(read_e_invoice(cii(sums=sums).encode()))
    assert (data["total_tax"], data["tax_in_accounting_currency"]) == (266, 2990)
    assert [row["tax_amount"] for row in data["tax_breakdown"]] == [266]


def test_a_line_keeps_its_period_and_its_price_before_the_discount_in_it():
    period = {"BillingSpecifiedPeriod": {"StartDateTime": cii_day("20251001"), "EndDateTime": cii_day("20251031")}}
    line = cii_line("1", "Miete", "2", "9.00", "18.00", settlement=period)
    line["SpecifiedLineTradeAgreement"]["GrossPriceProductTradePrice"] = {"ChargeAmount": "10.00"}
    row = data_of(read_e_invoice(cii([line]).encode()))["line_items"][0]
    assert (row["unit_price"], row["undiscounted_price"]) == (9, 10)
    assert (row["period_start"], row["period_end"]) == ("2025-10-01", "2025-10-31")
    line = {
        "ID": "1", "InvoicedQuantity": "2", "LineExtensionAmount": "18.00", "Item": {"Name": "Miete"},
        "InvoicePeriod": {"StartDate": "2025-10-01"},
        "Price": {"PriceAmount": "9.00", "AllowanceCharge": {"ChargeIndicator": "false", "Amount": "1.00"}},
    }
    row = data_of(read_e_invoice(ubl(InvoiceLine=line).encode()))["line_items"][0]
    assert (row["unit_price"], row["undiscounted_price"], row["period_start"]) == (9, 10, "2025-10-01")


def test_parts_of_a_line_follow_it_and_do_not_count_twice():
    part = {"ID": "1.1", "InvoicedQuantity": "3", "LineExtensionAmount": "60.00", "Item": {"Name": "Mähen"}}
    deeper = part | {"SubInvoiceLine": part | {"ID": "1.1.1", "LineExtensionAmount": "20.00"}}
    line = part | {"ID": "1", "InvoicedQuantity": "1", "Item": {"Name": "Garten"}, "SubInvoiceLine": deeper}
    rows = data_of(read_e_invoice(ubl(InvoiceLine=line).encode()))["line_items"]
    assert [(row["position"], row.get("part_of"), row.get("amount"), row.get("included_amount")) for row in rows] == [
        ("1", None, 60, None), ("1.1", "1", None, 60), ("1.1.1", "1.1", None, 20),
    ]


@pytest.mark.parametrize(("allowance", "total", "discount"), [
    ("2.00", "18.00", 2), ("-2.00", "18.00", 2), ("-2.00", "22.00", -2),
])
def test_an_allowance_of_a_line_is_what_its_total_shows(allowance, total, discount):
    stated = adjusted({"ChargeIndicator": {"Indicator": "false"}, "ActualAmount": allowance})
    data = data_of(read_e_invoice(cii([cii_line("1", "Vis", "10", "2.00", total, settlement=stated)]).encode()))
    assert data["line_items"][0]["discount"] == discount


def test_whatever_has_no_place_of_its_own_is_among_the_further_details():
    line = cii_line("1", "Vis", "10", "2.00", "20.00", document={"BuyerNote": "rot"})
    data = data_of(read_e_invoice(cii([line], settlement={"ReceivableSpecifiedTradeAccountingAccount": {"ID": "4711"}}).encode()))
    assert further(data) == {("1", "Buyer note"): "rot", (None, "ID"): "4711"}
    data = data_of(read_e_invoice(ubl(TaxRepresentativeParty={"PartyName": {"Name": "Fiskal SA"}}, AccountingCost="K7").encode()))
    assert further(data) == {(None, "Name"): "Fiskal SA", (None, "Accounting cost"): "K7"} | {
        key: value for key, value in further(data).items() if value in ("Nordlicht", "2025-10-31")
    }


def test_an_amount_that_is_no_number_is_among_the_further_details():
    data = data_of(read_e_invoice(cii(sums=SUMS | {"GrandTotalAmount": "1.666,00"}).encode()))
    assert further(data)[None, "Grand total amount"] == "1.666,00"


def test_further_details_without_end_are_counted():
    xml = ubl(AdditionalItem=[{"Name": f"n{n}"} for n in range(400)])
    reading = read_e_invoice(xml.encode())
    assert any("more values" in notice for notice in reading.notices)


def test_files_that_the_data_carries_are_told():
    held = {"ID": "Z", "Attachment": {"EmbeddedDocumentBinaryObject": ("JVBERi0=", {"filename": "hours.pdf"})}}
    reading = read_e_invoice(ubl(AdditionalDocumentReference=held).encode())
    assert data_of(reading)["further_documents"] == [{"number": "Z", "file": "hours.pdf"}]
    assert any("hours.pdf" in notice for notice in reading.notices)


def test_an_envelope_is_opened_and_a_second_document_in_it_is_told():
    one = read_e_invoice(f"<StandardBusinessDocument><Header>x</Header>{ubl()}</StandardBusinessDocument>".encode())
    assert (data_of(one)["invoice_id"], one.notices) == ("NW-0815", [])
    two = read_e_invoice(f"<Batch>{cii(number='A-1')}{cii(number='A-2')}</Batch>".encode())
    assert data_of(two)["invoice_id"] == "A-1"
    assert any("several documents" in notice for notice in two.notices)


# Places and differences


def test_values_that_the_page_prints_have_their_place_on_it():
    places = read(pdf(cii())).as_json()["places"]
    confidence, number, polygon = places["invoice_total"]
    assert (confidence, number) == (1.0, 1)
    assert polygon[0] == pytest.approx(480 / 595, abs=0.01)
    assert polygon[1] == pytest.approx(270 / 842, abs=0.02)
    assert places["iban"] == [1.0, None, None]
    tops = {key.split(".")[1]: place[2] for key, place in places.items() if key.startswith("line_items") and place[2]}
    assert tops["description"][0] == pytest.approx((60 + 8) / 595, abs=0.02)
    assert tops["unit_price"][0] == pytest.approx(380 / 595, abs=0.01)
    assert tops["amount"][0] == pytest.approx(480 / 595, abs=0.01)


def test_the_rows_of_other_tables_have_their_place_where_a_line_prints_them():
    changes = [("|MwSt. 19 %|266,00", "19 % aus 1.400,00||266,00")]
    places = read(pdf(cii(), changes=changes)).as_json()["places"]
    of_tax = {key.rpartition(".")[2] for key, place in places.items() if key.startswith("tax_breakdown") and place[2]}
    assert of_tax == {"tax_rate", "taxable_amount", "tax_amount"}


def test_a_page_that_agrees_gives_no_notice_of_a_difference():
    reading = read(pdf(cii()))
    assert differences(reading) == []
    assert "embedded" in reading.notices[0]


@pytest.mark.parametrize(("printed", "instead", "field", "sentence"), [
    ("1.666,00 EUR", "1.766,00 EUR", "total", "says 1,666.00 as the total, but the page shows 1,766.00. Check which one holds."),
    ("NW-0815", "NW-0816", "number", "says NW-0815 as the number, but the page shows NW-0816. Check which one holds."),
    ("03.11.2025", "04.11.2025", "date", "says 2025-11-03 as the date, but the page shows 2025-11-04. Check which one holds."),
    ("EUR", "USD", "currency", "says EUR as the currency, but the page shows USD. Check which one holds."),
    ("Nordlicht Werkzeuge", "Seltsam Handels", "vendor_name", "as the supplier, but the page shows Seltsam Handels GmbH."),
])
def test_where_the_page_says_otherwise_a_sentence_names_both_values(printed, instead, field, sentence):
    reading = read(pdf(cii(), changes=[(printed, instead)]))
    [said] = differences(reading)
    assert sentence in said
    assert reading.fields[field].value == {"total": 1666, "vendor_name": "Nordlicht Werkzeuge GmbH"}.get(
        field, OF_INVOICE["invoice_id"] if field == "number" else EXACT.get(field, "2025-11-03")
    )
    assert reading.fields[field].spot.confidence == 0.5


def test_another_total_on_the_page_is_told_even_where_the_stated_one_is_printed_as_something_else():
    changes = [("102,00", "1.666,00"), ("1.666,00 EUR", "1.766,00 EUR"), ("266,00", "366,00")]
    assert any("1,666.00 as the total" in notice for notice in differences(read(pdf(cii(), changes=changes))))


def test_a_number_that_looks_like_a_day_is_found_where_it_is_printed():
    for number in ("2025-13-41", "2025-02-01"):
        reading = read(pdf(cii(number=number), changes=[("NW-0815", number)]))
        assert reading.fields["number"].value == number
        assert reading.fields["number"].spot.page == 1
        assert differences(reading) == []


def test_a_number_that_the_page_does_not_print_is_told():
    reading = read(pdf(cii(), changes=[("Rechnungsnummer: NW-0815", "")]))
    assert any("NW-0815 as the number, which the page does not show" in notice for notice in differences(reading))


# Data that is not enough


def test_data_without_lines_takes_them_from_the_page_and_says_so():
    reading = read(pdf(cii(lines=())))
    assert [line["amount"] for line in data_of(reading)["line_items"]] == [102, 1298]
    assert "The embedded invoice data has no lines, so they were read from the page." in reading.notices


def test_broken_data_does_not_stop_the_reading_of_the_page():
    deep = "<a>" * 5000 + "</a>" * 5000
    laughs = f"<!DOCTYPE x [<!ENTITY a 'ha'>]>{cii(seller='&a;')}"
    for xml in (cii()[:900], b"\x00\xff not xml", "", deep, laughs, "<Other/>"):
        reading = read(pdf(xml))
        assert data_of(reading)["invoice_total"] == 1666
        [notice] = reading.notices
        assert "cannot be read, so all values were taken from the page" in notice


@pytest.mark.slow
def test_an_attachment_that_unpacks_to_too_much_does_not_stop_the_reading_of_the_page():
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter(PdfReader(io.BytesIO(page())))
    file = writer.add_attachment("factur-x.xml", b"")
    stream = file.pdf_object["/EF"]["/F"]
    stream.set_data(zlib.compress(zlib.compress(b" " * 2**28)))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    out = io.BytesIO()
    writer.write(out)
    extraction = asyncio.run(LocalExtractor(parse_seconds=20).extract(out.getvalue(), "a.pdf", lambda _: None))
    assert extraction.data["invoice_total"] == 1666


def test_other_files_in_a_pdf_are_let_be():
    reading = read(pdf("<readme/>", "readme.xml", **{"plan.png": b"\x89PNG", "table.csv": b"a;b"}))
    assert reading.notices == []
    assert data_of(reading)["invoice_total"] == 1666
    reading = read(pdf("broken", "factur-x.xml", **{"second.xml": cii().encode()}))
    assert data_of(reading)["iban"] == "DE02120300000000202051"


def test_a_file_that_only_the_list_of_associated_files_names_is_found():
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, NameObject, NullObject

    writer = PdfWriter(PdfReader(io.BytesIO(pdf(cii()))))
    names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]
    writer.root_object[NameObject("/AF")] = ArrayObject([NullObject(), names[1]])
    del writer.root_object["/Names"]
    out = io.BytesIO()
    writer.write(out)
    assert data_of(read(out.getvalue()))["iban"] == "DE02120300000000202051"


def test_a_broken_tree_of_attachments_does_not_stop_the_reading_of_the_page():
    content = pdf(cii())
    for old, new in ((b"/EmbeddedFiles ", b"/Embedded_____ "), (b"/EF", b"/XX"), (b"/Names [", b"/Names 7 ")):
        assert data_of(read(content.replace(old, new)))["invoice_total"] == 1666


# Files made to do harm

LAUGHS = "<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 9))


@pytest.mark.parametrize(("content", "reason"), [
    (f"<!DOCTYPE x [{LAUGHS}]>{cii(seller='&l8;')}".encode(), "XML entities"),
    (f"<!DOCTYPE x [{LAUGHS}]>{cii(seller='&l8;')}".encode("utf-16"), "XML entities"),
    (f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>{cii(seller='&f;')}".encode(), "XML entities"),
    (f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{cii()}'.encode(), "XML entities"),
    (f'<?xml version="1.0" encoding="utf-7"?><!DOCTYPE x [<!ENTITY a "b">]>{cii()}'.encode("utf-7"), "XML"),
    (f'<?xml version="1.0" encoding="cp037"?><!DOCTYPE x [<!ENTITY a "b">]>{cii()}'.encode("cp037"), "XML"),
    (b"<a>" * 100_000, "damaged or nested too deeply"),
    (b"<a>" * 100_000 + b"</a>" * 100_000, "damaged or nested too deeply"),
    (cii()[:-5].encode(), "damaged or nested too deeply"),
    (b"no xml at all", "damaged or nested too deeply"),
    (b"<a>" + b"x" * (20 * 2**20) + b"</a>", "larger than the 20 MB"),
    (b"<Invoice xmlns='http://www.ebinterface.at/schema/6p1/'><ID>1</ID></Invoice>", "no electronic invoice"),
    (b"<a>" + b"<b/>" * 300_000 + b"</a>", "more than the 300,000 elements"),
    (b"<html><body/></html>", "no electronic invoice"),
    (b"<CrossIndustryInvoice/>", "is empty"),
], ids=range(15))
def test_xml_made_to_do_harm_or_of_another_kind_is_refused_with_its_reason(content, reason):
    with pytest.raises(Refused) as refused:
        read_e_invoice(content)
    assert reason in str(refused.value)


@pytest.mark.slow
def test_xml_of_very_many_elements_ends_within_the_limits():
    content = b"<CrossIndustryInvoice>" + b"<a/>" * 5_000_000 + b"</CrossIndustryInvoice>"
    with pytest.raises(DocumentRefused) as refused:
        asyncio.run(LocalExtractor(parse_seconds=20).extract(content, "a.xml", lambda _: None))
    assert "broke off" not in str(refused.value)


def test_a_file_that_is_only_called_xml_is_refused():
    with pytest.raises(DocumentRefused, match="not an XML text: it is a PDF"):
        asyncio.run(LocalExtractor(parse_seconds=20).extract(page(), "a.xml", lambda _: None))


# Documents with a known truth

TRUTHS = sorted(path.with_name(path.name.replace("plain.pdf", "truth.json")) for path in DOCUMENTS.glob("*.plain.pdf"))
NAMES = (
    "vendor_name", "customer_name", "invoice_id", "invoice_date", "due_date", "currency", "subtotal", "total_tax",
    "invoice_total",
)
COLUMNS = ("description", "quantity", "unit_price", "amount")


def embedded(truth):
    """The truth of a made invoice as a Cross Industry Invoice."""
    net, tax, total = (f"{truth[name]:.2f}" for name in ("subtotal", "total_tax", "invoice_total"))
    lines = [
        cii_line(str(n), row["description"], str(row["quantity"]), f"{row['unit_price']:.2f}", f"{row['amount']:.2f}")
        for n, row in enumerate(truth["line_items"], 1)
    ]
    sums = {
        "LineTotalAmount": net, "TaxBasisTotalAmount": net, "TaxTotalAmount": (tax, {"currencyID": truth["currency"]}),
        "GrandTotalAmount": total, "DuePayableAmount": total,
    }
    xml = cii(lines, sums=sums, number=truth["invoice_id"], seller=truth["vendor_name"])
    for old, new in (("Backstube Ahrens\nOHG", truth["customer_name"]), (">EUR<", f">{truth['currency']}<"), (
        "20251103", truth["invoice_date"].replace("-", "")
    )):
        xml = xml.replace(old, new)
    return xml


@pytest.mark.parametrize("seed", [1, 3, 6, 10, 24, 30])
def test_a_made_document_with_embedded_data_is_read_exactly(seed):
    printed, truth = made(seed)
    data = data_of(read(attached(printed, {"factur-x.xml": embedded(truth)})))
    stated = {name: truth[name] for name in NAMES if name != "due_date"}
    assert data | stated == data
    assert [{name: line.get(name) for name in COLUMNS} for line in data["line_items"]] == truth["line_items"]


@needs_documents
@pytest.mark.parametrize("path", TRUTHS or [None], ids=lambda path: path.name if path else "none")
def test_documents_with_embedded_data_are_read_exactly(path):
    truth = json.loads(path.read_text("utf-8"))
    reading = read(path.with_name(path.name.replace("truth.json", "pdf")).read_bytes())
    data = data_of(reading)
    stated = {name: truth[name] for name in NAMES if truth[name] is not None}
    assert data | stated == data
    if truth["line_items"]:
        assert [{name: line.get(name) for name in COLUMNS} for line in data["line_items"]] == truth["line_items"]
    hidden = truth.get("xml_only_not_on_page", {})
    assert len(differences(reading)) == len(hidden)
