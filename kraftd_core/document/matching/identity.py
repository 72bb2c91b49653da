"""What tells the rows of a table apart: their words, the section that they stand in, and their other cells, to be compared."""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from kraftd_core.document.cells import decimal_of
from kraftd_core.document.jsontypes import Row

Pairs: TypeAlias = dict[int, int]
"""Places of old rows by the places of the new rows that continue them."""

Kind: TypeAlias = Literal["words", "section", "code", "figure", "label"]
"""What a column holds: what the row is about, where it stands, its number, a figure, or a short text such as a unit."""

_LOOKED_AT = 200  # rows of a column, to tell what it holds
_TOGETHER = 40
_MOSTLY = 0.8
_HEAD, _TAIL = 700, 300  # characters of a longer text; sizes stand at its end
_MOST_TOKENS = 80
_STEM = 5  # letters that an inflected or cut word keeps
_MOST_HEADINGS = 0.5

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_CODE = re.compile(r"[^\W\d_]{0,5}[-./ ]?\d[\w./-]{0,15}|[A-Za-z]?[ivxIVX]{1,5}[.)]?|[A-Za-z][.)]?")
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NAMED: dict[Kind, str] = {
    "words": "description descriptions text name product service particulars work works goods beschreibung bezeichnung leistung "
             "kurztext langtext artikelbezeichnung designation libelle descripcion concepto descrizione omschrijving opis",
    "section": "section sections chapter trade category group lot los gewerk titel abschnitt kapitel bereich chapitre rubrique "
               "capitulo seccion capitolo sezione bolum sheet",
    "code": "position pos item no nr number numero num n sr sl sno lfd oz ref reference code sku article artikel artikelnummer "
            "line line_number ordnungszahl posten sira id",
    "figure": "quantity qty price rate amount total cost value tax discount menge anzahl preis einheitspreis einzelpreis "
              "gesamtpreis betrag summe ep gp quantite qte prix montant pu cantidad precio importe quantita prezzo importo "
              "miktar fiyat tutar",
    "label": "unit units uom einheit me unite unidad unita birim ud brand make marke marque currency",
}  # fmt: skip
_NAMES = {kind: frozenset(names.split()) for kind, names in _NAMED.items()}
_OF_ONE_THING = frozenset(
    ("serial", "imei", "vin", "ean", "gtin", "barcode", "sscc", "isbn", "uuid", "guid", "licence_plate", "registration_number")
)


