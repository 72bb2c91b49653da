"""What the fields of Document Intelligence are called in our documents."""

import re
from collections.abc import Iterable

from kraftd_core.document.checks.names import BALANCE_DUE
from kraftd_core.document.kinds import DocumentKind

# Field names of the prebuilt models of 2023-07-31; those of any other model keep their own words.
_ROLES = {
    "InvoiceId": "number", "InvoiceDate": "date", "InvoiceTotal": "total",
    "TransactionDate": "date", "Total": "total",
    "ContractId": "number", "ExecutionDate": "date", "ExpirationDate": "due",
}  # fmt: skip
_NAMES = {
    "MerchantName": "vendor_name", "MerchantAddress": "vendor_address", "MerchantPhoneNumber": "vendor_phone",
    "TransactionTime": "receipt_time", "SubTotal": "subtotal", "Subtotal": "subtotal", "Items": "line_items",
    "PurchaseOrder": "order_number", "PaymentTerm": "payment_terms", "CustomerId": "customer_number",
    "AmountDue": BALANCE_DUE,
}  # fmt: skip
_COLUMNS = {
    "TotalPrice": "amount", "Price": "unit_price", "Name": "description", "QuantityUnit": "unit", "ProductCode": "item_number",
    "SWIFT": "bic",
}  # fmt: skip
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """`VendorTaxId` is vendor_tax_id, `KVKNumber` kvk_number, "Bill of (lading)" bill_of_lading."""
    return re.sub(r"\W+|_+", "_", _WORD_STARTS.sub("_", name).lower()).strip("_") or "field"


def field_name(name: str, kind: DocumentKind) -> str:
    """What a field of the service is called in a document of this kind."""
    if name == "DueDate" and kind.name == "quotation":
        return kind.due or "due_date"
    return role_name(_ROLES[name], kind) or snake_case(name) if name in _ROLES else _NAMES.get(name) or snake_case(name)


def role_name(role: str, kind: DocumentKind) -> str | None:
    """The name that the kind gives to a role: number, date, due or total; None where it has no such part."""
    return {"number": kind.number, "date": kind.date, "due": kind.due, "total": kind.total}[role]


def column_name(name: str, table: str) -> str:
    """What a member of the objects in this table is called."""
    return _COLUMNS.get(name) or snake_case(name) if table in ("line_items", "payment_details") else snake_case(name)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name, numbered where it is taken."""
    names, free, n = set(taken), wanted, 2
    while free in names:
        free, n = f"{wanted}_{n}", n + 1
    return free


def leading_names(kind: DocumentKind) -> list[str]:
    """The fields that stand first."""
    parts = ("vendor_name", "customer_name", kind.number, kind.date, kind.due, "currency", "subtotal", "total_tax", kind.total)
    return ["document_type", *filter(None, parts)]
