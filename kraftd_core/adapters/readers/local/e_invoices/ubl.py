"""Reads the Universal Business Language: invoice (XRechnung, Peppol), credit note and order."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.local.e_invoices.xml_values import (
    Element,
    amount,
    amount_in,
    day,
    paragraphs,
    put,
    put_sums,
    put_table,
    text,
    unit,
    with_signs_of_credit,
)

ROOTS = {"Invoice": "invoice", "CreditNote": "invoice", "Order": "purchase_order"}

_PARTIES = (
    ("vendor", "AccountingSupplierParty/Party", "SellerSupplierParty/Party"),
    ("customer", "AccountingCustomerParty/Party", "BuyerCustomerParty/Party"),
)
_TEXTS = (
    ("number", "ID"),
    ("currency", "DocumentCurrencyCode"),
    ("order_number", "OrderReference/ID"),
    ("sales_order_number", "OrderReference/SalesOrderID"),
    ("quotation_reference", "QuotationDocumentReference/ID"),
    ("contract_reference", "ContractDocumentReference/ID", "Contract/ID"),
    ("buyer_reference", "BuyerReference", "CustomerReference"),
    ("project_name", "ProjectReference/ID"),
    ("delivery_note_number", "DespatchDocumentReference/ID"),
    ("preceding_invoice", "BillingReference/InvoiceDocumentReference/ID"),
    ("payee_name", "PayeeParty/PartyName/Name"),
    ("payment_reference", "PaymentMeans/PaymentID"),
    ("iban", "PaymentMeans/PayeeFinancialAccount/ID"),
    ("bic", "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID"),
    ("delivery_name", "Delivery/DeliveryParty/PartyName/Name"),
)
_DAYS = (
    ("date", "IssueDate"),
    ("due", "DueDate", "PaymentMeans/PaymentDueDate"),
    ("delivery_date", "Delivery/ActualDeliveryDate"),
    ("period_start", "InvoicePeriod/StartDate"),
    ("period_end", "InvoicePeriod/EndDate"),
)
_WANTED = "Delivery/RequestedDeliveryPeriod/"
_DAYS_OF_ORDER = (("date", "IssueDate"), ("due", f"{_WANTED}EndDate", f"{_WANTED}StartDate"))
_SUMS = (
    ("subtotal", "TaxExclusiveAmount"), ("total", "TaxInclusiveAmount"), ("prepaid_amount", "PrepaidAmount"),
    ("balance_due", "PayableAmount"), ("line_total", "LineExtensionAmount"), ("allowance_total", "AllowanceTotalAmount"),
    ("charge_total", "ChargeTotalAmount"), ("rounding_amount", "PayableRoundingAmount"),
)
_LINES = "InvoiceLine | CreditNoteLine | OrderLine/LineItem"
_TITLES = {"326": "Partial invoice", "384": "Corrected invoice", "386": "Prepayment invoice", "389": "Self-billed invoice"}


def read_ubl(root: Element) -> Reading:
    """The document that the element is; its tags have no namespaces any more."""
    reading = Reading(ROOTS[root.tag])
    is_order = reading.document_type == "purchase_order"
    for whose, *paths in _PARTIES:
        _put_party(reading, whose, next((party for path in paths if (party := root.find(path)) is not None), None))
    for name, *paths in _TEXTS:
        put(reading, "order_reference" if is_order and name == "order_number" else name, text(root, *paths))
    for name, *paths in _DAYS_OF_ORDER if is_order else _DAYS:
        put(reading, name, day(root, *paths))
    code = text(root, "InvoiceTypeCode", "CreditNoteTypeCode") or ("381" if root.tag == "CreditNote" else None)
    put(reading, "invoice_type", "Credit note" if root.tag == "CreditNote" else _TITLES.get(code or ""))
    _put_sums(reading, root)
    put(reading, "delivery_address", _address(root.find("Delivery/DeliveryLocation/Address")))
    put(reading, "payment_terms", paragraphs(root, "PaymentTerms/Note"))
    put(reading, "notes", paragraphs(root, "Note"))
    put_table(reading, "line_items", (_line(line) for line in root.xpath(_LINES)))
    put_table(reading, "tax_breakdown", (_tax(tax) for tax in root.iterfind("TaxTotal/TaxSubtotal")))
    put_table(reading, "allowances_and_charges", (_adjustment(one) for one in root.iterfind("AllowanceCharge")))
    with_signs_of_credit(reading, "381" if root.tag == "CreditNote" else code)
    return reading


def _put_party(reading: Reading, whose: str, party: Element | None) -> None:
    if party is None:
        return
    stated = {
        "name": text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"),
        "address": _address(party.find("PostalAddress")),
        "tax_id": next(_tax_ids(party, is_vat=True), None),
        "tax_number": next(_tax_ids(party, is_vat=False), None),
        "number": text(party, "PartyIdentification/ID"),
        "contact": text(party, "Contact/Name"),
        "phone": text(party, "Contact/Telephone"),
        "email": text(party, "Contact/ElectronicMail"),
    }
    for name, value in stated.items():
        put(reading, f"{whose}_{name}", value)


def _tax_ids(party: Element, *, is_vat: bool) -> Iterator[str | None]:
    schemes = (scheme for scheme in party.iterfind("PartyTaxScheme") if (text(scheme, "TaxScheme/ID") == "VAT") is is_vat)
    return (text(scheme, "CompanyID") for scheme in schemes)


def _address(address: Element | None) -> str | None:
    if address is None:
        return None
    town = " ".join(filter(None, (text(address, "PostalZone"), text(address, "CityName"))))
    streets = (text(address, line) for line in ("StreetName", "AdditionalStreetName", "AddressLine/Line"))
    country = text(address, "Country/IdentificationCode")
    return ", ".join(filter(None, (*streets, town, text(address, "CountrySubentity"), country))) or None


def _put_sums(reading: Reading, root: Element) -> None:
    tax = amount_in(text(root, "DocumentCurrencyCode"), root, "TaxTotal/TaxAmount")
    totals = "AnticipatedMonetaryTotal" if root.tag == "Order" else "LegalMonetaryTotal"
    put_sums(reading, {"total_tax": tax} | {name: amount(root, f"{totals}/{tag}") for name, tag in _SUMS})


def _line(line: Element) -> dict[str, Any]:
    counts = line.xpath("InvoicedQuantity | CreditedQuantity | Quantity")
    per = amount(line, "Price/BaseQuantity")
    return {
        "position": text(line, "ID"),
        "item_number": text(line, *(f"Item/{whose}ItemIdentification/ID" for whose in ("Sellers", "Standard", "Buyers"))),
        "description": text(line, "Item/Name", "Item/Description"),
        "details": _details(line),
        "quantity": amount(counts[0], ".") if counts else None,
        "unit": unit(counts[0].get("unitCode")) if counts else None,
        "unit_price": amount(line, "Price/PriceAmount"),
        "price_quantity": None if per == 1 else per,
        "discount": _adjusted(line, is_charge=False),
        "charge": _adjusted(line, is_charge=True),
        "tax_rate": amount(line, "Item/ClassifiedTaxCategory/Percent"),
        "amount": amount(line, "LineExtensionAmount"),
        "note": paragraphs(line, "Note"),
    }


def _details(line: Element) -> str | None:
    """What the item's description adds to its name, and its properties."""
    described = paragraphs(line, "Item/Description")
    traits = [
        ": ".join(filter(None, (text(trait, "Name"), text(trait, "Value"))))
        for trait in line.iterfind("Item/AdditionalItemProperty")
    ]
    is_new = described != text(line, "Item/Name") and text(line, "Item/Name") is not None
    return "\n".join(filter(None, (described if is_new else None, *traits))) or None


