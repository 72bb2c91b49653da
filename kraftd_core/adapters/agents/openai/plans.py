"""The form in which a model writes a presentation plan, and its steps held against the document and the user's words."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from kraftd_core.delivery.plan import every_part, is_there, lacking
from kraftd_core.delivery.templates import HEADINGS, Section
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.wording import clipped, label_of
from kraftd_core.records.plan import (
    Formatting,
    Grouping,
    Highlight,
    NotCarriedOut,
    Renaming,
    Separators,
    Sorting,
    Step,
    Target,
    Tone,
    Visibility,
)

_MOST_STEPS = 60
_LONGEST_LABEL = 80
_LONGEST_TONE = 200
_LONGEST_WORDS = 400

NOTHING_MADE = "The model made nothing of this."
_NAMES_NOTHING = "The model did not say which part of the document is meant."
_NOT_ASKED_FOR = "This is not in your words."
_TOO_MANY = f"Only the first {_MOST_STEPS} wishes are carried out."
_NO_LABEL = f"A label has 1 to {_LONGEST_LABEL} characters."
_NOT_LINES = "A condition chooses lines of one table by a column of the same table."
_SAYS_NOTHING = "The model did not say how."


class Wishes(BaseModel):
    """What the user's words ask for, in order, and what of them no step can say."""

    model_config = ConfigDict(extra="forbid")

    steps: list[Step]
    not_carried_out: list[NotCarriedOut]


def wishes_schema() -> dict[str, Any]:
    """The form as services take it: every member named as required, variants by `anyOf`; `meaning` is ours to write."""
    schema: dict[str, Any] = _strict(Wishes.model_json_schema())
    return schema


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {"anyOf" if name == "oneOf" else name: _strict(member) for name, member in schema.items()
             if name not in ("default", "discriminator")}  # fmt: skip
    if isinstance(plain.get("properties"), dict):
        plain["properties"].pop("meaning", None)
        plain["required"] = list(plain["properties"])
    return plain


# Held against the document


def held(wishes: Wishes, data: Data, instructions: str) -> tuple[list[Step], list[NotCarriedOut]]:
    """The steps on parts that the document has, and all that is not carried out; no word of the instructions is lost."""
    fitting = _Fitting(data, clipped(instructions, _LONGEST_WORDS))
    for step in wishes.steps[:_MOST_STEPS]:
        if _is_told(step.words, instructions):
            fitting.take(step)
        else:  # what a document asks for is no wish of the user's
            fitting.refuse(step.words, _NOT_ASKED_FOR)
    for step in wishes.steps[_MOST_STEPS:]:
        fitting.refuse(step.words, _TOO_MANY)
    for entry in wishes.not_carried_out:
        fitting.refuse(entry.words, entry.reason)
    told = [*(step.words for step in wishes.steps), *(entry.words for entry in wishes.not_carried_out)]
    for words in _unheard(instructions, told):
        fitting.refuse(words, NOTHING_MADE)
    return fitting.steps, fitting.refused


