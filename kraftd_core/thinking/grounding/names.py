"""Finds the names in a sentence: words with capitals that stand together, and are no ordinary words of its language."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from kraftd_core.thinking.grounding.vocabulary import CONNECTORS, LEGAL_FORMS, PLAIN_WORDS_IN, SUBJECT_VERBS


@dataclass(frozen=True, slots=True)
class Name:
    """Words that name somebody or something; those of one name stand together in the data.

    `optional` is how many words at its beginning may be ordinary ones that a sentence begins with.
    """

    text: str
    start: int
    words: tuple[str, ...]
    optional: int
    is_cut: bool


def folded_word(word: str) -> str:
    """A word without capitals and accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(folded_word(text))


_NAME_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’&.-][^\W_]+)*")
_BETWEEN = re.compile(r"(?: (?:&|\+|" + "|".join(CONNECTORS) + r"))? |-| ?& ?|\. ")
_BETWEEN_NOUNS = re.compile(r"(?: [&+])? |-| ?& ?|\. ")
_SHORT = frozenset(words_of("dr st mr mrs ms prof bros gebr ets hnos messrs"))
_STARTS = re.compile(r"(?:^|[.!?;•—–-]\s+|[(“\"„\n|\0]\s*)$")
_AFTER_COLON = re.compile(r":\s*$")
_IS_PARTY = re.compile(
    r"(?i)(?<!\w)(?:lieferant|verk[äa]ufer|rechnungssteller|kunde|k[äa]ufer|auftraggeber|firma)"
    r"(?:\s*:| (?:ist|hei[ßs]t|war)(?: die| der)?(?: firma)?|(?<=firma))\s*\Z"
)
_ORDINARY_NEXT = frozenset(words_of(
    "the a an all with whether that any each both by for this these those it its to if how when what which who as on in at out"
    " no not every up from your our his their about before after until unless and or of"
    " le la les de du des que si un une el los las del una por para en avec con sous sur dans au aux ce cette su sa se"
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    is_cut: bool
    language: str

    @property
    def plain(self) -> str:
        return folded_word(re.sub(r"['’]s?$", "", self.text))

    @property
    def is_plain(self) -> bool:
        plain, known = self.plain, PLAIN_WORDS_IN[self.language]
        return plain in known or plain.removesuffix("s") in known or all(
            part in known or part in CONNECTORS for part in words_of(plain)
        )

    @property
    def is_form(self) -> bool:
        """Whether it is the legal form of a company."""
        return self.plain.replace(".", "") in LEGAL_FORMS


def names_in(rest: str, language: str) -> Iterator[Name]:
    """Every name in a sentence of that language."""
    words = [
        _Word(m[0], m.start(), m.end(), rest[m.end() : m.end() + 1] == "…", language) for m in _NAME_WORD.finditer(rest)
    ]
    for run in _runs(words, rest, language):
        if language == "de" and _is_german_noun(run, rest):
            continue
        if name := _name(run, rest):
            yield name


def _is_german_noun(run: list[_Word], rest: str) -> bool:
    """Whether the capitals may be those of any noun, and of a sentence's first word."""
    if any(word.is_form for word in run) or _IS_PARTY.search(rest[max(0, run[0].start - 60) : run[0].start]):
        return False
    begins = _STARTS.search(rest[max(0, run[0].start - 20) : run[0].start]) is not None
    named = [word for n, word in enumerate(run) if not word.is_plain and not (begins and n == 0)]
    return not named or (len(named) == 1 and named[0].text[1:].replace("-", "").islower()) or (
        len(named) == 1 and all(part[1:].islower() or not part[1:] for part in named[0].text.split("-"))
    )


def _runs(words: list[_Word], rest: str, language: str) -> Iterator[list[_Word]]:
    """Capitalised words that stand together; in German, where every noun has a capital, no small word joins them."""
    between = _BETWEEN_NOUNS if language == "de" else _BETWEEN
    run: list[_Word] = []
    for word in words:
        if not word.text[0].isupper():
            continue
        if run and not _are_joined(run[-1], word, rest[run[-1].end : word.start], between):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _are_joined(one: _Word, other: _Word, said: str, between: re.Pattern[str]) -> bool:
    """Whether two words may be of one name: over a full stop only behind an initial, a title or the like."""
    if between.fullmatch(said) is None:
        return False
    return said != ". " or len(one.text) == 1 or one.plain in _SHORT or (one.is_form and other.is_form)


def _name(run: list[_Word], rest: str) -> Name | None:
    before = rest[max(0, run[0].start - 20) : run[0].start]  # all that the beginning of a sentence needs
    begins, is_value = _STARTS.search(before) is not None, _AFTER_COLON.search(before) is not None
    has_form = any(word.is_form for word in run)
    if all(word.is_plain for word in run) and not has_form:
        return None
    if len(run) == 1 and (begins or is_value) and _is_ordinary(run[0], rest, begins):
        return None
    if len(run) == 1 and (len(run[0].text) == 1 or has_form):
        return None
    optional = 0
    while optional < len(run) - 1 and (run[optional].is_plain or (begins and optional == 0)):
        optional += 1
    words = tuple(part for word in run for part in words_of(re.sub(r"['’]s$", "", word.text)))
    leading = sum(len(words_of(word.text)) for word in run[:optional])
    first = next((word for word in run[:-1] if not word.is_plain), run[-1])
    return Name(rest[first.start : run[-1].end], first.start, words, leading, run[-1].is_cut)


def _is_ordinary(word: _Word, rest: str, begins: bool) -> bool:
    """Whether a lone capital at the beginning is that of the sentence: "Reconcile the sums", not "Globex supplied them"."""
    if word.text[1:] and not word.text[1:].replace("-", "").replace("’", "").islower():
        return False
    following = words_of(re.split(r"[^\w\s]", rest[word.end : word.end + 120])[0])[:4]
    if not begins:
        return following[:1] != [] and following[0] in _ORDINARY_NEXT
    telling = next((next_word for next_word in following if next_word in _ORDINARY_NEXT or next_word in SUBJECT_VERBS), "")
    return following != [] and telling not in SUBJECT_VERBS
