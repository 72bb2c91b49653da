"""What passages say under a label: "Governing law: England", or the label alone with its value on the next line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kraftd_core.adapters.readers.common.labels import ROLE_OF, key_of
from kraftd_core.adapters.readers.common.prose.passages import Passage, Sentence
from kraftd_core.adapters.readers.common.reading import Found

BESIDE_LABEL, BELOW_LABEL = 0.9, 0.75
_LONGEST_LABEL = 60
_NUMBERED = re.compile(r"\s*(?:[-–•▪●*]|\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z])[.)]|§\s?\d+|\d{1,2}\.\d{1,2})\s+")
_PARTED = re.compile(r"\s*:\s*|\s{2,}|\t\s*|\s[–-]\s")
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,40}[)\]]")


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A value under a label; the sentence holds the value alone."""

    role: str
    value: Sentence
    confidence: float

    @property
    def text(self) -> str:
        return self.value.text

    def found(self, value: object, start: int = 0, end: int | None = None) -> Found:
        """The value as it was understood, at its place."""
        return self.value.found(value, start, len(self.text) if end is None else end, self.confidence)


def keyed(table: Mapping[str, str]) -> dict[str, str]:
    """The roles by their labels as they are compared; the table has them parted by bars."""
    return {key_of(label): role for role, labels in table.items() for label in labels.split("|")}


def said_under(roles: Mapping[str, str], passages: Sequence[Passage]) -> Iterator[LabelledValue]:
    """What stands beside these labels, else below them, in the order of the document."""
    for n, passage in enumerate(passages):
        yield from _in_columns(roles, passage)
        for label, start in _labels(passage.text):
            role = roles.get(key_of(_BRACKETS.sub(" ", label))) or roles.get(key_of(label))
            if role is None:
                continue
            if value := passage.text[start:].strip(" :\t"):
                at = passage.text.index(value, start)
                if len(parts := re.split(r"\s{2,}|\t", value)) > 1 and parts[0]:
                    value = parts[0]
                yield LabelledValue(role, Sentence(value, passage, at), BESIDE_LABEL)
            elif n + 1 < len(passages) and _may_stand_below(passages[n + 1].text):
                yield LabelledValue(role, Sentence(passages[n + 1].text, passages[n + 1], 0), BELOW_LABEL)
            break


_COLUMN = re.compile(r"(?<!\s)\s{2,40}(?P<label>[^\s:][^:]{1,58}?)\s?:\s?(?P<value>\S(?:\s?\S)*)")


def _in_columns(roles: Mapping[str, str], passage: Passage) -> Iterator[LabelledValue]:
    """The pairs that stand further right on a line of columns, each with its colon."""
    for found in _COLUMN.finditer(passage.text):
        if "  " not in found["label"] and (role := roles.get(key_of(_BRACKETS.sub(" ", found["label"])))):
            yield LabelledValue(role, Sentence(found["value"], passage, found.start("value")), BESIDE_LABEL)


def _labels(text: str) -> Iterator[tuple[str, int]]:
    """What may be the label that the passage begins with, and where its value begins."""
    begin = found.end() if (found := _NUMBERED.match(text)) else 0
    head = text[begin : begin + _LONGEST_LABEL + 4]
    for parted in _PARTED.finditer(head):
        yield head[: parted.start()], begin + parted.end()
    if len(text) - begin <= _LONGEST_LABEL:
        yield text[begin:], len(text)


def _may_stand_below(text: str) -> bool:
    """Whether a line may be the value of the label above it: it is no label itself."""
    label = re.split(r"\s*:\s*|\s{2,}", text)[0]
    return key_of(label) not in ROLE_OF and not text.rstrip().endswith(":")