class _Fitting:
    """Takes the steps one by one; what names nothing is listed and not dropped."""

    def __init__(self, data: Data, instructions: str) -> None:
        self.steps: list[Step] = []
        self.refused: list[NotCarriedOut] = []
        self._data = data
        self._instructions = instructions

    def refuse(self, words: str, reason: str) -> None:
        """Lists these words of the user's; without any, all of them are meant."""
        entry = NotCarriedOut(words=_brief(words) or self._instructions, reason=_brief(reason) or NOTHING_MADE)
        if entry not in self.refused:
            self.refused.append(entry)

    def take(self, step: Step) -> None:
        step = step.model_copy(update={"words": _brief(step.words), "meaning": ""})
        if isinstance(step, (Sorting, Grouping)):
            step = self._ordering(step)
        reason = _says_nothing(step)
        if isinstance(step, (Visibility, Highlight, Renaming)) and not reason:
            self._take_targets(step)
        elif reason:
            self.refuse(step.words, reason)
        else:
            self.steps.append(step)

    def _take_targets(self, step: Visibility | Highlight | Renaming) -> None:
        meant = [self._meant(target) for target in step.targets]
        there = [target for target in meant if is_there(target, self._data)]
        missing = [clipped(target.name) for target in meant if target not in there]
        if missing:
            self.refuse(step.words, lacking(*missing))
        if isinstance(step, Highlight) and step.condition and there:
            table = there[0].table or there[0].name
            column = self._meant(Target(kind="column", table=table, name=step.condition.column))
            if not _chooses_lines(there, column, self._data):
                return self.refuse(step.words, _NOT_LINES)
            step = step.model_copy(update={"condition": step.condition.model_copy(update={"column": column.name})})
        if there:
            self.steps.append(step.model_copy(update={"targets": there}))
        return None

    def _ordering(self, step: Sorting | Grouping) -> Sorting | Grouping:
        """The step with the names that the document has, as far as they are recognised."""
        table = self._meant(Target(kind="table", name=step.table)).name

        def meant(name: str) -> str:
            return self._meant(Target(kind="column", table=table, name=name)).name

        if isinstance(step, Grouping):
            return step.model_copy(update={"table": table, "column": meant(step.column)})
        return step.model_copy(update={"table": table, "columns": [meant(name) for name in step.columns]})

    def _meant(self, target: Target) -> Target:
        """The part that is called so, by its name or label: of the same kind, else the only one of any kind."""
        if is_there(target, self._data):
            return target
        sections = [Target(kind="section", name=section.value) for section in Section]
        name = _folded(target.name)
        found = [part for part in (*every_part(self._data), *sections) if name in _names_of(part)]
        alike = [part for part in found if part.kind == target.kind and part.table == (target.table or part.table)]
        chosen = alike or found
        return chosen[0] if len(chosen) == 1 else target


def _brief(words: str) -> str:
    return clipped(words, _LONGEST_WORDS)


def _says_nothing(step: Step) -> str:
    """Why the step cannot be carried out whatever the document holds; empty if it can."""
    if isinstance(step, (Visibility, Highlight, Renaming)) and not step.targets:
        return _NAMES_NOTHING
    if isinstance(step, Highlight) and step.colour is None and not step.bold:
        return _SAYS_NOTHING
    if isinstance(step, Renaming) and not 0 < len(step.label.strip()) <= _LONGEST_LABEL:
        return _NO_LABEL
    if (isinstance(step, Sorting) and not step.columns) or (isinstance(step, (Sorting, Grouping)) and not step.table):
        return _NAMES_NOTHING
    if isinstance(step, Formatting) and not (step.numbers or step.dates or step.currency):
        return _SAYS_NOTHING
    if isinstance(step, Separators) and not (step.columns or step.decimals):
        return _SAYS_NOTHING
    if isinstance(step, Tone) and (len(step.tone) > _LONGEST_TONE or not (step.tone.strip() or step.language)):
        return _SAYS_NOTHING
    return ""


def _chooses_lines(targets: Iterable[Target], column: Target, data: Data) -> bool:
    tables = {target.table if target.kind == "column" else target.name for target in targets}
    return tables == {column.table} and is_there(column, data)


def _names_of(part: Target) -> set[str]:
    label = HEADINGS[Section(part.name)] if part.kind == "section" else label_of(part.name)
    return {_folded(part.name), _folded(label)}


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


# Held against the user's words


_PARTS = re.compile(r"[;\n•]+|[.!?,]+(?=\s|$)|\s(?:and|und|et|then|but)\s", re.IGNORECASE)
_SAYING_NOTHING = frozenset({
    "the", "and", "all", "for", "our", "its", "you", "can", "der", "die", "das", "den", "les", "des", "please", "thank", "thanks",
    "kindly", "could", "would", "like", "with", "want", "also", "hello", "bitte", "danke", "merci",
})  # fmt: skip
_SHORTEST = 3  # characters of a word that says something


def _unheard(instructions: str, told: Iterable[str]) -> Iterator[str]:
    """The parts of the instructions that the model told in no step and in no refusal."""
    all_told = " ".join(told)
    for part in _PARTS.split(instructions):
        if _words_of(part) and not _is_told(part, all_told):
            yield part.strip()


def _is_told(words: str, where: str) -> bool:
    """Whether the words stand there as they are, or at least half of those that say something do."""
    folded, saying = _folded(where), _words_of(words)
    if _folded(words) and _folded(words) in folded:
        return True
    return bool(saying) and 2 * sum(word in folded for word in saying) >= len(saying)


def _words_of(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {word for word in words if len(word) >= _SHORTEST and word not in _SAYING_NOTHING}
