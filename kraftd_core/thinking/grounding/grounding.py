"""Holds every statement against the document: what it rests on, what it contradicts, and which of its words rest on nothing.

Looked up are numbers, shares, counts, days, lines, codes, currencies and names, in the data, the document's name and type,
the findings and the changes. Sums, products, differences, averages, shares and days between two days are followed, too.
"""

from collections.abc import Iterable, Iterator, Sequence

from kraftd_core.document.changes import Path, counted, parse_path
from kraftd_core.document.nouns import Change, Move
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import Contradiction, Grounding, StatementGrounding, Summary
from kraftd_core.thinking.grounding.claims import claims_in
from kraftd_core.thinking.grounding.contradictions import contradictions_in
from kraftd_core.thinking.grounding.evidence import Evidence
from kraftd_core.thinking.grounding.kinds_said import called_otherwise
from kraftd_core.thinking.grounding.lookup import Lookup
from kraftd_core.thinking.grounding.record import Record
from kraftd_core.thinking.grounding.reviews_said import reviewed_otherwise
from kraftd_core.thinking.languages import OTHER, language_of, language_of_all

ANSWER = "answer"
"""The section that the lines of an answer stand in."""

SECTIONS = ("executive_summary", "key_findings", "recommendations", "risk_factors", "action_items")


def ground(summary: Summary, case: Case, added: Sequence[int] = ()) -> Grounding:
    """What each statement of the five sections rests on and contradicts, and the share of those that hold in full.

    The share leaves out the statements that claim nothing ("Approve the payment."), and the risks that were `added` by rule,
    by their places; None where no statement claims anything.
    """
    return _grounding(_statements(summary), case, [("risk_factors", n) for n in added])


def ground_text(text: str, case: Case) -> Grounding:
    """The same for the lines of an answer."""
    return _grounding(((ANSWER, n, line) for n, line in enumerate(text.splitlines())), case)


def _statements(summary: Summary) -> Iterator[tuple[str, int, str]]:
    for section in SECTIONS:
        said = getattr(summary, section)
        yield from ((section, n, text) for n, text in enumerate([said] if isinstance(said, str) else said))


def _grounding(texts: Iterable[tuple[str, int, str]], case: Case, added: Sequence[tuple[str, int]] = ()) -> Grounding:
    texts = list(texts)
    evidence = Evidence(case)
    record = Record(evidence)
    language = language_of_all(text[:MOST_OF_A_STATEMENT] for section, n, text in texts if (section, n) not in added)
    statements, contradictions = [], []
    left = MOST_CHARACTERS
    for section, n, text in texts:
        statement, told = _grounded(section, n, text, evidence, record, language, min(left, MOST_OF_A_STATEMENT))
        left -= min(left, len(text))
        statements.append(statement)
        if told:
            contradictions.append(Contradiction(section=section, index=n, told=told))
    against = {(entry.section, entry.index) for entry in contradictions}
    own = [s for s in statements if (s.section, s.index) not in added]
    claiming = [s for s in own if s.fields or s.not_found or (s.section, s.index) in against]
    held = sum(not s.not_found and (s.section, s.index) not in against for s in claiming)
    return Grounding(
        share=round(held / len(claiming), 4) if claiming else None,
        statements=statements,
        contradictions=contradictions,
        language=language,
        not_checked=_NOT_JUDGED if language == OTHER else None,
        added_by_rule=[n for _, n in added],
    )


_NOT_JUDGED = (
    "The text is in a language in which neither names nor what it says of the checks are judged: only its figures, days and"
    " codes were looked up."
)


MOST_CHARACTERS, MOST_OF_A_STATEMENT = 8_000, 2_000
"""Of a text, and of one of its statements, that are looked up: several times what anybody reads."""


def _grounded(
    section: str, index: int, text: str, evidence: Evidence, record: Record, language: str, most: int
) -> tuple[StatementGrounding, list[str]]:
    text, rest = _begun(text, most)
    own = language_of(text, language)
    claims = claims_in(text, own)
    lookup = Lookup(evidence, text, claims, own)
    fields: dict[str, None] = {}
    not_found: dict[str, None] = {}
    against: dict[str, None] = {}
    for claim in claims:
        paths = lookup.paths_of(claim)
        if paths is not None:
            fields.update(dict.fromkeys(paths))
        elif otherwise := lookup.said_otherwise(claim):
            against[otherwise] = None
        else:
            not_found[" ".join(claim.text.split())] = None
    if rest:
        not_found[rest] = None
    statement = StatementGrounding(section=section, index=index, fields=list(fields), not_found=list(not_found))
    of_it = (*called_otherwise(text, record.case), *reviewed_otherwise(text, record))
    told = [*against, *of_it, *contradictions_in(text, claims, record, own)]
    return statement, list(dict.fromkeys(told))


def _begun(text: str, most: int) -> tuple[str, str]:
    """What is looked up of a statement, and the first words of what is not, which therefore rest on nothing."""
    if len(text) <= most:
        return text, ""
    end = text.rfind(" ", 0, most) + 1 or most
    return text[:end], " ".join(text[end : end + 40].split())


# Statements that were overtaken


def stale(grounding: Grounding | None, changes: Sequence[Change]) -> set[tuple[str, int]]:
    """The statements, by section and index, that rest on values which the changes changed."""
    if grounding is None:
        return set()
    changed = [(parse_path(change.field), isinstance(change, Move)) for change in counted(changes)]
    return {
        (statement.section, statement.index)
        for statement in grounding.statements
        if any(_is_touched(parse_path(field), path, is_move) for field in statement.fields for path, is_move in changed)
    }


def _is_touched(rests_on: Path, changed: Path, is_move: bool) -> bool:
    """Whether a change is one of what a statement rests on: a table is its rows, not their cells; a row is its place."""
    if rests_on.field != changed.field or changed.row_id is None:
        return rests_on.field == changed.field
    is_row = changed.column is None
    if rests_on.row_id is None:
        return is_row and not is_move
    if not rests_on.row_id:  # a column in all rows
        return changed.column == rests_on.column or (is_row and not is_move)
    if rests_on.row_id != changed.row_id:
        return False
    if rests_on.column is None:
        return is_row
    return changed.column == rests_on.column or (is_row and not is_move)
