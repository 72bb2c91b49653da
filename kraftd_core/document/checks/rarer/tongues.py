"""Names of fields and columns in other languages than English: what a `montant_ttc`, an `imponibile` or a `Menge` is called here.

A name is taken only if all its words are known: `total_general` is a total, `total_palettes` is none.
"""

import re
from functools import lru_cache

from kraftd_core.document.folding import fold
from kraftd_core.document.kinds import KINDS, DocumentKind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILL = _words("""
    de du des di da do del della dello la le el il der die das den van het een et e y und en d l i a com con avec
    mit
""")
_NAMES = _words("nom nombre nome naam namn razon social ragione sociale raison firma firmenname")
_NUMBER = _words("numero num no nr n nummer number numara numarasi nro folio numer cislo szam szama numarul nummeret")
_DATE = _words("date data fecha datum dato tarih tarihi dzien kelte paivays paivamaara")
_OF_ISSUE = _words("""
    emission emissao emision emissione ausstellung expedicion edition redaction duzenleme wystawienia sprzedazy
    vystaveni kiallitas emiterii utstedelse
""")
_DUE = _words("""
    echeance vencimiento vencimento scadenza falligkeit faelligkeit fallig faellig falligkeitsdatum
    faelligkeitsdatum zahlbar vervaldatum forfallodatum forfallsdato forfaldsdato limite zahlungsziel termin
    platnosci splatnost splatnosti hatarido esedekesseg scadent erapaiva forfallo
""")
_OF_KIND = {
    "invoice": _words("faktura szamla factura lasku facture fattura fatura rechnung rechnungs factuur faktury nota fiscal"),
    "quotation": _words("""
        oferta nabidka ajanlat tilbud offert tarjous devis angebot angebots offerta offerte presupuesto preventivo
        orcamento cotizacion cotacao
    """),
    "purchase_order": _words("""
        zamowienie zamowienia objednavka rendeles tilaus ordre commande bestellung bestell pedido ordine encomenda
        bestelling orden compra acquisto auftrag auftrags
    """),
    "rfq": _words("anfrage demande richiesta solicitud pedido cotacao cotizacion"),
    "boq": _words("leistungsverzeichnis lv metre computo mediciones"),
    "contract": _words("""
        umowa umowy smlouva szerzodes sopimus avtal contrat contrato contratto vertrag vertrags overeenkomst kontrakt
    """),
    "receipt": _words("""
        paragon uctenka nyugta kuitti kvittering recu ticket quittung beleg kassenbon recibo scontrino ricevuta kvitto
        bon
    """),
}
_SUPPLIER = _words("""
    fournisseur vendeur emetteur prestataire lieferant verkaufer verkaeufer anbieter auftragnehmer rechnungssteller
    proveedor emisor vendedor fornitore cedente venditore fornecedor emitente prestador leverancier verkoper
    leverantor leverandor saljare satici dostawca sprzedawca dodavatel szallito elado furnizor vanzator myyja
    toimittaja selger saelger
""")
_CUSTOMER = _words("""
    client acheteur destinataire kunde kaufer kaeufer besteller auftraggeber cliente comprador receptor destinatario
    committente cessionario acquirente klant afnemer koper kund kunden alici musteri nabywca tomador adquirente
    odberatel vevo cumparator ostaja asiakas kjoper kober klient
""")
_CURRENCY = _words("devise monnaie moneda divisa valuta moeda wahrung waehrung munt doviz waluta mena penznem deviza")
_SUM = _words("""
    total totale totaal totalt gesamt gesamtbetrag gesamtsumme summe endbetrag rechnungsbetrag endsumme montant
    importe importo valor betrag bedrag somme suma kwota razem toplam bruttobetrag bruttosumme monto totalbelopp
    belopp celkem osszesen vegosszeg yhteensa sammanlagt kwoty naleznosc
""")
_GROSS = _words("""
    ttc brutto bruto incl inkl inclus inclusief general generale geral lordo documento iva tva mwst ust btw moms
""")
_NET = _words("""
    ht netto neto net liquido imponible imponibile base hors taxe taxes zwischensumme subtotale subtotaal
    nettobetrag nettosumme warenwert imposable sous excl exkl afecta gravada gravado
""")
_SURELY_NET = _words("""
    ht imponible imponibile hors zwischensumme subtotale subtotaal nettobetrag nettosumme warenwert imposable sous
    excl exkl gravado
""")
_TAX = _words("""
    tva iva mwst ust umsatzsteuer mehrwertsteuer btw moms mva kdv vat igic imposta steuer steuerbetrag mwstbetrag
    taxe taxes dph afa alv podatek
""")
_OF_TAX = _words("cuota cuotas montant importe importo betrag bedrag valor total totale belopp imposta summe steuer")
_TO_PAY = _words("""
    payer pagare pagar zahlen zahlbetrag zahlender betalen betala betale restbetrag offener offen reste solde saldo
    percibir recibir receber odenecek zaplaty zahlbar dovuto zaplata fizetendo plata maksettava uhrade k zaplacenia att
""")
_RATE = _words("""
    taux porcentaje percentuale aliquota tasa tipo satz steuersatz mwstsatz prozent prozentsatz tarief sats orani
    percentagem
""")

