"""What a review did, in words: what was looked at, how suggestions were answered, what became of the checks."""

from collections import Counter
from collections.abc import Sequence

from kraftd_core.document.change_sentences import value_titles
from kraftd_core.document.changes import parse_path, path_of
from kraftd_core.document.nouns import Addition, Modification
from kraftd_core.document.wording import how_many, listed, shown_in
from kraftd_core.records.stages import RecordedFinding, Suggestion
from kraftd_core.review.attention import Attention

_HOW = {
    "confirmed": "confirmed one by one",
    "typed": "typed",
    "accepted_with_the_rest": "accepted together",
    "never": "never looked at",
}


def looked_at_told(attention: Attention) -> str:
    """How many values were confirmed one by one, typed, accepted with the rest, and never looked at; "" if there are none."""
    looked = {look.field: look.how for look in attention.looked_at}
    typed = {change.field for change in attention.changes if isinstance(change, (Addition, Modification))}
    tally: Counter[str] = Counter()
    for path in attention.values:
        row = _row_of(path)
        tally["typed" if {path, row} & typed else looked.get(path) or looked.get(row) or "never"] += 1
    if not tally:
        return ""
    if set(tally) == {"never"}:
        return f"None of {how_many(tally.total(), 'value')} was confirmed or changed."
    parts = [f"{tally[how]:,} {said}" for how, said in _HOW.items() if tally[how]]
    return f"Of {how_many(tally.total(), 'value')}: {listed(parts)}."


def _row_of(path: str) -> str:
    """The row of a cell; the path itself of anything else."""
    field, row_id, _ = parse_path(path)
    return path_of(field, row_id)


def suggestions_told(attention: Attention) -> list[str]:
    """Each suggestion with what the reviewer made of it."""
    answered = attention.suggestions
    titles = value_titles([suggestion.field for suggestion in answered], attention.data)
    return [_told(title, suggestion) for title, suggestion in zip(titles, answered, strict=True)]


def _told(title: str, suggestion: Suggestion) -> str:
    answer = "taken" if suggestion.is_accepted else "not taken"
    path = parse_path(suggestion.field)
    value = shown_in(path.column or path.field, suggestion.suggested_value)
    rests_on = how_many(len(suggestion.rests_on), "earlier document")
    path = parse_path(suggestion.field)
    value = shown_in(path.column or path.field, suggestion.suggested_value)
    return f"{title}: {value} was suggested after {rests_on}, and {answer}."


def checks_told(before: Sequence[RecordedFinding], after: Sequence[RecordedFinding]) -> list[str]:
    """What a review did to the checks: "Checks: before 2, after 1", then each that it mended or broke; no review mends a note."""
    before, after = ([f for f in findings if f.severity != "note" and f.check != "overdue"] for findings in (before, after))
    old, new = {(f.check, *f.cells): f for f in before}, {(f.check, *f.cells): f for f in after}
    mended = [f"Mended: {finding.message}" for key, finding in old.items() if key not in new]
    broken = [f"Broken: {finding.message}" for key, finding in new.items() if key not in old]
    return [f"Checks: before {len(before)}, after {len(after)}", *mended, *broken]
