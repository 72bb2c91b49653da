"""What words hold for a role: the amount, date, number, bank code or text in them, and the words that it stands in."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, DATE_ROLES, NUMBER_ROLES, TEXT_ROLES, key_of
from kraftd_core.adapters.readers.common.values import (
    AMOUNT_IN_TEXT,
    CURRENCY_IN_TEXT,
    Manner,
    currency_code,
    find_date,
    parse_number,
)
from kraftd_core.adapters.readers.common.words import Word, text_of
from kraftd_core.document.notations import iban_at_start

Value: TypeAlias = tuple[Any, tuple[Word, ...]]
"""A value and the words that it stands in."""


def value_in(words: Sequence[Word], role: str, manner: Manner, most_words: int) -> Value | None:
    """The value that these words hold for the role; an amount has at most so many words beside it."""
    if not words:
        return None
    if role in AMOUNT_ROLES:
        return amount_in(words, manner, most_words)
    if role in DATE_ROLES:
        return _due_in(words, manner) if role == "due" else date_in(words, manner)
    if role in NUMBER_ROLES:
        return _identifier(words)
    if role in ("iban", "bic"):
        return _bank_code(role, words)
    if role == "currency":
        code = currency_code(text_of(words))
        return (code, tuple(words)) if code else None
    if role in TEXT_ROLES and any(c.isalnum() for c in text_of(words)):
        return text_of(words), tuple(words)
    return None


def _spans(words: Sequence[Word]) -> tuple[str, list[tuple[int, int]]]:
    """The words as one text, two spaces where a wide gap parts them, and where each stands in it."""
    text, spans = "", []
    for n, word in enumerate(words):
        if n and word.x0 - words[n - 1].x1 > 0.75 * word.height:
            text += " "
        spans.append((len(text), len(text) + len(word.text)))
        text += word.text + " "
    return text, spans


def _within(words: Sequence[Word], spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Word, ...]:
    return tuple(w for w, (a, b) in zip(words, spans, strict=True) if a < end and b > start) or tuple(words)


def amount_in(words: Sequence[Word], manner: Manner, most_words: int) -> tuple[Decimal, tuple[Word, ...]] | None:
    """The last amount in the words; rates, dates and numbers within words are none, nor those of which a sentence speaks."""
    text, spans = _spans(words)
    text = text.translate(_NARROW)
    plain = CURRENCY_IN_TEXT.sub(lambda m: " " * len(m[0]), text)
    for found in reversed(list(AMOUNT_IN_TEXT.finditer(text))):
        if re.match(r"\s*%", plain[found.end() :]) or find_date(found[0]) or _is_scaled(text, found):
            continue
        value = parse_number(found[0], manner.sign)
        if value is not None and _may_be_money(found[0]) and _words_beside(plain, found) <= most_words:
            return value, _within(words, spans, found.start(), found.end())
    return None


_SCALE_BEHIND = re.compile(
    r"\s?(?:(?:m|k|bn|mn|mln|mio|mrd|tsd)\b|milli(?:on|ard)|billion|thousand|tausend|lakhs?\b|crores?\b|[万億亿])",
    re.IGNORECASE,
)
_SCALE_BEFORE = re.compile(r"(?:\bTEUR|\bT€|\bk€|\bkEUR|\bTUSD)\s*$", re.IGNORECASE)


def _is_scaled(text: str, number: "re.Match[str]") -> bool:
    """Whether it is told in thousands or millions: 1.2 million is not 1.2."""
    return bool(_SCALE_BEHIND.match(text, number.end()) or _SCALE_BEFORE.search(text[: number.start()]))


_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # the wide figures and marks of East Asian print


def _may_be_money(text: str) -> bool:
    """Long runs of digits are account, tax or phone numbers."""
    return len(text.strip()) <= 18 and not re.search(r"\d{7}", text)


def _words_beside(text: str, number: "re.Match[str]") -> int:
    """How many words stand before and after a number within its own phrase."""
    before = text[: number.start()].rsplit("  ", 1)[-1]
    after = text[number.end() :].split("  ", 1)[0]
    return len(re.findall(r"[^\W\d_]{2,}", before + " " + after))


def date_in(words: Sequence[Word], manner: Manner) -> tuple[str, tuple[Word, ...]] | None:
    """The first date in the words, as ISO text; the first eight are looked at."""
    found = find_date(text_of(words[:8]), manner.order)
    if found is None:
        return None
    for end in range(1, len(words) + 1):
        if find_date(text_of(words[:end]), manner.order) == found:
            start = next(s for s in reversed(range(end)) if find_date(text_of(words[s:end]), manner.order) == found)
            return found.isoformat(), tuple(words[start:end])
    return None


FOR_DISCOUNT = re.compile("skonto|discount|escompte|sconto|korting|descuento|desconto", re.IGNORECASE)


def _due_in(words: Sequence[Word], manner: Manner) -> tuple[str, tuple[Word, ...]] | None:
    """The date in the words, but not the one until which a discount is given."""
    found = date_in(words, manner)
    if found is None:
        return None
    after = list(words)[list(words).index(found[1][-1]) + 1 :]
    later = next((later for n in range(len(after)) if (later := date_in(after[n : n + 4], manner))), None)
    until_later = after[: after.index(later[1][0])] if later else after
    return later if FOR_DISCOUNT.search(text_of(until_later)) else found


_BEFORE_NUMBERS = frozenset({"#", "no", "nr", "n", "number", "nummer", "numero", "id"})
_IDENTIFIER = re.compile(r"#?[^\W_][\w./#&-]*")


_LEAD = re.compile(r"(?!(?:NR|NO|PO|VAT|TVA|BTW|DATE|PAGE|TEL|EUR|USD|GBP|CHF|FAX)\b)[A-Z]{1,5}")
_GROUP = re.compile(r"[/-]|\d{1,6}|[A-Z]{0,3}\d[\w/-]*")


def number_in_groups(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]] | None:
    """A number of several words: behind letters ("FT 2025/7"), about a stroke ("2025 / 1"), in like groups ("100 200 300")."""
    run = [*words[:6]]
    for n, word in enumerate(run):
        if not (_GROUP.fullmatch(word.text) or (n == 0 and _LEAD.fullmatch(word.text))) or looks_like_date(word.text):
            run = run[:n]
            break
    while len(run) > 1 and not any(c.isdigit() for c in run[-1].text):
        run.pop()
    digits = [word.text for word in run[1 if run and _LEAD.fullmatch(run[0].text) else 0 :]]
    has_stroke = any(text in "/-" for text in digits) and not any(a.isdigit() and b.isdigit() for a, b in pairwise(digits))
    is_alike = len(digits) > 2 and all(text.isdigit() and len(text) == len(digits[0]) for text in digits)
    is_led = len(digits) == 1 and len(run) == 2
    return (text_of(run), tuple(run)) if len(run) > 1 and (has_stroke or is_alike or is_led) else None


def _identifier(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]] | None:
    """The first token that holds a digit and is no date, with those beside it that belong to it."""
    if grouped := number_in_groups(words):
        return grouped
    for n, word in enumerate(words[:3]):
        if any(any(c.isalnum() for c in before.text) and key_of(before.text) not in _BEFORE_NUMBERS for before in words[:n]):
            return None
        text = word.text.strip(":.,;()").rstrip("-")
        if n and words[n - 1].text == "#":
            text = "#" + text
        digits = any(c.isdigit() for c in text)
        if digits and _IDENTIFIER.fullmatch(text) and len(text) <= 40 and not looks_like_date(text):
            return text, (word,)
    return None


def looks_like_date(text: str) -> bool:
    """Whether the whole text is figures written as a date is."""
    return bool(re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}", text))


def _bank_code(role: str, words: Sequence[Word]) -> tuple[str, tuple[Word, ...]] | None:
    text, spans = _spans(words)
    found = iban_at_start(text) if role == "iban" else _BIC.match(text)
    code = found if isinstance(found, str) or found is None else found[0]
    return None if code is None else (" ".join(code.split()), _within(words, spans, 0, len(code)))


_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Z0-9])")
