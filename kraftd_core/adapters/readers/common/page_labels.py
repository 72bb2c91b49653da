"""Finds the labels on pages of words: what documents call their values, wherever in a phrase it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kraftd_core.adapters.readers.common.labels import LONGEST_LABEL, ROLE_OF
from kraftd_core.adapters.readers.common.values import folded
from kraftd_core.adapters.readers.common.words import Page, Phrase, Word


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was found: its role, what follows it in its phrase, and where it stands."""

    role: str
    key: str
    page: Page
    line: int
    phrase: Phrase
    index: int
    rest: tuple[Word, ...]
    starts_phrase: bool


def labels_on(page: Page) -> Iterator[Label]:
    """The labels of the page, line by line."""
    for n, line in enumerate(page.lines):
        for index, phrase in enumerate(line.phrases):
            yield from labels_in(page, n, phrase, index)


def labels_in(page: Page, line: int, phrase: Phrase, index: int) -> Iterator[Label]:
    """The labels in a phrase, the longest at each place; those that overlap an earlier one are left out."""
    letters, origins = _letters(phrase)
    breaks = {i for i in range(1, len(letters)) if _is_break(phrase, origins, i)} | {0, len(letters)}
    taken = 0
    for start in sorted(breaks):
        if start < taken or start == len(letters):
            continue
        ends = (e for e in sorted(breaks, reverse=True) if start < e <= start + LONGEST_LABEL and letters[start:e] in ROLE_OF)
        ends = (e for e in ends if e - start > 2 or not letters[e : e + 1].isdigit() or _parts(origins, e))
        end = next((e for e in ends if not _is_in_code(phrase, origins, e)), None)
        if end is not None:
            taken = end
            key = letters[start:end]
            yield Label(ROLE_OF[key], key, page, line, phrase, index, _rest(phrase, origins, end), start == 0)


def _letters(phrase: Phrase) -> tuple[str, list[tuple[int, int]]]:
    """The phrase as labels are compared, and for each letter the word and the character that it comes from."""
    letters, origins = [], []
    for w, word in enumerate(phrase.words):
        for c, character in enumerate(word.text):
            for letter in folded(character):
                if letter.isalnum() or letter in "#%":
                    letters.append(letter)
                    origins.append((w, c))
    return "".join(letters), origins


def _is_break(phrase: Phrase, origins: Sequence[tuple[int, int]], i: int) -> bool:
    """Whether a word begins here: by white or a mark, or, where spaces were lost, by a capital after small letters or a digit."""
    (w0, c0), (w1, c1) = origins[i - 1], origins[i]
    if _parts(origins, i):
        return True
    before, here = phrase.words[w0].text[c0], phrase.words[w1].text[c1]
    return (before.islower() and here.isupper()) or (before.isalpha() and here.isdigit()) or "#" in (before, here)


def _is_in_code(phrase: Phrase, origins: Sequence[tuple[int, int]], i: int) -> bool:
    """Whether a code goes on here: the PO of "PO-9" is no label."""
    if i >= len(origins) or origins[i - 1][0] != origins[i][0]:
        return False
    (w, before), (_, here) = origins[i - 1], origins[i]
    return phrase.words[w].text[before + 1 : here] in ("-", "/") and phrase.words[w].text[here].isdigit()


def _parts(origins: Sequence[tuple[int, int]], i: int) -> bool:
    """Whether white or a mark stands before this letter."""
    (w0, c0), (w1, c1) = origins[i - 1], origins[i]
    return w0 != w1 or c1 - c0 > 1


def _rest(phrase: Phrase, origins: Sequence[tuple[int, int]], end: int) -> tuple[Word, ...]:
    """What follows the label in its phrase, without the marks between."""
    if end >= len(origins):
        return ()
    w, _ = origins[end]
    last_w, last_c = origins[end - 1]
    words = list(phrase.words[last_w + 1 :])
    if w == last_w or last_c + 1 < len(phrase.words[last_w].text):
        words.insert(0, _tail(phrase.words[last_w], last_c + 1))
    return tuple(_without_marks(words))


def _tail(word: Word, start: int) -> Word:
    share = (word.x1 - word.x0) / len(word.text)
    return replace(word, text=word.text[start:], x0=word.x0 + share * start)


def _without_marks(words: list[Word]) -> list[Word]:
    while words:
        bare = words[0].text.lstrip(":.-–=°º)|/;, ") if not re.match(r"[-–]\d", words[0].text) else words[0].text
        if bare:
            return [replace(words[0], text=bare), *words[1:]]
        words = words[1:]
    return []
