"""How fields and values are called in front of people: English texts in one place."""

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from kraftd_core.document.units import digits_of
from kraftd_core.document.value_kinds import ValueKind, judged

_LABELS = {
    "vendor_name": "Supplier",
    "vendor_address": "Supplier address",
    "vendor_tax_id": "Supplier VAT number",
    "customer_name": "Customer",
    "customer_address": "Customer address",
    "customer_tax_id": "Customer VAT number",
    "document_type": "Document type",
    "invoice_id": "Invoice number",
    "invoice_total": "Total",
    "quotation_total": "Total",
    "order_total": "Total",
    "boq_total": "Total",
    "receipt_total": "Total",
    "total_tax": "Tax",
    "rfq_number": "RFQ number",
    "rfq_date": "RFQ date",
    "boq_number": "BOQ number",
    "boq_date": "BOQ date",
    "line_items": "Line items",
    "iban": "IBAN",
    "bic": "BIC",
}


_ABBREVIATIONS = {
    word.lower(): word
    for word in (
        "VAT", "GST", "HST", "PST", "QST", "IGST", "CGST", "SGST", "GSTIN", "TDS", "TIN", "IBAN", "BIC", "BSB", "IFSC", "PO",
        "BOQ", "RFQ", "SKU", "EAN", "GTIN", "UPC", "ISBN", "SSCC", "HSN", "NCM", "CNPJ", "CPF", "ICMS", "IPI", "AWB", "URL",
        "kWh", "kg", "km", "EUR", "USD", "GBP", "CHF", "JPY", "INR",
    )
}  # fmt: skip


def label_of(name: str) -> str:
    """The name of a field, column or table as people say it: `unit_price` is "Unit price", `vat_rate` is "VAT rate"."""
    return _LABELS.get(name) or _said(name.replace("_", " ").strip()) or name


def _said(words: str) -> str:
    first, *others = words.capitalize().split(" ")
    return " ".join((_ABBREVIATIONS.get(first.lower(), first), *(_ABBREVIATIONS.get(word, word) for word in others)))


def shown(value: Any) -> str:
    """A value as people read it where nothing says what it is: 1200.5 for a number, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain_number(value) if isinstance(value, (int, float)) and isfinite(value) else str(value)


def in_sentence(name: str) -> str:
    """The label inside a sentence: "unit price", but "RFQ number"; names of a stranger's making are kept short."""
    label = clipped(label_of(name), 60) or "field without a name"
    return label if label[1:2].isupper() else label[0].lower() + label[1:]


def clipped(text: str, limit: int = 80) -> str:
    """The text on one line, cut before a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head, _, _ = line[:limit].rpartition(" ")
    return f"{head or line[: limit - 1]}…"


def listed(words: Sequence[str], most: int = 6) -> str:
    """The words as a list in a sentence: "a, b and c", "a, b and 7 more"."""
    shown_words = list(words) if len(words) <= most else [*words[: most - 1], f"{len(words) - most + 1:,} more"]
    return " and ".join(filter(None, (", ".join(shown_words[:-1]), *shown_words[-1:])))


def how_many(count: int, noun: str) -> str:
    """A count with its noun: "1 line", "3 lines"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent(share: float) -> str:
    """A share in whole percent, rounded down: what lacks anything is not 100 %."""
    return f"{int(Decimal(repr(share)) * 100)} %"


def quantity(value: Decimal) -> str:
    """A number with no more decimals than it has: "4", "2.5", "10,000"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, currency: str = "") -> str:
    """An amount with at least the decimals of its currency: "1,200.50 EUR", "1,098 JPY", "0.0205"; never rounded."""
    whole, _, decimals = quantity(value).partition(".")
    decimals = decimals.ljust(digits_of(currency), "0")
    return f"{whole}{'.' * bool(decimals)}{decimals} {currency}".rstrip()


def recorded(value: int | float) -> Decimal:
    """A figure at the 15 digits that a double keeps: 970.9300000000001 was 970.93 before something was added up."""
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def figure(kind: ValueKind, value: int | float, currency: str = "") -> str:
    """A figure by what it is: an amount with the decimals of its currency, quantities in groups, all others as they stand."""
    if not isfinite(value):
        return str(value)
    if kind is ValueKind.MONEY:
        return money(recorded(value), currency).removesuffix(f" {currency}")
    if kind in (ValueKind.QUANTITY, ValueKind.PERCENT):
        return quantity(recorded(value))
    return plain_number(value)


def plain_number(value: int | float) -> str:
    """A figure as it stands, without groups: "4100", "0.5"."""
    text = f"{recorded(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_in(name: str, value: Any, currency: str = "") -> str:
    """A value as people read it in a field of this name: amounts with their decimals, what only names something plain."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return shown(value)
    return figure(judged(name, (value,)), value, currency)