_COLUMNS = {
    "description": _words("""
        designation libelle descripcion concepto descrizione descricao bezeichnung beschreibung omschrijving artikel
    """),
    "quantity": _words("quantite qte cantidad cant quantita qta quantidade qtd menge anzahl aantal antal miktar ilosc"),
    "unit": _words("unite unidad unita unidade einheit eenheid enhet birim jednostka mengeneinheit"),
    "unit_price": _words("""
        prix pu precio prezzo preco einzelpreis stuckpreis stueckpreis preis prijs eenheidsprijs stukprijs pris
        enhetspris fiyat
    """),
    "amount": _words("""
        montant importe importo betrag bedrag gesamtpreis gesamt total totale totaal summe belopp valor tutar ht netto
        neto net
    """),
}
_OF_PRICE = _words("unitaire unitario unit unitaria ht netto neto valor par pro")
_COMPOUNDS = re.compile(
    r"(rechnungs|angebots|bestell|auftrags|vertrags|beleg|factuur|offerte|faktura|contract|faktur)(nummer|nr|datum|dato|nr)$"
)


def _parts(name: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", fold(re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", "_", name)))
    return [part for word in words for part in _apart(word)]


def _apart(word: str) -> tuple[str, ...]:
    match = _COMPOUNDS.fullmatch(word)
    return match.groups() if match else (word,)


@lru_cache(2048)
def usual_field(name: str, kind_name: str) -> str | None:
    """What a field of this name is usually called in a document of the kind; None where its words do not tell."""
    kind, words = KINDS[kind_name], frozenset(_parts(name)) - _FILL
    own = _OF_KIND.get(kind_name, frozenset())
    if not words:
        return None
    return _who_and_when(words, own, kind) or _how_much(words, own, kind)


def _who_and_when(words: frozenset[str], own: frozenset[str], kind: DocumentKind) -> str | None:
    for usual, known in (("vendor_name", _SUPPLIER), ("customer_name", _CUSTOMER)):
        if words & known and words <= known | _NAMES:
            return usual
    if words <= _CURRENCY:
        return "currency"
    if words & _DUE and words <= _DUE | _DATE | own:
        return kind.due
    if words & _DATE and words <= _DATE | own | _OF_ISSUE:
        return kind.date
    return kind.number if words & _NUMBER and words <= _NUMBER | own else None


def _how_much(words: frozenset[str], own: frozenset[str], kind: DocumentKind) -> str | None:
    total = kind.total or "total"
    if words & _TO_PAY and words <= _TO_PAY | _SUM | _NET | own:
        return "balance_due"
    if words & _TAX and not words & (_GROSS - _TAX) and words <= _TAX | _OF_TAX and (words & _OF_TAX or len(words) == 1):
        return "total_tax"
    if words & _SURELY_NET and words <= _NET | _SUM:
        return "subtotal"
    if words & _SUM and words <= _SUM | _GROSS | own:
        return total
    return "subtotal" if words & _SUM and words <= _SUM | _NET | own else None


@lru_cache(1024)
def usual_column(name: str) -> str | None:
    """What a column of this name is usually called; None where its words do not tell."""
    words = frozenset(_parts(name)) - _FILL
    if not words:
        return None
    if words & _RATE and words <= _RATE | _TAX:
        return "tax_rate"
    if words & _TAX and words <= _TAX | _OF_TAX:
        return "tax_amount"
    if (words & (_COLUMNS["unit_price"] | _COLUMNS["amount"])) and words & {"unitaire", "unitario", "unitaria"}:
        return "unit_price"
    beside = {"unit_price": _OF_PRICE}
    return next((u for u, known in _COLUMNS.items() if words & known and words <= known | beside.get(u, frozenset())), None)


_ALSO_SUMS = _words("""
    amount sum balance due payable net gross subtotal owing outstanding amounts totals
""")


@lru_cache(2048)
def is_called_a_sum(name: str) -> bool:
    """Whether the name is one of a sum of money, in whatever language, beside words that may say anything.

    What is called net or gross and nothing else may be a weight.
    """
    words = frozenset(_parts(name))
    return bool(words & (_SUM | _TO_PAY | _SURELY_NET | _ALSO_SUMS)) and not words <= {"net", "gross", "netto", "brutto"}
