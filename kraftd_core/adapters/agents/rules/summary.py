"""The summary by rules: every sentence follows from the data."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kraftd_core.adapters.agents.rules.advice import action_items, recommendations, risk_factors
from kraftd_core.adapters.agents.rules.asking import asks_for
from kraftd_core.adapters.agents.rules.facts import key_findings
from kraftd_core.adapters.agents.rules.view import View, as_sentence, unsure
from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.model import is_blank
from kraftd_core.document.checks.words import nothing_wrong_said
from kraftd_core.document.kinds import is_self_billed
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.document.wording import clipped, how_many, listed
from kraftd_core.records.stages import Look
from kraftd_core.thinking.confidence import confidence


def sections(view: View) -> dict[str, Any]:
    """The five sections, and how sure the reading is."""
    return {
        "executive_summary": " ".join(executive_summary(view)),
        "key_findings": key_findings(view),
        "recommendations": recommendations(view),
        "risk_factors": list(risk_factors(view)),
        "action_items": list(action_items(view)),
        "confidence_score": confidence(view.case),
    }


# What the document is


def executive_summary(view: View) -> Iterator[str]:
    """What the document is, what it asks for and by when, how it stands, and after a review what was changed."""
    if all(is_blank(value) for name, value in view.data.items() if name != "document_type"):
        yield f"{clipped(view.case.document_name) or 'The document'} holds no values."
    else:
        yield from _type_doubted(view)
        yield from _what_it_is(view)
        yield from asks_for(view)
        yield _state(view)
    if view.reviewed:
        yield what_was_changed(view.case.changes, "The reviewer", view.case.looked_at)
        yield from _confirmed(view)
    elif counted(view.case.changes):
        yield what_was_changed(view.case.changes, "A service, without a review,")


def _type_doubted(view: View) -> Iterator[str]:
    """Where the type is doubtful this comes first, and nothing is concluded from it."""
    if view.kind.name == "other":
        yield "The type of this document was not recognised."
    elif view.type_is_doubtful:
        yield f"Whether this is {_with_article(_label(view))} is doubtful, so nothing is concluded from it."


def _what_it_is(view: View) -> Iterator[str]:
    if view.type_is_doubtful:
        if view.table:
            yield f"It holds {how_many(len(view.table), 'line')}."
        return
    said = view.text if view.type_is_known else view.sure_text
    label, known, dated, between = _label(view), said(view.kind.number), said(view.kind.date), _between(view, said)
    if known or dated or between or view.type_is_known:
        subject = f"{label} {known}" if known else _with_article(label)
        yield as_sentence(f"This is {subject}{between}{f', dated {dated}' if dated else ''}")
    if not view.type_is_known and view.table:
        yield f"It holds {how_many(len(view.table), 'line')}."


def _label(view: View) -> str:
    """What such a document is called: "credit note", "self-billed invoice"."""
    said = view.data.get("invoice_type")
    if view.kind.name == "invoice" and isinstance(said, str) and said.lower().endswith(("invoice", "credit note")):
        return clipped(said, 40)[0].lower() + clipped(said, 40)[1:]
    if view.gives_back:
        return "credit note"
    if view.kind.name == "invoice" and is_self_billed(view.data):
        return "self-billed invoice"
    return view.kind.label[0].lower() + view.kind.label[1:]


def _with_article(label: str) -> str:
    return f"{'an' if label[0] in 'aeio' else 'a'} {label}"


def _between(view: View, said: Callable[[str], str | None]) -> str:
    """From whom to whom: requests and orders come from the customer."""
    vendor, customer = said("vendor_name"), said("customer_name")
    if view.kind.name in ("invoice", "quotation", "receipt"):
        return (f" from {vendor}" if vendor else "") + (f" to {customer}" if customer else "")
    if view.kind.name in ("purchase_order", "rfq"):
        return (f" from {customer}" if customer else "") + (f" to {vendor}" if vendor else "")
    if view.kind.name == "contract" and vendor and customer:
        return f" between {vendor} and {customer}"
    parties = ((vendor, "supplier"), (customer, "customer"))
    named = [f"{name} as the {part}" for name, part in parties if name]
    return f" with {' and '.join(named)}" if named else ""


def _state(view: View) -> str:
    doubtful = len(view.doubtful)
    found = [how_many(len(findings), noun) for findings, noun in ((view.errors, "error"), (view.warnings, "warning")) if findings]
    checks = f"The checks found {' and '.join(found)}" if found else nothing_wrong_said(view.answers).rstrip(".")
    if not found and not view.type_is_known:
        checks += "; what it must hold was not checked"
    return f"{checks}, and {unsure(doubtful)}." if doubtful else f"{checks}."


# What the reviewer changed


def what_was_changed(changes: Sequence[Change], who: str, looked_at: Sequence[Look] = ()) -> str:
    """The changes in figures, and what was found right as it stood."""
    real = counted(changes)
    rows = [change for change in real if _is_row(change)]
    cells = [change for change in real if not _is_row(change)]
    did = [
        f"{verb} {how_many(count, noun)}"
        for verb, kind, group, noun in (
            ("changed", Modification, cells, "value"), ("added", Addition, cells, "value"), ("removed", Deletion, cells, "value"),
            ("added", Addition, rows, "row"), ("removed", Deletion, rows, "row"), ("moved", Move, rows, "row"),
        )
        if (count := sum(isinstance(change, kind) for change in group))
    ]
    did = did or ["changed no value"]
    if confirmed := sum(look.how == "confirmed" for look in looked_at):
        did.append(f"confirmed {how_many(confirmed, 'value')}")
    if any(look.how == "accepted_with_the_rest" for look in looked_at):
        did.append("accepted the rest")
    return f"{who} {listed(did)}."


def _is_row(change: Change) -> bool:
    path = parse_path(change.field)
    return path.row_id is not None and path.column is None


def _confirmed(view: View) -> Iterator[str]:
    """What was read with doubt and is doubtful no more, and who said so."""
    if view.confirmed:
        who = f" by {view.case.reviewed_by}" if view.case.reviewed_by else " by the reviewer"
        yield as_sentence(f"Read with doubt and confirmed{who}: {listed(view.confirmed)}")
