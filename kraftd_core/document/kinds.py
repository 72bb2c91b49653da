"""The kinds of document, and the fields that each is expected to have: one table; and which invoices give back."""

import re
from dataclasses import dataclass

from kraftd_core.document.folding import fold
from kraftd_core.document.jsontypes import Data


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


# Credit notes: a kind of invoice, told by its title or its type

# Not among them: a corrected invoice (Korrekturrechnung, factura rectificativa, faktura korygujaca), which may ask for more;
# such a one gives back where its total is below zero.
_TITLE = (
    r"credit[ -]?(?:note|memo(?:randum)?|invoice)|(?:rechnungs)?gutschrift(?:s?anzeige|srechnung)?|storno(?:rechnung)?"
    r"|rechnungskorrektur|(?:facture d[' ])?avoir|note de credit|nota (?:de|di) (?:credito|accredito|abono)"
    r"|nota d[' ]accredito|(?:factura de )?abono"
    r"|creditnota|credit ?factuur|kreditnota|kreditfaktura|hyvityslasku|dobropis|nota kredytowa|nota de creditare|alacak dekontu"
)
_CALLED = re.compile(rf"\b(?:{_TITLE})\b")
_SELF_BILLED = re.compile(
    r"gutschrift(?:s)?verfahren|abrechnungsgutschrift|provisionsgutschrift|self[ -]?bill|autofactur|autofattur"
    r"|selbst ?(?:aus)?faktur|umgekehrte rechnung"
)
_BESIDE = "number|nummer|numero|pour|para|rechnung|invoice|facture|factura|fattura|[a-z]{1,3}"
_AS_TITLE = re.compile(rf"\W*(?:tax |commercial |kaufmannische )?(?:{_TITLE})\b(?:\W+(?:{_BESIDE}|[a-z_]*\d\w*)\b)*\W*")
_WITH_AMOUNT = re.compile(r"\d[.,]\d{2}\b(?![./-]\d)")
_LONGEST_TITLE = 60
_NAMES = ("invoice_type", "document_title", "title", "document_name", "type", "document_subtype")


def credit_title(line: str) -> str | None:
    """The title of a credit note that a line is, as printed; a sentence that speaks of one, or a row with an amount, is none."""
    for phrase in re.split(r"\s{2,}|\t|[|]", line.strip()):
        plain = fold(phrase)
        if len(plain) <= _LONGEST_TITLE and _AS_TITLE.fullmatch(plain) and not _WITH_AMOUNT.search(plain):
            found, said = _CALLED.search(plain), " ".join(phrase.split())
            return said[: found.end()] if found and len(plain) == len(said) else said
    return None


def is_credit_note(data: Data) -> bool:
    """Whether the document says that it gives back, by its title or type; an invoice that the customer writes itself does not."""
    titles = [fold(value) for name in _NAMES if isinstance(value := data.get(name), str)]
    if not any(_CALLED.search(title) for title in titles):
        return False
    return not is_self_billed(data)


def is_self_billed(data: Data) -> bool:
    """Whether the customer wrote it for the supplier, which German calls Gutschrift, too."""
    texts = (value for value in data.values() if isinstance(value, str) and len(value) <= _LONGEST_TEXT)
    return any(_SELF_BILLED.search(fold(text)) for text in texts)


def may_be_self_billed(data: Data) -> bool:
    """Whether its title alone does not tell a credit note from an invoice that the customer writes itself."""
    return any(isinstance(value := data.get(name), str) and re.search(r"\bgutschrift\b", fold(value)) for name in _NAMES)


_LONGEST_TEXT = 2_000  # characters of a text that may say so; longer ones are terms of business
