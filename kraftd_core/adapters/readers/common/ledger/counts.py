"""What the ledger says of a page or a sheet, and the words by which a line is no row: a head, a total, a sum carried over."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from kraftd_core.adapters.readers.common.column_heads import meaning_of
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, is_total_label, role_of
from kraftd_core.adapters.readers.common.values import CURRENCY_CODE, folded
from kraftd_core.document.jsontypes import number_or_text

if TYPE_CHECKING:  # its nouns bring pydantic, which a reading child does without
    from kraftd_core.document.ledger.nouns import WhyLeftOut

_SUMS = """
    a above abschlag acompte add advance after all allowance alt alv amount amounts an and angebot anzahlung at att auf
    aufschlag auftrag aus balance base basic before bei bestellung betala betalen betrag brought brutto bruttobetrag btw by
    carried celkem central cess cgst charge charges cost das de del deposit der des devis die discount do du due endbetrag
    endsumme escompte estimated et excl excluding exclusive factura facture fizetendo for forward frais freight from genel
    geral gesamt gesamtbetrag gesamtnetto gesamtsumme grand gross gst handling hors ht i igst igv imponibile imponible importe
    importo in incl including inclusive inkl input integrated invoice iva ivu k kop kwota la le less liquido maksettava
    mehrwertsteuer mit moms montant mwst nachlass net nett netto nettobelopp nettobetrag nettosumme odenecek of off offer ohne
    on order osszesen output over page paid pay payable payment payments per plus port preis prepaid price pvm quotation
    rabatt rate rates razem received rechnung rechnungsbetrag rechnungssumme remaining remise report reporter restant reste
    retention round rounding rs rundung saldo sales satz section seite service sgst shipping skonto skupaj solde spolu state
    steuer steuerbetrag steuersatz sub subtotal sum suma summa summe sur surcharge tax taxable taxe taxes te teilsumme
    territory the to toplam totaal totais total totale totals totalt ttc tva ubertrag uhrade ukupno umsatzsteuer und union ust
    utgst valeur valor value vat versand versandkosten von wartosc wartość wert whole y yhteensa zahlbetrag zapłaty zl zu
    zuschlag zwischensumme zzgl zł
