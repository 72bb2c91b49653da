"""Whether a document asks to be paid elsewhere than its supplier's earlier ones did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kraftd_core.document.bank_details import BANK_LABELS, BankDetail, BankKind, bank_details, code_of
from kraftd_core.document.checks.model import Finding
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.wording import clipped, how_many, listed
from kraftd_core.records.lessons import Lesson
from kraftd_core.records.suppliers import Bond, payees, supplier_of

BANK_CHANGED = "bank_changed"
_LONGEST = 40  # characters
_MOST_NAMED = 3


def changed_bank_details(lessons: Sequence[Lesson], original: Data, data: Data) -> list[Finding]:
    """A warning for each bank detail that none of the supplier's reviewed documents has; `lessons` are of other documents."""
    details = bank_details(data)
    if not details:
        return []
    of_supplier = payees(supplier_of(original, data), [lesson.supplier for lesson in lessons])
    joined = [(lesson, bond) for lesson, bond in zip(lessons, of_supplier, strict=True) if bond]
    return list(_changes(details, joined)) if joined else []


def _changes(details: Iterable[BankDetail], joined: Sequence[tuple[Lesson, Bond]]) -> Iterator[Finding]:
    told: set[tuple[BankKind, str]] = set()
    for detail in details:
        known = _known(detail.kind, joined)
        if known and detail.code not in known and (detail.kind, detail.code) not in told:
            told.add((detail.kind, detail.code))
            is_sure = any(bond == "known" and detail.kind in lesson.bank for lesson, bond in joined)
            yield _finding(detail, known, is_sure=is_sure)


def _known(kind: BankKind, joined: Sequence[tuple[Lesson, Bond]]) -> dict[str, tuple[str, set[str]]]:
    """The details of this kind by their code: as they were written, and the documents that have them."""
    known: dict[str, tuple[str, set[str]]] = {}
    for lesson, _ in joined:
        for written in lesson.bank.get(kind, ()):
            if code := code_of(kind, written):
                known.setdefault(code, (written, set()))[1].add(lesson.document_id)
    return known


def _finding(detail: BankDetail, known: Mapping[str, tuple[str, set[str]]], *, is_sure: bool) -> Finding:
    often = sorted(known.values(), key=lambda told: -len(told[1]))
    were = [f"{clipped(written, _LONGEST)} in {how_many(len(documents), 'document')}" for written, documents in often]
    whose = "This supplier's" if is_sure else "Under this supplier's name, the"
    here = clipped(detail.written, _LONGEST)
    message = f"{whose} {BANK_LABELS[detail.kind]} was {listed(were, _MOST_NAMED)}; here it is {here}."
    return Finding(BANK_CHANGED, "warning", message, (detail.path,), clipped(often[0][0], _LONGEST), here)
