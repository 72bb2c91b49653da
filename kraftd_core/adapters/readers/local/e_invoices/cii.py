"""Reads the Cross Industry Invoice (Factur-X, ZUGFeRD 1 and 2, XRechnung) and the Cross Industry Order (Order-X)."""

from collections.abc import Iterator, Sequence
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
    texts,
    unit,
    with_signs_of_credit,
)

ROOTS = {
    "CrossIndustryInvoice": "invoice", "CrossIndustryDocument": "invoice", "SCRDMCCBDACIOMessageStructure": "purchase_order",
}

# ZUGFeRD 1 and the later standards, heads and lines call the same parts differently; one name each lets one table read them all.
_NAMES = {
    "HeaderExchangedDocument": "ExchangedDocument",
    "SupplyChainTradeTransaction": "Trade",
    "SpecifiedSupplyChainTradeTransaction": "Trade",
    "SpecifiedTradeSettlementMonetarySummation": "Summation",
    "SpecifiedTradeSettlementHeaderMonetarySummation": "Summation",
    "SpecifiedTradeSettlementLineMonetarySummation": "Summation",
    "ApplicablePercent": "RateApplicablePercent",
    **{
        f"{whose}Trade{part}": part
        for whose in ("ApplicableHeader", "ApplicableSupplyChain", "SpecifiedLine", "SpecifiedSupplyChain")
        for part in ("Agreement", "Delivery", "Settlement")
    },
}
_TITLES = {
    "326": "Partial invoice", "381": "Credit note", "384": "Corrected invoice", "386": "Prepayment invoice",
    "389": "Self-billed invoice", "261": "Self-billed credit note", "396": "Factored credit note",
}

_CURRENCY = ("Trade/Settlement/InvoiceCurrencyCode", "Trade/Settlement/OrderCurrencyCode")


def _numbers(path: str) -> tuple[str, str]:
    """Where the number of a document that is referred to stands, now and in ZUGFeRD 1."""
    return f"Trade/{path}ReferencedDocument/IssuerAssignedID", f"Trade/{path}ReferencedDocument/ID"


_PAID_BY = "Trade/Settlement/SpecifiedTradeSettlementPaymentMeans/"
_TEXTS = (
    ("number", "ExchangedDocument/ID"),
    ("currency", *_CURRENCY),
    ("order_number", *_numbers("Agreement/BuyerOrder")),
    ("sales_order_number", *_numbers("Agreement/SellerOrder")),
    ("quotation_reference", *_numbers("Agreement/Quotation")),
    ("contract_reference", *_numbers("Agreement/Contract")),
    ("buyer_reference", "Trade/Agreement/BuyerReference"),
    ("project_name", "Trade/Agreement/SpecifiedProcuringProject/Name", "Trade/Agreement/SpecifiedProcuringProject/ID"),
    ("delivery_note_number", *_numbers("Delivery/DeliveryNote"), *_numbers("Delivery/DespatchAdvice")),
    ("preceding_invoice", *_numbers("Settlement/Invoice")),
    ("payee_name", "Trade/Settlement/PayeeTradeParty/Name"),
    ("payment_reference", "Trade/Settlement/PaymentReference"),
    ("iban", f"{_PAID_BY}PayeePartyCreditorFinancialAccount/IBANID"),
    ("bic", f"{_PAID_BY}PayeeSpecifiedCreditorFinancialInstitution/BICID"),
)
_DAYS = (
    ("date", "ExchangedDocument/IssueDateTime/*"),
    ("due", "Trade/Settlement/SpecifiedTradePaymentTerms/DueDateDateTime/*"),
    ("delivery_date", "Trade/Delivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/*"),
    ("period_start", "Trade/Settlement/BillingSpecifiedPeriod/StartDateTime/*"),
    ("period_end", "Trade/Settlement/BillingSpecifiedPeriod/EndDateTime/*"),
)
_WANTED = "Trade/Delivery/RequestedDeliverySupplyChainEvent/"
_DELIVERY_WANTED = (f"{_WANTED}OccurrenceDateTime/*", f"{_WANTED}OccurrenceSpecifiedPeriod/EndDateTime/*")
_SUMS = (
    ("subtotal", "TaxBasisTotalAmount"), ("total_tax", "TaxTotalAmount"), ("total", "GrandTotalAmount"),
    ("prepaid_amount", "TotalPrepaidAmount"), ("balance_due", "DuePayableAmount"), ("line_total", "LineTotalAmount"),
    ("allowance_total", "AllowanceTotalAmount"), ("charge_total", "ChargeTotalAmount"), ("rounding_amount", "RoundingAmount"),
)
_OF_LINE = "AssociatedDocumentLineDocument/"


