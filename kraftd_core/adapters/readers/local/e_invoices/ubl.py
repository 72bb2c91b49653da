"""Reads the Universal Business Language: invoice (XRechnung, Peppol), credit note and order."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.local.e_invoices.further import put_further
from kraftd_core.adapters.readers.local.e_invoices.payments import account, put_accounts, put_preceding, put_terms, way
from kraftd_core.adapters.readers.local.e_invoices.xml_values import (
    Adjustment,
    Element,
    amount,
    amount_in,
    amount_of_tax_abroad,
    day,
    discount_and_charge,
    paragraphs,
    put,
    put_attachments,
    put_sums,
    put_table,
    put_tax_abroad,
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
    ("payee_name", "PayeeParty/PartyName/Name"),
    ("delivery_name", "Delivery/DeliveryParty/PartyName/Name"),
)
_DAYS = (
    ("date", "IssueDate"),
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
_SUB_LINES = "SubInvoiceLine | SubCreditNoteLine | SubLineItem"
_MOST_LEVELS = 10
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
    currency = text(root, "DocumentCurrencyCode")
    _put_sums(reading, root, currency)
    _put_payment(reading, root, is_order=is_order)
    put(reading, "delivery_address", _address(root.find("Delivery/DeliveryLocation/Address")))
    put(reading, "notes", paragraphs(root, "Note"))
    put_table(reading, "line_items", (row for line in root.xpath(_LINES) for row in _with_parts(line)))
    put_table(reading, "tax_breakdown", (_tax(tax) for tax in _taxes(root, currency)))
    put_table(reading, "allowances_and_charges", (_adjustment(one) for one in root.iterfind("AllowanceCharge")))
    put_attachments(reading, map(_attachment, root.iterfind("AdditionalDocumentReference")))
    put_further(reading, root)
    with_signs_of_credit(reading, "381" if root.tag == "CreditNote" else code)
    return reading


def _put_party(reading: Reading, whose: str, party: Element | None) -> None:
    if party is None:
        return
    stated = {
        "name": text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name") or _person(party),
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


def _person(party: Element) -> str | None:
    parts = (text(party, f"Person/{tag}") for tag in ("FirstName", "MiddleName", "FamilyName"))
    return " ".join(filter(None, parts)) or None


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


def _put_sums(reading: Reading, root: Element, currency: str | None) -> None:
    tax = amount_in(currency, root, "TaxTotal/TaxAmount")
    totals = "AnticipatedMonetaryTotal" if root.tag == "Order" else "LegalMonetaryTotal"
    put_sums(reading, {"total_tax": tax} | {name: amount(root, f"{totals}/{tag}") for name, tag in _SUMS})
    put(reading, "withholding_tax", amount(root, "WithholdingTaxTotal/TaxAmount"))
    put_tax_abroad(reading, amount_of_tax_abroad(currency, root, "TaxTotal/TaxAmount"))


def _taxes(root: Element, currency: str | None) -> Iterator[Element]:
    """The taxes in the document's own currency."""
    for tax in root.iterfind("TaxTotal/TaxSubtotal"):
        stated = tax.find("TaxAmount")
        if stated is None or stated.get("currencyID", currency) == currency:
            yield tax


# Payment

_DISCOUNTED = ("SettlementDiscountPercent", "SettlementDiscountAmount")


def _put_payment(reading: Reading, root: Element, *, is_order: bool) -> None:
    put_accounts(reading, [_way(means) for means in root.iterfind("PaymentMeans")])
    invoices = root.xpath("BillingReference/InvoiceDocumentReference | BillingReference/CreditNoteDocumentReference")
    put_preceding(reading, [{"number": text(one, "ID"), "date": day(one, "IssueDate")} for one in invoices])
    put_table(reading, "advance_payments", map(_advance, root.iterfind("PrepaidPayment")))
    terms = root.findall("PaymentTerms")
    said = paragraphs(root, "PaymentTerms/Note")
    put(reading, "payment_terms", said)
    if is_order:
        return
    due = [{"due": day(root, "DueDate"), "is_of_discount": False}]
    due += [{"due": day(means, "PaymentDueDate"), "is_of_discount": False} for means in root.iterfind("PaymentMeans")]
    days = [one for one in due if one["due"]][:1] + [_instalment(term) for term in terms]
    put_terms(reading, days, [_discount(term) for term in terms if _is_discounted(term)], said)


def _is_discounted(term: Element) -> bool:
    return any(term.find(tag) is not None for tag in _DISCOUNTED)


