"""Whether an invoice gives back: a credit note is a kind of invoice, told by its title, its type or the sign of its total."""

import re

from kraftd_core.document.folding import fold
from kraftd_core.document.jsontypes import Data

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
