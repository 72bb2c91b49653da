"""Whether two names are one company's, however they are written or misread, and which texts name nobody."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from kraftd_core.document.bank_details import is_placeholder
from kraftd_core.document.cells import folded

Likeness: TypeAlias = Literal["same", "like", "other"]

_FORM_WORDS = """
    gmbh ag kg ohg ek ug mbh se ltd limited llp llc inc incorporated corp corporation plc pvt private pte sdn bhd pty co
    company sarl sas sasu eurl snc sa bv nv srl spa sl slu sau oy oyj ab as aps kft doo gbr ev bvba kgaa lda sro zoo
"""
_FORMS = frozenset(_FORM_WORDS.split())
_FORM_NAMES = {"limited": "ltd", "incorporated": "inc", "corporation": "corp", "private": "pvt"}
_FORMS_LEFT_OUT = frozenset(("co", "company", "pvt", "pte"))  # a firm is "Ltd", "Co. Ltd" and "Pvt Ltd" from page to page
_GENERIC_WORDS = """
    invoice invoices receipt receipts rechnung rechnungen facture factures factura fattura factuur faktura quittung bon
    ticket bill tax vat gst ust mwst tva iva btw no nr number nummer numero num id ref reference referenz date datum fecha
    data page seite total subtotal amount betrag summe due original copy kopie copie duplicate order bestellung quotation
    quote angebot offer offerte devis contract vertrag contrat agreement statement credit note memo gutschrift avoir
    delivery lieferschein customer kunde client cliente klant buyer to from an von de du des la le les el der die das the
    and of for fur pour ship sold billed supplier vendor seller lieferant fournisseur proveedor fornitore merchant name
    company firma address adresse anschrift telephone telefon phone tel fax email mail www http https payment zahlung
    terms description qty quantity menge price preis unit item line your our ihre ihr unsere unser votre notre thank you
    thanks welcome dear sir madam hello mr mrs ms herr frau sehr geehrte damen herren cash sale sales purchase pro forma
    proforma rfq boq request document dokument belege beleg account konto bank store shop restaurant supermarket issue
    issued period unknown unbekannt inconnu none null nan tbd nil
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "l", "!": "l", "|": "l", "i": "l", "5": "s", "$": "s", "8": "b"})
_LETTERS_LIKE = (("rn", "m"), ("vv", "w"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_JOINING = frozenset(("and", "und", "et", "y", "e", "en"))
_LONG_WORD = 6


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    form: frozenset[str]
    looks: str
    """As a bad print shows it: letters and figures that are taken for each other are the same."""


def words_of(text: str) -> list[str]:
    """The words of a text without accents and marks; single letters that follow each other are one word, as in "S.A.R.L."."""
    bare = unicodedata.normalize("NFKD", folded(text).casefold())
    plain = "".join(c for c in bare if not unicodedata.combining(c))
    words: list[str] = []
    is_letter = False
    for word in filter(None, (found.strip("!|$") for found in re.findall(r"[\w!|$]+", plain.replace("_", " ")))):
        if is_letter and len(word) == 1:
            words[-1] += word
        else:
            words.append(word)
        is_letter = len(word) == 1
    return words


def as_looks(text: str) -> str:
    """The text as a bad print or a recogniser may show it: equal for texts that are misreadings of each other."""
    looks = "".join(words_of(text)).translate(_LOOKS_LIKE)
    for pair, letter in _LETTERS_LIKE:
        looks = looks.replace(pair, letter)
    return looks


@lru_cache(maxsize=8192)
def _name(text: str) -> _Name:
    words = words_of(text)
    form: set[str] = set()
    while len(words) > 1 and (last := _form_of(words[-1])):
        form.add(last)
        words.pop()
    words = [word for word in words if word not in _JOINING] or words
    return _Name(tuple(words), frozenset(form - _FORMS_LEFT_OUT), as_looks(" ".join(words)))


def _form_of(word: str) -> str | None:
    found = word if word in _FORMS else _LOOKED_FORMS.get(as_looks(word))
    return _FORM_NAMES.get(found, found) if found else None


_LOOKED_FORMS = {as_looks(form): form for form in sorted(_FORMS) if len(form) > 2}


@lru_cache(maxsize=8192)
def is_generic(name: str) -> bool:
    """Whether the text names nobody: words that stand on everyone's documents, figures, placeholders."""
    words = [word for word in words_of(name) if not re.fullmatch(r"[\d\W]*", word) and word not in _JOINING]
    telling = [word for word in words if word not in _GENERIC and word not in _FORMS and len(word) > 1 and set(word) != {"x"}]
    return not telling or is_placeholder(name) or re.search(r"@|://", name) is not None


@lru_cache(maxsize=8192)
def likeness(one: str, other: str) -> Likeness:
    """Whether two names are one company's: the same, misreadings of each other (or the legal form left out), or others."""
    a, b = _name(one), _name(other)
    if a.form and b.form and a.form != b.form:
        return "other"  # a GmbH and an AG of one name are two companies
    if a.words == b.words:
        return "same" if a.form == b.form else "like"
    return "like" if a.looks == b.looks or _is_slip(a.words, b.words) else "other"


def _is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words differ by one letter in a long word only; figures tell names apart."""
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(pairs) != 1:
        return False
    a, b = pairs[0]
    return min(len(a), len(b)) >= _LONG_WORD and (a + b).isalpha() and _is_one_letter_off(a, b)


def _is_one_letter_off(a: str, b: str) -> bool:
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[start + 1 :] == b[start + 1 :] or a[start + 1 :] == b[start:] or a[start:] == b[start + 1 :]


def is_replaced(read: str, reviewed: str) -> bool:
    """Whether a reviewer put another name there, rather than the same one in its right spelling or in full."""
    (first, *_), (wanted, *_) = _name(read).words, _name(reviewed).words
    return likeness(read, reviewed) == "other" and as_looks(first) != as_looks(wanted)