def _way(means: Element) -> dict[str, Any]:
    payee = "PayeeFinancialAccount"
    branch = f"{payee}/FinancialInstitutionBranch"
    return {
        "payment_means": way(text(means, "PaymentMeansCode")),
        "account_holder": text(means, f"{payee}/Name"),
        **account(text(means, f"{payee}/ID")),
        "bic": text(means, f"{branch}/ID", f"{branch}/FinancialInstitution/ID"),
        "payment_reference": text(means, "PaymentID"),
        "mandate_reference": text(means, "PaymentMandate/ID"),
        "payer_iban": text(means, "PaymentMandate/PayerFinancialAccount/ID"),
        "payment_instruction": text(means, "InstructionNote"),
    }


def _advance(one: Element) -> dict[str, Any]:
    return {
        "number": text(one, "ID", "InstructionID"),
        "date": day(one, "ReceivedDate", "PaidDate"),
        "amount": amount(one, "PaidAmount"),
    }


def _instalment(term: Element) -> dict[str, Any]:
    is_discounted = _is_discounted(term)
    return {
        "due": None if is_discounted else day(term, "InstallmentDueDate", "PaymentDueDate"), "is_of_discount": is_discounted,
        "amount": None if is_discounted else amount(term, "Amount"),
        "percent": amount(term, "PaymentPercent"), "terms": text(term, "Note"),
    }


def _discount(term: Element) -> dict[str, Any]:
    return {
        "percent": amount(term, "SettlementDiscountPercent"),
        "days": amount(term, "SettlementPeriod/DurationMeasure"),
        "until": day(term, "SettlementPeriod/EndDate", "PaymentDueDate"),
        "base_amount": amount(term, "Amount"),
        "discount_amount": amount(term, "SettlementDiscountAmount"),
    }


def _attachment(one: Element) -> dict[str, Any]:
    embedded = one.find("Attachment/EmbeddedDocumentBinaryObject")
    return {
        "number": text(one, "ID"),
        "description": text(one, "DocumentDescription", "DocumentType"),
        "file": None if embedded is None else embedded.get("filename") or embedded.get("mimeCode") or "without a name",
        "address": text(one, "Attachment/ExternalReference/URI"),
    }


# Lines


def _with_parts(line: Element, above: str | None = None, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The line and those that it is made up of: what these come to stands in its amount already."""
    row = _line(line)
    if depth:
        row = {"included_amount" if name == "amount" else name: value for name, value in row.items()} | {"part_of": above}
    yield row
    for part in line.xpath(_SUB_LINES) if depth < _MOST_LEVELS else ():
        yield from _with_parts(part, row["position"], depth + 1)


def _line(line: Element) -> dict[str, Any]:
    counts = line.xpath("InvoicedQuantity | CreditedQuantity | Quantity")
    per, price = amount(line, "Price/BaseQuantity"), amount(line, "Price/PriceAmount")
    count, total = amount(counts[0], ".") if counts else None, amount(line, "LineExtensionAmount")
    product = None if price is None or count is None else price * count / (per or 1)
    discount, charge = discount_and_charge([_adjusted(one) for one in line.iterfind("AllowanceCharge")], product, total)
    return {
        "position": text(line, "ID"),
        "item_number": text(line, *(f"Item/{whose}ItemIdentification/ID" for whose in ("Sellers", "Standard", "Buyers"))),
        "description": text(line, "Item/Name", "Item/Description"),
        "details": _details(line),
        "quantity": count,
        "unit": unit(counts[0].get("unitCode")) if counts else None,
        "unit_price": price,
        "undiscounted_price": _undiscounted(line, price),
        "price_quantity": None if per == 1 else per,
        "discount": discount,
        "charge": charge,
        "tax_rate": amount(line, "Item/ClassifiedTaxCategory/Percent"),
        "amount": total,
        "period_start": day(line, "InvoicePeriod/StartDate"),
        "period_end": day(line, "InvoicePeriod/EndDate"),
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


def _undiscounted(line: Element, price: Decimal | None) -> Decimal | None:
    """The price before what the price itself was lowered by."""
    base, taken = amount(line, "Price/AllowanceCharge/BaseAmount"), amount(line, "Price/AllowanceCharge/Amount")
    if base is None and price is not None and taken:
        base = price + taken
    return None if base == price else base


def _adjusted(one: Element) -> Adjustment:
    return Adjustment(_is_charge(one), amount(one, "Amount") or Decimal(0))


def _is_charge(adjustment: Element) -> bool:
    return text(adjustment, "ChargeIndicator") in ("true", "1")


def _tax(tax: Element) -> dict[str, Any]:
    kind = text(tax, "TaxCategory/TaxScheme/ID", "TaxCategory/TaxScheme/Name")
    return {
        "tax_type": None if kind == "VAT" else kind,
        "category": text(tax, "TaxCategory/ID"),
        "tax_rate": amount(tax, "TaxCategory/Percent", "Percent"),
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
