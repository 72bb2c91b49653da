"""Checks on codes: IBAN, BIC and VAT numbers by their form and check digits, and one currency throughout."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import Document, Finding, Severity, has_text, held
from kraftd_core.document.wording import clipped, in_sentence, label_of

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_IBAN_NAME, _BIC_NAME = re.compile(r"(?:^|_)iban(?:$|_)"), re.compile(r"(?:^|_)(?:bic|swift)(?:_code)?$")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_MASKED = re.compile(r"X{4}|0{10}")  # a sample's, or one hidden on purpose
_COUNTRIES = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK"
_VAT = re.compile(rf"(?:{_COUNTRIES})(?=[A-Z0-9]*\d)[A-Z0-9]{{6,12}}")


def codes_that_cannot_be(document: Document) -> Iterator[Finding]:
    """IBAN, BIC and VAT numbers have their form and hold their check digits; of other codes nothing is said."""
    for name, cell, value in _named_texts(document):
        code = re.sub(r"[\s./-]", "", value).upper()
        if _MASKED.search(code):
            continue
        if _IBAN_NAME.search(name.lower()):
            yield from _iban(name, cell, value, code)
        elif _BIC_NAME.search(name.lower()) and re.search(r"\w", code) and not _BIC.fullmatch(code):
            yield _told("bic", "warning", name, cell, value, "is no BIC: compare it with the document.")
        elif _is_wrong_vat_number(name, code):
            # Less than an error: nothing is paid by it, and samples and templates are full of made-up ones.
            yield _told(
                "vat_number", "warning", name, cell, value, "does not fit its check digits: compare it with the document."
            )


def _named_texts(document: Document) -> Iterator[tuple[str, str, str]]:
    """The texts of fields, and those of tables whose columns are called like such codes: name, cell and text."""
    yield from ((name, path_of(name), str(value)) for name, value in document.data.items() if has_text(value))
    for lines in document.tables.values():
        columns = {name for line in lines for name in line.row}
        named = [name for name in columns if _IBAN_NAME.search(name.lower()) or _BIC_NAME.search(name.lower())]
        yield from (
            (name, line.path(name), str(line.row[name])) for name in named for line in lines if has_text(line.row.get(name))
        )


def _told(check: str, severity: Severity, name: str, cell: str, value: str, what: str) -> Finding:
    said = clipped(value, 40)
    return Finding(check, severity, f"{clipped(label_of(name), 60)}: “{said}” {what}", (cell,), None, said)


def _iban(name: str, cell: str, value: str, code: str) -> Iterator[Finding]:
    from stdnum import iban

    if not re.search(r"\d", code):  # a word stands there: none, or "see below"
        return
    if not _IBAN.fullmatch(code):
        yield _told("iban", "error", name, cell, value, "is no IBAN.")
    elif iban.is_valid(code, check_country=False):  # what a country asks beyond the check digits changes
        yield held("iban", f"{clipped(label_of(name), 60)}: the check digits fit.", (cell,), None, Decimal(0))
    else:
        yield _told("iban", "error", name, cell, value, f"cannot be right, {_why_not(code)}.")


def _why_not(code: str) -> str:
    """What is wrong with it: its check digits, or its length."""
    from stdnum.iso7064 import mod_97_10

    fits = mod_97_10.is_valid(code[4:] + code[:4])
    return "it has not the length that its country's have" if fits else "its check digits do not fit"


def _is_wrong_vat_number(name: str, code: str) -> bool:
    from stdnum.eu import vat

    is_named = re.search(r"(?:^|_)(?:tax_id|vat_id|vat_number)$", name.lower()) is not None
    if not is_named or not _VAT.fullmatch(code):
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
