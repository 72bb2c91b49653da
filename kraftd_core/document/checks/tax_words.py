"""What a document says of its tax in words: that the customer owes it, or that the prices hold it."""

import re

from kraftd_core.document.checks.model import Document

_REVERSE = re.compile(
    r"reverse.?charge|§\s*13\s?b|steuerschuldnerschaft|autoliquidation|inversi[oó]n del sujeto|inversione contabile|verlegd"
    r"|intra.?community|innergemeinschaftlich|intracommunautaire|zero.?rated|exempt|steuerfrei|exon[ée]r|exento|esente"
    r"|exportation|export (?:supply|sale|delivery)|ausfuhr|not subject to (?:vat|tax)|outside the scope|kleinunternehmer"
    r"|(?:tax|vat).?free|no vat (?:is |was )?(?:charged|applicable|due)"
)
_TAX = r"(?:vat|tax(?:es)?|gst|mwst|ust|iva|btw|tva|moms)"
_INCLUDED = re.compile(
    rf"(?:incl|inkl)[a-z.]*\s(?:[\w%.,]+\s){{0,4}}{_TAX}\b|\bt\.?t\.?c\b"
    rf"|\b{_TAX}\W{{1,2}}(?:is |are )?(?:incl|inkl|inbegriffen|comprise|inclusa|incluido)"
    rf"|\b(?:enthalten\w*|darin|davon|dont|di cui|waarvan|varav|heraf|of which)\s(?:[\w%.,]+\s){{0,3}}{_TAX}\b"
)


def owes_the_customer(document: Document) -> bool:
    """Whether the document says that no tax is charged, whatever the rate: reverse charge, exempt, export."""
    if any(value is True and re.search("reverse|exempt", name.lower()) for name, value in document.data.items()):
        return True
    texts = (value for line in document.items for value in line.row.values() if isinstance(value, str))
    tables = (
        value for rows in document.tables.values() for row in rows[:20] for value in row.row.values() if isinstance(value, str)
    )
    return _REVERSE.search(document.said) is not None or any(_REVERSE.search(t.lower()) for t in (*texts, *tables))


_SHIFTED = re.compile(
    r"reverse.?charge|autoliquidation|steuerschuldnerschaft|inversi[oó]n del sujeto|inversione contabile|verlegd"
)
_OF_TAX = re.compile(r"(?:^|_)(?:tax|vat|gst|mwst|ust|tva|iva|btw)(?:_|$)|reverse")


def field_that_shifts_the_tax(document: Document) -> str | None:
    """The field that says, by a mark or in a note on the tax, that the customer owes it; terms of business speak of others."""
    for name, value in document.data.items():
        is_said = isinstance(value, str) and _OF_TAX.search(name.lower()) and _SHIFTED.search(value.lower())
        if is_said or (value is True and "reverse" in name.lower()):
            return name
    return None


_HOLDS_IT = re.compile(r"(?:^|_)(?:incl|included|includes|including|contained|inbegriffen|enthalten)(?:_|$)")


def has_tax_included(document: Document) -> bool:
    """Whether the document says that its prices hold the tax, by a mark of that name, by the tax's own name or in words."""
    if _HOLDS_IT.search(document.called("total_tax")):
        return True
    names = (name.lower() for name, value in document.data.items() if value is True)
    return any(re.search("tax_incl|incl.*(?:tax|vat)|gross_prices", name) for name in names) or bool(
        _INCLUDED.search(document.said)
    )