def read_cii(root: Element) -> Reading:
    """The document that the element is; its tags have no namespaces any more and are renamed here."""
    for element in root.iter():
        element.tag = _NAMES.get(element.tag, element.tag)
    reading = Reading(ROOTS[root.tag])
    for whose, party in (("vendor", "Seller"), ("customer", "Buyer")):
        _put_party(reading, whose, root.find(f"Trade/Agreement/{party}TradeParty"))
    is_order = reading.document_type == "purchase_order"
    for name, *paths in _TEXTS:
        put(reading, "order_reference" if is_order and name == "order_number" else name, text(root, *paths))
    for name, *paths in _DAYS if not is_order else (_DAYS[0], ("due", *_DELIVERY_WANTED)):
        put(reading, name, day(root, *paths))
    code = text(root, "ExchangedDocument/TypeCode")
    put(reading, "invoice_type", None if is_order else _TITLES.get(code or ""))
    currency = text(root, *_CURRENCY)
    put_sums(reading, {name: amount_in(currency, root, f"Trade/Settlement/Summation/{tag}") for name, tag in _SUMS})
    _put_party(reading, "delivery", root.find("Trade/Delivery/ShipToTradeParty"), only=("name", "address"))
    put(reading, "payment_terms", _payment_terms(root))
    _put_lines(reading, root)
    put_table(reading, "tax_breakdown", (_tax(tax) for tax in root.iterfind("Trade/Settlement/ApplicableTradeTax")))
    put_table(reading, "allowances_and_charges", _adjustments(root))
    with_signs_of_credit(reading, code)
    return reading


