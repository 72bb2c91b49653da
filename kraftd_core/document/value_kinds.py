"""The one judge of what a field or a column holds: money, a quantity, a share, a day, an identifier, or nothing known."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Any


class ValueKind(StrEnum):
    """What values of one name are; `PLAIN` is what nobody can be sure of, and stays as it was recorded."""

    MONEY = "money"
    QUANTITY = "quantity"
    PERCENT = "percent"
    DATE = "date"
    CODE = "code"
    TEXT = "text"
    PLAIN = "plain"


def judged(name: str, values: Iterable[Any]) -> ValueKind:
    """What the values of a field or of a column are, by the words of its name and by the values themselves.

    A name that may mean an amount or a rate ("tax", "discount") means amounts only where a value is too large for a rate. An
    identifier is never a day, whatever it looks like; under other names values are days where all of them are.
    """
    told, is_sure = _told(name)
    if not is_sure:
        return told if any(_is_figure(value) and abs(value) > _LARGEST_RATE for value in values) else ValueKind.PLAIN
    is_open = told not in (ValueKind.CODE, ValueKind.TEXT)
    return ValueKind.DATE if is_open and _are_days(values) else told


def may_be_money(name: str) -> bool:
    """Whether values of this name are amounts, or may be: what is kept from those who are to see no amounts."""
    return _told(name)[0] is ValueKind.MONEY


def is_price(name: str) -> bool:
    """Whether the name says what one piece costs: such an amount may have more decimals than its currency."""
    return any(word in _PRICES or word.endswith(_PRICE_ENDINGS) for word in words_of(name))


def currency_named(name: str) -> str | None:
    """The currency that the name itself speaks of: "amount_usd" is in dollars, whatever the document's currency is."""
    words = words_of(name)
    found = [word for word in words if word in _USUAL_CURRENCIES] or [word for word in words[-1:] if word in _CURRENCIES]
    return _CURRENCIES[found[0]] if found else None


