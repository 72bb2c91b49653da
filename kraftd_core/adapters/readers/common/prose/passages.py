"""Passages of a document, whether of pages or of texts alone: paragraphs and labelled lines, with the place of each word."""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kraftd_core.adapters.readers.common.reading import Found, Spot
from kraftd_core.adapters.readers.common.words import Page, TextLine, Word
from kraftd_core.document.units import month_of

LONGEST_READ = 600_000  # characters of a document: some two hundred pages of prose
MOST_PASSAGES = 15_000
_LONGEST_PASSAGE = 20_000
_LONGEST_SENTENCE = 1_500


@dataclass(frozen=True)
class Passage:
    """A paragraph or a line in its own words; `starts` says where in the text each of its words begins."""

    text: str
    starts: tuple[int, ...] = ()
    words: tuple[tuple[Page, Word], ...] = ()

    def found(self, value: object, start: int, end: int, confidence: float) -> Found:
        """The value that stands from `start` to `end`, with its place where the passage has one."""
        held = self.words[max(bisect_right(self.starts, start) - 1, 0) : max(bisect_right(self.starts, end - 1), 1)]
        if not held:
            return Found(value, Spot(confidence))
        page = held[0][0]
        return Found(value, page.spot([word for on, word in held if on is page], confidence))

    @cached_property
    def sentences(self) -> tuple["Sentence", ...]:
        """Its sentences in their order."""
        return tuple(_sentences(self))


@dataclass(frozen=True)
class Sentence:
    """A sentence and where in its passage it begins."""

    text: str
    passage: Passage
    start: int

    def found(self, value: object, start: int, end: int, confidence: float) -> Found:
        """The value between these places of the sentence."""
        return self.passage.found(value, self.start + start, self.start + end, confidence)


# Sentences

_END = re.compile(r"(?<=[.;!?])[\"”»)]?\s+(?=[(\[\"“„«]?[A-ZÀ-ÞΑ-ΩА-Я0-9§•(])")
_NO_END = re.compile(
    r"(?:^|[\s(])(?:rs|no|nos|nr|n|inc|ltd|co|corp|pvt|mr|mrs|ms|dr|st|art|abs|ziff|lit|bzw|ca|ggf|vgl|z\.\s?b|i\.\s?d\.\s?r|"
    r"u\.\s?a|d\.\s?h|"
    r"m/s|messrs|approx|mio|mrd|tsd|ref|fig|sec|cl|v|vs|jr|sr|tel|mme|mlle|sra|sres|avda|núm|num|pág|[a-zà-þ]|"
    r"(?:[a-z]\.){1,4}[a-z])\.\s*$",
    re.IGNORECASE,
)


_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-z]{1,3})[.)]\s*")


def _sentences(passage: Passage) -> Iterator[Sentence]:
    """The parts of the text between the ends of sentences; one that does not end is cut."""
    begin = 0
    ends = [found.end() for found in _END.finditer(passage.text)] + [len(passage.text)]
    for end in ends:
        part = passage.text[begin:end]
        goes_on = _NO_END.search(part[-14:]) or _NUMBER.fullmatch(part) or _is_day(part, passage.text[end : end + 12])
        if end < len(passage.text) and goes_on:
            continue
        for at in range(0, len(part), _LONGEST_SENTENCE):
            yield Sentence(part[at : at + _LONGEST_SENTENCE], passage, begin + at)
        begin = end


def _is_day(part: str, after: str) -> bool:
    """Whether the point belongs to a day before its month: "am 1. April"."""
    word = re.match(r"[^\W\d_]{3,10}", after)
    return bool(word and re.search(r"(?<!\d)\d{1,2}\.\s*$", part) and month_of(word[0]))


# Of texts


def passages_of_texts(texts: Iterable[str]) -> list[Passage]:
    """A passage for each line of the texts, up to the most that is read."""
    found: list[Passage] = []
    left = LONGEST_READ
    for text in texts:
        for line in unicodedata.normalize("NFKC", text[:left]).splitlines():
            found += [Passage(part) for part in _cut(line) if part]
        left -= len(text)
        if left <= 0 or len(found) >= MOST_PASSAGES:
            break
    return found[:MOST_PASSAGES]


def _cut(line: str) -> Iterator[str]:
    yield from (line[at : at + _LONGEST_PASSAGE].strip() for at in range(0, len(line), _LONGEST_PASSAGE))


