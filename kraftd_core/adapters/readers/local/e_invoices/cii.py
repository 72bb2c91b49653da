"""Reads the Cross Industry Invoice (Factur-X, ZUGFeRD 1 and 2, XRechnung) and the Cross Industry Order (Order-X)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.page_values import FOR_DISCOUNT
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
    ("payee_name", "Trade/Settlement/PayeeTradeParty/Name"),
    ("payment_reference", "Trade/Settlement/PaymentReference"),
    ("creditor_id", "Trade/Settlement/CreditorReferenceID"),
    ("mandate_reference", "Trade/Settlement/SpecifiedTradePaymentTerms/DirectDebitMandateID"),
)
_DAYS = (
    ("date", "ExchangedDocument/IssueDateTime/*"),
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
    put_tax_abroad(reading, amount_of_tax_abroad(currency, root, "Trade/Settlement/Summation/TaxTotalAmount"))
    _put_party(reading, "delivery", root.find("Trade/Delivery/ShipToTradeParty"), only=("name", "address"))
    _put_payment(reading, root, is_order=is_order)
    _put_lines(reading, root)
    put_table(reading, "tax_breakdown", (_tax(tax) for tax in root.iterfind("Trade/Settlement/ApplicableTradeTax")))
    put_table(reading, "allowances_and_charges", _adjustments(root))
    put_attachments(reading, map(_attachment, root.iterfind("Trade/Agreement/AdditionalReferencedDocument")))
    put_further(reading, root)
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


# Payment

_TERMS = "Trade/Settlement/SpecifiedTradePaymentTerms"
_DISCOUNT = "ApplicableTradePaymentDiscountTerms"


def _put_payment(reading: Reading, root: Element, *, is_order: bool) -> None:
    means = root.iterfind("Trade/Settlement/SpecifiedTradeSettlementPaymentMeans")
    put_accounts(reading, [_way(one) for one in means])
    settled = root.iterfind("Trade/Settlement/InvoiceReferencedDocument")
    put_preceding(reading, [
        {"number": text(one, "IssuerAssignedID", "ID"), "date": day(one, "FormattedIssueDateTime/*", "IssueDateTime/*")}
        for one in settled
    ])
    put_table(reading, "advance_payments", map(_advance, root.iterfind("Trade/Settlement/SpecifiedAdvancePayment")))
    terms = root.findall(_TERMS)
    said = _payment_terms(terms)
    put(reading, "payment_terms", said)
    if not is_order:
        put_terms(reading, [_instalment(term) for term in terms], [row for term in terms for row in _discounts(term)], said)


def _payment_terms(terms: Sequence[Element]) -> str | None:
    """The terms as sentences; a term that ends in "until" gets its day."""
    told = []
    for term in terms:
        said, until = paragraphs(term, "Description"), day(term, "DueDateDateTime/*")
        told.append(f"{said} ({until})" if said and until else said)
    return "\n".join(filter(None, told)) or None


def _way(means: Element) -> dict[str, Any]:
    payee, institution = "PayeePartyCreditorFinancialAccount", "PayeeSpecifiedCreditorFinancialInstitution"
    return {
        "payment_means": way(text(means, "TypeCode")),
        "account_holder": text(means, f"{payee}/AccountName"),
        **account(text(means, f"{payee}/IBANID", f"{payee}/ProprietaryID")),
        "bic": text(means, f"{institution}/BICID"),
        "payer_iban": text(means, "PayerPartyDebtorFinancialAccount/IBANID"),
        "payment_instruction": text(means, "Information"),
    }


def _advance(one: Element) -> dict[str, Any]:
    return {
        "number": text(one, "InvoiceSpecifiedReferencedDocument/IssuerAssignedID", "ID"),
        "date": day(one, "FormattedReceivedDateTime/*"),
        "amount": amount(one, "PaidAmount"),
        "tax_amount": amount(one, "IncludedTradeTax/CalculatedAmount"),
        "tax_rate": amount(one, "IncludedTradeTax/RateApplicablePercent"),
    }


def _instalment(term: Element) -> dict[str, Any]:
    """A term; where there is a discount, its day is that of the discount if another term has a later one."""
    said = text(term, "Description") or ""
    return {
        "due": day(term, "DueDateDateTime/*"),
        "is_of_discount": term.find(_DISCOUNT) is not None or bool(FOR_DISCOUNT.search(said)),
        "amount": amount(term, "PartialPaymentAmount"), "terms": said,
    }


def _discounts(term: Element) -> Iterator[dict[str, Any]]:
    for one in term.iterfind(_DISCOUNT):
        period = one.find("BasisPeriodMeasure")
        measured = unit(period.get("unitCode")) if period is not None else None
        length = amount(one, "BasisPeriodMeasure")
        yield {
            "percent": amount(one, "CalculationPercent"),
            "days" if measured in (None, "day") else f"{measured}s": length,
            "counted_from": day(one, "BasisDateTime/*"),
            "until": day(term, "DueDateDateTime/*") if length is None else None,
            "base_amount": amount(one, "BasisAmount"),
            "discount_amount": amount(one, "ActualDiscountAmount"),
        }


def _attachment(one: Element) -> dict[str, Any]:
    embedded = one.find("AttachmentBinaryObject")
    return {
        "number": text(one, "IssuerAssignedID", "ID"),
        "description": text(one, "Name"),
        "file": None if embedded is None else embedded.get("filename") or embedded.get("mimeCode") or "without a name",
        "address": text(one, "URIID"),
    }


# Lines


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
    per, each = amount(line, f"{price}BasisQuantity"), amount(line, f"{price}ChargeAmount")
    count, total = amount(counts[0], ".") if counts else None, amount(line, "Settlement/Summation/LineTotalAmount")
    whole = None if each is None or count is None else each * count / (per or 1)
    adjusted = [_adjusted(one) for one in line.iterfind("Settlement/SpecifiedTradeAllowanceCharge")]
    discount, charge = discount_and_charge(adjusted, whole, total)
    before, period = amount(line, "Agreement/GrossPriceProductTradePrice/ChargeAmount"), "Settlement/BillingSpecifiedPeriod/"
    # What a group sums up, or what is shown for information, stands in other lines already.
    is_part = text(line, f"{_OF_LINE}LineStatusReasonCode") in ("GROUP", "INFORMATION")
    return {
        "position": text(line, f"{_OF_LINE}LineID"),
        "item_number": text(line, *(f"{product}{tag}" for tag in ("SellerAssignedID", "GlobalID", "BuyerAssignedID"))),
        "description": text(line, f"{product}Name"),
        "details": _details(line),
        "quantity": count,
        "unit": unit(counts[0].get("unitCode")) if counts else None,
        "unit_price": each,
        "undiscounted_price": None if before == each else before,
        "price_quantity": None if per == 1 else per,
        "discount": discount,
        "charge": charge,
        "tax_rate": amount(line, "Settlement/ApplicableTradeTax/RateApplicablePercent"),
        "included_amount" if is_part else "amount": total,
        "part_of": text(line, f"{_OF_LINE}ParentLineID"),
        "period_start": day(line, f"{period}StartDateTime/*"),
        "period_end": day(line, f"{period}EndDateTime/*"),
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


def _adjusted(one: Element) -> Adjustment:
    return Adjustment(_is_charge(one), amount(one, "ActualAmount") or Decimal(0))


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
