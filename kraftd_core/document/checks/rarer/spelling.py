"""Other spellings of the fields and columns that the checks calculate with: what stands in `qty` is a quantity all the same.

A name is read so only where nothing stands under the usual one, and the cells of an answer are named as the data names them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import PLAIN, Finding, is_blank, number
from kraftd_core.document.checks.names import BALANCE_DUE, role_of
from kraftd_core.document.checks.owed import balance_name, total_name
from kraftd_core.document.checks.rarer.tongues import usual_column, usual_field
from kraftd_core.document.jsontypes import Data, Row
from kraftd_core.document.kinds import DocumentKind


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TOTAL = _names("""
    total grand_total total_amount amount_total gross_total total_gross invoice_total order_total bill_total
    contract_price contract_sum total_with_tax total_earned_less_retainage earned_less_retainage total_incl_vat
    total_incl_tax total_including_vat total_including_tax total_inc_vat total_ttc total_charges total_payable total_due
    gross_amount gross net_valuation valor_total valor_total_nota
""")
_SUBTOTAL = _names("""
    sub_total net_total total_net net_amount net total_excl_vat total_excl_tax total_excluding_tax total_before_tax
    amount_before_tax total_ht total_products total_taxable_value taxable_value gross_valuation valor_servicos valor_produtos
""")
_MAY_BE_WEIGHTS = ("net", "gross")
_TAX = re.compile(
    r"(?:total_)?(?:vat|tax|gst|hst|qst|sales_tax|consumption_tax|mwst|ust|btw|iva|moms|mva|ppn|igst|ipi|kdv|tva|igv|sst)"
    r"(?:_amount|_total|_value)?(?:_included)?|(?:included|includes|incl)_(?:vat|tax|gst|hst|sales_tax|mwst|ust|btw|iva|tva)"
)
_SUPPLIER = _names("""
    vendor supplier supplier_name seller seller_name issuer issuer_name from from_name dealer merchant merchant_name store
    store_name shop contractor utility carrier hotel provider offered_by prestador company company_name lessor landlord
    restaurant
""")
_CUSTOMER = _names("""
    customer buyer buyer_name client client_name bill_to recipient to to_name offered_to consignee guest tomador employer
    account_holder lessee tenant purchaser
""")
_OWN_WORDS = {
    "invoice": "invoice|bill|folio|tax_invoice",
    "quotation": "quotation|quote|offer|proposal",
    "purchase_order": "purchase_order|order|po",
    "rfq": "rfq|enquiry|inquiry|request",
    "boq": "boq|bill",
    "contract": "contract|agreement|deed",
    "receipt": "receipt",
}
_DUE = {
    "invoice": "due|payment_due|payment_due_date|pay_by|due_on|payable_by",
    "quotation": "expires|expires_on|expiry_date|expiry|valid_to|valid_till|validity_date",
    "rfq": "response_deadline|deadline|closing_date|reply_by|due_date|submission_deadline|bid_due_date",
    "purchase_order": "due_date|delivery_due|deliver_by",
}
_DATE = "date|issue_date|date_of_issue|issued|issued_on|date_issued|dated|document_date|signed_on|signature_date|data_emissao"

_TABLES = _names("""
    items lines positions articles products services charges bill_items order_lines invoice_lines works
    lignes lineas linhas righe regels positionen artikel posten partidas prestations prestaciones itens