def is_cut(passages: Sequence[Passage]) -> bool:
    """Whether these are the most passages, or about the most text, that are read."""
    return len(passages) >= MOST_PASSAGES or sum(len(passage.text) + 2 for passage in passages) >= 0.99 * LONGEST_READ


# Of pages

_BEGINS = re.compile(r"(?:§|art(?:icle|\.)?\s|clause\s|section\s|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s|\(?[a-z]{1,3}[.)]\s|"
    r"[-–•·▪●*]\s)", re.IGNORECASE)
_LABEL = re.compile(r"[^\W\d][^:.;,\"“”„]{1,45}:(?:\s|$)")
_UNFINISHED = re.compile(
    r"\b(?:of|the|and|or|to|in|by|for|with|der|die|das|des|dem|den|und|oder|zu|von|vom|zum|für|"
    r"de|du|la|le|les|et|ou|y|el|los|las|en|del|an)$"
)
_ENDED = re.compile(r"[.;:!?][\"”»)]?$")


def passages_of_pages(pages: Sequence[Page]) -> list[Passage]:
    """The paragraphs of the pages, a sentence that goes on over a page's end among them."""
    groups: list[list[tuple[Page, TextLine]]] = []
    left = LONGEST_READ
    for page in pages:
        right = _margin(page)
        before: TextLine | None = None
        for line in page.lines:
            if groups and (_goes_on(before, line, right) if before else _goes_on_over_page(groups[-1][-1][1], line)):
                groups[-1].append((page, line))
            else:
                groups.append([(page, line)])
            before = line
            left -= len(line.text)
        if left <= 0 or len(groups) >= MOST_PASSAGES:
            break
    return [passage for group in groups for passage in _passages(group)]


_FEWEST_FULL = 3  # lines that show where a page's prose is broken


def _margin(page: Page) -> float:
    """Where the lines of prose end; without bound where too few lines end at one place to show it."""
    ends = [line.phrases[-1].x1 for line in page.lines]
    widest = max(ends, default=0.0)
    return widest if sum(end > 0.94 * widest for end in ends) >= _FEWEST_FULL else math.inf


def _goes_on(before: TextLine, line: TextLine, right: float) -> bool:
    """Whether the line continues the paragraph of the one before it, where its first word had no room."""
    height = max(before.height, line.height, 1.0)
    if line.top - before.bottom > 0.9 * height or abs(line.height - before.height) > 0.5 * height:
        return False
    text, ended = line.text, _ENDED.search(before.text)
    if _BEGINS.match(text) or _LABEL.match(text) or _has_columns(before) or _has_columns(line):
        return False
    is_full = before.phrases[-1].x1 + 0.5 * height + line.words[0].x1 - line.words[0].x0 > 0.98 * right
    begins_anew = not text[:1].isalnum() or text[:1].isupper()
    is_open = is_full or bool(_UNFINISHED.search(before.text))
    return is_open or not (begins_anew or ended or before.text.isupper() or _LABEL.match(before.text))


def _has_columns(line: TextLine) -> bool:
    """Whether the line's phrases stand far apart, as columns do; justified prose has no such gaps."""
    gaps = (after.x0 - before.x1 for before, after in pairwise(line.phrases))
    return any(gap > 2.0 * line.height for gap in gaps)


def _goes_on_over_page(before: TextLine, line: TextLine) -> bool:
    return not _ENDED.search(before.text) and line.text[:1].islower() and not _BEGINS.match(line.text)


def _passages(group: Sequence[tuple[Page, TextLine]]) -> Iterator[Passage]:
    """The lines as one text: two blanks where a wide gap parts phrases, a hyphen at a line's end taken away."""
    text, starts, words = "", [], []
    for page, line in group:
        for phrase in line.phrases:
            text = text and text.rstrip() + ("  " if phrase is not line.phrases[0] else " ")
            if re.search(r"[^\W\d_]-\s$", text) and phrase.text[:1].islower():
                text = text[:-2]
            for word in phrase.words:
                starts.append(len(text))
                words.append((page, word))
                text += unicodedata.normalize("NFKC", word.text) + " "
    if len(text) <= _LONGEST_PASSAGE:
        yield Passage(text.rstrip(), tuple(starts), tuple(words))
        return
    for first in range(0, len(words), 2_000):  # no writer's paragraph
        held = starts[first : first + 2_000]
        end = starts[first + 2_000] if first + 2_000 < len(starts) else len(text)
        part = text[held[0] : min(end, held[0] + _LONGEST_PASSAGE)]
        yield Passage(part.rstrip(), tuple(at - held[0] for at in held), tuple(words[first : first + 2_000]))
