"""The kinds of document, and the fields that each is expected to have: one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: which field plays which part, and what it must not lack.

    `number`, `date`, `due` and `total` name fields; None where the kind has no such part.
    Every kind may also hold vendor_name, customer_name, currency, subtotal, total_tax and line_items.
    """

    name: str
    label: str
    number: str | None
    date: str | None
    due: str | None
    total: str | None
    required: tuple[str, ...]
    expected: tuple[str, ...] = ()


_MONEY = ("currency", "subtotal", "total_tax")

KINDS: dict[str, DocumentKind] = {
    kind.name: kind
    for kind in (
        DocumentKind(
            "invoice", "Invoice", "invoice_id", "invoice_date", "due_date", "invoice_total",
            required=("vendor_name", "invoice_id", "invoice_date", "invoice_total"),
            expected=("customer_name", "due_date", *_MONEY, "line_items"),
        ),
        DocumentKind(
            "quotation", "Quotation", "quotation_number", "quotation_date", "valid_until", "quotation_total",
            required=("vendor_name", "quotation_number", "quotation_date", "quotation_total"),
            expected=("customer_name", "valid_until", *_MONEY, "line_items"),
        ),
        DocumentKind(
            "purchase_order", "Purchase order", "order_number", "order_date", "delivery_date", "order_total",
            required=("vendor_name", "order_number", "order_date"),
            expected=("customer_name", "delivery_date", "order_total", *_MONEY, "line_items"),
        ),
        DocumentKind(
            "rfq", "Request for quotation", "rfq_number", "rfq_date", "response_due_date", None,
            required=("rfq_number", "response_due_date", "line_items"),
            expected=("customer_name", "rfq_date"),
        ),
        DocumentKind(
            "boq", "Bill of quantities", "boq_number", "boq_date", None, "boq_total",
            required=("line_items",),
            expected=("project_name", "boq_total", "currency"),
        ),
        DocumentKind(
            "contract", "Contract", "contract_number", "contract_date", "end_date", "contract_value",
            required=("vendor_name", "customer_name", "contract_date"),
            expected=("contract_number", "effective_date", "end_date", "contract_value", "currency"),
        ),
        DocumentKind(
            "receipt", "Receipt", "receipt_number", "receipt_date", None, "receipt_total",
            required=("vendor_name", "receipt_date", "receipt_total"),
            expected=("currency", "total_tax", "line_items"),
        ),
        DocumentKind("other", "Document", "document_number", "document_date", None, "total", required=()),
    )
}


def kind_of(document_type: object) -> DocumentKind:
    """The kind by its name; `other` for a name we do not know."""
    return KINDS.get(str(document_type), KINDS["other"])
