"""Keeps what else an e-invoice states: every text that no field and no column has taken, under the names that it has there."""

import re
from collections.abc import Iterator
from typing import Any

from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.local.e_invoices.xml_values import TAKEN, Element, amount, put_table, text

_TABLE = "further_details"
_MOST, _LONGEST = 300, 500  # rows, characters
_SHORTEST_KNOWN = 3  # characters: shorter texts are codes, and mean what stands around them
_LINES = {
    "IncludedSupplyChainTradeLineItem": "AssociatedDocumentLineDocument/LineID",
    **dict.fromkeys(("InvoiceLine", "CreditNoteLine", "LineItem", "SubInvoiceLine", "SubCreditNoteLine"), "ID"),
}
# What tells programs how to read the file, and says nothing of the trade.
_TECHNICAL = re.compile(
    r"(?:^|/)(?:CustomizationID|ProfileID|ProfileExecutionID|UBLVersionID|LineCountNumeric|UUID|SubjectCode|ContentCode|"
    r"InvoiceTypeCode|DocumentTypeCode|LineStatusCode|LineStatusReasonCode|ChargeIndicator(?:/Indicator)?|"
    r"EmbeddedDocumentBinaryObject|AttachmentBinaryObject|AdditionalReferencedDocument/TypeCode|UBLExtensions/.*|Signature/.*|TaxScheme/(?:ID|Name|TaxTypeCode)|"
    r"ExchangedDocumentContext/(?:Guideline|Business).*|(?:ApplicableTradeTax|CategoryTradeTax|AppliedTradeTax)/TypeCode)$"
)
_USUAL = {"CategoryCode": "S", "TestIndicator": "false", "CopyIndicator": "false", "Indicator": "false"}
_OF_CATEGORY = ("ClassifiedTaxCategory/ID", "TaxCategory/ID")
_NUMERIC = re.compile(r"(?:Amount|Quantity|Percent|Numeric|Measure|Rate)$")


def put_further(reading: Reading, root: Element) -> None:
    """Keeps as a table what was not taken before; what stands in the data already is not repeated."""
    known = {str(found.value).casefold() for found in reading.fields.values()}
    known |= {str(found.value).casefold() for table in reading.tables for row in table.rows for found in row.values()}
    rows = [row for row in _rows(root) if not _is_known(row["value"], known)]
    put_table(reading, _TABLE, rows[:_MOST])
    if len(rows) > _MOST:
        reading.notices.append(
            f"The invoice data states {len(rows) - _MOST:,} more values than “Further details” shows. See them in the file."
        )


def _is_known(value: Any, known: set[str]) -> bool:
    return isinstance(value, str) and len(value) >= _SHORTEST_KNOWN and value.casefold() in known


def _rows(root: Element) -> Iterator[dict[str, Any]]:
    for element, above in _leaves(root, ()):
        path = "/".join(one.tag for one in (*above, element))
        value = " ".join(element.text.split())
        if _TECHNICAL.search(path) or _USUAL.get(element.tag) == value or (path.endswith(_OF_CATEGORY) and value == "S"):
            continue
        line = next((one for one in above if one.tag in _LINES), None)
        within = above[above.index(line) + 1 :] if line is not None else above
        number = amount(element, ".") if _NUMERIC.search(element.tag) else None
        yield {
            "line": text(line, _LINES[line.tag]) if line is not None else None,
            "part": ", ".join(dict.fromkeys(_words(one.tag) for one in within if one.tag not in ("Party", "Trade"))),
            "name": _words(element.tag),
            "value": value[:_LONGEST] if number is None else number,
        }


def _leaves(node: Element, above: tuple[Element, ...]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """The elements that hold texts which were not taken, each with those that it lies in."""
    for child in node:
        if len(child):
            yield from _leaves(child, (*above, child))
        elif child.get(TAKEN) is None and (child.text or "").strip():
            yield child, above


def _words(tag: str) -> str:
    """The words that a tag is made of: "EndpointID" is "Endpoint ID"."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", tag) or [tag]
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])
