"""Which part of a document a user means: sections, fields, tables and columns found by name, label, synonym and role."""

import re
from collections.abc import Callable, Iterator

from kraftd_core.delivery.locales import translated
from kraftd_core.delivery.plan import every_part
from kraftd_core.delivery.templates import Section
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import DocumentKind, kind_of
from kraftd_core.document.value_kinds import may_be_money
from kraftd_core.document.wording import label_of
from kraftd_core.records.plan import Target

Key = tuple[str, ...]

_SMALL_WORDS = frozenset({
    "the", "a", "an", "all", "any", "every", "both", "each", "of", "our", "my", "their", "its", "his", "her", "this", "that",
    "these", "those", "der", "die", "das", "den", "dem", "alle", "le", "la", "les", "l", "des", "du", "tous", "toutes",
})  # fmt: skip
_GENERIC = frozenset({
    "number", "no", "nr", "field", "column", "value", "info", "information", "detail", "data", "line", "text", "section", "row",
    "part",
})  # fmt: skip
_MANY = re.compile(r"^(?:all|any|every|both|alle|tous|toutes)\b|(?:s|summen|x)$", re.IGNORECASE)
_IN_TABLE = re.compile(r"^(?P<what>.+?)\s+(?:of|in|from|on)\s+(?:the\s+|each\s+|every\s+)?(?P<table>[\w ]+)$", re.IGNORECASE)

_SECTIONS = {
    Section.EXECUTIVE_SUMMARY: "summary; executive summary; zusammenfassung; résumé",
    Section.KEY_FINDINGS: "key finding; finding; ergebnisse; constats",
    Section.RECOMMENDATIONS: "recommendation; advice; suggestion; empfehlungen; recommandations",
    Section.RISK_FACTORS: "risk; risk factor; warning; risiken; risques",
    Section.ACTION_ITEMS: "action; action item; to do; todo; next step; task; maßnahmen",
    Section.KEY_FIGURES: "key figure; kennzahlen; chiffres clés",
    Section.FIELDS: "field; detail; header data; angaben",
    Section.TABLES: "table; tabellen; tableaux",
    Section.CHANGES: "change; changes made in the review; edit; correction; änderungen; modifications",
    Section.CHECKS: "check; finding of the check; prüfungen; contrôles",
    Section.PROVENANCE: "provenance; origin; audit trail; audit; herkunft",
}
_LINES = "line; item; line item; row; position; positionen; zeilen; lignes; product"
_SYNONYMS = {
    "vendor_name": "supplier; vendor; seller; supplier name; vendor name; lieferant; fournisseur; verkäufer",
    "customer_name": "customer; buyer; client; customer name; kunde; käufer",
    "total_tax": "tax; vat; sales tax; mehrwertsteuer; mwst; tva; steuer; taxe",
    "subtotal": "subtotal; sub total; net; net amount; netto; zwischensumme",
    "description": "description; beschreibung; bezeichnung; désignation",
    "quantity": "quantity; qty; menge; anzahl; quantité; count",
    "unit_price": "unit price; price per unit; einzelpreis; prix unitaire",
    "amount": "amount; line total; line amount; betrag; montant",
    "iban": "iban; account number",
}
_TOTALS = "total; sum; summe; summen; totaux; gesamtsumme; grand total; total amount; gesamtbetrag"
_BANK = "bank; bank detail; bank data; bank account; bank information; banking; payment detail; bankverbindung; bankdaten; " \
        "coordonnées bancaires"  # fmt: skip
_BANK_WORDS = frozenset({"iban", "bic", "swift", "bank", "account"})
_DATES = "date; datum; datumsangaben"
_DUE = "due; due date; deadline; payment date; fälligkeit; échéance"
_NUMBERS = "number; document number; reference number; nummer; numéro"
_MONEY = "amount; money; money value; beträge; montants; price; preise; prix"


