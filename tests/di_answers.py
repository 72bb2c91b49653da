"""Answers of Document Intelligence, written from plain values."""

from typing import Any


def analyze_result(model: str, *, pages: int = 1, lines: list[str] | None = None, **parts: Any) -> dict[str, Any]:
    """An answer with its pages, in inches; the first holds the lines."""
    size = {"angle": 0, "width": 8.5, "height": 11, "unit": "inch", "words": [], "spans": []}
    shown = [{"pageNumber": n, "lines": [], **size} for n in range(1, pages + 1)]
    shown[0]["lines"] = [{"content": line, "polygon": [], "spans": []} for line in lines or ()]
    about = {"apiVersion": "2023-07-31", "modelId": model, "stringIndexType": "unicodeCodePoint", "content": ""}
    return about | {"pages": shown} | parts


class Writer:
    """Writes an answer from plain values; each value gets a stretch of the text and a place of its own."""

    def __init__(self) -> None:
        self._offset = 0

    def field(self, kind: str, value: Any, content: str, page: int = 1, confidence: float | None = 0.9) -> dict[str, Any]:
        """A field of the service: `kind` is its type."""
        field = {"type": kind, "content": content, **self.where(content, page)}
        if value is not None:
            field[f"value{kind[0].upper()}{kind[1:]}"] = value
        return field | ({"confidence": confidence} if confidence is not None else {})

    def where(self, content: str, page: int = 1) -> dict[str, Any]:
        """The next stretch of the text, on a line of its own."""
        offset, self._offset = self._offset, self._offset + len(content) + 1
        y = (offset % 100) / 10
        region = {"pageNumber": page, "polygon": [1, y, 2, y, 2, y + 0.1, 1, y + 0.1]}
        return {"spans": [{"offset": offset, "length": len(content)}], "boundingRegions": [region]}

    def plain(self, value: Any, currency: str | None = None) -> dict[str, Any]:
        """A field of the type that the value has; with a currency it is money."""
        if isinstance(value, list):
            return {"type": "array", "valueArray": [self.plain(member, currency) for member in value]}
        if isinstance(value, dict):
            members = {name: self.plain(v, currency if name in _MONEY else None) for name, v in value.items()}
            return {"type": "object", "valueObject": members}
        if isinstance(value, str):
            is_date = len(value) == 10 and value[4::3] == "--"
            return self.field("date" if is_date else "string", value, value)
        if currency is not None:
            return self.field("currency", {"amount": value, "currencyCode": currency}, f"{value:,.2f}")
        return self.field("number", value, f"{value:g}")

    def table(self, grid: list[list[str]], heads: int = 1, page: int = 1) -> dict[str, Any]:
        """A table of plain cells whose first rows are its head."""
        cells = []
        for r, row in enumerate(grid):
            kind = {"kind": "columnHeader"} if r < heads else {}
            for c, text in enumerate(row):
                cells.append({"rowIndex": r, "columnIndex": c, "content": text, **self.where(text, page), **kind})
        regions = [{"pageNumber": page, "polygon": [1, 1, 7, 1, 7, 9, 1, 9]}]
        return {"rowCount": len(grid), "columnCount": len(grid[0]), "cells": cells, "boundingRegions": regions}


_MONEY = ("Amount", "UnitPrice", "SubTotal", "TotalTax", "InvoiceTotal")
_FIELDS = {
    "vendor_name": "VendorName", "customer_name": "CustomerName", "invoice_id": "InvoiceId", "invoice_date": "InvoiceDate",
    "due_date": "DueDate", "subtotal": "SubTotal", "total_tax": "TotalTax", "invoice_total": "InvoiceTotal",
}  # fmt: skip
_COLUMNS = {"description": "Description", "quantity": "Quantity", "unit_price": "UnitPrice", "amount": "Amount"}


def invoice_answer(data: dict[str, Any]) -> dict[str, Any]:
    """The answer of prebuilt-invoice that says what the flat data says."""
    writer, currency = Writer(), data.get("currency")
    told = {_FIELDS[name]: value for name, value in data.items() if name in _FIELDS and value is not None}
    fields = {name: writer.plain(value, currency if name in _MONEY else None) for name, value in told.items()}
    lines = [{_COLUMNS[c]: v for c, v in line.items() if c in _COLUMNS and v is not None} for line in data.get("line_items", [])]
    fields["Items"] = writer.plain(lines, currency)
    return analyze_result("prebuilt-invoice", documents=[{"docType": "invoice", "fields": fields, "confidence": 1}])