"""
_SUM_WORDS = frozenset(_SUMS.split())
_CARRIED = re.compile(
    r"\b(?:brought|carried)\b.{0,12}\b(?:forward|down|over|to)\b|^\W*(?:[bc]/[fdo]\b|ubertrag|a reporter|suma y sigue|"
    r"suma anterior|riporto|report(?:\W*$|\W+(?:de|du|page|folio)\b)|transport\W+(?:von|auf|seite|page|de la page)\b|"
    r"collection(?:\W*$|\W+(?:page|no|\d)))"
)
_NOTE = re.compile(r"^\W*(?:notes?|n\.?b|remarks?|nota|hinweise?|bemerkung(?:en)?|anmerkung(?:en)?|remarques?)\b\W")
_LONGEST_SUM = 6  # words
_PROSE = 14  # words in one text
_LONGEST_LABEL = 30  # characters


# Words


def why_by_words(texts: Sequence[str], *, is_numbered: bool) -> "WhyLeftOut | None":
    """Why a line of these texts is no row; None where its words do not say. What has a number of its own is no total."""
    worded = [text for text in texts if any(c.isalpha() for c in text)]
    if any(map(is_carried, worded)):
        return "carried_over"
    if any(map(_is_called_sum if is_numbered else is_sum, worded)):
        return "total"
    if not is_numbered and any(map(is_tax, worded)):
        return "total"
    named = {meaning.column for text in worded if (meaning := meaning_of(text))}
    if len(named) >= 3:
        return "head"
    if any(_NOTE.match(folded(text)) or len(text.split()) >= _PROSE or _is_label(text) for text in worded):
        return "note"
    return "note" if any(_CLOCK.search(folded(text)) for text in worded) else None


def is_carried(text: str) -> bool:
    """Whether the text carries a sum over to another page or to a summary."""
    return bool(_CARRIED.search(folded(text)))


_TAXES = "mwst ust vat tax gst cgst sgst igst tva iva btw igv umsatzsteuer mehrwertsteuer"
_TAX_WORDS = frozenset(_TAXES.split())
_DAYS = (r"(?:mo|mon|monday|montag|lundi)", r"(?:fr|fri|friday|freitag|vendredi|do|thu|sa|sat)")
_CLOCK = re.compile(rf"\b(?:uhr|o'clock)\b|\b{_DAYS[0]}\b\W{{1,4}}\b{_DAYS[1]}\b")


def is_tax(text: str) -> bool:
    """Whether the text is a short one that begins with a tax, or gives its rate: "TVA collectée", "19% UST (S)"."""
    words = re.findall(r"[^\W\d_]{2,}", folded(text))
    return 0 < len(words) <= 4 and bool(_TAX_WORDS & set(words)) and (words[0] in _TAX_WORDS or "%" in text)


def _is_label(text: str) -> bool:
    return text.endswith(":") and len(text) <= _LONGEST_LABEL


@lru_cache(8_192)
def is_sum(text: str) -> bool:
    """Whether the text calls a sum or a tax by nothing but such words, rates and currencies aside ("VAT 20% on EUR")."""
    return _is_called_sum(text) or role_of(text) in AMOUNT_ROLES or (is_total_label(text) and len(text.split()) <= _LONGEST_SUM)


def _is_called_sum(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", folded(CURRENCY_CODE.sub(" ", text)))
    return 0 < len(words) <= 10 and any(len(word) > 1 for word in words) and all(word in _SUM_WORDS for word in words)


# Numbers of items

_NUMBERED = re.compile(r"(?:\d{1,4}(?:[.\-/]\d{1,4}){0,5}|[A-Z]{1,2}\.?\d{1,4}(?:\.\d{1,4}){0,3})[.)]?")


def item_number(text: str) -> str | None:
    """The number of an item that the text is: "1", "1.10", "A.3"."""
    return text.rstrip(".)") if _NUMBERED.fullmatch(text) else None


_STEPS = (1, 10)  # items are numbered by ones, or by tens
_LONGEST_GAP = 500
_FEWEST_STEPS = 3


def gaps_in(numbers: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """The numbers that are left out between rows that follow each other, each with the place of the row after it.

    Only in a numbering that is regular otherwise: most steps are of one length.
    """
    parts = [_parts_of(number) for number in numbers]
    steps = [(n, a, b) for n, (a, b) in enumerate(pairwise(parts), 1) if a and b and a[0] == b[0] and b[1] > a[1]]
    lengths = Counter(b[1] - a[1] for _, a, b in steps)
    usual, times = lengths.most_common(1)[0] if lengths else (0, 0)
    if usual not in _STEPS or times < _FEWEST_STEPS or 2 * times <= len(steps):
        return
    present = set(filter(None, parts))
    for n, (prefix, low), (_, high) in steps:
        if usual < high - low <= _LONGEST_GAP * usual:
            yield from (
                (n, f"{prefix}{missing}") for missing in range(low + usual, high, usual) if (prefix, missing) not in present
            )


def _parts_of(number: Any) -> tuple[str, int] | None:
    """What leads a number, and its last part: "1.10" is "1." and 10."""
    text = str(number).strip().rstrip(".)") if number is not None else ""
    found = re.fullmatch(r"((?:[\w]{1,6}[.\-/])*)(\d{1,6})", text)
    return (found[1], int(found[2])) if found else None


# Sums

_CENT = Decimal("0.01")


def amounts_of(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    """What the amounts of the rows add up to."""
    cells = (row.get("amount") for row in rows)
    return sum((Decimal(str(cell)) for cell in cells if is_figure(cell)), Decimal(0))


def sums_of_parts(rows: Iterable[Mapping[str, Any]], pages: Sequence[int | None] = ()) -> set[Decimal]:
    """What the amounts of each section, of the sections within it and of each page add up to, as summaries repeat them."""
    sums: Counter[tuple[str, Any]] = Counter()
    for row, page in zip_longest(rows, pages):
        if row and is_figure(row.get("amount")):
            amount, steps = Decimal(str(row["amount"])), str(row.get("section") or "").split(" > ")
            parts = [("section", " > ".join(steps[: n + 1])) for n in range(len(steps))]
            for part in (*parts, ("page", page)):
                sums[part] += amount  # type: ignore[assignment]
    return {Decimal(value) for value in sums.values() if value}


def is_figure(value: Any) -> bool:
    """Whether the value is a number."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def sum_of(taken: Decimal, printed: Sequence[Decimal], *, is_taxed: bool) -> dict[str, Any] | None:
    """The sum of the amounts beside the printed total that it is, else beside the largest; None without either.

    Where a tax is printed, a total that is another says nothing of the lines.
    """
    if not taken or not printed:
        return None
    nearest = min(printed, key=lambda figure: (abs(figure - taken) > _CENT, -abs(figure)))
    if is_taxed and abs(nearest - taken) > _CENT:
        return None
    return {"column": "amount", "taken": number_or_text(taken), "printed": number_or_text(nearest)}
