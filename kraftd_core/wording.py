"""How fields, values and changes are called in front of people: English texts in one place."""

from typing import Any

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


def label_of(name: str) -> str:
    """The name of a field, column or table as people say it: `unit_price` is "Unit price"."""
    return _LABELS.get(name) or name.replace("_", " ").strip().capitalize() or name


def shown(value: Any) -> str:
    """A value as people read it: 1,200.5 for a number, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:,}"
    return str(value)