def key_of(phrase: str) -> Key:
    """The words that count in a phrase: lower case, singular, without articles."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", phrase.lower()))
    return tuple(_singular(word) for word in words if word not in _SMALL_WORDS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")) else word


def _keys(phrases: str) -> frozenset[Key]:
    return frozenset(key_of(phrase) for phrase in phrases.split(";"))


_SECTION_OF = {key: section for section, phrases in _SECTIONS.items() for key in _keys(phrases)}
_NAMES_OF = {key: name for name, phrases in _SYNONYMS.items() for key in _keys(phrases)}
_LINE_KEYS, _TOTAL_KEYS, _BANK_KEYS = _keys(_LINES), _keys(_TOTALS), _keys(_BANK)
_DATE_KEYS, _DUE_KEYS, _NUMBER_KEYS, _MONEY_KEYS = _keys(_DATES), _keys(_DUE), _keys(_NUMBERS), _keys(_MONEY)


class Finder:
    """Finds the parts of one document that a phrase means."""

    def __init__(self, data: Data, document_type: str) -> None:
        self.parts = list(every_part(data))
        named = data.get("document_type")
        self.kind: DocumentKind = kind_of(named if isinstance(named, str) and named else document_type)
        self.keys = {target: set(_own_keys(target.name)) for target in self.parts}
        self.words = {target: {word for key in keys for word in key} for target, keys in self.keys.items()}

    def find(self, phrase: str) -> list[Target]:
        """The parts meant by the phrase; empty where the document has none such."""
        phrase = phrase.strip(" \"'“”„«».:!")
        key = key_of(phrase)
        if not key:
            return []
        return self._found(key, bool(_MANY.search(phrase))) or self._within(phrase)

    def _found(self, key: Key, many: bool) -> list[Target]:
        if key in _SECTION_OF:
            return [Target(kind="section", name=_SECTION_OF[key].value)]
        tries: tuple[Callable[[], list[Target]], ...] = (
            lambda: self._of_role(key) if many else [],
            lambda: self._exactly(key),
            lambda: self._of_role(key),
            lambda: self._without_generic(key),
            lambda: self._loosely(key),
        )
        return next((found for attempt in tries if (found := attempt())), [])

    def tables(self, phrase: str) -> list[str]:
        """The tables meant by the phrase; all of them for an empty one."""
        found = self.find(phrase) if phrase.strip() else [t for t in self.parts if t.kind == "table"]
        if any(target.kind == "section" and target.name == Section.TABLES for target in found):
            found = self.parts
        return [target.name for target in found if target.kind == "table"]

    def columns(self, phrase: str) -> list[Target]:
        """The columns meant by the phrase."""
        key = key_of(phrase.strip(" \"'“”„«».:!"))
        columns = [target for target in self.parts if target.kind == "column"]
        exact = [target for target in columns if key in self.keys[target]]
        return exact or [target for target in columns if key and set(key) <= self.words[target]]

    def _within(self, phrase: str) -> list[Target]:
        """A part of a table that is named with it: "the prices of the line items"."""
        match = _IN_TABLE.match(phrase)
        tables = self.tables(match["table"]) if match else []
        return [target for target in self.columns(match["what"]) if target.table in tables] if match else []

    def _exactly(self, key: Key) -> list[Target]:
        return [target for target in self.parts if key in self.keys[target]]

    def _without_generic(self, key: Key) -> list[Target]:
        bare = tuple(word for word in key if word not in _GENERIC)
        return self._exactly(bare) if bare and bare != key else []

    def _loosely(self, key: Key) -> list[Target]:
        if any(len(word) < 3 for word in key):
            return []
        return [target for target in self.parts if target.kind != "table" and set(key) <= self.words[target]]

    def _of_role(self, key: Key) -> list[Target]:
        kind = self.kind
        if key in _LINE_KEYS:
            tables = [target for target in self.parts if target.kind == "table"]
            return [target for target in tables if target.name == "line_items"] or tables[:1]
        if key in _BANK_KEYS:
            return self._fields(lambda name: bool(_BANK_WORDS & set(key_of(name))))
        if key in _TOTAL_KEYS:
            return self._fields(lambda name: name == kind.total or bool({"total", "subtotal", "sum"} & set(key_of(name))))
        if key in _DATE_KEYS:
            return self._fields(lambda name: name in (kind.date, kind.due) or "date" in key_of(name))
        named = {kind.due: key in _DUE_KEYS, kind.number: key in _NUMBER_KEYS}
        if any(named.values()):
            return self._fields(lambda name: named.get(name, False))
        return [t for t in self.parts if t.kind != "table" and may_be_money(t.name)] if key in _MONEY_KEYS else []

    def _fields(self, fits: Callable[[str], bool]) -> list[Target]:
        return [target for target in self.parts if target.kind == "field" and fits(target.name)]


def _own_keys(name: str) -> Iterator[Key]:
    """What a part may be called: its name, its label in every language, and its synonyms."""
    label = label_of(name)
    yield from (key_of(text) for text in (name.replace("_", " "), label, translated(label, "de"), translated(label, "fr")))
    yield from (key for key, synonym in _NAMES_OF.items() if synonym == name)