""")
_DONE = _names("shipped delivered supplied dispatched invoiced billed")
_QUANTITY = _names("qty quantities pieces pcs units count hours hrs nights") + tuple(
    name.format(done) for done in (*_DONE, "ordered") for name in ("quantity_{}", "{}_quantity", "qty_{}", "{}_qty", "{}")
)
_PRICE = _names("price unit_rate rate price_each unit_cost price_per_unit hourly_rate daily_rate monthly_price each")
_AMOUNT = _names("line_total total_price line_amount amount_net net_amount taxable_value extended_price total value")
_RATE_OF_TAX = re.compile(r"(?:vat|gst|hst|igst|sales_tax|mwst|ust|btw|iva|moms|mva|ppn|tax)_?(?:rate|percent|pct|percentage)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The data under the usual names, and what each name was."""

    data: Data
    fields: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    """By table, under its usual name: the usual name of a column to its own."""

    @classmethod
    def of(cls, data: Data, kind: DocumentKind) -> "Spelling":
        """The data read so; itself where every name is a usual one."""
        tables = {name: rows for name, rows in data.items() if _is_table(rows)}
        columns = {name: found for name, rows in tables.items() if (found := _columns(name, rows))}
        fields = _fields(data, kind)
        others = [
            name for name in _TABLES if "amount" in columns.get(name, {}) or any("amount" in r for r in tables.get(name, ()))
        ]
        if others and "line_items" not in tables:
            fields["line_items"] = others[0]
        if not fields and not columns:
            return cls(data, {}, {})
        usual = {own: name for name, own in fields.items()}
        renamed = {usual.get(name, name): _renamed(value, columns.get(name)) for name, value in data.items()}
        return cls(renamed, fields, {usual.get(name, name): found for name, found in columns.items()})

    def in_own_names(self, findings: Iterable[Finding]) -> list[Finding]:
        """The answers with the cells as the data names them."""
        if not self.fields and not self.columns:
            return list(findings)
        return [replace(finding, cells=tuple(map(self._own, finding.cells))) for finding in findings]

    def _own(self, cell: str) -> str:
        name, is_row, rest = cell.partition("[")
        own = path_of(self.fields[name]) if name in self.fields else name
        if not is_row:
            return own
        row, is_cell, column = rest.rpartition("].")
        columns = self.columns.get(name, {})
        return f"{own}[{row}].{path_of(columns[column]) if column in columns else column}" if is_cell else f"{own}[{rest}"


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _renamed(value: object, columns: Mapping[str, str] | None) -> object:
    if not columns or not isinstance(value, list):
        return value
    usual = {own: name for name, own in columns.items()}
    return [{usual.get(name, name): cell for name, cell in row.items()} for row in value]


# Fields


def _fields(data: Data, kind: DocumentKind) -> dict[str, str]:
    """The usual names that the data lacks, each with the name under which it has the value."""
    found: dict[str, str] = {}
    sums = ((kind.total or "total", _TOTAL), ("subtotal", _SUBTOTAL))
    is_of_money = any(_TAX.fullmatch(name.lower()) for name in data)
    for name, others in sums:
        others = others if is_of_money else tuple(other for other in others if other not in _MAY_BE_WEIGHTS)
        known = [other for is_right in (_is_number, _is_said) for other in others if is_right(data.get(other))]
        if known and is_blank(data.get(name)):
            found[name] = known[0]
    _add_other_tongues(data, kind, found)
    _take_what_is_to_pay_for_the_total(data, kind, found)
    if kind.total and is_blank(data.get(kind.total)) and kind.total not in found and "subtotal" in found:
        found[kind.total] = found.pop("subtotal")  # the only sum is the total
    taxes = [name for name in data if _TAX.fullmatch(name.lower()) and number(data[name]) is not None]
    if is_blank(data.get("total_tax")) and len(taxes) == 1 and not _has_other_taxes(data, taxes[0]):
        found["total_tax"] = taxes[0]
    for name, spellings in _texts(kind).items():
        if is_blank(data.get(name)) and (
            own := next((o for o in data if o.lower() in spellings and not is_blank(data[o])), None)
        ):
            found.setdefault(name, own)
    return {name: own for name, own in found.items() if name != own}


def _take_what_is_to_pay_for_the_total(data: Data, kind: DocumentKind, found: dict[str, str]) -> None:
    """Where a subtotal and what is to be paid are the only sums, the one leads to the other."""
    own = found.get(BALANCE_DUE) or balance_name(data)
    is_only = kind.total and total_name(data) == kind.total and is_blank(data.get(kind.total)) and kind.total not in found
    if own and kind.total and is_only and ("subtotal" in found or not is_blank(data.get("subtotal"))):
        found.pop(BALANCE_DUE, None)
        found[kind.total] = own