def _adjusted(line: Element, *, is_charge: bool) -> Decimal | None:
    values = (amount(one, "Amount") for one in line.iterfind("AllowanceCharge") if _is_charge(one) is is_charge)
    return sum((value for value in values if value), Decimal(0)) or None


def _is_charge(adjustment: Element) -> bool:
    return text(adjustment, "ChargeIndicator") in ("true", "1")


def _tax(tax: Element) -> dict[str, Any]:
    kind = text(tax, "TaxCategory/TaxScheme/ID")
    return {
        "tax_type": None if kind == "VAT" else kind,
        "category": text(tax, "TaxCategory/ID"),
        "tax_rate": amount(tax, "TaxCategory/Percent"),
        "taxable_amount": amount(tax, "TaxableAmount"),
        "tax_amount": amount(tax, "TaxAmount"),
        "reason": text(tax, "TaxCategory/TaxExemptionReason"),
    }


def _adjustment(one: Element) -> dict[str, Any]:
    return {
        "kind": "charge" if _is_charge(one) else "allowance",
        "reason": text(one, "AllowanceChargeReason", "AllowanceChargeReasonCode"),
        "percent": amount(one, "MultiplierFactorNumeric"),
        "base_amount": amount(one, "BaseAmount"),
        "amount": amount(one, "Amount"),
        "tax_rate": amount(one, "TaxCategory/Percent"),
    }
