"""What a model is told of a document, as JSON: for a summary its values, for a plan the names of its parts alone."""

import json
from collections.abc import Iterator
from typing import Any

from kraftd_core.adapters.agents.openai.computed import computed, currency_of, difference, shown_of, tables_of
from kraftd_core.adapters.agents.openai.excerpt import excerpt_of, first, is_long
from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.model import Finding
from kraftd_core.document.checks.words import figures_said, unchecked_said
from kraftd_core.document.jsontypes import ROW_ID, Data, is_table
from kraftd_core.document.nouns import Change, Move
from kraftd_core.document.value_kinds import judged
from kraftd_core.document.wording import clipped, label_of, money
from kraftd_core.errors import ChangesDoNotFit
from kraftd_core.ports.thinking import Case
from kraftd_core.records.sureness import is_doubtful
from kraftd_core.thinking.confidence import has_doubtful_type
from kraftd_core.thinking.languages import LANGUAGES
from kraftd_core.thinking.payment import Payment, payment_of

_MOST_TOLD, _MOST_OF_LONG, _MOST_PARTS = 20, 10, 200


def document_of(case: Case) -> tuple[dict[str, Any], list[str]]:
    """All that is told of a case, as JSON, and what is left out; the owner and row ids are not among it."""
    excerpt = excerpt_of(case.data)
    left_out = list(excerpt.left_out)
    most = _MOST_OF_LONG if any(is_table(rows) and is_long(rows) for rows in case.data.values()) else _MOST_TOLD
    document: dict[str, Any] = {
        "document_name": clipped(case.document_name),
        "document_type": case.document_type,
        "today": case.as_of.isoformat(),
        "language": LANGUAGES[wanted_language(case)],
        "data": excerpt.data,
        "shown": shown_of(case.data),
        "tables": tables_of(case.data),
        "computed": computed(case),
        "extraction_confidence": case.extraction_confidence,
        "doubtful_values": first(list(_doubtful(case)), most, "doubtful value", left_out),
        "checks": [_check_told(finding, currency_of(case.data))
                   for finding in first(_gravest_first(case), most, "problem", left_out)],
        "figures": _figures(case),
        "type_is_doubtful": has_doubtful_type(case),
    }  # fmt: skip
    if (payment := payment_of(case.data, case.document_type)) and not document["type_is_doubtful"]:
        document["to_be_paid"] = _payment_told(payment, currency_of(case.data))
    if case.preferences is not None:
        real = first(counted(case.changes), most, "change", left_out)
        document["changes"] = [_told(change, case.data) for change in real]
        if case.tone is not None:
            document["wanted_tone"] = {"tone": clipped(case.tone.tone, 200), "language": case.tone.language}
        document["most_important_fields"] = case.preferences.priority_fields[:_MOST_TOLD]
    elif case.often_corrected:
        document["often_corrected"] = list(case.often_corrected)
    return document | {"left_out": left_out}, left_out


def wanted_language(case: Case) -> str:
    """The code of the language that the prose is asked for in."""
    return (case.tone.language if case.tone else None) or "en"


def parts_of(data: Data, document_type: str) -> dict[str, Any]:
    """The names of the fields and columns, what people call them and what they hold: all that a plan is made of."""
    fields = {name: value for name, value in list(data.items())[:_MOST_PARTS] if not is_table(value)}
    tables = {name: value for name, value in data.items() if is_table(value)}
    return {
        "document_type": document_type,
        "fields": {name: _part(name, [value]) for name, value in fields.items()},
        "tables": {name: _columns(rows) for name, rows in tables.items()},
    }


def _columns(rows: list[dict[str, Any]]) -> dict[str, str]:
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name != ROW_ID]
    return {name: _part(name, [row.get(name) for row in rows]) for name in names[:_MOST_PARTS]}


def _part(name: str, values: list[Any]) -> str:
    return f"{clipped(label_of(name), 60)}: {judged(name, values).value}"


def _check_told(finding: Finding, currency: str) -> dict[str, str]:
    by = difference(finding, currency)
    return {"severity": finding.severity, "message": finding.message} | ({"differs_by": by} if by else {})


def _gravest_first(case: Case) -> list[Finding]:
    return sorted(case.findings, key=lambda finding: ("error", "warning", "note").index(finding.severity))


def _figures(case: Case) -> str:
    """How far the figures were compared, and what was not."""
    given = answers({"document_type": case.document_type} | case.data, case.as_of)
    said = (figures_said(given) or "Figures differ: `checks` says which.", unchecked_said(given))
    return " ".join(filter(None, said))


_WAYS = {
    "to_pay": "to be paid",
    "paid": "nothing is left to pay",
    "card": "charged to a card",
    "direct_debit": "collected by direct debit",
    "credit": "a credit: this much is given back",
    "unknown": "how much is not known",
}


def _payment_told(payment: Payment, currency: str) -> dict[str, Any]:
    """What is to be paid, by which all advice on paying is judged afterwards."""
    amount = None if payment.amount is None else money(payment.amount, currency)
    return {"how": _WAYS[payment.way], "amount": amount, "due": None if payment.due is None else payment.due.isoformat()}


def _doubtful(case: Case) -> Iterator[dict[str, Any]]:
    settled = {change.field for change in case.changes} | {look.field for look in case.looked_at}
    for cell, place in case.places.items():
        if is_doubtful(place.confidence) and cell not in settled and cell.rpartition(".")[0] not in settled:
            yield {"where": _where(cell, case.data), "confidence": place.confidence}


def _told(change: Change, data: Data) -> dict[str, Any]:
    told = {"where": _where(change.field, data), "change": change.change_type, "reason": clipped(change.user_reason or "")}
    if isinstance(change, Move):
        return told
    return told | {"from": _brief(change.original_value), "to": _brief(change.modified_value)}


def _brief(value: Any) -> Any:
    """A value, shortened where it is long."""
    if isinstance(value, dict):
        value = {name: member for name, member in value.items() if name != ROW_ID}
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _where(cell: str, data: Data) -> str:
    """The cell by field, row from 1 and column; row ids say nothing to a reader."""
    try:
        path = parse_path(cell)
    except ChangesDoNotFit:
        return clipped(cell)
    if path.row_id is None:
        return clipped(path.field)
    rows = data.get(path.field)
    ids = [row[ROW_ID] for row in rows] if is_table(rows) else []
    row = f"row {ids.index(path.row_id) + 1}" if path.row_id in ids else "a removed row"
    return clipped(", ".join(part for part in (path.field, row, path.column) if part))