def _has_other_taxes(data: Data, name: str) -> bool:
    """Whether another tax stands beside: then neither is the tax of the document."""
    others = ((other, role_of(other)) for other, value in data.items() if other != name and number(value))
    return any(role.part == "tax" and role.form != "percent" for _, role in others if role)


def _add_other_tongues(data: Data, kind: DocumentKind, found: dict[str, str]) -> None:
    """Add what stands under a name in another language, where nothing else was found for it."""
    taken = set(found.values())
    for own, value in data.items():
        usual = usual_field(own, kind.name) if own not in taken and not is_blank(value) and own != kind.total else None
        if usual is None or usual in found or not is_blank(data.get(usual)) or own in _usual_names(kind):
            continue
        if usual == "total_tax" and _has_other_taxes(data, own):
            continue
        if (number(value) is not None) == (usual in (kind.total, "total", "subtotal", "total_tax", BALANCE_DUE)):
            found[usual] = own


@lru_cache(16)
def _usual_names(kind: DocumentKind) -> frozenset[str]:
    names = (kind.number, kind.date, kind.due, kind.total, "subtotal", "total_tax", "vendor_name", "customer_name", "currency")
    return frozenset(name for name in names if name)


def _is_number(value: object) -> bool:
    return number(value) is not None


_A_FIGURE = re.compile(r"(?<![^\W_])[\d.,]*\d")  # the digit of "m2" is none


def _is_said(value: object) -> bool:
    return isinstance(value, str) and _A_FIGURE.search(value) is not None


@lru_cache(16)
def _texts(kind: DocumentKind) -> dict[str, frozenset[str]]:
    """The other spellings of the fields of a kind that are no sums."""
    own = _OWN_WORDS.get(kind.name, "document").split("|")
    numbers = {f"{word}_{end}" for word in own for end in ("no", "nr", "number", "num", "id", "ref", "reference")}
    dates = {f"{word}_date" for word in own} | set(_DATE.split("|"))
    named = {
        kind.number: numbers | {"number", "numero", "no", "nr"},
        kind.date: dates,
        "valid_until": {"valid_to"},
        kind.due: set(_DUE.get(kind.name, "").split("|")),
        "vendor_name": set(_SUPPLIER),
        "customer_name": set(_CUSTOMER),
    }
    return {name: frozenset(others - {name}) for name, others in named.items() if name}


# Columns


def _columns(table: str, rows: Sequence[Row]) -> dict[str, str]:
    """The usual names that the columns of the rows lack; a table of taxes or payments has its own."""
    if table != "line_items" and (role := role_of(table)) and role.part in ("tax", "paid"):
        return {}
    names = dict.fromkeys(name for row in rows for name in row)
    figures = (("quantity", _QUANTITY), ("unit_price", _PRICE), ("amount", _AMOUNT))
    found = {
        usual: own
        for usual, others in figures
        if usual not in names and (own := next((other for other in others if other in names), None)) and _holds_figures(rows, own)
    }
    for own in names:
        usual = usual_column(own) if own not in found.values() else None
        if usual and usual not in names and usual not in found and (usual not in _FIGURES or _holds_figures(rows, own)):
            found[usual] = own
    if not {"quantity", "unit_price"} & {*names, *found} or not {"amount"} & {*names, *found}:
        return {}
    rates = [name for name in names if _RATE_OF_TAX.fullmatch(name.lower())]
    if "tax_rate" not in names and len(rates) == 1:
        found["tax_rate"] = rates[0]
    taxes = [name for name in names if _TAX.fullmatch(name.lower())]
    if "tax_amount" not in names and len(taxes) == 1:
        found["tax_amount"] = taxes[0]
    return found


_FIGURES = frozenset(("quantity", "unit_price", "amount", "tax_rate", "tax_amount"))


def _holds_figures(rows: Sequence[Row], name: str) -> bool:
    return any(type(row.get(name)) in PLAIN or _is_said(row.get(name)) for row in rows)