def as_day(text: Any) -> date | None:
    """The day that an ISO date names; None for anything else."""
    if not isinstance(text, str) or len(text) != 10 or not _ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents: "unitPrice", "Unit price" and "unit_price" are the same."""
    spelled = unicodedata.normalize("NFC", name)
    for sign, word in _SIGNS.items():
        spelled = spelled.replace(sign, word)
    plain = unicodedata.normalize("NFKD", _HUMP.sub(" ", spelled).casefold())
    return tuple(re.findall(r"[^\W\d_]+", "".join(c for c in plain if not unicodedata.combining(c))))


# By the values


_LARGEST_RATE = 100  # percent
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGNS = {"MwSt": "Mwst", "№": " no ", "°": "o ", "%": " percent ", "/": " per "}
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _are_days(values: Iterable[Any]) -> bool:
    found = False
    for value in values:
        if value is None or value == "":
            continue
        if as_day(value) is None:
            return False
        found = True
    return found


# By the words of the name: English, German, French and Spanish; compounds of German are known by their last part


@lru_cache(maxsize=4096)
def _told(name: str) -> tuple[ValueKind, bool]:
    """What a name says that its values are, and whether it is sure of it."""
    words = words_of(name)
    if any(words[at : at + 2] in _COUNTED for at in range(len(words))):
        return ValueKind.QUANTITY, True
    head = next((words[:at] for at, word in enumerate(words) if at and word in _BEHIND), words)
    if not _CENTRES.isdisjoint(head):
        return ValueKind.CODE, True
    strong = [kind for at, word in enumerate(head) if (kind := _noun(word, head[:at]))]
    if strong:
        return strong[-1], True
    modifying = [kind for word in head if (kind := _modifier(word))]
    if modifying:
        return next((kind for kind in reversed(modifying) if kind is not ValueKind.DATE), ValueKind.DATE), True
    is_doubtful = any(word in _MONEY_OR_RATE or word.endswith(_ENDINGS_OF_BOTH) for word in head)
    return (ValueKind.MONEY, False) if is_doubtful else (ValueKind.PLAIN, True)


def _noun(word: str, before: tuple[str, ...]) -> ValueKind | None:
    """What a word says that decides: the last such word of a name is what the name is about."""
    if word in _RATES:
        return _rate(before)
    if word in _WORTH:
        return None if _OF_WORTH.isdisjoint(before) else ValueKind.MONEY
    if word == "charge":  # alone, it is a batch in German
        return ValueKind.MONEY if before else None
    if word in _MODIFIERS or word in _MONEY_OR_RATE:
        return None
    return _NOUNS.get(word) or next((kind for endings, kind in _ENDINGS if word.endswith(endings)), None)


def _rate(before: tuple[str, ...]) -> ValueKind | None:
    """A rate is a share of something, or what an hour costs; alone, or of exchange, it is neither for sure."""
    if not _TIMES.isdisjoint(before):
        return ValueKind.MONEY
    return ValueKind.PERCENT if not (_MONEY_OR_RATE | {"interest", "taxe"}).isdisjoint(before) else None


def _modifier(word: str) -> ValueKind | None:
    """What a word says that decides only where no noun does: a "net weight" is a weight, a "net" an amount."""
    return _MODIFIERS.get(word)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEHIND = _set("per pro par por je each of de du des del d di della von vom for fur pour para from zu zum")
"""What follows these words says of what something is, not what it is: a "price per kg" is a price."""

_COUNTED = {("number", "of"), ("no", "of"), ("nr", "of"), ("num", "of"), ("nombre", "de"), ("nombre", "d"), ("total", "number")}
_CENTRES = _set("centre center centro kostenstelle")  # of costs, mostly
_RATES, _TIMES = _set("rate rates"), _set("hourly daily weekly monthly hour day week month unit labour labor")
_WORTH = _set("value values wert valeur valor")
_OF_WORTH = _set(
    "contract order invoice goods net gross total customs insured insurance declared market book residual taxable stock"
    " tax vat gst icms ipi iss igst cgst sgst commande contrat facture contrato factura pedido"
)
_PRICES = _set("price prices preis preise prix precio precios prezzo prijs rate rates")
_PRICE_ENDINGS = ("preis", "preise", "price")

_MONEY_OR_RATE = _set(
    "tip tips gratuity tax taxes vat gst discount discounts rebate surcharge allowance steuer steuern mwst ust rabatt skonto"
    " nachlass zuschlag tva taxe taxes remise rabais escompte iva impuesto impuestos descuento descuentos"
    " hst pst qst igst cgst sgst utgst cess ipi icms iss pis cofins ppn mva moms btw kdv igv tds taxable withholding withheld"
    " contingency contingencies surcharges"
)
_ENDINGS_OF_BOTH = ("rabatt", "steuer", "zuschlag", "nachlass")

_MODIFIERS = {
    **dict.fromkeys(_set(
        "total totals gross net netto brutto gesamt shipping freight postage charges porto fracht versand ht ttc neto bruto"
        " totale"
    ), ValueKind.MONEY),
    **dict.fromkeys(_set("due valid effective issued expires expiry"), ValueKind.DATE),
    **dict.fromkeys(_set(
        "account accounts compte year jahr annee ano position pos line item article artikel ligne linea section"
    ), ValueKind.CODE),
}  # fmt: skip

_NOUNS = {
    **dict.fromkeys(_set(
        "id ids identifier identification number numbers no nos nr nrs num numero numeros nummer nummern code codes codigo"
        " key phone telephone telefon telefono tel fax mobile movil handy mobil postcode zip zipcode plz postal postleitzahl"
        " gtin gtins ean upc isbn sku mpn asin iban bic swift blz ref refs reference references referenz referencia serial lot"
        " batch siren siret duns lei nif cif nie uid ustid ustidnr uuid guid matricule cuenta konto kostentrager version"
        " revision barcode passport licence license"
        " object intracommunautaire"
    ), ValueKind.CODE),
    **dict.fromkeys(_set(
        "amount amounts price prices cost costs fee fees sum sums balance subtotal subtotals payable budget turnover revenue"
        " deposit prepayment betrag betrage preis preise kosten gebuhr gebuhren summe saldo entgelt honorar umsatz anzahlung"
        " guthaben prix montant montants cout couts frais somme solde acompte honoraires precio precios importe importes monto"
        " montos coste costes costo costos gastos suma anticipo imponible prezzo importo bedrag prijs"
        " payment payments rent salary wage wages miete loyer salaire"
    ), ValueKind.MONEY),
    **dict.fromkeys(_set("percent percentage pct prozent pourcentage porcentaje taux tasa satz"), ValueKind.PERCENT),
    **dict.fromkeys(_set(
        "quantity quantities qty count weight weights volume length width height depth area distance duration days day hours"
        " hour minutes weeks week months month years nights pages items units pieces pcs lines rows packages parcels pallets"
        " boxes cartons kg mg lb lbs oz km cm mm kwh kw persons people menge mengen anzahl stuck gewicht tage tag stunden"
        " monate wochen jahre seiten lange breite hohe flache dauer zahlungsziel skontotage zahlungstage liefertage"
        " arbeitstage werktage quantite nombre poids jours jour heures mois semaines longueur largeur hauteur surface duree"
        " qte nb cant cantidad peso dias dia horas meses semanas piezas unidades longitud anchura altura superficie duracion"
    ), ValueKind.QUANTITY),
    **dict.fromkeys(_set(
        "date dates datum deadline until fecha fechas vencimiento echeance termin stichtag birthday"
    ), ValueKind.DATE),
    **dict.fromkeys(_set(
        "unit uom currency name names description note notes comment comments remark remarks term terms method type types"
        " reason status group list category basis address words text title incoterms einheit wahrung bezeichnung beschreibung"
        " bemerkung art gruppe liste worten bedingungen adresse anschrift unite devise nom designation libelle remarque"
        " conditions lettres unidad moneda descripcion nota direccion letras condiciones tipo office exempt"
    ), ValueKind.TEXT),
    **dict.fromkeys(_set("margin markup interest retention"), ValueKind.PLAIN),
}  # fmt: skip
_ENDINGS: tuple[tuple[tuple[str, ...], ValueKind], ...] = (
    (("nummer", "nummern", "nr", "stelle", "konto", "code", "codes", "kennung", "zeichen", "schlussel", "number", "leitzahl"),
     ValueKind.CODE),
    (("betrag", "betrage", "preis", "preise", "summe", "kosten", "gebuhr", "gebuhren", "entgelt", "saldo", "umsatz", "lohn",
      "stundensatz", "tagessatz", "warenwert", "auftragswert", "vertragswert", "bestellwert", "rechnungswert", "gesamtwert",
      "nettowert", "price", "amount"), ValueKind.MONEY),
    (("menge", "gewicht", "anzahl", "stunden", "zahl", "dauer", "weight", "quantity"), ValueKind.QUANTITY),
    (("datum", "termin"), ValueKind.DATE),
    (("satz", "quote", "prozent"), ValueKind.PERCENT),
)  # fmt: skip

_USUAL_CURRENCIES = _set("eur usd gbp chf")
_CURRENCIES = {code.lower(): code for code in (
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "RON", "BGN", "AUD", "CAD", "NZD",
    "SGD", "HKD", "KRW", "BRL", "MXN", "ZAR", "AED", "SAR", "KWD", "BHD", "OMR", "JOD", "TND", "ILS", "UAH", "THB", "IDR", "MYR",
    "VND", "CLP",
)} | {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "yen": "JPY", "franken": "CHF"}  # fmt: skip
