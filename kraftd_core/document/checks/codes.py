"""Checks on codes: IBAN and VAT numbers by their check digits, and one currency throughout."""

import re
from collections.abc import Iterator
from typing import Literal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import Document, Finding, has_text
from kraftd_core.document.wording import clipped, in_sentence, label_of

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_MASKED = re.compile(r"X{4}|0{10}")  # a sample's, or one hidden on purpose
_COUNTRIES = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK"
_VAT = re.compile(rf"(?:{_COUNTRIES})(?=[A-Z0-9]*\d)[A-Z0-9]{{6,12}}")


def codes_that_cannot_be(document: Document) -> Iterator[Finding]:
    """IBAN and VAT numbers hold their check digits; what does not look like one is no matter of this check."""
    for name, value in document.data.items():
        if not has_text(value):
            continue
        code = re.sub(r"[\s./-]", "", str(value)).upper()
        if _is_wrong_iban(name, code):
            yield _told("iban", "error", name, str(value), "cannot be right, its check digits do not fit.")
        if _is_wrong_vat_number(name, code):
            # Less than an error: nothing is paid by it, and samples and templates are full of made-up ones.
            yield _told("vat_number", "warning", name, str(value), "does not fit its check digits: compare it with the document.")


def _told(kind: str, severity: Literal["error", "warning"], name: str, value: str, what: str) -> Finding:
    said = clipped(value, 40)
    return Finding(kind, severity, f"{clipped(label_of(name), 60)}: “{said}” {what}", (path_of(name),), None, said)


def _is_wrong_iban(name: str, code: str) -> bool:
    from stdnum import iban

    is_named = re.search(r"(?:^|_)iban(?:$|_)", name.lower()) is not None
    if not is_named or not _IBAN.fullmatch(code) or _MASKED.search(code):
        return False
    return not iban.is_valid(code, check_country=False)  # what a country asks beyond the check digits changes


def _is_wrong_vat_number(name: str, code: str) -> bool:
    from stdnum.eu import vat

    is_named = re.search(r"(?:^|_)(?:tax_id|vat_id|vat_number)$", name.lower()) is not None
    if not is_named or not _VAT.fullmatch(code) or _MASKED.search(code):
        return False
    return not vat.is_valid(code)


def other_currencies(document: Document) -> Iterator[Finding]:
    """Every line is in the document's currency."""
    currency = document.data.get("currency")
    if not has_text(currency):
        return
    seen = {str(currency).strip().upper()}
    for line in document.items:
        other = line.row.get("currency")
        if has_text(other) and (code := str(other).strip().upper()) not in seen:
            seen.add(code)  # once for each: a column of the wrong currency is one fault
            message = f"{line.title}: the currency is {clipped(code, 20)}, but the {in_sentence('currency')} of the document is"
            cells = (line.path("currency"), path_of("currency"))
            yield Finding("currency", "error", f"{message} {clipped(str(currency), 20)}.", cells, str(currency), code)
