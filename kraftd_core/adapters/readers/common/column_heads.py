"""What the heads of columns mean, by their words: "Total Qty", "Rate Rs", "Einzelpreis / EUR netto", "Menge/Einheit"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kraftd_core.adapters.readers.common.labels import column_of, key_of
from kraftd_core.adapters.readers.common.values import folded

_LONGEST = 8  # words; what is longer is a sentence

_WORDS = {
    "quantity": """
        qty qtys quantity quantities qnty qtty quant menge mengen anzahl quantite quantites qte cantidad cant medicion metrado
        quantita aantal hoeveelheid stuckzahl nos
    """,
    "price": """
        rate rates price prices cost costs preis einzelpreis einheitspreis stuckpreis ep prix precio prezzo prijs tarif tarifa pu
    """,
    "amount": """
        amount amounts amt fee fees betrag gesamtpreis gesamtbetrag gp montant importe importo bedrag value valor valeur wert
    """,
    "whole": "total totals gesamt totale totaal summe suma sum",
    "each": "unit unitaire unitario unitaria unite per pro je each single",
    "unit": "unit units uom einheit mengeneinheit unite unites unidad unidades unita eenheid me eh ud um u",
    "text": """
        description descriptions desc designation bezeichnung beschreibung particulars descripcion concepto descrizione libelle
        omschrijving kurztext langtext leistung leistungsbeschreibung artikelbezeichnung artikelbeschreibung positionstext
        intitule denominacion denominazione details resumen deliverable deliverables
    """,
    "count": "sr sl srl serial sno pos position oz ordnungszahl",
    "section": "section sections category wbs chapter trade gewerk kapitel chapitre capitulo capitolo titel hauptgruppe",
    "tax": "gst vat cgst sgst igst tax taxes mwst ust tva iva btw igv",
    "aside": """
        rs inr usd eur gbp omr aed sar qar kwd bhd sgd thb chf cad aud myr cny pkr bdt lkr zar
        in of the and for as be to by excl exc
        excluding incl inc including ex without w o netto net nett brut brutto gross ht ttc hors hs taxe ohne mit en
        du des de la le el y und et work works estimated estimate approx approximate tender boq item items product service
        services
        goods material materials all no nr n
    """,
}
_MEANS: dict[str, set[str]] = {}
for _meaning, _listed in _WORDS.items():
    for _word in _listed.split():
        _MEANS.setdefault(_word, set()).add(_meaning)

# Scripts that part no words: the head as a whole, as labels are compared.
_WHOLE = {
    key_of(text): column
    for column, texts in {
        "position": "ลำดับ|ลำดับที่|م|الرقم|序号",
        "description": "รายการ|รายละเอียด|البيان|الوصف|وصف الأعمال|项目名称|名称",
        "unit": "หน่วย|الوحدة|单位",
        "quantity": "จำนวน|ปริมาณ|ปริมาณงาน|الكمية|数量",
        "unit_price": "ราคาต่อหน่วย|ราคาหน่วยละ|หน่วยละ|سعر الوحدة|الفئة|单价",
        "amount": "จำนวนเงิน|รวมเงิน|ราคารวม|รวมเป็นเงิน|الإجمالي|المبلغ|金额|合价",
    }.items()
    for text in texts.split("|")
}
# Prices that depend on how many are bought: "1-9", "10 to 49", "50+", "ab 100 Stk."
_PRICE_BREAK = re.compile(
    r"(?:(?:qty|quantity|menge|qte)\W*)?(?:\d{1,6}\s?(?:[-–]|to|bis|a)\s?\d{1,6}|\d{1,6}\s?\+|"
    r"(?:over|above|from|up to|ab|uber|bis|a partir de|desde|>=?|≥)\s?\d{1,6})(?:\s?(?:pcs?|units?|stk|stuck|each|ea)\.?)?"
)
_NO_PRICE = frozenset(["exchange", "interest", "discount", "growth", "conversion", "success", "pass", "response", "hit"])


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column that a head means; `is_plain` unless it says more than that ("Supply rate", a bare "Total")."""

    column: str
    is_plain: bool = True


@lru_cache(4_096)
def meaning_of(heading: str) -> Meaning | None:
    """The column that the head means: as our lists have it, else by its words; None for a head of other things."""
    if _PRICE_BREAK.fullmatch(folded(heading)):
        return Meaning("unit_price", is_plain=False)
    if found := column_of(heading) or _WHOLE.get(key_of(heading)):
        return Meaning(found, not _is_bare_total(heading))
    words = re.findall(r"[^\W\d_]+", folded(re.sub(r"[(\[].*?[)\]]", " ", heading))) or re.findall(r"[^\W\d_]+", folded(heading))
    words = _mended(words)
    if not words or len(words) > _LONGEST:
        return None
    meant = set().union(*(_MEANS.get(word, set()) for word in words))
    foreign = [word for word in words if word not in _MEANS]
    return _by_words(meant, words, foreign)


