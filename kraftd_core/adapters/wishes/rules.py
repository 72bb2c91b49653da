"""The instructions that the rule-based engine understands: a small stated grammar that turns plain words into plan steps."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import kraftd_core.adapters.wishes.grammar as grammar
from kraftd_core.adapters.wishes.clauses import STARTERS, bare_of, clauses_of
from kraftd_core.adapters.wishes.refusals import (
    NO_LANGUAGE,
    NO_LINES_APART,
    NO_PROSE,
    NOT_UNDERSTOOD,
    NOTHING_RECKONED,
    OTHER_SEPARATORS,
    lacking,
    why_not,
)
from kraftd_core.adapters.wishes.words import Finder
from kraftd_core.ports.thinking import Case
from kraftd_core.records import plan as planned

_LONGEST_CLAUSE = 400
_LONGEST_LABEL = 80

Answer: TypeAlias = tuple[list[planned.Step], list[str]]
"""Steps, and reasons for what of the clause is not carried out."""


def plan_of(case: Case, template: planned.DocumentTemplate, export_format: planned.ExportFormat) -> planned.PresentationPlan:
    """The steps that the instructions of the case ask for; every clause gives a step or is listed."""
    instructions = case.preferences.transformation_instructions if case.preferences else ""
    reader = _Reader(Finder(case.data, case.document_type), is_csv=export_format is planned.ExportFormat.CSV)
    steps: list[planned.Step] = []
    refused: list[planned.NotCarriedOut] = []
    for clause in clauses_of(instructions, reader.is_wish):
        done, reasons = reader.read(clause)
        steps += [step.model_copy(update={"words": clause}) for step in done]
        refused += [planned.NotCarriedOut(words=clause, reason=reason) for reason in reasons]
    return planned.PresentationPlan(
        template=template,
        export_format=export_format,
        instructions=instructions,
        read_by="rules",
        steps=steps,
        not_carried_out=refused,
    )


class _Reader:
    """Reads clauses against one document."""

    def __init__(self, finder: Finder, is_csv: bool) -> None:
        self.finder = finder
        self.is_csv = is_csv
        self.rules: tuple[Callable[[str], Answer | None], ...] = (
            self._language, self._separators, self._formats, self._rename, self._sort, self._group, self._first, self._only,
            self._hide, self._highlight, self._show,
        )  # fmt: skip

    def is_wish(self, part: str) -> bool:
        """Whether the part of a sentence is a wish of its own."""
        bare = bare_of(part)
        if len(bare) > _LONGEST_CLAUSE or self.finder.find(bare):  # "order numbers" in a list of fields begins like a wish
            return False
        return bool(STARTERS.match(bare) or self._answered(bare)[0])

    def read(self, clause: str) -> Answer:
        """The steps of a clause, and what cannot be done of it."""
        bare = bare_of(clause)
        if len(bare) > _LONGEST_CLAUSE:
            return [], ["This is too long to be read as one wish. Part it with full stops."]
        steps, reasons = self._answered(bare)
        return steps, reasons if steps else [why_not(bare) or next(iter(reasons), NOT_UNDERSTOOD)]

    def _answered(self, bare: str) -> Answer:
        return next((answer for rule in self.rules if (answer := rule(bare)) is not None), ([], []))

    # what a phrase names

    def _targets(self, phrase: str) -> tuple[list[planned.Target], list[str]]:
        """The parts that a phrase or a list of phrases names, and what this document does not have."""
        found = self.finder.find(phrase)
        if found:
            return found, []
        targets: list[planned.Target] = []
        missing = []
        for item in filter(None, map(str.strip, re.split(r",|\b(?:and|und|et|then|plus|as well as)\b|&|\+|/", phrase))):
            named = self.finder.find(item)
            targets += named
            missing += [] if named else [lacking(item)]
        return list(dict.fromkeys(targets)), missing or ([] if targets else [lacking(phrase)])

    def _visibility(self, kind: str, phrase: str) -> Answer:
        targets, missing = self._targets(phrase)
        if missing and grammar.COMPARED.fullmatch(phrase):
            return [], [NO_LINES_APART]
        return ([planned.Visibility.model_validate({"kind": kind, "targets": targets})] if targets else []), missing

    # the rules: None where a clause is none of theirs

    def _hide(self, clause: str) -> Answer | None:
        match = _first_match(grammar.HIDE, clause)
        if match is None or grammar.RECKONING.search(clause):
            return None
        return self._visibility("hide", match["what"])

    def _only(self, clause: str) -> Answer | None:
        match = grammar.ONLY.fullmatch(clause) or grammar.ONLY_BEHIND.fullmatch(clause)
        return self._visibility("only", match["what"]) if match else None

    def _first(self, clause: str) -> Answer | None:
        match = _first_match(grammar.FIRST, clause)
        if match is None:
            return None
        by_size = grammar.SIZE_FIRST.fullmatch(clause)
        if by_size:
            return self._by_size(by_size)
        behind = match.groupdict().get("next") or ""
        return self._visibility("first", f"{match['what']}, {behind}" if behind else match["what"])

    def _by_size(self, match: re.Match[str]) -> Answer:
        """ "Largest lines first" is about the amounts of a table, "largest quantities first" about a column."""
        column = self.finder.columns(match["what"]) or self.finder.columns("amount")
        falling = bool(grammar.FALLING.search(match[0]))
        steps = [planned.Sorting(table=target.table, columns=[target.name], descending=falling) for target in column]
        return list(steps), [] if steps else [lacking(match["what"])]

    def _show(self, clause: str) -> Answer | None:
        match = grammar.SHOW.fullmatch(clause)
        return self._visibility("show", match["what"]) if match else None

    def _sort(self, clause: str) -> Answer | None:
        match = grammar.SORT.fullmatch(clause)
        if match is None:
            return None
        wanted = grammar.ASIDE.sub("", grammar.FALLING.sub("", grammar.RISING.sub("", match["by"]))).strip(" ,()-")
        tables = self.finder.tables(match["table"] or "")
        if match["table"] and not tables:
            return [], [lacking(match["table"])]
        names = [self.finder.columns(item) for item in _items(self.finder.columns, wanted)]
        falling = bool(grammar.FALLING.search(match["by"]))
        steps = []
        for table in tables:
            columns = [next((target.name for target in found if target.table == table), None) for found in names]
            if columns and None not in columns:
                steps.append(planned.Sorting(table=table, columns=[name for name in columns if name], descending=falling))
        return list(steps), [] if steps else [lacking(wanted)]

    def _group(self, clause: str) -> Answer | None:
        match = grammar.GROUP.fullmatch(clause)
        if match is None:
            return None
        tables = self.finder.tables(match["table"] or "")
        columns = [target for target in self.finder.columns(match["by"]) if target.table in tables]
        firsts = {target.table: target for target in reversed(columns)}
        steps: list[planned.Step] = [planned.Grouping(table=table, column=target.name) for table, target in firsts.items()]
        return steps, ([] if steps else [lacking(match["by"])]) + ([NOTHING_RECKONED] if match["sums"] else [])

    def _rename(self, clause: str) -> Answer | None:
        pairs = [grammar.PAIR.fullmatch(pair) for pair in re.split(r"\s*(?:,|\band\b)\s*", grammar.RENAMING.sub("", clause))]
        if len(pairs) > 1 and grammar.RENAMING.match(clause) and all(pair and self.finder.find(pair["what"]) for pair in pairs):
            answers = [self._renamed(pair["what"], pair["label"]) for pair in pairs if pair]
            return [step for steps, _ in answers for step in steps], [reason for _, reasons in answers for reason in reasons]
        match = grammar.RENAME.fullmatch(clause) or grammar.CALL.fullmatch(clause) or grammar.INSTEAD.fullmatch(clause)
        named, label = (match["what"], match["label"]) if match else self._called(clause)
        return self._renamed(named, label) if named else None

    def _renamed(self, named: str, label: str) -> Answer:
        targets, missing = self._targets(named)
        label = " ".join(label.strip(" \"'“”„«»").split())
        if not targets:
            return [], missing
        if not label or len(label) > _LONGEST_LABEL:
            return [], [f"A name needs 1 to {_LONGEST_LABEL} characters."]
        return [planned.Renaming(targets=targets, label=label)], missing

    def _called(self, clause: str) -> tuple[str, str]:
        """ "call the total Amount payable": the longest beginning that names something."""
        match = re.fullmatch(r"(?:call|nenne)\s+(?P<rest>.+)", clause, re.IGNORECASE)
        words = match["rest"].split() if match else []
        ends = range(min(len(words) - 1, 6), 0, -1)
        end = next((end for end in ends if self.finder.find(" ".join(words[:end]))), 0)
        return " ".join(words[:end]), " ".join(words[end:])

    def _language(self, clause: str) -> Answer | None:
        match = grammar.LANGUAGE.fullmatch(clause)
        if match is None:
            return None
        language = grammar.LANGUAGES.get((match["language"] or match["alone"]).lower())
        if language is None:
            return [], [NO_LANGUAGE]
        return [planned.Language.model_validate({"language": language})], [] if language == "en" else [NO_PROSE]

    def _separators(self, clause: str) -> Answer | None:
        """What parts the columns of a CSV file; who names a country's Excel wants its separator and its decimal mark."""
        if grammar.RENAME.fullmatch(clause) or any(pattern.search(clause) for pattern in grammar.NOT_OF_SEPARATORS):
            return None
        columns = next((name for name, pattern in grammar.SEPARATORS if pattern.search(clause)), None)
        decimals = "comma" if grammar.DECIMAL_COMMA.search(clause) else "point" if grammar.DECIMAL_POINT.search(clause) else None
        if grammar.COMMA_COUNTRY.search(clause):
            columns, decimals = columns or "semicolon", decimals or "comma"
        elif grammar.POINT_COUNTRY.search(clause):
            columns, decimals = columns or "comma", decimals or "point"
        if columns or (decimals and self.is_csv):
            return [planned.Separators.model_validate({"columns": columns, "decimals": decimals})], []
        return ([], [OTHER_SEPARATORS]) if grammar.OTHER_SEPARATORS.search(clause) else None

    def _formats(self, clause: str) -> Answer | None:
        if any(pattern.search(clause) for pattern in (grammar.RECKONING, grammar.HIGHLIGHT, grammar.COLOUR, grammar.BOLD)):
            return None
        for name, subject, forms in grammar.FORMATS:
            asked = subject.search(clause)
            form = next((value for value, pattern in forms if pattern.search(clause)), None) if asked else None
            if form:
                return [planned.Formatting.model_validate({name: form})], []
        return None

    def _highlight(self, clause: str) -> Answer | None:
        told = grammar.HIGHLIGHT.fullmatch(clause) or grammar.HIGHLIGHT_BEHIND.fullmatch(clause)
        rest, colour, bold = grammar.looks_in(told["what"] if told else grammar.SHOWN_AS.sub("", clause))
        if not (told or colour or bold):
            return None
        looks: dict[str, Any] = {"colour": colour or (None if bold else "yellow"), "bold": bold}
        where = grammar.WHERE.fullmatch(rest) or grammar.COMPARED.fullmatch(rest)
        if where:
            return self._highlight_rows(where, looks)
        targets, missing = self._targets(rest)
        return ([planned.Highlight(targets=targets, **looks)] if targets else []), missing

    def _highlight_rows(self, where: re.Match[str], looks: dict[str, Any]) -> Answer:
        """Rows or cells of tables by a condition; "lines over 500" is about their amounts."""
        named = where["column"]
        tables = self.finder.tables(where.groupdict().get("what") or named)
        columns = self.finder.columns(named) or (self.finder.columns("amount") if tables else [])
        if not columns:
            return [], [lacking(named)]
        within = {column.table for column in columns}
        targets = [planned.Target(kind="table", name=table) for table in tables if table in within]
        if not targets and where.groupdict().get("what"):
            targets = self.finder.columns(where["what"])
            if not targets:
                return [], [lacking(where["what"])]
        relation = next(name for name, pattern in grammar.RELATIONS if pattern.fullmatch(where["relation"].strip()))
        value = grammar.CURRENCY.sub("", where["value"].strip(" \"'“”„«»"))
        condition = planned.Condition.model_validate({"column": columns[0].name, "relation": relation, "value": value})
        return [planned.Highlight(targets=targets or columns, condition=condition, **looks)], []


def _first_match(patterns: Iterable[re.Pattern[str]], clause: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(clause))), None)


def _items(find: Callable[[str], list[planned.Target]], phrase: str) -> list[str]:
    if find(phrase):
        return [phrase]
    items = map(str.strip, re.split(r",|\b(?:and|und|et|then)\b|&", phrase))
    return [re.sub(r"^(?:by|nach|par)\s+", "", item) for item in items if item]