class Rows:
    """The rows of one table, each with what it is known by. Columns that hold nothing but figures are no words, whatever
    their names; known names only settle what the values leave open."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.kinds = {column: _kind(column, place, values) for place, (column, values) in enumerate(_columns(rows).items())}
        if "words" not in self.kinds.values():
            self._choose_words()
        self.said = [self._text(row) for row in rows] if self._worded else [""] * len(rows)
        self.is_heading = self._headings()
        self.sections = self._sections()

    @cached_property
    def of_one_thing(self) -> list[str]:
        """The columns whose values name one thing each: a serial number, a bar code."""
        return [column for column in self.kinds if not _OF_ONE_THING.isdisjoint(_words_of_name(column))]

    def _choose_words(self) -> None:
        """Short texts, or those in runs, are what the rows are about where there are no others: the column of most of them."""
        texts = {c: {text for row in self.rows if isinstance(text := row.get(c), str)} for c in self.of("label", "section")}
        column = max(texts, key=lambda c: len(texts[c]), default=None)
        if column is not None and len(texts[column]) > 1:
            self.kinds[column] = "words"

    def of(self, *kinds: Kind) -> list[str]:
        """The columns of these kinds."""
        return [column for column, kind in self.kinds.items() if kind in kinds]

    def _text(self, row: Row) -> str:
        parts = (row.get(column) for column in self._worded)
        return folded_text(" ".join(part for part in parts if isinstance(part, str)))

    @cached_property
    def _worded(self) -> list[str]:
        return self.of("words")

    def _headings(self) -> list[bool]:
        """Rows with words and no figure are headings, where most rows have figures."""
        figures = self.of("figure")
        if not self._worded:
            return [False] * len(self.said)
        filled = (any(_is_figure(row.get(column)) for column in figures) for row in self.rows)
        bare = [bool(said) and not is_filled for said, is_filled in zip(self.said, filled, strict=True)]
        return bare if figures and sum(bare) <= _MOST_HEADINGS * len(bare) else [False] * len(bare)

    def _sections(self) -> list[Hashable]:
        """Where each row stands: in which section by its column, and under which heading; a heading that is repeated, as one
        of each floor may be, is told apart by the last one above it that is not."""
        columns = self.of("section")
        if not columns and not any(self.is_heading):
            return [("", "")] * len(self.rows)
        counts = Counter(said for said, is_heading in zip(self.said, self.is_heading, strict=True) if is_heading)
        chapter = heading = ""
        found: list[Hashable] = []
        for row, said, is_heading in zip(self.rows, self.said, self.is_heading, strict=True):
            if is_heading:
                chapter, heading = (said, "") if counts[said] == 1 else (chapter, said)
            above = ("", "") if is_heading and counts[said] == 1 else (chapter, "" if is_heading else heading)
            found.append((*(comparable(row.get(column)) for column in columns), *above))
        return found

    @cached_property
    def frozen(self) -> list[tuple[tuple[str, Hashable], ...]]:
        """Each row as something with a hash, its columns in one order."""
        return [tuple([(column, frozen(row[column])) for column in sorted(row)]) for row in self.rows]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The columns that number the rows."""
        return frozenset(self.of("code"))

    @cached_property
    def owners(self) -> list[str]:
        """For each row that says what others say too the last text above it that is the only one of its kind."""
        counts = Counter(self.said)
        last = ""
        found = []
        for said in self.said:
            last = said if counts[said] == 1 else last
            found.append(last)
        return found

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The words of each row, cut to what inflection leaves."""
        return [stems_of(said) for said in self.said] if self._worded else [frozenset()] * len(self.said)

    @cached_property
    def cells(self) -> dict[str, list[Hashable]]:
        """The other cells, by column; None where blank."""
        return {
            column: [comparable(row.get(column), is_figure=self.kinds[column] == "figure") for row in self.rows]
            for column in self.of("code", "figure", "label")
        }


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Of each column what its filled cells hold, in some runs of rows spread evenly."""
    apart = max(_TOGETHER, len(rows) * _TOGETHER // _LOOKED_AT)
    found: dict[str, list[Any]] = {}
    for row in (row for start in range(0, len(rows), apart) for row in rows[start : start + _TOGETHER]):
        for column, value in row.items():
            held = found.setdefault(column, [])
            if value is not None and value != "":
                held.append(value)
    return found


def _kind(name: str, place: int, values: Sequence[Any]) -> Kind:
    named = {kind for kind, names in _NAMES.items() if not names.isdisjoint(_words_of_name(name))}
    if not values:
        return "figure" if "figure" in named else "label"
    if _share(map(_is_figure, values)) >= _MOSTLY:
        return "code" if _is_numbering(named, place, values) else "figure"
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < _MOSTLY * len(values) or not texts:
        return "words" if "words" in named and texts else "label"
    if _share(_CODE.fullmatch(text.strip()) is not None for text in texts) >= _MOSTLY and "words" not in named:
        return "section" if "section" in named else "label" if "label" in named else "code"
    if "section" in named or ("words" not in named and _is_in_runs(texts)):
        return "section"
    return "words" if "words" in named or _is_wordy(texts, named) else "label"


def _words_of_name(name: str) -> set[str]:
    said = folded_text(name)
    return {*_TOKEN.findall(said), said.replace(" ", "_")} if said.strip() else set()


def _share(claims: Iterable[bool]) -> float:
    held = [*claims]
    return sum(held) / len(held)


def _is_numbering(named: set[Kind], place: int, values: Sequence[Any]) -> bool:
    """Whether figures number the rows: by the column's name, or as they rise in the first column."""
    if "figure" in named:
        return False
    numbers = [number for value in values if (number := _number(value)) is not None]
    rises = sum(a < b for a, b in pairwise(numbers))
    return "code" in named or (place == 0 and len(numbers) > 2 and rises >= 0.9 * (len(numbers) - 1))


def _is_in_runs(texts: Sequence[str]) -> bool:
    """Whether equal texts stand together, as sections do, and not here and there, as units do."""
    runs = 1 + sum(a != b for a, b in pairwise(texts))
    distinct = len(set(texts))
    are_long = sum(map(len, texts)) > 4 * len(texts)
    return are_long and len(texts) >= 6 and distinct >= 2 and runs <= min(len(texts) / 2, 1.5 * distinct)


def _is_wordy(texts: Sequence[str], named: set[Kind]) -> bool:
    if "label" in named:
        return False
    letters = sum(sum(map(str.isalpha, text[:_HEAD])) for text in texts) / len(texts)
    blanks = sum(text[:_HEAD].strip().count(" ") for text in texts) / len(texts)
    return letters >= 6 and (blanks >= 0.5 or len(set(texts)) >= 0.5 * len(texts))


def _is_figure(value: Any) -> bool:
    return _number(value) is not None


def _number(value: Any) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return _number_in(value) if isinstance(value, str) and value and len(value) < 30 else None


@lru_cache(maxsize=20_000)
def _number_in(text: str) -> float | None:
    number = decimal_of(text)
    return None if number is None else float(number)


def comparable(value: Any, *, is_figure: bool = False) -> Hashable:
    """The cell in a form that is equal where it says the same; None where it says nothing."""
    if is_figure:
        number = _number(value)
        if number is not None:
            return number
    if isinstance(value, str):
        return folded_text(value).strip() or None
    return frozen(value)


def frozen(value: Any) -> Hashable:
    """The value as something with a hash; equal where `same` says so."""
    if isinstance(value, dict):
        return frozenset((key, frozen(member)) for key, member in value.items())
    if isinstance(value, list):
        return tuple(map(frozen, value))
    return (bool, value) if isinstance(value, bool) else value


# Words


def folded_text(text: str) -> str:
    """The text in small letters without accents, blanks run together."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.casefold().split())


def stems_of(said: str) -> frozenset[str]:
    """The words and numbers of a folded text; words are cut, and those of scripts without blanks taken apart."""
    if len(said) > _HEAD + _TAIL:
        said = f"{said[:_HEAD]} {said[-_TAIL:]}"
    found: set[str] = set()
    tokens = _TOKEN.findall(said)
    for token in tokens if len(tokens) <= _MOST_TOKENS else tokens[: _MOST_TOKENS // 2] + tokens[-_MOST_TOKENS // 2 :]:
        if token[0].isdigit():
            found.add(token.replace(",", "."))
        elif token.isascii() or not _WITHOUT_BLANKS.search(token):
            found.add(token[:_STEM])
        else:
            found.update(token[n : n + 2] for n in range(max(1, len(token) - 1)))
    return frozenset(found)
