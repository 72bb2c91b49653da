"""Gives the fields and columns of a JSON text the names that we know them by, where their own say the same."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.labels import DATE_ROLES, key_of
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable
from kraftd_core.adapters.readers.common.values import Manner, manner_of, parse_number, whole_date
from kraftd_core.document.kinds import kind_of

_AMOUNTS = ("total", "subtotal", "total_tax")
_FIELDS = {
    "number": "document number|document no|document id",
    "date": "date|issue date|date of issue|issued|issued on|document date",
    "due": "due date|payment due date|payment due|due|due on|valid until|response due date|falligkeitsdatum|date echeance",
    "total": """
        total|invoice total|grand total|total amount|amount total|gross total|total gross|totals gross|totals total|
        total incl tax|total including tax|total with tax|gesamtbetrag|bruttobetrag|total ttc|montant ttc|
        quotation total|order total|contract value|receipt total|boq total|totals grand total|amounts total|
        amounts gross|summary total
    """,
    "subtotal": """
        subtotal|sub total|net total|total net|totals net|totals subtotal|net amount|total excl tax|total excluding tax|
        total before tax|nettobetrag|total ht|montant ht|amounts subtotal|amounts net|summary subtotal
    """,
    "total_tax": """
        total tax|tax total|tax amount|vat amount|total vat|vat total|totals tax|totals vat|amounts tax|amounts vat|
        summary tax|steuerbetrag|total tva
    """,
    "vendor_name": """
        supplier|supplier name|vendor|vendor name|seller|seller name|issuer name|lieferant|fournisseur|proveedor|
        fornitore|leverancier
    """,
    "customer_name": """
        customer|customer name|buyer|buyer name|client|client name|bill to name|billed to name|recipient name|kunde|
        cliente|klant
    """,
    "currency": "currency|currency code|document currency|invoice currency|wahrung|devise",
}
# What only documents of a kind are called by: an invoice may well name the number of its order.
_OF_KIND = {
    "invoice": {
        "number": """
            invoice number|invoice no|invoice nr|invoice num|invoice id|invoice #|inv no|rechnungsnummer|rechnungs nr|
            numero de facture|numero facture|facture numero|numero factura|numero fattura|factuurnummer|credit note number
        """,
        "date": "invoice date|invoiced on|rechnungsdatum|date facture|fecha factura|data fattura",
    },
    "quotation": {
        "number": "quotation number|quotation no|quotation id|quote number|quote no|quote id|offer number|angebotsnummer",
        "date": "quotation date|quote date|offer date|angebotsdatum",
    },
    "purchase_order": {
        "number": "purchase order number|purchase order no|po number|po no|order number|order no|order id|bestellnummer",
        "date": "order date|po date|purchase order date|bestelldatum",
    },
    "contract": {"number": "contract number|contract no|contract id|vertragsnummer", "date": "contract date|vertragsdatum"},
    "receipt": {"number": "receipt number|receipt no|receipt id", "date": "receipt date"},
    "rfq": {"number": "rfq number|rfq no|rfq id|tender number", "date": "rfq date"},
    "boq": {"number": "boq number|boq no", "date": "boq date"},
}
_TABLES = "line items|items|lines|invoice lines|invoice items|order lines|positions|positionen|line_item|lignes|rows of invoice"
_COLUMNS = {
    "description": """
        description|item description|desc|product|product name|name|title|item|item name|bezeichnung|designation|text
    """,
    "quantity": "quantity|qty|count|menge|anzahl|quantite|cantidad",
    "unit_price": """
        unit price|price|price unit|unit cost|price per unit|unit net price|einzelpreis|prix unitaire|precio unitario
    """,
    "amount": "amount|line total|total|total price|line amount|net amount|extended price|betrag|gesamtpreis|montant|importe",
}


def _keys(phrases: str) -> tuple[str, ...]:
    return tuple(map(key_of, phrases.split("|")))


def _roles(fields: Mapping[str, str]) -> dict[str, str]:
    return {key: role for role, phrases in fields.items() for key in _keys(phrases)}


_ROLES = _roles(_FIELDS)
_ROLES_OF_KIND = {kind: _ROLES | _roles(fields) for kind, fields in _OF_KIND.items()}
_PLACES = {key: (column, n) for column, phrases in _COLUMNS.items() for n, key in enumerate(_keys(phrases))}
_ITEMS = _keys(_TABLES)
_ENVELOPES = frozenset(("document", "header", "data", "result", "body", "meta"))
_ENVELOPES_OF_KIND = {
    "invoice": {"invoice"}, "quotation": {"quotation", "quote"}, "purchase_order": {"order", "purchase"},
    "contract": {"contract"}, "receipt": {"receipt"}, "rfq": {"rfq"}, "boq": {"boq"},
}
_ANY_ENVELOPE = _ENVELOPES.union(*_ENVELOPES_OF_KIND.values())


def put_known_names(reading: Reading) -> None:
    """Renames what has a name of ours under another word: `supplier`, `invoice_number`, `total`; all else keeps its own."""
    kind = kind_of(reading.document_type)
    names = {"number": kind.number, "date": kind.date, "due": kind.due, "total": kind.total}
    texts = [str(found.value) for found in reading.fields.values()]
    manner = manner_of(texts)
    renamed: dict[str, Found] = {}
    taken = set(reading.fields)
    for own, found in reading.fields.items():
        role = _role(own, _ROLES_OF_KIND.get(kind.name, _ROLES), _ENVELOPES | _ENVELOPES_OF_KIND.get(kind.name, set()))
        role = role if role and _fits(role, found.value, manner) else None
        name = names.get(role, role) if role else None
        if role and name and name not in taken:
            taken.add(name)
            renamed[name] = Found(_as_role(role, found.value, manner), found.spot)
        elif role and own == name:
            renamed[own] = Found(_as_role(role, found.value, manner), found.spot)
        else:
            renamed[own] = found
    reading.fields = renamed
    _name_items(reading.tables)


def _role(name: str, roles: Mapping[str, str], envelopes: Collection[str]) -> str | None:
    """The role of a name, or of what is left of it without the names of what it lies in: `data_invoice_supplier_name`."""
    parts = name.split("_")
    for n in range(len(parts)):
        if role := roles.get(key_of("".join(parts[n:]))):
            return role
        if key_of(parts[n]) not in envelopes:
            return None
    return None


def _fits(role: str, value: Any, manner: Manner) -> bool:
    """Whether the value can be what its name says: an amount is a figure, a party and a day are texts."""
    if role in _AMOUNTS:
        return isinstance(_as_role(role, value, manner), (int, float, Decimal)) and not isinstance(value, bool)
    return isinstance(value, str) if role != "number" else isinstance(value, (str, int)) and not isinstance(value, bool)


def _as_role(role: str, value: Any, manner: Manner) -> Any:
    """An amount that is written as text as a number, a day in any notation as an ISO text; all else as it stands."""
    if not isinstance(value, str):
        return value
    if role in _AMOUNTS:
        number = parse_number(value, manner.sign) if manner.is_sign_settled else None
        return value if number is None else number
    if role in DATE_ROLES:
        day = whole_date(value, manner.order) if manner.is_order_settled or not _is_slashed(value) else None
        return day.isoformat() if isinstance(day, date) else value
    return value


def _is_slashed(text: str) -> bool:
    return "/" in text


def _name_items(tables: Iterable[ReadTable]) -> None:
    """Calls the table of lines, and its columns of figures, what we call them, where no other has that name."""
    held = list(tables)
    if all(table.name != "line_items" for table in held):
        items = next((table for table in held if _is_called_items(table.name)), None)
        if items:
            items.name = "line_items"
    for table in held:
        if table.name == "line_items":
            names = _names_of_columns(dict.fromkeys(column for row in table.rows for column in row))
            table.rows = [{names.get(column, column): found for column, found in row.items()} for row in table.rows]


def _is_called_items(name: str) -> bool:
    parts = name.split("_")
    begins = next((n for n, part in enumerate(parts) if key_of(part) not in _ANY_ENVELOPE), len(parts))
    return any(key_of("".join(parts[n:])) in _ITEMS for n in range(begins + 1))


def _names_of_columns(columns: Iterable[str]) -> Mapping[str, str]:
    """Our names for columns; of several that mean the same the one whose words say it most plainly."""
    held = list(columns)
    names: dict[str, str] = {}
    for wanted in _COLUMNS:
        claims = [(place[1], column) for column in held if (place := _PLACES.get(key_of(column))) and place[0] == wanted]
        if claims and wanted not in held:
            names[min(claims)[1]] = wanted
    return names