def _mended(words: Sequence[str]) -> list[str]:
    """The words with those joined that a narrow cell cut: "Rat e", "Quanti ty"."""
    mended: list[str] = []
    for word in words:
        if mended and mended[-1] + word in _MEANS and not (mended[-1] in _MEANS and word in _MEANS):
            mended[-1] += word
        else:
            mended.append(word)
    return mended


def _by_words(meant: set[str], words: Sequence[str], foreign: Sequence[str]) -> Meaning | None:
    if "quantity" in meant and "price" not in meant and "amount" not in meant and len(foreign) <= 3:
        return Meaning("quantity", not foreign)
    if _NO_PRICE & set(words) or len(foreign) > 2:
        return Meaning("description", not foreign) if "text" in meant and len(foreign) <= 4 else None
    if "price" in meant and "tax" in meant and "rate" in words and not meant & {"each", "whole", "amount", "aside"}:
        return Meaning("tax_rate", not foreign)
    if "price" in meant:
        is_sum = bool(meant & {"whole", "amount"}) and "each" not in meant
        return Meaning("amount" if is_sum else "unit_price", not foreign)
    if "amount" in meant:
        return Meaning("unit_price" if "each" in meant else "tax_amount" if "tax" in meant and "whole" not in meant else "amount",
                       not foreign)
    if "text" in meant:
        return Meaning("description", not foreign)
    return _by_fewer_words(meant, foreign)


def _by_fewer_words(meant: set[str], foreign: Sequence[str]) -> Meaning | None:
    """Words that say little beside others: a unit, a number, a section, a total."""
    for word, column in (("section", "section"), ("unit", "unit"), ("count", "position"), ("whole", "amount")):
        if word in meant and len(foreign) <= (1 if word == "section" else 0):
            return Meaning(column, word != "whole")
    return None


def _is_bare_total(heading: str) -> bool:
    """A total of what, the head does not say: of money, or of quantities."""
    words = re.findall(r"[^\W\d_]+", folded(heading))
    return bool(words) and all("whole" in _MEANS.get(word, ()) for word in words)


# Units, as price lists and bills write them

_UNIT_WORDS = """
    m|m1|m2|m3|m²|m³|lm|rm|rmt|r.m|mtr|mtrs|meter|metre|metres|running meter|sqm|sq.m|sq mtr|sq.mtr|sqmt|sft|sqft|sq.ft|sq ft|
    cum|cu.m|cft|cu ft|ft|rft|in|mm|cm|km|ha|acre|yd|lf|sf|sy|cy|kg|kgs|g|t|ton|tons|tonne|tonnes|mt|qtl|quintal|lb|lbs|l|ltr|
    litre|liter|no|nos|no.|each|ea|pc|pcs|piece|pieces|unit|units|set|sets|pair|pr|lot|lots|job|item|items|ls|l.s|lump sum|
    lumpsum|sum|ps|prov sum|box|boxes|pkt|pack|packet|bag|bags|roll|rolls|bundle|drum|can|bottle|coil|length|point|points|pt|
    hr|hrs|hour|hours|day|days|week|weeks|month|months|year|trip|manday|man day|visit|
    stk|stck|st|stuck|psch|pauschal|std|stunde|stunden|tag|tage|lfm|lfdm|qm|cbm|paar|satz|mon|wo|psl|
    u|ens|ensemble|forfait|ml|m.l|pce|jour|heure|h|j|kit|mois|unite|
    ud|uds|u.|pza|pieza|pa|p.a|partida|glb|global|gl|jgo|mes|dia|und|un|corpo|cad|stuks|vrd|
    m.|ม|ตรม|ตร.ม.|ลบม|ลบ.ม.|ชุด|อัน|กก|กก.|เหมา|ท่อน|ตัว|เมตร|จุด|ต้น|แห่ง|عدد|م2|م3|م.ط|مقطوعية
"""
_UNITS = frozenset(map(key_of, _UNIT_WORDS.split("|")))
_COUNTED_UNIT = re.compile(r"^(?:one|per|\d+)\s+")


@lru_cache(4_096)
def is_unit(text: str) -> bool:
    """Whether the text is a unit of measure ("Sqm.", "1 Cum", "m²")."""
    if len(text) > 20:
        return False
    bare = _COUNTED_UNIT.sub("", folded(text.strip()))
    return key_of(bare) in _UNITS or key_of(bare).removesuffix("s") in _UNITS


_RATE_ONLY_WORDS = """
    ro|r/o|r0|rate only|rates only|qro|pm|p.m.|pour memoire|pour info|included|incl|inclusive|inkl|inbegriffen|inclus|incluido|
    compris|by others|not quoted|not applicable|n/a|na|nil|tbd|tbc|eventual|bedarf|nep|option|optional|excluded|excl
"""
_RATE_ONLY = frozenset(map(key_of, _RATE_ONLY_WORDS.split("|")))


def is_remark(text: str) -> bool:
    """Whether a text in a column of figures says why there is none: rate only, for memory, included."""
    return key_of(text) in _RATE_ONLY