def _put_party(reading: Reading, whose: str, party: Element | None, only: Sequence[str] = ()) -> None:
    if party is None:
        return
    address = party.find("PostalTradeAddress")
    stated = {
        "name": text(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        "address": None if address is None else _address(address),
        "tax_id": text(party, "SpecifiedTaxRegistration/ID[@schemeID='VA']"),
        "tax_number": text(party, "SpecifiedTaxRegistration/ID[@schemeID='FC']"),
        "number": text(party, "ID", "GlobalID"),
        "contact": text(party, "DefinedTradeContact/PersonName", "DefinedTradeContact/DepartmentName"),
        "phone": text(party, "DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber"),
        "email": text(party, "DefinedTradeContact/EmailURIUniversalCommunication/URIID"),
    }
    for name, value in stated.items():
        if not only or name in only:
            put(reading, f"{whose}_{name}", value)


def _address(address: Element) -> str:
    town = " ".join(filter(None, (text(address, "PostcodeCode"), text(address, "CityName"))))
    streets = (text(address, line) for line in ("LineOne", "LineTwo", "LineThree"))
    return ", ".join(filter(None, (*streets, town, text(address, "CountrySubDivisionName"), text(address, "CountryID"))))


def _payment_terms(root: Element) -> str | None:
    """The terms as sentences; a term that ends in "until" gets its day."""
    terms = []
    for term in root.iterfind("Trade/Settlement/SpecifiedTradePaymentTerms"):
        said, until = paragraphs(term, "Description"), day(term, "DueDateDateTime/*")
        terms.append(f"{said} ({until})" if said and until else said)
    return "\n".join(filter(None, terms)) or None


def _put_lines(reading: Reading, root: Element) -> None:
    """The line items; lines of text alone are remarks and join the notes."""
    lines = root.findall("Trade/IncludedSupplyChainTradeLineItem")
    remarks = (paragraphs(line, f"{_OF_LINE}IncludedNote/Content") for line in lines if not _is_item(line))
    notes = paragraphs(root, "ExchangedDocument/IncludedNote/Content")
    put(reading, "notes", "\n\n".join(filter(None, (notes, *remarks))))
    put_table(reading, "line_items", (_line(line) for line in lines if _is_item(line)))


def _is_item(line: Element) -> bool:
    return text(line, "SpecifiedTradeProduct/Name", "Settlement/Summation/LineTotalAmount", "Delivery/BilledQuantity") is not None


def _line(line: Element) -> dict[str, Any]:
    product, price = "SpecifiedTradeProduct/", "Agreement/NetPriceProductTradePrice/"
    counts = line.xpath("Delivery/BilledQuantity | Delivery/RequestedQuantity")
    per = amount(line, f"{price}BasisQuantity")
    # What a group sums up, or what is shown for information, stands in other lines already.
    is_part = text(line, f"{_OF_LINE}LineStatusReasonCode") in ("GROUP", "INFORMATION")
    return {
        "position": text(line, f"{_OF_LINE}LineID"),
        "item_number": text(line, *(f"{product}{tag}" for tag in ("SellerAssignedID", "GlobalID", "BuyerAssignedID"))),
        "description": text(line, f"{product}Name"),
        "details": _details(line),
        "quantity": amount(counts[0], ".") if counts else None,
        "unit": unit(counts[0].get("unitCode")) if counts else None,
        "unit_price": amount(line, f"{price}ChargeAmount"),
        "price_quantity": None if per == 1 else per,
        "discount": _adjusted(line, is_charge=False),
        "charge": _adjusted(line, is_charge=True),
        "tax_rate": amount(line, "Settlement/ApplicableTradeTax/RateApplicablePercent"),
        "included_amount" if is_part else "amount": amount(line, "Settlement/Summation/LineTotalAmount"),
        "order_number": text(line, "Agreement/BuyerOrderReferencedDocument/IssuerAssignedID"),
        "note": paragraphs(line, f"{_OF_LINE}IncludedNote/Content"),
    }


def _details(line: Element) -> str | None:
    described = paragraphs(line, "SpecifiedTradeProduct/Description")
    traits = [
        ": ".join(filter(None, (text(trait, "Description"), text(trait, "Value"))))
        for trait in line.iterfind("SpecifiedTradeProduct/ApplicableProductCharacteristic")
    ]
    return "\n".join(filter(None, (described, *traits))) or None


def _is_charge(adjustment: Element) -> bool:
    return text(adjustment, "ChargeIndicator/Indicator") in ("true", "1")


def _adjusted(line: Element, *, is_charge: bool) -> Decimal | None:
    adjustments = line.iterfind("Settlement/SpecifiedTradeAllowanceCharge")
    values = (amount(one, "ActualAmount") for one in adjustments if _is_charge(one) is is_charge)
    return sum((value for value in values if value), Decimal(0)) or None


def _tax(tax: Element) -> dict[str, Any]:
    return {
        "tax_type": None if (kind := text(tax, "TypeCode")) == "VAT" else kind,
        "category": text(tax, "CategoryCode"),
        "tax_rate": amount(tax, "RateApplicablePercent"),
        "taxable_amount": amount(tax, "BasisAmount"),
        "tax_amount": amount(tax, "CalculatedAmount"),
        "reason": text(tax, "ExemptionReason"),
    }


def _adjustments(root: Element) -> Iterator[dict[str, Any]]:
    for one in root.iterfind("Trade/Settlement/SpecifiedTradeAllowanceCharge"):
        yield {
            "kind": "charge" if _is_charge(one) else "allowance",
            "reason": text(one, "Reason", "ReasonCode"),
            "percent": amount(one, "CalculationPercent"),
            "base_amount": amount(one, "BasisAmount"),
            "amount": amount(one, "ActualAmount"),
            "tax_rate": amount(one, "CategoryTradeTax/RateApplicablePercent"),
        }
    for one in root.iterfind("Trade/Settlement/SpecifiedLogisticsServiceCharge"):
        yield {
            "kind": "charge",
            "reason": ", ".join(texts(one, "Description")),
            "amount": amount(one, "AppliedAmount"),
            "tax_rate": amount(one, "AppliedTradeTax/RateApplicablePercent"),
        }
